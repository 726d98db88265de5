from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "planning.plans"
    verbose_name = _("Plans")

    def ready(self):
        # Models are loaded only now.
        from committees.bodies import panels  # noqa: PLC0415
        from planning.plans.panels import plans_of  # noqa: PLC0415

        panels.register(plans_of)
