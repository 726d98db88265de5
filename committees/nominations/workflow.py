"""How an interest is answered and how a nomination ends. The tables; services walk them."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import CommitteeKind, Role
from committees.bodies.models import Committee, Resolution, Seat, seat_taken_message
from kpss import clock
from kpss.czech import date as czech_date
from kpss.workflow import Transition, Workflow

from .enums import APPOINTING_VERBS, InterestState, NominationState
from .models import InterestEvent, Nomination, NominationEvent

INTEREST_WORKFLOW = Workflow(
    event_model=InterestEvent,
    event_field="interest",
    transitions={
        "nominate": Transition(
            label=_("Nominate"),
            sources=frozenset({InterestState.NEW, InterestState.THANKED}),
            target=InterestState.NOMINATED,
            permission="nominations.settle_interest",
        ),
        "thank": Transition(
            label=_("Thank and keep"),
            sources=frozenset({InterestState.NEW}),
            target=InterestState.THANKED,
            permission="nominations.settle_interest",
        ),
        "decline": Transition(
            label=pgettext_lazy("interest", "Decline"),
            sources=frozenset({InterestState.NEW}),
            target=InterestState.DECLINED,
            permission="nominations.settle_interest",
        ),
        "erase": Transition(
            label=_("Erase"),
            sources=frozenset(set(InterestState) - {InterestState.ERASED}),
            target=InterestState.ERASED,
            internal=True,
        ),
    },
)


def seat_of(nomination: Nomination, begins: datetime.date) -> Seat:
    """The seat that the nomination would make, not saved."""
    return Seat(
        pk=nomination.seat_id,
        committee=nomination.committee,
        person=nomination.person,
        role=nomination.role,
        side=nomination.side,
        organisation=nomination.organisation,
        function=nomination.function,
        valid_from=begins,
        substitute_for=nomination.substitute_for,
    )


def begins_on(nomination: Nomination, resolution: Resolution | None = None) -> datetime.date:
    """The first day of the seat: as nominated, else the day of the resolution, else today."""
    if nomination.valid_from:
        return nomination.valid_from
    return resolution.adopted_on if resolution else clock.today()


def why_cannot_sit(nomination: Nomination) -> Iterator[str]:
    """Sentences saying why the person cannot take the seat, whichever resolution appoints."""
    begins = begins_on(nomination, nomination.resolution)
    committee = nomination.committee
    if nomination.person.erased_at:
        yield _t("This person's data have been erased.")
        return
    if not committee.exists_on(begins):
        yield _t("The committee does not exist on %(date)s, when the seat should begin.") % {
            "date": czech_date(begins)
        }
    seat = seat_of(nomination, begins)
    if taken := Seat.objects.overlapping(seat).first():
        yield seat_taken_message(taken)
    if nomination.role == Role.CHAIR:
        chairs = Seat.objects.on(begins).filter(committee=committee, role=Role.CHAIR)
        if other := chairs.exclude(pk=nomination.seat_id).select_related("person").first():
            yield _t("The committee has a chair already: %(name)s. End that seat first.") % {
                "name": other.person
            }
    yield from _why_cannot_substitute(nomination, begins)


def _why_cannot_substitute(nomination: Nomination, begins: datetime.date) -> Iterator[str]:
    if nomination.role != Role.SUBSTITUTE:
        return
    rules = nomination.committee.rules_on(begins)
    if rules and not rules.substitutes_allowed:
        yield _t("The rules of procedure of this committee do not allow substitutes.")
    represented = nomination.substitute_for
    if represented is None:
        return
    if represented.committee_id != nomination.committee_id:
        yield _t("The represented member sits on another committee.")
    elif represented.valid_to and represented.valid_to < begins:
        yield _t("The seat of the represented member ends on %(date)s.") % {
            "date": czech_date(represented.valid_to)
        }


NOMINATION_WORKFLOW = Workflow(
    event_model=NominationEvent,
    event_field="nomination",
    subject=lambda nomination: nomination.committee,
    transitions={
        "appoint": Transition(
            label=_("Appoint"),
            sources=frozenset({NominationState.PROPOSED}),
            target=NominationState.APPOINTED,
            permission="nominations.decide_nomination",
            guard=why_cannot_sit,
        ),
        "decline": Transition(
            label=pgettext_lazy("nomination", "Turn down"),
            sources=frozenset({NominationState.PROPOSED}),
            target=NominationState.DECLINED,
            permission="nominations.decide_nomination",
        ),
        "withdraw": Transition(
            label=pgettext_lazy("nomination", "Withdraw"),
            sources=frozenset({NominationState.PROPOSED}),
            target=NominationState.WITHDRAWN,
            permission="nominations.decide_nomination",
        ),
        "lapse": Transition(
            label=pgettext_lazy("nomination", "Lapse"),
            sources=frozenset({NominationState.PROPOSED}),
            target=NominationState.WITHDRAWN,
            internal=True,
        ),
    },
)


def appointing_committees(committee: Committee) -> list[int]:
    """Keys of the bodies whose resolution may appoint: itself, those above it, councils and assemblies."""
    found = {committee.pk}
    above = committee.parent
    while above is not None and above.pk not in found:
        found.add(above.pk)
        above = above.parent
    elected = [kind for kind in CommitteeKind if kind.is_elected]
    found.update(Committee.objects.filter(kind__in=elected).values_list("pk", flat=True))
    return sorted(found)


def why_not_by(nomination: Nomination, resolution: Resolution) -> Iterator[str]:
    """Sentences saying why ``resolution`` cannot appoint; none when it can."""
    if resolution.committee_id not in appointing_committees(nomination.committee):
        yield _t("%(other)s does not appoint members of %(committee)s.") % {
            "other": resolution.committee,
            "committee": nomination.committee,
        }
        return
    if not resolution.is_adopted:
        yield _t("The resolution was not adopted, so it appoints nobody.")
    if resolution.verb not in APPOINTING_VERBS:
        yield _t("The verb of the resolution (%(verb)s) appoints nobody.") % {
            "verb": resolution.get_verb_display()
        }
    begins = begins_on(nomination, resolution)
    if begins < resolution.adopted_on:
        yield _t(
            "The seat should begin on %(begins)s, but the resolution is only of %(adopted)s."
            " Correct the nomination."
        ) % {"begins": czech_date(begins), "adopted": czech_date(resolution.adopted_on)}
