"""Interests and nominations as people make them."""

import datetime
import uuid

from committees.bodies.enums import CommitteeKind, Role, Side, Verb
from committees.nominations.enums import Channel, Standing
from committees.nominations.services import (
    InterestValues,
    NominationValues,
    propose,
    receive_interest,
)
from committees.people import roles
from tests.factories import CommitteeFactory, PersonFactory, ResolutionFactory

ADOPTED = datetime.date(2021, 1, 12)


def coordinator(**person):
    """A coordinator with the rights of the table, not an administrator."""
    roles.sync()
    someone = PersonFactory(coordinator=True, **person)
    someone.groups.add(roles.coordinators())
    return someone


def interest(**said):
    """What somebody sent by the public form."""
    said = {"name": "Jana Nová", "standing": Standing.NEEDS, "email": "jana@example.cz", **said}
    return receive_interest(InterestValues(**said), token=uuid.uuid4(), channel=Channel.FORM)


def nomination(committee=None, *, person=None, actor=None, **seat):
    """An open nomination of somebody to a committee."""
    seat = {"side": Side.USER, "role": Role.MEMBER, **seat}
    values = NominationValues(committee=committee or CommitteeFactory(), **seat)
    return propose(
        values,
        person=person or PersonFactory(),
        actor=actor or PersonFactory(superuser=True),
        token=uuid.uuid4(),
    )


def appointing(committee, **resolution):
    """An adopted resolution by which the council, or another ``body``, appoints to the committee."""
    body = resolution.pop("body", None) or CommitteeFactory(kind=CommitteeKind.COUNCIL)
    return ResolutionFactory(
        **{"committee": body, "verb": Verb.APPOINTS, "adopted_on": ADOPTED, **resolution}
    )
