"""Making, finding and revoking personal links (docs/adr/0009-links-and-outbox.md)."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _t

from kpss import clock

from .models import PersonalLink

# What a request gets through a link: the link and the path that follows the token, "" or "podklad/12/".
Handler = Callable[[HttpRequest, PersonalLink, str], HttpResponseBase]

USE_IS_NOTED_EVERY = datetime.timedelta(hours=1)
_SALT = "kpss.links.token"
_PLACEHOLDER = re.compile(r"⟦odkaz:([0-9a-f]{32})⟧")


# --- What links are for ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Purpose:
    """What one kind of link does: its handler, its name for the admin, who checks forged requests."""

    handler: Handler
    label: str | Promise
    csrf_exempt: bool


purposes: dict[str, Purpose] = {}


def register(
    purpose: str, handler: Handler, label: str | Promise = "", *, csrf_exempt: bool = False
) -> None:
    """Let ``handler`` answer requests that come by links of that purpose; called in AppConfig.ready.

    The handler may raise Http404: the visitor reads that the link is not valid. ``csrf_exempt``
    leaves the check against forged requests to the handler.
    """
    purposes[purpose] = Purpose(handler, label or purpose, csrf_exempt)


def label_of(purpose: str) -> str:
    """The name of the purpose in the present language; a purpose that nobody registers keeps its code."""
    return str(purposes[purpose].label) if purpose in purposes else purpose


# --- Making ----------------------------------------------------------------------------------------------------------


def issue(
    purpose: str,
    *,
    person: Any = None,
    about: models.Model | None = None,
    expires_at: datetime.datetime | None = None,
) -> PersonalLink:
    """Return the valid link of that purpose, person and thing; make it when there is none.

    A standing link is extended when ``expires_at`` is later (None is never); it is never shortened,
    revoke it for that. One that has expired is revoked and replaced. Whoever comes at the same
    moment gets the same link.
    """
    target = {
        "purpose": purpose,
        "person": person,
        "content_type": about and ContentType.objects.get_for_model(about),
        "object_pk": str(about.pk) if about else "",
    }
    with transaction.atomic():
        while True:
            if link := _standing(target, expires_at):
                return link
            link = PersonalLink(**target, expires_at=expires_at)
            link.token_hash = _hash(_derive(link, settings.SECRET_KEY))
            try:
                with transaction.atomic():
                    link.save(force_insert=True)
            except IntegrityError:
                if not PersonalLink.objects.standing().filter(**target).exists():
                    raise  # not somebody quicker: the row itself is wrong
                continue
            return link


def _standing(target: dict[str, Any], expires_at: datetime.datetime | None) -> PersonalLink | None:
    """The link that already stands, extended; None when there is none or it has just been put aside."""
    links = PersonalLink.objects.select_for_update()
    link = links.standing().filter(**target).first()
    if link is None:
        return None
    if link.expires_at and link.expires_at <= clock.now():
        revoke(link)
        return None
    if link.expires_at and (expires_at is None or expires_at > link.expires_at):
        link.expires_at = expires_at
        link.save(update_fields=["expires_at"])
    return link


def token_of(link: PersonalLink) -> str:
    """The secret part of the link's address; for the moment of sending, never to be stored.

    When the secret of the installation has changed and the former one is not among
    SECRET_KEY_FALLBACKS, the link gets a token of the present secret and the former token no longer
    opens it: what is sent from now on works.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(link, secret)
        if _hash(token) == link.token_hash:
            return token
    token = _derive(link, settings.SECRET_KEY)
    link.token_hash = _hash(token)
    link.save(update_fields=["token_hash"])
    return token


def _derive(link: PersonalLink, secret: str | bytes) -> str:
    digest = salted_hmac(_SALT, link.key.bytes, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- Addresses and texts ---------------------------------------------------------------------------------------------


def url_of(link: PersonalLink) -> str:
    """The whole address of the link, with its token."""
    return settings.SITE_URL + reverse("links:open", kwargs={"token": token_of(link), "rest": ""})


def placeholder(link: PersonalLink) -> str:
    """What stands for the link's address in a stored text; a path may follow it at once."""
    return f"⟦odkaz:{link.key.hex}⟧"


def fill(text: str, person: Any) -> str:
    """Put addresses in the place of placeholders; those of links that no longer open as well.

    Only of links of that person: texts that people write stand in mails too, and a placeholder which
    somebody copied from the database would otherwise become the address of another's link.
    """
    keys = set(_PLACEHOLDER.findall(text))
    if not keys:
        return text
    links = {
        link.key.hex: link for link in PersonalLink.objects.filter(key__in=keys, person=person)
    }
    return _PLACEHOLDER.sub(lambda at: url_of(links[at[1]]) if at[1] in links else at[0], text)


def blind(text: str) -> str:
    """The text for other eyes than the addressee's: words in the place of placeholders."""
    return _PLACEHOLDER.sub(f"({_t('personal link')})", text)


# --- Opening and revoking --------------------------------------------------------------------------------------------


def find(token: str, purpose: str | None = None) -> PersonalLink | None:
    """The valid link with that token, and of that purpose when it is given.

    None for a token that is unknown, expired, revoked, of a closed account, of another purpose or
    about a thing that is gone; the caller cannot tell which.
    """
    links = PersonalLink.objects.valid().select_related("person")
    link = links.filter(token_hash=_hash(token)).first()
    if link is None or purpose not in (None, link.purpose):
        return None
    if link.content_type_id and link.about is None:
        return None
    return link


def note_use(link: PersonalLink) -> None:
    """Remember that the link was opened, at most once an hour."""
    now = clock.now()
    if link.last_used_at and link.last_used_at > now - USE_IS_NOTED_EVERY:
        return
    PersonalLink.objects.filter(pk=link.pk).update(last_used_at=now)


def revoke(link: PersonalLink) -> None:
    """Close the link for good; once is as twice."""
    PersonalLink.objects.standing().filter(pk=link.pk).update(revoked_at=clock.now())
    link.refresh_from_db(fields=["revoked_at"])


def revoke_for(
    person: Any = None, about: models.Model | None = None, purpose: str | None = None
) -> int:
    """Close every standing link that fits all that is given; return how many.

    Raise ValueError when nothing is given: all links of everybody are never closed by mistake.
    """
    links = PersonalLink.objects.standing()
    if person is None and about is None and purpose is None:
        raise ValueError("Say whose, about what or of which purpose.")
    if person is not None:
        links = links.filter(person=person)
    if about is not None:
        kind = ContentType.objects.get_for_model(about)
        links = links.filter(content_type=kind, object_pk=str(about.pk))
    if purpose is not None:
        links = links.filter(purpose=purpose)
    return links.update(revoked_at=clock.now())
