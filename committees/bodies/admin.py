"""Committees in the admin: rules of procedure valid in time, seats, resolutions."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.library.models import DocumentVersion
from kpss.admin import PlainSearchMixin
from kpss.czech import date as czech_date
from kpss.czech import free_slug

from . import numbering, wording
from .admin_parts import NativeDates, NeverCrash, name_in_words, period_in_words
from .forms import ResolutionForm
from .grants_admin import GrantEventAdmin, GrantsAdmin
from .models import Committee, Resolution, Rules, Seat, seat_taken_message
from .seating import remember_new
from .seats_admin import SeatAdmin
from .services import correct_resolution, record_resolution

__all__ = ["CommitteeAdmin", "GrantEventAdmin", "ResolutionAdmin", "SeatAdmin"]


class RulesFormSet(forms.BaseInlineFormSet):
    """Rules by which something was decided stay as they are; new ones are added beside them."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form.has_changed() and form.instance.is_used and not form.cleaned_data.get("DELETE"):
                form.add_error(
                    None,
                    _t(
                        "Something was decided by these rules, so they stay as they are."
                        " Add new rules valid from a later day."
                    ),
                )


class RulesInline(NativeDates, admin.StackedInline):
    model = Rules
    formset = RulesFormSet
    extra = 0
    autocomplete_fields = ["document_version"]
    fields = [
        "valid_from",
        ("notice_days", "minutes_days", "min_meetings_per_year"),
        ("quorum", "majority", "chair_decides_tie"),
        ("per_rollam_allowed", "per_rollam_days", "per_rollam_closes_early"),
        "per_rollam_silence",
        ("substitutes_allowed", "meetings_public", "votes_public"),
        "document_version",
    ]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "document_version":
            kwargs["queryset"] = DocumentVersion.objects.select_related("document")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SeatsNow(NativeDates, admin.TabularInline):
    """Seats held now or to come, to look at; each is changed on its own page."""

    model = Seat
    extra = 0
    can_delete = False
    fields = readonly_fields = ["role", "side", "organisation", "period", "name"]
    show_change_link = True
    ordering = ["side", "person__sort_key"]
    verbose_name_plural = _("seats held now")

    def has_add_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))
            .select_related("person", "organisation", "committee")
        )

    @admin.display(description=_("from – until"))
    def period(self, seat):
        return period_in_words(seat)

    @admin.display(description=_("name in public"))
    def name(self, seat):
        return name_in_words(seat)


class SeatFormSet(forms.BaseInlineFormSet):
    """New seats are judged together too: nobody is seated twice at once."""

    def clean(self):
        super().clean()
        seats: list[Seat] = []
        for form in self.forms:
            if not form.is_valid() or not form.instance.person_id:
                continue
            for other in seats:
                if other.person_id == form.instance.person_id and other.overlaps(form.instance):
                    form.add_error("person", seat_taken_message(other))
            seats.append(form.instance)


class NewSeats(NativeDates, admin.StackedInline):
    """Seats to be added, as many as needed."""

    model = Seat
    formset = SeatFormSet
    extra = 0
    can_delete = False
    autocomplete_fields = ["person", "organisation"]
    fields = [
        ("person", "role"),
        ("side", "organisation"),
        "function",
        ("valid_from", "valid_to"),
        "name_consent_on",
        "name_consent_text",
    ]
    verbose_name = _("new seat")
    verbose_name_plural = _("new seats")

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).none()


class CommitteeForm(forms.ModelForm):
    """A committee; its address may be left to the portal."""

    class Meta:
        model = Committee
        fields = "__all__"  # noqa: DJ007 - the admin chooses the fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Leave it empty and it will be made from the name.")
        for name in ("numbering", "numbering_per_rollam"):
            if name in self.fields:
                known = self.get_initial_for_field(self.fields[name], name)
                asked = self.data.get(self.add_prefix(name)) if self.is_bound else known
                self.fields[name].help_text = _pattern_help(asked)

    def clean_slug(self):
        others = Committee.objects.exclude(pk=self.instance.pk)
        return self.cleaned_data["slug"] or free_slug(
            self.cleaned_data.get("name", ""),
            lambda slug: others.filter(slug=slug).exists(),
            max_length=120,
        )


def _pattern_help(pattern: str | None) -> str:
    """What may stand in a pattern of numbers, and what the present one makes."""
    words = _t("You can use %(placeholders)s.") % {
        "placeholders": ", ".join(
            f"{{{name}}} ({meaning})" for name, meaning in numbering.PLACEHOLDERS.items()
        )
    }
    example = numbering.example(pattern or "")
    if not example:
        return words
    return words + " " + _t("The present pattern makes: %(example)s.") % {"example": example}


