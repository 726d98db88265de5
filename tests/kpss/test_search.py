import itertools

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss import search
from kpss.search import CreateIndex, SearchField, document

TEXTS = {
    1: "Domov pro seniory Blučina",
    2: "Služby seniorům: pečovatelská služba",
    3: "Azylový dům pro matky s dětmi",
    4: "Dluhová poradna, exekuce a oddlužení",
    5: "Odlehčovací služba pro pečující osoby",
    6: "Допомога для людей похилого віку",
}


@pytest.fixture
def page(transactional_db):
    """A throwaway model with a search field, its table and its index."""
    state = ProjectState()
    create_model = migrations.CreateModel(
        "Page",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("text", SearchField()),
            ("other", models.TextField(default="")),
        ],
        options={"db_table": "search_page"},
    )
    create_index = CreateIndex("Page", "text")
    created, indexed = ProjectState(), ProjectState()
    create_model.state_forwards("trial", created)
    create_model.state_forwards("trial", indexed)
    with connection.schema_editor() as editor:
        create_model.database_forwards("trial", editor, state, created)
        create_index.database_forwards("trial", editor, created, indexed)
    yield indexed.apps.get_model("trial", "Page")
    with connection.schema_editor() as editor:
        create_index.database_backwards("trial", editor, indexed, created)
        create_model.database_backwards("trial", editor, created, state)
    assert not [name for name in connection.introspection.table_names() if "search_page" in name]


@pytest.fixture
def pages(page):
    for pk, text in TEXTS.items():
        page.objects.create(pk=pk, text=document(text))
    return page


def found(model, text):
    return set(model.objects.filter(text__match=text).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("senioři", {1, 2}),
        ("seniorů", {1, 2}),
        ("seniorum", {1, 2}),
        ("SENIORU", {1, 2}),
        ("senio", {1, 2}),
        ("pečovatelské služby", {2}),
        ("pecovatelske sluz", {2}),
        ("služba", {2, 5}),
        ("domy azylove", {3}),
        ("dum", {3}),
        ("služba pro pečující", {5}),
        ("kde je poradna", {4}),
        ("pro", {1, 3, 5}),
        ("dluhy", {4}),
        ("Допомога", {6}),
        ("допом", {6}),
        ("seniorum exekuce", set()),
        ("nic takového", set()),
    ],
)
def test_match_finds_the_same_in_any_form(pages, text, expected):
    assert found(pages, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "\0senior\0",
        '"',
        "'",
        '"senior',
        "senior* OR NEAR(a b)",
        "senior AND NOT",
        "^senior",
        "text:senior",
        "-senior",
        "(((((",
        "a & b | !c <-> d:*",
        "\\' || 1",
        "%s %(x)s {} {0}",
        "senior " * 5_000,
        "a" * 100_000,
        "ﬁ ½ ² ª ͅ ⅷ",
        "\ud800\ud7ff\u200b\ufeff\U0001f600",
        "' OR 1=1 --",
        "x" * 60 + "ž" * 60,
    ],
)
def test_match_takes_any_text(pages, text):
    assert found(pages, text) <= set(TEXTS)
    assert set(pages.objects.exclude(text__match=text).values_list("pk", flat=True)) == set(
        TEXTS
    ) - found(pages, text)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_what_is_stored_is_found_again_whatever_it_is(page, text):
    page.objects.filter(pk=1).delete()
    page.objects.create(pk=1, text=document(text))
    asked = [word for word in search.words(text) if search.plain(word)]

    assert found(page, text) == ({1} if asked else set())


def test_index_follows_updates_and_deletions(pages):
    pages.objects.filter(pk=1).update(text=document("Sociální rehabilitace"))
    pages.objects.filter(pk=2).update(other="nic")
    pages.objects.filter(pk=3).delete()

    assert found(pages, "senior") == {2}
    assert found(pages, "rehabilitaci") == {1}
    assert found(pages, "azylový") == set()


