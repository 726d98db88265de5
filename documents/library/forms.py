"""Documents as the coordinator fills them in."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.library.models import Document, DocumentVersion
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


class DocumentVersionForm(forms.ModelForm):
    """A new wording of a document with its file; the number comes by itself."""

    upload = CheckedFileField(label=_("File"), kinds=DOCUMENTS)

    class Meta:
        model = DocumentVersion
        fields = ["valid_from", "note"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean(self):
        super().clean()
        upload = self.cleaned_data.get("upload")
        if upload is not None and not self.errors:
            try:
                self.instance.file = upload.put()
                self.instance.file_name = upload.name
            except StoreError as error:
                self.add_error("upload", str(error))
        return self.cleaned_data


class NewVersionsFormSet(forms.BaseInlineFormSet):
    """New wordings of one document: two never begin on the same day."""

    def clean(self):
        super().clean()
        taken = set()
        if self.instance.pk:
            taken = set(self.instance.versions.values_list("valid_from", flat=True))
        for form in self.forms:
            day = getattr(form, "cleaned_data", {}).get("valid_from")
            if day in taken:
                form.add_error(
                    "valid_from",
                    _t("This document already has a wording in force from that day."),
                )
            elif day:
                taken.add(day)
