from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import Side, Verb


class Channel(models.TextChoices):
    """How somebody said that they want to take part."""

    FORM = "form", _("form on the site")
    PAPER = "paper", _("on paper")
    TOLD = "told", _("told to the coordinator")


class Standing(models.TextChoices):
    """On which side a person feels to stand, in their own plain words."""

    NEEDS = "needs", _("I need a service, or I care for somebody")
    WORKS = "works", _("I work for a provider of services")
    REPRESENTS = "represents", _("I represent a municipality or an office")
    PUBLIC = "public", _("I am one of the public")

    @property
    def side(self) -> Side:
        """The side of the triad that the words mean."""
        return {
            Standing.NEEDS: Side.USER,
            Standing.WORKS: Side.PROVIDER,
            Standing.REPRESENTS: Side.COMMISSIONER,
            Standing.PUBLIC: Side.PUBLIC,
        }[self]


class InterestState(models.TextChoices):
    NEW = "new", pgettext_lazy("interest", "waits for an answer")
    NOMINATED = "nominated", pgettext_lazy("interest", "nominated")
    THANKED = "thanked", pgettext_lazy("interest", "thanked, kept for later")
    DECLINED = "declined", pgettext_lazy("interest", "declined")
    ERASED = "erased", pgettext_lazy("interest", "erased")


class NominationState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("nomination", "proposed")
    APPOINTED = "appointed", pgettext_lazy("nomination", "appointed")
    DECLINED = "declined", pgettext_lazy("nomination", "not accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "withdrawn")


# A resolution with one of these verbs can put somebody on a committee.
APPOINTING_VERBS = (Verb.APPOINTS, Verb.APPROVES, Verb.ESTABLISHES)
