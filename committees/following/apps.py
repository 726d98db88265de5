from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowingConfig(AppConfig):
    name = "committees.following"
    verbose_name = _("Calendars, feeds and archives")

    def ready(self):
        # Models are loaded only now.
        from committees.bodies.panels import Place, register, register_note  # noqa: PLC0415
        from committees.meetings import panels as meeting_panels  # noqa: PLC0415
        from kpss.links import services as links  # noqa: PLC0415

        from . import panels, structured, views  # noqa: PLC0415
        from .subscription import PURPOSE  # noqa: PLC0415

        links.register(PURPOSE, views.private, _("private calendar and feed"))
        register(panels.next_meeting, Place.TOP)
        register(panels.ways_to_follow, Place.SIDE)
        register_note(panels.next_meetings)
        meeting_panels.register(structured.event_script)
