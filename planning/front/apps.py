from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontConfig(AppConfig):
    name = "planning.front"
    verbose_name = _("Front pages and desks")

    def ready(self):
        # Models are loaded only now.
        from kpss import desk  # noqa: PLC0415

        from . import office  # noqa: PLC0415

        desk.register(office.waiting_steps)
        desk.register_office(desk.Pile.TO_APPROVE, office.waiting_steps)
        desk.register_office(desk.Pile.OVERDUE, office.overdue)
        desk.register_office(desk.Pile.UNBALANCED, office.out_of_balance)
        desk.register_office(desk.Pile.AGEING, office.ageing)
