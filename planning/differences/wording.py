"""What happened to a plan, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from .compare import Difference, Kind

FACTS: dict[str, str | Promise] = {
    "title": _("Title"),
    "body": _("Text"),
    "need": _("Need"),
    "goal": _("Goal"),
    "description": _("Description"),
    "planning_group": _("Planning group"),
    "target_groups": _("Target groups"),
    "municipalities": _("Municipalities"),
    "responsible": _("Responsible"),
    "partners": _("Cooperates"),
    "term": _("Term"),
    "cost": _("Planned costs"),
    "cost_note": _("Note on costs"),
    "funding": _("Sources of money"),
    "indicators": _("Indicators"),
    "fte": _("Full-time jobs"),
    "beds": _("Beds"),
    "note": _("Note"),
    "summary": _("What the plan is about"),
    "levels": _("Names of levels"),
}
# What happened to one thing, beside its name; the thing may be of any gender in Czech.
HAPPENED: dict[Kind, str | Promise] = {
    Kind.ADDED: pgettext_lazy("difference", "new"),
    Kind.REMOVED: pgettext_lazy("difference", "left out"),
    Kind.MOVED: pgettext_lazy("difference", "elsewhere"),
    Kind.RENUMBERED: pgettext_lazy("difference", "other code"),
    Kind.REWORDED: pgettext_lazy("difference", "other words"),
    Kind.VALUE: pgettext_lazy("difference", "other figures, terms or people"),
}
_COUNTS = {
    Kind.ADDED: ngettext_lazy("%d part is new", "%d parts are new"),
    Kind.REMOVED: ngettext_lazy("%d part was left out", "%d parts were left out"),
    Kind.MOVED: ngettext_lazy("%d part stands elsewhere", "%d parts stand elsewhere"),
    Kind.RENUMBERED: ngettext_lazy("%d part has another code", "%d parts have another code"),
    Kind.REWORDED: ngettext_lazy(
        "%d part says it in other words", "%d parts say it in other words"
    ),
    Kind.VALUE: ngettext_lazy(
        "%d part has other figures, terms or people", "%d parts have other figures, terms or people"
    ),
}


def counts(found: Difference) -> list[tuple[Kind, str]]:
    """How often each thing happened, those that did, as sentences without a full stop."""
    numbers = ((kind, found.count(kind)) for kind in Kind)
    return [(kind, str(_COUNTS[kind] % number)) for kind, number in numbers if number]
