"""Kinds of articles."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ArticleKind(models.TextChoices):
    NEWS = "news", pgettext_lazy("kind of article", "News")
    PAGE = "page", pgettext_lazy("kind of article", "Permanent page")
