"""The page of one person invited to one meeting, behind a personal link and for who has signed in.

The path after the address of the page: "" is the page and takes the answer, "podklad/12/" a paper,
"pozvanka.pdf", "jednani.ics"; while the meeting is under way all the rest belongs to ``member_page``.
"""

import re

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from committees.people.models import Person
from kpss.links.models import PersonalLink
from kpss.workflow import TransitionRefused

from . import selectors, services, wording
from .agenda import agenda_tree, walk
from .calendar import calendar_of
from .enums import MeetingState
from .forms import AnswerForm
from .models import Meeting, Participant
from .serving import calendar_response, invitation_response, paper_response
from .views_live_member import member_page

_PAPER = re.compile(r"podklad/(\d{1,18})/")


def handler(request: HttpRequest, link: PersonalLink, rest: str) -> HttpResponseBase:
    """What a request gets through a link with the purpose ``notifications.LINK``."""
    if link.person is None:  # a link to a meeting is always somebody's
        raise Http404
    meeting = Meeting.objects.select_related("committee", "invitation").get(pk=link.object_pk)
    return meeting_page(request, meeting, link.person, rest)


def meeting_page(
    request: HttpRequest, meeting: Meeting, person: Person, rest: str
) -> HttpResponseBase:
    """The page of ``person``; Http404 when they are not invited or their mandate has ended."""
    participant = services.invited(meeting, person)
    if participant is None:
        raise Http404
    if request.method in {"GET", "HEAD"} and (served := _file(request, meeting, participant, rest)):
        return served
    # A telephone that stood open to the end of the meeting still asks how it is going.
    if meeting.state == MeetingState.RUNNING or (rest and meeting.state == MeetingState.ENDED):
        return member_page(request, meeting, person, rest)
    if rest:
        raise Http404
    if request.method == "POST":
        return _take(request, meeting, participant, person)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return _show(request, meeting, participant)


def _file(
    request: HttpRequest, meeting: Meeting, participant: Participant, rest: str
) -> HttpResponseBase | None:
    if rest == "jednani.ics":
        return calendar_response(
            calendar_of(
                [meeting],
                for_person=participant.person,
                answer=participant.answer,
                guest=participant.is_guest,
            )
        )
    if rest == "pozvanka.pdf" and not participant.is_guest:
        return invitation_response(request, meeting)
    if found := _PAPER.fullmatch(rest):
        return paper_response(request, meeting, int(found[1]), insider=not participant.is_guest)
    return None


def _form(meeting: Meeting, participant: Participant, data=None) -> AnswerForm:
    substitutes = services.substitutes_for(participant, meeting)
    standing_in = (
        Participant.objects.filter(meeting=meeting, represents=participant.seat_id).first()
        if participant.seat_id
        else None
    )
    return AnswerForm(
        data,
        answers=services.possible_answers(meeting, substitutes),
        substitutes=substitutes,
        initial={
            "answer": participant.answer,
            "note": participant.note,
            "substitute": standing_in.seat_id if standing_in else None,
        },
    )


def _take(
    request: HttpRequest, meeting: Meeting, participant: Participant, person: Person
) -> HttpResponseBase:
    form = _form(meeting, participant, request.POST)
    if not form.is_valid():
        return _show(request, meeting, participant, form=form, status=422)
    try:
        services.answer_invitation(
            meeting,
            person=person,
            answer=form.cleaned_data["answer"],
            substitute=form.cleaned_data["substitute"],
            note=form.cleaned_data["note"],
        )
    except ValidationError as invalid:
        form.add_error(None, invalid.messages)
        return _show(request, meeting, participant, form=form, status=422)
    except TransitionRefused as refused:
        form.add_error(None, list(refused.reasons))
        return _show(request, meeting, participant, form=form, status=409)
    return redirect(request.path)


def _show(
    request: HttpRequest,
    meeting: Meeting,
    participant: Participant,
    *,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    agenda = agenda_tree(selectors.items_of(meeting), insider=not participant.is_guest)
    reviews = not participant.is_guest and any(line.item.reviews_tasks for line in walk(agenda))
    is_open = services.is_open(meeting)
    context = {
        "meeting": meeting,
        "participant": participant,
        "base": request.path,
        "heading": wording.heading(meeting),
        "day": wording.weekday_and_date(meeting),
        "hours": wording.hours(meeting),
        "where": wording.where(meeting),
        "state_sentence": wording.state_sentence(meeting, selectors.reason_of_cancelling(meeting)),
        "agenda": agenda,
        "tasks": selectors.tasks_to_review(meeting) if reviews else [],
        "is_insider": not participant.is_guest,
        "form": form or (_form(meeting, participant) if is_open else None),
    }
    return render(request, "meetings/answer.html", context, status=status)
