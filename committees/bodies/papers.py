"""What committees add to the page of a document: who decides by it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from documents.library.models import Document

from .selectors import rules_standing_in


def who_decides_by(request: HttpRequest, document: Document) -> str:
    """Committees whose rules of procedure stand in the document; one query."""
    rules = rules_standing_in(document, request.user)
    return (
        render_to_string("bodies/_document_committees.html", {"rules": rules}, request)
        if rules
        else ""
    )
