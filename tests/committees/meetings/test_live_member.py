"""A member's page on her telephone: by a personal link and signed in."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.ballots.enums import Channel, Method
from committees.ballots.models import Vote, Voter
from committees.ballots.services import cast_vote
from committees.bodies.enums import Role
from committees.bodies.seating import end_seat
from committees.meetings.enums import Format
from committees.meetings.models import AgendaPaper, Conflict, Presence
from committees.meetings.notifications import personal_link
from committees.meetings.services import live
from documents.store.files import put as store_file
from kpss import clock
from kpss.links import services as links
from tests.committees.ballots.building import committee_of
from tests.committees.meetings.live_table import (
    MINUTE,
    begun,
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
from tests.committees.meetings.test_live_pages import HTMX, address, text_of
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db


def link_of(meeting, person) -> str:
    """The address of the person's page, without the site."""
    token = links.token_of(personal_link(meeting, person))
    return reverse("links:open", kwargs={"token": token, "rest": ""})


@pytest.fixture(params=["link", "signed in"])
def way(request, client):
    """How she comes to her page: gives its address for a meeting and a person."""

    def enter(meeting, person):
        if request.param == "link":
            return link_of(meeting, person)
        client.force_login(person)
        return address(meeting, "live_mine")

    enter.channel = Channel.LINK if request.param == "link" else Channel.SIGNED_IN
    return enter


def voters(meeting, method=Method.NAMED):
    """An open vote and two members other than the chair."""
    ballot = put(meeting, method=method)
    _chair, first, second, *_others = members_of(meeting)
    return ballot, first, second


def choose(ballot, choice="pro"):
    return {"hlasovani": ballot.pk, "volba": choice}


# --- Voting -----------------------------------------------------------------------------------------------------------


def test_three_buttons_a_check_and_a_receipt(client, way):
    meeting = running(4, votes_public=True)
    ballot, person, _other = voters(meeting)
    base = way(meeting, person)

    page = client.get(base)
    assert ballot.text in text_of(page)
    assert page.content.decode().count('name="volba"') == 3
    check = client.get(f"{base}hlas/", choose(ballot, "proti"))
    assert "Váš hlas: proti" in text_of(check)
    assert not Vote.objects.exists()
    done = client.post(f"{base}hlas/", choose(ballot, "proti"))

    assert done["Location"] == base
    vote = Vote.objects.get()
    assert (vote.voter.person, vote.choice, vote.channel) == (person, "proti", way.channel)
    page = text_of(client.get(base))
    assert "Váš hlas je započítán." in page
    assert f"Váš hlas: proti. Kód potvrzení: {vote.receipt}" in page


def test_a_second_click_counts_once_and_says_what_was_counted(client, way):
    meeting = running(4)
    ballot, person, _other = voters(meeting)
    base = way(meeting, person)

    first = client.post(f"{base}hlas/", choose(ballot, "pro"))
    second = client.post(f"{base}hlas/", choose(ballot, "proti"))

    assert first["Location"] == second["Location"] == base
    assert Vote.objects.get().choice == "pro"
    assert client.get(f"{base}hlas/", choose(ballot))["Location"] == base


def test_a_secret_vote_leaves_no_trace_of_the_choice(client, way):
    meeting = running(4)
    ballot, person, _other = voters(meeting, Method.SECRET)
    base = way(meeting, person)

    assert "Hlasování je tajné" in text_of(client.get(f"{base}hlas/", choose(ballot)))
    client.post(f"{base}hlas/", choose(ballot))

    page = text_of(client.get(base))
    assert "Váš hlas je započítán." in page
    assert "Kód potvrzení" not in page
    assert Voter.objects.get(ballot=ballot, has_voted=True).person == person
    assert not Vote.objects.exists()


@pytest.mark.parametrize("method", [Method.HANDS, Method.SECRET_PAPER])
def test_where_hands_or_slips_are_counted_there_is_nothing_to_press(client, way, method):
    meeting = running(4)
    ballot, person, _other = voters(meeting, method)
    base = way(meeting, person)

    assert 'name="volba"' not in client.get(base).content.decode()
    assert client.post(f"{base}hlas/", choose(ballot)).status_code == 409
    assert not Vote.objects.exists()


