"""Trial V9: whatever changes after a ballot opens, by whatever way, its outcome does not."""

import datetime
import random
import uuid

import pytest
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.utils import timezone

from committees.ballots import services
from committees.ballots.enums import BallotState, Channel, Method
from committees.ballots.facts import facts_of
from committees.ballots.models import Ballot, BallotEvent, BallotPaper, Urn, Vote, Voter
from committees.bodies.enums import CommitteeKind, Majority, Quorum, Role, Silence
from committees.bodies.models import Committee, Rules, Seat
from committees.people.models import Person
from documents.store.uploads import CheckedFile
from tests.committees.ballots.building import (
    at_meeting,
    cast,
    closed,
    committee_of,
    draft,
    manager,
    members_of,
    opened,
    tally,
)
from tests.factories import PersonFactory, SeatFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def sql(statement):
    """A work that runs the statement; ``{t}`` is the ballot, ``{v}`` a voter who has voted, ``{w}`` one who has not."""

    def work(ballot):
        voted, waiting = (
            ballot.voters.filter(votes__isnull=is_waiting).first() for is_waiting in (False, True)
        )
        with connection.cursor() as cursor:
            cursor.execute(statement.format(t=ballot.pk, v=voted.pk, w=waiting.pk))

    return work


def on_ballot(**changes):
    """The change by four ways: save, update, bulk and raw."""

    def saved(ballot):
        found = Ballot.objects.get(pk=ballot.pk)
        for name, value in changes.items():
            setattr(found, name, value)
        found.save()

    def in_bulk(ballot):
        found = Ballot.objects.get(pk=ballot.pk)
        for name, value in changes.items():
            setattr(found, name, value)
        Ballot.objects.bulk_update([found], list(changes))

    return [saved, lambda ballot: Ballot.objects.filter(pk=ballot.pk).update(**changes), in_bulk]


REFUSED = [
    *on_ballot(title="Jiný název"),
    *on_ballot(text="Jiný text."),
    *on_ballot(background="Jiné důvody."),
    *on_ballot(verb="zamita"),
    *on_ballot(quorum=Quorum.NONE),
    *on_ballot(majority=Majority.OF_PRESENT),
    *on_ballot(silence=Silence.CONSENT),
    *on_ballot(chair_decides_tie=True),
    *on_ballot(closes_early=True),
    *on_ballot(votes_public=True),
    *on_ballot(members_total=1),
    *on_ballot(deadline=NOW + datetime.timedelta(days=99)),
    *on_ballot(opened_at=NOW),
    *on_ballot(token=uuid.UUID(int=7)),
    *on_ballot(method=Method.HANDS, place="meeting", mode="meeting"),
    *on_ballot(state=BallotState.DRAFT),
    lambda ballot: ballot.delete(),
    lambda ballot: Ballot.objects.filter(pk=ballot.pk)._raw_delete("default"),
    sql("UPDATE ballots_ballot SET text = 'jinak' WHERE id = {t}"),
    sql("UPDATE ballots_ballot SET id = 99999 WHERE id = {t}"),
    sql("UPDATE ballots_ballot SET members_total = 1, quorum = 'none' WHERE id = {t}"),
    sql("DELETE FROM ballots_ballot WHERE id = {t}"),
    sql("UPDATE ballots_vote SET choice = 'pro' WHERE ballot_id = {t}"),
    sql("UPDATE ballots_vote SET voter_id = {w} WHERE voter_id = {v}"),
    sql("DELETE FROM ballots_vote WHERE ballot_id = {t}"),
    lambda ballot: ballot.votes.update(choice="pro"),
    lambda ballot: ballot.votes.all().delete(),
    lambda ballot: Vote.objects.bulk_update(
        [Vote(pk=vote.pk, choice="pro") for vote in ballot.votes.all()], ["choice"]
    ),
    sql("UPDATE ballots_voter SET person_id = (SELECT MAX(id) FROM people_person) WHERE id = {w}"),
    sql("UPDATE ballots_voter SET presides = FALSE WHERE ballot_id = {t}"),
    sql("UPDATE ballots_voter SET is_excluded = TRUE WHERE id = {v}"),
    sql("UPDATE ballots_voter SET has_voted = TRUE WHERE id = {w}"),
    sql("UPDATE ballots_voter SET conflict = 'nic' WHERE id = {w}"),
    sql("DELETE FROM ballots_voter WHERE id = {w}"),
    lambda ballot: Voter.objects.create(
        ballot=ballot,
        seat=SeatFactory(committee=ballot.committee),
        person=PersonFactory(),
        side="zadavatel",
    ),
    lambda ballot: Voter.objects.bulk_create(
        [Voter(ballot=ballot, seat=SeatFactory(), person=PersonFactory(), side="zadavatel")]
    ),
    lambda ballot: Vote.objects.create(
        ballot=ballot,
        voter=ballot.voters.filter(votes=None).first(),
        choice="pro",
        channel=Channel.OPERATOR,
        receipt="X",
    ),
    lambda ballot: BallotPaper.objects.create(
        ballot=ballot, file=another_paper().file, file_name="a.pdf"
    ),
    lambda ballot: BallotPaper.objects.filter(pk=another_paper().pk).update(ballot=ballot),
    lambda ballot: ballot.papers.update(file_name="jinak.pdf"),
    lambda ballot: ballot.papers.all().delete(),
    sql("UPDATE ballots_ballotpaper SET file_name = 'jinak' WHERE ballot_id = {t}"),
    sql("DELETE FROM ballots_ballotpaper WHERE ballot_id = {t}"),
    lambda ballot: ballot.events.update(note="jinak"),
    lambda ballot: BallotEvent.objects.filter(ballot=ballot)._raw_delete("default"),
]


