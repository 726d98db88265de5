from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import Mode


class Format(models.TextChoices):
    """How people meet."""

    IN_PERSON = "in_person", pgettext_lazy("meeting", "in person")
    ONLINE = "online", pgettext_lazy("meeting", "online")
    HYBRID = "hybrid", pgettext_lazy("meeting", "in person and online")

    @property
    def mode(self) -> Mode:
        """What stands at a resolution adopted there."""
        return Mode.ONLINE if self == self.ONLINE else Mode.IN_PERSON


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "being prepared")
    INVITED = "invited", pgettext_lazy("meeting", "called")
    RUNNING = "running", pgettext_lazy("meeting", "under way")
    ENDED = "ended", pgettext_lazy("meeting", "ended")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class Answer(models.TextChoices):
    """What somebody answered to the invitation."""

    YES = "yes", _("I will come")
    ONLINE = "online", _("I will join online")
    NO = "no", _("I cannot come")
    SUBSTITUTE = "substitute", _("My substitute will come")


class Standing(models.TextChoices):
    """How somebody took part (codelist attendance_states)."""

    PRESENT = "pritomen", pgettext_lazy("attendance", "present")
    ONLINE = "online", pgettext_lazy("attendance", "present online")
    EXCUSED = "omluven", pgettext_lazy("attendance", "excused")
    ABSENT = "neomluven", pgettext_lazy("attendance", "absent")
    REPRESENTED = "nahradnik", pgettext_lazy("attendance", "represented by a substitute")
    GUEST = "host", pgettext_lazy("attendance", "guest")


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task from a meeting", "to be done")
    DONE = "done", pgettext_lazy("task from a meeting", "done")
    CANCELLED = "cancelled", pgettext_lazy("task from a meeting", "no longer needed")
