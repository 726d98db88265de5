"""Committees in the admin: rules of procedure valid in time, seats, resolutions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.admin import PlainSearchMixin
from kpss.czech import EN_DASH, free_slug
from kpss.czech import date as czech_date

from . import wording
from .forms import ResolutionForm
from .grants_admin import GrantEventAdmin, GrantsAdmin
from .models import Committee, Resolution, Rules, Seat, seat_taken_message
from .services import correct_resolution, record_resolution

__all__ = ["CommitteeAdmin", "GrantEventAdmin", "ResolutionAdmin", "SeatAdmin"]


class NeverCrash:
    """Mixin of a ModelAdmin: what the database or a service refuses at the last moment is a message."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:
            for sentence in refused.messages:
                self.message_user(request, sentence, messages.ERROR)
        except IntegrityError:
            self.message_user(
                request,
                _t(
                    "Somebody else has changed this meanwhile, nothing was saved. Look and try again."
                ),
                messages.ERROR,
            )
        return HttpResponseRedirect(request.get_full_path())


class NativeDates:
    """Mixin of an admin: dates by the control of the browser, which knows the reader's habits."""

    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
    }


class RulesFormSet(forms.BaseInlineFormSet):
    """Rules by which something was decided stay as they are; new ones are added beside them."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form.has_changed() and form.instance.is_used and not form.cleaned_data.get("DELETE"):
                form.add_error(
                    None,
                    _t(
                        "A resolution was decided by these rules, so they stay as they are."
                        " Add new rules valid from a later day."
                    ),
                )


class RulesInline(NativeDates, admin.StackedInline):
    model = Rules
    formset = RulesFormSet
    extra = 0
    autocomplete_fields = ["document"]
    fields = [
        "valid_from",
        ("notice_days", "minutes_days", "min_meetings_per_year"),
        ("quorum", "majority", "chair_decides_tie"),
        ("per_rollam_allowed", "per_rollam_days"),
        ("substitutes_allowed", "meetings_public"),
        "document",
    ]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


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
        return _period(seat)

    @admin.display(description=_("name in public"))
    def name(self, seat):
        return _name_in_public(seat)


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


def _period(seat: Seat) -> str:
    if seat.valid_to is None:
        return _t("from %(date)s") % {"date": czech_date(seat.valid_from)}
    return f"{czech_date(seat.valid_from)} {EN_DASH} {czech_date(seat.valid_to)}"


def _name_in_public(seat: Seat) -> str:
    if not seat.name_is_public:
        return _t("hidden, shown by role only")
    if seat.name_consent_on:
        return _t("shown, consent of %(date)s") % {"date": czech_date(seat.name_consent_on)}
    return _t("shown")


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

    def clean_slug(self):
        others = Committee.objects.exclude(pk=self.instance.pk)
        return self.cleaned_data["slug"] or free_slug(
            self.cleaned_data.get("name", ""),
            lambda slug: others.filter(slug=slug).exists(),
            max_length=120,
        )


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
        )
    ]

    def get_queryset(self, request):
        held = Q(seats__in=Seat.objects.current().voting())
        return super().get_queryset(request).annotate(member_count=Count("seats", filter=held))

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


class AsOfFilter(admin.ListFilter):
    """The roster as of a day: today, any other day, or all seats that ever were."""

    title = _("as of")
    parameter_name = "k"
    template = "bodies/admin/as_of_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        asked = params.pop(self.parameter_name, [""])[-1]
        self.form = AsOfForm({self.parameter_name: asked})
        self.day = self.form.cleaned_data["k"] if self.form.is_valid() else None

    def has_output(self):
        return True

    def expected_parameters(self):
        return [self.parameter_name]

    def queryset(self, request, queryset):
        return queryset.on(self.day) if self.day else queryset

    def choices(self, changelist):
        today = timezone.localdate()
        kept = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name != self.parameter_name
            for value in values
        ]
        yield {
            "selected": self.day is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _t("All seats that ever were"),
        }
        yield {
            "selected": self.day == today,
            "query_string": changelist.get_query_string({self.parameter_name: today.isoformat()}),
            "display": _t("Today"),
            "form": self.form,
            "kept": kept,
        }


class AsOfForm(forms.Form):
    """The day of a roster."""

    k = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@admin.register(Seat)
class SeatAdmin(NeverCrash, NativeDates, PlainSearchMixin, admin.ModelAdmin):
    list_display = ["person", "role", "side", "period", "name", "committee"]
    list_filter = [AsOfFilter, "committee", "side", "role"]
    list_select_related = ["person", "committee", "organisation"]
    list_per_page = 100
    search_fields = ["person__last_name", "person__first_name", "function"]
    ordering = ["committee__position", "side", "person__sort_key"]
    autocomplete_fields = ["committee", "person", "organisation", "substitute_for"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("committee", "person"),
                    ("role", "substitute_for"),
                    ("side", "organisation"),
                    "function",
                    ("valid_from", "valid_to"),
                ]
            },
        ),
        (
            _("Publishing the name"),
            {
                "fields": ["name_consent_on", "name_consent_text"],
                "description": _(
                    "Members on the users' side are shown to the public by role only. When they"
                    " agree to be named, write down the day and their words; clear both when they"
                    " take it back."
                ),
            },
        ),
    ]

    @admin.display(description=_("from – until"), ordering="valid_from")
    def period(self, seat):
        return _period(seat)

    @admin.display(description=_("name in public"))
    def name(self, seat):
        return _name_in_public(seat)


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
        ("votes_for", "votes_against", "abstained"),
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
