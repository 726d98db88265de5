"""A closed ballot as plain data: what members read, what the public may."""

import datetime

import pytest

from committees.ballots import services
from committees.ballots.enums import Channel, Method
from committees.ballots.facts import BallotFacts, facts_of
from committees.ballots.selectors import per_rollam_between
from committees.bodies.enums import Side
from committees.bodies.models import Seat
from committees.people.models import Person
from kpss import canonical
from tests.committees.ballots.building import (
    at_meeting,
    cast,
    closed,
    committee_of,
    manager,
    members_of,
    opened,
)

pytestmark = pytest.mark.django_db

HIDDEN = "zástupce uživatelů a\N{NO-BREAK SPACE}pečujících"


def one_of_each(**rules):
    """A closed ballot: the commissioner for, the provider against, the user abstains, one more conflict, one silent."""
    committee = committee_of(5, **rules)
    ballot = opened(committee)
    first, second, third, fourth, _silent = members_of(committee)
    cast(ballot, first, "pro", reason="Je to potřeba.")
    cast(ballot, second, "proti", channel=Channel.OPERATOR, entered_by=manager())
    cast(ballot, third, "zdrzel", reason="Můj syn službu potřebuje.")
    services.declare_conflict(ballot, fourth, reason="Jsem žadatel.", channel=Channel.LINK)
    return closed(ballot)


def test_members_read_who_said_what():
    ballot = one_of_each()
    names = [person.get_full_name() for person in members_of(ballot.committee)]

    [facts] = facts_of([ballot], internal=True)

    assert [(vote.who, vote.answer, vote.reason) for vote in facts.votes] == [
        (names[0], "pro", "Je to potřeba."),
        (names[1], "proti", ""),
        (names[2], "zdržení se", "Můj syn službu potřebuje."),
        (names[3], "střet zájmů, bez hlasu", "Jsem žadatel."),
        (names[4], "bez odpovědi", ""),
    ]
    assert facts.asked == tuple(names)
    assert facts.votes[0].presides
    assert facts.votes[1].channel == "zapsáno za člena"
    assert all(vote.at for vote in facts.votes[:4])
    assert facts.result.startswith("Nepřijato: pro 1, proti 1, zdržel se 1 z")
    assert facts.remarks[0] == (
        "1 člen neodpověděl; podle jednacího řádu se to nepočítá jako hlas."
    )


def test_the_public_reads_names_only_where_rules_and_people_let_it():
    secretive, open_ = one_of_each(), one_of_each(votes_public=True)
    third = members_of(open_.committee)[2].get_full_name()

    [silent, said] = facts_of([secretive, open_], internal=False)

    assert silent.votes == ()
    assert HIDDEN in silent.asked
    hidden = [vote for vote in said.votes if not vote.is_named]
    assert [(v.who, v.answer, v.reason, v.at, v.channel) for v in hidden] == [
        (HIDDEN, "zdržení se", "", None, "")
    ]
    assert said.votes[-1] in hidden  # the order does not give the name away
    assert said.votes[0].reason == "Je to potřeba."
    assert said.votes[2].reason == ""  # why somebody has a conflict is not for the public
    for text in (third, "Můj syn", "Jsem žadatel"):
        assert text not in repr(said)
        assert text not in repr(silent)


def test_consent_of_a_user_shows_the_name():
    ballot = one_of_each(votes_public=True)
    Seat.objects.filter(committee=ballot.committee, side=Side.USER).update(
        name_consent_on=datetime.date(2020, 1, 1), name_consent_text="Souhlasím."
    )

    [facts] = facts_of([ballot], internal=False)

    assert all(vote.is_named for vote in facts.votes)


def test_hands_and_secret_votes_name_nobody():
    committee, actor = committee_of(3), manager()
    ballots = [at_meeting(committee, method=method) for method in (Method.HANDS, Method.SECRET)]
    for ballot in ballots:
        services.close_ballot(ballot, actor=actor, votes_for=2)

    for facts in facts_of(ballots, internal=True):
        assert facts.votes == ()
        assert len(facts.asked) == 3


def test_facts_are_plain_data_and_come_back_whole():
    [facts] = facts_of([one_of_each()], internal=True)

    assert canonical.parse(BallotFacts, canonical.canonical(facts)) == facts


def test_the_fingerprint_survives_names_and_notices_everything_else():
    ballot = one_of_each()
    [before] = facts_of([ballot], internal=True)

    Person.objects.update(first_name="", last_name="Smazaná osoba", sort_key="x")
    [erased] = facts_of([type(ballot).objects.get(pk=ballot.pk)], internal=False)

    assert erased.fingerprint == before.fingerprint
    other = one_of_each()
    assert facts_of([other], internal=True)[0].fingerprint != before.fingerprint


@pytest.mark.parametrize("count", [1, 3])
def test_facts_cost_the_same_for_one_and_many(count, django_assert_num_queries):
    ballots = [one_of_each() for _n in range(count)]
    pks = [ballot.pk for ballot in ballots]
    found = type(ballots[0]).objects.filter(pk__in=pks).select_related("committee", "resolution")

    with django_assert_num_queries(7):
        assert len(facts_of(found, internal=True)) == count


def test_ballots_between_two_meetings():
    committee = committee_of(1)
    first, second = opened(committee, days=10), opened(committee, days=20)
    elsewhere = opened(committee_of(1))
    for ballot in (first, second, elsewhere):
        closed(ballot)
    first.refresh_from_db()
    second.refresh_from_db()

    between = per_rollam_between(committee, first.closed_at, second.closed_at)

    assert list(between) == [first]
    assert list(
        per_rollam_between(committee, first.closed_at, second.closed_at + datetime.timedelta(1))
    ) == [first, second]
