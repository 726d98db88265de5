"""What a reader of a meeting may take away: papers, the invitation, a file for the calendar."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from documents.store.serving import file_response

from .agenda import agenda_tree, walk
from .models import AgendaPaper, Meeting


def sees_inside(user, meeting: Meeting) -> bool:
    """Whether the reader sees what is internal: members of the committee and coordinators."""
    return user.is_authenticated and user.has_perm("bodies.view_committee_work", meeting.committee)


def paper_response(
    request: HttpRequest, meeting: Meeting, pk: int, *, insider: bool
) -> HttpResponseBase:
    """The paper for a reader who sees the meeting; Http404 for one hidden from them."""
    found = get_object_or_404(
        AgendaPaper.objects.select_related("file"), pk=pk, item__meeting=meeting
    )
    visible = {line.item.pk for line in walk(agenda_tree(meeting.items.all(), insider=insider))}
    if found.item_id not in visible or (found.is_internal and not insider):
        raise Http404
    is_public = not insider and meeting.committee.is_public
    return file_response(request, found.file, found.file_name, public=is_public, permanent=False)


def invitation_response(request: HttpRequest, meeting: Meeting) -> HttpResponseBase:
    """The stored invitation; Http404 while it is not made."""
    if meeting.invitation is None:
        raise Http404
    return file_response(request, meeting.invitation, file_name("pozvanka", meeting), public=False)


def file_name(what: str, meeting: Meeting) -> str:
    """ "pozvanka-komise-2-2026.pdf" """
    return slugify(f"{what}-{meeting.committee.slug}-{meeting.number}-{meeting.year}") + ".pdf"


def calendar_response(calendar: bytes) -> HttpResponse:
    """A file for a calendar."""
    return HttpResponse(
        calendar,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="jednani.ics"'},
    )
