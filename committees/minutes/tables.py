"""The register taken away: the same rows as CSV and as an Excel file, every text a text."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from committees.bodies.models import Resolution
from kpss.passages import public_text
from kpss.spreadsheets import Column, Sheet, write_workbook

# A cell that begins like this would be a formula, or would lose its apostrophe.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\x00")


def as_xlsx(resolutions: Iterable[Resolution]) -> bytes:
    """An Excel file with a row for each resolution."""
    widths = [16, 12, 34, 20, 18, 80, 8, 8, 12, 12, 12, 60]
    columns = [
        Column(heading, width, wraps=width > 60)
        for heading, width in zip(_headings(), widths, strict=True)
    ]
    return write_workbook([Sheet(_t("Resolutions"), columns, _rows(resolutions))])


def as_csv(resolutions: Iterable[Resolution]) -> bytes:
    """CSV that Czech Excel opens by itself: UTF-8 with its mark, semicolons.

    Where a text begins as a formula would, an apostrophe goes before it; without the first
    apostrophe it is what it was.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings())
    for row in _rows(resolutions):
        writer.writerow([_safe(value) for value in row])
    return target.getvalue().encode("utf-8-sig")


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _headings() -> list[str]:
    return [
        pgettext("column", "Number"),
        pgettext("column", "Date"),
        pgettext("column", "Committee"),
        pgettext("column", "Verb"),
        pgettext("column", "How it was adopted"),
        pgettext("column", "Text"),
        pgettext("column", "For"),
        pgettext("column", "Against"),
        pgettext("column", "Abstained"),
        pgettext("column", "Present"),
        pgettext("column", "Members"),
        pgettext("column", "Address"),
    ]


def _rows(resolutions: Iterable[Resolution]) -> Iterator[list[object]]:
    for one in resolutions:
        address = reverse("minutes:resolution_detail", args=[one.committee.slug, one.pk])
        yield [
            one.number,
            one.adopted_on,
            one.committee.name,
            str(one.get_verb_display()),
            str(one.get_mode_display()),
            public_text(one.text),
            one.votes_for,
            one.votes_against,
            one.abstained,
            one.members_present,
            one.members_total,
            settings.SITE_URL + address,
        ]
