from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BodiesConfig(AppConfig):
    name = "committees.bodies"
    verbose_name = _("Committees and resolutions")
