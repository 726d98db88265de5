import datetime
import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import kpss.territory
from kpss.codelists import read_csv
from kpss.territory.models import Municipality
from kpss.territory.services import add_municipalities
from providers.directory.models import (
    CapacityKind,
    LegalForm,
    Organisation,
    Service,
    ServiceForm,
    ServiceKind,
    TargetGroup,
)
from providers.directory.services import save_organisation, save_service

FOLDER = Path(__file__).parent
MUNICIPALITIES = Path(kpss.territory.__file__).parent / "codelists/municipalities_zidlochovice.csv"

OUTSIDE = "mimo správní obvod"
RUNS_FROM = datetime.date(2012, 2, 1)
# The kinds of text that a profile takes over as they stand in the file.
TEXTS = (
    "summary", "for_whom", "helps_with", "how_to_begin", "cost", "opening_hours", "accessibility",
    "languages",
)  # fmt: skip

# Organisations beside the providers: offices of the district's seat and the local action group.
OTHERS = (
    {
        "slug": "socialni-odbor",
        "name": "Městský úřad Židlochovice, odbor sociálních věcí (ukázka)",
        "seat": "Židlochovice",
        "email": "socialni@mesto.example.cz",
        "phone": "+420 000 000 150",
        "description": "Na odbor se může obrátit každý, kdo neví, kde hledat pomoc. Poradí zdarma.",
    },
    {
        "slug": "mas-podvyhoni",
        "name": "MAS Podvýhoní, z.s.",
        "seat": "Rajhrad",
        "email": "info@mas.example.cz",
        "phone": "+420 000 000 151",
        "legal_form": "zs",
        "description": "Místní akční skupina, která s městem připravuje komunitní plán.",
    },
)


@transaction.atomic
def seed(actor) -> None:
    """Create the municipalities, organisations and services that are missing; the rest stays as it is.

    The code lists must be loaded. ``actor`` is the person in whose name demonstrations are made;
    the directory keeps no authors.
    """
    add_municipalities(read_csv(MUNICIPALITIES))
    for municipality in Municipality.objects.filter(office=None, in_district=True):
        _add_municipal_office(municipality)
    for other in OTHERS:
        _add_organisation(**other)
    _add_providers_and_services()


def _add_municipal_office(municipality: Municipality) -> None:
    is_town = municipality.kind == Municipality.Kind.TOWN
    save_organisation(
        name=f"{'Město' if is_town else 'Obec'} {municipality.name}",
        legal_form=LegalForm.objects.get(code="obec"),
        municipality=municipality,
        represents=municipality,
        email=f"urad@{municipality.slug}.example.cz",
    )


def _add_organisation(*, slug, name, seat, legal_form="", **fields) -> Organisation:
    known = Organisation.objects.filter(slug=slug).first()
    if known:
        return known
    municipality = Municipality.objects.filter(name=seat).first()
    return save_organisation(
        slug=slug,
        name=name,
        municipality=municipality,
        seat_text="" if municipality else seat,
        legal_form=LegalForm.objects.get(code=legal_form) if legal_form else None,
        **fields,
    )


def _add_providers_and_services() -> None:
    providers = {}
    for row in read_csv(FOLDER / "providers.csv"):
        providers[row["id"]] = Organisation.objects.filter(
            ico=row["ico"]
        ).first() or save_organisation(
            name=row["name"],
            ico=row["ico"],
            legal_form=LegalForm.objects.get(code=row["legal_form"]),
            municipality=Municipality.objects.filter(name=row["seat"]).first(),
            seat_text=OUTSIDE if row["seat"] == OUTSIDE else "",
            email=row["email"],
            phone=row["phone"],
            website=row["web"],
            is_provider=True,
        )
    profiles = tomllib.loads((FOLDER / "profiles.toml").read_text(encoding="utf-8"))
    today = timezone.localdate()
    for number, row in enumerate(read_csv(FOLDER / "services.csv"), start=1):
        if not Service.objects.filter(rpss_identifier=_identifier(number)).exists():
            _add_service(number, row, providers[row["provider"]], profiles[row["id"]], today)


def _identifier(number: int) -> str:
    return f"99{number:05}"


def _add_service(
    number: int, row, provider: Organisation, told: dict, today: datetime.date
) -> None:
    covered = row["municipalities_covered"]
    names = [] if covered == "*" else covered.split("|")
    save_service(
        organisation=provider,
        kind=ServiceKind.objects.get(code=row["kind"]),
        name=row["name"],
        runs_from=RUNS_FROM,
        rpss_identifier=_identifier(number),
        phone=told.get("phone", ""),
        target_groups=TargetGroup.objects.filter(code__in=row["target_groups"].split("|")),
        forms=ServiceForm.objects.filter(code__in=row["forms"].split("|")),
        capacities=[_capacity(text) for text in row["registered_capacity"].split("|")],
        facilities=_facilities(told),
        municipalities=Municipality.objects.filter(name__in=names),
        profile={
            **{name: told[name] for name in TEXTS},
            "covers_all": covered == "*",
            "free_places": told.get("free_places", ""),
            "free_places_on": _days_before(today, told.get("free_places_days")),
            "confirmed_on": _days_before(today, told["confirmed_days"]),
        },
    )


def _capacity(text: str) -> dict:
    form, kind, number = text.split(":")
    return {
        "form": ServiceForm.objects.get(code=form),
        "kind": CapacityKind.objects.get(code=kind),
        "registered_maximum": int(number),
    }


def _facilities(told: dict) -> list[dict]:
    if "hidden" in told:
        return [{"name": told["hidden"], "is_hidden": True}]
    if "outside" in told:
        return [{"name": told["outside"], "place_text": OUTSIDE}]
    if "place" not in told:
        return []
    name, town, street, postcode = told["place"]
    municipality = Municipality.objects.get(name=town)
    return [{"name": name, "municipality": municipality, "street": street, "postcode": postcode}]


def _days_before(today: datetime.date, days: int | None) -> datetime.date | None:
    return today - datetime.timedelta(days=days) if days is not None else None
