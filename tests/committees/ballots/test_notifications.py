"""Who is told what, by mail and on the desk; each once."""

import datetime
import re

import pytest
from django.core import mail
from django.utils.translation import override

from committees.ballots import desk, services
from committees.ballots.enums import Channel
from committees.bodies.enums import Role
from committees.bodies.models import Seat
from committees.bodies.seating import end_seat
from kpss import clock
from kpss.links import services as links
from kpss.outbox import services as outbox
from kpss.outbox.models import Message, Notice
from tests.committees.ballots.building import (
    after_deadline,
    at_meeting,
    cast,
    closed,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
)
from tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def mails(what) -> list[Message]:
    return list(Message.objects.filter(dedup_key__contains=f"-{what}-").order_by("pk"))


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def without_mail(person):
    type(person).objects.filter(pk=person.pk).update(email=None)


def test_everybody_with_an_address_is_asked_by_a_link_of_their_own():
    committee = committee_of(3)
    without_mail(members_of(committee)[2])

    ballot = opened(committee)

    asked = mails("opened")
    assert [message.person for message in asked] == members_of(committee)[:2]
    assert all(message.is_urgent for message in asked)
    body = plain(asked[0].body)
    assert f"{committee.name} rozhoduje mimo jednání" in body
    assert ballot.text in body
    assert "⟦odkaz:" in body
    assert "/o/" not in body
    addresses = {
        re.search(r"\S+/o/\S+", links.fill(message.body, message.person))[0] for message in asked
    }
    assert len(addresses) == 2


def test_the_receipt_says_how_only_behind_the_link():
    """Mails can be read in the admin; until the vote ends nobody there may learn how somebody voted."""
    committee = committee_of(2)
    ballot = opened(committee)
    first, second = members_of(committee)
    actor = manager()

    receipt = cast(ballot, first, "proti")
    cast(ballot, second, "zdrzel", channel=Channel.OPERATOR, entered_by=actor)

    own, entered = mails("counted")
    assert receipt.code in own.body
    assert "⟦odkaz:" in own.body
    assert "proti" not in own.body
    assert "Hlas: zdržení se" in plain(entered.body)
    assert f"Zápis provedl(a): {actor.get_full_name()}" in plain(entered.body)


def test_a_conflict_and_the_calling_off_are_confirmed():
    committee = committee_of(2)
    ballot = opened(committee)
    services.declare_conflict(ballot, members_of(committee)[0], channel=Channel.LINK)

    services.cancel_ballot(ballot, actor=manager(), note="Chyba v podkladech.")

    assert [message.person for message in mails("conflict")] == members_of(committee)[:1]
    assert [message.person for message in mails("cancelled")] == members_of(committee)
    assert "Důvod: Chyba v podkladech." in plain(mails("cancelled")[0].body)


def test_the_end_is_told_to_voters_by_mail_and_to_who_runs_it_in_the_daily_one():
    committee, actor = committee_of(2), manager()
    voters = members_of(committee)
    secretary = SeatFactory(committee=committee, role=Role.SECRETARY).person
    ballot = opened(committee, actor=actor)
    for person in voters:
        cast(ballot, person)

    later = ballot.deadline + datetime.timedelta(seconds=1)
    services.close_due(later)
    services.close_due(later)

    ended = type(ballot).objects.get(pk=ballot.pk)
    told = mails("closed")
    assert [message.person for message in told] == voters
    body = plain(told[0].body)
    assert "Přijato: pro 2, proti 0, zdrželo se 0 z 2 členů." in body.replace("ze 2", "z 2")
    assert f"usnesení č. {ended.resolution.number}" in body
    assert set(Notice.objects.values_list("person", flat=True)) == {actor.pk, secretary.pk}


def test_a_meeting_sends_nothing():
    committee = committee_of(2)
    ballot = at_meeting(committee)
    cast(ballot, members_of(committee)[0])
    services.close_ballot(ballot, actor=manager())

    assert Message.objects.count() == 0
    assert Notice.objects.count() == 0


def test_mails_are_czech_whoever_did_it():
    committee = committee_of(1)

    with override("en"):
        ballot = opened(committee)
        cast(ballot, members_of(committee)[0])
        closed(ballot)

    subjects = " ".join(Message.objects.values_list("subject", flat=True))
    for words in ("Hlasujte prosím", "Váš hlas je započítaný", "Jak hlasování dopadlo"):
        assert words in subjects
    assert "Přijato" in mails("closed")[0].body


