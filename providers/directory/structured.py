"""A service as search engines read it (schema.org GovernmentService in JSON-LD)."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kpss import phones

from .selectors import ServicePage

# Inside <script> only these could end it or begin another tag; the same as Django's json_script.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def service_data(page: ServicePage, address: str) -> SafeString:
    """The script element that describes the service at ``address``; a hidden place is left out."""
    text = json.dumps(_service(page, address), ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def _service(page: ServicePage, address: str) -> dict[str, Any]:
    service = page.service
    data = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": service.name,
        "url": address,
        "description": page.summary,
        "serviceType": service.kind.name if service.kind else "",
        "areaServed": page.covered,
        "audience": [
            {"@type": "Audience", "audienceType": group.name}
            for group in service.target_groups.all()
        ],
        "provider": _filled(
            {
                "@type": "Organization",
                "name": service.organisation.name,
                "identifier": service.organisation.ico or "",
                "url": service.organisation.website,
            }
        ),
        "availableChannel": _filled(
            {
                "@type": "ServiceChannel",
                "servicePhone": _contact(page),
                "serviceUrl": page.website,
                "serviceLocation": [_place(place) for place in page.places],
            }
        ),
    }
    return _filled(data)


def _contact(page: ServicePage) -> dict[str, str]:
    telephone = phones.href(page.phone).removeprefix("tel:")
    return _filled({"@type": "ContactPoint", "telephone": telephone}) if telephone else {}


def _place(place) -> dict[str, Any]:
    town = place.municipality.name if place.municipality else place.place_text
    postal = {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "postalCode": place.postcode,
        "addressLocality": town,
        "addressCountry": "CZ",
    }
    return {"@type": "Place", "name": place.name, "address": _filled(postal)}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
