"""Documents as the coordinator fills them in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.library.models import Document
from documents.store import StoreError
from documents.store.uploads import DOCUMENTS, PICTURES, CheckedFileField


class DocumentForm(forms.ModelForm):
    """A document with its file: the file is checked, kept in the store, and only then pointed to."""

    upload = CheckedFileField(
        label=_("File"),
        required=False,
        kinds=(*DOCUMENTS, *PICTURES),
        help_text=_(
            "PDF is best: everybody can read it. A new file takes the place of the old one."
        ),
    )
    without_file = forms.BooleanField(label=_("Take the file away"), required=False)

    class Meta:
        model = Document
        fields = [
            "title",
            "kind",
            "description",
            "period_from",
            "period_to",
            "signed_on",
            "valid_from",
            "valid_to",
            "parties",
            "part_of",
            "page_from",
            "page_to",
            "external_url",
            "pages",
            "published_at",
            "slug",
        ]

    def clean(self):
        super().clean()
        upload = self.cleaned_data.get("upload")
        if upload is not None and not self.errors:
            try:
                self.instance.file = upload.put()
                self.instance.file_name = upload.name
            except StoreError as error:
                self.add_error("upload", str(error))
        elif self.cleaned_data.get("without_file"):
            self.instance.file = None
            self.instance.file_name = ""
        return self.cleaned_data
