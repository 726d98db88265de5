"""Invented people who want to take part in the demonstration district, and two of them nominated."""

import datetime
import uuid

from django.utils import timezone

from committees.bodies import demo as bodies_demo
from committees.bodies.enums import Side
from committees.bodies.models import Committee
from committees.people.models import Person
from kpss import clock

from .enums import Channel, InterestState, Standing
from .services import (
    InterestValues,
    NominationValues,
    propose,
    receive_interest,
    thank_interest,
)

_HOUSE = uuid.UUID("1f6f2f0c-7d2e-4b7e-9c55-6a2b1d0e2021")
_CAME = datetime.timedelta(days=5)


def seed(actor: Person) -> None:
    """Make what is missing; a second run changes nothing. No mail leaves."""
    with clock.at(timezone.now() - _CAME):
        interests = [
            receive_interest(
                InterestValues(**values, committees=_committees(group)),
                token=uuid.uuid5(_HOUSE, f"interest {number}"),
                channel=Channel.FORM,
            )
            for number, (group, values) in enumerate(_interests())
        ]
        if interests[-1].state == InterestState.NEW:
            thank_interest(
                interests[-1],
                reply="děkujeme, že s námi chcete plánovat. Ozveme se vám, až se uvolní místo.",
                actor=actor,
            )
        for person, side in (
            ("petr.zelinka@example.cz", Side.COMMISSIONER),
            ("iveta.safarova@example.cz", Side.PROVIDER),
        ):
            propose(
                NominationValues(committee=_committees(bodies_demo.EXCLUSION)[0], side=side),
                person=Person.objects.get(email=person),
                actor=actor,
                token=uuid.uuid5(_HOUSE, f"nomination {person}"),
            )


def _interests() -> list[tuple[str, dict]]:
    return [
        (
            bodies_demo.SENIORS,
            {
                "name": "Marie Horáková",
                "standing": Standing.NEEDS,
                "email": "marie.horakova@example.cz",
                "phone": "+420 000 000 201",
                "reach": "po šesté večer, přes den jsem u maminky",
                "words": "Starám se o maminku s Alzheimerem. Chybí nám odlehčovací služba o víkendech.",
            },
        ),
        (
            bodies_demo.EXCLUSION,
            {
                "name": "Dana Křenková",
                "standing": Standing.NEEDS,
                "phone": "+420 000 000 202",
                "words": "Prošla jsem azylovým domem a vím, co chybí těm, kdo z něj odcházejí.",
            },
        ),
        (
            "",
            {
                "name": "Alena Hájková",
                "standing": Standing.PUBLIC,
                "email": "alena.hajkova@example.cz",
                "organisation": "základní škola",
                "wants_advice": True,
            },
        ),
    ]


def _committees(slug: str) -> list[Committee]:
    return list(Committee.objects.filter(slug=slug))
