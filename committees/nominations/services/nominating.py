"""Putting somebody forward for a seat, by themselves or from their interest."""

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from committees.bodies.enums import Role
from committees.bodies.models import Committee, Seat
from committees.nominations.models import Interest, Nomination
from committees.nominations.workflow import INTEREST_WORKFLOW, NOMINATION_WORKFLOW
from committees.people.models import Person
from kpss import clock
from providers.directory.models import Organisation


class NotTheSamePerson(Exception):
    """The e-mail of the interest belongs to somebody else than was chosen; the text says whom."""


@dataclass(frozen=True)
class NominationValues:
    """The seat for which somebody is put forward, as a form gives it."""

    committee: Committee
    side: str
    role: str = Role.MEMBER
    organisation: Organisation | None = None
    function: str = ""
    valid_from: datetime.date | None = None
    substitute_for: Seat | None = None


def propose(
    values: NominationValues,
    *,
    person: Person,
    actor: Person,
    token: uuid.UUID,
    interest: Interest | None = None,
) -> Nomination:
    """Nominate the person, once for each ``token``.

    Raise PermissionDenied, or ValidationError with a sentence when they are nominated there already
    or the represented member sits elsewhere.
    """
    if not actor.has_perm("nominations.add_nomination"):
        raise PermissionDenied
    if standing := Nomination.objects.filter(token=token).first():
        return standing
    nomination = Nomination(
        token=token, person=person, interest=interest, proposed_at=clock.now(), **vars(values)
    )
    if person.erased_at:
        raise ValidationError(_t("This person's data have been erased."))
    represented = values.substitute_for
    if represented and represented.committee_id != values.committee.pk:
        raise ValidationError(_t("The represented member sits on another committee."))
    nomination.full_clean(exclude=["token", "interest"])
    try:
        with transaction.atomic():
            nomination.save(force_insert=True)
            NOMINATION_WORKFLOW.record_birth(nomination, actor=actor)
    except IntegrityError:
        quicker = Nomination.objects.filter(token=token).first()
        if quicker is None:
            raise ValidationError(
                _t("This person is already nominated to this committee.")
            ) from None
        return quicker
    return nomination


@transaction.atomic
def nominate_interest(
    interest: Interest,
    values: NominationValues,
    *,
    actor: Person,
    token: uuid.UUID,
    person: Person | None = None,
    first_name: str = "",
    last_name: str = "",
) -> Nomination:
    """Nominate who wanted to take part: the ``person`` known already, or a new one of that name.

    The interest is then settled and belongs to the person. Raise PermissionDenied,
    TransitionRefused when it has been settled otherwise, ValidationError as ``propose``, or
    NotTheSamePerson when its e-mail belongs to somebody else.
    """
    if not actor.has_perm("nominations.settle_interest"):
        raise PermissionDenied
    if standing := Nomination.objects.filter(token=token).first():
        return standing
    owner = Person.objects.filter(email=interest.email).first() if interest.email else None
    if owner and person != owner:
        raise NotTheSamePerson(
            _t("The e-mail %(email)s belongs to %(name)s. Choose this person.")
            % {"email": interest.email, "name": owner.get_full_name()}
        )
    if person is None:
        if not actor.has_perm("people.add_person"):
            raise PermissionDenied
        person = Person.objects.create_user(
            interest.email or None,
            first_name=first_name.strip(),
            last_name=last_name.strip(),
            phone=interest.phone,
        )
    INTEREST_WORKFLOW.advance(
        interest,
        "nominate",
        actor=actor,
        changes={"person": person, "settled_at": clock.now()},
    )
    return propose(values, person=person, actor=actor, token=token, interest=interest)
