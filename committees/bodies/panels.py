"""Places on the pages of committees that other houses fill: the plans they prepare, their meetings.

Imports run one way, so the pages do not ask other houses; they offer their part in ``AppConfig.ready``.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import Committee


class Place(StrEnum):
    """Where on the page of a committee: before its members, after its resolutions, or in the side column."""

    TOP = "top"
    MAIN = "main"
    SIDE = "side"


# Given the request and the committee, returns a section of the page as safe HTML, or nothing.
Panel = Callable[[HttpRequest, Committee], str]
# Given the request and all committees of a list, returns a line of safe HTML for some of them by their keys.
Note = Callable[[HttpRequest, list[Committee]], Mapping[int, str]]

_panels: list[tuple[Place, Panel]] = []
_notes: list[Note] = []


def register(panel: Panel, place: Place = Place.MAIN) -> None:
    """Show ``panel`` on every committee's page, in the order of registration; twice is as once."""
    if (place, panel) not in _panels:
        _panels.append((place, panel))


def panels_for(request: HttpRequest, committee: Committee) -> dict[str, list[SafeString]]:
    """The sections that other houses have for this committee and reader, by their places."""
    made: dict[str, list[SafeString]] = {place.value: [] for place in Place}
    for place, panel in _panels:
        if section := panel(request, committee):
            made[place.value].append(SafeString(section))
    return made


def register_note(note: Note) -> None:
    """Say something more of each committee in the list of all; twice is as once."""
    if note not in _notes:
        _notes.append(note)


def add_notes(request: HttpRequest, committees: Iterable[Committee]) -> None:
    """Give every committee of the list its ``notes``, the lines that other houses have for it.

    A house asks the same number of queries however many committees there are.
    """
    committees = list(committees)
    found = [note(request, committees) for note in _notes]
    for committee in committees:
        committee.notes = [  # type: ignore[attr-defined]
            SafeString(notes[committee.pk]) for notes in found if committee.pk in notes
        ]
