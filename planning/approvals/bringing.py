"""Bringing a step to its committee: a ballot per rollam, or an item of a meeting's agenda, with the plan as its paper."""

import datetime
import logging
import uuid
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django_tasks import task

from committees.ballots.enums import BallotState, Place
from committees.ballots.models import Ballot, BallotPaper
from committees.ballots.services import prepare_ballot
from committees.bodies.models import Resolution
from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, AgendaPaper, Meeting
from documents.engine import EngineError
from documents.store.files import StoreError
from documents.store.files import put as store_put
from kpss import clock
from kpss.czech import slug
from kpss.workflow import TransitionRefused
from planning.plans.content import content_of
from planning.plans.models import PlanVersion

from . import wording
from .document import pdf_of
from .enums import StepState, StepVerb
from .models import ApprovalStep, StepVote
from .workflow import why_not_now

logger = logging.getLogger(__name__)

VOTE_ENDS = datetime.time(18)


@dataclass(frozen=True)
class Brought:
    """Where a step was brought and what came of it, for the page of the approval."""

    vote: StepVote
    state: str
    sentence: str
    url: str
    resolution: Resolution | None = None


def usual_deadline(step: ApprovalStep) -> datetime.datetime | None:
    """The first evening that the rules of procedure allow; None where they do not know per rollam."""
    rules = step.committee.rules_on(clock.today())
    if rules is None or not rules.per_rollam_allowed:
        return None
    day = clock.today() + datetime.timedelta(days=rules.per_rollam_days)
    return timezone.make_aware(datetime.datetime.combine(day, VOTE_ENDS))


def meetings_to_choose(step: ApprovalStep) -> QuerySet[Meeting]:
    """Meetings of the step's committee that have not begun."""
    return Meeting.objects.filter(
        committee=step.committee_id,
        state__in=[MeetingState.PLANNED, MeetingState.INVITED],
        starts_at__gte=clock.now(),
    ).order_by("starts_at")


@transaction.atomic
def bring_per_rollam(
    step: ApprovalStep, *, deadline: datetime.datetime, actor, token: uuid.UUID
) -> StepVote:
    """Prepare a ballot per rollam on the plan; its coordinator opens it on the page of the ballot.

    The same ``token`` is the same ballot. Raise PermissionDenied, or TransitionRefused when it is
    not the step's turn.
    """
    _refuse_out_of_turn(step, actor)
    plan = step.version.plan
    ballot = prepare_ballot(
        step.committee,
        place=Place.PER_ROLLAM,
        title=plan.title[:200],
        text=wording.proposal(step.verb, step.committee.name, plan.title),
        verb=StepVerb(step.verb).usual_verb,
        background=plan.summary,
        deadline=deadline,
        actor=actor,
        token=token,
    )
    vote, is_new = StepVote.objects.get_or_create(ballot=ballot, defaults={"step": step})
    if is_new:
        transaction.on_commit(partial(attach_plan_task.enqueue, vote.pk))
    return vote


@transaction.atomic
def put_on_agenda(step: ApprovalStep, meeting: Meeting, *, actor) -> StepVote:
    """Add the plan with its proposed resolution to the end of the agenda; once for a meeting.

    Raise PermissionDenied, or TransitionRefused when it is not the step's turn or the meeting is
    not one of the committee's meetings to come.
    """
    _refuse_out_of_turn(step, actor)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meetings_to_choose(step).filter(pk=meeting.pk).exists():
        raise TransitionRefused(_t("Choose a meeting of this committee that has not begun."))
    standing = StepVote.objects.filter(step=step, item__meeting=meeting).first()
    if standing is not None:
        return standing
    plan = step.version.plan
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=last + 1,
        title=plan.title[:250],
        text=plan.summary,
        verb=StepVerb(step.verb).usual_verb,
        proposal=wording.proposal(step.verb, step.committee.name, plan.title),
    )
    vote = StepVote.objects.create(step=step, item=item)
    transaction.on_commit(partial(attach_plan_task.enqueue, vote.pk))
    return vote


