"""The approval of versions, read for the printed clause, the page of a plan and lists of plans."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from committees.bodies.models import Resolution
from committees.bodies.wording import attendance_sentence, vote_sentence
from kpss.templatetags.czech import cz_date
from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion

from . import wording
from .enums import StepState
from .models import ApprovalStep, ApprovalStepEvent


@dataclass(frozen=True)
class ClauseLine:
    """One resolution by which a version was passed, as the clause prints it."""

    body: str
    done: str
    sentence: str
    date: datetime.date
    number: str
    vote: str


@dataclass(frozen=True)
class ChainStep:
    """One step of the way through the bodies, as ``components/approval_chain.html`` shows it."""

    state: str
    body: str
    body_url: str
    verb: str
    date: datetime.date | None = None
    number: str = ""
    vote: str = ""
    note: str = ""


def clause(version: PlanVersion) -> list[ClauseLine]:
    """The steps that carried the version, in order, with their resolutions; one query.

    The step being recorded right now counts: its resolution is why the PDF is made.
    """
    carried = [StepState.PASSED, StepState.PASSING]
    return [
        ClauseLine(
            body=step.committee.name,
            done=wording.done(step.verb, step.committee.kind),
            sentence=wording.sentence(
                step.verb, step.committee.kind, step.committee.name, resolution
            ),
            date=resolution.adopted_on,
            number=resolution.number,
            vote=_vote(resolution),
        )
        for step in _last_round(version.steps.select_related("committee", "resolution"))
        if step.state in carried and (resolution := step.resolution)
    ]


def chain(version: PlanVersion, *, link: bool = True) -> list[ChainStep]:
    """The steps of the version's last round for its page, two queries; the next one is current.

    ``link`` leads to the pages of committees shown to the public.
    """
    steps = _last_round(
        version.steps.select_related("committee", "resolution").prefetch_related(
            Prefetch(
                "events",
                ApprovalStepEvent.objects.filter(to_state=StepState.RETURNED),
                to_attr="returns",
            )
        )
    )
    shown = []
    is_next = version.state in {VersionState.IN_APPROVAL, VersionState.SEALING}
    for step in steps:
        committee, resolution = step.committee, step.resolution
        url = committee.get_absolute_url() if link and committee.is_public else ""
        if step.state == StepState.PASSED and resolution:
            shown.append(
                ChainStep(
                    state="passed",
                    body=committee.name,
                    body_url=url,
                    verb=wording.done(step.verb, committee.kind),
                    date=resolution.adopted_on,
                    number=resolution.number,
                    vote=_vote(resolution),
                )
            )
        elif step.state == StepState.RETURNED:
            shown.append(
                ChainStep(
                    state="returned",
                    body=committee.name,
                    body_url=url,
                    verb=wording.returned(committee.kind),
                    date=resolution.adopted_on if resolution else None,
                    number=resolution.number if resolution else "",
                    note=" ".join(event.note for event in step.returns),  # type: ignore[attr-defined]
                )
            )
        elif step.state == StepState.CANCELLED:
            shown.append(ChainStep("skipped", committee.name, url, _("was not reached")))
        else:
            state = "current" if is_next else "waiting"
            is_next = False
            shown.append(ChainStep(state, committee.name, url, wording.to_do(step.verb)))
    return shown


def state_sentences(versions: Iterable[PlanVersion]) -> dict[int, str]:
    """For each version (its key) a sentence saying where it stands; one query for all of them."""
    versions = list(versions)
    steps: dict[int, list[ApprovalStep]] = defaultdict(list)
    for step in (
        ApprovalStep.objects.filter(version__in=versions)
        .select_related("committee", "resolution")
        .order_by("round", "order")
    ):
        steps[step.version_id].append(step)
    return {version.pk: _sentence(version, _last_round(steps[version.pk])) for version in versions}


def _vote(resolution: Resolution) -> str:
    return f"{vote_sentence(resolution)}. {attendance_sentence(resolution)}."


def _last_round(steps: Iterable[ApprovalStep]) -> list[ApprovalStep]:
    ordered = sorted(steps, key=lambda step: (step.round, step.order))
    return [step for step in ordered if step.round == ordered[-1].round]


def _sentence(version: PlanVersion, steps: Sequence[ApprovalStep]) -> str:
    passed = [step for step in steps if step.state == StepState.PASSED]
    waiting = [step for step in steps if step.state == StepState.WAITING]
    sent_back = [step for step in steps if step.state == StepState.RETURNED]
    if version.state == VersionState.APPROVED:
        if passed and (resolution := passed[-1].resolution):
            last = passed[-1]
            return wording.sentence(last.verb, last.committee.kind, last.committee.name, resolution)
        return _("Approved on %(date)s.") % {"date": cz_date(version.approved_on)}
    if version.state == VersionState.IN_APPROVAL and waiting:
        return _("It is being approved; next in turn: %(body)s.") % {"body": waiting[0].committee}
    if version.state in {VersionState.IN_APPROVAL, VersionState.SEALING}:
        return _("All bodies have agreed; the PDF is being made.")
    if version.state == VersionState.DISCARDED:
        return pgettext("plan version", "Discarded.")
    if sent_back:
        return _("Working version, returned for rework: %(body)s.") % {
            "body": sent_back[0].committee
        }
    return _("Working version; it may still change.")
