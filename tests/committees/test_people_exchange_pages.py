"""People from Excel on the site: four steps, who may take them, repeats, and what is written."""

import re
import threading
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from committees.bodies.enums import Role, SeatChange, Side
from committees.bodies.models import Seat, SeatEvent
from committees.people import roles
from committees.people.exchange.uploads import apply_upload, receive_upload
from committees.people.models import PeopleUpload, Person
from kpss.exchange import uploads
from kpss.exchange.uploads import Outcome, digest
from kpss.spreadsheets import read_rows
from tests.committees.people_sheets import cells, workbook
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory
from tests.kpss.packages import hostile_xlsx

pytestmark = pytest.mark.django_db

START = "/lide/excel/"
JANA = {"first": "Jana", "last": "Nová", "email": "jana@example.cz"}
SEAT = {"committee": "Komise", "side": "zadavatelé", "begins": "1. 1. 2021"}


@pytest.fixture
def coordinator(client):
    roles.sync()
    person = PersonFactory(coordinator=True, first_name="Karla")
    person.groups.add(roles.coordinators())
    client.force_login(person)
    return person


def send(client, data, *, token=None, name="lide.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(START, {"token": token or uuid.uuid4(), "file": file})


def sent(client, *rows):
    send(client, workbook(*rows))
    return PeopleUpload.objects.latest("pk")


def confirm(client, upload, **data):
    page = client.get(f"{START}{upload.pk}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    form = {"seen": seen[1] if seen else "", **data}
    return client.post(f"{START}{upload.pk}/pouzit/", form, follow=True)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def test_whole_committee_comes_in_at_once(client, coordinator):
    committee = CommitteeFactory(name="Komise")
    charity = OrganisationFactory(name="Charita")
    known = SeatFactory(committee=committee, person__email="stara@example.cz").person
    rows = [
        cells(**JANA, **SEAT, role="předsedkyně", organisation="Charita", function="ředitelka"),
        cells(first=known.first_name, last="Provdaná", email="stara@example.cz", phone="777123456"),
        cells(first="Petr", last="Chybný", email="x"),
    ]

    upload = sent(client, *rows)

    page = text_of(client.get(f"{START}{upload.pk}/"))
    assert "List Lidé, řádek 4, sloupec C" in page
    assert "„x“ není e-mailová adresa. Napište ji jako jana@example.cz." in page
    assert "Provdaná" in page
    assert not Person.objects.filter(email="jana@example.cz").exists()

    assert "zaškrtněte, že se mají použít jen správné řádky" in text_of(confirm(client, upload))
    assert not Person.objects.filter(email="jana@example.cz").exists()

    done = confirm(client, upload, only_good="on")

    assert "Změny ze souboru jsou v portálu." in text_of(done)
    jana = Person.objects.get(email="jana@example.cz")
    assert not jana.has_usable_password()
    assert list(Person.objects.named_like("nova jana")) == [jana]
    seat = Seat.objects.get(person=jana)
    assert (seat.role, seat.side, seat.organisation, seat.function) == (
        Role.CHAIR,
        Side.COMMISSIONER,
        charity,
        "ředitelka",
    )
    assert SeatEvent.objects.get(seat=seat).what == SeatChange.SEATED
    known.refresh_from_db()
    assert (known.last_name, known.phone) == ("Provdaná", "+420 777 123 456")
    assert known in Person.objects.named_like("provdana")
    assert not Person.objects.filter(last_name="Chybný").exists()
    upload.refresh_from_db()
    assert upload.content is None


def test_seat_is_ended_and_another_begins(client, coordinator):
    seat = SeatFactory(committee__name="Komise", person__email="jana@example.cz", person__first_name="Jana", person__last_name="Nová")  # fmt: skip
    begins = f"{seat.valid_from:%d. %m. %Y}"
    upload = sent(
        client,
        cells(**JANA, **SEAT | {"begins": "1. 7. 2022", "role": "předsedkyně"}),
        cells(**JANA, **SEAT | {"begins": begins, "ends": "30. 6. 2022"}),
    )

    confirm(client, upload)

    assert [(s.role, str(s.valid_to)) for s in Seat.objects.order_by("valid_from")] == [
        (Role.MEMBER, "2022-06-30"),
        (Role.CHAIR, "None"),
    ]
    assert set(SeatEvent.objects.values_list("what", flat=True)) == {
        SeatChange.ENDED,
        SeatChange.SEATED,
    }


def test_what_changed_meanwhile_is_shown_and_nothing_is_written(client, coordinator):
    person = PersonFactory(email="jana@example.cz", first_name="Jana", last_name="Stará")
    upload = sent(client, cells(**JANA), cells(first="Petr", last="Nový"))
    page = client.get(f"{START}{upload.pk}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    Person.objects.filter(pk=person.pk).update(last_name="Mezitímová")

    answer = client.post(f"{START}{upload.pk}/pouzit/", {"seen": seen}, follow=True)

    assert "Někdo mezitím tyto lidi změnil, proto se nic nezapsalo." in text_of(answer)
    assert "Mezitímová" in text_of(answer)
    assert not Person.objects.filter(last_name="Nový").exists()
    confirm(client, upload)
    assert Person.objects.filter(last_name="Nový").exists()


@pytest.mark.slow
def test_repeats_make_one_upload_and_one_application(client, coordinator):
    CommitteeFactory(name="Komise")
    file, token = workbook(cells(**JANA, **SEAT), cells(first="Petr", last="Malý")), uuid.uuid4()
    for _time in range(50):
        send(client, file, token=token)
    upload = PeopleUpload.objects.get()

    for _time in range(50):
        seen = digest(upload.report)
        client.post(f"{START}{upload.pk}/pouzit/", {"seen": seen})
        send(client, file, token=token)

    assert PeopleUpload.objects.count() == 1
    assert Person.objects.filter(last_name__in=["Nová", "Malý"]).count() == 2
    assert Seat.objects.count() == SeatEvent.objects.count() == 1


def test_pages_are_for_those_who_may_bring_people_in(client, coordinator):
    upload = sent(client, cells(**JANA))
    pages = ["", "sablona.xlsx", "soucasni.xlsx", f"{upload.pk}/", f"{upload.pk}/vysledek.xlsx"]

    def answers(person=None):
        client.logout()
        if person:
            client.force_login(person)
        gets = [client.get(START + page).status_code for page in pages]
        posts = [client.post(START + page).status_code for page in ("", f"{upload.pk}/pouzit/")]
        return {*gets, *posts}

    assert answers() == {302}
    assert answers(SeatFactory(chair=True).person) == {403}
    assert answers(PersonFactory(coordinator=True)) == {403}
    assert answers(coordinator) == {200}


def test_admin_leads_to_the_page(client, coordinator):
    people = reverse("admin:people_person_changelist")

    assert f'href="{START}"' in client.get(people).content.decode()
    client.force_login(PersonFactory(coordinator=True))
    assert client.get(people).status_code == 403


def test_result_can_be_taken_away(client, coordinator):
    PersonFactory(email="jana@example.cz", first_name="Jana", last_name="Stará")
    upload = sent(client, cells(**JANA), cells(first="=cmd|' /C calc'!A0", last="-Nový", phone="x"))

    file = client.get(f"{START}{upload.pk}/vysledek.xlsx").content

    headings, *rows = [row.values for row in read_rows(file)]
    assert headings[4:6] == ["E-mail", "Osoba nebo členství"]
    assert rows[0][:6] == ["odmítnuto", "Lidé", 3, "D", None, "=cmd|' /C calc'!A0 -Nový"]
    assert rows[1][6:9] == ["příjmení", "Stará", "Nová"]


def test_hostile_files_are_refused_with_a_sentence(client, coordinator):
    files = hostile_xlsx() | {
        "6,000 rows": workbook(*(cells(first=str(n), last="x") for n in range(6_000))),
        "formula without a value": workbook(),
    }
    began = time.monotonic()
    for name, data in files.items():
        errors = send(client, data).context["form"].errors["file"]
        assert all(len(error) > 20 for error in errors), name

    assert time.monotonic() - began < 5 * len(files)
    assert not PeopleUpload.objects.exists()


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_names_of_the_file_are_only_text_on_the_page(client, coordinator, payload):
    upload = sent(client, cells(first=payload, last=payload), cells(first="x", last=payload, email=payload))  # fmt: skip

    assert payload not in client.get(f"{START}{upload.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_pages_have_constant_query_counts(client, coordinator, count, django_assert_num_queries):
    for number in range(count):
        upload = sent(client, cells(first="Jana", last=f"Nová {number}"))

    client.get(START)
    with django_assert_num_queries(6):
        client.get(START)
    with django_assert_num_queries(6):
        client.get(f"{START}{upload.pk}/")


@pytest.mark.parametrize("count", [3, 20])
def test_writing_asks_the_database_the_same_times(count, django_assert_num_queries):
    actor = PersonFactory(superuser=True)
    CommitteeFactory(name="Komise")
    known = PersonFactory.create_batch(count)
    rows = [cells(first="Jana", last=f"Nová {n}", **SEAT) for n in range(count)]
    rows += [cells(first="Petr", last=p.last_name, email=p.email, **SEAT) for p in known]
    upload = receive_upload(
        data=workbook(*rows), file_name="a.xlsx", token=uuid.uuid4(), actor=actor
    )

    with django_assert_num_queries(19):
        outcome = apply_upload(upload, actor=actor, seen=digest(upload.report))

    assert outcome == Outcome.APPLIED
    assert Seat.objects.count() == 2 * count


# --- At once ----------------------------------------------------------------------------------------------------------

AT_ONCE = 4


def at_once(works):
    """Call each of the works in a thread with a connection of its own; returns what came of them."""
    start = threading.Barrier(len(works))
    results = []

    def run(work):
        try:
            start.wait(timeout=20)
            results.append(work())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def confirmed_at_once(*, same):
    """Outcomes of confirming one upload several times at once, or several files with the same person."""
    actor = PersonFactory(superuser=True)
    received = [
        receive_upload(
            data=workbook(cells(first="Jana", last="Souběžná")),
            file_name="a.xlsx",
            token=uuid.uuid4(),
            actor=actor,
        )
        for _upload in range(1 if same else AT_ONCE)
    ]

    def confirmation(upload):
        fresh = PeopleUpload.objects.get(pk=upload.pk)
        return lambda: apply_upload(fresh, actor=actor, seen=digest(upload.report))

    outcomes = at_once([confirmation(upload) for upload in (received * AT_ONCE)[:AT_ONCE]])
    made = Person.objects.filter(last_name="Souběžná").count()
    Person.objects.filter(last_name="Souběžná").delete()
    return sorted(map(str, outcomes)), made


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_confirmations_at_once_one_is_applied():
    for _round in range(3):
        outcomes, made = confirmed_at_once(same=True)
        assert (outcomes, made) == ([Outcome.APPLIED] + [Outcome.APPLIED_BEFORE] * 3, 1)

        outcomes, made = confirmed_at_once(same=False)
        assert (outcomes, made) == ([Outcome.APPLIED] + [Outcome.STALE] * 3, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_race_is_seen_when_its_guard_is_off(monkeypatch):
    monkeypatch.setattr(uploads, "claim", lambda upload: True)

    rounds = [confirmed_at_once(same=True)[0] for _round in range(3)]

    assert any(outcomes.count(Outcome.APPLIED_BEFORE) < AT_ONCE - 1 for outcomes in rounds)
