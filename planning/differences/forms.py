"""Which two texts to compare, and which changes to read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .compare import Kind
from .readings import Reading


class PairForm(forms.Form):
    """Two readings, in the address of the page; a wrong sign is no reading."""

    od = forms.ChoiceField(label=_("Older text"))
    do = forms.ChoiceField(label=_("Newer text"))
    jen = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind], required=False)

    def __init__(self, data, *, readings: list[Reading]):
        super().__init__(data)
        choices = [(reading.ref, reading.label) for reading in readings]
        self.fields["od"].choices = self.fields["do"].choices = choices  # type: ignore[attr-defined]
