"""Rights that follow seats at the moment of asking; nothing is synced, nothing outlives a mandate."""

from .models import Committee, Seat
from .rules import roles_with


class SeatBackend:
    """Answers ``user.has_perm(permission, obj)`` from the seats the user holds today.

    The object is a committee, or anything that names the committees it belongs to by
    ``committees_in_charge()`` (a queryset of Committee).
    """

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_perm(self, user, permission: str, obj=None) -> bool:
        """True when a current seat on a committee in charge of ``obj`` carries the permission."""
        if obj is None or not user.is_active or not user.is_authenticated:
            return False
        if isinstance(obj, Committee):
            committees = Committee.objects.filter(pk=obj.pk)
        elif hasattr(obj, "committees_in_charge"):
            committees = obj.committees_in_charge()
        else:
            return False
        roles = roles_with(permission)
        if not roles:
            return False
        return (
            Seat.objects.current()
            .filter(person=user, role__in=roles, committee__in=committees)
            .exists()
        )
