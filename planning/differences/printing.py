"""The changes between two texts on paper, an annex for those who decide."""

import hashlib

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.engine import render_pdf
from documents.printing import services as printing
from documents.printing.models import PrintJob
from documents.printing.registry import Made, Maker, Tell
from kpss.canonical import fingerprint
from kpss.territory.models import Region
from planning.plans.models import PlanVersion

from . import wording
from .compare import difference
from .readings import Reading, reading_of

KIND = "plan-difference"


def request_annex(old: Reading, new: Reading, *, actor) -> PrintJob:
    """Ask for the PDF; the same two texts are set once. The caller has checked that ``actor`` reads both."""
    return printing.request(
        KIND,
        about=new.version,
        key=":".join([old.ref, new.ref, fingerprint(old.content), fingerprint(new.content)]),
        actor=actor,
        params={"od": old.version.pk, "do": new.version.pk},
    )


def may_read(user, job: PrintJob) -> bool:
    """Who sees both texts."""
    wanted = {job.params["od"], job.params["do"]}
    return PlanVersion.objects.visible_to(user).filter(pk__in=wanted).count() == len(wanted)


def make(job: PrintJob, tell: Tell) -> Made:
    """The annex as a tagged PDF in Czech. Raise EngineError when it cannot be made."""
    tell(_t("The pages are being set."))
    old, new = (reading_of(_version(job.params[which])) for which in ("od", "do"))
    name = slugify(f"zmeny-{new.version.plan.slug}-{new.version.number}") + ".pdf"
    return Made(annex_pdf(old, new), "application/pdf", name)


def annex_pdf(old: Reading, new: Reading) -> bytes:
    """The PDF; equal texts give equal bytes."""
    with translation.override("cs"):
        found = difference(old.content, new.content)
        html = render_to_string(
            "differences/pdf/difference.html",
            {
                "old": old,
                "new": new,
                "difference": found,
                "counts": wording.counts(found),
                "region": Region.load(),
                "more_cost": found.cost_now - found.cost_before,
            },
        )
    seal = hashlib.sha256(html.encode()).digest()
    return render_pdf(html, identifier=seal, created=None, author=Region.load().name)


def _version(pk: int) -> PlanVersion:
    rows = PlanVersion.objects.select_related("plan__parent", "plan__committee", "content")
    return rows.get(pk=pk)


ANNEX = Maker(KIND, _("Changes in the plan"), make, may_read)
