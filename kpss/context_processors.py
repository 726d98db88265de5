"""What every page knows: the region, the main sections, whether somebody is signed in.

Nothing here is read before a template asks for it, and a database that is down never breaks the page, because
error pages are drawn with the same header.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.db import Error as DatabaseFault
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kpss import colours
from kpss.territory.models import Region


@dataclass(frozen=True)
class Section:
    """One line of the main menu."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class CrisisLine:
    """A telephone line that answers people in need, free of charge and round the clock."""

    phone: str
    name: str


# Label, address and the namespaces that light the section up.
SECTIONS: tuple[tuple[Promise | str, str, set[str]], ...] = (
    (_("Find help"), "directory:service_list", {"directory"}),
    (_("Plans"), "plans:plan_list", {"plans", "approvals"}),
    (_("Who plans"), "bodies:committee_list", {"bodies", "meetings", "minutes"}),
    (_("Documents"), "library:document_list", {"library", "store"}),
    (_("News"), "news:article_list", {"news"}),
    (_("About planning"), "front:about", set()),
)

# Lines of the state and of large charities that have held their numbers for many years: they stand
# on every page, also when the database does not answer.
CRISIS_LINES = (
    ("112", _("emergency: fire, injury, danger")),
    ("155", _("ambulance")),
    ("158", _("police")),
    ("116 111", _("Safety Line: children and young people")),
    ("116 123", _("psychological first aid: adults")),
    ("116 006", _("victims of crime and domestic violence")),
)

_last_seen: dict[str, Region | None] = {"region": None}


def portal(request: HttpRequest) -> dict:
    """The names that the base templates use."""
    return {
        "region": SimpleLazyObject(lambda: region_of(request)),
        "is_demo": SimpleLazyObject(lambda: bool(getattr(region_of(request), "is_demo", False))),
        "own_colour": SimpleLazyObject(lambda: own_colour(request)),
        "is_signed_in": SimpleLazyObject(lambda: is_signed_in(request)),
        "sections": SimpleLazyObject(lambda: sections(request)),
        "crisis_lines": [CrisisLine(phone, str(name)) for phone, name in CRISIS_LINES],
    }


def region_of(request: HttpRequest) -> Region | None:
    """The region, read once a request.

    When the database does not answer, it is the region as this process saw it last, so that the
    error page still has the coordinator's telephone; None when it has not seen it yet.
    """
    kept = vars(request)
    if "portal_region" not in kept:
        with suppress(DatabaseFault):
            _last_seen["region"] = Region.load()
        kept["portal_region"] = _last_seen["region"]
    return kept["portal_region"]


def own_colour(request: HttpRequest) -> str:
    """The region's colour when it is not the portal's own; otherwise nothing."""
    colour = getattr(region_of(request), "colour", "") or ""
    return "" if colour.lower() == colours.DEFAULT else colour


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in; False when the database does not answer."""
    try:
        return bool(getattr(request, "user", None) and request.user.is_authenticated)
    except DatabaseFault:
        return False


def sections(request: HttpRequest) -> list[Section]:
    """The main menu, with the section of the present page marked."""
    match = request.resolver_match
    namespace = match.namespace if match else ""
    view_name = match.view_name if match else ""
    return [
        Section(str(label), reverse(name), namespace in namespaces or view_name == name)
        for label, name, namespaces in SECTIONS
    ]
