"""Ballots: what was put to the vote, who might vote, what they said, and how it ended."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.enums import Majority, Mode, Quorum, Side, Silence, Verb
from committees.bodies.models import Committee, Resolution, Rules, Seat
from committees.bodies.rules import roles_with
from documents.store.models import StoredFile
from kpss.events import Event

from .enums import BallotState, Channel, Choice, Method, Place


class BallotQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=BallotState.OPEN)

    def per_rollam(self):
        return self.filter(place=Place.PER_ROLLAM)

    def due(self, now):
        """Open ballots whose deadline has passed."""
        return self.open().filter(deadline__lte=now)

    def public(self):
        """What everybody may read: finished ballots per rollam of public committees.

        What was voted on at a meeting is told by its minutes, which know what is internal.
        """
        return self.per_rollam().filter(state=BallotState.CLOSED, committee__is_public=True)

    def visible_to(self, user):
        """Public ballots, those of one's own committees once opened, and drafts that one prepares.

        Own committees are those on which the user sits now; coordinators see all.
        """
        if not user.is_authenticated:
            return self.public()
        if user.has_perm("bodies.view_committee_work"):
            return self
        seats = Seat.objects.current().filter(person=user)
        managed = seats.filter(role__in=roles_with("ballots.manage_ballot"))
        own = self.filter(committee__in=seats.values("committee")).exclude(state=BallotState.DRAFT)
        return self.public() | own | self.filter(committee__in=managed.values("committee"))


class Ballot(models.Model):
    """One proposal put to the vote of a committee (hlasování).

    When it opens, the rules, the number of members and who may vote are written down beside it, and
    the database keeps the text and all of that as it is (migrations/0002_locked.py). Closing counts
    once and stores the result; whatever happens to rules, seats and people later changes nothing.
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="ballots", verbose_name=_("committee")
    )
    place = models.CharField(_("where"), max_length=12, choices=Place)
    mode = models.CharField(_("how the committee meets"), max_length=12, choices=Mode)
    method = models.CharField(
        _("how people vote"), max_length=14, choices=Method, default=Method.NAMED
    )
    title = models.CharField(_("subject"), max_length=200)
    verb = models.CharField(_("verb"), max_length=16, choices=Verb, default=Verb.APPROVES)
    text = models.TextField(_("proposed resolution"))
    background = models.TextField(_("explanation"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=BallotState,
        default=BallotState.DRAFT,
        editable=False,
        db_index=True,
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    deadline = models.DateTimeField(_("votes until"), null=True, blank=True)
    meeting_number = models.PositiveSmallIntegerField(
        _("number of the meeting"), null=True, editable=False
    )

    # Written down at the opening.
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    rules = models.ForeignKey(
        Rules,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by the rules"),
        editable=False,
    )
    quorum = models.CharField(max_length=12, choices=Quorum, blank=True, editable=False)
    majority = models.CharField(max_length=12, choices=Majority, blank=True, editable=False)
    chair_decides_tie = models.BooleanField(default=False, editable=False)
    silence = models.CharField(max_length=12, choices=Silence, blank=True, editable=False)
    closes_early = models.BooleanField(default=False, editable=False)
    votes_public = models.BooleanField(default=False, editable=False)
    members_total = models.PositiveSmallIntegerField(_("members in all"), null=True, editable=False)

    # Written down at the closing.
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    members_present = models.PositiveSmallIntegerField(
        _("members present"), null=True, editable=False
    )
    excluded = models.PositiveSmallIntegerField(
        _("excluded for a conflict of interest"), null=True, editable=False
    )
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, editable=False)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, editable=False)
    abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, editable=False)
    silent = models.PositiveSmallIntegerField(
        _("did not vote"), null=True, editable=False, help_text=_("Of those who might vote.")
    )
    chair_voted_for = models.BooleanField(null=True, editable=False)
    is_adopted = models.BooleanField(_("adopted"), null=True, editable=False)
    resolution = models.OneToOneField(
        Resolution,
        models.PROTECT,
        null=True,
        related_name="ballot",
        verbose_name=_("resolution"),
        editable=False,
    )
    protocol = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("protocol"),
        editable=False,
    )
    protocol_public = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("protocol for the public"),
        editable=False,
    )

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["-created_at", "-pk"]
        default_permissions = ["view"]
        permissions = [
            ("manage_ballot", _("Can prepare, open and close a ballot")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    place=Place.MEETING,
                    mode__in=[Mode.IN_PERSON, Mode.ONLINE],
                    deadline=None,
                    meeting_number__isnull=False,
                )
                | Q(
                    place=Place.PER_ROLLAM,
                    mode=Mode.PER_ROLLAM,
                    method=Method.NAMED,
                    meeting_number=None,
                ),
                name="ballots_ballot_per_rollam_by_name",
                violation_error_message=_("Per rollam people vote by name, until a deadline."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BallotState.DRAFT, BallotState.CANCELLED])
                | Q(
                    opened_at__isnull=False,
                    rules__isnull=False,
                    members_total__gte=1,
                    quorum__in=Quorum.values,
                    majority__in=Majority.values,
                ),
                name="ballots_ballot_open_has_rules",
            ),
            models.CheckConstraint(
                condition=~Q(state=BallotState.OPEN, place=Place.PER_ROLLAM)
                | Q(deadline__isnull=False),
                name="ballots_ballot_per_rollam_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=BallotState.CLOSED)
                | Q(
                    closed_at__isnull=False,
                    is_adopted__isnull=False,
                    members_present__gte=F("votes_for")
                    + F("votes_against")
                    + F("abstained")
                    + F("excluded"),
                    members_total__gte=F("members_present"),
                ),
                name="ballots_ballot_closed_is_counted",
            ),
            models.CheckConstraint(
                condition=Q(resolution=None) | Q(state=BallotState.CLOSED, is_adopted=True),
                name="ballots_ballot_resolution_when_adopted",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("ballots:ballot_detail", args=[self.committee.slug, self.pk])

    def committees_in_charge(self):
        return Committee.objects.filter(pk=self.committee_id)

    @property
    def is_per_rollam(self) -> bool:
        return self.place == Place.PER_ROLLAM


class BallotPaper(models.Model):
    """A paper on which a ballot is decided; it belongs to those who vote."""

    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="papers", verbose_name=_("ballot")
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    file_name = models.CharField(_("file name"), max_length=150)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "file"], name="ballots_paper_once"),
        ]

    def __str__(self):
        return self.file_name


