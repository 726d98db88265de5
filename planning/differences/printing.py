"""The changes between two texts on paper, an annex for those who decide."""

import hashlib

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.engine import render_pdf
from documents.printing import services as printing
from documents.printing.layout import layout
from documents.printing.models import PrintJob
from documents.printing.registry import Made, Maker, Tell
from kpss.canonical import fingerprint
from kpss.territory.models import Region
from planning.plans.models import PlanVersion, Snapshot

from . import wording
from .compare import difference
from .readings import Reading, reading_of

KIND = "plan-difference"


def request_annex(old: Reading, new: Reading, *, actor) -> PrintJob:
    """Ask for the PDF; the same two texts are set once. The caller has checked that ``actor`` reads both."""
    region = Region.load()
    texts = [fingerprint(old.content), fingerprint(new.content)]
    look = layout("templates/differences/*.html", "templates/differences/pdf/*.html")
    return printing.request(
        KIND,
        about=new.version,
        key="\0".join([old.label, new.label, *texts, look, region.name, str(region.is_demo)]),
        actor=actor,
        params={"od": _keys(old), "do": _keys(new)},
    )


def may_read(user, job: PrintJob) -> bool:
    """Who sees both texts."""
    return all(
        Snapshot.objects.visible_to(user).filter(pk=snapshot).exists()
        if snapshot
        else PlanVersion.objects.visible_to(user).filter(pk=version).exists()
        for version, snapshot in (job.params["od"], job.params["do"])
    )


def make(job: PrintJob, tell: Tell) -> Made:
    """The annex as a tagged PDF in Czech. Raise EngineError when it cannot be made."""
    tell(_t("The pages are being set."))
    old, new = (_reading(*job.params[which]) for which in ("od", "do"))
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


def _keys(reading: Reading) -> tuple[int, int | None]:
    return reading.version.pk, reading.snapshot.pk if reading.snapshot else None


def _reading(version_pk: int, snapshot_pk: int | None) -> Reading:
    rows = PlanVersion.objects.select_related("plan__parent", "plan__committee", "content")
    snapshot = (
        Snapshot.objects.select_related("content").get(pk=snapshot_pk) if snapshot_pk else None
    )
    return reading_of(rows.get(pk=version_pk), snapshot)


ANNEX = Maker(KIND, _("Changes in the plan"), make, may_read)
