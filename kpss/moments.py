"""Moments as people say them: a day and a time on the wall, which twice a year is no time or two."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t

from kpss.czech import date as czech_date


def moment_of(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """Return the moment when clocks in the portal's time zone show ``time`` on ``day``.

    Raise ValidationError with a sentence for the hour which the change to summer time leaves out, and
    for the one which comes twice when summer time ends.
    """
    zone = timezone.get_default_timezone()
    wall = datetime.datetime.combine(day, time.replace(tzinfo=None))
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    shown = {"time": f"{time.hour}:{time.minute:02}", "date": czech_date(day)}
    if first.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise ValidationError(
            _t(
                "There is no %(time)s on %(date)s: summer time begins and clocks skip an hour."
                " Choose another time."
            )
            % shown,
            code="no_such_time",
        )
    raise ValidationError(
        _t(
            "It is %(time)s twice on %(date)s: summer time ends and clocks go back an hour."
            " Choose another time."
        )
        % shown,
        code="twice",
    )
