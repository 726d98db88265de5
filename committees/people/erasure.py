"""What other rooms forget when a person is erased. Imports run one way, so each offers its part in ``AppConfig.ready``."""

from collections.abc import Callable, Iterable, Iterator

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from .models import ERASED_NAME, Person

# Given the person, still with a name and an e-mail, and who erases; forgets what the room knows.
Eraser = Callable[[Person, Person], None]

_erasers: list[Eraser] = []


def register(eraser: Eraser) -> None:
    """Call ``eraser`` whenever a person is erased, in the same transaction; twice is as once."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erasers() -> Iterator[Eraser]:
    """The parts of all rooms in the order of registration."""
    yield from _erasers


def forget_in_log(model: type[models.Model], keys: Iterable[int]) -> None:
    """Take the names of the objects out of Django's log of the admin, which keeps how they were called."""
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    ).update(object_repr=ERASED_NAME)
