from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "kpss.outbox"
    verbose_name = _("Mail")

    def ready(self):
        # Models may be imported only now.
        from kpss import desk, due  # noqa: PLC0415
        from kpss.links.services import register  # noqa: PLC0415

        from . import kinds, lines, services, views  # noqa: PLC0415
        from .services.digests import KIND  # noqa: PLC0415
        from .services.preferences import UNSUBSCRIBE  # noqa: PLC0415

        register(UNSUBSCRIBE, views.unsubscribe, _("stopping the daily mail"), csrf_exempt=True)
        kinds.register(KIND, _("daily mail"))
        desk.register_office(desk.Pile.OVERDUE, lines.undelivered)
        due.register("daily mails", services.make_digests)
        due.register("mails to send", lambda now: services.deliver_due())
