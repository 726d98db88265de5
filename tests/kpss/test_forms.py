"""How a form is drawn and how its errors are gathered."""

import html5lib
import pytest
from django import forms
from django.template import Context, Template

from kpss.forms import ErrorLink, error_links

HTML = "{http://www.w3.org/1999/xhtml}"


class CommentForm(forms.Form):
    name = forms.CharField(label="Jméno")
    email = forms.EmailField(label="E-mail", required=False, help_text="Pošleme na něj odpověď.")
    way = forms.ChoiceField(
        label="Jak", choices=[("a", "Domů"), ("b", "Sem")], widget=forms.RadioSelect
    )
    agrees = forms.BooleanField(label="Souhlasím", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        if self.data.get("name") == "spor":
            raise forms.ValidationError("Kolo už skončilo.")
        return self.cleaned_data


def drawn(form):
    """The elements of a drawn form, by id, and all of them."""
    tree = html5lib.parse(str(form), treebuilder="etree")
    elements = list(tree.iter())
    return {e.get("id"): e for e in elements if e.get("id")}, elements


def test_error_links_follow_the_fields_and_lead_to_them():
    form = CommentForm({"email": "bez zavináče"})

    assert error_links(form) == [
        ErrorLink("Toto pole je třeba vyplnit.", "id_name", "Jméno"),
        ErrorLink("Zadejte platnou e-mailovou adresu.", "id_email", "E-mail"),
        ErrorLink("Toto pole je třeba vyplnit.", "id_way_0", "Jak"),
        ErrorLink("Toto pole je třeba vyplnit.", "", "Version"),
    ]


def test_error_links_begin_with_those_of_the_whole_form():
    form = CommentForm({"name": "spor", "way": "a", "version": "1"})

    assert error_links(form) == [ErrorLink("Kolo už skončilo.")]


def test_error_links_lead_to_controls_that_are_there():
    form = CommentForm({"email": "bez zavináče"})

    by_id, _elements = drawn(form)

    assert {link.target for link in error_links(form)} - {""} <= set(by_id)


def test_error_links_of_a_good_form_are_none():
    assert error_links(CommentForm({"name": "Eva", "way": "a", "version": "1"})) == []
    assert error_links(CommentForm()) == []


def test_error_links_of_a_form_without_ids_have_no_targets():
    assert {link.target for link in error_links(CommentForm({}, auto_id=False))} == {""}


def test_every_control_has_its_label_hint_and_error():
    by_id, elements = drawn(CommentForm({"email": "bez zavináče"}))

    labels = {e.get("for") for e in elements if e.tag == f"{HTML}label"}
    assert {"id_name", "id_email", "id_way_0", "id_way_1", "id_agrees"} <= labels
    assert by_id["id_email"].get("aria-describedby") == "id_email_helptext id_email_error"
    assert by_id["id_email"].get("aria-invalid") == "true"
    assert "Pošleme na něj odpověď." in "".join(by_id["id_email_helptext"].itertext())
    assert "Zadejte platnou e-mailovou adresu." in "".join(by_id["id_email_error"].itertext())
    (group,) = [e for e in elements if e.tag == f"{HTML}fieldset"]
    assert group.get("aria-describedby") == "id_way_error"
    assert "id_version" in by_id


def test_only_optional_fields_say_so():
    _by_id, elements = drawn(CommentForm())

    said = {
        "".join(e.itertext()).split()[0]
        for e in elements
        if "(nepovinné)" in "".join(e.itertext()) and e.tag == f"{HTML}label"
    }
    assert said == {"E-mail"}


@pytest.mark.parametrize("wrong", [True, False])
def test_error_summary_stands_only_over_a_wrong_form(wrong):
    form = CommentForm({} if wrong else {"name": "Eva", "way": "a", "version": "1"})
    template = Template('{% include "components/error_summary.html" with form=form only %}')

    html = template.render(Context({"form": form}))

    assert ('<a href="#id_name">Jméno: Toto pole je třeba vyplnit.</a>' in html) is wrong
    assert bool(html.strip()) is wrong
