"""The public form: who wants to take part, a check of the answers, a receipt with a number."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from committees.nominations.forms import InterestForm
from committees.nominations.models import Interest
from committees.nominations.services import receive_interest
from kpss.robots import fresh_stamp, within_limits

FROM_ONE_ADDRESS, FROM_ALL = 20, 100  # an hour; a hall full of people shares one address
_RECEIPT = "nominations.receipt"


# Nobody is signed in here and the page sets no cookie, so there is no session that a foreign page could
# misuse; the signed stamp of the form says that it was drawn by us. CSRF protection would add a cookie.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def interest_form(request: HttpRequest) -> HttpResponse:
    """The form; the same answers read once more before they are sent; then the receipt."""
    if request.method != "POST":
        chosen = request.GET.getlist("organ")[:20]
        return _form(request, InterestForm(initial={"stamp": fresh_stamp()}), chosen)
    form = InterestForm(request.POST)
    if not form.is_valid():
        form.restamp()
        return _form(request, form)
    step = form.cleaned_data["step"]
    if step == "edit":
        stamp = request.POST["stamp"]
        return _form(request, InterestForm(initial={**form.cleaned_data, "stamp": stamp}))
    if step == "send":
        return _send(request, form)
    return render(
        request,
        "nominations/interest_check.html",
        {"form": form, "rows": _rows(form), "stamp": request.POST["stamp"]},
    )


def _form(request: HttpRequest, form: InterestForm, chosen: list[str] | None = None):
    if chosen:
        form.initial["committees"] = [
            committee.pk
            for committee in form.fields["committees"].queryset
            if committee.slug in chosen
        ]
    return render(request, "nominations/interest_form.html", {"form": form})


def _send(request: HttpRequest, form: InterestForm) -> HttpResponse:
    token = form.cleaned_data["stamp"].token
    sent_before = Interest.objects.filter(token=token).first()
    if sent_before and sent_before.words != form.cleaned_data["words"].strip():
        form.add_error(
            None,
            _t(
                "This form was sent already, as %(number)s. Send it once more only to add something."
            )
            % {"number": sent_before.number},
        )
        form.data = form.data.copy()
        form.data["stamp"] = fresh_stamp()
        return _form(request, form)
    if not sent_before and not is_within_limits(request):
        form.add_error(
            None,
            _t(
                "Too many forms have come within an hour, so this one was not taken. Send it again"
                " later, or call the coordinator."
            ),
        )
        response = _form(request, form)
        response.status_code = 429
        return response
    interest = receive_interest(form.values, token=token)
    return redirect("nominations:interest_receipt", receipt_of(interest))


def receipt_of(interest: Interest) -> str:
    """The part of an address that shows the number to who has sent it, and to nobody who guesses."""
    return signing.dumps(interest.pk, salt=_RECEIPT)


def is_within_limits(request: HttpRequest) -> bool:
    """Count one more form; whether it may still be taken this hour."""
    return within_limits(request, "interest", from_one=FROM_ONE_ADDRESS, from_all=FROM_ALL)


def _rows(form: InterestForm) -> list[dict[str, str]]:
    """The answers as terms and values, in the order of the form."""
    cleaned = form.cleaned_data
    places = [str(committee) for committee in cleaned["committees"]]
    if cleaned["wants_advice"]:
        places.append(_t("please advise me"))
    values = {
        "name": cleaned["name"],
        "email": cleaned["email"],
        "phone": cleaned["phone"],
        "reach": cleaned["reach"],
        "standing": dict(form.fields["standing"].choices)[cleaned["standing"]],
        "organisation": cleaned["organisation"],
        "committees": ", ".join(places),
        "words": cleaned["words"],
    }
    return [
        {"term": form.fields[name].label, "value": value} for name, value in values.items() if value
    ]


@login_not_required
@require_safe
def interest_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """The number under which the interest is kept, and what happens next; names nobody."""
    try:
        pk = signing.loads(receipt, salt=_RECEIPT)
    except signing.BadSignature as error:
        raise Http404 from error
    interest = get_object_or_404(Interest, pk=pk)
    return render(
        request,
        "nominations/interest_receipt.html",
        {"number": interest.number, "has_mail": bool(interest.email)},
    )
