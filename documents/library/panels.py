"""Places on the page of a document that other houses fill: who decides by it, what it led to.

This house knows no other, so they offer their part in ``AppConfig.ready``.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from documents.library.models import Document

# Given the request and the document, returns a section of the page as safe HTML, or nothing.
Panel = Callable[[HttpRequest, Document], str]

_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show ``panel`` on every document's page, in the order of registration; twice is as once."""
    if panel not in _panels:
        _panels.append(panel)


def panels_for(request: HttpRequest, document: Document) -> list[SafeString]:
    """The sections that other houses have for this document and reader."""
    made = (panel(request, document) for panel in _panels)
    return [SafeString(section) for section in made if section]
