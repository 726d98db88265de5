"""One mail a day about what is not urgent."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import override

from kpss import clock, czech
from kpss.outbox import letters
from kpss.outbox.models import Notice
from kpss.territory.models import Region

from .preferences import wants_daily
from .queue import address_of, put

KIND = "daily"
FROM_HOUR = 7  # in the portal's time zone


def tell(person: Any, *, kind: str, text: str, url: str, key: str) -> Notice | None:
    """Put one line into the person's next daily mail.

    ``text`` is a Czech sentence, ``url`` a path on the portal, a whole address or
    ``links.placeholder(link)``. The same ``key`` gives the line that is already there. None when the
    person gets no daily mail, or the past is being retold.
    """
    if clock.is_retold() or not address_of(person) or not wants_daily(person):
        return None
    notice, _made = Notice.objects.get_or_create(
        dedup_key=key,
        defaults={
            "person": person,
            "kind": kind,
            "text": letters.one_line(text, 500),
            "url": url,
        },
    )
    return notice


def make_digests(now: datetime.datetime | None = None) -> int:
    """From seven in the morning write the daily mails of this day; return how many.

    Each person gets at most one a day, whoever asks and however often; later lines wait until
    tomorrow.
    """
    local = timezone.localtime(now or clock.now())
    if local.hour < FROM_HOUR:
        return 0
    people = get_user_model()._default_manager.filter(
        pk__in=Notice.objects.waiting().values("person"), is_active=True
    )
    wanting = people.exclude(mail_preference__daily_off_at__isnull=False)
    return sum(_make_digest(person, local.date()) for person in wanting.order_by("pk"))


@transaction.atomic
def _make_digest(person: Any, day: datetime.date) -> bool:
    notices = list(Notice.objects.waiting().filter(person=person).select_for_update())
    if not notices:
        return False
    with override(letters.LANGUAGE):
        subject = _t("What is new on %(date)s – %(region)s") % {
            "date": czech.date(day),
            "region": Region.load().short_name,
        }
    message, is_new = put(
        person=person,
        kind=KIND,
        subject=subject,
        template="mail/daily.txt",
        context={"notices": [(notice.text, _absolute(notice.url)) for notice in notices]},
        key=f"{KIND}:{person.pk}:{day.isoformat()}",
        is_urgent=False,
    )
    if not is_new:
        return False
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(message=message)
    return True


def _absolute(url: str) -> str:
    return settings.SITE_URL + url if url.startswith("/") else url
