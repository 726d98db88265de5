"""Everything that changes meetings before they begin, and the tasks given at them; callers import from here."""

from .agenda import (
    add_item,
    add_paper,
    change_item,
    copy_agenda,
    last_with_agenda,
    move_item,
    publish_paper,
    remove_item,
    remove_paper,
)
from .answering import (
    answer_invitation,
    invited,
    is_open,
    possible_answers,
    record_answer,
    substitutes_for,
)
from .inviting import add_guest, announce_agenda, call_meeting, cancel_meeting, remove_guest
from .planning import ShortNotice, change_meeting, plan_meeting
from .reminding import remind_of_answers, remind_of_tasks
from .spreading import spread, spread_due
from .tasks import add_task, cancel_task, finish_task, may_finish, reopen_task

__all__ = [
    "ShortNotice",
    "add_guest",
    "add_item",
    "add_paper",
    "add_task",
    "announce_agenda",
    "answer_invitation",
    "call_meeting",
    "cancel_meeting",
    "cancel_task",
    "change_item",
    "change_meeting",
    "copy_agenda",
    "finish_task",
    "invited",
    "is_open",
    "last_with_agenda",
    "may_finish",
    "move_item",
    "plan_meeting",
    "possible_answers",
    "publish_paper",
    "record_answer",
    "remind_of_answers",
    "remind_of_tasks",
    "remove_guest",
    "remove_item",
    "remove_paper",
    "reopen_task",
    "spread",
    "spread_due",
    "substitutes_for",
]
