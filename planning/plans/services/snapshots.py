"""Keeping what a plan says at one moment, and sending it to those who are to read it."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _t

from committees.bodies.models import Committee, Seat
from committees.bodies.rules import roles_with
from documents import store
from kpss.canonical import canonical, fingerprint
from planning.plans import notifications
from planning.plans.content import PlanContent, content_of, parse
from planning.plans.enums import OPEN_STATES
from planning.plans.models import PlanVersion, Snapshot, SnapshotSending

from .guards import EditRefused, require


@transaction.atomic
def make_snapshot(
    version: PlanVersion, *, actor, token: uuid.UUID, title: str = "", note: str = ""
) -> Snapshot:
    """Keep the content of the version as it is now, under the next number, and return it.

    The same ``token`` is the same snapshot. An empty title becomes "1. pracovní verze" by the number.
    Raise PermissionDenied, EditRefused when the version is not being prepared any more or says the
    same as the last snapshot, and StoreError.
    """
    version = (
        PlanVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .get(pk=version.pk)
    )
    require(actor, "plans.make_snapshot", version)
    if known := Snapshot.objects.filter(token=token, version=version).first():
        return known
    if version.state not in OPEN_STATES:
        raise EditRefused(_t("Only a version that is being prepared can be kept and sent out."))
    content = content_of(version)
    last = version.snapshots.order_by("-number").first()
    if last and last.content_sha256 == fingerprint(content):
        raise EditRefused(_t("Nothing has changed since “%(last)s”.") % {"last": last})
    number = last.number + 1 if last else 1
    return Snapshot.objects.create(
        version=version,
        number=number,
        title=title.strip() or _t("Working version %(number)s") % {"number": number},
        note=note.strip(),
        content=store.put(canonical(content), content_type="application/json"),
        content_sha256=fingerprint(content),
        made_by=actor,
        token=token,
    )


@transaction.atomic
def send_snapshot(snapshot: Snapshot, committees: Sequence[Committee], *, actor) -> int:
    """Mail the snapshot to the members of the committees; return how many mails were written.

    A committee gets one snapshot once, a person one mail, whatever is clicked twice. Raise
    PermissionDenied.
    """
    require(actor, "plans.make_snapshot", snapshot.version)
    reached: set[int] = set()
    for committee in committees:
        sending, is_first = SnapshotSending.objects.get_or_create(
            snapshot=snapshot, committee=committee, defaults={"sent_by": actor}
        )
        if not is_first:
            continue
        people = {seat.person_id: seat.person for seat in _readers(committee)}
        mailed = [
            person
            for key, person in people.items()
            if key in reached or notifications.snapshot_sent(snapshot, person)
        ]
        reached |= {person.pk for person in mailed}
        SnapshotSending.objects.filter(pk=sending.pk).update(people=len(mailed))
    return len(reached)


def content_of_snapshot(snapshot: Snapshot) -> PlanContent:
    """What the snapshot says. Raise StoreError when its bytes are lost or damaged."""
    return parse(store.read(snapshot.content))


def _readers(committee: Committee):
    """Seats in force whose holders may read working versions; guests only listen at meetings."""
    return (
        Seat.objects.current()
        .filter(committee=committee, role__in=roles_with("plans.view_draft"))
        .select_related("person")
        .order_by("pk")
    )