def test_who_is_not_on_the_roll_cannot_vote(client, way):
    meeting = running(4, here=3)
    ballot = put(meeting, method=Method.NAMED)
    late = members_of(meeting)[3]
    live.arrive(of(meeting, late), actor=operator())
    base = way(meeting, late)

    page = client.get(base)
    assert "Tentokrát nemáte hlas" in text_of(page)
    assert 'name="volba"' not in page.content.decode()
    assert client.get(f"{base}hlas/", choose(ballot))["Location"] == base
    refused = client.post(f"{base}hlas/", choose(ballot))
    assert refused.status_code == 409
    assert "hlas nemáte" in text_of(refused)
    assert not Vote.objects.exists()


def test_who_declared_a_conflict_does_not_vote(client, way):
    meeting = running(4)
    live.declare_conflict(item(meeting), participants(meeting)[1], actor=operator())
    ballot, person, _other = voters(meeting)
    base = way(meeting, person)

    assert "Nahlásili jste střet zájmů" in text_of(client.get(base))
    assert client.post(f"{base}hlas/", choose(ballot)).status_code == 409
    assert not Vote.objects.exists()


def test_an_ended_mandate_closes_the_page_at_once(client, way):
    meeting = running(4)
    ballot, person, _other = voters(meeting)
    base = way(meeting, person)
    assert client.get(base).status_code == 200

    end_seat(of(meeting, person).seat, actor=operator(), reason="Rezignace")

    assert client.get(base).status_code == 404
    assert client.post(f"{base}hlas/", choose(ballot)).status_code == 404
    assert client.post(f"{base}stret/", {"item": item(meeting).pk}).status_code == 404
    assert not Vote.objects.exists()


def test_a_ballot_of_another_meeting_is_refused(client, way):
    meeting, other = running(4), running(4)
    foreign, _person, _other = voters(other)
    person = members_of(meeting)[1]
    base = way(meeting, person)

    assert client.post(f"{base}hlas/", choose(foreign)).status_code == 404
    assert not Vote.objects.exists()


def test_an_old_page_does_not_vote_in_the_next_ballot(client, way):
    meeting = running(4)
    first, person, _other = voters(meeting)
    base = way(meeting, person)
    live.close_vote(first, actor=operator())
    put(meeting, method=Method.NAMED)

    late = client.post(f"{base}hlas/", choose(first))

    assert late.status_code == 409
    assert "už skončilo" in text_of(late) or "skončilo" in text_of(late)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"hlasovani": "x", "volba": "pro"}, {"volba": "pro"}])
def test_nonsense_leads_back(client, way, sent):
    meeting = running(4)
    ballot, person, _other = voters(meeting)
    base = way(meeting, person)

    for answer in (client.get(f"{base}hlas/", sent), client.post(f"{base}hlas/", sent)):
        assert answer["Location"] == base
    wrong = client.post(f"{base}hlas/", choose(ballot, "snad"))
    assert wrong["Location"] == base
    assert client.get(f"{base}jinam/").status_code == 404


def test_a_substitute_votes_for_the_member_who_is_away(client, way):
    meeting = running(4, here=3, substitutes_allowed=True)
    away = participants(meeting)[3]
    spare = substitute(meeting.committee, named_for=away.seat)
    live.take_up(item(meeting), actor=operator())
    live.arrive(of(meeting, spare.person), actor=operator())
    ballot = put(meeting, method=Method.NAMED)
    base = way(meeting, spare.person)

    assert f"Hlasujete za: {away.person}" in text_of(client.get(base))
    client.post(f"{base}hlas/", choose(ballot))

    assert Vote.objects.get().voter.seat == away.seat


# --- Conflict and attendance ------------------------------------------------------------------------------------------


