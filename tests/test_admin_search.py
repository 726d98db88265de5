"""The search boxes of the admin's forms answer, whatever they look for."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import PersonFactory


def _boxes():
    """Model and field of every search box, in forms and in their lines."""
    found = set()
    for model_admin in admin.site._registry.values():
        for holder in [model_admin, *model_admin.inlines]:
            found |= {(holder.model, name) for name in holder.autocomplete_fields}
    return sorted(found, key=lambda box: (box[0]._meta.label, box[1]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field"), _boxes(), ids=lambda part: getattr(part, "__name__", part)
)
def test_box_finds_what_it_looks_for(client, model, field):
    client.force_login(PersonFactory(superuser=True))

    for term in ("", "š"):
        response = client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field,
                "term": term,
            },
        )

        assert response.status_code == 200
        assert "results" in response.json()
