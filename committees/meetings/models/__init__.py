"""Meetings: when and where, the agenda with its papers, who came, what was put to the vote, tasks."""

from .agenda import AgendaItem, AgendaPaper, Motion
from .attendance import Conflict, Participant, Presence
from .meeting import Meeting, MeetingEvent, MeetingQuerySet
from .task import MeetingTask, MeetingTaskEvent

__all__ = [
    "AgendaItem",
    "AgendaPaper",
    "Conflict",
    "Meeting",
    "MeetingEvent",
    "MeetingQuerySet",
    "MeetingTask",
    "MeetingTaskEvent",
    "Motion",
    "Participant",
    "Presence",
]
