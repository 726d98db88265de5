"""The library for everybody: the list by kinds, one document, its file."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.library import panels, selectors
from documents.library.models import Document
from documents.store.serving import file_response


@login_not_required
@require_safe
def document_list(request):
    """All documents, grouped by kind, those of the newest period first."""
    return render(
        request,
        "library/document_list.html",
        {"groups": selectors.groups_for_list(request.user)},
    )


@login_not_required
@require_safe
def document_detail(request, slug):
    """One document: what it is, where to read it, which documents are its parts."""
    document = get_object_or_404(selectors.documents_for(request.user), slug=slug)
    line = selectors.line_of(document, request.user)
    return render(
        request,
        "library/document_detail.html",
        {
            "line": line,
            "document": document,
            "facts": selectors.facts_of(line),
            "wordings": selectors.wordings_of(document),
            "panels": panels.panels_for(request, document),
            "parts": selectors.parts_for_detail(document, request.user),
            "crumbs": [{"title": _("Documents"), "url": reverse("library:document_list")}],
        },
    )


@login_not_required
@require_safe
def document_file(request, slug):
    """The file to be read now; another may come to the same address, so caches ask each time."""
    document = get_object_or_404(selectors.documents_for(request.user), slug=slug)
    if document.current_file is None:
        raise Http404
    return file_response(
        request,
        document.current_file,
        document.current_file_name,
        public=document.is_public,
        permanent=False,
    )


@login_not_required
@require_safe
def version_file(request, slug, number):
    """The file of one wording of a document, at an address that stays."""
    document = get_object_or_404(Document.objects.visible_to(request.user), slug=slug)
    version = get_object_or_404(document.versions.select_related("file"), number=number)
    return file_response(
        request,
        version.file,
        version.file_name,
        public=document.is_public,
        permanent=False,
    )
