"""Ballots in the admin: to look at only. They are run on their own pages."""

from django.contrib import admin

from kpss.admin import HistoryInline, PlainSearchMixin, ReadOnly

from .enums import BallotState
from .models import Ballot, BallotEvent, BallotPaper, Vote, Voter


class PaperInline(ReadOnly, admin.TabularInline):
    model = BallotPaper
    extra = 0
    fields = ["file_name", "file"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("ballots.view_ballot")


class VoterInline(ReadOnly, admin.TabularInline):
    model = Voter
    extra = 0
    fields = ["person", "seat", "side", "presides", "is_excluded", "conflict", "excluded_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "seat__person")


class BallotHistory(HistoryInline):
    model = BallotEvent
    states = BallotState

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("ballots.view_ballot")


@admin.register(Ballot)
class BallotAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """One ballot with its rules, roll, result and history."""

    list_display = ["title", "committee", "place", "state", "deadline", "is_adopted", "resolution"]
    list_filter = ["state", "place", "method", "committee"]
    list_select_related = ["committee", "resolution"]
    search_fields = ["title", "committee__name"]
    date_hierarchy = "created_at"
    inlines = [PaperInline, VoterInline, BallotHistory]


@admin.register(Vote)
class VoteAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """Voices by name, once the ballot has ended: until then nobody knows them. A secret one has none."""

    list_display = ["ballot", "voter", "choice", "cast_at", "channel", "entered_by"]
    list_filter = ["channel", "ballot__committee"]
    list_select_related = ["ballot", "voter__person", "entered_by"]
    search_fields = ["ballot__title", "voter__person__last_name", "voter__person__first_name"]
    date_hierarchy = "cast_at"

    def get_queryset(self, request):
        ended = (BallotState.CLOSED, BallotState.CANCELLED)
        return super().get_queryset(request).filter(ballot__state__in=ended)
