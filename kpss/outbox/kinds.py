"""What kinds of mail there are, in words for the admin."""

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def register(kind: str, label: str | Promise) -> None:
    """Name a kind of mail; called in AppConfig.ready by the room that writes it."""
    _labels[kind] = label


def label_of(kind: str) -> str:
    """The name of the kind in the present language; one without a name keeps its code."""
    return str(_labels.get(kind, kind))
