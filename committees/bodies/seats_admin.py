"""Seats in the admin: the roster as of any day, one seat with its end, consent and history."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss import clock
from kpss.admin import PlainSearchMixin
from kpss.czech import EN_DASH
from kpss.czech import datetime_ as czech_datetime

from .admin_parts import NativeDates, NeverCrash, name_in_words, period_in_words
from .enums import SeatChange, Side
from .models import Seat
from .seating import end_seat, give_name_consent, remember, remember_new, withdraw_name_consent


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
        today = clock.today()
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


class EndSeatForm(forms.Form):
    """When and why a mandate ends before its last day is over."""

    button = _("End the membership")

    at = forms.DateTimeField(
        label=_("Moment"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Left empty, it ends now. Rights that follow the seat end at that moment."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=_("For example: resigned by a letter, recalled by resolution No. 2/2021/3."),
    )

    def write(self, seat: Seat, actor) -> str:
        end_seat(seat, actor=actor, at=self.cleaned_data["at"], reason=self.cleaned_data["reason"])
        return _t("The membership has ended.")


class GiveConsentForm(forms.Form):
    """When and in what words a member agreed to be named."""

    button = _("Record the consent")

    day = forms.DateField(
        label=_("Agreed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label=_("Words of the consent"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def write(self, seat: Seat, actor) -> str:
        give_name_consent(seat, actor=actor, **self.cleaned_data)
        return _t("The consent is recorded, the name is shown.")


class WithdrawConsentForm(forms.Form):
    """When a member took the consent back."""

    button = _("Take the consent back")

    day = forms.DateField(
        label=_("Took it back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The name is hidden at once, whatever day stands here."),
    )

    def write(self, seat: Seat, actor) -> str:
        withdraw_name_consent(seat, actor=actor, **self.cleaned_data)
        return _t("The consent is taken back, the name is hidden.")


@admin.register(Seat)
class SeatAdmin(NeverCrash, NativeDates, PlainSearchMixin, admin.ModelAdmin):
    change_form_template = "bodies/admin/seat_change_form.html"
    list_display = ["person", "role", "side", "period", "name", "committee"]
    list_filter = [AsOfFilter, "committee", "side", "role"]
    list_select_related = ["person", "committee", "organisation"]
    list_per_page = 100
    search_fields = ["person__last_name", "person__first_name", "function"]
    ordering = ["committee__position", "side", "person__sort_key"]
    autocomplete_fields = ["committee", "person", "organisation", "substitute_for"]
    _place = [
        ("committee", "person"),
        ("role", "substitute_for"),
        ("side", "organisation"),
        "function",
        ("valid_from", "valid_to"),
    ]
    _consent = ["name_consent_on", "name_consent_text"]

    def get_fieldsets(self, request, obj=None):
        consent = {
            "fields": [*self._consent, *(["name_consent_withdrawn_on"] if obj else [])],
            "description": _(
                "Members on the users' side are shown to the public by role only. When they agree"
                " to be named, write down the day and their words; when they take it back, their"
                " name is hidden at once."
            ),
        }
        return [
            (None, {"fields": [*self._place, *(["ended_at"] if obj and obj.ended_at else [])]}),
            (_("Publishing the name"), consent),
            *([(_("What happened"), {"fields": ["history"]})] if obj else []),
        ]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        ended = ["valid_from", "valid_to", "ended_at"] if obj.ended_at else []
        return [*ended, *self._consent, "name_consent_withdrawn_on", "history"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.save()
            remember_new(obj, actor=request.user)
        elif form.changed_data:
            # Only what was changed here: the end and the consent are written elsewhere.
            obj.save(update_fields=form.changed_data)
            labels = [str(form.fields[name].label) for name in form.changed_data]
            remember(obj, SeatChange.CHANGED, actor=request.user, note=", ".join(labels))

    def has_delete_permission(self, request, obj=None):
        # What happened to a seat stays; only one that was never used could go, and it ends instead.
        return False

    def get_urls(self):
        return [
            path(
                f"<path:object_id>/{address}/",
                self.admin_site.admin_view(view),
                name=f"bodies_seat_{address}",
            )
            for address, view in [("end", self.end_view), ("consent", self.consent_view)]
        ] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        seat = self.get_object(request, object_id)
        tools = self._tools(seat) if seat and self.has_change_permission(request, seat) else []
        return super().change_view(
            request, object_id, form_url, {"seat_tools": tools, **(extra_context or {})}
        )

    def end_view(self, request, object_id):
        """End the membership at a moment, with a reason."""
        form = EndSeatForm(request.POST or None)
        return self._action_view(request, object_id, form, _t("End the membership"))

    def consent_view(self, request, object_id):
        """Record that the member agreed to be named, or that the consent was taken back."""
        seat = self._seat(request, object_id)
        kind = WithdrawConsentForm if seat.has_name_consent else GiveConsentForm
        form = kind(request.POST or None, initial={"day": clock.today()})
        return self._action_view(request, object_id, form, _t("Publishing the name"))

    def _action_view(self, request, object_id, form, title):
        seat = self._seat(request, object_id)
        if form.is_bound and form.is_valid():
            try:
                sentence = form.write(seat, request.user)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, sentence)
                return redirect("admin:bodies_seat_change", seat.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(seat),
            "opts": self.opts,
            "original": seat,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "bodies/admin/seat_action.html", context)

    def _seat(self, request, object_id) -> Seat:
        seat = self.get_object(request, object_id)
        if seat is None:
            raise Http404
        if not self.has_change_permission(request, seat):
            raise PermissionDenied
        return seat

    @staticmethod
    def _tools(seat: Seat) -> list[tuple[str, str]]:
        """What can be done with the seat, as pairs of words and address."""
        tools = []
        if seat.is_open:
            tools.append(("end", _t("End the membership")))
        if seat.side == Side.USER:
            words = (
                _t("Take the consent back") if seat.has_name_consent else _t("Record the consent")
            )
            tools.append(("consent", words))
        return [
            (words, reverse(f"admin:bodies_seat_{address}", args=[seat.pk]))
            for address, words in tools
        ]

    @admin.display(description=_("from – until"), ordering="valid_from")
    def period(self, seat):
        return period_in_words(seat)

    @admin.display(description=_("name in public"))
    def name(self, seat):
        return name_in_words(seat)

    @admin.display(description=_("history of the seat"))
    def history(self, seat):
        lines = [
            (
                czech_datetime(event.at),
                " ".join(
                    filter(None, [event.get_what_display(), f"({event.actor})" * bool(event.actor)])
                ),
                f" {EN_DASH} {event.note}" if event.note else "",
            )
            for event in seat.events.select_related("actor")
        ]
        return format_html_join("", "<div>{}: {}{}</div>", lines) or self.get_empty_value_display()
