"""The agenda: a tree of items in order, with papers; and what was copied from the last meeting."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committees.ballots.enums import Place
from committees.ballots.models import Ballot
from committees.bodies.enums import Mode
from committees.meetings import services
from committees.meetings.agenda import agenda_tree, walk
from committees.meetings.models import AgendaItem, AgendaPaper, Meeting, Motion
from documents.store.uploads import CheckedFile
from kpss.workflow import TransitionRefused
from tests.factories import AgendaItemFactory, MeetingFactory, MeetingTaskFactory, stored

from .tables import called, chair_of, committee_at_work, members_of, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


def numbered(meeting, *, insider=True):
    return [
        f"{line.number} {line.item.title}"
        for line in walk(agenda_tree(meeting.items.all(), insider=insider))
    ]


@pytest.fixture
def committee():
    return committee_at_work()


@pytest.fixture
def meeting(committee):
    meeting = planned(committee, items=0)
    chair = chair_of(committee)
    first = services.add_item(meeting, actor=chair, title="Zahájení")
    services.add_item(meeting, actor=chair, title="Akční plán")
    services.add_item(meeting, actor=chair, title="Různé")
    services.add_item(meeting, actor=chair, title="Volba ověřovatelů", parent=first)
    return meeting


def test_items_stand_in_order_under_one_another(meeting):
    assert numbered(meeting) == [
        "1. Zahájení",
        "1.1 Volba ověřovatelů",
        "2. Akční plán",
        "3. Různé",
    ]


def test_item_moves_among_its_neighbours_and_no_further(committee, meeting):
    chair = chair_of(committee)
    last = meeting.items.get(title="Různé")

    moves = [services.move_item(last, actor=chair, up=True) for _click in range(3)]

    assert moves == [True, True, False]
    assert numbered(meeting)[0] == "1. Různé"
    assert services.move_item(meeting.items.get(title="Zahájení"), actor=chair, up=False) is True
    assert numbered(meeting) == [
        "1. Různé",
        "2. Akční plán",
        "3. Zahájení",
        "3.1 Volba ověřovatelů",
    ]


def test_item_goes_under_another_but_never_under_itself(committee, meeting):
    chair = chair_of(committee)
    first, other = meeting.items.get(title="Zahájení"), meeting.items.get(title="Různé")
    elsewhere = AgendaItemFactory()

    services.change_item(other, actor=chair, parent=first)
    for parent in (first, meeting.items.get(title="Volba ověřovatelů"), elsewhere):
        with pytest.raises(ValidationError):
            services.change_item(first, actor=chair, parent=parent)

    assert numbered(meeting) == [
        "1. Zahájení",
        "1.1 Volba ověřovatelů",
        "1.2 Různé",
        "2. Akční plán",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=first.pk).update(parent=first)


def test_internal_item_hides_what_hangs_under_it_and_keeps_numbers(committee, meeting):
    first = meeting.items.get(title="Zahájení")

    services.change_item(first, actor=chair_of(committee), is_internal=True)

    assert numbered(meeting, insider=False) == ["2. Akční plán", "3. Různé"]
    lines = {
        line.item.title: line.is_internal
        for line in walk(agenda_tree(meeting.items.all(), insider=True))
    }
    assert lines["Volba ověřovatelů"]
    assert not lines["Různé"]


def test_item_is_removed_with_all_under_it_once(committee, meeting):
    chair = chair_of(committee)
    first = meeting.items.get(title="Zahájení")

    services.remove_item(first, actor=chair)
    services.remove_item(first, actor=chair)

    assert numbered(meeting) == ["1. Akční plán", "2. Různé"]


def test_item_on_which_somebody_voted_stays(committee, meeting):
    first = meeting.items.get(title="Zahájení")
    under = meeting.items.get(title="Volba ověřovatelů")
    ballot = Ballot.objects.create(
        committee=committee,
        place=Place.MEETING,
        mode=Mode.IN_PERSON,
        meeting_number=1,
        title="Volba",
        text="Volíme.",
    )
    Motion.objects.create(item=under, ballot=ballot)

    with pytest.raises(TransitionRefused):
        services.remove_item(first, actor=chair_of(committee))

    assert meeting.items.count() == 4


def test_same_form_sent_again_is_the_same_item(committee, meeting):
    token = uuid.uuid4()
    chair = chair_of(committee)

    items = {
        services.add_item(meeting, actor=chair, title="Nový", token=token) for _click in range(50)
    }

    assert len(items) == 1
    assert meeting.items.filter(title="Nový").count() == 1


def test_paper_lies_at_an_item_once(committee, meeting):
    item = meeting.items.get(title="Akční plán")
    file = CheckedFile("plan.pdf", "application/pdf", b"%PDF-1.7 plan")
    chair = chair_of(committee)

    papers = {services.add_paper(item, file, actor=chair) for _click in range(3)}
    (paper,) = papers
    assert (paper.file_name, paper.is_internal) == ("plan.pdf", True)
    services.remove_paper(paper, actor=chair)
    services.remove_paper(paper, actor=chair)

    assert not AgendaPaper.objects.exists()


def test_who_may_not_prepare_changes_nothing(committee, meeting):
    member = members_of(committee)[0]
    item = meeting.items.first()
    paper = AgendaPaper.objects.create(item=item, file=stored(), file_name="a.pdf")
    file = CheckedFile("b.pdf", "application/pdf", b"%PDF-1.7")
    actions = [
        lambda: services.add_item(meeting, actor=member, title="Nový"),
        lambda: services.change_item(item, actor=member, title="Jiný"),
        lambda: services.move_item(item, actor=member, up=False),
        lambda: services.remove_item(item, actor=member),
        lambda: services.add_paper(item, file, actor=member),
        lambda: services.publish_paper(paper, actor=member, is_internal=False),
        lambda: services.remove_paper(paper, actor=member),
        lambda: services.copy_agenda(meeting, actor=member),
    ]

    for action in actions:
        with pytest.raises(PermissionDenied):
            action()

    assert meeting.items.count() == 4
    assert AgendaPaper.objects.get().is_internal


def test_agenda_of_an_ended_meeting_stays(committee):
    meeting = MeetingFactory(committee=committee, ended=True)
    item = AgendaItemFactory(meeting=meeting)

    for action in (
        lambda: services.add_item(meeting, actor=chair_of(committee), title="Nový"),
        lambda: services.remove_item(item, actor=chair_of(committee)),
    ):
        with pytest.raises(TransitionRefused):
            action()


def test_change_after_calling_waits_until_people_are_told(committee):
    meeting = called(committee)
    assert meeting.untold_since is None
    chair = chair_of(committee)

    services.add_item(meeting, actor=chair, title="Nový bod")
    meeting.refresh_from_db()
    assert meeting.untold_since is not None
    told = services.announce_agenda(meeting, actor=chair)
    again = services.announce_agenda(meeting, actor=chair)

    told.refresh_from_db()
    assert told.untold_since is None
    assert (told.sequence, again.sequence) == (meeting.sequence + 1, meeting.sequence + 1)
    assert told.events.last().note == "Program nebo podklady se změnily."


# --- From the last meeting ---------------------------------------------------------------------------------------------


def test_agenda_is_copied_without_what_belongs_to_the_last_meeting(committee, meeting):
    chair = chair_of(committee)
    old = meeting.items.get(title="Akční plán")
    services.change_item(
        old,
        actor=chair,
        text="Loňské čísla",
        proposal="Komise schvaluje",
        minutes=30,
        is_internal=True,
    )
    AgendaPaper.objects.create(item=old, file=stored(), file_name="a.pdf")
    new = planned(committee, days=40, items=0)

    count = services.copy_agenda(new, actor=chair)

    assert count == 4
    assert numbered(new) == numbered(meeting)
    copy = new.items.get(title="Akční plán")
    assert (copy.minutes, copy.is_internal, copy.text, copy.proposal) == (30, True, "", "")
    assert not AgendaPaper.objects.filter(item__meeting=new).exists()


def test_agenda_is_copied_once_and_under_the_review_of_tasks(committee, meeting):
    chair = chair_of(committee)
    MeetingTaskFactory(meeting__committee=committee)
    new = planned(committee, days=40, items=0)

    services.copy_agenda(new, actor=chair)
    with pytest.raises(TransitionRefused):
        services.copy_agenda(new, actor=chair)
    later = planned(committee, days=80, items=0)
    services.copy_agenda(later, actor=chair)

    assert numbered(new)[:2] == ["1. Kontrola úkolů z minula", "2. Zahájení"]
    assert numbered(later) == numbered(new)


def test_nothing_to_copy_is_said(committee):
    alone = planned(committee, items=0)

    with pytest.raises(TransitionRefused):
        services.copy_agenda(alone, actor=chair_of(committee))

    assert Meeting.objects.count() == 1
