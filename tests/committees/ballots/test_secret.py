"""Trial V10: in a secret ballot nothing joins a person with a choice, whatever an adversary has kept.

The adversary has every table before and after each vote, all that was logged and sent, and the time of
each step. What an urn protects from whom who has also the secret of the installation, says docs/adr/0011.
"""

import collections
import io
import itertools
import logging

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import call_command
from django.db import connection

from committees.ballots import services, urn
from committees.ballots.enums import Channel, Choice, Method
from committees.ballots.models import Urn, Vote, Voter
from committees.ballots.services import CastRefused
from tests.committees.ballots.building import (
    at_meeting,
    cast,
    committee_of,
    manager,
    members_of,
    tally,
)

pytestmark = pytest.mark.django_db

SAYS = ["pro", "proti", "zdrzel"]


def secret_ballot(members=6, **rules):
    committee = committee_of(members, **rules)
    return at_meeting(committee, method=Method.SECRET), members_of(committee)


def every_row() -> dict[tuple[str, str], tuple]:
    """The whole database as an adversary copies it: each row of each table under its key."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                plain = tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                rows[table, str(plain[0])] = tuple(zip(columns, plain, strict=True))
    return rows


def changes(before, after) -> list[tuple[str, str, object, object]]:
    """What differs between two copies: table, column, and the values."""
    found = []
    for key in sorted(before.keys() | after.keys()):
        old, new = dict(before.get(key, ())), dict(after.get(key, ()))
        found += [
            (key[0], column, old.get(column), new.get(column))
            for column in sorted(old.keys() | new.keys())
            if old.get(column) != new.get(column)
        ]
    return found


def test_between_two_copies_an_adversary_sees_who_voted_and_a_sealed_row():
    ballot, people = secret_ballot()
    shapes = collections.defaultdict(set)
    sealed = set()

    for person, choice in zip(people, itertools.cycle(SAYS), strict=False):
        before = every_row()
        cast(ballot, person, choice)
        differences = changes(before, every_row())
        assert {(table, column) for table, column, *_values in differences} == {
            ("ballots_voter", "has_voted"),
            ("ballots_urn", "sealed"),
        }
        [box] = [new for table, _c, _old, new in differences if table == "ballots_urn"]
        shapes[choice].add((len(differences), len(box)))
        sealed.add(box)

    assert set.union(*shapes.values()) == {(2, 34)}  # always the same length
    assert all(shape == {(2, 34)} for shape in shapes.values())
    assert len(sealed) == len(
        people
    )  # and never the same bytes, so equal choices do not look alike


def test_the_same_choices_in_any_order_leave_the_same_rows():
    """Only the sealed bytes differ, and they differ for the same order too."""
    left = []
    for order in ("pro pro proti", "proti pro pro", "pro proti pro"):
        ballot, people = secret_ballot(3)
        for person, choice in zip(people, order.split(), strict=True):
            cast(ballot, person, choice)
        [box] = Urn.objects.filter(ballot=ballot)
        voters = Voter.objects.filter(ballot=ballot).order_by("pk")
        left.append(list(voters.values_list("has_voted", "is_excluded", "presides")))
        assert urn.unseal(box.sealed, about=ballot.token.bytes) == {
            Choice.FOR: 2,
            Choice.AGAINST: 1,
            Choice.ABSTAINED: 0,
        }

    assert left[0] == left[1] == left[2]


def test_no_choice_receipt_or_reason_of_a_secret_vote_is_written_anywhere():
    ballot, people = secret_ballot(4)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    before = every_row()
    try:
        receipts = [cast(ballot, person, "zdrzel", reason="Kanárek důvod") for person in people]
    finally:
        root.removeHandler(handler)
        root.setLevel(level)

    assert {receipt.code for receipt in receipts} == {""}
    assert Vote.objects.count() == 0
    written = [new for *_place, new in changes(before, every_row())]
    for canary in ("zdrzel", "Kanárek"):
        assert canary not in log.getvalue()
        assert not any(canary in str(value) for value in written)


def test_backups_hold_nothing_after_the_count():
    ballot, people = secret_ballot(3)
    for person in people:
        cast(ballot, person, "pro")

    services.close_ballot(ballot, actor=manager())

    dump = io.StringIO()
    call_command("dumpdata", "ballots", stdout=dump)
    assert "ballots.urn" not in dump.getvalue()
    assert 'ballots.vote"' not in dump.getvalue()
    assert tally(ballot) == (3, 0, 0, 0, 0, True)


def test_until_the_count_nobody_learns_how_it_stands():
    ballot, people = secret_ballot(3)
    for person in people[:2]:
        cast(ballot, person, "proti")

    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.votes_against, ballot.abstained) == (None, None, None)
    dump = io.StringIO()
    call_command("dumpdata", "ballots.urn", stdout=dump)
    assert "proti" not in dump.getvalue()


def test_the_urn_opens_only_with_the_secret_and_for_its_own_ballot(settings):
    sealed = urn.seal({Choice.FOR: 2}, about=b"one")
    former = settings.SECRET_KEY

    settings.SECRET_KEY = "another-" + "x" * 50
    with pytest.raises(InvalidTag):
        urn.unseal(sealed, about=b"one")
    settings.SECRET_KEY_FALLBACKS = [former]
    assert urn.unseal(sealed, about=b"one")[Choice.FOR] == 2
    with pytest.raises(InvalidTag):
        urn.unseal(sealed, about=b"other")
    touched = bytes(sealed[:-1]) + bytes([sealed[-1] ^ 1])
    with pytest.raises(InvalidTag):
        urn.unseal(touched, about=b"one")


def test_an_adversary_of_two_copies_guesses_no_better_than_chance():
    """He keeps all sealed urns with the names of those who voted then, and guesses by every bit of them."""
    ballot, people = secret_ballot(60)
    truth, seen = [], []
    for number, person in enumerate(people):
        choice = SAYS[number % 2]
        cast(ballot, person, choice)
        truth.append(choice == "pro")
        seen.append(bytes(Urn.objects.get(ballot=ballot).sealed))

    bits = [
        [(box[index // 8] >> (index % 8)) & 1 for box in seen] for index in range(len(seen[0]) * 8)
    ]
    best = max(
        sum(bit == int(said) for bit, said in zip(column, truth, strict=True)) for column in bits
    )
    # Of 272 coins thrown 60 times the luckiest shows about 42 heads; a bit that knew would show 60.
    assert best < 52


def test_a_secret_vote_is_given_by_the_voter_alone_and_once():
    ballot, people = secret_ballot(2)

    with pytest.raises(CastRefused, match="každý sám"):
        cast(ballot, people[0], channel=Channel.OPERATOR, entered_by=manager())
    cast(ballot, people[0])
    with pytest.raises(CastRefused) as again:
        cast(ballot, people[0], "proti")

    assert again.value.is_repeated
    assert list(Voter.objects.order_by("pk").values_list("has_voted", flat=True)) == [True, False]


def test_a_cancelled_secret_ballot_leaves_no_urn():
    ballot, people = secret_ballot(2)
    cast(ballot, people[0])

    services.cancel_ballot(ballot, actor=manager(), note="Chyba.")

    assert Urn.objects.count() == 0
