"""Frozen content: dataclasses as bytes that are the same whenever the content is, and back again.

For dataclasses of texts, numbers, days, moments, other dataclasses and tuples of them.
"""

import datetime
import hashlib
import json
from dataclasses import field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_T = TypeVar("_T")


def later(default: Any) -> Any:
    """A field added after content of its dataclass had been frozen; ``default`` is immutable.

    While it holds its default it leaves no trace in the bytes, so old content keeps its fingerprint.
    """
    return field(default=default, metadata={"later": True})


def canonical(content: Any) -> bytes:
    """UTF-8 JSON of a dataclass with sorted keys and no spaces: equal content gives equal bytes."""
    return json.dumps(
        _as_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def fingerprint(content: Any) -> str:
    """SHA-256 of the canonical content in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def parse(kind: type[_T], data: bytes) -> _T:
    """The ``kind`` that ``canonical`` wrote; a field added since then takes its default.

    Raise ValueError, KeyError or TypeError for other data.
    """
    return _built(kind, json.loads(data))


def _as_json(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_as_json(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if is_dataclass(value):
        return {
            f.name: _as_json(getattr(value, f.name)) for f in fields(value) if _speaks(f, value)
        }
    raise TypeError(f"Not plain data: {value!r}")


def _speaks(one: Any, value: Any) -> bool:
    return not one.metadata.get("later") or getattr(value, one.name) != one.default


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
