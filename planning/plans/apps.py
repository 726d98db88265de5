from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "planning.plans"
    verbose_name = _("Plans")

    def ready(self):
        # Models are loaded only now.
        from committees.bodies import panels  # noqa: PLC0415
        from kpss.links import services as links  # noqa: PLC0415
        from kpss.outbox import kinds  # noqa: PLC0415
        from planning.plans import notifications  # noqa: PLC0415
        from planning.plans.panels import plans_of  # noqa: PLC0415
        from planning.plans.views.snapshots import read_by_link  # noqa: PLC0415

        panels.register(plans_of)
        links.register(notifications.LINK, read_by_link, _("working version to read"))
        kinds.register(notifications.SENT, _("working version to read"))
