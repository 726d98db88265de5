"""News for everybody: the list, one article, and drafts for those who write them."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from .enums import ArticleKind
from .models import Article

ON_PAGE = 20


@login_not_required
@require_safe
def article_list(request):
    """News, the newest first."""
    articles = Article.objects.visible_to(request.user).news()
    page = Paginator(articles, ON_PAGE).get_page(request.GET.get("page"))
    return render(request, "news/article_list.html", {"page": page})


@login_not_required
@require_safe
def article_detail(request, slug):
    """One article with the days when it was made and updated."""
    article = get_object_or_404(Article.objects.visible_to(request.user), slug=slug)
    crumbs = []
    if article.kind == ArticleKind.NEWS:
        crumbs = [{"title": _t("News"), "url": reverse("news:article_list")}]
    return render(request, "news/article_detail.html", {"article": article, "crumbs": crumbs})
