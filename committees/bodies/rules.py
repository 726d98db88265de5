"""Who may do what by holding a seat: the whole table, readable by a coordinator (docs/roles.md)."""

from .enums import Role

_READS = {"bodies.view_committee_work", "plans.view_draft"}
_RUNS = {
    "meetings.prepare_meeting",
    "meetings.run_meeting",
    "ballots.manage_ballot",
    "minutes.write_minutes",
}

SEAT_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CHAIR: frozenset(_READS | _RUNS | {"minutes.approve_minutes"}),
    Role.VICE_CHAIR: frozenset(_READS | _RUNS | {"minutes.approve_minutes"}),
    Role.SECRETARY: frozenset(_READS | _RUNS),
    Role.MEMBER: frozenset(_READS),
    Role.SUBSTITUTE: frozenset(_READS),
    Role.GUEST: frozenset({"bodies.view_committee_work"}),
}

# A right given to a committee by name reaches these of its seats; a guest listens, nothing more.
ROLES_REACHED_BY_GRANTS: frozenset[str] = frozenset(set(Role) - {Role.GUEST})


def roles_with(permission: str) -> list[str]:
    """The roles whose seat gives ``permission``."""
    return [role for role, permissions in SEAT_PERMISSIONS.items() if permission in permissions]
