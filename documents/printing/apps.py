from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kpss import due


class PrintingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "documents.printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        from documents.printing import services  # noqa: PLC0415 - models are ready only now

        due.register("prints left by a crash", services.sweep)
        due.register("old prints", services.forget_old)
