"""Home, what planning is, accessibility, and the desks of members and coordinators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from committees.following.subscription import subscription_of
from committees.following.upcoming import next_in_public
from documents.news.enums import ArticleKind
from documents.news.models import Article
from kpss import clock, desk
from kpss.outbox.services import start_daily, stop_daily, wants_daily
from providers.directory.selectors import crisis_lines, situations_for_home

from . import office, selectors
from .forms import DailyMailForm

ABOUT_SLUG = "co-je-komunitni-planovani"


@login_not_required
@require_safe
def home(request):
    """One question first; then the plan in force, the nearest meetings, news and the coordinator."""
    return render(
        request,
        "front/home.html",
        {
            "situations": situations_for_home(),
            "lines": crisis_lines(),
            "plans": selectors.plans_in_force(clock.today()),
            "meetings": next_in_public(),
            "articles": selectors.news_for_home(),
        },
    )


@login_not_required
@require_safe
def about(request):
    """What community planning is, who the three sides are, and who the coordinator is."""
    page = Article.objects.published().filter(kind=ArticleKind.PAGE, slug=ABOUT_SLUG).first()
    return render(request, "front/about.html", {"page": page})


@login_not_required
@require_safe
def accessibility(request):
    """The statement that Act 99/2019 Sb. asks for."""
    return render(request, "front/accessibility.html")


@login_not_required
@require_safe
@ensure_csrf_cookie
def language(request):
    """A page with a choice of language; the choice is the only thing that sets a cookie."""
    return render(request, "front/language.html")


@require_safe
def my_desk(request):
    """What waits for me; my committees, working versions and dates; what is sent to me and where."""
    person = request.user
    mine = selectors.committees_of(person)
    waiting = desk.waiting_for(person)
    return render(
        request,
        "front/my_desk.html",
        {
            "waiting": waiting,
            "last": [] if waiting else selectors.last_events(person),
            "drafts": selectors.drafts_for(person),
            "committees": mine,
            "dates": selectors.dates_for(mine, clock.today()),
            "subscription": subscription_of(person),
            "wants_daily": wants_daily(person),
        },
    )


@require_POST
def daily_mail(request):
    """Stop the daily mail or send it again, as the button says."""
    form = DailyMailForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["wanted"]:
            start_daily(request.user)
            messages.success(request, _t("The daily mail comes again."))
        else:
            stop_daily(request.user)
            messages.success(request, _t("The daily mail is stopped."))
    return redirect(reverse("front:my_desk") + "#maily")


@require_safe
def coordinator_desk(request):
    """What needs a hand today, and where every plan stands."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(
        request,
        "front/coordinator_desk.html",
        {
            "lists": office.desk_lists(request.user),
            "meetings": office.meetings_to_come(),
            "plans": office.plans_for_desk(),
        },
    )
