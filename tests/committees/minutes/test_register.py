"""The register of resolutions: found in any form, narrowed, and taken away."""

import csv
import datetime
import io
import time

import pytest
from django.core.management import call_command
from django.urls import reverse

from committees.bodies.enums import Mode, Verb
from committees.bodies.models import Resolution
from committees.bodies.services import correct_resolution
from committees.minutes import register
from committees.minutes.models import ResolutionIndex
from committees.minutes.tables import as_csv, as_xlsx
from kpss import due
from kpss.spreadsheets import read_rows
from tests.committees.ballots import building
from tests.committees.minutes import held as h
from tests.factories import CommitteeFactory, PersonFactory, ResolutionFactory, SeatFactory

pytestmark = pytest.mark.django_db

LIST = "minutes:resolution_list"


@pytest.fixture
def resolutions():
    first = CommitteeFactory(name="Komise", slug="komise")
    second = CommitteeFactory(name="Rada", slug="rada")
    ResolutionFactory(
        committee=first, number="1/2020", text="Komise schvaluje příspěvek na dopravu seniorů."
    )
    ResolutionFactory(
        committee=first,
        number="PR 1/2021",
        text="Komise doporučuje rozšířit pečovatelskou službu.",
        verb=Verb.RECOMMENDS,
        mode=Mode.PER_ROLLAM,
        adopted_on=datetime.date(2021, 3, 1),
    )
    ResolutionFactory(committee=second, number="58/5.1", text="Rada bere na vědomí zprávu.")
    ResolutionFactory(committee=second, number="59", text="Zamítnuto.", is_adopted=False)
    return first, second


def numbers(client, **asked):
    page = client.get(reverse(LIST), asked).context["page"]
    return sorted(one.number for one in page)


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doprava seniorů", ["1/2020"]),
        ("DOPRAVOU SENIORUM", ["1/2020"]),
        ("pecovatelske sluzby", ["PR 1/2021"]),
        ("pečov", ["PR 1/2021"]),
        ("58/5.1", ["58/5.1"]),
        ("pr 1/2021", ["PR 1/2021"]),
        ("komise rada", []),
        ("nesmysl", []),
        ("", ["1/2020", "58/5.1", "PR 1/2021"]),
    ],
)
def test_search_minds_no_forms_and_no_accents(client, resolutions, is_indexed, text, expected):
    if is_indexed:
        assert register.index() == 4

    assert numbers(client, q=text) == expected


def test_filters_narrow_and_unknown_values_do_not(client, resolutions):
    assert numbers(client, organ="rada") == ["58/5.1"]
    assert numbers(client, rok="2021") == ["PR 1/2021"]
    assert numbers(client, sloveso="doporucuje") == ["PR 1/2021"]
    assert numbers(client, zpusob="per_rollam") == ["PR 1/2021"]
    assert numbers(client, organ="komise", rok="2020") == ["1/2020"]
    assert len(numbers(client, organ="neni", rok="-1", sloveso="x", zpusob="y")) == 3


def test_words_are_indexed_by_the_tick_and_again_after_a_correction(client, resolutions):
    assert due.run()["words of resolutions"] == 4
    assert register.index() == 0
    one = Resolution.objects.get(number="1/2020")

    correct_resolution(one, text="Komise schvaluje nákup vozu.")

    assert not ResolutionIndex.objects.filter(resolution=one).exists()
    assert numbers(client, q="nákup vozu") == ["1/2020"]
    assert numbers(client, q="doprava") == []
    assert register.index() == 1
    assert numbers(client, q="nákup vozu") == ["1/2020"]


def test_the_command_indexes_all_anew(resolutions, capsys):
    register.index()
    ResolutionIndex.objects.update(search="staré")

    call_command("index_resolutions", "--all")

    assert "4" in capsys.readouterr().out
    assert not ResolutionIndex.objects.filter(search="staré").exists()


