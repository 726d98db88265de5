"""Sealing of a secret ballot: three sums under a key that only the running portal can make.

The key comes from SECRET_KEY, which no backup of the database holds. What is sealed has always the
same length and looks different each time, so two backups tell nothing but that somebody voted.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from .enums import Choice

_SUMS = struct.Struct(">HHH")
_NONCE = 12
_ORDER = (Choice.FOR, Choice.AGAINST, Choice.ABSTAINED)


def seal(sums: Mapping[Choice, int], *, about: bytes) -> bytes:
    """Return the sums sealed for the ballot named ``about``."""
    nonce = os.urandom(_NONCE)
    plain = _SUMS.pack(*(sums.get(choice, 0) for choice in _ORDER))
    return nonce + AESGCM(_key(settings.SECRET_KEY, about)).encrypt(nonce, plain, about)


def unseal(sealed: bytes | memoryview, *, about: bytes) -> dict[Choice, int]:
    """Return the sums of an urn, also of one sealed under a former secret.

    Raise ``cryptography.exceptions.InvalidTag`` when it was touched or its secret is lost.
    """
    nonce, rest = bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:])
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = AESGCM(_key(secret, about)).decrypt(nonce, rest, about)
        except InvalidTag:
            continue
        return dict(zip(_ORDER, _SUMS.unpack(plain), strict=True))
    raise InvalidTag


def _key(secret: str, about: bytes) -> bytes:
    return hmac.new(secret.encode(), b"committees.ballots.urn:" + about, hashlib.sha256).digest()
