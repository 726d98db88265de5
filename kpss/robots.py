"""Keeping robots off public forms without scripts and third parties: a trap, a stamp of time, limits.

A form extends ``GuardedForm``; its page is drawn with a fresh stamp. Whoever sends it sooner than a person
can read it, without the stamp, with an old one, or fills in the field that people do not see, is told so.
``within_limits`` counts what has been taken from one address and from everybody together.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

MIN_SECONDS = 3
MAX_SECONDS = 24 * 60 * 60
AN_HOUR = 60 * 60

_SALT = "kpss.robots"


@dataclass(frozen=True)
class Stamp:
    """When a form was drawn, and a token by which one form sent twice is known."""

    token: uuid.UUID
    drawn_at: float

    def __str__(self) -> str:
        return signing.dumps([self.token.hex, self.drawn_at], salt=_SALT)

    @property
    def age(self) -> float:
        """Seconds since the form was drawn."""
        return time.time() - self.drawn_at


def fresh_stamp() -> str:
    """The signed stamp of a form that is drawn now."""
    return str(Stamp(uuid.uuid4(), time.time()))


def read_stamp(text: str) -> Stamp | None:
    """The stamp as it was signed; None for one that is not ours."""
    try:
        token, drawn_at = signing.loads(text, salt=_SALT)
        return Stamp(uuid.UUID(token), float(drawn_at))
    except (signing.BadSignature, ValueError, TypeError):
        return None


class GuardedForm(forms.Form):
    """A form for anybody. ``clean_stamp`` gives its Stamp; ``web`` is the field that people do not see."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    web = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_stamp(self) -> Stamp:
        stamp = read_stamp(self.cleaned_data["stamp"])
        if stamp is None or stamp.age > MAX_SECONDS:
            raise forms.ValidationError(
                _t("The form was open for too long. Check your answers and send it again.")
            )
        if stamp.age < MIN_SECONDS:
            raise forms.ValidationError(
                _t("That was too quick for us. Wait a few seconds and send it again.")
            )
        return stamp

    def clean_web(self) -> str:
        if self.cleaned_data["web"]:
            raise forms.ValidationError(_t("Leave this field empty; only robots fill it in."))
        return ""

    def restamp(self) -> None:
        """Let the form be sent again when its stamp is what was wrong; what was written stays.

        One that came too soon keeps its stamp, so that waiting is enough.
        """
        if self.is_bound and "stamp" in self.errors:
            stamp = read_stamp(self.data.get("stamp", ""))
            if stamp is None or stamp.age > MAX_SECONDS:
                renewed = MultiValueDict(self.data)
                renewed["stamp"] = fresh_stamp()
                self.data = renewed


def within_limits(
    request: HttpRequest, what: str, *, from_one: int, from_all: int, seconds: int = AN_HOUR
) -> bool:
    """Count one more; whether fewer than ``from_one`` came from this address and ``from_all`` at all.

    Addresses are as the last of our own proxies saw them. What is over a limit is not counted.
    """
    window = int(time.time() // seconds)
    counters = {
        f"robots:{what}:{window}:all": from_all,
        f"robots:{what}:{window}:{get_ip(request)}": from_one,
    }
    counts: dict[str, Any] = cache.get_many(counters)
    if any(counts.get(key, 0) >= limit for key, limit in counters.items()):
        return False
    cache.set_many({key: counts.get(key, 0) + 1 for key in counters}, timeout=2 * seconds)
    return True