def test_what_is_written_goes_out_with_a_working_link(client):
    committee = committee_of(1)
    opened(committee)

    assert outbox.deliver_due() == 1

    [letter] = mail.outbox
    address = re.search(r"https?://[^/]+(/o/\S+)", letter.body)[1]
    assert client.get(address).status_code == 200


# --- Reminders ---------------------------------------------------------------------------------------------------------


def test_reminders_go_by_themselves_halfway_and_a_day_before_the_end_once_each():
    committee = committee_of(4)
    ballot = opened(committee, days=10)
    first, second, third, fourth = members_of(committee)
    cast(ballot, first)
    services.declare_conflict(ballot, second, channel=Channel.LINK)
    sent = []

    for day in (4, 5.01, 5.5, 8, 9.01, 9.5, 9.9):
        sent.append(services.remind_due(ballot.opened_at + datetime.timedelta(days=day)))
        if day == 5.5:
            cast(ballot, third)

    assert sent == [0, 2, 0, 0, 1, 0, 0]
    assert [message.person for message in mails("reminder-halfway")] == [third, fourth]
    assert [message.person for message in mails("reminder-last")] == [fourth]
    assert not mails("reminder-halfway")[0].is_urgent
    with after_deadline(ballot):
        assert services.remind_due() == 0


def test_a_late_portal_sends_one_reminder_not_two():
    ballot = opened(committee_of(2), days=10)

    assert services.remind_due(ballot.deadline - datetime.timedelta(hours=5)) == 2
    assert services.remind_due(ballot.deadline - datetime.timedelta(hours=4)) == 0
    assert mails("reminder-halfway") == []


def test_nobody_is_reminded_who_cannot_vote_or_does_not_want_it():
    committee = committee_of(3)
    ballot = opened(committee)
    first, second, third = members_of(committee)
    without_mail(first)
    outbox.stop_daily(second)
    end_seat(Seat.objects.get(committee=committee, person=third), actor=None)

    assert services.remind(ballot, actor=manager()) == 0
    assert Message.objects.filter(dedup_key__contains="-reminder-").count() == 0


# --- Desks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_member_s_desk_says_where_to_vote(count, django_assert_num_queries):
    committee = committee_of(2)
    member = members_of(committee)[1]
    ballots = [opened(committee, title=f"Návrh {n}", days=10 + n) for n in range(count)]
    done, off = opened(committee), opened(committee)
    cast(done, member)
    services.declare_conflict(off, member, channel=Channel.LINK)
    draft(committee)
    at_meeting(committee)

    with django_assert_num_queries(1):
        lines = desk.waiting_for(member)

    assert [line.what for line in lines] == [f"Hlasování: {ballot.title}" for ballot in ballots]
    assert [line.until for line in lines] == [ballot.deadline for ballot in ballots]
    assert {line.action for line in lines} == {"Hlasovat"}
    with clock.at(ballots[-1].deadline):
        assert desk.waiting_for(member) == []
    end_seat(Seat.objects.get(committee=committee, person=member), actor=None)
    assert desk.waiting_for(member) == []


@pytest.mark.parametrize("count", [1, 3])
def test_who_runs_ballots_sees_what_waits_for_a_hand(count, django_assert_num_queries):
    committee = committee_of(2)
    chair, member = members_of(committee)
    without_mail(member)
    for _n in range(count):
        closed(opened(committee))
    for _n in range(count):
        draft(committee)
        opened(committee)
        opened(committee_of(1))
    coordinator = manager()

    with django_assert_num_queries(5):
        lines = desk.waiting_for_chair(chair)

    assert sorted({line.what for line in lines}) == [
        "Protokol o hlasování ještě není vytvořený",
        "Připravené hlasování per rollam není otevřené",
        "Zapište hlas za 1 člena bez e-mailu",
    ]
    assert len(lines) == 3 * count
    assert len(desk.waiting_for_manager(coordinator)) == 3 * count
    assert desk.waiting_for_manager(member) == desk.waiting_for_chair(member) == []
    assert desk.waiting_for_chair(coordinator) == []
