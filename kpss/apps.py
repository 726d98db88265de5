from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site class as the default."""

    default_site = "kpss.admin.PortalAdminSite"
