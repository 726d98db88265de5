"""Form fields that read numbers as Czech offices write them."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from kpss.czech import number

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_CROWNS = re.compile(r"(,-|,–|,—|\.-|,00)?(Kč|CZK)?\Z", re.IGNORECASE)
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+\Z")
_PLAIN_DECIMAL = re.compile(r"-?\d+\.\d+\Z")

MOST_CROWNS = 10**12


class CrownsField(forms.IntegerField):
    """Whole Czech crowns: "1 291 040", "1.291.040 Kč" or "1291040,-"."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write the amount in whole crowns, for example 1 291 040."),
        "min_value": _("The amount cannot be negative."),
        "max_value": _("The amount is too large. Write it in crowns, not in hellers."),
    }

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=MOST_CROWNS, **kwargs)
        self.error_messages["min_value"] = self.default_error_messages["min_value"]
        for validator in self.validators:
            validator.message = self.error_messages.get(validator.code, validator.message)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric"}

    def to_python(self, value):
        if isinstance(value, str):
            value = _CROWNS.sub("", _SPACES.sub("", value))
            if _DOTTED_THOUSANDS.match(value):
                value = value.replace(".", "")
        return super().to_python(value)

    def prepare_value(self, value):
        return number(value) if isinstance(value, int) else value


class CommaDecimalField(forms.DecimalField):
    """A number with a decimal comma (a dot is understood too): "9,5"."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write a number, for example 9,5.")}

    def widget_attrs(self, widget):
        return {"inputmode": "decimal"}

    def to_python(self, value):
        if isinstance(value, str):
            value = _SPACES.sub("", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        """Decimals and their plain text get the comma; what somebody typed stays as typed."""
        if isinstance(value, str):
            return value.replace(".", ",") if _PLAIN_DECIMAL.match(value) else value
        return number(value.normalize()) if value is not None else None
