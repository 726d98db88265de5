"""Sentences of Django and allauth which their Czech catalogues miss, misspell or say badly.

Named here so that ``makemessages`` keeps them: our catalogue is asked before theirs. When theirs says
a sentence well, delete it here.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

BORROWED = [
    # django: kilobytes are written kB
    _("%s KB"),
    # django.contrib.admin, heard by screen readers
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    # django.contrib.auth
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    # allauth
    _("Authenticator code"),
    _("You cannot activate two-factor authentication until you have verified your email address."),
]
