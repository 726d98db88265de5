"""What forms of one table share."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from kpss.codelists import CodeQuerySet
from kpss.czech import czk
from kpss.czech import date as czech_date
from planning.plans.fields import CrownsField

NEW_CODE_HINT = _("Leave it empty and the next free number will be used.")
CODE_HINT = _("The code stays the same wherever this moves, so that years can be compared.")


def still_valid(items: CodeQuerySet, chosen: object) -> CodeQuerySet:
    """Items of a code list that may be chosen today, and those chosen earlier."""
    keys = chosen if isinstance(chosen, list | tuple) else [chosen]
    return items.filter(
        Q(pk__in=items.current().values("pk")) | Q(pk__in=[key for key in keys if key])
    ).order_by("position", "code")


class ValuesForm:
    """What forms of one table share: keep ``initial`` for choices, add errors from services, speak."""

    def add_errors(self, error: ValidationError) -> None:
        """Put errors of a service beside the fields, those of unknown fields on top."""
        for field, messages in _by_field(error).items():
            self.add_error(field if field in self.fields else None, messages)

    def label_of(self, name: str) -> str:
        return str(self.fields[name].label)

    def say(self, name: str, value: Any) -> str:
        """A plain value in words, as people see it in the form."""
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(str(item) for item in field.queryset.filter(pk__in=value or []))
        if isinstance(field, forms.ModelChoiceField):
            return str(field.queryset.filter(pk=value).first() or "") if value else ""
        if isinstance(field, forms.DateField):
            return czech_date(parse_date(value)) if value else ""
        if isinstance(field, CrownsField):
            return czk(value)
        return str(field.prepare_value(value) if value is not None else "")


def _by_field(error: ValidationError) -> dict[str, list]:
    if hasattr(error, "error_dict"):
        return error.error_dict
    return {NON_FIELD_ERRORS: error.error_list}
