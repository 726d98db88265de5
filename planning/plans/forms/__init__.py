"""What a coordinator writes in the editor, turned into the values that services take.

Every form of the editor speaks the same small language: made from posted data or from plain values, it answers
``is_valid()`` and ``values()``, takes back what a service refused by ``add_errors()``, and says a plain value in words by ``say()``.
"""

from .nodes import ConfirmForm, DeriveForm, ItemForm, MoveForm, NodeForm, OpenForm, StepForm
from .parts import ChapterForm, NetworkForm
from .tasks import TaskInput, lines_as_typed
from .versions import VersionStartForm

__all__ = [
    "ChapterForm",
    "ConfirmForm",
    "DeriveForm",
    "ItemForm",
    "MoveForm",
    "NetworkForm",
    "NodeForm",
    "OpenForm",
    "StepForm",
    "TaskInput",
    "VersionStartForm",
    "lines_as_typed",
]
