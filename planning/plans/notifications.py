"""Mails about plans: a working version that is to be read."""

from django.utils.translation import gettext as _t
from django.utils.translation import override

from kpss.links import services as links
from kpss.links.models import PersonalLink
from kpss.outbox import services as outbox
from kpss.outbox.letters import LANGUAGE

from .models import Snapshot

# The purpose of personal links to a snapshot and the kind of mail.
LINK = "pracovni-verze"
SENT = "plan-snapshot"


def reading_link(snapshot: Snapshot, person) -> PersonalLink:
    """The link by which the person reads the snapshot; it opens as long as she works on the plan."""
    return links.issue(LINK, person=person, about=snapshot)


@override(LANGUAGE)
def snapshot_sent(snapshot: Snapshot, person) -> bool:
    """Ask the person to read it; whether there is anywhere to send it."""
    plan = snapshot.version.plan
    message = outbox.send(
        person=person,
        kind=SENT,
        subject=_t("To be read: %(snapshot)s – %(plan)s") % {"snapshot": snapshot, "plan": plan},
        template="plans/mail/snapshot.txt",
        context={
            "snapshot": snapshot,
            "plan": plan,
            "link": links.placeholder(reading_link(snapshot, person)),
        },
        key=f"{SENT}:{snapshot.pk}:{person.pk}",
    )
    return message is not None
