"""Pages of meetings: what anybody, a member and who prepares see and do; forms, double clicks, numbers of queries."""

import datetime
import time
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from committees.ballots.enums import BallotState, Method, Place
from committees.ballots.models import Ballot
from committees.bodies.enums import Majority, Mode, Quorum, Role
from committees.meetings import services
from committees.meetings.enums import Answer, MeetingState
from committees.meetings.models import AgendaItem, AgendaPaper, Meeting, Motion, Participant
from committees.meetings.pages import address
from documents.store.files import put
from tests.factories import (
    AgendaItemFactory,
    MeetingFactory,
    MeetingTaskFactory,
    ParticipantFactory,
    PersonFactory,
    ResolutionFactory,
    SeatFactory,
)

from .tables import called, chair_of, committee_at_work, in_days, members_of, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@pytest.fixture
def committee():
    return committee_at_work()


def paper_at(item, *, is_internal=True, name="podklad.pdf"):
    file = put(f"%PDF-1.7 {name}".encode(), content_type="application/pdf")
    return AgendaPaper.objects.create(item=item, file=file, file_name=name, is_internal=is_internal)


def voted_at(item, *, adopted=True, **resolution):
    """A closed vote at the item, as counting leaves it."""
    committee = item.meeting.committee
    ballot = Ballot.objects.create(
        committee=committee,
        place=Place.MEETING,
        mode=Mode.IN_PERSON,
        method=Method.HANDS,
        meeting_number=item.meeting.number,
        title="Hlasování",
        text="Komise schvaluje návrh.",
        state=BallotState.CLOSED,
        opened_at=timezone.now(),
        closed_at=timezone.now(),
        rules=committee.rules.get(),
        quorum=Quorum.MAJORITY_OF_ALL,
        majority=Majority.OF_ALL,
        members_total=9,
        members_present=9,
        excluded=0,
        votes_for=8 if adopted else 2,
        votes_against=0,
        abstained=1,
        silent=0,
        is_adopted=adopted,
        resolution=ResolutionFactory(committee=committee, **resolution) if adopted else None,
    )
    Motion.objects.create(item=item, ballot=ballot)


# --- Who sees what -----------------------------------------------------------------------------------------------------


def test_hidden_words_reach_nobody_outside(client, committee):
    chair = chair_of(committee)
    meeting = planned(
        committee,
        format="hybrid",
        online_url="https://kanarek.example.cz/mistnost",
        message="Kanárek ve zprávě",
    )
    shown = meeting.items.first()
    services.change_item(
        shown, actor=chair, presenter="Kanárek předkladatel", proposal="Kanárek návrh"
    )
    hidden = services.add_item(
        meeting, actor=chair, title="Kanárek bod", text="Kanárek", is_internal=True
    )
    under = services.add_item(meeting, actor=chair, title="Kanárek pod ním", parent=hidden)
    task = MeetingTaskFactory(meeting__committee=committee, text="Kanárek úkol")
    AgendaItem.objects.filter(pk=shown.pk).update(reviews_tasks=True)
    papers = [
        paper_at(under, is_internal=False, name="kanarek-1.pdf"),
        paper_at(shown, name="kanarek-2.pdf"),
    ]
    services.call_meeting(meeting, actor=chair)
    services.spread(meeting.pk)
    services.answer_invitation(
        meeting, person=members_of(committee)[0], answer=Answer.NO, note="Kanárek v lázních"
    )
    places = [
        meeting.get_absolute_url(),
        address("meeting_calendar", meeting),
        reverse("meetings:meeting_list"),
        committee.get_absolute_url(),
        reverse("directory:service_list") + "?q=kanárek+bod",
        reverse("library:document_list") + "?q=kanárek",
        "/kalendar.ics",
        "/novinky.atom",
    ]

    for place in places:
        text = client.get(place).content.decode().replace("\r\n ", "").lower()
        assert "kanárek" not in text.replace("kanárek bod" if "q=" in place else "\0", ""), place
        assert "kanarek" not in text, place
    for paper in papers:
        assert client.get(address("paper", meeting, pk=paper.pk)).status_code == 404
    assert client.get(address("invitation", meeting)).status_code == 302

    client.force_login(members_of(committee)[1])
    inside = client.get(meeting.get_absolute_url()).content.decode()
    for word in (
        "Kanárek bod",
        "Kanárek pod ním",
        "kanarek.example.cz",
        "Kanárek ve zprávě",
        task.text,
    ):
        assert word in inside
    assert [client.get(address("paper", meeting, pk=paper.pk)).status_code for paper in papers] == [
        200,
        200,
    ]
    assert client.get(address("invitation", meeting)).status_code == 200


