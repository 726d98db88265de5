"""Minutes in the admin are only shown: they are written on their own page, states have their workflow."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.admin import HistoryInline, ReadOnly

from .enums import MinutesState
from .models import Minutes, MinutesEvent, MinutesVerifier


class MinutesHistory(HistoryInline):
    model = MinutesEvent
    states = MinutesState


class VerifiersInline(admin.TabularInline):
    """Who was asked in which round, and the answers."""

    model = MinutesVerifier
    extra = 0
    can_delete = False
    fields = readonly_fields = [
        "round", "person", "asked_at", "confirmed_at", "objected_at", "objection",
    ]  # fmt: skip

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("minutes.view_minutes")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


@admin.register(Minutes)
class MinutesAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["meeting", "state", "writer", "due_on", "is_published"]
    list_filter = ["state", "meeting__committee"]
    list_select_related = ["meeting__committee", "writer"]
    date_hierarchy = "meeting__starts_at"
    inlines = [VerifiersInline, MinutesHistory]
    fields = readonly_fields = [
        "page", "state", "writer", "due_on", "round", "sent_at", "content_sha256", "approved_by",
        "approved_at", "is_published", "public_sha256",
    ]  # fmt: skip

    @admin.display(description=_("minutes"))
    def page(self, minutes):
        return format_html(
            '<a href="{}">{}</a>', minutes.get_absolute_url(), _t("Open the minutes")
        )
