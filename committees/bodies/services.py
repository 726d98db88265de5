"""Writing down what committees decided. Whether a resolution was adopted is decided here, once."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from committees.people.models import Person
from documents.store import StoreError
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.czech import date as czech_date

from .deciding import chair_breaks_tie, has_quorum, is_carried, is_tie, majority_in_force
from .enums import Mode
from .models import Committee, Resolution, Rules

Fault = tuple[str, str]

VOTE_FIELDS = (
    "adopted_on",
    "mode",
    "votes_for",
    "votes_against",
    "abstained",
    "members_total",
    "members_present",
    "excluded",
    "chair_voted_for",
)


def record_resolution(
    *,
    committee: Committee,
    number: str,
    adopted_on: datetime.date,
    mode: str,
    verb: str,
    text: str,
    votes_for: int,
    votes_against: int,
    abstained: int,
    members_total: int,
    members_present: int,
    excluded: int = 0,
    chair_voted_for: bool | None = None,
    url: str = "",
    file: CheckedFile | None = None,
    actor: Person | None,
) -> Resolution:
    """Record a resolution of ``committee`` and decide by the rules of its day whether it was adopted.

    ``file`` is its paper as ``ResolutionForm`` gives it; it is put into the store. Raise
    ValidationError with sentences by field when the record cannot be true: a day to come, no rules
    of procedure that day, per rollam where the rules do not know it, more votes than members, a
    number already used, a tie that the chair decides when nobody says how.
    """
    resolution = Resolution(
        committee=committee,
        number=number.strip(),
        adopted_on=adopted_on,
        mode=mode,
        verb=verb,
        text=text.strip(),
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        members_total=members_total,
        members_present=members_present,
        excluded=excluded,
        chair_voted_for=chair_voted_for,
        url=url,
        recorded_by=actor,
    )
    with transaction.atomic():
        _write(resolution, file)
    return resolution


def lock_committee(pk: int) -> Committee:
    """Return the committee with its row held until the transaction ends, which must be open.

    Whoever numbers its resolutions waits here (``numbering.next_number``).
    """
    return Committee.objects.select_for_update().get(pk=pk)


def correct_resolution(
    resolution: Resolution, *, file: CheckedFile | None = None, **values: Any
) -> Resolution:
    """Put right a record on which nothing stands yet, and decide anew whether it was adopted.

    ``values`` are columns as for ``record_resolution``. Raise ValidationError as there, and when the
    resolution has been used meanwhile: then it never changes.
    """
    with transaction.atomic():
        current = Resolution.objects.select_for_update().get(pk=resolution.pk)
        if current.is_used:
            raise ValidationError(_t("This resolution has been used and never changes."))
        for name, value in values.items():
            setattr(current, name, value.strip() if isinstance(value, str) else value)
        _write(current, file)
    return current


def _write(resolution: Resolution, file: CheckedFile | None) -> None:
    found: dict[str, list[str]] = {}
    vote = {name: getattr(resolution, name) for name in VOTE_FIELDS}
    for field, sentence in faults(resolution.committee, **vote):
        found.setdefault(field, []).append(sentence)
    rules = resolution.committee.rules_on(resolution.adopted_on)
    if found or rules is None:
        raise ValidationError(found)
    # Held until the resolution is written: from then on the database keeps the rules as they are.
    rules = Rules.objects.select_for_update().get(pk=rules.pk)
    resolution.rules = rules
    resolution.is_adopted = is_adopted(resolution, rules)
    if file:
        try:
            resolution.file = file.put()
        except StoreError as error:
            raise ValidationError({"file": str(error)}) from error
    resolution.full_clean(exclude=["recorded_by"], validate_constraints=False)
    try:
        with transaction.atomic():
            resolution.save()
    except IntegrityError as error:
        if same_number(resolution).exists():
            raise ValidationError({"number": number_taken_message()}) from error
        raise


def same_number(resolution: Resolution) -> QuerySet[Resolution]:
    """Other resolutions of the committee with the same number and day."""
    return Resolution.objects.filter(
        committee=resolution.committee_id,
        number=resolution.number,
        adopted_on=resolution.adopted_on,
    ).exclude(pk=resolution.pk)


def number_taken_message() -> str:
    return _t("This committee already has a resolution of that number and date.")


def is_adopted(resolution: Resolution, rules: Rules) -> bool:
    """Whether the vote was carried under ``rules``: enough members, and enough of them for."""
    kind = resolution.committee.kind
    return has_quorum(
        rules.quorum,
        members_total=resolution.members_total,
        members_present=resolution.members_present,
    ) and is_carried(
        majority_in_force(rules.majority, kind=kind, mode=resolution.mode),
        votes_for=resolution.votes_for,
        members_total=resolution.members_total,
        members_present=resolution.members_present,
        excluded=resolution.excluded,
        chair_decides_tie=chair_breaks_tie(rules.chair_decides_tie, kind=kind),
        chair_voted_for=resolution.chair_voted_for,
    )


def faults(
    committee: Committee,
    *,
    adopted_on: datetime.date | None,
    mode: str | None,
    votes_for: int | None,
    votes_against: int | None,
    abstained: int | None,
    members_total: int | None,
    members_present: int | None,
    excluded: int | None = 0,
    chair_voted_for: bool | None = None,
) -> Iterator[Fault]:
    """What is wrong with a record, as pairs of field and sentence; values not known yet are None."""
    if (
        members_total is not None
        and members_present is not None
        and members_present > members_total
    ):
        yield "members_present", _t("More members cannot be present than there are in all.")
    if (
        votes_for is not None
        and votes_against is not None
        and abstained is not None
        and members_present is not None
    ):
        votes = votes_for + votes_against + abstained
        if votes > members_present:
            yield (
                "members_present",
                _t("There are %(votes)s votes in all, but only %(present)s members present.")
                % {"votes": votes, "present": members_present},
            )
        elif votes + (excluded or 0) > members_present:
            yield (
                "excluded",
                _t("Those who voted and those excluded are together more than those present."),
            )
    if adopted_on is None:
        return
    if adopted_on > clock.today():
        yield "adopted_on", _t("This day has not come yet.")
        return
    if not committee.exists_on(adopted_on):
        yield "adopted_on", _t("The committee did not exist on that day.")
        return
    rules = committee.rules_on(adopted_on)
    if rules is None:
        yield (
            "adopted_on",
            _t(
                "No rules of procedure of this committee were valid on %(date)s. Add them to the"
                " committee in the administration first."
            )
            % {"date": czech_date(adopted_on)},
        )
        return
    if mode == Mode.PER_ROLLAM and not rules.per_rollam_allowed:
        yield "mode", _t("The rules of procedure valid on that day do not allow per rollam.")
    if (
        mode is not None
        and chair_voted_for is None
        and votes_for is not None
        and members_total is not None
        and members_present is not None
        and chair_breaks_tie(rules.chair_decides_tie, kind=committee.kind)
        and is_tie(
            majority_in_force(rules.majority, kind=committee.kind, mode=mode),
            votes_for=votes_for,
            members_total=members_total,
            members_present=members_present,
            excluded=excluded or 0,
        )
    ):
        yield (
            "chair_voted_for",
            _t("The vote is a tie and the chair decides. Say how the chair voted."),
        )
