"""Addresses of the public pages in the demonstration district, for tests that walk them all."""

from django.contrib.auth.models import AnonymousUser

from committees.bodies.demo import COMMISSION
from committees.bodies.models import Committee
from committees.meetings.models import Meeting
from committees.meetings.pages import place_of
from committees.minutes.models import Minutes
from committees.minutes.register import resolutions_for
from documents.library.models import Document
from documents.news.models import Article
from planning.plans.models import PlanVersion
from providers.directory.models import LifeSituation, Organisation, Service
from tests.committees.ballots.building import places_of_ballot
from tests.test_public_pages import PUBLIC, address

# Public addresses which answer with a file, a feed or a redirect and never with a page of their own.
PUBLIC_FILES = {
    "ballots:ballot_protocol",
    "bodies:resolution_paper",
    "following:calendar",
    "following:committee_calendar",
    "following:committee_feed",
    "following:feed",
    "library:document_file",
    "library:version_file",
    "news:article_feed",
    "meetings:meeting_calendar",
    "meetings:paper",
    "minutes:public_extract",
    "minutes:public_json",
    "minutes:public_pdf",
    "minutes:resolutions_csv",
    "minutes:resolutions_xlsx",
    "plans:current_version",
    "plans:version_pdf",
    "region_colours",
}


def public_pages(version: PlanVersion) -> list[str]:
    """Every public page once; the plan pages are those of ``version``, which must be approved."""
    places = {
        "plans": {"slug": version.plan.slug, "number": version.number},
        "differences": {"slug": version.plan.slug},
        "ballots": places_of_ballot(),
        "bodies": {"slug": Committee.objects.get(slug=COMMISSION).slug},
        "directory:service_detail": {"slug": Service.objects.first().slug},
        "directory:organisation_detail": {"slug": Organisation.objects.first().slug},
        "directory:situation_detail": {"slug": LifeSituation.objects.first().slug},
        "minutes": place_of(Minutes.objects.published().first().meeting),
        "minutes:resolution_detail": _place_of_resolution(),
        "meetings": place_of(Meeting.objects.visible_to(AnonymousUser()).first()),
        "library": {"slug": Document.objects.exclude(file=None).first().slug},
        "news": {"slug": Article.objects.first().slug},
    }
    return [address(name, places) for name in sorted(PUBLIC - PUBLIC_FILES)]


def _place_of_resolution() -> dict:
    resolution = resolutions_for(AnonymousUser()).first()
    return {"slug": resolution.committee.slug, "pk": resolution.pk}
