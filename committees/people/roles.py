"""Roles of people who work in the admin: the whole table, readable by a coordinator (docs/roles.md).

A role is a group of Django; ``manage.py sync_roles`` makes the groups say what stands here, no less
and no more. Rights of members do not stand here: they follow seats (committees/bodies/rules.py).
"""

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction

COORDINATORS = "Koordinátoři"

# What a coordinator keeps: may see, add, change and delete it.
_KEPT = {
    "territory": ["municipality"],
    "library": ["document", "documentversion"],
    "news": ["article"],
    "directory": [
        "organisation",
        "service",
        "servicecapacity",
        "serviceprofile",
        "facility",
        "planninggroup",
        "lifesituation",
        "crisisline",
    ],
    "people": ["person"],
    "bodies": ["committee", "rules", "seat", "resolution"],
    "plans": ["plan", "planlevel", "fundingsource"],
    "approvals": ["routestep"],
}
# What comes from code lists: may see it and correct its words.
_CORRECTED = {
    "territory": ["region"],
    "directory": [
        "legalform",
        "servicegroup",
        "servicekind",
        "serviceform",
        "targetgroup",
        "capacitykind",
    ],
}
# What is only seen, and what is done by a button of its own.
_SPECIAL = {
    "links": ["view_personallink", "revoke_personallink"],
    "outbox": ["view_message", "resend_message"],
    "people": ["erase_person"],
    "nominations": [
        "view_interest",
        "add_interest",
        "settle_interest",
        "view_interestevent",
        "view_nomination",
        "add_nomination",
        "decide_nomination",
        "view_nominationevent",
    ],
    "store": ["view_storedfile"],
    "bodies": ["view_committee_work", "hand_out_grants", "view_grantevent", "view_seatevent"],
    "plans": [
        "view_planversion",
        "add_planversion",
        "view_planversionevent",
        "view_draft",
        "edit_content",
        "open_approval",
        "pass_step",
        "discard_version",
        "view_snapshot",
        "make_snapshot",
    ],
    "approvals": ["view_approvalstep", "view_approvalstepevent"],
    "ballots": ["view_ballot", "view_vote", "view_voter", "manage_ballot"],
    "meetings": ["view_meeting", "view_meetingtask", "prepare_meeting", "run_meeting"],
    "minutes": ["view_minutes", "view_minutesevent", "write_minutes", "approve_minutes"],
}


def _with_actions(models: list[str], *actions: str) -> list[str]:
    return [f"{action}_{model}" for model in models for action in actions]


ROLES: dict[str, dict[str, list[str]]] = {
    COORDINATORS: {
        app: [
            *_with_actions(_KEPT.get(app, []), "view", "add", "change", "delete"),
            *_with_actions(_CORRECTED.get(app, []), "view", "change"),
            *_SPECIAL.get(app, []),
        ]
        for app in sorted(_KEPT.keys() | _CORRECTED.keys() | _SPECIAL.keys())
    }
}


class MissingPermission(LookupError):
    """The table names a permission that no model has."""


def coordinators() -> Group:
    """The group of coordinators; ``sync`` has made it."""
    return Group.objects.get(name=COORDINATORS)


@dataclass
class Change:
    """What ``sync`` did to one group."""

    group: str
    is_new: bool = False
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.is_new or self.added or self.removed)


@transaction.atomic
def sync() -> list[Change]:
    """Make every group of the table hold exactly its permissions; returns what was changed.

    Raise MissingPermission, with nothing changed, when the table names one that does not exist.
    """
    return [_sync_group(name, wanted) for name, wanted in ROLES.items()]


def _sync_group(name: str, wanted: dict[str, list[str]]) -> Change:
    asked = {f"{app}.{codename}" for app, codenames in wanted.items() for codename in codenames}
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=wanted
        ).select_related("content_type")
    }
    if missing := sorted(asked - permissions.keys()):
        raise MissingPermission(", ".join(missing))
    group, is_new = Group.objects.get_or_create(name=name)
    held = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in group.permissions.select_related("content_type")
    }
    change = Change(name, is_new, sorted(asked - held.keys()), sorted(held.keys() - asked))
    group.permissions.add(*(permissions[permission] for permission in change.added))
    group.permissions.remove(*(held[permission] for permission in change.removed))
    return change
