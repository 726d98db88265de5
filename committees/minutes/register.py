"""The register of resolutions: which of them the reader sees, and how they are found by their words."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from committees.bodies.models import Committee, Resolution
from kpss.passages import public_text
from kpss.search import document, query

from .models import ResolutionIndex

AT_ONCE = 200


def resolutions_for(user) -> QuerySet[Resolution]:
    """Adopted resolutions that the user may read, the newest first.

    Everybody reads those of public committees but those of internal items; members read all of
    their own committees, coordinators all.
    """
    return (
        Resolution.objects.visible_to(user)
        .filter(is_adopted=True)
        .select_related("committee", "file")
        .order_by("-adopted_on", "-pk")
    )


def found_by(resolutions: QuerySet[Resolution], text: str) -> QuerySet[Resolution]:
    """Those of ``resolutions`` that have all the words of ``text`` in any form, or its number.

    What has not been indexed yet is read here, so that nothing just adopted is missing.
    """
    by_words = ResolutionIndex.objects.filter(search__match=text).values("resolution")
    fresh = [pk for pk, words in _unindexed() if _matches(words, text)]
    return resolutions.filter(Q(pk__in=by_words) | Q(pk__in=fresh) | Q(number__iexact=text.strip()))


def committees_in(resolutions: QuerySet[Resolution]) -> list[Committee]:
    """Committees that adopted some of the resolutions, in order. One query."""
    return list(Committee.objects.filter(pk__in=resolutions.order_by().values("committee")))


def years_in(resolutions: QuerySet[Resolution]) -> list[int]:
    """Years in which some were adopted, the newest first. One query."""
    return [day.year for day in resolutions.order_by().dates("adopted_on", "year", order="DESC")]


def filtered(resolutions: QuerySet[Resolution], chosen: dict[str, str]) -> QuerySet[Resolution]:
    """The resolutions narrowed by what ``RegisterForm.chosen`` says."""
    columns = {
        "organ": "committee__slug",
        "rok": "adopted_on__year",
        "sloveso": "verb",
        "zpusob": "mode",
    }
    by = {columns[name]: value for name, value in chosen.items() if name in columns}
    found = resolutions.filter(**by)
    return found_by(found, chosen["q"]) if chosen.get("q") else found


def index(limit: int | None = None) -> int:
    """Index resolutions that are not indexed yet, or were corrected; return how many.

    Hidden passages are left out, so that nobody finds a resolution by what they may not read. Safe
    to run at once elsewhere.
    """
    rows = [ResolutionIndex(resolution_id=pk, search=words) for pk, words in _unindexed(limit)]
    ResolutionIndex.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(rows)


def _unindexed(limit: int | None = None) -> Iterable[tuple[int, str]]:
    known = ResolutionIndex.objects.values("resolution")
    fresh = Resolution.objects.exclude(pk__in=known).order_by("pk")
    return [
        (pk, document(f"{number} {public_text(text)}"))
        for pk, number, text in fresh.values_list("pk", "number", "text")[:limit]
    ]


def _matches(words: str, text: str) -> bool:
    """The same question as the lookup ``match`` asks, over the words of one resolution."""
    have = words.split()
    asked = query(text)
    return bool(asked) and all(
        not forms.isdisjoint(have)
        or bool(beginning and any(word.startswith(beginning) for word in have))
        for forms, beginning in asked
    )