def test_she_declares_her_conflict_and_takes_it_back(client, way):
    meeting = running(4)
    live.take_up(item(meeting), actor=operator())
    person = members_of(meeting)[1]
    base = way(meeting, person)

    assert "Mám u tohoto bodu střet zájmů" in text_of(client.get(base))
    form = client.get(f"{base}stret/").context["form"]
    sent = {"item": form["item"].value(), "reason": "Dcera u žadatele"}
    client.post(f"{base}stret/", sent)

    conflict = Conflict.objects.get()
    assert (conflict.participant.person, conflict.reason) == (person, "Dcera u žadatele")
    assert "Váš střet zájmů u tohoto bodu je zapsaný" in text_of(client.get(base))
    client.post(f"{base}stret/", sent | {"withdraw": "1"})
    assert not Conflict.objects.exists()


def test_a_conflict_is_never_declared_at_another_item_than_she_saw(client, way):
    meeting = running(4)
    live.take_up(item(meeting, 1), actor=operator())
    person = members_of(meeting)[1]
    base = way(meeting, person)
    live.take_up(item(meeting, 2), actor=operator())

    answer = client.post(f"{base}stret/", {"item": item(meeting, 1).pk, "reason": ""})

    assert answer.status_code == 409
    assert "přešlo k jinému bodu" in text_of(answer)
    assert client.post(f"{base}stret/", {"reason": "x" * 400}).status_code == 422
    assert not Conflict.objects.exists()


def test_during_a_vote_it_is_too_late_for_a_conflict(client, way):
    meeting = running(4)
    _ballot, person, _other = voters(meeting)
    base = way(meeting, person)

    assert "Mám u tohoto bodu" not in text_of(client.get(base))
    assert client.get(f"{base}stret/")["Location"] == base
    answer = client.post(f"{base}stret/", {"item": item(meeting).pk})
    assert answer.status_code == 409
    assert not Conflict.objects.exists()


def test_she_says_she_is_here_online_and_leaves(client, way):
    meeting = running(4, here=0, format=Format.HYBRID)
    person = members_of(meeting)[1]
    base = way(meeting, person)

    assert "Jsem tady online" in text_of(client.get(base))
    for _click in range(2):
        assert client.post(f"{base}online/")["Location"] == base
    assert Presence.objects.get().is_online
    assert "Máte zapsanou účast online." in text_of(client.get(base))
    with clock.at(timezone.now() + MINUTE):
        client.post(f"{base}online/", {"leave": "1"})
    assert Presence.objects.get().left_at is not None


def test_to_a_table_nobody_comes_by_a_click(client, way):
    meeting = running(4, here=0)
    base = way(meeting, members_of(meeting)[1])

    page = text_of(client.get(base))
    answer = client.post(f"{base}online/")

    assert "Jsem tady online" not in page
    assert "Nemáte zapsaný příchod" in page
    assert answer.status_code == 409
    assert not Presence.objects.exists()


def test_who_sits_at_the_table_does_not_leave_by_a_click(client, way):
    meeting = running(4, format=Format.HYBRID)
    base = way(meeting, members_of(meeting)[1])

    client.post(f"{base}online/", {"leave": "1"})

    assert not Presence.objects.exclude(left_at=None).exists()


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_a_link_opens_its_own_meeting_only(client):
    meeting, other = running(4), running(4)
    _ballot, person, _other = voters(meeting)
    SeatFactory(committee=other.committee, person=person, role=Role.GUEST)

    page = text_of(client.get(link_of(meeting, person)))

    assert meeting.committee.name in page
    assert other.committee.name not in page


def test_strangers_have_no_page(client):
    meeting = running(4)

    for person in (PersonFactory(), SeatFactory().person, operator()):
        client.force_login(person)
        assert client.get(address(meeting, "live_mine")).status_code == 404


