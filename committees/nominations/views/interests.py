"""The coordinator's pages about people who want to take part."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.nominations import selectors
from committees.nominations.enums import InterestState
from committees.nominations.forms import (
    InterestFilterForm,
    NominateInterestForm,
    RecordForm,
    ReplyForm,
)
from committees.nominations.models import Interest
from committees.nominations.services import (
    NotTheSamePerson,
    decline_interest,
    nominate_interest,
    receive_interest,
    thank_interest,
)
from kpss.workflow import TransitionRefused

ON_PAGE = 25


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way back up: the desk, the list of interests."""
    return [{"title": _t("Coordinator's desk"), "url": reverse("front:coordinator_desk")}, *more]


def _list_crumb() -> dict[str, str]:
    return {
        "title": _t("People who want to take part"),
        "url": reverse("nominations:interest_list"),
    }


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_safe
def interest_list(request: HttpRequest) -> HttpResponse:
    """Who wants to take part, by state, committee and side; each with one action."""
    _require(request, "nominations.view_interest")
    form = InterestFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(selectors.interests_for_list(**asked), ON_PAGE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "is_filtered": any(asked.values()),
        "crumbs": crumbs(),
    }
    return render(request, "nominations/interest_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_record(request: HttpRequest) -> HttpResponse:
    """Write down an interest that came on paper or by word."""
    _require(request, "nominations.add_interest")
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["received_on"]
        noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        interest = receive_interest(
            form.values,
            token=form.cleaned_data["token"],
            channel=form.cleaned_data["channel"],
            actor=request.user,
            received_at=min(noon, timezone.now()),
        )
        messages.success(request, _t("Written down as %(number)s.") % {"number": interest.number})
        return redirect(interest)
    return render(
        request, "nominations/interest_record.html", {"form": form, "crumbs": crumbs(_list_crumb())}
    )


def _interest(request: HttpRequest, pk: int) -> Interest:
    _require(request, "nominations.view_interest")
    interests = Interest.objects.prefetch_related("committees").select_related(
        "person", "recorded_by"
    )
    return get_object_or_404(interests, pk=pk)


@require_safe
def interest_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody wrote, and the three ways to answer."""
    return _show(request, _interest(request, pk))


def _show(request: HttpRequest, interest: Interest, **forms) -> HttpResponse:
    is_open = interest.state in (InterestState.NEW, InterestState.THANKED)
    may_settle = is_open and request.user.has_perm("nominations.settle_interest")
    context = {
        "interest": interest,
        "crumbs": crumbs(_list_crumb()),
        "history": [
            {"label": InterestState(event.to_state).label, "event": event}
            for event in selectors.history_of(interest)
        ],
        "nominations": interest.nominations.select_related("committee", "person"),
    }
    if may_settle:
        candidates = selectors.candidates_for(interest)
        context["nominate_form"] = forms.get("nominate") or NominateInterestForm(
            interest=interest, candidates=candidates
        )
        if interest.state == InterestState.NEW:
            context["thank_form"] = forms.get("thank") or ReplyForm(
                prefix="thank", initial={"reply": _thanks()}
            )
            context["decline_form"] = forms.get("decline") or ReplyForm(prefix="decline")
    return render(request, "nominations/interest_detail.html", context)


def _thanks() -> str:
    return _t(
        "thank you for wanting to plan social services with us. All seats are taken now; we keep"
        " you in mind and will write to you as soon as one is free."
    )


@require_POST
def interest_thank(request: HttpRequest, pk: int) -> HttpResponse:
    """Thank the person and keep them in mind."""
    return _answer(request, pk, "thank", thank_interest, _t("Thanked."))


@require_POST
def interest_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the person that they cannot take part now."""
    return _answer(request, pk, "decline", decline_interest, _t("Declined."))


def _answer(request: HttpRequest, pk: int, name: str, answer, done: str) -> HttpResponse:
    interest = _interest(request, pk)
    form = ReplyForm(request.POST, prefix=name)
    if not form.is_valid():
        return _show(request, interest, **{name: form})
    try:
        answer(interest, reply=form.cleaned_data["reply"], actor=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect(interest)
    sent = (
        _t("The answer goes by mail.")
        if interest.email
        else _t("There is no e-mail: give the answer by phone or post.")
    )
    messages.success(request, f"{done} {sent}")
    return redirect("nominations:interest_list")


@require_POST
def interest_nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """Nominate the person; a new one is written among people."""
    interest = _interest(request, pk)
    form = NominateInterestForm(
        request.POST, interest=interest, candidates=selectors.candidates_for(interest)
    )
    if not form.is_valid():
        return _show(request, interest, nominate=form)
    try:
        nomination = nominate_interest(
            interest,
            form.values,
            actor=request.user,
            token=form.cleaned_data["token"],
            person=form.chosen_person,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
        )
    except NotTheSamePerson as other:
        form.add_error("person", str(other))
    except ValidationError as error:
        form.add_error(None, error)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect(interest)
    else:
        messages.success(
            request,
            _t("%(name)s is nominated. A resolution appoints.") % {"name": nomination.person},
        )
        return redirect(nomination)
    # What was tried has been undone in the database, so the interest is read again.
    return _show(request, _interest(request, pk), nominate=form)
