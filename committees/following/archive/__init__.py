"""A year of one committee as it is handed over to the filing office: one ZIP with a list of hashes."""

from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.bodies.models import Committee

from .contents import papers_of, years_of
from .gaps import gaps_of
from .packing import pack

__all__ = ["archive_of", "gaps_of", "years_of"]


def archive_of(committee: Committee, year: int) -> IO[bytes]:
    """Return the ZIP as a temporary file at its beginning; closing deletes it.

    Nobody's rights are asked here: it holds names, internal items and votes, for the office only. The
    same papers give the same bytes. Raise StoreMissing or StoreCorrupted when a paper is not whole.
    """
    with override(settings.LANGUAGE_CODE):
        heading = {
            "title": _t("%(committee)s: papers of the year %(year)s")
            % {"committee": committee, "year": year},
            "committee": committee.name,
            "kind": committee.get_kind_display(),
            "address": settings.SITE_URL + committee.get_absolute_url(),
            "year": year,
            "missing": gaps_of(committee).get(year, []),
        }
        return pack(papers_of(committee, year), heading)
