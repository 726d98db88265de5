"""Meetings and their tasks in the admin: to look at only. They are prepared and run on their own pages."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kpss.admin import HistoryInline, PlainSearchMixin, ReadOnly

from . import wording
from .agenda import agenda_tree, walk
from .enums import MeetingState, TaskState
from .models import Meeting, MeetingEvent, MeetingTask, MeetingTaskEvent, Participant


class ParticipantsInline(ReadOnly, admin.TabularInline):
    """Who is on the list, what they answered and when they were invited."""

    model = Participant
    extra = 0
    fields = readonly_fields = ["name", "role", "words", "note", "invited_at"]
    verbose_name_plural = _("on the list of the meeting")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("meetings.view_meeting")

    def get_queryset(self, request):
        people = super().get_queryset(request).select_related("person", "seat")
        return people.order_by("person__sort_key", "guest_name", "pk")

    @admin.display(description=_("name"))
    def name(self, participant):
        return str(participant)

    @admin.display(description=_("role"))
    def role(self, participant):
        return wording.role_in_words(participant.seat)

    @admin.display(description=_("answer"))
    def words(self, participant):
        return wording.answer_in_words(participant)


class MeetingHistory(HistoryInline):
    model = MeetingEvent
    states = MeetingState

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("meetings.view_meeting")


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """One meeting with its agenda, people and history."""

    list_display = ["heading", "committee", "starts_at", "format", "state"]
    list_filter = ["state", "format", "committee"]
    list_select_related = ["committee"]
    search_fields = ["title", "place", "committee__name"]
    date_hierarchy = "starts_at"
    inlines = [ParticipantsInline, MeetingHistory]
    fields = [
        "page",
        "committee",
        "heading",
        "state",
        ("starts_at", "ends_at"),
        ("format", "place"),
        "online_url",
        "message",
        "is_public",
        "agenda",
        ("invited_at", "started_at", "ended_at"),
    ]
    readonly_fields = ["page", "heading", "agenda"]

    @admin.display(description=_("meeting"), ordering="starts_at")
    def heading(self, meeting):
        return wording.heading(meeting)

    @admin.display(description=_("page of the meeting"))
    def page(self, meeting):
        url = meeting.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, _t("Open the page of the meeting"))

    @admin.display(description=_("agenda"))
    def agenda(self, meeting):
        lines = walk(agenda_tree(meeting.items.all(), insider=True))
        return "; ".join(f"{line.number} {line.item.title}" for line in lines) or None


class TaskHistory(HistoryInline):
    model = MeetingTaskEvent
    states = TaskState

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("meetings.view_meetingtask")


@admin.register(MeetingTask)
class MeetingTaskAdmin(ReadOnly, PlainSearchMixin, admin.ModelAdmin):
    """One task with who does it and what happened to it."""

    list_display = ["text", "who", "due_on", "state", "meeting"]
    list_filter = ["state", "meeting__committee"]
    list_select_related = ["person", "meeting__committee"]
    search_fields = ["text", "responsible", "person__last_name", "person__first_name"]
    date_hierarchy = "due_on"
    inlines = [TaskHistory]
    fields = readonly_fields = ["text", "who", "due_on", "state", "meeting", "item", "closed_at"]

    @admin.display(description=_("who"))
    def who(self, task):
        return str(task.person) if task.person else task.responsible
