"""The workbook of people as a form: its one sheet, and the words for roles and sides in it."""

from enum import StrEnum

from committees.bodies.enums import Role, Side
from kpss.exchange.layout import Column, plain

GUIDE_SHEET = "Návod"
PEOPLE_SHEET = "Lidé"
LISTS_SHEET = "Číselníky"


class Kind(StrEnum):
    """What an item of the report is about; one row may say both."""

    PERSON = "person"
    SEAT = "seat"


PERSON_FIELDS = ("title_before", "first_name", "last_name", "title_after", "email", "phone")
SEAT_FIELDS = ("role", "side", "organisation", "function", "valid_from", "valid_to")

COLUMNS = (
    Column("title_before", "Titul před", 12, ("titul", "titul před jménem")),
    Column("first_name", "Jméno", 18, ("křestní jméno",)),
    Column("last_name", "Příjmení", 22),
    Column("title_after", "Titul za", 12, ("titul za jménem",)),
    Column("email", "E-mail", 32, ("email", "mail", "e-mailová adresa"), is_text=True),
    Column("phone", "Telefon", 18, ("tel", "mobil", "telefonní číslo"), is_text=True),
    Column("committee", "Orgán", 46, ("skupina", "komise", "výbor"), choices="committees"),
    Column("role", "Role", 18, ("role v orgánu",), choices="roles"),
    Column("side", "Strana", 24, ("strana triády",), choices="sides"),
    Column(
        "organisation",
        "Organizace",
        40,
        ("organisace", "zastupuje", "IČO"),
        is_text=True,
        choices="organisations",
        choices_bind=False,
    ),
    Column("function", "Funkce", 30, ("pracovní zařazení",)),
    Column("valid_from", "Od", 13, ("členství od", "člen od")),
    Column("valid_to", "Do", 13, ("členství do", "člen do")),
)
REQUIRED = ("first_name", "last_name")

# The first word of each is written; the others are understood too.
ROLES: dict[Role, tuple[str, ...]] = {
    Role.CHAIR: ("předseda/předsedkyně", "předseda", "předsedkyně"),
    Role.VICE_CHAIR: ("místopředseda/místopředsedkyně", "místopředseda", "místopředsedkyně"),
    Role.SECRETARY: ("tajemník/tajemnice", "tajemník", "tajemnice"),
    Role.MEMBER: ("člen/členka", "člen", "členka"),
    Role.SUBSTITUTE: ("náhradník/náhradnice", "náhradník", "náhradnice"),
    Role.GUEST: ("stálý host", "host"),
}
SIDES: dict[Side, tuple[str, ...]] = {
    Side.USER: ("uživatelé a pečující", "uživatelé", "uživatel", "uživatelka", "pečující"),
    Side.PROVIDER: ("poskytovatelé", "poskytovatel", "poskytovatelka"),
    Side.COMMISSIONER: ("zadavatelé", "zadavatel", "zadavatelka"),
    Side.PUBLIC: ("veřejnost a odborníci", "veřejnost", "odborníci"),
}
ROLE_OF_WORD = {plain(word): role for role, words in ROLES.items() for word in words}
SIDE_OF_WORD = {plain(word): side for side, words in SIDES.items() for word in words}

_KEYS = {
    plain(heading): column.key
    for column in COLUMNS
    for heading in (column.heading, *column.aliases)
}
_HEADINGS = {column.key: column.heading for column in COLUMNS}


def key_of(heading: str) -> str:
    """The key of the column with this heading; "" for none of ours."""
    return _KEYS.get(plain(heading), "")


def heading_of(key: str) -> str:
    """The heading of the column with this key, as it stands in the template."""
    return _HEADINGS[key]


def role_word(role: str) -> str:
    """The role as it is written into a cell."""
    return ROLES[Role(role)][0]


def side_word(side: str) -> str:
    """The side as it is written into a cell."""
    return SIDES[Side(side)][0]