@admin.register(Committee)
class CommitteeAdmin(NeverCrash, NativeDates, GrantsAdmin, PlainSearchMixin, admin.ModelAdmin):
    form = CommitteeForm
    grantable = ("bodies.view_committee_work",)
    list_display = ["name", "kind", "parent", "members", "is_public", "established_on"]
    list_filter = ["kind", "is_public"]
    list_select_related = ["parent"]
    ordering = ["position", "sort_key"]
    search_fields = ["name", "short_name"]
    autocomplete_fields = ["parent", "municipality"]
    inlines = [RulesInline, SeatsNow, NewSeats]
    readonly_fields = ["all_seats"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "short_name"),
                    ("kind", "parent"),
                    "purpose",
                    ("municipality", "planning_group"),
                    ("established_on", "dissolved_on"),
                    ("is_public", "position"),
                    "slug",
                    "all_seats",
                ]
            },
        ),
        (_("Numbers of resolutions"), {"fields": ["numbering", "numbering_per_rollam"]}),
    ]

    def get_queryset(self, request):
        held = Q(seats__in=Seat.objects.current().voting())
        return super().get_queryset(request).annotate(member_count=Count("seats", filter=held))

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            if isinstance(row, Seat):
                remember_new(row, actor=request.user)

    @admin.display(description=_("members with a vote"))
    def members(self, committee):
        return committee.member_count

    @admin.display(description=_("all seats"))
    def all_seats(self, committee):
        if not committee.pk:
            return "–"
        url = reverse("admin:bodies_seat_changelist")
        return format_html(
            '<a href="{}?committee__id__exact={}">{}</a>',
            url,
            committee.pk,
            _t("Former and present members, roster as of any day"),
        )


@admin.register(Resolution)
class ResolutionAdmin(NeverCrash, PlainSearchMixin, admin.ModelAdmin):
    """Resolutions entered as outside records. What something stands on is only shown."""

    form = ResolutionForm
    list_display = ["number", "committee", "adopted_on", "verb", "vote", "is_adopted"]
    list_filter = ["is_adopted", "committee", "verb", "mode"]
    list_select_related = ["committee"]
    search_fields = ["number", "text"]
    date_hierarchy = "adopted_on"
    autocomplete_fields = ["committee"]
    readonly_fields = ["vote", "decided_by", "stored_paper", "recorder", "recorded_at"]
    _what = [
        "committee",
        ("number", "adopted_on"),
        ("mode", "verb"),
        "text",
    ]
    _votes = [
        ("members_total", "members_present"),
        ("votes_for", "votes_against", "abstained", "excluded"),
        "chair_voted_for",
    ]

    def get_fieldsets(self, request, obj=None):
        is_open = self.has_change_permission(request, obj) if obj else True
        papers = ["url", *(["paper"] if is_open else []), *(["stored_paper"] if obj else [])]
        decided = [(_("Result"), {"fields": ["vote", "decided_by", ("recorder", "recorded_at")]})]
        return [
            (None, {"fields": self._what}),
            (_("Vote"), {"fields": self._votes}),
            (_("Papers"), {"fields": papers}),
            *(decided if obj else []),
        ]

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or not obj.is_used
        return super().has_change_permission(request, obj) and is_open

    def has_delete_permission(self, request, obj=None):
        is_open = obj is None or not obj.is_used
        return super().has_delete_permission(request, obj) and is_open

    def save_model(self, request, obj, form, change):
        if change:
            saved = correct_resolution(obj, **form.cleaned_data)
        else:
            saved = record_resolution(actor=request.user, **form.cleaned_data)
        obj.__dict__.update(saved.__dict__)

    @admin.display(description=_("result"))
    def vote(self, resolution):
        return wording.vote_sentence(resolution)

    @admin.display(description=_("decided by the rules"))
    def decided_by(self, resolution):
        return _t("valid from %(date)s") % {"date": czech_date(resolution.rules.valid_from)}

    @admin.display(description=_("who recorded it"))
    def recorder(self, resolution):
        return resolution.recorded_by

    @admin.display(description=_("paper"))
    def stored_paper(self, resolution):
        if resolution.file is None:
            return "–"
        url = reverse("bodies:resolution_paper", args=[resolution.committee.slug, resolution.pk])
        return format_html('<a href="{}">PDF</a>', url)
