"""The one question asked beside a list: where are you?"""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from kpss.territory.models import Municipality


class WhereForm(forms.Form):
    """A municipality of the district in the query string; a value nobody offered is ignored."""

    obec = forms.ChoiceField(label=_("Where are you?"), required=False)

    def __init__(self, data, *, municipalities: list[Municipality]):
        self._municipalities = {item.slug: item for item in municipalities}
        chosen = data.get("obec", "")
        super().__init__({"obec": chosen if chosen in self._municipalities else ""})
        self.fields["obec"].choices = [
            ("", _("Anywhere in the district")),
            *((slug, item.name) for slug, item in self._municipalities.items()),
        ]

    @property
    def municipality(self) -> Municipality | None:
        """The municipality that was chosen."""
        self.is_valid()
        return self._municipalities.get(self.cleaned_data.get("obec", ""))

    @property
    def query_string(self) -> str:
        """The choice as it stands in an address."""
        return urlencode({"obec": self.municipality.slug}) if self.municipality else ""
