"""The projector: what the room reads, who may open it, what it hides from the public."""

import pytest
from django.urls import reverse

from committees.ballots.enums import Method
from committees.bodies.enums import Role
from committees.meetings.services import live
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import (
    count,
    item,
    members_of,
    operator,
    participants,
    planned,
    put,
    running,
)
from tests.committees.meetings.test_live_pages import HTMX, address, text_of
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


def board(client, meeting, **seen):
    name = "live_board_state" if seen else "live_board"
    return client.get(address(meeting, name), seen, headers=HTMX if seen else {})


def test_the_room_reads_item_text_quorum_and_result_and_no_name(client):
    meeting = running(9, public=True)
    live.take_up(item(meeting), actor=operator())

    waiting = text_of(board(client, meeting))
    ballot = put(meeting, method=Method.NAMED, title="Pozměňovací návrh")
    live.call_out(ballot, members_of(meeting)[0], "pro", actor=operator())
    voting = text_of(board(client, meeting))
    live.close_vote(ballot, actor=operator())
    count(put(meeting), 9)
    done = text_of(board(client, meeting))

    assert "Skupina schvaluje návrh 1." in waiting
    assert "Přítomno 9 z 9 členů, skupina je usnášeníschopná." in waiting
    assert "Pozměňovací návrh" in voting
    assert "Odevzdané hlasy: 1. Ještě chybí: 8." in voting
    assert "Nepřijato: pro 1, proti 0" in done
    assert "Přijato: pro 9, proti 0, zdrželo se 0 z 9 členů" in done
    for page in (waiting, voting, done):
        assert not any(person.last_name in page for person in members_of(meeting))
        assert "<button" not in page


def test_an_internal_item_is_for_members_only(client):
    meeting = running(3, public=True)
    point = item(meeting)
    point.is_internal = True
    point.save()
    live.take_up(point, actor=operator())
    count(put(meeting), 3)

    public = text_of(board(client, meeting))
    client.force_login(members_of(meeting)[1])
    member = text_of(board(client, meeting))

    assert "Projednává se neveřejný bod" in public
    assert point.title not in public
    assert "Přijato" not in public
    assert point.title in member
    assert "Přijato" in member


def test_what_hangs_under_an_internal_item_is_hidden_too(client):
    meeting = running(3, public=True)
    above = item(meeting)
    above.is_internal = True
    above.save()
    below = meeting.items.create(parent=above, position=1, title="Podbod o člověku")
    live.take_up(below, actor=operator())

    assert below.title not in text_of(board(client, meeting))


def test_who_may_open_it(client):
    open_meeting, shut = running(3, public=True), running(3)
    committee = shut.committee
    insiders = [
        members_of(shut)[2],
        SeatFactory(committee=committee, role=Role.GUEST).person,
        PersonFactory(superuser=True),
    ]

    assert board(client, open_meeting).status_code == 200
    anonymous = board(client, shut)
    assert anonymous["Location"] == f"{reverse('account_login')}?next={address(shut, 'live_board')}"
    nowhere = client.get(address(shut, "live_board").replace("-1/", "-77/"))
    assert nowhere["Location"].startswith(reverse("account_login"))
    assert board(client, shut, z="x").status_code == 404
    for person in insiders:
        client.force_login(person)
        assert board(client, shut).status_code == 200
    for person in (PersonFactory(), members_of(open_meeting)[0]):
        client.force_login(person)
        assert board(client, shut).status_code == 404
        assert board(client, shut, z="x").status_code == 404


def test_before_and_after_it_says_so(client):
    meeting = planned(committee_of(3), is_public=True)

    assert "Jednání ještě nezačalo" in text_of(board(client, meeting))
    live.start_meeting(meeting, actor=operator())
    assert "Jednání začalo" in text_of(board(client, meeting))
    live.end_meeting(meeting, actor=operator())
    assert "Jednání skončilo" in text_of(board(client, meeting))


def test_it_is_swapped_only_when_something_has_changed(client, django_assert_num_queries):
    meeting = running(3, public=True)
    stamp = board(client, meeting).context["stamp"].whole

    with django_assert_num_queries(2):
        assert board(client, meeting, z=stamp).status_code == 204
    live.leave(participants(meeting)[0], actor=operator())
    fragment = board(client, meeting, z=stamp)

    assert "<html" not in fragment.content.decode()
    assert "Přítomno 2 ze 3 členů" in text_of(fragment)


@pytest.mark.parametrize(("members", "items"), [(3, 2), (60, 40)])
def test_query_count_does_not_grow(client, django_assert_num_queries, members, items):
    meeting = running(members, items=items, public=True)
    put(meeting, method=Method.NAMED)
    board(client, meeting)

    with django_assert_num_queries(14):
        board(client, meeting)
    with django_assert_num_queries(15):
        board(client, meeting, z="old")
