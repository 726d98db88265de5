"""Stored files in the admin: to look at; they are written and kept by the portal alone."""

from django.contrib import admin

from documents.store.models import StoredFile
from kpss.admin import ReadOnly


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["sha256", "content_type", "size", "created_at"]
    list_filter = ["content_type"]
    search_fields = ["sha256"]
    date_hierarchy = "created_at"
