"""Places on the page of a committee that other houses fill: the plans it prepares, its meetings.

Imports run one way, so the page does not ask other houses; they offer their part in ``AppConfig.ready``.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import Committee

# Given the request and the committee, returns a section of the page as safe HTML, or nothing.
Panel = Callable[[HttpRequest, Committee], str]

_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show ``panel`` on every committee's page, in the order of registration; twice is as once."""
    if panel not in _panels:
        _panels.append(panel)


def panels_for(request: HttpRequest, committee: Committee) -> list[SafeString]:
    """The sections that other houses have for this committee and reader."""
    made = (panel(request, committee) for panel in _panels)
    return [SafeString(section) for section in made if section]
