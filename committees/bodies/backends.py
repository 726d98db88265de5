"""Rights that follow seats and grants by name, at the moment of asking; nothing outlives a mandate."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from guardian.models import UserObjectPermission

from .models import Committee, CommitteeGrant, Seat
from .rules import ROLES_REACHED_BY_GRANTS, roles_with


class SeatBackend(BaseBackend):
    """Answers ``user.has_perm(permission, obj)`` from the seats the user holds today.

    The object is a committee, or anything that names the committees it belongs to by
    ``committees_in_charge()`` (a queryset of Committee). A right to the object given to a committee
    by name reaches those who sit on it too.
    """

    def has_perm(self, user, permission: str, obj=None) -> bool:
        """True when a current seat of the user carries the permission to ``obj``. Causes queries."""
        if not isinstance(obj, Model) or not user.is_active or not user.is_authenticated:
            return False
        return _by_role(user, permission, obj) or _by_grant(user, permission, obj)


class GrantBackend(BaseBackend):
    """Answers from the rights that coordinators gave to the person by name (``grants.grant``).

    Guardian's own backend would also let groups of the admin hold rights to objects, and it fails
    where we need a plain no: when asked for a permission that objects of this kind do not know.
    """

    def has_perm(self, user, permission: str, obj=None) -> bool:
        """True when the right to this very object was given to the user. Causes a query."""
        if not isinstance(obj, Model) or not user.is_active or not user.is_authenticated:
            return False
        return UserObjectPermission.objects.filter(user=user, **_right_to(permission, obj)).exists()


def _right_to(permission: str, obj: Model) -> dict:
    app_label, _dot, codename = permission.partition(".")
    return {
        "permission__codename": codename,
        "permission__content_type__app_label": app_label,
        "content_type": ContentType.objects.get_for_model(obj),
        "object_pk": str(obj.pk),
    }


def _by_role(user, permission: str, obj: Model) -> bool:
    roles = roles_with(permission)
    if not roles:
        return False
    if isinstance(obj, Committee):
        committees = Committee.objects.filter(pk=obj.pk)
    elif hasattr(obj, "committees_in_charge"):
        committees = obj.committees_in_charge()
    else:
        return False
    return (
        Seat.objects.current()
        .filter(person=user, role__in=roles, committee__in=committees)
        .exists()
    )


def _by_grant(user, permission: str, obj: Model) -> bool:
    seats = Seat.objects.current().filter(person=user, role__in=ROLES_REACHED_BY_GRANTS)
    return CommitteeGrant.objects.filter(
        committee__in=seats.values("committee"),
        **_right_to(permission, obj),
    ).exists()
