"""Full text search in Czech with the same answers on SQLite (FTS5) and PostgreSQL (GIN).

A model keeps a ``SearchField`` filled with ``document(text)``, its migration runs ``CreateIndex``, and
``Model.objects.filter(search__match="seniorum")`` finds seniors in any case, with or without diacritics.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db.models import Lookup, TextField
from snowballstemmer import stemmer

from kpss.triggers import Statements, VendorOperation

MAX_WORDS = 16
MAX_WORD_LENGTH = 60

_STEMMER = stemmer("czech")
# Endings of words written without diacritics; two letters of the word must remain.
_ENDING_LIST = (
    "ami emi imi ymi atum ata ech ach ich ych eho emu iho imu ove ovi um am em im ym mi ou ej at ho"
    " e i y a u o"
)
_ENDINGS = sorted(_ENDING_LIST.split(), key=len, reverse=True)
_SOFTENED = {"z": "h", "c": "k", "s": "ch"}
_FLEETING = re.compile(r"(\w{3,}[^aeiouy])e([nk])")
_IRREGULAR = {"dit": "det", "ditet": "det", "clovek": "lid"}
_SMALL_WORDS = (
    "a aby ale ani az bez co do i ja je jak jako jsem jsou k kde kdo kdy ke ktera ktere ktery ma mam"
    " me mi mne moje muj na nad nam nas nebo o od po pod pro pred pri s se si sve svuj ta tak te ten"
    " to u v ve z za ze"
)
_FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, each cut to ``MAX_WORD_LENGTH`` letters."""
    composed = unicodedata.normalize("NFC", text).lower()
    return [word[:MAX_WORD_LENGTH] for word in _WORD.findall(composed)]


def plain(word: str) -> str:
    """Return ``word`` without diacritics in a–z and 0–9; other letters become codes of such signs."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(
        sign if sign.isascii() else f"x{ord(sign):x}" for sign in decomposed if sign.isalnum()
    )


@lru_cache(maxsize=50_000)
def keys(word: str) -> frozenset[str]:
    """Return the forms under which ``word`` is both stored and sought."""
    bare = plain(word)
    ending = next((e for e in _ENDINGS if bare.endswith(e) and len(bare) - len(e) > 2), "")
    root = bare.removesuffix(ending)
    stem = _STEMMER.stemWord(word)
    # dům – domu, stůl – stolu: the vowel changes where the diacritics say so
    forms = {plain(stem), plain(stem.replace("ů", "o")), root}
    if ending == "ich" and root[-1] in _SOFTENED:  # o dluzích – dluh
        forms.add(root[:-1] + _SOFTENED[root[-1]])
    if match := _FLEETING.fullmatch(bare):  # poraden – poradna
        forms.add(match[1] + match[2])
    if root in _IRREGULAR:
        forms.add(_IRREGULAR[root])
    return frozenset(forms - {""})


def document(text: str) -> str:
    """Return what a ``SearchField`` keeps for ``text``: its words' keys and plain forms, once each."""
    return " ".join(
        sorted({key for word in words(text) for key in keys(word) | {plain(word)}} - {""})
    )


def query(text: str) -> list[tuple[frozenset[str], str]]:
    """Return what a search asks for: for each word its keys and, for the last word, its beginning.

    Small words are left out when others remain, and no more than ``MAX_WORDS`` are asked for.
    Any text will do; one without a word gives an empty list.
    """
    found = [word for word in words(text) if plain(word)][:MAX_WORDS]
    telling = [word for word in found if plain(word) not in _FUNCTION_WORDS] or found
    last = len(telling) - 1
    return [(keys(word), plain(word) if i == last else "") for i, word in enumerate(telling)]


def vocabulary(texts: Iterable[str]) -> set[str]:
    """Return the words of the texts that are worth suggesting."""
    return {word for text in texts for word in words(text) if len(word) > 3}


def suggest(text: str, vocabulary: Iterable[str]) -> str:
    """Return ``text`` with words unknown to ``vocabulary`` replaced by the nearest ones.

    Empty when there is nothing better to offer. Takes milliseconds a word: ask only on zero hits.
    """
    by_plain = {plain(word): word for word in sorted(vocabulary)}
    known = {key for word in by_plain.values() for key in keys(word)}
    asked = words(text)[:MAX_WORDS]
    offered = []
    for word in asked:
        bare = plain(word)
        if keys(word) & known or bare in by_plain or len(bare) < 4:
            offered.append(word)
            continue
        nearest = difflib.get_close_matches(bare, by_plain, n=1, cutoff=0.7)
        offered.append(by_plain[nearest[0]] if nearest else word)
    return " ".join(offered) if offered != asked else ""


