"""What the region tells its people: news, and the few permanent pages."""

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.news.enums import ArticleKind
from kpss import czech


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """Articles that everybody may read now."""
        return self.filter(published_at__lte=timezone.now())

    def visible_to(self, user):
        """Published articles, and all of them to those who write them."""
        if user.is_authenticated and user.has_perm("news.view_article"):
            return self
        return self.published()

    def news(self):
        """News, the newest first; permanent pages have their own places."""
        return self.filter(kind=ArticleKind.NEWS).order_by(
            F("published_at").desc(nulls_first=True), "-pk"
        )


class Article(models.Model):
    """A piece of news, or a permanent page such as “What community planning is”."""

    title = models.CharField(_("title"), max_length=200)
    sort_key = models.CharField(max_length=czech.KEY_LENGTH, editable=False, db_index=True)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Left empty, it is made from the title. Do not change it once published."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ArticleKind, default=ArticleKind.NEWS)
    lead = models.TextField(
        _("lead"), max_length=500, help_text=_("One or two sentences that say it all.")
    )
    body = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Markdown: an empty line starts a paragraph, ## a heading, - a list."),
    )
    author_label = models.CharField(
        _("signed"), max_length=120, blank=True, help_text=_("Who signs it: a name or an office.")
    )
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Until this moment only the coordinator sees it. Empty means not public."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["sort_key", "pk"]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.sort_key = czech.sort_key(self.title)
        if not self.slug:
            taken = Article.objects.exclude(pk=self.pk)
            self.slug = czech.free_slug(self.title, lambda slug: taken.filter(slug=slug).exists())
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("news:article_detail", args=[self.slug])

    @property
    def revised_at(self):
        """When it last changed after it was published; None while it stands as first published."""
        if self.published_at is None or self.updated_at <= self.published_at:
            return None
        same_day = timezone.localdate(self.updated_at) == timezone.localdate(self.published_at)
        return None if same_day else self.updated_at
