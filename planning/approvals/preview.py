"""The PDF of a working version, to be looked at while it is written: made in the background, never kept."""

import hashlib

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.engine import EngineError
from documents.printing import services as printing
from documents.printing.enums import Lane
from documents.printing.layout import layout
from documents.printing.models import PrintJob
from documents.printing.registry import Made, Maker, Tell
from kpss.canonical import fingerprint
from kpss.territory.models import Region
from planning.plans.content import PlanContent, content_of
from planning.plans.models import PlanVersion

from .document import pdf_of

KIND = "plan-preview"


def request_preview(version: PlanVersion, *, actor) -> PrintJob:
    """Ask for the PDF of the version as it is now; the same content is made once.

    The caller has checked that ``actor`` sees the version.
    """
    key = _key(version, content_of(version))
    return printing.request(
        KIND, about=version, key=key, actor=actor, params={"key": key}, supersede=True
    )


def may_read(user, job: PrintJob) -> bool:
    """Whoever sees the version sees its preview."""
    return PlanVersion.objects.visible_to(user).filter(pk=job.object_pk).exists()


def make(job: PrintJob, tell: Tell) -> Made:
    """The whole PDF. Raise EngineError when it cannot be made, or when the plan has moved on meanwhile."""
    version = PlanVersion.objects.select_related("plan__parent", "plan__committee").get(
        pk=job.object_pk
    )
    tell(_t("The pages of the plan are being set."))
    content = content_of(version)
    if _key(version, content) != job.params["key"]:
        raise EngineError(_t("The plan has changed meanwhile. Ask for the preview once more."))
    name = slugify(f"{version.plan.slug}-{version.number}-nahled") + ".pdf"
    return Made(pdf_of(version, content), "application/pdf", name)


PREVIEW = Maker(KIND, _("Preview of the plan"), make, may_read, Lane.FAST)


def _key(version: PlanVersion, content: PlanContent) -> str:
    """A hash of everything that goes onto the pages."""
    region = Region.load()
    committee = version.plan.committee
    said = (
        layout("templates/plans/pdf/*.html"), settings.SITE_URL, fingerprint(content), region.name,
        str(region.is_demo), hashlib.sha256(bytes(region.arms or b"")).hexdigest(),
        committee.name if committee else "",
    )  # fmt: skip
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
