"""The portal's admin site: Django's admin, our entrance and our desk."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    """Django's admin with the sign-in of the site (limits, second factor) instead of its own."""

    site_header = _("Coordinator's desk")
    site_title = _("Coordinator's desk")
    index_title = _("Everything that is kept here")
    empty_value_display = "–"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.login = secure_admin_login(self.login)


class HistoryInline(admin.TabularInline):
    """The events of one object, read-only: the admin shows history and never sets a state."""

    extra = 0
    can_delete = False
    fields = readonly_fields = ["at", "actor", "transition", "from_state", "to_state", "note"]
    ordering = ["-at", "-pk"]
    verbose_name_plural = _("history")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")
