"""Czech typography (ČSN 01 6910): where a line may not break, which quotes, dashes and dots are right."""

import re
from collections.abc import Callable

NBSP = "\u00a0"
EN_DASH = "–"

_UPPER = "A-ZÁÄČĎÉĚÍĽŇÓÖŘŠŤÚŮÜÝŽ"
_LOWER = "a-záäčďéěíľňóöřšťúůüýž"
_S = "[ \u00a0]"

# Pieces that keep their letters stand aside as one private character while the rules work.
_HOLD = "\ue000"
_ADDRESSES = (
    r"\ue000"
    r"|(?:https?|ftp|mailto|tel):[^\s<>„“]*[^\s<>„“.,;:!?)]"
    r"|\bwww\.[^\s<>„“]*[^\s<>„“.,;:!?)]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|`[^`\n]*`"
)
_MARKUP = (
    r"<(?P<raw>script|style|pre|code|textarea)\b.*?</(?P=raw)\s*>|<!--.*?-->|</?[a-zA-Z][^>]*>"
    r"|&(?!quot;|\#39;|\#x27;)(?:\#\d+|\#[xX][0-9a-fA-F]+|\w+);"
)
_IN_TEXT = re.compile(_ADDRESSES)
_IN_HTML = re.compile(f"{_MARKUP}|{_ADDRESSES}", re.DOTALL)
_BLOCK = re.compile(
    r"(</?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|fieldset|figcaption|figure|footer"
    r"|form|h[1-6]|header|hr|legend|li|main|nav|ol|option|p|section|summary|table|tbody|td|tfoot|th"
    r"|thead|tr|ul)\b[^>]*>)",
    re.IGNORECASE,
)
_LINE_IN_HTML = re.compile(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)")

_SYMBOLS = r"Kč|EUR|€|%|‰|°C|km²|m²|m³|km|cm|mm|m|ha|kg|g|t|l|ml|kWh|kW|ks|tis\.|mil\.|mld\.|hod\.?|h|min\.?|Sb\."
_COUNTED = (
    r"tisíce?|milion(?:y|ů|u)?|miliard[ay]?|hodin(?:a|y|u|ách)?|minut(?:a|y|u|ách)?|let(?:y|ech|ům)?|rok(?:y|ů|em)"
    r"|měsíc(?:e|ů|ích)?|týd(?:en|ny|nů|nech)|den|dn(?:í|y|ů|ech)|osob(?:a|y|ám|ách|ami)?|lid(?:í|é|em|mi)"
    r"|obyvatel(?:é|ům)?|klient(?:i|y|ů|ům)?|uživatel(?:é|ů|ům)?|člen(?:ové|y|ů|ům)?|dět(?:i|í|em)|senior(?:i|y|ů)"
    r"|rodin(?:a|y|ám)?|obc(?:e|í|ích)|služ(?:eb|by|bách)|lůž(?:ek|ka)|míst(?:a|o|ech)?|úvaz(?:ek|ku|ky|ků)"
    r"|korun(?:a|y|u)?|bod(?:y|ů|u)?|stran(?:a|y|ách)?|hlas(?:y|ů|ům)?|opatření|cíl(?:e|ů)|úkol(?:y|ů)"
    r"|kontakt(?:y|ů)|intervenc(?:e|í)"
)
_ABBREVIATIONS = r"č|čl|čj|čp|r|str|s|odst|písm|obr|tab|kap|příl|sv|roč|ev|ust|tel|mob|zák|vyhl|max|min|resp|vč|cca|ods"
_TITLES = (
    r"Mgr|Bc|Ing|MUDr|MDDr|MVDr|JUDr|PhDr|RNDr|PaedDr|PharmDr|ThDr|ThLic|ThMgr|MgA|BcA|Dr|[Dd]oc|[Pp]rof"
    r"|[Pp]|[Ss]v|[Aa]rch"
)
_TITLES_AFTER = r"Ph\.\s?D\.|CSc\.|DrSc\.|DiS\.|Th\.\s?D\.|MBA|MPA|MHA|LL\.\s?M\.|MSc\."
_DAYS = r"Po|Út|St|Čt|Pá|So|Ne|po|út|st|čt|pá|so|ne"


