"""Input of the pages about minutes and resolutions."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.bodies.enums import Mode, Verb
from committees.bodies.models import Committee

from .content import MinutesContent
from .services.writing import ITEM, Written, mark

LONGEST = 60_000


class TextField(forms.CharField):
    """A text of the minutes as it was typed; line ends of browsers made plain."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False, strip=False, max_length=LONGEST, widget=forms.Textarea, **kwargs
        )

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").rstrip()


class EditorForm(forms.Form):
    """All texts of the minutes, each with the mark of what its field was filled with.

    Beside a clash stands the mark of the other person's text; ``keep`` names a text with which I go
    over theirs, ``take`` one where theirs stays.
    """

    def __init__(self, data=None, *, content: MinutesContent, save_url: str):
        self.names = ["opening", *(f"{ITEM}{i.key}" for i in content.all_items()), "closing"]
        stands = {"opening": content.opening, "closing": content.closing}
        stands |= {f"{ITEM}{item.key}": item.text for item in content.all_items()}
        super().__init__(data and _decided(data, stands))
        labels = {
            "opening": _("Opening of the meeting"),
            "closing": _("End of the meeting"),
        }
        for name in self.names:
            label = labels.get(name, _("Course of the item"))
            self.fields[name] = TextField(label=label, initial=stands[name])
            self.fields[name].widget.attrs = {"rows": 5} | _saved_by_itself(name, save_url)
            self.fields[f"seen-{name}"] = _mark_field(mark(stands[name]))
            self.fields[f"their-{name}"] = _mark_field("")

    def texts(self) -> dict[str, Written]:
        """What came with the form and is to be saved."""
        cleaned = self.cleaned_data
        return {
            name: Written(cleaned[name], cleaned[f"seen-{name}"])
            for name in self.names
            if name in self.data
        }


def _decided(data, stands: dict[str, str]):
    """The data as they are after the decision about a clash that came with them."""
    decided = data.copy()
    keep, take = data.get("keep", ""), data.get("take", "")
    if keep in stands:
        decided[f"seen-{keep}"] = data.get(f"their-{keep}", "")
    if take in stands:
        decided[take], decided[f"seen-{take}"] = stands[take], mark(stands[take])
    return decided


def _mark_field(initial: str) -> forms.CharField:
    return forms.CharField(required=False, max_length=16, widget=forms.HiddenInput, initial=initial)


def _saved_by_itself(name: str, url: str) -> dict[str, str]:
    """htmx saves what is typed within five seconds (static/js/minutes.js) and when the field is left."""
    return {
        "data-kpss-autosave": "",
        "hx-post": url,
        "hx-trigger": "kpss-save, change",
        "hx-params": f"csrfmiddlewaretoken,{name},seen-{name}",
        "hx-target": f"#stav-{name}",
        "hx-swap": "outerHTML",
        "hx-sync": "this:queue last",
    }


class SendForm(forms.Form):
    """Who verifies the minutes."""

    verifiers = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Who verifies the minutes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Those who were at the meeting and have an e-mail. Each gets a link; the minutes can be"
            " approved when all have confirmed."
        ),
        error_messages={"required": _("Choose at least one verifier.")},
    )

    def __init__(self, *args, people, usual=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verifiers"].queryset = people
        self.fields["verifiers"].initial = [usual.pk] if usual else []


class AnswerForm(forms.Form):
    """What a verifier says: confirms, or objects in words."""

    answer = forms.ChoiceField(choices=[("confirm", "confirm"), ("object", "object")])
    note = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only when you do not agree. The writer gets your words by mail."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == "object" and not cleaned.get("note", "").strip():
            self.add_error("note", _t("Write what is to be changed in the minutes."))
        return cleaned


class ApproveForm(forms.Form):
    """Whether everybody may read the public wording."""

    publish = forms.BooleanField(
        label=_("Publish the public wording on the page of the committee"),
        required=False,
        help_text=_(
            "Without hidden passages, internal items and names of users who have not agreed to be"
            " named."
        ),
    )


class TakeBackForm(forms.Form):
    """Why the minutes are taken back."""

    note = forms.CharField(
        label=_("Why the minutes are taken back"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RegisterForm(forms.Form):
    """Words and filters of the register of resolutions; values nobody offered are ignored."""

    q = forms.CharField(label=_("Words, or a number"), required=False, max_length=200)
    organ = forms.ChoiceField(label=pgettext_lazy("filter", "Committee"), required=False)
    rok = forms.ChoiceField(label=pgettext_lazy("filter", "Year"), required=False)
    sloveso = forms.ChoiceField(label=pgettext_lazy("filter", "Verb"), required=False)
    zpusob = forms.ChoiceField(label=pgettext_lazy("filter", "How it was adopted"), required=False)

    def __init__(self, data, *, committees: list[Committee], years: list[int]):
        offered = {
            "organ": [
                ("", pgettext_lazy("filter", "All committees")),
                *((c.slug, c.name) for c in committees),
            ],
            "rok": [
                ("", pgettext_lazy("filter", "All years")),
                *((str(year), str(year)) for year in years),
            ],
            "sloveso": [("", pgettext_lazy("verb", "Any")), *Verb.choices],
            "zpusob": [("", pgettext_lazy("way", "Any")), *Mode.choices],
        }
        text = data.get("q", "").replace("\x00", " ")[:200]
        chosen = {
            name: data.get(name, "")
            for name, choices in offered.items()
            if data.get(name, "") in dict(choices)
        }
        super().__init__({"q": text, **chosen})
        for name, choices in offered.items():
            self.fields[name].choices = choices
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked for, without what was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query_string(self) -> str:
        """The question as it stands in an address."""
        return urlencode(self.chosen)
