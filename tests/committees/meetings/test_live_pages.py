"""The screen of who runs a meeting: what it shows, what its buttons do, what a refusal says."""

import datetime
import re
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from committees.ballots.enums import BallotState, Method
from committees.ballots.models import Ballot
from committees.bodies.enums import Majority, Role, Side
from committees.meetings.enums import Format, MeetingState
from committees.meetings.models import Conflict, MeetingTask, Participant, Presence
from committees.meetings.pages import place_of
from committees.meetings.services import live
from committees.people.models import Person
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import (
    count,
    item,
    members_of,
    of,
    operator,
    participants,
    planned,
    put,
    running,
    substitute,
)
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def address(meeting, name="live", **more):
    return reverse(f"meetings:{name}", kwargs=place_of(meeting) | more)


def signed_in(client, person=None):
    client.force_login(person or operator())
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def text_of(response):
    """The words of the page as a reader sees them."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words.replace("\xa0", " ").replace("&nbsp;", " "))


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_before_the_beginning_there_is_one_button_and_the_agenda(client):
    meeting = planned(committee_of(3))

    page = signed_in(client).get(address(meeting))

    assert "Zahájit jednání" in text_of(page)
    assert "Bod programu 1" in text_of(page)
    assert "zive-zpravy" not in page.content.decode()
    response = client.post(address(meeting, "live_run", step="zahajit"))
    assert response["Location"] == f"{address(meeting)}#obsah"
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.RUNNING


def test_quorum_and_missing_sides_are_said_in_sentences(client):
    meeting = running(9, here=7)
    users = [one for one in participants(meeting) if one.seat.side == Side.USER]
    actor = operator()
    for one in users:
        live.leave(one, actor=actor)

    page = text_of(signed_in(client).get(address(meeting)))

    assert "Přítomno 5 z 9 členů, skupina je usnášeníschopná." in page
    assert "Za uživatele tu není nikdo." in page
    assert "Za poskytovatele" not in page


def test_without_quorum_it_says_how_many_are_missing(client):
    meeting = running(9, here=3)

    assert (
        "Přítomno 3 z 9 členů, skupina zatím není usnášeníschopná. Chybí ještě 2 členové."
        in text_of(signed_in(client).get(address(meeting)))
    )


def test_result_is_a_sentence_with_the_number_of_the_resolution(client):
    meeting = running(9)
    count(put(meeting), 8, 0, 1)

    page = text_of(signed_in(client).get(address(meeting)))

    assert "Přijato: pro 8, proti 0, zdržel se 1 z 9 členů" in page
    assert f"Usnesení č. 1/{meeting.year}/{meeting.number}" in page
    assert "Další bod: 2. Bod programu 2" in page


def test_a_name_is_shown_with_where_the_person_is_and_whom_they_stand_for(client):
    meeting = running(3, here=2, substitutes_allowed=True)
    actor = operator()
    away = participants(meeting)[2]
    spare = substitute(meeting.committee, named_for=away.seat)
    live.everybody_here(meeting, actor=actor)
    live.leave(of(meeting, away.person), actor=actor)
    live.arrive(of(meeting, spare.person), actor=actor)

    page = text_of(signed_in(client).get(address(meeting)))

    assert f"zastupuje {spare.person}" in page
    assert f"hlasuje za: {away.person}" in page
    assert f"náhrada za: {away.person}" in page


# --- What its buttons do ----------------------------------------------------------------------------------------------


def press(client, meeting, name, **more):
    headers = more.pop("headers", {})
    return client.post(address(meeting, "live_person"), {name: more.pop("pk")}, headers=headers)


def test_buttons_beside_a_name_write_down_what_happened(client):
    meeting = running(3, here=0, format=Format.HYBRID)
    one = participants(meeting)[0]
    signed_in(client)

    for name, here, online, excused in (
        ("here", True, False, False),
        ("left", False, None, False),
        ("undo", True, False, False),
        ("left", False, None, False),
        ("excused", False, None, True),
        ("online", True, True, False),
    ):
        response = press(client, meeting, name, pk=one.pk)

        assert response["Location"] == f"{address(meeting)}#lide"
        stretch = Presence.objects.filter(participant=one, left_at=None).first()
        assert (stretch is not None) is here, name
        assert (stretch and stretch.is_online) is online, name
        one.refresh_from_db()
        assert one.is_excused is excused, name


def test_htmx_gets_only_the_news_and_keeps_the_page(client):
    meeting = running(3, here=0)
    one = participants(meeting)[0]
    signed_in(client)

    response = press(client, meeting, "here", pk=one.pk, headers=HTMX)

    fragment = response.content.decode()
    assert "<html" not in fragment
    assert "Přítomno 1 ze 3 členů" in text_of(response)
    assert f'id="stav-{one.pk}" data-standing="pritomen" hx-swap-oob="true"' in fragment
    assert 'id="zive-zpet" hx-swap-oob="true"' in fragment
    assert "<input" not in re.sub(r"<input type=\"hidden\"[^>]*>", "", fragment)


def test_a_refusal_is_said_and_htmx_loads_the_page_to_say_it(client):
    meeting = running(3, here=1)
    one = participants(meeting)[0]
    signed_in(client)

    plain = press(client, meeting, "excused", pk=one.pk)
    assert "Nejdřív zapište odchod" in said(plain)[0]
    assert press(client, meeting, "excused", pk=one.pk, headers=HTMX)["HX-Refresh"] == "true"
    both = client.post(address(meeting, "live_person"), {"here": one.pk, "left": one.pk})
    assert said(both) != []
    assert press(client, meeting, "here", pk=participants(running(3))[0].pk).status_code == 404


def test_everybody_guests_and_substitutes_have_their_forms(client):
    meeting = running(3, here=0, substitutes_allowed=True)
    spare = substitute(meeting.committee)
    actor = operator()
    signed_in(client, actor)
    client.post(address(meeting, "live_everybody"))
    live.leave(participants(meeting)[2], actor=actor)
    live.arrive(of(meeting, spare.person), actor=actor)

    client.post(address(meeting, "live_guest"), {"guest_name": "Petr Host"})
    seat = participants(meeting)[2].seat
    client.post(
        address(meeting, "live_represent"),
        {"participant": of(meeting, spare.person).pk, "seat": seat.pk},
    )

    assert Participant.objects.get(represents=seat).person == spare.person
    assert "hosté" in text_of(client.get(address(meeting))).lower()
    client.post(
        address(meeting, "live_represent"),
        {"participant": of(meeting, spare.person).pk, "seat": ""},
    )
    assert not Participant.objects.filter(represents=seat).exists()
    wrong = client.post(address(meeting, "live_represent"), {"participant": "x"})
    assert wrong.status_code == 302
    assert said(wrong) != []


def proposal(meeting, **values):
    return {
        "title": "Návrh",
        "verb": "schvaluje",
        "text": "Skupina schvaluje návrh.",
        "method": Method.HANDS,
        "token": uuid.uuid4(),
    } | values


def test_from_the_item_to_the_counted_vote(client):
    meeting = running(5)
    signed_in(client)
    client.post(address(meeting, "live_take_up", pk=item(meeting).pk))
    form = client.get(address(meeting)).context["proposal_form"].initial

    for _click in range(2):
        response = client.post(address(meeting, "live_proposal", pk=item(meeting).pk), form)
    ballot = Ballot.objects.get()
    assert response["Location"] == f"{address(meeting)}#hlasovani"
    assert (ballot.state, ballot.text) == (BallotState.OPEN, item(meeting).proposal)
    assert "Hlasovat může 5 lidí." in text_of(client.get(address(meeting)))
    hands = {"votes_for": 4, "votes_against": 0, "abstained": 1}
    for _click in range(2):
        response = client.post(address(meeting, "live_count", pk=ballot.pk), hands)
        assert response.status_code == 302

    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.abstained, ballot.is_adopted) == (4, 1, True)


def test_the_text_is_only_saved_when_asked_so(client):
    meeting = running(3)
    live.take_up(item(meeting), actor=operator())
    signed_in(client)

    response = client.post(
        address(meeting, "live_proposal", pk=item(meeting).pk),
        proposal(meeting, text="Skupina doporučuje.", save="1"),
    )

    assert said(response) == ["Text návrhu je uložený."]
    assert item(meeting).proposal == "Skupina doporučuje."
    assert not Ballot.objects.exists()


def test_a_wrong_proposal_and_wrong_numbers_come_back_with_what_was_typed(client):
    meeting = running(3)
    live.take_up(item(meeting), actor=operator())
    signed_in(client)

    page = client.post(
        address(meeting, "live_proposal", pk=item(meeting).pk), proposal(meeting, text="")
    )
    assert page.status_code == 422
    assert 'value="Návrh"' in page.content.decode()

    ballot = put(meeting)
    page = client.post(
        address(meeting, "live_count", pk=ballot.pk),
        {"votes_for": 3, "votes_against": 2, "abstained": 0},
    )
    assert page.status_code == 422
    assert "Hlasů je příliš mnoho (5)" in text_of(page)
    assert 'value="3"' in page.content.decode()
    assert 'name="chair_voted_for"' not in page.content.decode()


def test_a_tie_asks_about_the_chair_and_the_answer_decides(client):
    meeting = running(4, majority=Majority.OF_PRESENT, chair_decides_tie=True)
    ballot = put(meeting)
    signed_in(client)
    hands = {"votes_for": 2, "votes_against": 2, "abstained": 0}

    page = client.post(address(meeting, "live_count", pk=ballot.pk), hands)
    assert page.status_code == 422
    assert 'name="chair_voted_for"' in page.content.decode()
    client.post(address(meeting, "live_count", pk=ballot.pk), hands | {"chair_voted_for": "yes"})

    ballot.refresh_from_db()
    assert ballot.is_adopted is True
    assert ballot.chair_voted_for is True


def test_without_quorum_the_refusal_is_on_the_page(client):
    meeting = running(5, here=1)
    signed_in(client)

    response = client.post(
        address(meeting, "live_proposal", pk=item(meeting).pk), proposal(meeting)
    )

    assert "Přítomných je málo" in said(response)[0]
    assert not Ballot.objects.exists()


def test_roll_call_closing_and_calling_off(client):
    meeting = running(3)
    ballot = put(meeting, method=Method.NAMED)
    chair, second, third = members_of(meeting)
    signed_in(client)

    for person, choice in ((chair, "pro"), (second, "proti"), (second, "pro"), (third, "pro")):
        response = client.post(
            address(meeting, "live_call_out", pk=ballot.pk), {"vote": f"{person.pk}-{choice}"}
        )
    assert response.status_code == 302
    page = text_of(client.get(address(meeting)))
    assert "Hlasovali všichni." in page
    client.post(address(meeting, "live_close", pk=ballot.pk))
    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.votes_against) == (2, 1)

    other = put(meeting, method=Method.SECRET)
    assert "čeká se na hlas" in text_of(client.get(address(meeting)))
    client.post(address(meeting, "live_call_off", pk=other.pk), {"reason": "Výpadek sítě"})
    other.refresh_from_db()
    assert other.state == BallotState.CANCELLED
    assert "Hlasování bylo zrušeno." in text_of(client.get(address(meeting)))
    bad = client.post(address(meeting, "live_call_out", pk=other.pk), {"vote": "12-snad"})
    assert said(bad) != []
    assert client.post(address(running(3), "live_close", pk=other.pk)).status_code == 404


def test_a_voice_is_written_down_in_a_portal_that_has_known_thousands_of_people(client):
    PersonFactory(pk=12_345)
    meeting = running(3)
    newcomer = SeatFactory(committee=meeting.committee, person=Person.objects.get(pk=12_345)).person
    meeting.participants.create(person=newcomer, seat=newcomer.seats.get())
    live.everybody_here(meeting, actor=operator())
    ballot = put(meeting, method=Method.NAMED)
    signed_in(client)

    page = client.get(address(meeting)).content.decode()
    (value,) = re.findall(r'name="vote" value="(12\D?345-pro)"', page)
    client.post(address(meeting, "live_call_out", pk=ballot.pk), {"vote": value})

    assert ballot.votes.get().voter.person == newcomer


def test_conflicts_are_written_down_and_taken_back(client):
    meeting = running(3)
    live.take_up(item(meeting), actor=operator())
    one = participants(meeting)[1]
    signed_in(client)
    url = address(meeting, "live_conflict", pk=item(meeting).pk)

    client.post(url, {"participant": one.pk, "reason": "Zaměstnanec žadatele"})
    assert Conflict.objects.get().participant == one
    assert "Zaměstnanec žadatele" in text_of(client.get(address(meeting)))
    client.post(url, {"withdraw": one.pk})

    assert not Conflict.objects.exists()


def test_a_task_is_given_from_the_item(client):
    meeting = running(3)
    live.take_up(item(meeting), actor=operator())
    signed_in(client)
    url = address(meeting, "live_task", pk=item(meeting).pk)
    due = timezone.localdate() + datetime.timedelta(days=7)
    form = {
        "text": "Zjistit ceny",
        "person": participants(meeting)[1].pk,
        "due_on": due.isoformat(),
        "token": uuid.uuid4(),
    }

    for _click in range(2):
        client.post(url, form)
    assert client.post(url, form | {"person": "", "token": uuid.uuid4()}).status_code == 422

    task = MeetingTask.objects.get()
    assert (task.person, task.due_on, task.item) == (members_of(meeting)[1], due, item(meeting))
    assert "Zjistit ceny" in text_of(client.get(address(meeting)))


def test_the_end_keeps_what_happened_on_the_page(client):
    meeting = running(3)
    count(put(meeting), 3)
    signed_in(client)

    client.post(address(meeting, "live_run", step="ukoncit"))
    page = text_of(client.get(address(meeting)))

    assert "Jednání skončilo" in page
    assert "Přijato: pro 3" in page
    assert "Pokračovat v jednání" in page
    client.post(address(meeting, "live_run", step="pokracovat"))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.RUNNING
    assert client.post(address(meeting, "live_run", step="jinam")).status_code == 404


# --- News -------------------------------------------------------------------------------------------------------------


def news(client, meeting, **seen):
    return client.get(address(meeting, "live_state"), seen, headers=HTMX)


def test_when_nothing_has_changed_the_answer_is_empty_and_cheap(client, django_assert_num_queries):
    meeting = running(3)
    signed_in(client)
    stamp = client.get(address(meeting)).context["stamp"]

    with django_assert_num_queries(4):  # session, person, two for the stamp
        response = news(client, meeting, z=stamp.whole, k=stamp.stage)

    assert (response.status_code, response.content) == (204, b"")


def test_news_of_another_stage_ask_to_load_the_page_again(client):
    meeting = running(3)
    actor = operator()
    signed_in(client)
    stamp = client.get(address(meeting)).context["stamp"]

    live.leave(participants(meeting)[0], actor=actor)
    people = news(client, meeting, z=stamp.whole, k=stamp.stage)
    put(meeting)
    vote = news(client, meeting, z=people.context["stamp"].whole, k=stamp.stage)

    assert "Načíst znovu" not in text_of(people)
    assert "Přítomno 2 ze 3 členů" in text_of(people)
    assert "Načíst znovu" in text_of(vote)
    assert f"k={stamp.stage}" in vote.content.decode()


CHANGES = {
    "arrival": lambda m, a: live.arrive(participants(m)[2], actor=a),
    "leaving": lambda m, a: live.leave(participants(m)[0], actor=a),
    "undo": lambda m, a: live.undo(participants(m)[0], actor=a),
    "excuse": lambda m, a: live.excuse(participants(m)[2], actor=a),
    "guest": lambda m, a: live.add_guest(m, "Petr Host", actor=a),
    "standing in": lambda m, a: live.represent(
        Participant.objects.get(meeting=m, seat__role=Role.SUBSTITUTE),
        participants(m)[2].seat,
        actor=a,
    ),
    "conflict": lambda m, a: live.declare_conflict(item(m, 2), participants(m)[0], actor=a),
    "item": lambda m, a: live.take_up(item(m, 2), actor=a),
    "text": lambda m, a: live.save_proposal(item(m, 2), text="X", verb="schvaluje", actor=a),
    "voice": lambda m, a: live.call_out(
        Ballot.objects.get(motion__item__meeting=m), members_of(m)[0], "pro", actor=a
    ),
    "closing": lambda m, a: live.close_vote(Ballot.objects.get(motion__item__meeting=m), actor=a),
    "end": lambda m, a: live.end_meeting(m, actor=a),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_news(client, change):
    meeting = running(3, here=2, substitutes_allowed=True)
    actor = operator()
    spare = substitute(meeting.committee)
    meeting.participants.create(person=spare.person, seat=spare)
    if change in {"voice", "closing"}:
        put(meeting, method=Method.NAMED)
    signed_in(client)
    stamp = client.get(address(meeting)).context["stamp"]
    assert news(client, meeting, z=stamp.whole).status_code == 204

    CHANGES[change](meeting, actor)

    assert news(client, meeting, z=stamp.whole).status_code == 200


# --- Many people, many items ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("members", "items"), [(3, 2), (60, 40)])
@pytest.mark.parametrize(
    ("stage", "page_queries", "news_queries"),
    [("item", 20, 18), ("named", 22, 20), ("secret", 21, 19)],
)
def test_query_counts_do_not_grow(
    client, django_assert_num_queries, members, items, stage, page_queries, news_queries
):
    meeting = running(members, items=items, substitutes_allowed=True)
    person = members_of(meeting)[0]
    live.take_up(item(meeting), actor=operator())
    if stage != "item":
        put(meeting, method=stage)
    for number in range(2, min(items, 6)):
        live.declare_conflict(item(meeting, number), participants(meeting)[1], actor=operator())
    signed_in(client, person)
    client.get(address(meeting))

    with django_assert_num_queries(page_queries):
        client.get(address(meeting))
    with django_assert_num_queries(news_queries):
        news(client, meeting, z="old")


# --- Rights -----------------------------------------------------------------------------------------------------------

POSTS = {
    "live_run": {"step": "ukoncit"},
    "live_person": {},
    "live_everybody": {},
    "live_guest": {},
    "live_represent": {},
    "live_take_up": {"pk": 0},
    "live_conflict": {"pk": 0},
    "live_proposal": {"pk": 0},
    "live_task": {"pk": 0},
    "live_count": {"pk": 0},
    "live_call_out": {"pk": 0},
    "live_close": {"pk": 0},
    "live_call_off": {"pk": 0},
}


def cast_of(committee):
    """Everybody who may come, and what the screen answers them."""
    return {
        "chair": (committee.seats.get(role=Role.CHAIR).person, 200),
        "vice-chair": (SeatFactory(committee=committee, role=Role.VICE_CHAIR).person, 200),
        "secretary": (SeatFactory(committee=committee, secretary=True).person, 200),
        "coordinator": (PersonFactory(superuser=True), 200),
        "member": (committee.seats.filter(role=Role.MEMBER).first().person, 403),
        "substitute": (SeatFactory(committee=committee, role=Role.SUBSTITUTE).person, 403),
        "guest": (SeatFactory(committee=committee, role=Role.GUEST).person, 403),
        "chair elsewhere": (SeatFactory(chair=True).person, 403),
        "former chair": (SeatFactory(committee=committee, chair=True, ended=True).person, 403),
        "somebody": (PersonFactory(), 403),
    }


def test_the_screen_is_for_who_runs_the_meeting(client):
    meeting = running(3)

    for name, (person, status) in cast_of(meeting.committee).items():
        client.force_login(Person.objects.get(pk=person.pk))
        assert client.get(address(meeting)).status_code == status, name
        assert news(client, meeting).status_code == status, name


def test_every_action_is_refused_to_a_member(client):
    meeting = running(3)
    _chair, member, _other = participants(meeting)
    ballot = put(meeting, method=Method.NAMED)
    client.force_login(member.person)
    sent = {
        "here": member.pk, "guest_name": "Host", "participant": member.pk, "seat": "",
        "vote": f"{member.person_id}-pro", "reason": "Proč", "votes_for": 1, "votes_against": 0,
        "abstained": 0, "text": "X", "responsible": "Y", "token": uuid.uuid4(),
    }  # fmt: skip

    for name, more in POSTS.items():
        pk = {
            "pk": ballot.pk
            if "count call_out close call_off".find(name[5:]) >= 0
            else item(meeting).pk
        }
        url = address(meeting, name, **(pk if "pk" in more else more))
        data = proposal(meeting) if name == "live_proposal" else sent
        assert client.get(url).status_code == 405, name
        assert client.post(url, data).status_code == 403, name

    ballot.refresh_from_db()
    assert ballot.state == BallotState.OPEN
    assert not ballot.votes.exists()


def test_a_meeting_nobody_called_does_not_exist_for_strangers(client):
    meeting = planned(committee_of(3), state=MeetingState.PLANNED)
    client.force_login(PersonFactory())

    assert client.get(address(meeting)).status_code == 404
    assert client.post(address(meeting, "live_run", step="zahajit")).status_code == 404
