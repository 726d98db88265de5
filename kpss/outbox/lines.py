"""What of the mail waits on the coordinator's desk."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from kpss import clock
from kpss.desk import Line

from .enums import MessageState
from .models import Message

# Who has not been reached for so long has been told otherwise.
SHOWN_FOR = datetime.timedelta(days=14)


def undelivered(coordinator: Any) -> list[Line]:
    """Mails of the last fortnight that were not delivered and not sent again, in one line."""
    if not coordinator.has_perm("outbox.view_message"):
        return []
    failed = Message.objects.filter(
        state=MessageState.FAILED, copies=None, send_after__gte=clock.now() - SHOWN_FOR
    )
    count = failed.count()
    if not count:
        return []
    return [
        Line(
            what=ngettext(
                "%(count)s mail was not delivered", "%(count)s mails were not delivered", count
            )
            % {"count": count},
            about=_t("Correct the e-mail of the person and send it again, or call them."),
            url=f"{reverse('admin:outbox_message_changelist')}?state__exact={MessageState.FAILED}",
            action=_t("See the mails"),
            count=count,
        )
    ]
