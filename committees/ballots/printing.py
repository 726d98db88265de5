"""The protocol of a ballot per rollam on paper: for members, and for the public. Both are Czech.

Nothing here reads the clock: the same closed ballot with the same names gives the same bytes.
"""

import base64
import hashlib
from dataclasses import dataclass

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import override

from documents.engine import render_pdf
from kpss.territory.models import Region

from .facts import BallotFacts, facts_of
from .models import Ballot

LANGUAGE = "cs"


@dataclass(frozen=True)
class Protocol:
    """Everything that the protocol prints."""

    facts: BallotFacts
    is_internal: bool
    region: Region
    arms: str
    url: str
    qr: SafeString

    @property
    def fours(self) -> list[str]:
        """The fingerprint in groups of four, so that two people can compare it aloud."""
        digits = self.facts.fingerprint
        return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def protocol_pdf(ballot: Ballot, *, internal: bool) -> bytes:
    """The protocol of a closed ballot as a tagged PDF. Raise ``documents.engine.EngineError``."""
    with override(LANGUAGE):
        protocol = protocol_of(ballot, internal=internal)
        kind = "internal" if internal else "public"
        return render_pdf(
            render_to_string("ballots/pdf/protocol.html", {"protocol": protocol}),
            identifier=hashlib.sha256(f"{kind}:{protocol.facts.fingerprint}".encode()).digest(),
            created=ballot.closed_at,
            language=LANGUAGE,
            author=protocol.region.name,
            description=protocol.facts.result,
        )


def protocol_of(ballot: Ballot, *, internal: bool) -> Protocol:
    """What the protocol prints, gathered in the language of the moment."""
    [facts] = facts_of([ballot], internal=internal)
    region = Region.load()
    url = settings.SITE_URL + ballot.get_absolute_url()
    arms = base64.b64encode(bytes(region.arms)).decode() if region.arms else ""
    return Protocol(
        facts=facts,
        is_internal=internal,
        region=region,
        arms=arms and f"data:image/png;base64,{arms}",
        url=url,
        qr=_qr(url),
    )


def _qr(url: str) -> SafeString:
    title = _t("QR code of the address %(url)s") % {"url": url}
    return mark_safe(segno.make(url, error="m").svg_inline(border=0, title=title))  # segno escapes
