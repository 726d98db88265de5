from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BodiesConfig(AppConfig):
    name = "committees.bodies"
    verbose_name = _("Committees and resolutions")

    def ready(self):
        # Models are loaded only now.
        from committees.bodies.erasing import forget_member  # noqa: PLC0415
        from committees.bodies.papers import who_decides_by  # noqa: PLC0415
        from committees.people import erasure  # noqa: PLC0415
        from documents.library import panels  # noqa: PLC0415

        panels.register(who_decides_by)
        erasure.register(forget_member)
