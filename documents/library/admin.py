"""The library in the admin."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents.library.forms import DocumentForm, DocumentVersionForm, NewVersionsFormSet
from documents.library.models import Document, DocumentVersion
from kpss.admin import PlainSearchMixin


class PublishedFilter(admin.SimpleListFilter):
    """Documents that everybody reads, and the others."""

    title = _("public")
    parameter_name = "public"

    def lookups(self, request, model_admin):
        return [("yes", _("Public")), ("no", _("Not public yet"))]

    def queryset(self, request, queryset):
        public = Document.objects.published().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=public)
        if self.value() == "no":
            return queryset.exclude(pk__in=public)
        return queryset


class Wordings(admin.TabularInline):
    """Wordings that are kept: they never change; one by which nobody decides can be taken away."""

    model = DocumentVersion
    extra = 0
    fields = ["number", "valid_from", "open_file", "note"]
    readonly_fields = ["number", "valid_from", "open_file"]
    ordering = ["-valid_from"]
    verbose_name_plural = _("wordings of the document")

    def has_add_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document", "file")

    @admin.display(description=_("file"))
    def open_file(self, version):
        return format_html('<a href="{}">{}</a>', version.file_url, version.file_name)


class NewWordings(admin.StackedInline):
    """A wording to be added."""

    model = DocumentVersion
    form = DocumentVersionForm
    formset = NewVersionsFormSet
    extra = 0
    can_delete = False
    fields = [("valid_from", "upload"), "note"]
    verbose_name = _("new wording")
    verbose_name_plural = _("new wordings")

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).none()


@admin.register(DocumentVersion)
class DocumentVersionAdmin(PlainSearchMixin, admin.ModelAdmin):
    """Only for choosing a wording elsewhere in the admin; wordings are kept with their document."""

    search_fields = ["document__title", "note"]
    ordering = ["document__sort_key", "-valid_from"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document")

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Document)
class DocumentAdmin(PlainSearchMixin, admin.ModelAdmin):
    form = DocumentForm
    list_display = ["title", "kind", "period", "is_public", "has_file"]
    list_filter = ["kind", PublishedFilter]
    list_select_related = ["file"]
    list_per_page = 50
    search_fields = ["title", "description", "parties"]
    autocomplete_fields = ["part_of"]
    readonly_fields = ["present_file", "created_at", "updated_at"]
    actions = ["publish", "hide"]
    inlines = [Wordings, NewWordings]
    fieldsets = [
        (None, {"fields": ["title", "kind", "description"]}),
        (
            _("File"),
            {
                "fields": ["present_file", "upload", "without_file", "pages", "external_url"],
                "description": _(
                    "A document that changes in time, such as rules of procedure, is kept by its"
                    " wordings below; people then open the one in force."
                ),
            },
        ),
        (
            _("Period and validity"),
            {
                "fields": [
                    ("period_from", "period_to"),
                    "signed_on",
                    ("valid_from", "valid_to"),
                    "parties",
                ]
            },
        ),
        (
            _("Part of another document"),
            {
                "fields": ["part_of", ("page_from", "page_to")],
                "description": _("For example an action plan printed on pages 77–95 of the plan."),
            },
        ),
        (_("Publication"), {"fields": ["published_at", "slug"]}),
        (_("Times"), {"fields": ["created_at", "updated_at"]}),
    ]

    @admin.display(description=_("period"), ordering="period_from")
    def period(self, document):
        return document.period

    @admin.display(description=_("public"), boolean=True, ordering="published_at")
    def is_public(self, document):
        return document.is_public

    def get_queryset(self, request):
        kept = DocumentVersion.objects.filter(document=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_wordings=Exists(kept))

    @admin.display(description=_("file"), boolean=True)
    def has_file(self, document):
        return document.file_id is not None or document.has_wordings

    @admin.display(description=_("present file"))
    def present_file(self, document):
        if document.file is None or document.pk is None:
            return "–"
        url = reverse("library:document_file", args=[document.slug])
        return format_html('<a href="{}">{}</a>', url, document.file_name)

    @admin.action(description=_("Publish the chosen documents now"), permissions=["change"])
    def publish(self, request, queryset):
        hidden = queryset.exclude(pk__in=Document.objects.published().values("pk"))
        count = hidden.update(published_at=timezone.now(), updated_at=timezone.now())
        self.message_user(
            request,
            ngettext("%(count)s document published.", "%(count)s documents published.", count)
            % {"count": count},
            messages.SUCCESS,
        )

    @admin.action(
        description=_("Take the chosen documents from the public"), permissions=["change"]
    )
    def hide(self, request, queryset):
        count = queryset.exclude(published_at=None).update(
            published_at=None, updated_at=timezone.now()
        )
        self.message_user(
            request,
            ngettext(
                "%(count)s document is no longer public.",
                "%(count)s documents are no longer public.",
                count,
            )
            % {"count": count},
            messages.SUCCESS,
        )
