"""Filters every template has: dates, numbers, typography, phones and Markdown."""

import datetime as dt
from decimal import Decimal

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language

from kpss import czech, markup, phones

register = template.Library()


def _in_czech() -> bool:
    return (get_language() or "cs").startswith("cs")


@register.filter
def cz_date(value):
    """Return "12. 11. 2020", in English "12 November 2020"; nothing for nothing."""
    if not isinstance(value, dt.date):
        return ""
    if _in_czech():
        return czech.date(value)
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y").replace(" ", czech.NBSP)


@register.filter
def cz_datetime(value):
    """Return "12. 11. 2020 v 14:30", in English "12 November 2020, 14:30"; nothing for nothing."""
    if not isinstance(value, dt.datetime):
        return ""
    if _in_czech():
        return czech.datetime_(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{cz_date(local)}, {local:%H:%M}"


@register.filter
def cz_number(value, places=None):
    """Return "1 291 040" or "12,5", in English "1,291,040"; what is no number stays as it is."""
    if not isinstance(value, int | float | Decimal):
        return "" if value is None else value
    if _in_czech():
        return czech.number(value, places)
    return number_format(value, places, force_grouping=True)


@register.filter
def czk(value):
    """Return "1 291 040 Kč", in English "CZK 1,291,040"; what is no number stays as it is."""
    if not isinstance(value, int | float | Decimal):
        return "" if value is None else value
    if _in_czech():
        return czech.czk(value)
    places = 0 if value == int(value) else 2
    return f"CZK{czech.NBSP}{number_format(value, places, force_grouping=True)}"


@register.filter
def cz_period(start, end):
    """Return ``{{ plan.year_from|cz_period:plan.year_to }}`` as "2020–2023"."""
    return czech.period(start, end)


@register.filter
def typo(value):
    """Return text with Czech typography; safe HTML stays safe and its tags untouched."""
    if value is None:
        return ""
    if isinstance(value, SafeData):
        return mark_safe(czech.typo_html(str(value)))
    return czech.typo(str(value))


@register.filter
@stringfilter
def phone(value):
    """Return a phone number as "+420 000 000 101" with hard spaces."""
    return phones.readable(value)


@register.filter
@stringfilter
def tel_href(value):
    """Return the address behind a phone number for ``href``: "tel:+420000000101"."""
    return phones.href(value)


@register.filter
def markdown(value, shift=1):
    """Return Markdown as safe HTML, its headings moved ``shift`` levels down."""
    return markup.to_html(str(value or ""), shift=shift)
