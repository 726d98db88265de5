"""Home, what planning is, accessibility, and the desks of members and coordinators."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from documents.news.enums import ArticleKind
from documents.news.models import Article
from providers.directory.selectors import crisis_lines, situations_for_home

from . import selectors

ABOUT_SLUG = "co-je-komunitni-planovani"


@login_not_required
@require_safe
def home(request):
    """One question first; then the plan in force, news and the coordinator."""
    return render(
        request,
        "front/home.html",
        {
            "situations": situations_for_home(),
            "lines": crisis_lines(),
            "plans": selectors.plans_in_force(selectors.today()),
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
    """What waits for me, my committees, the working versions I may see, my dates."""
    seats = list(selectors.seats_of(request.user))
    return render(
        request,
        "front/my_desk.html",
        {
            "waiting": selectors.waiting_steps(request.user),
            "seats": seats,
            "drafts": selectors.drafts_for(request.user),
            "dates": selectors.dates_for(request.user, seats, selectors.today()),
            "last": selectors.last_events(request.user),
        },
    )


@require_safe
def coordinator_desk(request):
    """What needs a hand today, and where every plan stands."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(
        request,
        "front/coordinator_desk.html",
        {
            "lists": selectors.desk_lists(request.user, selectors.today()),
            "plans": selectors.plans_for_desk(),
        },
    )