def test_public_paper_of_a_public_item_is_for_everybody(client, committee):
    meeting = called(committee)
    paper = paper_at(meeting.items.first(), is_internal=False)

    response = client.get(address("paper", meeting, pk=paper.pk))

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"


SEEN = {
    # traits of the meeting: anybody, member, former member, coordinator
    "planned": ({}, [404, 200, 404, 200]),
    "called": ({"called": True}, [200, 200, 200, 200]),
    "ended": ({"ended": True}, [200, 200, 200, 200]),
    "cancelled": ({"cancelled": True}, [200, 200, 200, 200]),
    "given up": ({"state": MeetingState.CANCELLED}, [404, 200, 404, 200]),
}


@pytest.mark.parametrize(("traits", "statuses"), SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("is_public", [True, False])
def test_who_sees_a_meeting(client, committee, traits, statuses, is_public):
    committee.is_public = is_public
    committee.save()
    meeting = MeetingFactory(committee=committee, **traits)
    readers = [
        None,
        members_of(committee)[0],
        SeatFactory(committee=committee, ended=True).person,
        PersonFactory(superuser=True),
    ]
    if not is_public:
        statuses = [404, 200, 404, 200]

    seen = []
    for reader in readers:
        client.logout()
        if reader:
            client.force_login(reader)
        seen.append(client.get(meeting.get_absolute_url()).status_code)

    assert seen == statuses
    listed = Meeting.objects.visible_to(AnonymousUser()).filter(pk=meeting.pk).exists()
    assert listed is (statuses[0] == 200)


def test_results_stand_at_their_items(client, committee):
    meeting = MeetingFactory(committee=committee, ended=True)
    item = AgendaItemFactory(meeting=meeting)
    voted_at(item, number="1/2026/4")
    voted_at(AgendaItemFactory(meeting=meeting), adopted=False)
    voted_at(AgendaItemFactory(meeting=meeting, is_internal=True), number="KANAREK/1")

    page = client.get(meeting.get_absolute_url()).content.decode().replace("\xa0", " ")

    assert "Usnesení č. 1/2026/4" in page
    assert "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" in page
    assert "Nepřijato: pro 2, proti 0, zdržel se 1 z 9 členů" in page
    assert "KANAREK" not in page


def test_cancelled_meeting_says_why(client, committee):
    meeting = called(committee)
    services.cancel_meeting(meeting, actor=chair_of(committee), note="Předsedkyně onemocněla.")

    page = client.get(meeting.get_absolute_url()).content.decode()

    assert "Jednání je zrušeno. Důvod: Předsedkyně onemocněla." in page


def test_script_in_every_field_stays_text(client, committee):
    evil = "<script>alert(1)</script>"
    meeting = planned(committee, title=evil, place=evil, message=evil)
    chair = chair_of(committee)
    services.change_item(
        meeting.items.first(), actor=chair, title=evil, text=evil, presenter=evil, proposal=evil
    )
    services.add_guest(meeting, actor=chair, name=evil)
    MeetingTaskFactory(meeting=meeting, text=evil, person=None, responsible=evil)
    client.force_login(chair)

    for place in (
        meeting.get_absolute_url(),
        address("agenda", meeting),
        address("call", meeting),
        address("attendance", meeting),
        reverse("meetings:task_list", args=[committee.slug]),
    ):
        assert "<script>alert" not in client.get(place).content.decode()


# --- Lists -------------------------------------------------------------------------------------------------------------


def test_calendar_of_meetings_is_by_month_and_committee(client, committee):
    other = committee_at_work()
    first = MeetingFactory(committee=committee, called=True, starts_at=in_days(40))
    second = MeetingFactory(committee=other, called=True, starts_at=in_days(2))
    MeetingFactory(committee=other)
    past = MeetingFactory(committee=committee, ended=True)

    every = client.get(reverse("meetings:meeting_list"))
    one = client.get(reverse("meetings:meeting_list"), {"skupina": committee.slug})
    none = client.get(reverse("meetings:meeting_list"), {"skupina": "neni", "page": "x"})

    def to_come(response):
        return [meeting for month in response.context["months"] for meeting in month.meetings]

    assert to_come(every) == [second, first]
    assert list(every.context["page"]) == [past]
    assert to_come(one) == [first]
    assert none.status_code == 200


def test_committee_shows_its_meetings_by_year(client, committee):
    past = MeetingFactory(committee=committee, ended=True)
    to_come = MeetingFactory(committee=committee, called=True)
    MeetingFactory(committee=committee)

    page = client.get(committee.get_absolute_url()).content.decode()

    assert f"Jednání v roce {past.day.year}" in page
    assert past.get_absolute_url() in page
    assert to_come.get_absolute_url() in page
    assert reverse("meetings:plan", args=[committee.slug]) not in page
    client.force_login(chair_of(committee))
    assert (
        reverse("meetings:plan", args=[committee.slug])
        in client.get(committee.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_queries(client, django_assert_num_queries, count):
    for _one in range(count):
        committee = committee_at_work(members=1)
        MeetingFactory(committee=committee, called=True)
        MeetingFactory(committee=committee, ended=True)
    client.get(reverse("meetings:meeting_list"))

    # the committees to choose from, those to come, the number of those before and their page; the region
    with django_assert_num_queries(5):
        client.get(reverse("meetings:meeting_list"))


def fill(meeting, *, items, people):
    """Items with a paper and a vote each, people with answers."""
    for order in range(items):
        item = AgendaItemFactory(meeting=meeting, position=order)
        paper_at(item, name=f"{item.pk}.pdf")
        voted_at(item)
    for _one in range(people):
        ParticipantFactory(meeting=meeting, coming=True)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_meeting_asks_the_same_number_of_queries(
    client, committee, django_assert_num_queries, count
):
    meeting = MeetingFactory(committee=committee, ended=True)
    fill(meeting, items=count, people=count)
    client.get(meeting.get_absolute_url())

    # the meeting, items, papers, votes; the region and what other rooms put on the page
    with django_assert_num_queries(PUBLIC_QUERIES):
        client.get(meeting.get_absolute_url())
    client.force_login(chair_of(committee))
    client.get(meeting.get_absolute_url())
    with django_assert_num_queries(CHAIR_QUERIES):
        client.get(meeting.get_absolute_url())


PUBLIC_QUERIES, CHAIR_QUERIES = 6, 19


def test_big_meeting_is_quick(client, django_assert_max_num_queries):
    committee = committee_at_work(members=1)
    meeting = MeetingFactory(committee=committee, ended=True)
    fill(meeting, items=40, people=60)
    client.force_login(chair_of(committee))
    client.get(meeting.get_absolute_url())

    with django_assert_max_num_queries(CHAIR_QUERIES):
        began = time.monotonic()
        response = client.get(meeting.get_absolute_url())
    took = time.monotonic() - began

    assert len(response.context["people"].invitees) == 60
    assert took < 3  # 0.3 s on a quiet machine, the checks of the client included


# --- Preparing -----------------------------------------------------------------------------------------------------------


def form_of(day=None, **values):
    day = day or timezone.localdate() + datetime.timedelta(days=12)
    return {
        "day": day.isoformat(),
        "start": "16:00",
        "end": "18:00",
        "format": "in_person",
        "place": "Radnice",
        "token": str(uuid.uuid4()),
    } | values


def test_chair_plans_calls_and_cancels_a_meeting(client, committee):
    client.force_login(chair_of(committee))

    planned_at = client.post(reverse("meetings:plan", args=[committee.slug]), form_of())
    meeting = Meeting.objects.get()
    client.post(address("item_add", meeting), {"title": "Akční plán", "token": str(uuid.uuid4())})
    called_at = client.post(address("call", meeting))
    services.spread(meeting.pk)
    cancelled_at = client.post(address("cancel", meeting), {"note": "Nesejdeme se."})

    assert planned_at["Location"] == address("agenda", meeting)
    assert called_at["Location"] == cancelled_at["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED
    assert timezone.localtime(meeting.starts_at).hour == 16


def test_form_sent_again_and_again_plans_one_meeting(client, committee):
    client.force_login(chair_of(committee))
    form = form_of()

    for _click in range(50):
        client.post(reverse("meetings:plan", args=[committee.slug]), form)
    item = {"title": "Bod", "token": str(uuid.uuid4())}
    for _click in range(20):
        client.post(address("item_add", Meeting.objects.get()), item)

    assert Meeting.objects.count() == 1
    assert AgendaItem.objects.count() == 1


STRANGE_HOURS = [
    (datetime.date(2027, 3, 28), "2:30", "02:30", "start"),
    (datetime.date(2027, 10, 31), "2:30", "02:30", "start"),
    (datetime.date(2027, 10, 31), "2:30", "02:30", "end"),
]


@pytest.mark.parametrize(("day", "words", "hour", "field"), STRANGE_HOURS)
def test_hour_that_is_missing_or_comes_twice_is_refused_in_words(
    client, committee, day, words, hour, field
):
    client.force_login(chair_of(committee))
    form = form_of(day, start="01:00", end="") | {field: hour}

    response = client.post(reverse("meetings:plan", args=[committee.slug]), form)

    assert response.status_code == 422
    (sentence,) = response.context["form"].errors[field]
    assert words in sentence
    assert not Meeting.objects.exists()


def test_wrong_times_and_days_come_back_with_what_was_typed(client, committee):
    client.force_login(chair_of(committee))
    committee.dissolved_on = timezone.localdate()
    committee.save()

    late = client.post(reverse("meetings:plan", args=[committee.slug]), form_of())
    backwards = client.post(reverse("meetings:plan", args=[committee.slug]), form_of(end="15:00"))

    assert list(late.context["form"].errors) == ["day"]
    assert list(backwards.context["form"].errors) == ["end"]
    assert "Radnice" in backwards.content.decode()


def test_short_notice_asks_for_a_tick_on_both_pages(client, committee):
    meeting = planned(committee, days=3)
    client.force_login(chair_of(committee))

    asked = client.get(address("call", meeting))
    without = client.post(address("call", meeting))
    client.post(address("call", meeting), {"short_notice_confirmed": "on"})
    meeting.refresh_from_db()
    moved = form_of(timezone.localdate() + datetime.timedelta(days=2), known=meeting.sequence)
    refused = client.post(address("change", meeting), moved)
    client.post(address("change", meeting), moved | {"short_notice_confirmed": "on"})

    assert "short_notice_confirmed" in asked.context["form"].fields
    assert (without.status_code, refused.status_code) == (422, 422)
    assert 'name="short_notice_confirmed" ' in refused.content.decode().replace("hidden", "")
    assert meeting.state == MeetingState.INVITED
    assert Meeting.objects.get().day == timezone.localdate() + datetime.timedelta(days=2)


def test_page_of_calling_says_what_is_missing_and_who_has_no_mail(client, committee):
    meeting = planned(committee, items=0, place="")
    nobody = SeatFactory(committee=committee, person__email=None).person
    client.force_login(chair_of(committee))

    page = client.get(address("call", meeting))
    sent = client.post(address("call", meeting))

    assert len(page.context["refusals"]) == 2
    assert page.context["without_mail"] == [nobody]
    assert sent.status_code == 422
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


def test_second_editor_reads_that_somebody_was_quicker(client, committee):
    meeting = called(committee)
    services.change_meeting(meeting, actor=chair_of(committee), place="Klub")
    client.force_login(chair_of(committee))

    response = client.post(
        address("change", meeting), form_of(place="Škola", known=meeting.sequence)
    )

    assert response.status_code == 422
    assert Meeting.objects.get().place == "Klub"


def test_agenda_is_edited_without_javascript(client, committee):
    meeting = planned(committee, items=2)
    client.force_login(chair_of(committee))
    first, second = meeting.items.order_by("position")

    client.post(address("item_move", meeting, pk=second.pk), {"up": "1"})
    client.post(
        address("item_change", meeting, pk=first.pk), {"title": "Jiný", "parent": second.pk}
    )
    client.post(
        address("paper_add", meeting, pk=first.pk),
        {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n%%EOF\n"), "for_public": "on"},
    )
    paper = AgendaPaper.objects.get()
    shown = client.get(address("item_change", meeting, pk=first.pk))
    client.post(address("paper_publish", meeting, pk=paper.pk), {"for_public": "0"})
    hidden = AgendaPaper.objects.get().is_internal
    client.post(address("paper_remove", meeting, pk=paper.pk))
    asked = client.get(address("item_remove", meeting, pk=second.pk))
    for _click in range(2):
        client.post(address("item_remove", meeting, pk=second.pk))

    assert (paper.file_name, paper.is_internal, hidden) == ("plan.pdf", False, True)
    assert list(shown.context["papers"]) == [paper]
    assert asked.context["under"] == 1
    assert not AgendaItem.objects.exists()
    assert not AgendaPaper.objects.exists()


def test_bad_file_is_refused_at_its_field(client, committee):
    meeting = planned(committee)
    client.force_login(chair_of(committee))
    item = meeting.items.get()

    response = client.post(
        address("paper_add", meeting, pk=item.pk),
        {"file": SimpleUploadedFile("skript.svg", b"<svg onload=alert(1)>")},
    )

    assert response.status_code == 422
    assert list(response.context["paper_form"].errors) == ["file"]


def test_guests_and_answers_by_phone_are_written_down(client, committee):
    meeting = called(committee)
    client.force_login(chair_of(committee))
    known = PersonFactory(email="host@example.cz")
    place = meeting.participants.get(person=members_of(committee)[0])

    client.post(address("guest_add", meeting), {"who": "HOST@example.cz"})
    client.post(address("guest_add", meeting), {"who": "Jan Host"})
    unknown = client.post(address("guest_add", meeting), {"who": "nikdo@example.cz"})
    client.post(address("participant", meeting, pk=place.pk), {"answer": "no", "note": "volala"})
    named = meeting.participants.get(guest_name="Jan Host")
    for _click in range(2):
        client.post(address("guest_remove", meeting, pk=named.pk))

    assert unknown.status_code == 422
    assert meeting.participants.filter(person=known).exists()
    assert not meeting.participants.filter(pk=named.pk).exists()
    assert Participant.objects.get(pk=place.pk).answer == Answer.NO


def test_forecast_counts_voices_that_were_promised(client, committee):
    meeting = called(committee)
    secretary = committee.seats.get(role=Role.SECRETARY).person
    for person in (*members_of(committee)[:2], secretary):
        services.answer_invitation(meeting, person=person, answer=Answer.YES)
    client.force_login(members_of(committee)[2])

    people = client.get(meeting.get_absolute_url()).context["people"]

    assert (people.promised, people.members_total, people.can_decide) == (2, 4, False)
    services.answer_invitation(meeting, person=chair_of(committee), answer=Answer.YES)
    people = client.get(meeting.get_absolute_url()).context["people"]
    assert (people.promised, people.can_decide) == (3, True)


def test_calendar_of_one_meeting_is_for_anybody(client, committee):
    meeting = called(committee)

    response = client.get(address("meeting_calendar", meeting))

    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert str(event["uid"]) == str(meeting.uid)
    assert "ATTENDEE" not in response.content.decode()


def test_changed_agenda_is_sent_by_one_button(client, committee):
    meeting = called(committee)
    chair = chair_of(committee)
    services.add_item(meeting, actor=chair, title="Nový bod")
    client.force_login(chair)

    before = client.get(meeting.get_absolute_url()).content.decode()
    for _click in range(3):
        client.post(address("announce", meeting))

    assert address("announce", meeting) in before
    meeting.refresh_from_db()
    assert meeting.untold_since is None
    assert meeting.events.filter(transition="change").count() == 1
