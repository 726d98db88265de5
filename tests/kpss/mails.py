"""Mails to try things on."""

import itertools

from kpss.outbox import services
from tests.factories import PersonFactory

_numbers = itertools.count()
IDLE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def queue(person=None, **values):
    """Queue a mail with one line of news to a new person; ``values`` as for ``services.send``."""
    given = {
        "kind": "zkouska",
        "subject": "Zpráva ze zkoušky",
        "template": "mail/daily.txt",
        "context": {"notices": [("Komise zasedá v úterý.", "https://portal.example.cz/")]},
        "key": f"zkouska:{next(_numbers)}",
    }
    if "email" not in values:
        person = person or PersonFactory()
    return services.send(person=person, **(given | values))
