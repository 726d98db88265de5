"""The region and its municipalities in the admin."""

import base64

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpss import colours, czech
from kpss.admin import PlainSearchMixin
from kpss.pictures import PNG_SIGNATURE, PictureRefused, picture_size
from kpss.territory.models import Municipality, Region

ARMS_MAX_BYTES = 200_000
ARMS_MAX_SIDE = 2_000


def check_arms(data: bytes) -> None:
    """Raise ValidationError unless ``data`` is a whole PNG small enough to stand on every page."""
    if len(data) > ARMS_MAX_BYTES:
        raise ValidationError(
            gettext("The file has %(size)s kB. Make the picture smaller, 200 kB at most.")
            % {"size": czech.number(round(len(data) / 1000))}
        )
    if not data.startswith(PNG_SIGNATURE):
        raise ValidationError(gettext("This is not a PNG picture. Save the coat of arms as PNG."))
    try:
        sides = picture_size(data)
    except PictureRefused as refused:
        raise ValidationError(str(refused)) from refused
    if max(sides) > ARMS_MAX_SIDE:
        raise ValidationError(
            gettext("The picture is %(width)s × %(height)s pixels. 2000 pixels a side are enough.")
            % {"width": sides[0], "height": sides[1]}
        )


class RegionForm(forms.ModelForm):
    """The region with its arms as a file and a colour that can be read on white."""

    new_arms = forms.FileField(
        label=_("New coat of arms"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png"}),
        help_text=_(
            "PNG, 200 kB at most. It stands in the page header and on the plan’s title page."
        ),
    )
    remove_arms = forms.BooleanField(label=_("Remove the coat of arms"), required=False)

    class Meta:
        model = Region
        exclude = ["arms"]  # noqa: DJ006 - bytes come by new_arms, everything else is for the form
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "welcome": AdminTextareaWidget(attrs={"rows": 4}),
        }

    def clean_new_arms(self):
        upload = self.cleaned_data["new_arms"]
        if not upload:
            return None
        data = (
            upload.read(ARMS_MAX_BYTES + 1) if upload.size <= ARMS_MAX_BYTES else bytes(upload.size)
        )
        check_arms(data)
        return data

    def clean_colour(self):
        colour = self.cleaned_data["colour"]
        contrast = colours.contrast(colour, colours.WHITE)
        if contrast < colours.LEGIBLE:
            raise ValidationError(
                gettext(
                    "White letters on this colour would be hard to read: the contrast is %(contrast)s : 1"
                    " and 4.5 : 1 is needed. The nearest good colour is %(better)s."
                )
                % {
                    "contrast": czech.number(round(contrast, 1)),
                    "better": colours.corrected(colour, colours.BLACK, (colours.WHITE,)),
                }
            )
        return colour

    def save(self, commit=True):
        if self.cleaned_data.get("new_arms"):
            self.instance.arms = self.cleaned_data["new_arms"]
        elif self.cleaned_data.get("remove_arms"):
            self.instance.arms = None
        return super().save(commit)


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    """The one region: its list is skipped, it cannot be deleted, a second one cannot be made."""

    form = RegionForm
    readonly_fields = ["present_arms", "is_demo"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "welcome"]}),
        (
            _("Coordinator"),
            {
                "description": _(
                    "Whom people call when they do not know where to turn. It stands on every page."
                ),
                "fields": [
                    "coordinator_name",
                    "coordinator_role",
                    "coordinator_phone",
                    "coordinator_email",
                    "coordinator_hours",
                    "coordinator_address",
                ],
            },
        ),
        (_("Appearance"), {"fields": ["colour", "present_arms", "new_arms", "remove_arms"]}),
        (_("Accessibility statement"), {"fields": ["accessibility_checked_on"]}),
        (_("State of the installation"), {"fields": ["is_demo"]}),
    ]

    @admin.display(description=_("coat of arms"))
    def present_arms(self, region):
        if not region.arms:
            return gettext("none")
        data = base64.b64encode(bytes(region.arms)).decode()
        return format_html('<img src="data:image/png;base64,{}" alt="" height="96">', data)

    def changelist_view(self, request, extra_context=None):
        region = Region.objects.first()
        name = "admin:territory_region_change" if region else "admin:territory_region_add"
        return HttpResponseRedirect(reverse(name, args=[region.pk] if region else []))

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Region.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Municipality)
class MunicipalityAdmin(PlainSearchMixin, admin.ModelAdmin):
    list_display = ["name", "kind", "population", "county", "in_district", "is_seat"]
    list_filter = ["in_district", "kind"]
    search_fields = ["name", "csu_code"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "kind", "slug", "csu_code", "county"]}),
        (
            _("In the district"),
            {"fields": ["in_district", "is_seat", "population", "population_on"]},
        ),
        (_("Elsewhere on the web"), {"fields": ["website", "notice_board"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """The code is the municipality's identity and the address has been published."""
        return ["csu_code", "slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields
