"""Whole sentences about approval: Czech verbs agree with the body that acts, so each gender has its own."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import CommitteeKind
from committees.bodies.models import Resolution
from kpss.templatetags.czech import cz_date

from .enums import StepVerb

FEMININE, MASCULINE, NEUTER = "feminine", "masculine", "neuter"
# Zastupitelstvo, výbor; everything else is a rada, a komise or a skupina.
GENDERS = {CommitteeKind.ASSEMBLY: NEUTER, CommitteeKind.ASSEMBLY_COMMITTEE: MASCULINE}

DONE = {
    FEMININE: {
        StepVerb.DISCUSSES: pgettext_lazy("feminine body", "discussed it"),
        StepVerb.APPROVES: pgettext_lazy("feminine body", "approved it"),
        StepVerb.RECOMMENDS: pgettext_lazy("feminine body", "recommended its approval"),
        StepVerb.TAKES_NOTE: pgettext_lazy("feminine body", "took note of it"),
    },
    MASCULINE: {
        StepVerb.DISCUSSES: pgettext_lazy("masculine body", "discussed it"),
        StepVerb.APPROVES: pgettext_lazy("masculine body", "approved it"),
        StepVerb.RECOMMENDS: pgettext_lazy("masculine body", "recommended its approval"),
        StepVerb.TAKES_NOTE: pgettext_lazy("masculine body", "took note of it"),
    },
    NEUTER: {
        StepVerb.DISCUSSES: pgettext_lazy("neuter body", "discussed it"),
        StepVerb.APPROVES: pgettext_lazy("neuter body", "approved it"),
        StepVerb.RECOMMENDS: pgettext_lazy("neuter body", "recommended its approval"),
        StepVerb.TAKES_NOTE: pgettext_lazy("neuter body", "took note of it"),
    },
}
SENTENCES = {
    FEMININE: {
        StepVerb.DISCUSSES: pgettext_lazy(
            "feminine body",
            "Discussed by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.APPROVES: pgettext_lazy(
            "feminine body",
            "Approved by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.RECOMMENDS: pgettext_lazy(
            "feminine body",
            "Recommended for approval by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.TAKES_NOTE: pgettext_lazy(
            "feminine body",
            "Noted by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
    },
    MASCULINE: {
        StepVerb.DISCUSSES: pgettext_lazy(
            "masculine body",
            "Discussed by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.APPROVES: pgettext_lazy(
            "masculine body",
            "Approved by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.RECOMMENDS: pgettext_lazy(
            "masculine body",
            "Recommended for approval by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.TAKES_NOTE: pgettext_lazy(
            "masculine body",
            "Noted by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
    },
    NEUTER: {
        StepVerb.DISCUSSES: pgettext_lazy(
            "neuter body",
            "Discussed by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.APPROVES: pgettext_lazy(
            "neuter body",
            "Approved by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.RECOMMENDS: pgettext_lazy(
            "neuter body",
            "Recommended for approval by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
        StepVerb.TAKES_NOTE: pgettext_lazy(
            "neuter body",
            "Noted by %(body)s on %(date)s, resolution No. %(number)s.",
        ),
    },
}
RETURNED = {
    FEMININE: pgettext_lazy("feminine body", "returned it for rework"),
    MASCULINE: pgettext_lazy("masculine body", "returned it for rework"),
    NEUTER: pgettext_lazy("neuter body", "returned it for rework"),
}
TO_DO = {
    StepVerb.DISCUSSES: _("is to discuss it"),
    StepVerb.APPROVES: _("is to approve it"),
    StepVerb.RECOMMENDS: _("is to recommend its approval"),
    StepVerb.TAKES_NOTE: _("is to take note of it"),
}


def gender(kind: str) -> str:
    """The grammatical gender of the Czech word for a body of this kind."""
    return GENDERS.get(CommitteeKind(kind), FEMININE)


def done(verb: str, kind: str) -> str:
    """What a body did, in words after its name: "schválila", "doporučil ke schválení"."""
    return str(DONE[gender(kind)][StepVerb(verb)])


def to_do(verb: str) -> str:
    """What a body is yet to do, in words after its name: "má schválit"."""
    return str(TO_DO[StepVerb(verb)])


def returned(kind: str) -> str:
    """That a body sent the version back, in words after its name: "vrátila k přepracování"."""
    return str(RETURNED[gender(kind)])


def sentence(verb: str, kind: str, body: str, resolution: Resolution) -> str:
    """Who did what and when: "Schválilo Zastupitelstvo města … 16. 12. 2020, usnesení č. 8/2020."."""
    return SENTENCES[gender(kind)][StepVerb(verb)] % {
        "body": body,
        "date": cz_date(resolution.adopted_on),
        "number": resolution.number,
    }


PROPOSALS = {
    StepVerb.DISCUSSES: _("%(body)s takes note of the document “%(plan)s”."),
    StepVerb.APPROVES: _("%(body)s approves the document “%(plan)s”."),
    StepVerb.RECOMMENDS: _("%(body)s recommends that the document “%(plan)s” be approved."),
    StepVerb.TAKES_NOTE: _("%(body)s takes note of the document “%(plan)s”."),
}


def proposal(verb: str, body: str, plan: str) -> str:
    """The resolution proposed to a body: "Rada města … doporučuje schválit dokument „Akční plán …“."."""
    return str(PROPOSALS[StepVerb(verb)]) % {"body": body, "plan": plan}