def _range(match: re.Match[str]) -> str:
    """Join two numbers by an en dash when the second continues the first, else leave them."""
    first, last = (float(number.replace(",", ".").replace(":", ".")) for number in match.groups())
    school_year = 1900 <= first < 2100 and first % 100 < last < 100
    return f"{match[1]}{EN_DASH}{match[2]}" if first < last or school_year else match[0]


_Replacement = str | Callable[[re.Match[str]], str]
_TIME = r"\d{1,4}(?:[,.:]\d{1,2})?"
_RULES: list[tuple[re.Pattern[str], _Replacement]] = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<!\.)\.{3}(?!\.)", "…"),
        # apostrophes and quotes
        (rf"(?<=[{_UPPER}{_LOWER}])'(?=[{_UPPER}{_LOWER}])", "’"),
        (r"(?<![\w'])'(?=\S)([^'\n]+)(?<=\S)'(?!\w)", r"‚\1‘"),
        (r"“([^„“”\n]+)”", r"„\1“"),
        (r'„([^„“"\n]+)"(?!\w)', r"„\1“"),
        (r'(?<![\w"])"(?=[^\s"])((?:(?!\n\s*\n)[^"])*)(?<!\s)"(?!\w)', r"„\1“"),
        # 12.11.2020, 12. 11., 12.–14. 11.
        (
            rf"(?<![\d.])([0-2]?\d|3[01])\.{_S}?(0?[1-9]|1[0-2])\.{_S}?((?:19|20)\d\d)(?!\d|\.\d)",
            rf"\1.{NBSP}\2.{NBSP}\3",
        ),
        (r"(?<![\d.])(\d{1,2})\.-(?=\d{1,2}\.)", rf"\1.{EN_DASH}"),
        (r"(?<![\d.])(\d{1,2})\. (?=(?:0?[1-9]|1[0-2])\.(?!\d))", rf"\1.{NBSP}"),
        # ordinals: 1. etapa, II. pilíř
        (rf"(?<!\d\.[ \u00a0])(?<![\d.,])(\d{{1,3}})\. (?=[{_LOWER}]{{2}})", rf"\1.{NBSP}"),
        (rf"(?<![\w.])([IVXLC]+)\. (?=[{_LOWER}]{{2}})", rf"\1.{NBSP}"),
        # 1 291 040 Kč, 667 01 Židlochovice, 1 : 10 000
        (r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d])", lambda match: match[0].replace(" ", NBSP)),
        (rf"(?<!\d)(\d{{3}}) (?=\d{{2}} +[{_UPPER}])", rf"\1{NBSP}"),
        (r"(?<=\d) : (?=\d)", f"{NBSP}:{NBSP}"),
        (r"(?<!\w)(\d{1,4})[xX](?= )", r"\1×"),
        (r"(?<=\d) [x×] (?=\d)", f"{NBSP}×{NBSP}"),
        (r"(?<=\d),-(?![\w-])", f",{EN_DASH}"),
        (rf"(?<=[\d{EN_DASH}×]) (?=(?:{_SYMBOLS})(?!\w))", NBSP),
        (rf"(?<=\d)(?<!\b19\d\d)(?<!\b20\d\d) (?=(?:{_COUNTED})(?!\w))", NBSP),
        (r"(?<!\w)(tis|mil|mld)\. (?=\w)", rf"\1.{NBSP}"),
        # § 3 odst. 2 písm. a), č. 5, str. 77, č. j., sp. zn., s. r. o.
        (r"(?<=§) (?=\d)", NBSP),
        (rf"(?<!\w)({_ABBREVIATIONS})\. (?=[\d+]|[IVXL]+\b)", rf"\1.{NBSP}"),
        (r"(?<!\w)písm\. (?=\w\))", f"písm.{NBSP}"),
        (rf"(?<!\w)(č\.{_S}?j|sp\.{_S}?zn|č\.{_S}?p|r\.{_S}?č|ev\.{_S}?č)\. (?=\w)", rf"\1.{NBSP}"),
        (r"(?<!\w)(sp|ev|př|spol)\.? (?=zn\.|č\.|n\.|s )", lambda match: match[0].rstrip() + NBSP),
        (rf"(?<!\w)([{_LOWER}])\. (?=[{_LOWER}]\.)", rf"\1.{NBSP}"),
        # Mgr. Novák, T. G. Masaryk, Novák, Ph.D.
        (rf"(?<!\w)({_TITLES})\. (?=[{_UPPER}]|et )", rf"\1.{NBSP}"),
        (rf"(?<=\.[ \u00a0])et (?=(?:{_TITLES})\.)", f"et{NBSP}"),
        (rf"(?<!\w)([{_UPPER}]|Ch)\. (?=[{_UPPER}])", rf"\1.{NBSP}"),
        (rf", (?=(?:{_TITLES_AFTER})(?!\w))", f",{NBSP}"),
        # ranges and dashes
        (rf"(?<![\w.,/:+\-{EN_DASH}])({_TIME})-({_TIME})(?![\w/\-{EN_DASH}]|[.,:]\d)", _range),
        (rf"(?<!\w)({_DAYS})-({_DAYS})(?!\w)", rf"\1{EN_DASH}\2"),
        (
            rf"(?<!\d\.[ \u00a0])\b((?:19|20)\d\d){_S}[-{EN_DASH}] ((?:19|20)\d\d)\b(?!\.)",
            rf"\1{EN_DASH}\2",
        ),
        (rf"(?<=\S){_S}(?:--?|{EN_DASH}) (?=\S)", f"{NBSP}{EN_DASH} "),
        # k s v z o u a i; capitals only where a sentence or a phrase begins, or among capitals
        (r"(?<![\w.\-'’&/@])([kszvouai]) (?=[^\s)–])", rf"\1{NBSP}"),
        (
            rf"(?:(?<=^)|(?<=\n)|(?<=[.!?:;…“‘*>][ \u00a0])|(?<=[(\[„‚«{EN_DASH}{_HOLD}*])"
            rf"|(?<={EN_DASH} )|(?<={_HOLD} ))([KSZVOUAI]) (?=[^\s)–])",
            rf"\1{NBSP}",
        ),
        (
            rf"(?<=[{_UPPER}][ \u00a0])([KSZVOUAI]) (?=[{_UPPER}](?:[{_UPPER}]|[ \u00a0][{_UPPER}]{{2}}))",
            rf"\1{NBSP}",
        ),
    )
]


def typo(text: str) -> str:
    """Return plain ``text`` with Czech hard spaces, quotes, dashes and dots; twice is as once.

    Web and mail addresses and code in back quotes are left alone. The text is not HTML.
    """
    return _apart(str(text), _IN_TEXT, _improve)


def typo_html(markup: str) -> str:
    """Return HTML with its texts improved as by ``typo``; tags, entities and code stay as they are.

    Quotes are paired within one block (paragraph, cell, list item).
    """
    return "".join(
        part if index % 2 else _apart(part, _IN_HTML, _improve_in_html)
        for index, part in enumerate(_BLOCK.split(str(markup)))
    )


def _apart(text: str, protected: re.Pattern[str], improve: Callable[[str], str]) -> str:
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return _HOLD

    improved = improve(protected.sub(hold, text))
    pieces = iter(held)
    return re.sub(_HOLD, lambda _match: next(pieces), improved)


def _improve(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _improve_in_html(text: str) -> str:
    plain = re.sub(r"&(?:#39|#x27);", "'", text.replace("&quot;", '"'))
    improved = _improve(_LINE_IN_HTML.sub(" ", plain))
    # What stayed straight is escaped again: the result may stand in an attribute.
    return improved.replace('"', "&quot;").replace("'", "&#x27;")
