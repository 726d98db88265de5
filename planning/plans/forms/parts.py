"""What stands beside the tree: chapters and the district network."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planning.plans.fields import CommaDecimalField
from planning.plans.models import Chapter
from planning.plans.values import ChapterValues, NetworkValues
from providers.directory.models import Service

from .base import ValuesForm


class ChapterForm(ValuesForm, forms.ModelForm):
    """A chapter in Markdown."""

    class Meta:
        model = Chapter
        fields = ["title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "class": "text-input"})}
        error_messages = {"title": {"required": _("Write the title.")}}

    def __init__(self, data=None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)

    def values(self) -> ChapterValues:
        return ChapterValues(self.cleaned_data["title"], self.cleaned_data["body"])


class ServiceChoice(forms.ModelChoiceField):
    """Services grouped by their providers."""

    def label_from_instance(self, service):
        return f"{service.name} ({service.organisation.name})"


class NetworkForm(ValuesForm, forms.Form):
    """A service in the district network."""

    service = ServiceChoice(
        Service.objects.none(),
        label=_("Service"),
        error_messages={"required": _("Choose the service.")},
    )
    fte = CommaDecimalField(
        label=_("Full-time jobs"), required=False, min_value=0, max_digits=6, decimal_places=2
    )
    beds = forms.IntegerField(
        label=_("Beds"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, data=None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=initial)
        services = Service.objects.select_related("organisation").order_by("sort_key", "pk")
        standing = (initial or {}).get("service") or (data or {}).get("service")
        chosen = Q(pk=standing) if str(standing or "").isdecimal() else Q(pk=None)
        self.fields["service"].queryset = services.filter(
            Q(pk__in=Service.objects.public().values("pk")) | chosen
        )

    def values(self) -> NetworkValues:
        cleaned = self.cleaned_data
        return NetworkValues(
            cleaned["service"].pk, cleaned["fte"], cleaned["beds"], cleaned["note"]
        )
