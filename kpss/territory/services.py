"""Putting municipalities in: by hand in the admin, or a whole district from a file."""

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction

from kpss import czech
from kpss.territory.models import Municipality

# The population column of our files says the year; the count is of its last day.
_POPULATION_COLUMN = "population_2020"
_POPULATION_ON = datetime.date(2020, 12, 31)


@transaction.atomic
def add_municipalities(rows: Iterable[Mapping[str, str]]) -> int:
    """Create the municipalities that are missing, by their ČSÚ code; return how many were created.

    Columns: csu_code, name, kind, population_2020, district, is_orp_seat. What is already there is
    left as the region keeps it.
    """
    rows = list(rows)
    known = set(Municipality.objects.values_list("csu_code", flat=True))
    taken = set(Municipality.objects.values_list("slug", flat=True))
    has_seat = Municipality.objects.filter(is_seat=True).exists()
    created = 0
    for row in rows:
        if row["csu_code"] in known:
            continue
        is_seat = row["is_orp_seat"] == "yes" and not has_seat
        municipality = Municipality(
            csu_code=row["csu_code"],
            name=row["name"],
            slug=czech.free_slug(row["name"], taken.__contains__),
            kind=row["kind"],
            population=int(row[_POPULATION_COLUMN]) if row[_POPULATION_COLUMN] else None,
            population_on=_POPULATION_ON if row[_POPULATION_COLUMN] else None,
            county=row["district"],
            is_seat=is_seat,
        )
        municipality.full_clean()
        municipality.save()
        taken.add(municipality.slug)
        has_seat = has_seat or is_seat
        created += 1
    return created
