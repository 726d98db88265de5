from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DifferencesConfig(AppConfig):
    name = "planning.differences"
    verbose_name = _("Changes in plans")

    def ready(self) -> None:
        from documents.printing import registry  # noqa: PLC0415 - models are ready only now

        from .printing import ANNEX  # noqa: PLC0415

        registry.register(ANNEX)
