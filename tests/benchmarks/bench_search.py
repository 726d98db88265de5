"""The catalogue of the whole country (6,700 services) and of ten such countries: the lookup and the page."""

import functools
import random
from collections.abc import Callable

from django.db import connection
from django.db.models import Q
from django.test import Client

from kpss import search
from kpss.codelists import read_csv
from kpss.territory.models import Municipality
from providers.directory import codelists
from providers.directory.models import (
    Organisation,
    Service,
    ServiceForm,
    ServiceKind,
    ServiceProfile,
    TargetGroup,
)
from tests.benchmarks import Row, in_turns

# A district with the catalogue of its own, the whole country, ten times as much.
DISTRICT, COUNTRY, TEN_COUNTRIES = 100, 6_700, 67_000
MUNICIPALITIES = 50
TURNS = 9
CHUNK = 2_000
QUESTIONS = ("pečovatelská služba", "seniorum", "domy azylove rajhrad")
PAGES = ("/sluzby/", "/sluzby/?q=seniorum", "/sluzby/?q=pecovatelska&obec=obec-7&forma=ter")


def run() -> list[Row]:
    """For each size: the lookup against LIKE on the same column, the pages against those of a district."""
    chance = random.Random(505)  # noqa: S311 - the same catalogue in every run
    _lists()
    _grow_to(DISTRICT, chance)
    client = Client()
    small = {page: _seconds(lambda page=page: client.get(page)) for page in PAGES}
    rows = []
    for size in (COUNTRY, TEN_COUNTRIES):
        _grow_to(size, chance)
        rows += [_lookup(size, question) for question in QUESTIONS]
        rows += [_page(size, page, client, small[page]) for page in PAGES]
    return rows


def _lookup(size: int, question: str) -> Row:
    hits = Service.objects.filter(search__match=question)
    like = Service.objects.filter(_like(question))
    found = hits.count()
    assert 0 < found < size
    ours, baseline = in_turns(hits.count, like.count, TURNS)
    note = f"against LIKE on the same keys; {found} hits"
    return Row(f"{size} services: „{question}“ counted", ours, baseline, note, at_most=1)


def _like(question: str) -> Q:
    """The same question without an index: for each word any of its keys, as LIKE finds them."""
    words = [
        functools.reduce(Q.__or__, (Q(search__contains=key) for key in keys))
        for keys, _beginning in search.query(question)
    ]
    return functools.reduce(Q.__and__, words)


def _page(size: int, page: str, client: Client, small: float) -> Row:
    ours = _seconds(lambda: client.get(page))
    return Row(f"{size} services: {page}", ours, small, f"against {DISTRICT} services")


def _seconds(action: Callable[[], object]) -> float:
    action()
    return in_turns(action, action, TURNS)[0]


# --- A believable catalogue ---------------------------------------------------------------------------


def _lists() -> None:
    codelists.load()
    Municipality.objects.bulk_create(
        Municipality(
            csu_code=f"{500_000 + number}",
            name=f"Obec {number}",
            slug=f"obec-{number}",
            sort_key=f"{number:03}",
        )
        for number in range(MUNICIPALITIES)
    )
    Organisation.objects.bulk_create(
        Organisation(name=f"Organizace {n}", slug=f"organizace-{n}", sort_key=f"{n:04}")
        for n in range(300)
    )


def _grow_to(size: int, chance: random.Random) -> None:
    """Add services until there are ``size``, each with a kind, two groups, a form and a coverage."""
    texts = [row["explanation"] for row in read_csv(codelists.FOLDER / "life_situations.csv")]
    towns = ["Židlochovice", "Rajhrad", "Blučina", "Vlašim", "Písek", "Vizovice", "Slušovice"]
    kinds = list(ServiceKind.objects.all())
    groups = list(TargetGroup.objects.all())
    forms = list(ServiceForm.objects.all())
    municipalities = list(Municipality.objects.all())
    organisations = list(Organisation.objects.all())
    start = Service.objects.count()
    for first in range(start, size, CHUNK):
        services, chosen = [], []
        for number in range(first, min(first + CHUNK, size)):
            kind, two = chance.choice(kinds), chance.sample(groups, 2)
            text = f"{kind.name_cs} {chance.choice(towns)} {two[0]} {two[1]} {chance.choice(texts)}"
            services.append(
                Service(
                    organisation=chance.choice(organisations),
                    kind=kind,
                    name=f"{kind.name_cs} {number}",
                    slug=f"sluzba-{number}",
                    sort_key=f"{chance.random():.9f}",
                    search=search.document(text),
                )
            )
            chosen.append((two, chance.choice(forms), chance.sample(municipalities, 8)))
        Service.objects.bulk_create(services)
        profiles = ServiceProfile.objects.bulk_create(
            ServiceProfile(service=service, covers_all=chance.random() < 0.2, summary="Pro seniory")
            for service in services
        )
        _link(Service.target_groups, "service", services, [two for two, _f, _m in chosen])
        _link(Service.forms, "service", services, [[form] for _two, form, _m in chosen])
        _link(
            ServiceProfile.municipalities,
            "serviceprofile",
            profiles,
            [
                [] if profile.covers_all else covered
                for profile, (_two, _form, covered) in zip(profiles, chosen, strict=True)
            ],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _link(relation, owner: str, items, linked) -> None:
    through = relation.through
    other = relation.field.m2m_reverse_field_name()
    through.objects.bulk_create(
        [
            through(**{f"{owner}_id": item.pk, f"{other}_id": one.pk})
            for item, ones in zip(items, linked, strict=True)
            for one in ones
        ],
        batch_size=10_000,
    )
