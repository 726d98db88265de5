from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FreePlaces(models.TextChoices):
    """What the provider says about places now; never computed from the registered capacity."""

    UNKNOWN = "", _("not given")
    YES = "yes", _("free places")
    FEW = "few", _("last places")
    WAITING = "waiting", _("waiting list")
    NO = "no", pgettext_lazy("free places", "full")


class ContactLevel(models.TextChoices):
    SERVICE = "service", _("service")
    PROVIDER = "provider", _("provider")