def test_papers_to_the_item_are_at_hand_and_internal_ones_are_for_members(client, way):
    meeting = running(3)
    person, guest = members_of(meeting)[1], PersonFactory()
    meeting.participants.create(person=guest)
    for name, is_internal in (("navrh.pdf", False), ("duvody.pdf", True)):
        file = store_file(f"%PDF-1.7 {name}".encode(), content_type="application/pdf")
        AgendaPaper.objects.create(
            item=item(meeting, 1), file=file, file_name=name, is_internal=is_internal
        )
    live.take_up(item(meeting, 1), actor=operator())

    page = client.get(way(meeting, person))
    (first, second) = re.findall(r'href="([^"]+/podklad[^"]+)"', page.content.decode())
    assert client.get(first).status_code == client.get(second).status_code == 200
    page = client.get(link_of(meeting, guest))
    assert "navrh.pdf" in text_of(page)
    assert "duvody.pdf" not in text_of(page)


def test_a_permanent_guest_listens_and_does_not_vote(client, way):
    meeting = running(4)
    seat = SeatFactory(committee=meeting.committee, role=Role.GUEST)
    meeting.participants.create(person=seat.person, seat=seat)
    ballot, _person, _other = voters(meeting)
    base = way(meeting, seat.person)

    assert "Hlasují členové, vy jste tu jako host." in text_of(client.get(base))
    assert client.post(f"{base}hlas/", choose(ballot)).status_code == 409


def test_an_invited_guest_does_not_see_internal_items(client):
    meeting = running(4)
    guest = PersonFactory()
    meeting.participants.create(person=guest)
    point = item(meeting)
    point.is_internal = True
    point.save()
    ballot = put(meeting, method=Method.NAMED)

    page = text_of(client.get(link_of(meeting, guest)))
    member = text_of(client.get(link_of(meeting, members_of(meeting)[1])))

    assert point.title in member
    assert point.title not in page
    assert ballot.text not in page
    assert "Projednává se neveřejný bod" in page


def test_before_and_after_the_meeting_the_page_says_so(client):
    meeting = planned(committee_of(3))
    person = meeting.committee.seats.order_by("pk")[1].person
    client.force_login(person)
    url = address(meeting, "live_mine")

    assert "Jednání ještě nezačalo" in text_of(client.get(url))
    begun(meeting)
    assert "Jednání začalo" in text_of(client.get(url))
    live.end_meeting(meeting, actor=operator())
    assert "Jednání skončilo" in text_of(client.get(url))


def test_the_page_rests_while_others_vote_and_come(client, way):
    meeting = running(5, here=4)
    ballot, person, other = voters(meeting)
    base = way(meeting, person)
    stamp = client.get(base).context["stamp"]

    cast_vote(ballot, other, "pro", channel=Channel.LINK)
    live.arrive(participants(meeting)[4], actor=operator())
    assert client.get(f"{base}stav/", {"z": stamp}, headers=HTMX).status_code == 204
    live.call_out(ballot, person, "pro", actor=operator())

    fragment = client.get(f"{base}stav/", {"z": stamp}, headers=HTMX)
    assert "Váš hlas je započítán." in text_of(fragment)


def test_her_page_is_swapped_only_when_something_has_changed(client, way):
    meeting = running(4)
    person = members_of(meeting)[1]
    base = way(meeting, person)
    stamp = client.get(base).context["stamp"]

    assert client.get(f"{base}stav/", {"z": stamp}, headers=HTMX).status_code == 204
    put(meeting, method=Method.NAMED)
    fragment = client.get(f"{base}stav/", {"z": stamp}, headers=HTMX)

    assert "<html" not in fragment.content.decode()
    assert fragment.content.decode().count('name="volba"') == 3


@pytest.mark.parametrize(("members", "items"), [(3, 2), (60, 40)])
def test_query_count_does_not_grow(client, django_assert_num_queries, members, items):
    meeting = running(members, items=items)
    _ballot, person, _other = voters(meeting)
    client.force_login(person)
    url = address(meeting, "live_mine")
    client.get(url)

    with django_assert_num_queries(18):
        client.get(url)
    with django_assert_num_queries(19):
        client.get(f"{url}stav/", {"z": "old"}, headers=HTMX)
    stamp = client.get(url).context["stamp"]
    with django_assert_num_queries(7):  # session, person, rights, meeting, two for the stamp
        client.get(f"{url}stav/", {"z": stamp}, headers=HTMX)
