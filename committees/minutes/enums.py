from django.db import models
from django.utils.translation import pgettext_lazy


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "being written")
    VERIFYING = "verifying", pgettext_lazy("minutes", "being verified")
    SEALING = "sealing", pgettext_lazy("minutes", "being sealed")
    APPROVED = "approved", pgettext_lazy("minutes", "approved")