def another_paper() -> BallotPaper:
    actor = manager()
    return services.add_paper(draft(committee_of(1), actor=actor), PAPER, actor=actor)


PAPER = CheckedFile("podklad.pdf", "application/pdf", b"%PDF-1.7 podklad %%EOF")


def voted_on():
    """An open ballot of five: two for, one against, one silent with a conflict and one waiting."""
    committee = committee_of(5, kind=CommitteeKind.WORKING_GROUP)
    actor = manager()
    ballot = draft(committee, actor=actor)
    services.add_paper(ballot, PAPER, actor=actor)
    ballot = services.open_per_rollam(ballot, actor=actor)
    people = members_of(committee)
    for person, choice in zip(people[:3], ("pro", "pro", "proti"), strict=True):
        cast(ballot, person, choice)
    services.declare_conflict(ballot, people[3], channel=Channel.LINK)
    return ballot


OUTCOME = (2, 1, 0, 1, 1, False)


@pytest.mark.parametrize("work", REFUSED, ids=range(len(REFUSED)))
def test_the_database_refuses_to_change_an_open_ballot(work):
    ballot = voted_on()

    with pytest.raises(DatabaseFault), transaction.atomic():
        work(ballot)

    assert tally(closed(ballot)) == OUTCOME


def test_members_rules_and_names_change_around_it_and_the_outcome_does_not():
    """The world around an open ballot may change; what was written down at the opening counts."""
    ballot = voted_on()
    committee = ballot.committee
    Rules.objects.filter(committee=committee).update(
        quorum=Quorum.NONE,
        majority=Majority.OF_PRESENT,
        chair_decides_tie=True,
        per_rollam_silence=Silence.CONSENT,
        per_rollam_closes_early=True,
        per_rollam_allowed=False,
        votes_public=True,
    )
    Committee.objects.filter(pk=committee.pk).update(kind=CommitteeKind.ASSEMBLY, is_public=False)
    Seat.objects.filter(committee=committee).update(role=Role.GUEST, side="verejnost")
    Seat.objects.filter(committee=committee).update(
        valid_to=timezone.localdate(), ended_at=timezone.now()
    )
    for _newcomer in range(5):
        SeatFactory(committee=committee)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET last_name = 'Jiná', is_active = FALSE")

    assert tally(closed(ballot)) == OUTCOME


def test_a_closed_ballot_stays_as_it_was_counted():
    ballot = closed(voted_on())
    [before] = facts_of([ballot], internal=True)

    for change in (
        *on_ballot(votes_for=5),
        *on_ballot(is_adopted=True),
        *on_ballot(closed_at=NOW),
        *on_ballot(state=BallotState.OPEN),
        *on_ballot(state=BallotState.CANCELLED),
        sql("UPDATE ballots_ballot SET votes_against = 0 WHERE id = {t}"),
        sql("UPDATE ballots_voter SET is_excluded = TRUE WHERE id = {w}"),
    ):
        with pytest.raises(DatabaseFault), transaction.atomic():
            change(ballot)

    again = Ballot.objects.get(pk=ballot.pk)
    assert facts_of([again], internal=True) == [before]


def test_no_way_around_the_opening():
    ballot = draft(committee_of(2))

    with pytest.raises(DatabaseFault), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(
            state=BallotState.CLOSED,
            opened_at=NOW,
            closed_at=NOW,
            rules=Rules.objects.first(),
            quorum=Quorum.NONE,
            majority=Majority.OF_ALL,
            members_total=2,
            members_present=2,
            votes_for=2,
            votes_against=0,
            abstained=0,
            excluded=0,
            is_adopted=True,
        )


def test_named_votes_never_come_into_a_ballot_of_another_kind():
    committee = committee_of(2)
    for method in (Method.HANDS, Method.SECRET, Method.SECRET_PAPER):
        ballot = at_meeting(committee, method=method)
        with pytest.raises(DatabaseFault), transaction.atomic():
            Vote.objects.create(
                ballot=ballot,
                voter=ballot.voters.first(),
                choice="pro",
                channel=Channel.LINK,
                receipt="X",
            )
    assert Urn.objects.count() == 1


def test_random_changes_of_rules_and_seats_never_move_the_result():
    chance = random.Random(9)  # noqa: S311 - repeatable chance
    for _round in range(15):
        committee = committee_of(chance.randint(1, 6))
        ballot = opened(committee)
        expected = {"pro": 0, "proti": 0, "zdrzel": 0}
        for person in members_of(committee):
            if chance.random() < 0.7:
                choice = chance.choice(list(expected))
                cast(ballot, person, choice)
                expected[choice] += 1
            Rules.objects.filter(committee=committee).update(
                majority=chance.choice(list(Majority)), quorum=chance.choice(list(Quorum))
            )
            Seat.objects.filter(committee=committee).exclude(person=person).update(
                side=chance.choice(["uzivatel", "poskytovatel"])
            )
            SeatFactory(committee=committee)

        ended, answered = closed(ballot), sum(expected.values())
        assert tally(ended)[:3] == tuple(expected.values())
        assert ended.is_adopted is (
            expected["pro"] * 2 > ended.members_total and answered * 2 > ended.members_total
        )
    assert Person.objects.count() > 15
