"""Interests and nominations in the admin: to look at and search; what happens to them has its own pages."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.admin import HistoryInline, PlainSearchMixin, ReadOnly

from .enums import InterestState, NominationState
from .models import Interest, InterestEvent, Nomination, NominationEvent


class ReadOnlyAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """Rows are made, answered and erased on pages of their own."""

    @admin.display(description=_("its page"))
    def page(self, obj):
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _t("Open its page"))


class InterestHistory(HistoryInline):
    model = InterestEvent
    states = InterestState
    fields = readonly_fields = ["at", "actor", "before", "after"]


class NominationHistory(HistoryInline):
    model = NominationEvent
    states = NominationState
    fields = readonly_fields = ["at", "actor", "before", "after"]


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "standing", "channel", "received_at", "state"]
    list_filter = ["state", "standing", "channel", "committees"]
    search_fields = ["name", "email", "organisation"]
    date_hierarchy = "received_at"
    inlines = [InterestHistory]
    fields = readonly_fields = [
        "page",
        "state",
        "channel",
        "received_at",
        "recorded_by",
        "name",
        "email",
        "phone",
        "reach",
        "standing",
        "organisation",
        "places",
        "wants_advice",
        "words",
        "agreed_at",
        "settled_at",
        "reply",
        "person",
    ]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, interest):
        return interest.number

    @admin.display(description=_("where"))
    def places(self, interest):
        return ", ".join(str(committee) for committee in interest.committees.all())


@admin.register(Nomination)
class NominationAdmin(ReadOnlyAdmin):
    list_display = ["person", "committee", "role", "side", "state", "proposed_at"]
    list_filter = ["state", "committee", "side"]
    list_select_related = ["person", "committee"]
    search_fields = ["person__first_name", "person__last_name"]
    inlines = [NominationHistory]
    fields = readonly_fields = [
        "page",
        "state",
        "committee",
        "person",
        "role",
        "side",
        "organisation",
        "function",
        "valid_from",
        "substitute_for",
        "from_interest",
        "proposed_at",
        "reason",
        "resolution",
        "seat",
    ]

    @admin.display(description=_("interest in taking part"))
    def from_interest(self, nomination):
        if nomination.interest is None:
            return self.get_empty_value_display()
        url = reverse("admin:nominations_interest_change", args=[nomination.interest_id])
        return format_html('<a href="{}">{}</a>', url, nomination.interest.number)
