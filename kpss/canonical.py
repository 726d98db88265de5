"""Frozen content: dataclasses as bytes that are the same whenever the content is, and back again.

For dataclasses of texts, numbers, days, moments, other dataclasses and tuples of them.
"""

import datetime
import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_T = TypeVar("_T")


def canonical(content: Any) -> bytes:
    """UTF-8 JSON of a dataclass with sorted keys and no spaces: equal content gives equal bytes."""
    return json.dumps(
        asdict(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()


def fingerprint(content: Any) -> str:
    """SHA-256 of the canonical content in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def parse(kind: type[_T], data: bytes) -> _T:
    """The ``kind`` that ``canonical`` wrote; a field added since then takes its default.

    Raise ValueError, KeyError or TypeError for other data.
    """
    return _built(kind, json.loads(data))


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"Not plain data: {value!r}")


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(kind: type[_T], data: dict[str, Any]) -> _T:
    types = _types(kind)  # type: ignore[arg-type]
    return kind(
        **{f.name: _value(types[f.name], data[f.name]) for f in fields(kind) if f.name in data}  # type: ignore[arg-type]
    )


def _value(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    if get_origin(kind) is UnionType:
        return _value(get_args(kind)[0], data)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_value(inner[0], item) for item in data)
        return tuple(_value(part, item) for part, item in zip(inner, data, strict=True))
    if is_dataclass(kind):
        return _built(kind, data)  # type: ignore[arg-type]
    if kind is datetime.datetime:
        return datetime.datetime.fromisoformat(data)
    if kind is datetime.date:
        return datetime.date.fromisoformat(data)
    if kind is Decimal:
        return Decimal(data)
    return data