def test_index_takes_in_rows_that_were_there_before(page):
    page.objects.create(pk=9, text=document("Raná péče"))
    created = ProjectState()
    created.add_model(migrations.state.ModelState.from_model(page))
    with connection.schema_editor() as editor:
        CreateIndex("Page", "text").database_forwards("trial", editor, created, created)

    assert found(page, "rana pece") == {9}


def test_index_is_used(pages):
    plan = pages.objects.filter(text__match="senior").explain()

    if connection.vendor == "sqlite":
        assert "search_page_fts" in plan
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            plan = pages.objects.filter(text__match="senior").explain()
            cursor.execute("RESET enable_seqscan")
        assert "search_page_fts" in plan


VOCABULARY = search.vocabulary(TEXTS.values())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("senoiri", "seniory"),
        ("pecovatleska", "pečovatelská"),
        ("azilový dům", "azylový dům"),
        ("seniorum", ""),
        ("xyzxyz", ""),
        ("", ""),
        ("\0\"'", ""),
    ],
)
def test_suggest_offers_the_nearest_known_words(typed, offered):
    assert search.suggest(typed, VOCABULARY) == offered


def test_a_long_text_asks_for_a_few_words_only():
    assert len(search.query("slovo " * 1000)) == search.MAX_WORDS
    assert search.query("pomoc v nouzi") == [
        (search.keys("pomoc"), ""),
        (search.keys("nouzi"), "nouzi"),
    ]


# Bent forms of words that people of the field use; every pair of a line should meet.
FAMILIES = """
senior seniora senioři seniorů seniorům seniory seniorech
služba služby službě službu službou služeb službám službách
domov domova domovu domově domovem domovy domovů
poradna poradny poradně poradnu poradnou poraden poradnám poradnách
péče péči péčí
rodina rodiny rodině rodinu rodinou rodin rodinám rodinách
dítě dítěte dítěti dítětem děti dětí dětem dětech dětmi
pečovatelská pečovatelské pečovatelskou pečovatelských pečovatelským
odlehčovací odlehčovacího odlehčovacím odlehčovacích
dům domu domě domem domy domů domům domech
byt bytu bytě bytem byty bytů bytům bytech
dluh dluhu dluhy dluhů dluhům dluzích
exekuce exekuci exekucí exekucím exekucích
stacionář stacionáře stacionáři stacionářem stacionářů
postižení postižením postiženích
postižený postiženého postiženému postižených postiženým postižené
závislost závislosti závislostí závislostem závislostech
krize krizi krizí krizích
azylový azylového azylovém azylové azylových azylovým
asistence asistenci asistencí
matka matky matce matku matkou matek matkám matkách
násilí násilím
bydlení bydlením
osoba osoby osobě osobu osobou osob osobám osobách
chodítko chodítka chodítkem chodítek
půjčovna půjčovny půjčovně půjčovnu půjčoven
kompenzační kompenzačních kompenzačního
nemocnice nemocnici nemocnicí nemocnic
"""
STRANGERS = """
senior senát
služba sluha
domov doména
poradna porada
rodina rodný
byt bytost
dluh dlouhý
matka mák
osoba osud
azyl azalka
násilí síla
bydlení bydliště
stacionář stanice
hospic hospoda
pes pěšky
list lístek
hlas hlad
dítě dieta
člověk člen
"""


@pytest.mark.parametrize("typed", [str, search.plain], ids=["with diacritics", "without"])
def test_forms_of_a_word_meet(typed):
    pairs = met = 0
    for family in filter(None, FAMILIES.splitlines()):
        for asked, stored in itertools.permutations(family.split(), 2):
            pairs += 1
            met += bool(search.keys(typed(asked)) & (search.keys(stored) | {search.plain(stored)}))

    assert met / pairs > 0.96


@pytest.mark.parametrize("pair", STRANGERS.strip().splitlines())
def test_different_words_stay_apart(pair):
    asked, stored = pair.split()

    assert not search.keys(asked) & (search.keys(stored) | {search.plain(stored)})
