"""Closing: the result, its resolution, and that it happens once."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.ballots import services
from committees.ballots.enums import BallotState, Channel, Method
from committees.ballots.models import BallotEvent, Urn, Vote
from committees.bodies.enums import Majority, Mode, Quorum, Silence, Verb
from committees.bodies.models import Resolution
from kpss import clock
from kpss.workflow import TransitionRefused
from tests.committees.ballots.building import (
    after_deadline,
    at_meeting,
    cast,
    closed,
    committee_of,
    local,
    manager,
    members_of,
    opened,
    tally,
)
from tests.factories import ResolutionFactory, SeatFactory

pytestmark = pytest.mark.django_db


def voted(ballot, choices: str):
    """One letter a member in order: p, n, z; a dash is silent and x declares a conflict."""
    for person, letter in zip(members_of(ballot.committee), choices, strict=True):
        if letter == "x":
            services.declare_conflict(ballot, person, channel=Channel.LINK)
        elif letter != "-":
            cast(ballot, person, {"p": "pro", "n": "proti", "z": "zdrzel"}[letter])
    return ballot


@pytest.mark.parametrize(
    ("choices", "rules", "result"),
    [
        ("ppp--", {}, (3, 0, 0, 2, 0, True)),
        ("pp---", {}, (2, 0, 0, 3, 0, False)),  # no quorum, no majority
        ("ppnnn", {}, (2, 3, 0, 0, 0, False)),
        ("pppzn", {}, (3, 1, 1, 0, 0, True)),
        ("ppzx-", {}, (2, 0, 1, 1, 1, False)),  # a majority of all counts those excluded
        ("pp---", {"quorum": Quorum.NONE}, (2, 0, 0, 3, 0, False)),
        ("p-n--", {"per_rollam_silence": Silence.CONSENT}, (4, 1, 0, 3, 0, True)),
        ("-xn--", {"per_rollam_silence": Silence.CONSENT}, (3, 1, 0, 3, 1, True)),
        ("pppn-", {"majority": Majority.TWO_THIRDS_OF_ALL}, (3, 1, 0, 1, 0, False)),
        ("ppppn", {"majority": Majority.TWO_THIRDS_OF_ALL}, (4, 1, 0, 0, 0, True)),
    ],
)
def test_result_of_a_ballot_per_rollam(choices, rules, result):
    ballot = voted(opened(committee_of(5, **rules)), choices)

    ballot = closed(ballot)

    assert tally(ballot) == result
    assert ballot.state == BallotState.CLOSED
    assert (ballot.resolution is not None) is result[-1]


@pytest.mark.parametrize(
    ("choices", "adopted"), [("ppnn", True), ("nppn", False), ("-pp-", False), ("xpp-", False)]
)
def test_the_chair_breaks_a_tie_only_by_the_chair_s_own_voice(choices, adopted):
    ballot = voted(opened(committee_of(4, chair_decides_tie=True)), choices)

    assert closed(ballot).is_adopted is adopted


def test_an_adopted_ballot_makes_a_resolution_numbered_by_the_committee():
    committee = committee_of(3)
    first, second, lost = opened(committee), opened(committee), opened(committee)
    for ballot, choices in ((lost, "nnn"), (first, "ppp"), (second, "ppn")):
        voted(ballot, choices)

    resolution = closed(first).resolution
    year = resolution.adopted_on.year
    assert sorted(Resolution.objects.values_list("number", flat=True)) == [
        f"PR 1/{year}",
        f"PR 2/{year}",
    ]
    assert (resolution.mode, resolution.verb) == (Mode.PER_ROLLAM, Verb.APPROVES)
    assert resolution.text == first.text
    assert (resolution.votes_for, resolution.members_total, resolution.members_present) == (3, 3, 3)
    assert resolution.rules == first.rules
    lost.refresh_from_db()
    assert lost.resolution is None


def test_a_number_already_used_is_not_given_again():
    committee = committee_of(1)
    with clock.at(local(2027, 5, 3, 12)):
        ballot = opened(committee, deadline=local(2027, 5, 14, 18))
        ResolutionFactory(
            committee=committee, number="PR 7/2027", adopted_on=datetime.date(2027, 2, 1)
        )
        cast(ballot, members_of(committee)[0])

    assert closed(ballot).resolution.number == "PR 8/2027"


def test_the_decision_falls_on_the_day_of_the_deadline_even_if_counted_later():
    committee = committee_of(1)
    with clock.at(local(2027, 12, 20, 12)):
        ballot = opened(committee, deadline=local(2027, 12, 31, 23, 59))
        cast(ballot, members_of(committee)[0])

    with clock.at(local(2028, 1, 2, 8)):
        assert services.close_due() == 1

    ballot.refresh_from_db()
    assert ballot.closed_at == local(2028, 1, 2, 8)
    assert ballot.resolution.adopted_on == datetime.date(2027, 12, 31)
    assert ballot.resolution.number == "PR 1/2027"


def test_nobody_closes_before_the_deadline_by_hand():
    committee = committee_of(3)
    chair, member, _third = members_of(committee)
    ballot = opened(committee)

    with pytest.raises(TransitionRefused, match="až do termínu"):
        services.close_ballot(ballot, actor=chair)
    with after_deadline(ballot):
        for person in (member, SeatFactory(chair=True).person):
            with pytest.raises(PermissionDenied):
                services.close_ballot(ballot, actor=person)
        services.close_ballot(ballot, actor=chair)
        with pytest.raises(TransitionRefused):
            services.close_ballot(ballot, actor=chair)
    assert ballot.events.last().actor == chair


def test_close_due_closes_what_has_come_due_and_nothing_else():
    committee = committee_of(1)
    due, later, meeting = opened(committee), opened(committee, days=20), at_meeting(committee)

    with after_deadline(due):
        assert services.close_due() == 1
        assert services.close_due() == 0

    for ballot, state in ((due, "closed"), (later, "open"), (meeting, "open")):
        ballot.refresh_from_db()
        assert ballot.state == state
    event = BallotEvent.objects.get(ballot=due, to_state=BallotState.CLOSED)
    assert (event.transition, event.actor) == ("close_by_itself", None)


def test_a_ballot_that_cannot_be_counted_stops_no_other(monkeypatch, caplog):
    committee = committee_of(1)
    broken, sound = opened(committee), opened(committee)
    count = services.counting._count

    def fail_once(ballot, **options):
        if ballot.pk == broken.pk:
            raise RuntimeError("no numbers")
        return count(ballot, **options)

    monkeypatch.setattr(services.counting, "_count", fail_once)
    with after_deadline(sound):
        assert services.close_due() == 1

    sound.refresh_from_db()
    assert sound.state == BallotState.CLOSED
    assert f"Ballot {broken.pk} could not be closed" in caplog.text


def test_closes_early_when_decided_and_the_rules_say_so():
    early = opened(committee_of(5, per_rollam_closes_early=True))
    voted(early, "pp---")
    early.refresh_from_db()
    assert early.state == BallotState.OPEN

    cast(early, members_of(early.committee)[2])

    early.refresh_from_db()
    assert (early.state, early.is_adopted) == (BallotState.CLOSED, True)
    assert early.closed_at < early.deadline
    waiting = voted(opened(committee_of(5)), "ppppp")
    waiting.refresh_from_db()
    assert waiting.state == BallotState.OPEN


def test_a_conflict_may_settle_the_ballot_too():
    ballot = opened(committee_of(3, per_rollam_closes_early=True))

    voted(ballot, "xx-")

    assert tally(ballot) == (0, 0, 0, 1, 2, False)


def test_silence_of_the_chair_does_not_end_the_vote_early():
    """Silence is consent only when the time is over: until then the chair may say no."""
    committee = committee_of(
        2,
        chair_decides_tie=True,
        per_rollam_closes_early=True,
        per_rollam_silence=Silence.CONSENT,
    )
    chair, member = members_of(committee)
    ballot = opened(committee)
    cast(ballot, member)

    ballot.refresh_from_db()
    assert ballot.state == BallotState.OPEN
    cast(ballot, chair, "proti")
    assert tally(ballot) == (1, 1, 0, 0, 0, False)


def test_hands_are_typed_in_and_must_be_possible():
    committee, actor = committee_of(6), manager()
    excluded = {members_of(committee)[5].pk}
    ballot = at_meeting(committee, method=Method.HANDS, excluded=excluded)

    with pytest.raises(ValidationError, match="příliš mnoho"):
        services.close_ballot(ballot, actor=actor, votes_for=4, votes_against=2)
    with pytest.raises(PermissionDenied):
        services.close_ballot(ballot, actor=members_of(committee)[1], votes_for=99)
    services.close_ballot(ballot, actor=actor, votes_for=4, votes_against=1)

    assert tally(ballot) == (4, 1, 0, 0, 1, True)
    assert ballot.resolution.number == f"1/{clock.today().year}/1"
    assert Vote.objects.count() == 0


def test_a_tie_of_hands_asks_how_the_chair_voted():
    committee, actor = committee_of(4, chair_decides_tie=True), manager()
    ballot = at_meeting(committee, method=Method.HANDS)

    with pytest.raises(ValidationError) as asked:
        services.close_ballot(ballot, actor=actor, votes_for=2, votes_against=2)
    services.close_ballot(ballot, actor=actor, votes_for=2, votes_against=2, chair_voted_for=True)

    assert set(asked.value.message_dict) == {"chair_voted_for"}
    assert tally(ballot)[-1] is True


@pytest.mark.parametrize("method", [Method.SECRET, Method.SECRET_PAPER])
def test_nobody_asks_how_the_chair_voted_in_secret(method):
    committee, actor = committee_of(2, chair_decides_tie=True), manager()
    ballot = at_meeting(committee, method=method)
    if method == Method.SECRET:
        voted(ballot, "pn")

    services.close_ballot(ballot, actor=actor, votes_for=1, votes_against=1, chair_voted_for=True)

    assert tally(ballot) == (1, 1, 0, 0, 0, False)
    assert ballot.chair_voted_for is None
    assert Urn.objects.count() == 0
