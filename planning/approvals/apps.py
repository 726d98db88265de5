from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "planning.approvals"
    verbose_name = _("Approval of plans")

    def ready(self) -> None:
        from documents.printing import registry  # noqa: PLC0415 - models are ready only now

        from .preview import PREVIEW  # noqa: PLC0415

        registry.register(PREVIEW)
