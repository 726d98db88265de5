"""Invented people on the committees of the demonstration district, made as real ones are.

Real are only the kinds of bodies and the days on which they met. Run ``providers.directory.demo.seed``
before: seats name its organisations.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from committees.people import roles
from committees.people.models import Person
from documents.library.models import DocumentVersion
from kpss import clock
from kpss.territory.models import Municipality
from providers.directory.models import Organisation, PlanningGroup

from .demo_people import COORDINATOR, PEOPLE
from .enums import CommitteeKind, Majority, Quorum, Role, Side
from .models import Committee, Rules, Seat
from .seating import remember_new

PASSWORD = "ukazka-portal-2021"
ACCOUNTS = [
    (COORDINATOR, "koordinátorka: pult a administrace"),
    ("predsedkyne@example.cz", "předsedkyně komise pro plánování"),
    ("clenka@example.cz", "členka komise a skupiny Senioři, pečující"),
    ("starostka@example.cz", "starostka malé obce, členka komise"),
    ("zastupitel@example.cz", "zastupitel města"),
]

ASSEMBLY = "zastupitelstvo-mesta-zidlochovice"
COUNCIL = "rada-mesta-zidlochovice"
COMMISSION = "komise-pro-planovani-socialnich-sluzeb"
SENIORS = "seniori-a-zdravotne-postizeni"
FAMILIES = "rodiny-s-detmi"
EXCLUSION = "osoby-ohrozene-socialnim-vyloucenim"

ELECTED = datetime.date(2018, 11, 5)
BEGINNING = datetime.date(2020, 1, 29)
AMENDED = datetime.date(2021, 3, 1)
CONSENT = "Souhlasím, aby portál u mého členství v komisi uváděl mé jméno."

U, P, Z, V = Side.USER, Side.PROVIDER, Side.COMMISSIONER, Side.PUBLIC
TOWN = "město"  # the organisation that is the town of Židlochovice itself


@dataclass(frozen=True)
class Sits:
    """One seat: who, on which side, for which organisation (IČO, slug or the town itself)."""

    person: str
    side: Side
    organisation: str = ""
    function: str = ""
    role: Role = Role.MEMBER
    since: datetime.date | None = None
    until: datetime.date | None = None
    consent_on: datetime.date | None = None


@dataclass(frozen=True)
class Body:
    """One committee with its rules of procedure and seats."""

    slug: str
    name: str
    kind: CommitteeKind
    purpose: str
    since: datetime.date
    rules: dict
    seats: list[Sits]
    parent: str = ""
    planning_group: str = ""
    rules_since: datetime.date | None = None
    amended: tuple[tuple[datetime.date, dict], ...] = ()
    paper: str = ""  # the document whose wordings the rules come from


COMMISSION_RULES = {
    "notice_days": 7,
    "minutes_days": 10,
    "per_rollam_allowed": True,
    "per_rollam_days": 5,
    "min_meetings_per_year": 2,
}

BODIES = [
    Body(
        slug=ASSEMBLY,
        name="Zastupitelstvo města Židlochovice",
        kind=CommitteeKind.ASSEMBLY,
        purpose="Patnáct zastupitelů zvolených občany. Schvalují komunitní plán, akční plány, síť"
        " sociálních služeb a větší dotace. Na jednání může přijít každý.",
        since=ELECTED,
        rules={
            "notice_days": 7,
            "minutes_days": 10,
            "meetings_public": True,
            "min_meetings_per_year": 4,
        },
        seats=[
            Sits("zelinka", Z, function="starosta města", role=Role.CHAIR),
            Sits("kudlackova", Z, function="místostarostka města", role=Role.VICE_CHAIR),
            *[
                Sits(person, Z)
                for person in (
                    "drapalova", "bednarik", "skalova", "polacek", "adamec", "cechova", "chmelar",
                    "holub", "jelinkova", "oplustil", "rihova", "stastny", "zakova",
                )
            ],
        ],
    ),
    Body(
        slug=COUNCIL,
        name="Rada města Židlochovice",
        kind=CommitteeKind.COUNCIL,
        purpose="Pět radních. Řídí město mezi zasedáními zastupitelstva, zřizuje komise a plány mu"
        " doporučuje ke schválení.",
        parent=ASSEMBLY,
        since=ELECTED,
        rules={"notice_days": 3, "minutes_days": 7},
        seats=[
            Sits("zelinka", Z, function="starosta města", role=Role.CHAIR),
            Sits("kudlackova", Z, function="místostarostka města", role=Role.VICE_CHAIR),
            Sits("drapalova", Z, function="radní pro sociální oblast"),
            Sits("bednarik", Z),
            Sits("skalova", Z),
        ],
    ),
    Body(
        slug=COMMISSION,
        name="Komise pro plánování sociálních služeb",
        kind=CommitteeKind.COMMISSION,
        purpose="Řídí komunitní plánování na celém Židlochovicku. Sbírá návrhy pracovních skupin,"
        " vypořádává připomínky a jako první schvaluje plány, které pak jdou do rady a"
        " zastupitelstva.",
        parent=COUNCIL,
        since=BEGINNING,
        rules_since=datetime.date(2020, 2, 26),
        rules=COMMISSION_RULES,
        amended=((AMENDED, COMMISSION_RULES | {"per_rollam_closes_early": True}),),
        paper="jednaci-rad-komise",
        seats=[
            Sits("drapalova", Z, TOWN, "radní pro sociální oblast", Role.CHAIR),
            Sits("jurasek", P, "99000148", "vedoucí pečovatelské služby", Role.VICE_CHAIR),
            Sits("ukazkova", Z, "mas-podvyhoni", "koordinátorka plánování", Role.SECRETARY),
            Sits("peskova", Z, "obec:Nesvačilka", "starostka obce"),
            Sits("kalvoda", Z, "obec:Rajhrad", "místostarosta města"),
            Sits("vavrova", P, "99000211", "sociální pracovnice"),
            Sits("fiala", P, "99000423", "vedoucí poradny", until=datetime.date(2020, 8, 31)),
            Sits("hrdlicka", P, "99000636", "vedoucí klubu", since=datetime.date(2020, 9, 1)),
            Sits("matouskova", U, function="pečuje o maminku"),
            Sits("vlach", U),
            Sits("dolezalova", U, function="zástupkyně klubu seniorů", consent_on=BEGINNING),
        ],
    ),
    Body(
        slug=SENIORS,
        name="Senioři a zdravotně postižení",
        kind=CommitteeKind.WORKING_GROUP,
        purpose="Skupina mluví o tom, co potřebují senioři, lidé s postižením a ti, kdo o ně pečují:"
        " péče doma, odlehčení, doprava k lékaři, bydlení.",
        parent=COMMISSION,
        planning_group="seniori",
        since=BEGINNING,
        rules={"quorum": Quorum.HALF_OF_ALL, "majority": Majority.OF_PRESENT},
        seats=[
            Sits("vavrova", P, "99000211", "sociální pracovnice", Role.CHAIR),
            Sits("musilova", P, "99000075", "vedoucí služby", Role.VICE_CHAIR),
            Sits("tesarik", P, "99000709", "koordinátor tísňové péče"),
            Sits("svobodnikova", P, "99000849", "vrchní sestra"),
            Sits("matouskova", U, function="pečuje o maminku"),
            Sits("navratil", U),
            Sits("krizova", U),
            Sits("sedlar", U),
            Sits("urbankova", Z, "socialni-odbor", "sociální pracovnice"),
            Sits("kalvoda", Z, "obec:Rajhrad", "místostarosta města"),
            Sits("bednarik", V, function="praktický lékař"),
        ],
    ),
    Body(
        slug=FAMILIES,
        name="Rodiny s dětmi",
        kind=CommitteeKind.WORKING_GROUP,
        purpose="Skupina hledá, co pomůže rodinám v těžké chvíli a dětem, které nemají kam jít:"
        " raná péče, doprovázení rodin, kluby pro mládež.",
        parent=COMMISSION,
        planning_group="rodiny",
        since=BEGINNING,
        rules={"quorum": Quorum.HALF_OF_ALL, "majority": Majority.OF_PRESENT},
        seats=[
            Sits("safarova", P, "99000351", "vedoucí rodinného centra", Role.CHAIR),
            Sits("hrdlicka", P, "99000636", "vedoucí klubu"),
            Sits("bartosova", P, "99000491", "poradkyně rané péče"),
            Sits("vesela", U),
            Sits("dostalik", U),
            Sits("kolarik", Z, "socialni-odbor", "pracovník sociálně-právní ochrany dětí"),
            Sits("peskova", Z, "obec:Nesvačilka", "starostka obce"),
            Sits("horakova", V, function="ředitelka základní školy"),
        ],
    ),
    Body(
        slug=EXCLUSION,
        name="Osoby ohrožené sociálním vyloučením",
        kind=CommitteeKind.WORKING_GROUP,
        purpose="Skupina se zabývá dluhy, ztrátou bydlení, závislostmi a návratem do běžného života.",
        parent=COMMISSION,
        planning_group="vylouceni",
        since=BEGINNING,
        rules={"quorum": Quorum.HALF_OF_ALL, "majority": Majority.OF_PRESENT},
        seats=[
            Sits("fiala", P, "99000423", "vedoucí poradny", Role.CHAIR),
            Sits("kopecky", P, "99000989", "terénní pracovník"),
            Sits("zemankova", P, "99000776", "sociální pracovnice"),
            Sits("prochazkova", P, "99000563", "vedoucí programu"),
            Sits("urbankova", Z, "socialni-odbor", "sociální pracovnice"),
            Sits("lukas", Z, TOWN, "velitel městské policie"),
            Sits("tomanova", V, function="psychiatrička"),
        ],
    ),
]  # fmt: skip


@transaction.atomic
def coordinator() -> Person:
    """The invented coordinator with her role in the admin, made when she is not there yet."""
    roles.sync()
    person = person_of("ukazkova")
    if not person.is_staff:
        person.is_staff = True
        person.save(update_fields=["is_staff"])
        person.groups.add(roles.coordinators())
    return person


@transaction.atomic
def seed(actor: Person) -> None:
    """Make the committees, rules, people, and seats that are missing.

    Rules come from wordings of documents where the library has them already.
    """
    for body in BODIES:
        if not Committee.objects.filter(slug=body.slug).exists():
            _found(body, actor)


def _found(body: Body, actor: Person) -> None:
    committee = Committee(
        slug=body.slug,
        name=body.name,
        kind=body.kind,
        purpose=body.purpose,
        parent=Committee.objects.get(slug=body.parent) if body.parent else None,
        municipality=Municipality.objects.get(is_seat=True),
        planning_group=PlanningGroup.objects.get(code=body.planning_group)
        if body.planning_group
        else None,
        established_on=body.since,
        position=BODIES.index(body),
    )
    _keep(committee)
    versions = list(DocumentVersion.objects.filter(document__slug=body.paper).order_by("number"))
    for since, rules in ((body.rules_since or body.since, body.rules), *body.amended):
        version = versions.pop(0) if versions else None
        _keep(Rules(committee=committee, valid_from=since, document_version=version, **rules))
    for sits in body.seats:
        _seat(committee, sits, sits.since or body.since, actor)


def _seat(committee: Committee, sits: Sits, since: datetime.date, actor: Person) -> None:
    seat = Seat(
        committee=committee,
        person=person_of(sits.person),
        role=sits.role,
        side=sits.side,
        organisation=_organisation(sits.organisation),
        function=sits.function,
        valid_from=since,
        valid_to=sits.until,
        name_consent_on=sits.consent_on,
        name_consent_text=CONSENT if sits.consent_on else "",
    )
    _keep(seat)
    noon = datetime.datetime.combine(since, datetime.time(12))
    with clock.at(timezone.make_aware(noon)):
        remember_new(seat, actor=actor)


def _keep(row) -> None:
    row.full_clean()
    row.save()


def person_of(key: str) -> Person:
    """The invented person with that key of ``PEOPLE``, made when not there yet."""
    name = PEOPLE[key]
    identity = (
        {"email": name.email}
        if name.email
        else {"email": None, "first_name": name.first, "last_name": name.last}
    )
    person = Person.objects.filter(**identity).first()
    if person is not None:
        return person
    person = Person(
        title_before=name.before,
        first_name=name.first,
        last_name=name.last,
        title_after=name.after,
        email=name.email or None,
        phone=name.phone,
    )
    if name.email in dict(ACCOUNTS):
        person.set_password(PASSWORD)
    else:
        person.set_unusable_password()
    _keep(person)
    return person


def _organisation(named: str) -> Organisation | None:
    if not named:
        return None
    if named == TOWN:
        return Organisation.objects.get(represents__is_seat=True)
    if named.startswith("obec:"):
        return Organisation.objects.get(represents__name=named.removeprefix("obec:"))
    if named.isdigit():
        return Organisation.objects.get(ico=named)
    return Organisation.objects.get(slug=named)
