"""Who is told what about a ballot per rollam; mails are queued in the transaction and leave after it.

Every mail has a key, so that it is written once whatever is tried again.
"""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _t
from django.utils.translation import override

from committees.bodies.models import Seat
from committees.bodies.rules import roles_with
from committees.people.models import Person
from kpss.czech import date as czech_date
from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox import services as outbox
from kpss.outbox.letters import LANGUAGE

from . import wording
from .models import Ballot, Vote, Voter

PURPOSE = "hlasovani"
KIND = "hlasovani"
# A link votes until the deadline; a while longer it shows how the ballot ended.
RESULT_IS_READ_FOR = datetime.timedelta(days=14)


def voting_link(ballot: Ballot, person: Person) -> PersonalLink:
    """The personal link of a voter in a ballot per rollam."""
    assert ballot.deadline, "the database keeps no open ballot per rollam without its deadline"
    return links.issue(
        PURPOSE, person=person, about=ballot, expires_at=ballot.deadline + RESULT_IS_READ_FOR
    )


def ballot_opened(ballot: Ballot) -> None:
    """Ask every voter who has an e-mail to vote, each by a personal link."""
    has_more = bool(ballot.background) or ballot.papers.exists()
    for voter in _voters(ballot):
        _send(
            ballot,
            voter,
            "opened",
            subject=_asks(ballot),
            context={
                "link": links.placeholder(voting_link(ballot, voter.person)),
                "has_more": has_more,
            },
        )


def ask_again(voters: Iterable[Voter], *, key: str) -> int:
    """Remind those who have not answered, once for a ``key``; returns how many mails were written."""
    sent = 0
    for voter in voters:
        ballot = voter.ballot
        message = _send(
            ballot,
            voter,
            f"reminder-{key}",
            template="reminder",
            subject=_reminds(ballot),
            context={"link": links.placeholder(voting_link(ballot, voter.person))},
            is_reminder=True,
        )
        sent += message is not None
    return sent


def vote_counted(ballot: Ballot, vote: Vote) -> None:
    """Send the receipt of a vote per rollam to whose voice it is, also when somebody else entered it.

    Mails can be read in the admin, so how somebody voted stands only behind the link; who entered a
    vote for another knows it anyway.
    """
    if ballot.is_per_rollam:
        with override(LANGUAGE):
            _send(
                ballot,
                vote.voter,
                "counted",
                subject=_t("Your vote is counted – %(committee)s")
                % {"committee": ballot.committee.name},
                context={
                    "vote": vote,
                    "answer": wording.answer_in_words(vote.choice),
                    "link": links.placeholder(voting_link(ballot, vote.voter.person)),
                },
            )


def conflict_declared(ballot: Ballot, voter: Voter) -> None:
    """Confirm to a voter per rollam that the conflict of interest is written down."""
    if ballot.is_per_rollam:
        with override(LANGUAGE):
            _send(
                ballot,
                voter,
                "conflict",
                subject=_t("Your conflict of interest is recorded – %(committee)s")
                % {"committee": ballot.committee.name},
                context={"entered_by": voter.excluded_by},
            )


def ballot_cancelled(ballot: Ballot, note: str) -> None:
    """Tell those who were asked that the ballot was called off, and why."""
    with override(LANGUAGE):
        subject = _t("The vote was called off – %(committee)s") % {
            "committee": ballot.committee.name
        }
    for voter in _voters(ballot):
        _send(ballot, voter, "cancelled", subject=subject, context={"note": note.strip()})


def ballot_closed(ballot: Ballot) -> None:
    """Tell the voters of a ballot per rollam how it ended, and those who run it that it did."""
    if not ballot.is_per_rollam:
        return
    with override(LANGUAGE):
        subject = _t("How the vote ended – %(committee)s") % {"committee": ballot.committee.name}
        result = wording.result_sentence(ballot)
        context = {"result": result, "remarks": wording.remarks(ballot)}
        news = _t("The vote “%(title)s” has ended. %(result)s.") % {
            "title": ballot.title,
            "result": result,
        }
    voters = _voters(ballot)
    for voter in voters:
        _send(ballot, voter, "closed", subject=subject, context=context)
    told = {voter.person_id for voter in voters}
    for person in _who_runs(ballot):
        if person.pk not in told:
            outbox.tell(
                person,
                kind=KIND,
                text=news,
                url=ballot.get_absolute_url(),
                key=f"ballot-{ballot.pk}-ended-{person.pk}",
            )


def _who_runs(ballot: Ballot) -> list[Person]:
    """Who prepared the ballot, and who may manage ballots of the committee by their seat now."""
    seats = (
        Seat.objects.current()
        .filter(committee=ballot.committee_id, role__in=roles_with("ballots.manage_ballot"))
        .select_related("person")
    )
    people = {seat.person_id: seat.person for seat in seats}
    if ballot.created_by:
        people[ballot.created_by.pk] = ballot.created_by
    return list(people.values())


def _voters(ballot: Ballot) -> list[Voter]:
    return list(Voter.objects.filter(ballot=ballot).select_related("person").order_by("pk"))


def _asks(ballot: Ballot) -> str:
    with override(LANGUAGE):
        return _t("Please vote by %(date)s – %(committee)s") % {
            "date": czech_date(ballot.deadline),
            "committee": ballot.committee.name,
        }


def _reminds(ballot: Ballot) -> str:
    with override(LANGUAGE):
        return _t("Your vote is still missing, it ends on %(date)s – %(committee)s") % {
            "date": czech_date(ballot.deadline),
            "committee": ballot.committee.name,
        }


def _send(
    ballot: Ballot,
    voter: Voter,
    what: str,
    *,
    subject: str,
    context: dict,
    template: str = "",
    is_reminder: bool = False,
):
    return outbox.send(
        person=voter.person,
        kind=KIND,
        subject=subject,
        template=f"ballots/mail/{template or what}.txt",
        context={"ballot": ballot, "committee": ballot.committee, **context},
        key=f"ballot-{ballot.pk}-{what}-{voter.pk}",
        is_reminder=is_reminder,
    )
