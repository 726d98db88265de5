"""The invented committees: made through the services, again changes nothing."""

import datetime

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count
from django.utils import timezone

from committees.bodies import demo
from committees.bodies.enums import Side
from committees.bodies.models import Committee, Resolution, Rules, Seat
from committees.bodies.selectors import by_side, missing_sides, roster
from committees.people.models import Person
from providers.directory import codelists
from providers.directory import demo as directory_demo
from tests.documents.factories import DocumentFactory, VersionFactory

pytestmark = pytest.mark.django_db

FIRST_MEETING = datetime.date(2020, 2, 26)
APPROVAL = datetime.date(2020, 11, 12)


@pytest.fixture
def actor():
    codelists.load()
    person = demo.coordinator()
    directory_demo.seed(person)
    demo.seed(person)
    return person


def snapshot():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Person, Committee, Rules, Seat, Resolution)
    ]


def voting(slug, day):
    return Seat.objects.on(day).voting().filter(committee__slug=slug).count()


def test_bodies_have_their_members_on_the_days_that_matter(actor):
    members = {
        demo.ASSEMBLY: 15,
        demo.COUNCIL: 5,
        demo.COMMISSION: 9,
        demo.SENIORS: 11,
        demo.FAMILIES: 8,
        demo.EXCLUSION: 7,
    }

    for day in (FIRST_MEETING, APPROVAL, timezone.localdate()):
        assert {slug: voting(slug, day) for slug in members} == members
    for committee in Committee.objects.all():
        assert committee.rules_on(FIRST_MEETING)
    commission = Committee.objects.get(slug=demo.COMMISSION)
    assert commission.parent.slug == demo.COUNCIL
    assert commission.rules_on(APPROVAL).per_rollam_allowed
    council_of_2019 = Committee.objects.get(slug=demo.COUNCIL)
    assert council_of_2019.rules_on(datetime.date(2019, 11, 27))


def test_rules_of_the_commission_come_from_wordings_of_its_paper(settings, tmp_path):
    settings.STORE_DIR = tmp_path
    codelists.load()
    person = demo.coordinator()
    directory_demo.seed(person)
    paper = DocumentFactory(slug="jednaci-rad-komise")
    wordings = [
        VersionFactory(document=paper, number=number, valid_from=day)
        for number, day in [(1, FIRST_MEETING), (2, datetime.date(2021, 3, 1))]
    ]

    demo.seed(person)

    rules = Rules.objects.filter(committee__slug=demo.COMMISSION).order_by("valid_from")
    assert [(one.valid_from, one.document_version) for one in rules] == [
        (wording.valid_from, wording) for wording in wordings
    ]
    assert [one.per_rollam_closes_early for one in rules] == [False, True]


def test_commission_is_balanced_and_hides_its_users_but_one(actor):
    commission = Committee.objects.get(slug=demo.COMMISSION)

    groups = by_side(roster(commission, APPROVAL))

    assert [(group.side, group.count) for group in groups] == [
        (Side.USER, 3),
        (Side.PROVIDER, 3),
        (Side.COMMISSIONER, 3),
    ]
    assert [line.is_named for line in groups[0].members] == [True, False, False]
    exclusion = by_side(roster(Committee.objects.get(slug=demo.EXCLUSION), APPROVAL))
    assert len(missing_sides(exclusion)) == 1


@pytest.mark.parametrize("email", [email for email, _who in demo.ACCOUNTS])
def test_accounts_open_with_the_printed_password(actor, email, rf):
    person = authenticate(rf.post("/"), email=email, password=demo.PASSWORD)

    assert person == Person.objects.get(email=email)
    assert not person.is_superuser
    assert person.is_staff is (email == demo.COORDINATOR)


def test_coordinator_may_do_her_work(actor):
    person = Person.objects.get(pk=actor.pk)

    assert person.has_perm("plans.pass_step")
    assert person.groups.get().name == "Koordinátoři"


def test_second_run_changes_nothing(actor):
    before = snapshot()

    demo.seed(demo.coordinator())

    assert snapshot() == before


def test_edits_made_meanwhile_stay(actor):
    Committee.objects.filter(slug=demo.COUNCIL).update(purpose="Jinak.")
    Seat.objects.filter(committee__slug=demo.COUNCIL).update(function="člen rady")

    demo.seed(demo.coordinator())

    council = Committee.objects.annotate(size=Count("seats")).get(slug=demo.COUNCIL)
    assert (council.purpose, council.size) == ("Jinak.", 5)
    assert set(council.seats.values_list("function", flat=True)) == {"člen rady"}
