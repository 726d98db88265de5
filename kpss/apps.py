from django.contrib.admin.apps import AdminConfig

from kpss import due


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site class as the default."""

    default_site = "kpss.admin.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        due.register("finished work to forget", due.forget_finished)