class SearchField(TextField):
    """Text made by ``document``, with the lookup ``match``; one to a table, indexed by ``CreateIndex``."""

    def __init__(self, *args, **kwargs):
        kwargs = {"blank": True, "default": "", "editable": False, **kwargs}
        super().__init__(*args, **kwargs)


@SearchField.register_lookup
class Match(Lookup):
    """All words of the text, in any of their forms; the last one may be only begun.

    No text is an error; a text without a word matches nothing.
    """

    lookup_name = "match"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        quote = compiler.quote_name_unless_alias
        meta = self.lhs.target.model._meta
        index = quote(_fts_name(meta.db_table))
        sought = self._expression('"{}"', '"{}"*', " OR ", " AND ")
        return (
            f"{quote(self.lhs.alias)}.{quote(meta.pk.column)} IN"
            f" (SELECT rowid FROM {index} WHERE {index} MATCH %s)",
            [sought],
        )

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        sought = self._expression("'{}'", "'{}':*", " | ", " & ")
        return (
            f"to_tsvector('simple'::regconfig, {column}) @@ to_tsquery('simple'::regconfig, %s)",
            [*params, sought],
        )

    def _expression(self, whole: str, beginning: str, either: str, both: str) -> str:
        asked = query(str(self.rhs or ""))
        if not asked:
            raise EmptyResultSet
        groups = []
        for forms, prefix in asked:
            terms = [whole.format(form) for form in sorted(forms)]
            if prefix:
                terms.append(beginning.format(prefix))
            groups.append(f"({either.join(terms)})")
        return both.join(groups)


def _fts_name(table: str) -> str:
    return f"{table}_fts"


class CreateIndex(VendorOperation):
    """Migration operation: index the ``SearchField`` called ``field`` of the model; reversible.

    On SQLite an FTS5 table with triggers that keep it in step. SQLite loses triggers when Django
    remakes a table (most changes of columns do): repeat the operation in such a migration.
    """

    def __init__(self, model_name: str, field: str):
        self.model_name = model_name
        self.field = field

    def describe(self):
        return f"Index {self.field} of {self.model_name} for searching"

    def statements(self, app_label, apps):
        model = apps.get_model(app_label, self.model_name)
        table, pk = model._meta.db_table, model._meta.pk.column
        column = model._meta.get_field(self.field).column
        fts = _fts_name(table)
        forget = (
            f"INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', old.{pk}, old.{column})"
        )
        learn = f"INSERT INTO {fts}(rowid, {column}) VALUES (new.{pk}, new.{column})"
        drop_on_sqlite = [
            f"DROP TRIGGER IF EXISTS {fts}_insert",
            f"DROP TRIGGER IF EXISTS {fts}_delete",
            f"DROP TRIGGER IF EXISTS {fts}_update",
            f"DROP TABLE IF EXISTS {fts}",
        ]
        create_on_sqlite = [
            f"CREATE VIRTUAL TABLE {fts} USING fts5({column}, content='{table}', content_rowid='{pk}',"
            " tokenize='ascii', detail='none')",
            f"INSERT INTO {fts}({fts}) VALUES ('rebuild')",
            f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {learn}; END",
            f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {forget}; END",
            f"CREATE TRIGGER {fts}_update AFTER UPDATE OF {column} ON {table}"
            f" WHEN old.{column} IS NOT new.{column} BEGIN {forget}; {learn}; END",
        ]
        drop_on_postgresql = [f"DROP INDEX IF EXISTS {fts}"]
        create_on_postgresql = [
            f"CREATE INDEX {fts} ON {table} USING gin (to_tsvector('simple'::regconfig, {column}))"
            " WITH (fastupdate = off)"
        ]
        return {
            "sqlite": Statements([*drop_on_sqlite, *create_on_sqlite], drop_on_sqlite),
            "postgresql": Statements(
                [*drop_on_postgresql, *create_on_postgresql], drop_on_postgresql
            ),
        }
