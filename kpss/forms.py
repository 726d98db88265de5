"""How every form of the portal is drawn, and where its errors are gathered."""

from dataclasses import dataclass

from django import forms
from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """Draw fields with the one project field template: label, hint, error, control."""

    form_template_name = "django/forms/portal_form.html"
    field_template_name = "django/forms/portal_field.html"


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary: what is wrong, in which field, and the control where to put it right."""

    message: str
    target: str = ""
    label: str = ""


def error_links(form: forms.BaseForm) -> list[ErrorLink]:
    """The errors of a bound ``form`` in the order of its fields, the form's own errors first.

    A link leads to the first control of a group (radio buttons, a date in parts), because the
    group itself cannot hold the focus. Errors of hidden fields have no target.
    """
    links = [ErrorLink(str(message)) for message in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else first_control_id(field)
        links += [
            ErrorLink(str(message), target, str(field.label or "")) for message in field.errors
        ]
    return links


def first_control_id(field: forms.BoundField) -> str:
    """The id of the first control of ``field``; empty when the form gives no ids."""
    if not field.auto_id:
        return ""
    if field.use_fieldset and field.subwidgets:
        return field.subwidgets[0].id_for_label or field.auto_id
    return field.id_for_label or field.auto_id
