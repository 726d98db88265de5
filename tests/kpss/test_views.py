"""Views and middleware of the portal as a whole; error pages are tried in tests/test_error_pages.py."""

import pytest
from django.urls import reverse

from kpss.territory.models import Region
from tests.factories import PersonFactory

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.django_db
def test_arms_are_served_as_the_region_gave_them(client):
    Region.objects.create(pk=1, name="Kraj", short_name="Kraj", arms=PNG)

    response = client.get(reverse("arms"))

    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert dict(response.cookies) == {}


@pytest.mark.django_db
def test_region_without_arms_has_no_picture(client):
    Region.objects.create(pk=1, name="Kraj", short_name="Kraj")

    assert client.get(reverse("arms")).status_code == 404


@pytest.mark.django_db
def test_only_answers_to_signed_in_people_are_kept_out_of_caches(client):
    Region.objects.create(pk=1, name="Kraj", short_name="Kraj", arms=PNG)
    anonymous = client.get(reverse("arms"))
    client.force_login(PersonFactory())

    signed_in = client.get(reverse("arms"))

    assert anonymous["Cache-Control"] == "public, max-age=3600"
    assert signed_in["Cache-Control"] == "private, no-store"
    assert "Cookie" in signed_in["Vary"]