def test_members_find_resolutions_of_their_committees_that_are_not_public(client):
    hidden = CommitteeFactory(is_public=False)
    one = ResolutionFactory(committee=hidden, number="7")
    address = reverse("minutes:resolution_detail", args=[hidden.slug, one.pk])
    people = {
        "nobody": None,
        "stranger": PersonFactory(),
        "former member": SeatFactory(committee=hidden, ended=True).person,
        "member": SeatFactory(committee=hidden).person,
        "coordinator": PersonFactory(superuser=True),
    }
    seen = {}
    for name, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        seen[name] = (numbers(client), client.get(address).status_code)

    assert seen == {
        "nobody": ([], 404),
        "stranger": ([], 404),
        "former member": ([], 404),
        "member": (["7"], 200),
        "coordinator": (["7"], 200),
    }


def test_resolutions_of_internal_items_are_for_members(client):
    held = h.hold()
    internal = Resolution.objects.get(committee=held.committee, number__endswith="/3")
    address = reverse("minutes:resolution_detail", args=[held.committee.slug, internal.pk])

    assert len(numbers(client)) == 2
    assert client.get(address).status_code == 404
    client.force_login(held.provider)
    assert len(numbers(client)) == 3
    assert client.get(address).status_code == 200


def test_the_page_of_a_resolution_leads_to_its_meeting_and_minutes(client, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    held = h.hold()
    minutes = h.frozen(held)
    one = Resolution.objects.get(committee=held.committee, number__endswith="/2")

    page = client.get(reverse("minutes:resolution_detail", args=[held.committee.slug, one.pk]))

    text = page.content.decode()
    assert held.meeting.get_absolute_url() in text
    assert minutes.get_absolute_url() in text
    assert "Komise schvaluje příspěvek na\xa0dopravu." in text or "příspěvek na" in text


def test_a_vote_outside_a_meeting_leads_to_its_ballot(client):
    committee = building.committee_of(3, per_rollam_allowed=True)
    ballot = building.opened(committee)
    for person in building.members_of(committee):
        building.cast(ballot, person)
    ballot = building.closed(ballot)
    address = reverse("minutes:resolution_detail", args=[committee.slug, ballot.resolution_id])

    assert ballot.get_absolute_url() in client.get(address).content.decode()


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "a\x00b", "obyčejné"]


def test_exported_texts_are_never_formulas_and_come_back(resolutions):
    """Trial H5."""
    one = Resolution.objects.select_related("committee").first()
    rows = []
    for text in HOSTILE:
        one.text = text
        copy = Resolution(**{f.attname: getattr(one, f.attname) for f in one._meta.fields})
        copy.committee = one.committee
        rows.append(copy)

    table = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig")), delimiter=";"))
    texts = [row[5] for row in table[1:]]
    assert not [text for text in texts if text[:1] in set("=+-@\t\r\n\x00")]
    assert [text.removeprefix("'") for text in texts] == HOSTILE
    sheet = list(read_rows(as_xlsx(rows)))
    assert [row.values[5] for row in sheet[1:]] == HOSTILE


def test_exports_hold_what_the_list_shows(client, resolutions):
    asked = {"organ": "komise", "q": "komise"}

    table = client.get(reverse("minutes:resolutions_csv"), asked)
    sheet = client.get(reverse("minutes:resolutions_xlsx"), asked)

    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert sorted(row[0] for row in rows[1:]) == ["1/2020", "PR 1/2021"]
    assert len(list(read_rows(sheet.content))) == 3
    assert table["Content-Disposition"] == 'attachment; filename="usneseni.csv"'


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same_queries(client, django_assert_num_queries, count):
    committee = CommitteeFactory()
    ResolutionFactory.create_batch(count, committee=committee)
    register.index()
    client.get(reverse(LIST))

    with django_assert_num_queries(6):
        assert len(numbers(client, q="akční plán")) == count


def test_two_thousand_resolutions_are_searched_quickly(client):
    template = ResolutionFactory()
    Resolution.objects.bulk_create(
        Resolution(
            **{
                f.attname: getattr(template, f.attname)
                for f in Resolution._meta.fields
                if f.attname not in {"id", "number", "text"}
            },
            number=f"{n}/x",
            text=f"Komise schvaluje bod číslo {n} o dopravě a pečovatelské službě.",
        )
        for n in range(2000)
    )
    register.index()

    began = time.monotonic()
    response = client.get(reverse(LIST), {"q": "pečovatelská služba doprava"})

    assert time.monotonic() - began < 2
    assert response.context["page"].paginator.count == 2000
