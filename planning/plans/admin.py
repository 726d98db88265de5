"""Plans in the admin: what a plan is and what its levels are called. Content has its editor, states their workflow."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from committees.bodies.grants_admin import GrantsAdmin
from kpss.admin import HistoryInline, PlainSearchMixin, ReadOnly
from kpss.czech import EN_DASH, free_slug
from kpss.czech import date as czech_date
from providers.directory.admin import CodeAdmin

from .enums import VersionState
from .models import (
    FundingSource,
    Plan,
    PlanLevel,
    PlanNode,
    PlanVersion,
    PlanVersionEvent,
    Snapshot,
    SnapshotSending,
)

# What stands in an approved version and its PDF, and is therefore kept by the database (migration 0002).
_FROZEN_WITH_APPROVAL = [
    "kind", "title", "slug", "parent", "period_from", "period_to", "summary", "task_singular", "task_plural",
]  # fmt: skip


def _is_approved(plan: Plan | None) -> bool:
    return plan is not None and plan.versions.approved().exists()


class LevelFormSet(forms.BaseInlineFormSet):
    """Levels are numbered 1, 2, 3 without gaps, and none disappears from under a tree."""

    def clean(self):
        super().clean()
        kept = [
            form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        depths = sorted(form.cleaned_data["depth"] for form in kept if "depth" in form.cleaned_data)
        if depths != list(range(1, len(depths) + 1)):
            raise ValidationError(_t("Number the levels 1, 2, 3 from the top, without gaps."))
        deepest = (
            PlanNode.objects.filter(version__plan=self.instance)
            .exclude(version__state=VersionState.DISCARDED)
            .order_by("-depth")
            .values_list("depth", flat=True)
            .first()
            if self.instance.pk
            else None
        )
        if deepest and len(depths) < deepest:
            raise ValidationError(
                _t("The tree of this plan goes down to level %(depth)s. That level needs its name.")
                % {"depth": deepest}
            )


class LevelInline(admin.TabularInline):
    model = PlanLevel
    formset = LevelFormSet
    max_num = 5

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 2

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not _is_approved(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _is_approved(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not _is_approved(obj)


def version_links(version: PlanVersion) -> str:
    """Where one can go with a version: links as safe HTML."""
    slug, number = version.plan.slug, version.number
    links = [(version.get_absolute_url(), _t("Read"))]
    if version.is_editable:
        links += [
            (reverse("plans:editor", args=[slug, number]), _t("Open the editor")),
            (reverse("plans:exchange", args=[slug, number]), _t("Excel")),
        ]
    if version.state != VersionState.DISCARDED:
        links.append((reverse("approvals:approval", args=[slug, number]), _t("Approval")))
    if version.is_approved:
        links.append((reverse("plans:version_pdf", args=[slug, number]), _t("PDF")))
    return format_html_join(" · ", '<a href="{}">{}</a>', links)


class VersionInline(ReadOnly, admin.TabularInline):
    model = PlanVersion
    extra = 0
    show_change_link = True
    fields = readonly_fields = [
        "state",
        "based_on",
        "created_at",
        "approved_on",
        "change_note",
        "links",
    ]
    ordering = ["-number"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("plan", "based_on__plan")

    @admin.display(description=_("go to"))
    def links(self, version):
        return version_links(version)


class PlanForm(forms.ModelForm):
    """A plan; its address may be left to the portal."""

    class Meta:
        model = Plan
        fields = "__all__"  # noqa: DJ007 - the admin chooses the fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Leave it empty and it will be made from the title.")

    def clean_slug(self):
        others = Plan.objects.exclude(pk=self.instance.pk)
        return self.cleaned_data["slug"] or free_slug(
            self.cleaned_data.get("title", ""),
            lambda slug: others.filter(slug=slug).exists(),
            max_length=120,
        )


@admin.register(Plan)
class PlanAdmin(PlainSearchMixin, admin.ModelAdmin):
    """``planning.approvals.admin`` adds the approval route to ``inlines``."""

    form = PlanForm
    list_display = ["title", "kind", "period", "newest_version"]
    list_filter = ["kind"]
    search_fields = ["title"]
    autocomplete_fields = ["parent", "committee"]
    inlines = [LevelInline, VersionInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "kind",
                    "title",
                    "slug",
                    "parent",
                    ("period_from", "period_to"),
                    "committee",
                    "summary",
                ]
            },
        ),
        (_("What a task is called here"), {"fields": [("task_singular", "task_plural")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_readonly_fields(self, request, obj=None):
        return _FROZEN_WITH_APPROVAL if _is_approved(obj) else []

    def has_delete_permission(self, request, obj=None):
        started = obj is not None and obj.versions.exists()
        return super().has_delete_permission(request, obj) and not started

    def change_view(self, request, object_id, form_url="", extra_context=None):
        plan = self.get_object(request, object_id)
        open_version = plan and plan.versions.open().first()
        context = {
            "open_version": open_version,
            "can_start_version": plan is not None
            and open_version is None
            and request.user.has_perm("plans.add_planversion", plan),
        }
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    @admin.display(description=_("period"), ordering="period_from")
    def period(self, plan):
        return f"{czech_date(plan.period_from)} {EN_DASH} {czech_date(plan.period_to)}"

    @admin.display(description=_("newest version"))
    def newest_version(self, plan):
        newest = max(plan.versions.all(), key=lambda version: version.number, default=None)
        if newest is None:
            return _t("none yet")
        return format_html("{}. {}", newest.number, newest.get_state_display())


class VersionHistoryInline(HistoryInline):
    model = PlanVersionEvent
    states = VersionState


@admin.register(PlanVersion)
class PlanVersionAdmin(GrantsAdmin, ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """Facts and history of a version. Content is written in the editor, states move by the workflow."""

    grantable = ("plans.view_draft", "plans.edit_content")
    list_display = ["plan", "number", "state", "created_at", "approved_on"]
    list_display_links = ["plan", "number"]
    list_filter = ["state", "plan__kind"]
    list_select_related = ["plan"]
    search_fields = ["plan__title"]
    inlines = [VersionHistoryInline]
    fields = readonly_fields = [
        "plan", "number", "state", "links", "based_on", "change_note", "started_by", "created_at",
        "approved_on", "content_sha256", "pdf_sha256",
    ]  # fmt: skip

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("plan", "based_on__plan", "created_by", "pdf")
        )

    @admin.display(description=_("go to"))
    def links(self, version):
        return version_links(version)

    @admin.display(description=_("who started it"))
    def started_by(self, version):
        return version.created_by or self.get_empty_value_display()

    @admin.display(description=_("SHA-256 of the PDF"))
    def pdf_sha256(self, version):
        return version.pdf.sha256 if version.pdf else self.get_empty_value_display()


class SendingInline(ReadOnly, admin.TabularInline):
    model = SnapshotSending
    extra = 0
    fields = readonly_fields = ["committee", "people", "sent_at", "sent_by"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("plans.view_snapshot")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("committee", "sent_by")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    list_display = ["title", "version", "number", "made_at", "made_by"]
    list_select_related = ["version__plan", "made_by"]
    search_fields = ["title", "version__plan__title"]
    fields = readonly_fields = [
        "title", "version", "number", "note", "made_at", "made_by", "content_sha256",
    ]  # fmt: skip
    inlines = [SendingInline]


@admin.register(FundingSource)
class FundingSourceAdmin(CodeAdmin):
    """A source no longer wanted is put out of use: plans keep the code for ever."""
