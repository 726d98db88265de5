from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(models.TextChoices):
    """Where people vote: at the table, or each on their own until a deadline."""

    MEETING = "meeting", _("at a meeting")
    PER_ROLLAM = "per_rollam", _("per rollam")


class Method(models.TextChoices):
    """How votes are gathered."""

    HANDS = "hands", _("by show of hands")
    NAMED = "named", _("by name")
    SECRET = "secret", _("secretly, on devices")
    SECRET_PAPER = "secret_paper", _("secretly, on paper slips")

    @property
    def is_counted(self) -> bool:
        """Whether somebody counts hands or slips and types the numbers in."""
        return self in {self.HANDS, self.SECRET_PAPER}

    @property
    def is_secret(self) -> bool:
        return self in {self.SECRET, self.SECRET_PAPER}


class BallotState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("ballot", "being prepared")
    OPEN = "open", pgettext_lazy("ballot", "people vote")
    CLOSED = "closed", pgettext_lazy("ballot", "closed")
    CANCELLED = "cancelled", pgettext_lazy("ballot", "cancelled")


class Choice(models.TextChoices):
    """What one may say (codelist vote_options)."""

    FOR = "pro", pgettext_lazy("vote", "for")
    AGAINST = "proti", pgettext_lazy("vote", "against")
    ABSTAINED = "zdrzel", pgettext_lazy("vote", "I abstain")


class Channel(models.TextChoices):
    """By which way a vote came."""

    SIGNED_IN = "signed_in", _("signed in")
    LINK = "link", _("by a personal link")
    OPERATOR = "operator", _("entered on the member's behalf")
