"""Erasing a person: nothing by which they could be known remains, what they signed does."""

import datetime
import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from guardian.shortcuts import assign_perm

from committees.bodies.enums import Side
from committees.bodies.models import Seat
from committees.bodies.seating import give_name_consent
from committees.people import roles
from committees.people.exchange.uploads import KEPT_FOR, forget_uploads, receive_upload
from committees.people.models import PeopleUpload, Person
from committees.people.services import ErasureRefused, erase
from kpss import clock
from kpss.links import services as links
from kpss.outbox import services as outbox
from tests.committees.people_sheets import cells, workbook
from tests.factories import PersonFactory, ResolutionFactory, SeatFactory

pytestmark = pytest.mark.django_db

CANARY = "Kanárková"


@pytest.fixture
def administrator():
    return PersonFactory(superuser=True)


@pytest.fixture
def person():
    return PersonFactory(
        title_before="Kanárek1",
        first_name="Kanárek2",
        last_name=CANARY,
        title_after="Kanárek3",
        email="kanarkova@example.cz",
        phone="+420 605 040 302",
    )


def rooms_with(*canaries) -> list[str]:
    """Tables of our own rooms and of the admin's log in which any of the words stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            said = str(cursor.fetchall()).casefold()
        if any(word.casefold() in said for word in canaries):
            found.append(table)
    return found


def test_nothing_names_the_person_any_more(person, administrator):
    seat = SeatFactory(
        person=person,
        side=Side.USER,
        function=f"vdova po {CANARY}",
    )
    day, words = datetime.date(2020, 1, 1), f"Souhlasím, {CANARY}"
    give_name_consent(seat, day=day, text=words, actor=administrator)
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assign_perm("bodies.view_committee_work", person, seat.committee)
    outbox.send(
        person=person,
        kind="invitation",
        subject="Pozvánka",
        template="mail/base.txt",
        context={"unused": CANARY},
        key="canary",
    )
    link = links.issue("outbox-unsubscribe", person=person)
    for thing in (person, seat):
        LogEntry.objects.log_actions(administrator.pk, [thing], ADDITION, single_object=True)
    receive_upload(
        data=workbook(cells(first="Kanárek2", last=CANARY, email=person.email)),
        file_name="lide.xlsx",
        token=uuid.uuid4(),
        actor=administrator,
    )
    canaries = (CANARY, "kanarkova", "kanárek", "605 040 302", "605040302")
    known_to = {"people_person", "bodies_seat", "bodies_seatevent", "people_peopleupload"}
    assert known_to | {"django_admin_log"} <= set(rooms_with(*canaries))

    erase(person, administrator)

    assert rooms_with(*canaries) == []
    person.refresh_from_db()
    assert str(person) == "Smazaná osoba"
    assert not person.has_usable_password()
    assert links.find(links.token_of(link)) is None
    assert not Authenticator.objects.exists()
    assert not person.has_perm("bodies.view_committee_work", seat.committee)


def test_what_the_person_signed_stays(person, administrator):
    seat = SeatFactory(person=person, ended=True)
    resolution = ResolutionFactory(recorded_by=person)

    erase(person, administrator)

    seat.refresh_from_db()
    resolution.refresh_from_db()
    assert (seat.person, resolution.recorded_by) == (person, person)
    assert seat.valid_to == datetime.date(2020, 12, 31)


def test_seats_still_held_end_today(person, administrator):
    seat = SeatFactory(person=person)
    later = SeatFactory(person=person, valid_from=datetime.date(2099, 1, 1))

    erase(person, administrator)

    seat.refresh_from_db()
    assert seat.valid_to == clock.today()
    assert not Seat.objects.current().filter(person=person).exists()
    later.refresh_from_db()
    assert later.valid_to == later.valid_from
    assert later.ended_at


def test_erasing_again_does_nothing(person, administrator):
    erase(person, administrator)
    first = Person.objects.get(pk=person.pk).erased_at

    erase(person, administrator)

    assert Person.objects.get(pk=person.pk).erased_at == first


def test_erased_person_is_not_found(person, administrator):
    erase(person, administrator)

    assert not Person.objects.named_like("smazaná").exists()


def test_who_may_erase_whom(person, administrator):
    roles.sync()
    coordinator = PersonFactory(coordinator=True)
    coordinator.groups.add(roles.coordinators())

    for actor, whom in ((SeatFactory(chair=True).person, person), (coordinator, administrator)):
        with pytest.raises(PermissionDenied):
            erase(whom, actor)
    with pytest.raises(ErasureRefused):
        erase(administrator, administrator)
    erase(person, coordinator)

    assert Person.objects.filter(erased_at__isnull=False).get() == person


def test_admin_asks_before_it_erases(client, person, administrator):
    client.force_login(administrator)
    SeatFactory(person=person, committee__name="Komise rady")
    chosen = {"action": "erase_people", "_selected_action": [person.pk]}
    people = reverse("admin:people_person_changelist")

    asked = client.post(people, chosen).content.decode()

    assert CANARY in asked
    assert "Komise rady" in asked
    assert "Nejde to vzít zpátky" in asked
    assert not Person.objects.filter(erased_at__isnull=False).exists()

    done = client.post(people, chosen | {"confirmed": "1"}, follow=True)

    assert "Osobní údaje 1 člověka jsou vymazány." in done.content.decode().replace("\xa0", " ")
    assert Person.objects.filter(erased_at__isnull=False).get() == person
    form = client.get(reverse("admin:people_person_change", args=[person.pk])).content.decode()
    assert 'name="last_name"' not in form


def test_admin_offers_erasing_only_to_those_who_may(client, person):
    viewer = PersonFactory(coordinator=True)
    assign_perm("people.view_person", viewer)
    assign_perm("people.change_person", viewer)
    client.force_login(viewer)

    page = client.get(reverse("admin:people_person_changelist")).content.decode()

    assert CANARY in page
    assert "erase_people" not in page


def test_old_uploads_are_forgotten_by_themselves(administrator):
    for name in ("stary.xlsx", "novy.xlsx"):
        receive_upload(
            data=workbook(cells(first="Jana", last=name)),
            file_name=name,
            token=uuid.uuid4(),
            actor=administrator,
        )
    now = clock.now()
    PeopleUpload.objects.filter(file_name="stary.xlsx").update(uploaded_at=now - KEPT_FOR * 2)

    assert forget_uploads(now) == 1
    assert forget_uploads(now) == 0
    kept = PeopleUpload.objects.get(forgotten_at=None)
    assert (kept.file_name, bool(kept.content)) == ("novy.xlsx", True)
    forgotten = PeopleUpload.objects.exclude(pk=kept.pk).get()
    assert forgotten.content is None
    assert "stary" not in str(forgotten.report)
