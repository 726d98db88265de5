"""News to follow: an Atom feed that needs no account."""

import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from kpss import atom
from kpss.territory.models import Region

from .models import Article


class ArticleFeed(Feed):
    """The twenty newest articles."""

    login_required = False  # read by LoginRequiredMiddleware: the feed is public
    feed_type = atom.Feed
    link = reverse_lazy("news:article_list")
    subtitle = _("News of community planning of social services")

    def title(self) -> str:
        return Region.load().name

    def items(self):
        return Article.objects.published().news()[:20]

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        """The lead as HTML, which is how readers take it, so none of its signs is a tag."""
        return escape(item.lead)

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        return item.revised_at or item.published_at
