"""The agenda: its items as a tree, their papers, and what was put to the vote at them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.ballots.models import Ballot
from committees.bodies.enums import Verb
from documents.store.models import StoredFile

from .meeting import Meeting


class AgendaItem(models.Model):
    """One point of the agenda; points hang under one another."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting")
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under the item"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("item"), max_length=250)
    text = models.TextField(_("explanation"), blank=True)
    presenter = models.CharField(_("presented by"), max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    verb = models.CharField(_("verb"), max_length=16, choices=Verb, blank=True)
    proposal = models.TextField(_("proposed resolution"), blank=True)
    is_internal = models.BooleanField(
        _("internal"), default=False, help_text=_("Only members see it, never the public.")
    )
    # Under this item stand the tasks from earlier meetings that are not done.
    reviews_tasks = models.BooleanField(default=False, editable=False)
    token = models.UUIDField(null=True, unique=True, editable=False)
    taken_up_at = models.DateTimeField(_("taken up"), null=True, editable=False)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="meetings_item_not_under_itself",
                violation_error_message=_("Choose another item of the same agenda."),
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(reviews_tasks=True),
                name="meetings_item_one_review_of_tasks",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Refuse an item that hangs under itself or under another meeting's."""
        above, steps = self.parent, 0
        while above is not None:
            if above.pk == self.pk or above.meeting_id != self.meeting_id or steps > 8:
                raise ValidationError({"parent": _("Choose another item of the same agenda.")})
            above, steps = above.parent, steps + 1


class AgendaPaper(models.Model):
    """A paper to an item of the agenda."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="papers", verbose_name=_("agenda item")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    file_name = models.CharField(_("file name"), max_length=150)
    is_internal = models.BooleanField(_("internal"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["position", "pk"]
        default_permissions: ClassVar[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["item", "file"],
                name="meetings_paper_once",
                violation_error_message=_("This file is already among the papers of the item."),
            )
        ]

    def __str__(self):
        return self.file_name

    @property
    def address(self) -> str:
        """The last piece of its address, on the page of the meeting as behind a personal link."""
        return f"{self.pk}/"


class Motion(models.Model):
    """A ballot held at an item of the agenda."""

    item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="motions", verbose_name=_("agenda item")
    )
    ballot = models.OneToOneField(
        Ballot, models.PROTECT, related_name="motion", verbose_name=_("ballot")
    )

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        ordering = ["pk"]
        default_permissions: ClassVar[list[str]] = []

    def __str__(self):
        return str(self.ballot)
