from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommitteeKind(models.TextChoices):
    """What a body is by law (Act 128/2000 Sb.) or by its own charter."""

    ASSEMBLY = "zastupitelstvo", _("municipal assembly")
    COUNCIL = "rada", _("municipal council")
    ASSEMBLY_COMMITTEE = "vybor", _("committee of the assembly")
    COMMISSION = "komise_rady", _("commission of the council")
    STEERING = "ridici_skupina", _("steering group")
    WORKING_GROUP = "pracovni_skupina", _("working group")
    COORDINATION = "koordinacni_skupina", _("coordination group")

    @property
    def is_statutory(self) -> bool:
        """Decides by the majority of all its members by law (§ 87, 101, 118, 122 of Act 128/2000 Sb.)."""
        return self in {self.ASSEMBLY, self.COUNCIL, self.ASSEMBLY_COMMITTEE, self.COMMISSION}

    @property
    def is_elected(self) -> bool:
        """Sits by the will of voters, so nobody asks it for a balance of the triad."""
        return self in {self.ASSEMBLY, self.COUNCIL}


class Side(models.TextChoices):
    """A side of the triad, and the public beside it."""

    USER = "uzivatel", _("users and carers")
    PROVIDER = "poskytovatel", _("providers")
    COMMISSIONER = "zadavatel", _("commissioners")
    PUBLIC = "verejnost", _("public and experts")


class Role(models.TextChoices):
    CHAIR = "chair", _("chair")
    VICE_CHAIR = "vice_chair", _("vice-chair")
    SECRETARY = "secretary", _("secretary")
    MEMBER = "member", _("member")
    SUBSTITUTE = "substitute", _("substitute")
    GUEST = "guest", _("permanent guest")

    @property
    def votes(self) -> bool:
        return self in {self.CHAIR, self.VICE_CHAIR, self.MEMBER}


class Quorum(models.TextChoices):
    MAJORITY_OF_ALL = "majority", _("more than half of all members")
    HALF_OF_ALL = "half", _("at least half of all members")
    THIRD_OF_ALL = "third", _("at least a third of all members")
    NONE = "none", _("no quorum")


class Majority(models.TextChoices):
    OF_ALL = "of_all", _("more than half of all members")
    OF_PRESENT = "of_present", _("more than half of those present")
    TWO_THIRDS_OF_ALL = "two_thirds", _("at least two thirds of all members")


class Silence(models.TextChoices):
    """What it means in a vote per rollam that a member did not answer in time."""

    NOT_VOTED = "not_voted", _("counts as not having voted")
    CONSENT = "consent", _("counts as being for")


class Verb(models.TextChoices):
    """What a resolution does (codelist resolution_verbs); the third person of the present tense."""

    APPROVES = "schvaluje", pgettext_lazy("resolution", "approves")
    TAKES_NOTE = "bere_na_vedomi", pgettext_lazy("resolution", "takes note of")
    RECOMMENDS = "doporucuje", pgettext_lazy("resolution", "recommends")
    INSTRUCTS = "uklada", pgettext_lazy("resolution", "instructs")
    AGREES = "souhlasi", pgettext_lazy("resolution", "agrees")
    DISAGREES = "nesouhlasi", pgettext_lazy("resolution", "disagrees")
    ESTABLISHES = "zrizuje", pgettext_lazy("resolution", "establishes")
    APPOINTS = "jmenuje", pgettext_lazy("resolution", "appoints")
    RECALLS = "odvolava", pgettext_lazy("resolution", "recalls")
    ENTRUSTS = "poveruje", pgettext_lazy("resolution", "entrusts")
    REVOKES = "rusi", pgettext_lazy("resolution", "revokes")
    REJECTS = "zamita", pgettext_lazy("resolution", "rejects")


class Mode(models.TextChoices):
    """How the committee came to its resolution."""

    IN_PERSON = "meeting", _("at a meeting in person")
    ONLINE = "online", _("at an online meeting")
    PER_ROLLAM = "per_rollam", _("per rollam")


class GrantAction(models.TextChoices):
    """What happened to a right given by name."""

    GRANTED = "granted", pgettext_lazy("right", "given")
    WITHDRAWN = "withdrawn", pgettext_lazy("right", "withdrawn")


class SeatChange(models.TextChoices):
    """What happened to a seat."""

    SEATED = "seated", pgettext_lazy("seat", "seated")
    CHANGED = "changed", pgettext_lazy("seat", "changed")
    ENDED = "ended", pgettext_lazy("seat", "ended")
    CONSENT_GIVEN = "consent_given", _("agreed to publish the name")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("took back the consent to publish the name")
