"""Somebody wants to take part: writing it down once, and answering."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from committees.bodies.models import Committee
from committees.nominations.enums import Channel
from committees.nominations.models import Interest
from committees.nominations.workflow import INTEREST_WORKFLOW
from committees.people.models import Person
from kpss import clock
from kpss.outbox.services import send
from kpss.workflow import TransitionRefused


@dataclass(frozen=True)
class InterestValues:
    """What somebody said, as a form gives it."""

    name: str
    standing: str
    email: str = ""
    phone: str = ""
    reach: str = ""
    organisation: str = ""
    committees: Sequence[Committee] = field(default=())
    wants_advice: bool = False
    words: str = ""


def receive_interest(
    values: InterestValues,
    *,
    token: uuid.UUID,
    channel: Channel = Channel.FORM,
    actor: Person | None = None,
    received_at: datetime.datetime | None = None,
) -> Interest:
    """Write the interest down, once for each ``token``, and confirm it by a mail with its number.

    ``actor`` is who writes down what came on paper or by word. Raise PermissionDenied when the
    actor may not.
    """
    if channel != Channel.FORM and (
        actor is None or not actor.has_perm("nominations.add_interest")
    ):
        raise PermissionDenied
    if standing := Interest.objects.filter(token=token).first():
        return standing
    now = clock.now()
    interest = Interest(
        token=token,
        channel=channel,
        received_at=received_at or now,
        name=values.name.strip(),
        email=values.email.strip().lower(),
        phone=values.phone.strip(),
        reach=values.reach.strip(),
        standing=values.standing,
        organisation=values.organisation.strip(),
        wants_advice=values.wants_advice,
        words=values.words.strip(),
        agreed_at=now if channel == Channel.FORM else None,
        recorded_by=actor,
    )
    try:
        with transaction.atomic():
            interest.save(force_insert=True)
            interest.committees.set(values.committees)
            INTEREST_WORKFLOW.record_birth(interest, actor=actor)
            _mail(interest, "received", _t("We have received that you want to take part"))
    except IntegrityError:
        quicker = Interest.objects.filter(token=token).first()
        if quicker is None:
            raise
        return quicker
    return interest


def thank_interest(interest: Interest, *, reply: str, actor: Person) -> Interest:
    """Answer that the person is kept in mind for later; the words go by mail."""
    return _answer(interest, "thank", reply, _t("Thank you for wanting to take part"), actor)


def decline_interest(interest: Interest, *, reply: str, actor: Person) -> Interest:
    """Answer that the person cannot take part now; the words go by mail."""
    return _answer(interest, "decline", reply, _t("Answer to your wish to take part"), actor)


@transaction.atomic
def _answer(
    interest: Interest, transition: str, reply: str, subject: str, actor: Person
) -> Interest:
    """Raise TransitionRefused without words, or when somebody else has answered."""
    if not reply.strip():
        raise TransitionRefused(_t("Write the answer: the person will read it."))
    changes = {"reply": reply.strip(), "settled_at": clock.now()}
    INTEREST_WORKFLOW.advance(interest, transition, actor=actor, changes=changes)
    _mail(interest, transition, subject)
    return interest


def _mail(interest: Interest, what: str, subject: str) -> None:
    """A mail about the interest, when the person gave an e-mail."""
    send(
        person=interest.person,
        email=interest.email,
        kind=f"interest-{what}",
        subject=subject,
        template=f"nominations/mail/interest_{what}.txt",
        context={"interest": interest, "committees": list(interest.committees.all())},
        key=f"interest:{interest.pk}:{what}",
    )
