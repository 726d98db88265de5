"""People: one human, with or without a login; names in Czech order and found without accents."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from committees.people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_person_needs_neither_email_nor_password():
    first = Person.objects.create_user(first_name="Marie", last_name="Nová")
    second = Person.objects.create(last_name="Starý", email="")

    assert (first.email, second.email) == (None, None)
    assert not first.has_usable_password()
    assert not first.check_password("")


def test_email_is_kept_in_small_letters_and_once():
    PersonFactory(email=" Jana@Example.CZ ")

    assert Person.objects.get().email == "jana@example.cz"
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory(email="JANA@example.cz")


def test_name_is_written_with_titles():
    person = Person(
        title_before="Mgr.", first_name="Jana", last_name="Nováková", title_after="DiS."
    )

    assert str(person) == "Mgr. Jana Nováková, DiS."
    assert str(Person(last_name="Novák")) == "Novák"


def test_people_stand_in_czech_order():
    for name in ("Chalupa", "Zeman", "Čech", "Hora", "Cibulka", "Ibl"):
        PersonFactory(last_name=name)

    assert [person.last_name for person in Person.objects.all()] == [
        "Cibulka", "Čech", "Hora", "Chalupa", "Ibl", "Zeman",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    ["Čermák", "cermak", "ČERM", "jiri cermak", "cermak jiri", "jiri.c", "Čermák  Jiří", "rijak"],
)
def test_person_is_found_with_or_without_accents(asked):
    found = PersonFactory(first_name="Jiří", last_name="Čermák-Říjak", email="jiri.c@example.cz")
    PersonFactory(first_name="Jiří", last_name="Novák", email="novak@example.cz")

    assert list(Person.objects.named_like(asked)) == [found]


@pytest.mark.parametrize(("asked", "count"), [("", 2), ("%", 0), ("-", 0), ("'; --", 0), ("qq", 0)])
def test_odd_search_is_harmless(asked, count):
    PersonFactory(last_name="Čermák", email="a@example.cz")
    PersonFactory(last_name="Novák", email="b@example.cz")

    assert Person.objects.named_like(asked).count() == count


def test_only_the_present_email_opens_the_account():
    person = PersonFactory(email="nova@example.cz")
    EmailAddress.objects.create(user=person, email="stara@example.cz", verified=True)
    EmailAddress.objects.create(user=person, email="nova@example.cz", verified=True)

    person.save()

    assert [address.email for address in person.emailaddress_set.all()] == ["nova@example.cz"]
    person.email = None
    person.save()
    assert not EmailAddress.objects.exists()
