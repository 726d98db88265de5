"""Erasing a person: the name and the ways to reach them go, what they signed stays (Art. 17 GDPR)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _t
from guardian.models import UserObjectPermission

from kpss import clock
from kpss.links.services import revoke_for
from kpss.outbox.services import forget as forget_mails

from .erasure import erasers, forget_in_log
from .models import ERASED_NAME, Person


class ErasureRefused(Exception):
    """The person cannot be erased; the text is a sentence for who tried."""


def may_erase(actor: Person, person: Person) -> bool:
    """Whether ``actor`` may erase ``person``; an administrator is erased by administrators only."""
    return actor.has_perm("people.erase_person") and (actor.is_superuser or not person.is_superuser)


@transaction.atomic
def erase(person: Person, actor: Person) -> Person:
    """Make ``person`` nobody in particular: no name, e-mail, phone, sign-in or rights by name.

    Rows that point to the person (seats, votes, resolutions, history) stay and say "Smazaná osoba".
    Seats still held end today; each room forgets its own (``erasure.register``). Erasing again does
    nothing. Returns the person as it now is. Raise PermissionDenied, or ErasureRefused for oneself.
    """
    if not may_erase(actor, person):
        raise PermissionDenied
    if person.pk == actor.pk:
        raise ErasureRefused(_t("You cannot erase yourself. Ask another administrator."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        return person
    for forget in erasers():
        forget(person, actor)
    revoke_for(person=person)
    forget_mails(person)
    _forget_account(person)
    forget_in_log(Person, [person.pk])
    person.title_before = person.first_name = person.title_after = person.phone = ""
    person.last_name = ERASED_NAME
    person.email = None
    person.password = make_password(None)
    person.is_active = person.is_staff = person.is_superuser = False
    person.erased_at = clock.now()
    person.save()
    return person


def _forget_account(person: Person) -> None:
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    UserObjectPermission.objects.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()