def _refuse_out_of_turn(step: ApprovalStep, actor) -> None:
    if not actor.has_perm("plans.pass_step", step.version):
        raise PermissionDenied
    if step.state != StepState.WAITING:
        raise TransitionRefused(_t("This step is not possible in the present state."))
    if reasons := list(why_not_now(step)):
        raise TransitionRefused(*reasons)


@task()
def attach_plan_task(vote_pk: int) -> bool:
    """``attach_plan`` as work in the background."""
    return attach_plan(vote_pk)


def attach_plan(vote_pk: int) -> bool:
    """Lay the plan as PDF beside the proposal, once; False when it stands there or cannot be made."""
    vote = (
        StepVote.objects.select_related("step__version__plan__parent", "ballot", "item")
        .filter(pk=vote_pk)
        .first()
    )
    if vote is None or _has_paper(vote):
        return False
    version = vote.step.version
    try:
        stored = store_put(pdf_of(version, content_of(version)), content_type="application/pdf")
    except (EngineError, StoreError):
        logger.exception("The plan could not be laid beside the proposal of step %s", vote.step_id)
        return False
    with transaction.atomic():
        return _lay(vote, stored, _file_name(version))


def _has_paper(vote: StepVote) -> bool:
    if vote.ballot:
        return vote.ballot.papers.exists()
    return AgendaPaper.objects.filter(item=vote.item_id).exists()


def _lay(vote: StepVote, stored, name: str) -> bool:
    if vote.item_id:
        AgendaPaper.objects.create(item_id=vote.item_id, file=stored, file_name=name)
        return True
    assert vote.ballot
    ballot = Ballot.objects.select_for_update().get(pk=vote.ballot.pk)
    if ballot.state != BallotState.DRAFT or ballot.papers.exists():
        return False
    BallotPaper.objects.create(ballot=ballot, file=stored, file_name=name)
    return True


def _file_name(version: PlanVersion) -> str:
    return f"{slug(version.plan.title, max_length=60)}-verze-{version.number}.pdf"


def brought(step: ApprovalStep) -> list[Brought]:
    """Where the step was brought and how that stands, the newest first. Two queries."""
    votes = (
        StepVote.objects.filter(step=step)
        .select_related("ballot__committee", "ballot__resolution", "item__meeting__committee")
        .prefetch_related("item__motions__ballot__resolution")
        .order_by("-pk")
    )
    return [_of_ballot(vote, vote.ballot) if vote.ballot else _of_item(vote) for vote in votes]


def _of_ballot(vote: StepVote, ballot: Ballot) -> Brought:
    state, sentence = {
        BallotState.DRAFT: (
            "draft",
            _t("A vote per rollam is prepared. Open it when its text and paper are right."),
        ),
        BallotState.OPEN: ("open", _t("People vote per rollam.")),
        BallotState.CANCELLED: ("cancelled", _t("The vote per rollam was called off.")),
        BallotState.CLOSED: ("closed", ""),
    }[BallotState(ballot.state)]
    if ballot.state == BallotState.CLOSED:
        state, sentence = _ended(ballot)
    return Brought(vote, state, sentence, ballot.get_absolute_url(), ballot.resolution)


def _of_item(vote: StepVote) -> Brought:
    assert vote.item
    meeting = vote.item.meeting
    url = meeting.get_absolute_url()
    closed = [
        motion.ballot
        for motion in vote.item.motions.all()
        if motion.ballot.state == BallotState.CLOSED
    ]
    if closed:
        adopted = [ballot for ballot in closed if ballot.resolution]
        ballot = (adopted or closed)[-1]
        return Brought(vote, *_ended(ballot), url, ballot.resolution)
    if meeting.state == MeetingState.CANCELLED:
        return Brought(vote, "cancelled", _t("The meeting was cancelled."), url)
    if meeting.state == MeetingState.ENDED:
        return Brought(vote, "skipped", _t("The meeting ended without a vote on it."), url)
    return Brought(vote, "waiting", _t("It stands on the agenda of a meeting."), url)


def _ended(ballot: Ballot) -> tuple[str, str]:
    if ballot.is_adopted:
        return "passed", _t("The vote ended and the proposal was adopted.")
    return "refused", _t("The vote ended and the proposal was not adopted.")
