from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "committees.meetings"
    verbose_name = _("Meetings")

    def ready(self):
        # Models may be imported only now.
        from committees.bodies import panels as committee_panels  # noqa: PLC0415
        from kpss import desk, due  # noqa: PLC0415
        from kpss.links import services as links  # noqa: PLC0415
        from kpss.outbox import kinds  # noqa: PLC0415

        from . import desk as lines  # noqa: PLC0415
        from . import notifications, panels, services  # noqa: PLC0415
        from .links import handler  # noqa: PLC0415
        from .services.reminding import TASK  # noqa: PLC0415

        committee_panels.register(panels.meetings_of)
        links.register(notifications.LINK, handler, _("invitation to a meeting"))
        due.register("invitations to meetings", services.spread_due)
        due.register("answers to invitations", services.remind_of_answers)
        due.register("terms of tasks from meetings", services.remind_of_tasks)
        desk.register(lines.waiting_for)
        for pile, waiting in lines.OFFICE:
            desk.register_office(pile, waiting)
        kinds.register(notifications.INVITATION, _("invitation to a meeting"))
        kinds.register(notifications.CHANGE, _("change of a meeting"))
        kinds.register(notifications.CANCELLATION, _("cancelled meeting or invitation"))
        kinds.register(notifications.REMINDER, _("reminder of an invitation"))
        kinds.register(TASK, _("task from a meeting"))
