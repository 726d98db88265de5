"""Who may write into a version and when: every service of this package passes through here."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _t

from planning.plans.enums import VersionState
from planning.plans.models import PlanVersion
from planning.plans.values import Values, plain

T = TypeVar("T", bound=models.Model)


class EditRefused(Exception):
    """The plan cannot be changed this way; the text is a sentence for the person who tried."""


class ContentLocked(EditRefused):
    """The version is not a working one any more."""


class Vanished(EditRefused):
    """Somebody has deleted the thing in the meantime."""

    def __init__(self):
        super().__init__(_t("Somebody has deleted this in the meantime."))


class AlreadyMade(EditRefused):
    """The form was sent before, with other words; ``made`` is what came of it."""

    def __init__(self, made: models.Model):
        self.made = made
        super().__init__(
            _t(
                "This form has already been sent once: %(made)s. Change it there, or send it again as new."
            )
            % {"made": made}
        )


class EditConflict(EditRefused):
    """Somebody has saved other values since the form was loaded; ``saved`` are those values."""

    def __init__(self, saved: Values):
        self.saved = saved
        super().__init__(_t("Somebody else has changed this since you opened it."))


def require(actor, permission: str, obj: models.Model | None = None) -> None:
    """Raise PermissionDenied unless ``actor`` has the permission, on ``obj`` when one is given."""
    if actor is None or not actor.has_perm(permission, obj):
        raise PermissionDenied


def open_for_edit(version_id: int, actor) -> PlanVersion:
    """Lock the version until the end of the transaction and return it as it is now.

    Everybody who writes into one version waits here for the one before: on PostgreSQL by the lock of
    its row, on SQLite by the immediate transaction. Raise PermissionDenied, or ContentLocked with a
    sentence when the version is not a working one.
    """
    version = (
        PlanVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .get(pk=version_id)
    )
    require(actor, "plans.edit_content", version)
    if not version.is_editable:
        raise ContentLocked(why_locked(version))
    return version


def why_locked(version: PlanVersion) -> str:
    """A sentence saying why the content cannot be changed; empty for a working version."""
    return {
        VersionState.IN_APPROVAL: _t(
            "This version is being approved, so its content is locked. It can be changed after it is"
            " returned for rework."
        ),
        VersionState.SEALING: _t("This version is just being approved, so its content is locked."),
        VersionState.APPROVED: _t(
            "This version is approved and never changes. A change starts the next version."
        ),
        VersionState.DISCARDED: _t("This version was discarded, so it can no longer be changed."),
    }.get(VersionState(version.state), "")


def fresh(model: type[T], pk: int, version: PlanVersion) -> T:
    """The row as it is now, read under the lock. Raise Vanished when it is gone."""
    found = model._default_manager.filter(pk=pk, version=version).first()
    if found is None:
        raise Vanished
    return found


def refuse_stale(loaded: Mapping[str, Any] | None, saved: Values) -> None:
    """Raise EditConflict when ``saved`` are not the plain values the form was loaded with."""
    if loaded is not None and dict(loaded) != plain(saved):
        raise EditConflict(saved)
