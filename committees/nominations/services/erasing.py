"""Forgetting: interests whose time is over, and everything a person said, once they are erased."""

import datetime

from django.db import transaction
from django.db.models import Q

from committees.nominations.models import Interest, Nomination
from committees.nominations.workflow import INTEREST_WORKFLOW, NOMINATION_WORKFLOW
from committees.people.erasure import forget_in_log
from committees.people.models import Person
from kpss.outbox.services import forget_address
from kpss.workflow import TransitionRefused

# What somebody wrote is kept a year after the last step, as the form promises.
KEPT_FOR = datetime.timedelta(days=365)


@transaction.atomic
def erase_interest(interest: Interest, *, actor: Person | None = None) -> None:
    """Forget who it was and what they wrote; when it came and how it was settled stays."""
    email = interest.email
    INTEREST_WORKFLOW.advance(
        interest,
        "erase",
        actor=actor,
        changes={
            "name": "",
            "email": "",
            "phone": "",
            "reach": "",
            "organisation": "",
            "words": "",
            "reply": "",
            "person": None,
        },
    )
    forget_in_log(Interest, [interest.pk])
    if email and not Interest.objects.filter(email=email).exists():
        forget_address(email, kinds="interest-")


def erase_old_interests(now: datetime.datetime) -> int:
    """Erase interests a year after they were answered, or came and were not; returns how many.

    Registered in kpss.due; safe at any time and in several processes.
    """
    before = now - KEPT_FOR
    old = Interest.objects.kept().filter(
        Q(settled_at__lt=before) | Q(settled_at=None, received_at__lt=before)
    )
    erased = 0
    for interest in old.order_by("pk"):
        try:
            erase_interest(interest)
        except TransitionRefused:
            continue  # another process was quicker
        erased += 1
    return erased


def forget_person(person: Person, actor: Person) -> None:
    """Erase the person's interests, let open nominations lapse, forget reasons and functions.

    Registered with people's erasure.
    """
    theirs = Q(person=person)
    if person.email:
        theirs |= Q(email=person.email)
    for interest in Interest.objects.kept().filter(theirs):
        erase_interest(interest, actor=actor)
    for nomination in Nomination.objects.proposed().filter(person=person):
        NOMINATION_WORKFLOW.advance(nomination, "lapse", actor=actor)
    nominations = Nomination.objects.filter(person=person)
    nominations.update(reason="", function="")
    forget_in_log(Nomination, nominations.values_list("pk", flat=True))
