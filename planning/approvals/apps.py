from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "planning.approvals"
    verbose_name = _("Approval of plans")
