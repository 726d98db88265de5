from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NominationsConfig(AppConfig):
    name = "committees.nominations"
    verbose_name = _("Interest and nominations")

    def ready(self):
        # Models are loaded only now.
        from committees.bodies import panels  # noqa: PLC0415
        from committees.people import erasure  # noqa: PLC0415
        from kpss import desk, due  # noqa: PLC0415
        from kpss.outbox import kinds  # noqa: PLC0415

        from . import selectors, services  # noqa: PLC0415
        from .panels import how_to_join  # noqa: PLC0415

        panels.register(how_to_join)
        erasure.register(services.forget_person)
        due.register("interests to erase", services.erase_old_interests)
        desk.register_office(desk.Pile.UNANSWERED, selectors.waiting_for_coordinator)
        kinds.register("interest-received", _("interest: received"))
        kinds.register("interest-thank", _("interest: thanked"))
        kinds.register("interest-decline", _("interest: declined"))
        kinds.register("nomination-appointed", _("nomination: appointed"))
        kinds.register("nomination-declined", _("nomination: not accepted"))