class VoterQuerySet(models.QuerySet):
    def with_answers(self):
        """Voters with ``has_answered``: whether their named vote is written down."""
        written = Vote.objects.filter(voter=models.OuterRef("pk"))
        return self.annotate(has_answered=models.Exists(written))

    def unanswered(self):
        """Voters who have neither voted by name nor declared a conflict of interest."""
        return self.with_answers().filter(has_answered=False, is_excluded=False)


class Voter(models.Model):
    """Who may vote in one ballot: one line for a seat, held by its member or by a substitute."""

    ballot = models.ForeignKey(
        Ballot, models.PROTECT, related_name="voters", verbose_name=_("ballot")
    )
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name=_("seat"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who votes")
    )
    side = models.CharField(_("side of the triad"), max_length=14, choices=Side)
    presides = models.BooleanField(_("presides"), default=False)
    is_excluded = models.BooleanField(_("excluded for a conflict of interest"), default=False)
    excluded_at = models.DateTimeField(
        _("declared the conflict"), null=True, help_text=_("Only when declared during the ballot.")
    )
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("conflict entered by"),
    )
    conflict = models.CharField(_("conflict of interest"), max_length=300, blank=True)
    has_voted = models.BooleanField(
        _("has voted"), default=False, help_text=_("Only in a secret ballot.")
    )

    objects = VoterQuerySet.as_manager()

    class Meta:
        verbose_name = _("voter")
        verbose_name_plural = _("voters")
        ordering = ["ballot", "pk"]
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "seat"], name="ballots_voter_seat_once"),
            models.UniqueConstraint(fields=["ballot", "person"], name="ballots_voter_person_once"),
            models.UniqueConstraint(
                fields=["ballot"], condition=Q(presides=True), name="ballots_voter_one_presides"
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False) | Q(has_voted=False),
                name="ballots_voter_excluded_is_silent",
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=True) | Q(excluded_at=None, excluded_by=None, conflict=""),
                name="ballots_voter_conflict_excludes",
            ),
        ]

    def __str__(self):
        return str(self.person)


class Vote(models.Model):
    """One voice, written once; rows never change."""

    ballot = models.ForeignKey(
        Ballot, models.PROTECT, related_name="votes", verbose_name=_("ballot")
    )
    voter = models.ForeignKey(
        Voter, models.PROTECT, related_name="votes", verbose_name=_("who voted")
    )
    choice = models.CharField(_("vote"), max_length=6, choices=Choice)
    reason = models.TextField(_("reason"), blank=True)
    cast_at = models.DateTimeField(_("when"), default=timezone.now)
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    receipt = models.CharField(_("receipt"), max_length=12)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["ballot", "pk"]
        default_permissions = ["view"]
        constraints = [
            # With a condition it is an index of its own on both engines; the race tests take it away.
            models.UniqueConstraint(
                fields=["voter"], condition=Q(voter__isnull=False), name="ballots_vote_once"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.OPERATOR, entered_by__isnull=False)
                | Q(channel__in=[Channel.SIGNED_IN, Channel.LINK], entered_by=None),
                name="ballots_vote_entered_by_operator",
            ),
        ]

    def __str__(self):
        return f"{self.voter}: {self.get_choice_display()}"


class Urn(models.Model):
    """The sums of a secret ballot, sealed until the count and destroyed by it (docs/adr/0011).

    Whoever has the database or a backup sees who has voted and a sealed row of unchanging length.
    """

    ballot = models.OneToOneField(Ballot, models.CASCADE, related_name="urn")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("urn")
        verbose_name_plural = _("urns")
        default_permissions: ClassVar[list[str]] = []

    def __str__(self):
        return str(self.ballot)


class BallotEvent(Event):
    """What happened to a ballot."""

    ballot = models.ForeignKey(
        Ballot, models.PROTECT, related_name="events", verbose_name=_("ballot")
    )
