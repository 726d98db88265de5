"""Stopping the daily mail by the link that stands in it."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from . import services


class OneClickForm(forms.Form):
    """What a mail program posts by itself (RFC 8058); the name of the field has a hyphen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["List-Unsubscribe"] = forms.ChoiceField(choices=[("One-Click", "One-Click")])


class ChoiceForm(forms.Form):
    """The one button of the page: stop, or send again."""

    choice = forms.ChoiceField(choices=[("stop", "stop"), ("start", "start")])


def unsubscribe(request, link, rest):
    """The page of a link with the purpose "odhlasit".

    A mail program posts here without a cookie: its post is let past the check against forged
    requests, any other is not. Opening the page changes nothing, so that a program which looks at
    every link in a mail unsubscribes nobody.
    """
    if rest or link.person is None:
        raise Http404
    if request.method == "POST" and OneClickForm(request.POST).is_valid():
        services.stop_daily(link.person)
        return _page(request, link)
    return _choose(request, link)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _choose(request, link):
    if request.method != "POST":
        return _page(request, link)
    form = ChoiceForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["choice"] == "stop":
            services.stop_daily(link.person)
        else:
            services.start_daily(link.person)
    return redirect(request.path)


def _page(request, link):
    context = {"is_wanted": services.wants_daily(link.person)}
    return render(request, "outbox/unsubscribe.html", context)
