"""Passages in ``[[ … ]]`` of a ballot per rollam are for members only, wherever the ballot is shown."""

import pytest
from django.urls import reverse

from committees.ballots import services
from committees.meetings.pages import address as in_meeting
from committees.meetings.services import live
from documents import store
from tests.committees.ballots.building import cast, closed, committee_of, members_of, opened
from tests.committees.ballots.test_voting_pages import text
from tests.committees.meetings import live_table
from tests.pdf_checks import text_of

pytestmark = pytest.mark.django_db

HIDDEN = "kanár"


@pytest.fixture
def ballot():
    """A finished ballot that hides a passage in every text the public could read."""
    ballot = opened(
        committee_of(3, votes_public=True),
        title=f"Dar [[pro {HIDDEN}a]]",
        text=f"Skupina schvaluje dar [[{HIDDEN}kovi]] na dopravu.",
    )
    for person in members_of(ballot.committee):
        cast(ballot, person, reason=f"Je to správné [[kvůli {HIDDEN}u]].")
    ended = closed(ballot)
    services.make_protocol(ended.pk)
    ended.refresh_from_db()
    return ended


def addresses_of(ballot) -> list[str]:
    slug = ballot.committee.slug
    return [
        ballot.get_absolute_url(),
        ballot.committee.get_absolute_url(),
        reverse("ballots:ballot_list", args=[slug]),
        reverse("minutes:resolution_detail", args=[slug, ballot.resolution_id]),
    ]


def test_pages_show_hidden_passages_to_members_and_to_nobody_else(client, ballot):
    client.force_login(members_of(ballot.committee)[1])
    for address in addresses_of(ballot):
        assert HIDDEN in text(client.get(address)), address
    client.logout()

    for address in addresses_of(ballot):
        page = text(client.get(address))
        assert "Dar [neveřejné]" in page, address
        assert HIDDEN not in page, address


def test_public_protocol_hides_them_and_so_does_the_name_of_its_file(client, ballot):
    assert HIDDEN in "".join(text_of(store.read(ballot.protocol)))

    public = "".join(text_of(store.read(ballot.protocol_public)))
    answer = client.get(reverse("ballots:ballot_protocol", args=[ballot.committee.slug, ballot.pk]))
    answer.close()

    assert "Dar [neveřejné]" in public
    assert HIDDEN not in public
    assert "kanar" not in answer["Content-Disposition"]


@pytest.mark.parametrize("public", [True, False])
def test_the_wall_hides_them_where_the_public_sits_in_the_room(client, public):
    meeting = live_table.running(3, public=public)
    point = live_table.item(meeting)
    point.title, point.proposal = f"Dar [[pro {HIDDEN}a]]", f"Dáváme [[{HIDDEN}kovi]] dar."
    point.save()
    live.take_up(point, actor=live_table.operator())
    client.force_login(live_table.members_of(meeting)[0])
    wall = in_meeting("live_board", meeting)

    waiting = text(client.get(wall))
    vote = live_table.put(meeting)
    voting = text(client.get(wall))
    live_table.count(vote, 3)
    counted = text(client.get(wall))

    assert [HIDDEN in page for page in (waiting, voting, counted)] == [not public] * 3
