"""The directory in the admin: what a coordinator keeps, in the words she uses."""

import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Count, Q, TextField
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kpss.admin import PlainSearchMixin
from kpss.templatetags.czech import cz_date

from . import services
from .models import (
    CapacityKind,
    CrisisLine,
    Facility,
    LegalForm,
    LifeSituation,
    Organisation,
    PlanningGroup,
    Service,
    ServiceCapacity,
    ServiceForm,
    ServiceGroup,
    ServiceKind,
    ServiceProfile,
    TargetGroup,
)

# Data that nobody has confirmed for this long are asked about.
CONFIRMED_FOR = datetime.timedelta(days=365)


# --- Code lists -------------------------------------------------------------------------------------
class CodeAdmin(PlainSearchMixin, admin.ModelAdmin):
    """A code list: labels may be corrected, the code stays, an item goes out of use but is not deleted."""

    list_display = ["name_cs", "code", "name_en", "position", "is_active", "valid_from", "valid_to"]
    list_display_links = ["name_cs"]
    list_filter = ["is_active"]
    search_fields = ["name_cs", "name_en", "code"]
    ordering = ["position", "code"]
    own_fields: tuple[str, ...] = ()

    def get_fieldsets(self, request, obj=None):
        return [
            (None, {"fields": ["name_cs", "name_en", "code", *self.own_fields]}),
            (
                _("Order and validity"),
                {"fields": ["position", "is_active", "valid_from", "valid_to"]},
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        """A field offers what may be chosen today; the list itself shows everything."""
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.current()
        return super().get_search_results(request, queryset, search_term)

    def services_affected(self, item):
        """Services that are found by the words of ``item``; none unless a list says otherwise."""
        return Service.objects.none()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.refresh_services(self.services_affected(form.instance))


@admin.register(PlanningGroup)
class PlanningGroupAdmin(CodeAdmin):
    def services_affected(self, item):
        return Service.objects.filter(target_groups__planning_group=item).distinct()


@admin.register(LegalForm, CapacityKind, ServiceGroup)
class PlainCodeAdmin(CodeAdmin):
    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        own = [name for name in ("section", "rpss_id") if hasattr(self.model, name)]
        fieldsets[0][1]["fields"] += own
        return fieldsets


@admin.register(ServiceKind)
class ServiceKindAdmin(CodeAdmin):
    list_display = ["name_cs", "section", "group", "is_active", "valid_from", "valid_to"]
    list_filter = ["is_active", "group"]
    list_select_related = ["group"]
    search_fields = [*CodeAdmin.search_fields, "section"]
    own_fields = ("section", "group", "rpss_id", "note")

    def services_affected(self, item):
        return item.services.all()


@admin.register(ServiceForm)
class ServiceFormAdmin(CodeAdmin):
    own_fields = ("meaning", "rpss_id")

    def services_affected(self, item):
        return item.services.all()


@admin.register(TargetGroup)
class TargetGroupAdmin(CodeAdmin):
    list_display = ["name_cs", "planning_group", "is_active", "position"]
    list_filter = ["is_active", "planning_group"]
    list_select_related = ["planning_group"]
    own_fields = ("planning_group", "rpss_id")

    def services_affected(self, item):
        return item.services.all()


@admin.register(CrisisLine)
class CrisisLineAdmin(CodeAdmin):
    list_display = ["name_cs", "phone", "availability_cs", "checked_on", "position", "is_active"]
    own_fields = ("phone", "availability_cs", "target_cs", "is_free", "checked_on")


@admin.register(LifeSituation)
class LifeSituationAdmin(CodeAdmin):
    list_display = ["name_cs", "short_cs", "on_home_page", "position", "is_active"]
    list_filter = ["is_active", "on_home_page"]
    autocomplete_fields = ["service_kinds", "target_groups", "crisis_lines"]
    own_fields = (
        "short_cs", "slug", "explanation", "service_kinds", "target_groups", "crisis_lines", "on_home_page",
    )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return ["code", "slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["name_cs"], "slug": ["name_cs"]}

    def services_affected(self, item):
        # A kind taken off the situation loses its words too, so that nobody is left out.
        return Service.objects.all()


# --- Organisations ----------------------------------------------------------------------------------
@admin.register(Organisation)
class OrganisationAdmin(PlainSearchMixin, admin.ModelAdmin):
    list_display = ["name", "ico", "municipality", "is_provider", "service_count"]
    list_filter = ["is_provider", "legal_form", "municipality"]
    list_select_related = ["municipality"]
    ordering = ["sort_key"]
    search_fields = ["name", "ico", "municipality__name"]
    autocomplete_fields = ["legal_form", "municipality", "represents"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "ico", "legal_form", "is_provider", "description"]}),
        (
            pgettext_lazy("organisation", "Seat"),
            {"fields": ["municipality", "seat_text", "represents"]},
        ),
        (
            _("Contacts"),
            {
                "description": _("A service without its own contacts shows these."),
                "fields": ["phone", "email", "website", "data_box"],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(service_number=Count("services"))

    @admin.display(description=_("services"), ordering="service_number")
    def service_count(self, organisation):
        return organisation.service_number

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.refresh_services(form.instance.services.all())


# --- Services ---------------------------------------------------------------------------------------
class RegisterRows:
    """Rows of the register's layer: read-only as soon as they come from there."""

    extra = 0

    def _may_write(self, service) -> bool:
        return service is None or not service.is_from_register

    def has_add_permission(self, request, obj=None):
        return self._may_write(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_write(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_write(obj) and super().has_delete_permission(request, obj)


class CapacityInline(RegisterRows, admin.TabularInline):
    model = ServiceCapacity
    verbose_name_plural = _("registered capacity: the most it may take, not free places")


class FacilityInline(RegisterRows, admin.StackedInline):
    model = Facility
    autocomplete_fields = ["municipality"]
    fields = [
        ("name", "is_hidden"),
        ("street", "postcode"),
        ("municipality", "place_text"),
        ("runs_from", "runs_to"),
    ]


class ProfileInline(admin.StackedInline):
    model = ServiceProfile
    autocomplete_fields = ["municipalities"]
    can_delete = False
    formfield_overrides = {TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "Two or three short sentences to each question, as you would say it by phone."
                ),
                "fields": ["summary", "for_whom", "helps_with", "how_to_begin", "cost"],
            },
        ),
        (_("Where it comes"), {"fields": ["covers_all", "municipalities"]}),
        (_("Hours and access"), {"fields": ["opening_hours", "accessibility", "languages"]}),
        (
            _("Free places now"),
            {
                "description": _(
                    "What the provider says, with the day. It is not the registered capacity."
                ),
                "fields": [("free_places", "free_places_on")],
            },
        ),
        (_("Confirmation"), {"fields": ["confirmed_on"]}),
    ]


class FreshnessFilter(admin.SimpleListFilter):
    """When somebody last confirmed what the page of the service says."""

    title = _("confirmation of data")
    parameter_name = "freshness"

    def lookups(self, request, model_admin):
        return [
            ("fresh", _("within a year")),
            ("stale", _("public ones not confirmed for a year")),
        ]

    def queryset(self, request, queryset):
        fresh = Q(profile__confirmed_on__gte=timezone.localdate() - CONFIRMED_FOR)
        if self.value() == "fresh":
            return queryset.filter(fresh)
        if self.value() == "stale":
            return queryset.public().exclude(pk__in=Service.objects.filter(fresh).values("pk"))
        return queryset


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    """A service with both its layers; the register's one is read-only once it comes from the register."""

    list_display = ["name", "organisation", "kind", "in_catalogue", "places", "confirmed"]
    list_filter = [
        "is_public",
        FreshnessFilter,
        "forms",
        ("kind", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["organisation", "kind", "profile"]
    ordering = ["sort_key"]
    search_fields = ["search"]
    search_help_text = _("Any word: a name, a provider, a group of people, a municipality, an IČO.")
    autocomplete_fields = ["organisation", "kind", "target_groups"]
    inlines = [ProfileInline, FacilityInline, CapacityInline]
    actions = ["confirm_today"]
    register_fields = (
        "organisation", "kind", "name", "target_groups", "forms", "runs_from", "runs_to", "phone", "email",
        "website", "rpss_identifier",
    )  # fmt: skip

    def get_fieldsets(self, request, obj=None):
        from_register = obj is not None and obj.is_from_register
        note = (
            _("These data come from the register and are changed there. What you add is below.")
            if from_register
            else ""
        )
        register = ["rpss_identifier", "rpss_synced_at"] if obj else ["rpss_identifier"]
        return [
            (
                None,
                {
                    "description": note,
                    "fields": ["name", "organisation", "kind", "slug", "is_public"],
                },
            ),
            (
                _("For whom and how"),
                {"fields": ["target_groups", "forms", ("runs_from", "runs_to")]},
            ),
            (
                _("Contacts"),
                {
                    "description": _("Leave empty what is the same as the provider’s."),
                    "fields": ["phone", "email", "website"],
                },
            ),
            (_("Register of providers"), {"fields": register}),
        ]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ["rpss_synced_at"]
        return ["slug", "rpss_synced_at", *(self.register_fields if obj.is_from_register else ())]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "forms":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        number = search_term.strip()
        return (
            queryset.filter(
                Q(search__match=search_term)
                | Q(rpss_identifier=number)
                | Q(organisation__ico=number)
            ),
            False,
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        services.refresh_search(form.instance)

    @admin.display(description=_("in the catalogue"), ordering="runs_to")
    def in_catalogue(self, service):
        today = timezone.localdate()
        if service.runs_to and service.runs_to < today:
            return gettext("ended on %(day)s") % {"day": cz_date(service.runs_to)}
        if service.runs_from and service.runs_from > today:
            return gettext("from %(day)s") % {"day": cz_date(service.runs_from)}
        return gettext("yes") if service.is_public else gettext("no")

    @admin.display(description=_("free places"), ordering="profile__free_places_on")
    def places(self, service):
        profile = getattr(service, "profile", None)
        if profile is None or not profile.free_places:
            return None
        return f"{profile.get_free_places_display()} ({cz_date(profile.free_places_on)})"

    @admin.display(description=_("confirmed on"), ordering="profile__confirmed_on")
    def confirmed(self, service):
        profile = getattr(service, "profile", None)
        return cz_date(profile.confirmed_on) or None if profile else None

    @admin.action(description=_("The provider confirmed the data today"))
    def confirm_today(self, request, queryset):
        count = services.confirm(queryset, on=timezone.localdate())
        message = ngettext(
            "%(count)d service is marked as confirmed today.",
            "%(count)d services are marked as confirmed today.",
            count,
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
