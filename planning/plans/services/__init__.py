"""Everything that writes plans, except their states (see ``planning.plans.workflow``).

Services take clean values (``planning.plans.values``) and the acting person, work in one transaction under the lock of
the version, and refuse with a sentence.
"""

from .codes import propose_code
from .guards import (
    AlreadyMade,
    ContentLocked,
    EditConflict,
    EditRefused,
    Vanished,
    open_for_edit,
    why_locked,
)
from .order import Place, reorder
from .parts import (
    add_chapter,
    add_network_entry,
    delete_chapter,
    remove_network_entry,
    save_chapter,
    save_network_entry,
)
from .snapshots import content_of_snapshot, make_snapshot, send_snapshot
from .tasks import add_task, delete_task, move_task, save_task
from .tree import add_node, burden, delete_node, move_node, subtree, update_node
from .versions import create_plan, derive_action_plan_tree, start_version

__all__ = [
    "AlreadyMade",
    "ContentLocked",
    "EditConflict",
    "EditRefused",
    "Place",
    "Vanished",
    "add_chapter",
    "add_network_entry",
    "add_node",
    "add_task",
    "burden",
    "content_of_snapshot",
    "create_plan",
    "delete_chapter",
    "delete_node",
    "delete_task",
    "derive_action_plan_tree",
    "make_snapshot",
    "move_node",
    "move_task",
    "open_for_edit",
    "propose_code",
    "remove_network_entry",
    "reorder",
    "save_chapter",
    "save_network_entry",
    "save_task",
    "send_snapshot",
    "start_version",
    "subtree",
    "update_node",
    "why_locked",
]
