"""News and permanent pages in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Article


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "published_at", "updated_at"]
    list_filter = ["kind"]
    search_fields = ["title", "lead", "body"]
    date_hierarchy = "published_at"
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["title", "lead", "body"]}),
        (_("Publication"), {"fields": ["kind", "published_at", "author_label", "slug"]}),
        (_("Times"), {"fields": ["created_at", "updated_at"]}),
    ]
