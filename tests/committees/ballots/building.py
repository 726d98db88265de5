"""Committees with members, and ballots in each of their states, made by the services."""

import datetime
import uuid

from django.urls import reverse
from django.utils import timezone

from committees.ballots import services
from committees.ballots.enums import Channel, Method, Place
from committees.ballots.models import Ballot, Voter
from committees.ballots.roll import Entry
from committees.bodies.enums import CommitteeKind, Mode, Role, Side, Verb
from committees.bodies.models import Committee, Rules, Seat
from committees.people.models import Person
from documents.store.uploads import CheckedFile
from kpss import clock
from kpss.links import services as links
from tests.factories import CommitteeFactory, PersonFactory, RulesFactory

DAYS = 10
SIDES = [Side.COMMISSIONER, Side.PROVIDER, Side.USER]


def manager() -> Person:
    """Somebody who may do everything with ballots."""
    return PersonFactory(superuser=True)


def committee_of(members: int, *, kind=CommitteeKind.WORKING_GROUP, **rules) -> Committee:
    """A committee whose first member chairs it; sides of the triad take turns."""
    committee = CommitteeFactory(kind=kind)
    RulesFactory(committee=committee, **rules)
    add_members(committee, members)
    return committee


def add_members(committee: Committee, number: int) -> list[Seat]:
    """Seat new people, the first of an empty committee in the chair."""
    mark = uuid.uuid4().hex[:8]
    taken = committee.seats.count()
    people = [
        Person(
            first_name="Jana",
            last_name=f"Dvořáková {taken + n}",
            email=f"{mark}-{n}@example.cz",
            sort_key=f"{mark}{taken + n:04}",
            password="!",
        )
        for n in range(number)
    ]
    Person.objects.bulk_create(people)
    return Seat.objects.bulk_create(
        Seat(
            committee=committee,
            person=person,
            role=Role.CHAIR if taken + n == 0 else Role.MEMBER,
            side=SIDES[n % len(SIDES)],
            valid_from=datetime.date(2020, 1, 1),
        )
        for n, person in enumerate(people)
    )


def members_of(committee: Committee) -> list[Person]:
    """Members by their seats, the chair first."""
    seats = committee.seats.select_related("person").order_by("pk")
    return [seat.person for seat in seats]


def draft(committee: Committee, *, actor=None, days=DAYS, **values) -> Ballot:
    """A ballot per rollam that nobody has opened yet."""
    return services.prepare_ballot(
        committee,
        **{
            "place": Place.PER_ROLLAM,
            "title": "Příspěvek na dopravu seniorů",
            "text": "Skupina schvaluje příspěvek na dopravu seniorů.",
            "verb": Verb.APPROVES,
            "deadline": clock.now() + datetime.timedelta(days=days),
            "actor": actor or manager(),
        }
        | values,
    )


def opened(committee: Committee, *, actor=None, **values) -> Ballot:
    """An open ballot per rollam."""
    actor = actor or manager()
    return services.open_per_rollam(draft(committee, actor=actor, **values), actor=actor)


def at_meeting(
    committee: Committee, *, method=Method.NAMED, roll=None, excluded=(), actor=None, **values
) -> Ballot:
    """An open ballot at a meeting where everybody (or ``roll``) sits at the table."""
    actor = actor or manager()
    seats = [seat for seat in committee.seats.order_by("pk") if Role(seat.role).votes]
    ballot = services.prepare_ballot(
        committee,
        **{
            "place": Place.MEETING,
            "mode": Mode.IN_PERSON,
            "method": method,
            "title": "Zpráva o plnění",
            "text": "Skupina bere zprávu na vědomí.",
            "verb": Verb.TAKES_NOTE,
            "meeting_number": 1,
            "actor": actor,
        }
        | values,
    )
    return services.open_at_meeting(
        ballot,
        roll=[Entry(seat.pk, seat.person_id) for seat in seats] if roll is None else roll,
        members_total=len(seats),
        excluded=excluded,
        actor=actor,
    )


def cast(ballot: Ballot, person, choice="pro", **values) -> services.Receipt:
    """The person's own vote, signed in."""
    return services.cast_vote(ballot, person, choice, **{"channel": Channel.SIGNED_IN} | values)


def after_deadline(ballot: Ballot):
    """Within it, it is a second after the deadline."""
    return clock.at(ballot.deadline + datetime.timedelta(seconds=1))


def closed(ballot: Ballot) -> Ballot:
    """The ballot per rollam, closed by the portal after its deadline."""
    with after_deadline(ballot):
        services.close_due()
    return Ballot.objects.select_related("committee", "resolution").get(pk=ballot.pk)


def tally(ballot: Ballot) -> tuple:
    """For, against, abstained, did not vote, excluded, adopted."""
    ballot.refresh_from_db()
    return (
        ballot.votes_for,
        ballot.votes_against,
        ballot.abstained,
        ballot.silent,
        ballot.excluded,
        ballot.is_adopted,
    )


def voter_of(ballot: Ballot, person) -> Voter:
    return Voter.objects.get(ballot=ballot, person=person)


def change_rules(committee: Committee, **values) -> None:
    Rules.objects.filter(committee=committee).update(**values)


def local(*moment: int) -> datetime.datetime:
    """A moment of the portal's time zone."""
    return timezone.make_aware(datetime.datetime(*moment))  # noqa: DTZ001 - made aware at once


def path_of(link) -> str:
    """The address of a personal link on this portal."""
    return reverse("links:open", kwargs={"token": links.token_of(link), "rest": ""})


def places_of_ballot() -> dict:
    """Parameters of addresses which lead to a finished public ballot with a paper and protocols."""
    committee, actor = committee_of(2), manager()
    ballot = draft(committee, actor=actor)
    paper = services.add_paper(
        ballot, CheckedFile("podklad.pdf", "application/pdf", b"%PDF-1.7 x %%EOF"), actor=actor
    )
    services.open_per_rollam(ballot, actor=actor)
    for person in members_of(committee):
        cast(ballot, person)
    ended = closed(ballot)
    services.make_protocol(ended.pk)
    return {
        "slug": committee.slug,
        "pk": ballot.pk,
        "paper_pk": paper.pk,
        "voter_pk": ended.voters.first().pk,
        "rest": "",
    }
