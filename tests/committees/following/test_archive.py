"""A year of a committee for the filing office: nothing is missing, every hash is true, only the office gets it."""

import csv
import datetime
import hashlib
import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from committees.ballots.models import Ballot
from committees.bodies.enums import Side
from committees.following import archive
from committees.meetings.enums import Answer
from committees.meetings.models import AgendaPaper, Conflict, Presence
from committees.people.roles import coordinators, sync
from documents.library.models import Document, DocumentVersion
from documents.store.files import put
from tests.committees.ballots.building import cast, closed, committee_of, members_of, opened
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    MeetingFactory,
    MeetingTaskFactory,
    ParticipantFactory,
    PersonFactory,
    ResolutionFactory,
    RulesFactory,
    SeatFactory,
    stored,
)

pytestmark = pytest.mark.django_db


def pdf(words):
    return put(f"%PDF-1.7 {words}".encode(), content_type="application/pdf")


def coordinator():
    sync()
    person = PersonFactory(coordinator=True)
    person.groups.add(coordinators())
    return person


def address(committee, year):
    return f"/skupiny/{committee.slug}/archiv/{year}.zip"


def opened_archive(committee, year):
    with archive.archive_of(committee, year) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture
def full_year():
    """A committee with a meeting, a vote outside it, a resolution and rules with their wording."""
    committee = committee_of(3)
    document = Document.objects.create(title="Jednací řád", kind="rad")
    version = DocumentVersion.objects.create(
        document=document,
        number=1,
        valid_from=datetime.date(2020, 1, 1),
        file=pdf("jednací řád"),
        file_name="Jednací řád (úplné znění).pdf",
    )
    committee.rules.update(document=document, document_version=version)
    meeting = MeetingFactory(
        committee=committee, ended=True, title="Ustavující", invitation=pdf("pozvánka")
    )
    item = AgendaItemFactory(meeting=meeting, title="Zpráva o plnění")
    AgendaPaper.objects.create(item=item, file=pdf("podklad"), file_name="Zpráva č. 1.pdf")
    ballot = opened(committee, title="Příspěvek na dopravu")
    cast(ballot, members_of(committee)[0], reason="Je to potřeba.")
    ballot = closed(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(protocol=pdf("protokol"))
    day = timezone.localdate(meeting.starts_at)
    ResolutionFactory(
        committee=committee, number="7/1", adopted_on=day, file=pdf("usnesení"), text="=1+1"
    )
    return committee, meeting, ballot


def test_every_paper_of_the_year_is_inside_and_every_hash_is_true(full_year):
    committee, meeting, ballot = full_year
    year = meeting.year
    began = timezone.localdate(ballot.opened_at)

    packed = opened_archive(committee, year)

    listed = json.loads(packed.read("obsah.json"))["files"]
    place = f"jednani/01-{meeting.day.isoformat()}"
    expected = {
        "jednaci-rad/2020-01-01-pravidla.json",
        "jednaci-rad/2020-01-01-jednaci-rad-uplne-zneni.pdf",
        f"{place}/jednani.json",
        f"{place}/pozvanka.pdf",
        f"{place}/podklady/01-zprava-c-1.pdf",
        "usneseni/usneseni.json",
        "usneseni/usneseni.csv",
        "usneseni/prilohy/01-7-1.pdf",
    }
    if began.year == year:
        votes = f"per-rollam/{began.isoformat()}-prispevek-na-dopravu-{ballot.pk}"
        expected |= {f"{votes}/hlasovani.json", f"{votes}/protokol.pdf"}
    assert {entry["path"] for entry in listed} == expected
    assert set(packed.namelist()) == expected | {"obsah.json", "obsah.txt"}
    for entry in listed:
        content = packed.read(entry["path"])
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert len(content) == entry["size"]
        assert entry["reference_number"] == ""
    assert all(name.isascii() for name in packed.namelist())


def test_the_same_year_gives_the_same_bytes_on_another_day(full_year):
    committee, meeting, _ballot = full_year

    with archive.archive_of(committee, meeting.year) as first:
        once = first.read()
    with archive.archive_of(committee, meeting.year) as second:
        again = second.read()

    assert once == again


def test_what_is_not_finished_is_named_in_the_archive_and_on_its_page(client):
    committee = committee_of(2)
    meeting = MeetingFactory(committee=committee, ended=True)
    MeetingFactory(committee=committee, called=True)
    closed(opened(committee, title="Příspěvek na dopravu"))
    opened(committee, title="Ještě běží")
    expected = {
        f"schválený zápis: {meeting}".replace("\xa0", " "),
        "protokol o hlasování: Příspěvek na dopravu",
    }
    client.force_login(coordinator())

    gaps = [gap for gaps in archive.gaps_of(committee).values() for gap in gaps]
    listed = json.loads(opened_archive(committee, meeting.year).read("obsah.json"))
    page = client.get(f"/skupiny/{committee.slug}/archiv/").content.decode()

    assert {gap.replace("\xa0", " ") for gap in gaps} == expected
    assert gaps[0] in listed["missing"]
    assert "Příspěvek na dopravu" in page
    assert "Ještě běží" not in page


def test_the_meeting_is_told_whole():
    meeting = MeetingFactory(ended=True)
    internal = AgendaItemFactory(meeting=meeting, title="Neveřejný bod", is_internal=True)
    came = ParticipantFactory(meeting=meeting, seat__side=Side.USER, answer=Answer.YES)
    ParticipantFactory(meeting=meeting, is_excused=True)
    replaced = ParticipantFactory(meeting=meeting)
    ParticipantFactory(meeting=meeting)
    deputy = ParticipantFactory(
        meeting=meeting, seat=None, person=PersonFactory(), represents=replaced.seat
    )
    guest = ParticipantFactory(meeting=meeting, seat=None, person=None, guest_name="Petr Host")
    for participant, is_online in ((came, False), (deputy, True), (guest, False)):
        Presence.objects.create(
            participant=participant,
            arrived_at=meeting.started_at,
            left_at=meeting.ended_at,
            is_online=is_online,
        )
    Conflict.objects.create(item=internal, participant=came, reason="Vedu tu službu.")
    MeetingTaskFactory(meeting=meeting, text="Zjistit cenu")

    packed = opened_archive(meeting.committee, meeting.year)

    told = json.loads(packed.read(f"jednani/01-{meeting.day.isoformat()}/jednani.json"))
    assert [line["standing"] for line in told["attendance"]] == [
        "pritomen",
        "omluven",
        "nahradnik",
        "neomluven",
        "online",
        "host",
    ]
    assert told["attendance"][0]["who"] == str(came.person)
    assert told["attendance"][4]["stands_for"] == str(replaced.person)
    assert told["agenda"][0]["is_internal"] is True
    assert told["agenda"][0]["conflicts"][0]["reason"] == "Vedu tu službu."
    assert told["tasks"][0]["text"] == "Zjistit cenu"


def test_who_voted_how_is_in_the_archive(full_year):
    committee, _meeting, ballot = full_year
    began = timezone.localdate(ballot.opened_at)

    packed = opened_archive(committee, began.year)

    (name,) = [name for name in packed.namelist() if name.endswith("hlasovani.json")]
    told = json.loads(packed.read(name))
    assert told["title"] == "Příspěvek na dopravu"
    assert sorted(vote["choice"] for vote in told["votes"]) == ["", "", "pro"]
    assert [vote["reason"] for vote in told["votes"] if vote["reason"]] == ["Je to potřeba."]


def test_the_table_of_resolutions_opens_in_excel_and_runs_nothing(full_year):
    committee, meeting, _ballot = full_year

    packed = opened_archive(committee, meeting.year)

    data = packed.read("usneseni/usneseni.csv")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows[0][0] == "číslo"
    assert rows[1][0] == "7/1"
    assert rows[1][3] == "'=1+1"


def test_rules_of_the_year_are_those_in_force_on_some_of_its_days():
    committee = CommitteeFactory()
    for day in ((2018, 5, 1), (2019, 3, 1), (2020, 6, 1), (2021, 2, 1)):
        RulesFactory(committee=committee, valid_from=datetime.date(*day))

    packed = opened_archive(committee, 2020)

    assert [name for name in packed.namelist() if name.startswith("jednaci-rad")] == [
        "jednaci-rad/2019-03-01-pravidla.json",
        "jednaci-rad/2020-06-01-pravidla.json",
    ]


def test_what_belongs_to_other_years_and_committees_stays_out():
    committee = CommitteeFactory()
    ResolutionFactory(committee=committee, number="1/2019", adopted_on=datetime.date(2019, 12, 31))
    ResolutionFactory(committee=committee, number="1/2020", adopted_on=datetime.date(2020, 1, 1))
    ResolutionFactory(number="9/2020", adopted_on=datetime.date(2020, 1, 1))
    MeetingFactory(committee=committee)  # in preparation: no paper yet

    told = json.loads(opened_archive(committee, 2020).read("usneseni/usneseni.json"))

    assert [one["number"] for one in told] == ["1/2020"]
    assert archive.years_of(committee) == [2020, 2019]


def test_the_office_downloads_it_and_nobody_else(client, full_year):
    committee, meeting, _ballot = full_year
    target = address(committee, meeting.year)
    chair = members_of(committee)[0]

    assert client.get(target).status_code == 302
    for person in (SeatFactory().person, chair, PersonFactory(coordinator=True)):
        client.force_login(person)
        assert client.get(target).status_code == 403
        assert client.get(f"/skupiny/{committee.slug}/archiv/").status_code == 403
    client.force_login(coordinator())
    listed = client.get(f"/skupiny/{committee.slug}/archiv/").content.decode()
    response = client.get(target)

    assert target in listed
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == (
        f'attachment; filename="{committee.slug}-{meeting.year}.zip"'
    )
    assert zipfile.ZipFile(io.BytesIO(response.getvalue())).testzip() is None


def test_the_admin_of_a_committee_leads_to_its_archive(client):
    committee = CommitteeFactory(slug="komise")
    client.force_login(coordinator())

    page = client.get(reverse("admin:bodies_committee_change", args=[committee.pk]))

    assert 'href="/skupiny/komise/archiv/"' in page.content.decode()


def test_a_hidden_committee_does_not_exist_for_others(client):
    committee = ResolutionFactory(committee__is_public=False).committee
    client.force_login(SeatFactory().person)

    assert client.get(address(committee, 2020)).status_code == 404


def test_a_year_without_papers_is_not_there(client, full_year):
    committee, _meeting, _ballot = full_year
    client.force_login(coordinator())

    assert client.get(address(committee, 1999)).status_code == 404


def test_a_lost_paper_is_told_and_no_archive_is_given(client):
    resolution = ResolutionFactory(file=stored(b"%PDF-1.7 lost"))
    client.force_login(coordinator())

    response = client.get(address(resolution.committee, 2020), follow=True)

    assert response.redirect_chain == [(f"/skupiny/{resolution.committee.slug}/archiv/", 302)]
    assert resolution.file.sha256 in response.content.decode()
