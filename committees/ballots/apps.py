from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BallotsConfig(AppConfig):
    name = "committees.ballots"
    verbose_name = _("Ballots")

    def ready(self):
        # Models may be imported only now.
        from committees.bodies import panels  # noqa: PLC0415
        from kpss import desk, due  # noqa: PLC0415
        from kpss.links.services import register  # noqa: PLC0415
        from kpss.outbox import kinds  # noqa: PLC0415

        from . import services  # noqa: PLC0415
        from .desk import waiting_for, waiting_for_chair, waiting_for_manager  # noqa: PLC0415
        from .notifications import PURPOSE  # noqa: PLC0415
        from .panels import ballots_of  # noqa: PLC0415
        from .views.voting import by_link  # noqa: PLC0415

        register(PURPOSE, by_link, _("voting per rollam"))
        kinds.register(PURPOSE, _("voting per rollam"))
        panels.register(ballots_of)
        desk.register(waiting_for)
        desk.register(waiting_for_chair)
        desk.register_office(desk.Pile.UNDER_WAY, waiting_for_manager)
        due.register("ballots to close", services.close_due)
        due.register("reminders of ballots", services.remind_due)
        due.register("protocols of ballots", services.make_due_protocols)
