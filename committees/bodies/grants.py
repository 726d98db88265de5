"""Rights to one object given by name: the one place where they are given, withdrawn and written down.

A right given to a person is a row of django-guardian. A right given to a committee reaches those who
sit on it at the moment of asking (``SeatBackend``). Each change leaves a ``GrantEvent``.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _t
from guardian.models import UserObjectPermission

from committees.people.models import Person

from .enums import GrantAction
from .models import Committee, CommitteeGrant, GrantEvent, Seat
from .rules import ROLES_REACHED_BY_GRANTS

Holder = Person | Committee


@dataclass(frozen=True)
class Grant:
    """A right somebody has to one object by name now."""

    holder: Holder
    permission: Permission

    @property
    def name(self) -> str:
        """The permission as code knows it: "plans.edit_content"."""
        return full_name(self.permission)

    @property
    def key(self) -> str:
        """What tells this grant from others on the same object, for a form."""
        return f"{self.holder._meta.model_name}-{self.holder.pk}-{self.name}"

    @property
    def label(self) -> str:
        """The permission in words of the reader's language."""
        return in_words(self.permission)


def full_name(permission: Permission) -> str:
    """Return "plans.edit_content"."""
    return f"{permission.content_type.app_label}.{permission.codename}"


def permissions_of(model: type[models.Model]) -> dict[str, Permission]:
    """All permissions that objects of the model know, by their full name. One query."""
    found = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(model)
    ).select_related("content_type")
    return {full_name(permission): permission for permission in found}


def in_words(permission: Permission) -> str:
    """The name of a permission; our own ones are translated."""
    return _t(permission.name)


@transaction.atomic
def grant(
    holder: Holder, permission: str, obj: models.Model, *, actor: Person, note: str = ""
) -> bool:
    """Give ``holder`` (a person or a committee) the right to ``obj``; False when it was given already.

    Raise PermissionDenied when the actor may not hand rights out, or does not have this one, and
    Permission.DoesNotExist for a right that objects of this kind do not know.
    """
    row = _permission_on(permission, obj)
    if not may_hand_out(actor, permission, obj):
        raise PermissionDenied
    _given, is_new = _rows_of(holder).get_or_create(**_key(holder, row, obj))
    if is_new:
        _write_down(GrantAction.GRANTED, holder, permission, obj, actor=actor, note=note)
    return is_new


@transaction.atomic
def withdraw(
    holder: Holder, permission: str, obj: models.Model, *, actor: Person, note: str = ""
) -> bool:
    """Take the right to ``obj`` away; False when it was not given. Raises as ``grant`` does."""
    row = _permission_on(permission, obj)
    if not may_hand_out(actor, permission, obj):
        raise PermissionDenied
    deleted, _by_model = _rows_of(holder).filter(**_key(holder, row, obj)).delete()
    if deleted:
        _write_down(GrantAction.WITHDRAWN, holder, permission, obj, actor=actor, note=note)
    return bool(deleted)


def may_hand_out(actor: Person, permission: str, obj: models.Model) -> bool:
    """Whether the actor may give or withdraw this right: nobody gives what they do not have."""
    return actor.has_perm("bodies.hand_out_grants") and actor.has_perm(permission, obj)


def grants_on(obj: models.Model) -> list[Grant]:
    """Who has which right to ``obj`` by name: committees first, then people. Two queries."""
    key = {"content_type": ContentType.objects.get_for_model(obj), "object_pk": str(obj.pk)}
    committees = (
        CommitteeGrant.objects.filter(**key)
        .select_related("committee", "permission__content_type")
        .order_by("committee__sort_key", "permission__codename")
    )
    people = (
        UserObjectPermission.objects.filter(**key)
        .select_related("user", "permission__content_type")
        .order_by("user__sort_key", "permission__codename")
    )
    return [Grant(row.committee, row.permission) for row in committees] + [
        Grant(row.user, row.permission) for row in people
    ]


def history_on(obj: models.Model) -> QuerySet[GrantEvent]:
    """What was given and withdrawn on ``obj``, newest first."""
    return GrantEvent.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_pk=str(obj.pk)
    ).select_related("actor", "person", "committee")


def granted(person: Person, permissions: list[str], model: type[models.Model]) -> Q:
    """The condition of objects of ``model`` to which the person has one of the rights by name now.

    Counts rights given to the person and to committees on which the person sits:
    ``PlanVersion.objects.filter(granted(person, ["plans.edit_content"], PlanVersion))``.
    """
    key = {
        "content_type": ContentType.objects.get_for_model(model),
        "permission__codename__in": [name.partition(".")[2] for name in permissions],
    }
    pk = Cast("object_pk", output_field=model._meta.pk.__class__())
    own = UserObjectPermission.objects.filter(user=person, **key)
    through = CommitteeGrant.objects.filter(
        committee__in=committees_reached_by_grants(person), **key
    )
    return Q(pk__in=own.values(key=pk)) | Q(pk__in=through.values(key=pk))


def committees_reached_by_grants(person: Person) -> QuerySet:
    """Keys of the committees whose rights by name the person shares today."""
    return (
        Seat.objects.current()
        .filter(person=person, role__in=ROLES_REACHED_BY_GRANTS)
        .values("committee")
    )


def _permission_on(permission: str, obj: models.Model) -> Permission:
    app_label, _dot, codename = permission.partition(".")
    content_type = ContentType.objects.get_for_model(obj)
    return Permission.objects.select_related("content_type").get(
        content_type=content_type, content_type__app_label=app_label, codename=codename
    )


def _rows_of(holder: Holder):
    return CommitteeGrant.objects if isinstance(holder, Committee) else UserObjectPermission.objects


def _key(holder: Holder, permission: Permission, obj: models.Model) -> dict:
    holder_field = "committee" if isinstance(holder, Committee) else "user"
    return {
        holder_field: holder,
        "permission": permission,
        "content_type": permission.content_type,
        "object_pk": str(obj.pk),
    }


def _write_down(action: str, holder: Holder, permission: str, obj, *, actor, note: str) -> None:
    GrantEvent.objects.create(
        actor=actor,
        action=action,
        person=holder if isinstance(holder, Person) else None,
        committee=holder if isinstance(holder, Committee) else None,
        permission=permission,
        content_type=ContentType.objects.get_for_model(obj),
        object_pk=str(obj.pk),
        object_text=str(obj)[:300],
        note=note.strip(),
    )
