"""A step of approval brought to its committee: voted on per rollam or at a meeting, passed by what came of it."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from committees.ballots import services as ballots
from committees.ballots.enums import BallotState, Channel, Choice, Method, Place
from committees.ballots.models import Ballot
from committees.ballots.roll import Entry
from committees.bodies.enums import Verb
from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaPaper, Meeting, Motion
from documents.store.files import read
from kpss import clock
from kpss.workflow import TransitionRefused
from planning.approvals import bringing, workflow
from planning.approvals.enums import StepState
from planning.approvals.models import StepVote
from tests.factories import PersonFactory, RulesFactory, SeatFactory, plan_ready_for_approval

pytestmark = pytest.mark.django_db


def opened():
    """The first step of an approval, its committee of three with rules, and a coordinator."""
    coordinator = PersonFactory(superuser=True)
    version = plan_ready_for_approval()
    first = workflow.open_approval(version, actor=coordinator)[0]
    RulesFactory(committee=first.committee, valid_from=datetime.date(2019, 1, 1), per_rollam_days=5)
    for _seat in range(3):
        SeatFactory(committee=first.committee)
    return coordinator, first


def meeting_of(step, *, days=10, state=MeetingState.PLANNED):
    starts = clock.now() + datetime.timedelta(days=days)
    return Meeting.objects.create(
        committee=step.committee, year=starts.year, number=1, starts_at=starts, state=state
    )


def vote_of_all(ballot):
    for voter in ballot.voters.all():
        ballots.cast_vote(ballot, voter.person, Choice.FOR, channel=Channel.LINK)


def test_step_is_passed_by_what_the_members_decided_per_rollam(django_capture_on_commit_callbacks):
    coordinator, step = opened()
    deadline = bringing.usual_deadline(step)
    with django_capture_on_commit_callbacks(execute=True):
        vote = bringing.bring_per_rollam(
            step, deadline=deadline, actor=coordinator, token=uuid.uuid4()
        )
    ballot = ballots.open_per_rollam(vote.ballot, actor=coordinator)
    vote_of_all(ballot)
    with clock.at(deadline):
        ballots.close_due()

    (line,) = bringing.brought(step)
    assert line.state == "passed"
    assert list(workflow.why_not_by(step, line.resolution)) == []
    workflow.pass_step(step, line.resolution, actor=coordinator)
    assert step.state == StepState.PASSED
    paper = ballot.papers.get()
    assert read(paper.file).startswith(b"%PDF-")
    assert paper.file_name.endswith("-verze-1.pdf")
    assert step.version.plan.title in ballot.text


def test_step_waits_while_people_vote_and_when_they_refuse(django_capture_on_commit_callbacks):
    coordinator, step = opened()
    deadline = bringing.usual_deadline(step)
    vote = bringing.bring_per_rollam(step, deadline=deadline, actor=coordinator, token=uuid.uuid4())
    states = [bringing.brought(step)[0].state]
    ballots.open_per_rollam(vote.ballot, actor=coordinator)
    states.append(bringing.brought(step)[0].state)
    with clock.at(deadline):
        ballots.close_due()
    (line,) = bringing.brought(step)

    assert [*states, line.state] == ["draft", "open", "refused"]
    assert line.resolution is None


def test_item_of_a_meeting_brings_its_resolution_back(django_capture_on_commit_callbacks):
    coordinator, step = opened()
    meeting = meeting_of(step)
    with django_capture_on_commit_callbacks(execute=True):
        vote = bringing.put_on_agenda(step, meeting, actor=coordinator)
    again = bringing.put_on_agenda(step, meeting, actor=coordinator)
    item = vote.item
    ballot = ballots.prepare_ballot(
        step.committee,
        place=Place.MEETING,
        mode="meeting",
        method=Method.HANDS,
        title=item.title,
        text=item.proposal,
        verb=item.verb,
        meeting_number=meeting.number,
        actor=coordinator,
    )
    Motion.objects.create(item=item, ballot=ballot)
    seats = list(step.committee.seats.all())
    roll = [Entry(seat.pk, seat.person_id) for seat in seats]
    ballot = ballots.open_at_meeting(ballot, roll=roll, members_total=3, actor=coordinator)
    ballots.close_ballot(ballot, actor=coordinator, votes_for=3, votes_against=0, abstained=0)

    (line,) = bringing.brought(step)
    assert again == vote
    assert item.verb == Verb.APPROVES
    assert AgendaPaper.objects.get(item=item).file.size > 1000
    assert line.state == "passed"
    assert list(workflow.why_not_by(step, line.resolution)) == []


def test_step_out_of_turn_is_brought_nowhere():
    coordinator, step = opened()
    second = step.version.steps.get(order=2)
    meeting = meeting_of(second)

    with pytest.raises(TransitionRefused):
        bringing.put_on_agenda(second, meeting, actor=coordinator)
    with pytest.raises(TransitionRefused):
        bringing.bring_per_rollam(
            second, deadline=clock.now(), actor=coordinator, token=uuid.uuid4()
        )
    with pytest.raises(TransitionRefused):
        bringing.put_on_agenda(step, meeting, actor=coordinator)

    assert not StepVote.objects.exists()


def test_member_brings_nothing():
    _coordinator, step = opened()
    member = step.committee.seats.first().person

    with pytest.raises(PermissionDenied):
        bringing.bring_per_rollam(step, deadline=clock.now(), actor=member, token=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        bringing.put_on_agenda(step, meeting_of(step), actor=member)


def test_form_sent_five_times_prepares_one_vote(client):
    coordinator, step = opened()
    client.force_login(coordinator)
    day = timezone.localdate() + datetime.timedelta(days=8)
    data = {
        "token": str(uuid.uuid4()),
        "deadline_0": day.isoformat(),
        "deadline_1": "18:00",
    }

    answers = [
        client.post(reverse("approvals:bring_per_rollam", args=[step.pk]), data) for _ in range(5)
    ]

    ballot = Ballot.objects.get()
    assert {answer.status_code for answer in answers} == {302}
    assert ballot.state == BallotState.DRAFT
    assert timezone.localtime(ballot.deadline).hour == 18
    assert StepVote.objects.get().step == step


def test_page_offers_the_ways_and_chooses_the_resolution_that_came(client):
    coordinator, step = opened()
    client.force_login(coordinator)
    url = reverse("approvals:approval", args=[step.version.plan.slug, step.version.number])
    meeting_of(step)

    before = client.get(url)
    deadline = bringing.usual_deadline(step)
    vote = bringing.bring_per_rollam(step, deadline=deadline, actor=coordinator, token=uuid.uuid4())
    ballot = ballots.open_per_rollam(vote.ballot, actor=coordinator)
    vote_of_all(ballot)
    with clock.at(deadline):
        ballots.close_due()
    ballot.refresh_from_db()
    after = client.get(url)

    assert before.context["agenda_form"] is not None
    assert before.context["per_rollam_form"].initial == {}
    assert after.context["use_form"].initial == {"resolution": ballot.resolution}
    assert str(ballot.resolution) in after.content.decode()


def test_hour_that_does_not_exist_is_refused_at_the_field(client):
    coordinator, step = opened()
    client.force_login(coordinator)
    data = {"token": str(uuid.uuid4()), "deadline_0": "2027-03-28", "deadline_1": "02:30"}

    answer = client.post(reverse("approvals:bring_per_rollam", args=[step.pk]), data)

    assert answer.status_code == 422
    assert list(answer.context["per_rollam_form"].errors) == ["deadline"]
    assert not Ballot.objects.exists()
