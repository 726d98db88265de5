from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MinutesConfig(AppConfig):
    name = "committees.minutes"
    verbose_name = _("Minutes and resolutions")

    def ready(self):
        # Models may be imported only now.
        from committees.meetings import panels as meeting_panels  # noqa: PLC0415
        from kpss import desk, due  # noqa: PLC0415
        from kpss.links import services as links  # noqa: PLC0415
        from kpss.outbox import kinds  # noqa: PLC0415

        from . import desk as lines  # noqa: PLC0415
        from . import notifications, panels, register, reminders, services  # noqa: PLC0415
        from .views.verifying import by_link  # noqa: PLC0415

        meeting_panels.register(panels.minutes_of)
        links.register(notifications.PURPOSE, by_link, _("verification of minutes"))
        due.register("sealed minutes", lambda now: services.sweep())
        due.register("late minutes", reminders.remind_late)
        due.register("verifiers of minutes", reminders.remind_verifiers)
        due.register("words of resolutions", lambda now: register.index())
        desk.register(lines.waiting_for)
        desk.register_office(desk.Pile.OVERDUE, lines.waiting_for_manager)
        for kind, label in notifications.KINDS.items():
            kinds.register(kind, label)
