"""Print jobs, to be looked at when something does not come out."""

from django.contrib import admin

from kpss.admin import ReadOnly

from .models import PrintJob


@admin.register(PrintJob)
class PrintJobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "file_name", "state", "requested_at", "finished_at", "attempts"]
    list_filter = ["state", "kind"]
    list_select_related = True
    fields = [
        "kind", "lane", "state", "stage", "attempts", "requested_by", "requested_at", "finished_at",
        "file_name", "media_type", "size", "error",
    ]  # fmt: skip
    readonly_fields = fields
