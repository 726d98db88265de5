"""The two forms of the exchange: a file, and the consent to what it would do."""

import uuid

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """One Excel file. The token makes one upload of a form sent twice."""

    token = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={
            "invalid": _("The form was damaged on its way. Check it and send it again."),
            "required": _("The form was damaged on its way. Check it and send it again."),
        },
    )
    file = forms.FileField(
        label=_("Excel file"),
        help_text=_(
            "A workbook with the extension .xlsx, made from the template or from the present content."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another one."),
            "invalid": _("The file did not arrive. Choose it again."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.KPSS_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is too large. At most %(megabytes)s MB can be uploaded."),
                params={"megabytes": settings.KPSS_UPLOAD_MAX_BYTES // (1024 * 1024)},
            )
        return file


class ApplyForm(forms.Form):
    """The consent to a dry run: which one was seen, and whether rows that cannot be used are left out."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    only_good = forms.BooleanField(
        label=_("Use only the rows that are right"),
        help_text=_("The rows listed above as refused will be left out."),
        required=False,
    )

    def __init__(self, *args, has_refused: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_refused:
            del self.fields["only_good"]
        else:
            self.fields["only_good"].required = True
            self.fields["only_good"].error_messages["required"] = _(
                "Some rows cannot be used. Repair the file and upload it again, or tick that only the right rows are to"
                " be used."
            )
