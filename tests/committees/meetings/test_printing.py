"""The invitation and the attendance sheet on paper: readable by everybody, complete, the same bytes again."""

import datetime
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from committees.bodies.enums import Role, Side
from committees.meetings import printing, services
from committees.meetings.models import AgendaPaper, Meeting
from committees.meetings.wording import heading
from documents.engine import EngineError
from tests.factories import MeetingTaskFactory, SeatFactory, stored
from tests.pdf_checks import assert_accessible_pdf, bookmarks, text_of

from .tables import chair_of, committee_at_work, planned

pytestmark = pytest.mark.django_db


def words_of(data):
    return " ".join(text_of(data)).replace("\xa0", " ")


@pytest.fixture
def meeting():
    committee = committee_at_work(members=1)
    chair = chair_of(committee)
    MeetingTaskFactory(
        meeting__committee=committee, text="Rozeslat harmonogram", due_on=datetime.date(2026, 1, 5)
    )
    meeting = planned(
        committee,
        days=3,
        items=0,
        format="hybrid",
        place="Radnice, malý sál",
        online_url="https://jednani.example.cz/komise",
        message="Přečtěte si prosím návrh.",
    )
    plan = services.add_item(
        meeting, actor=chair, title="Akční plán", presenter="Eva Ukázková", minutes=40
    )
    services.add_item(meeting, actor=chair, title="Připomínky", parent=plan, minutes=15)
    services.add_item(meeting, actor=chair, title="Stížnost", is_internal=True)
    AgendaPaper.objects.create(item=plan, file=stored(), file_name="navrh-planu.pdf")
    return meeting


def test_invitation_says_everything_and_reads_aloud(meeting):
    services.call_meeting(meeting, actor=chair_of(meeting.committee), short_notice_confirmed=True)
    meeting.refresh_from_db()

    data = printing.invitation_pdf(meeting)

    title = f"Pozvánka: {meeting.committee}, {heading(meeting)}"
    assert_accessible_pdf(data, title)
    words = words_of(data)
    for expected in (
        "Radnice, malý sál, nebo",
        "https://jednani.example.cz/komise",
        "Přečtěte si prosím návrh.",
        "1. Kontrola úkolů z minula",
        "Rozeslat harmonogram",
        "2. Akční plán",
        "Eva Ukázková",
        "2.1 Připomínky",
        "Podklad: navrh-planu.pdf",
        "celkem 55 minut",
        "Pozvánka odešla 3 dny před jednáním.",
        str(chair_of(meeting.committee)),
        "v čele orgánu",
        meeting.get_absolute_url(),
    ):
        assert expected in words, expected
    assert bookmarks(data) == ["Pozvánka", "  Program", "  Podklady a vaše odpověď"]
    assert len(PdfReader(io.BytesIO(data)).pages) == 1


def test_invitation_in_time_says_nothing_of_notice(meeting):
    services.change_meeting(
        meeting,
        actor=chair_of(meeting.committee),
        starts_at=timezone.now() + datetime.timedelta(days=30),
    )
    services.call_meeting(meeting, actor=chair_of(meeting.committee))

    assert "Jednací řád žádá" not in words_of(
        printing.invitation_pdf(Meeting.objects.get(pk=meeting.pk))
    )


def test_same_meeting_gives_the_same_bytes(meeting):
    assert printing.invitation_pdf(meeting) == printing.invitation_pdf(meeting)


def test_invitation_is_made_once_and_kept(meeting, monkeypatch):
    services.call_meeting(meeting, actor=chair_of(meeting.committee), short_notice_confirmed=True)
    meeting = Meeting.objects.select_related("committee", "invitation").get(pk=meeting.pk)

    first = printing.keep_invitation(meeting)
    kept = Meeting.objects.select_related("committee", "invitation").get(pk=meeting.pk)

    def no_more(_meeting):
        raise EngineError("není třeba")

    monkeypatch.setattr(printing, "invitation_pdf", no_more)
    assert kept.invitation is not None
    assert printing.keep_invitation(kept) == first
    assert len(first) < 200 * 1024


def test_sheet_has_everybody_by_side_and_room_for_guests(meeting):
    committee = meeting.committee
    member = committee.seats.get(role=Role.MEMBER)
    SeatFactory(committee=committee, role=Role.SUBSTITUTE, substitute_for=member, side=Side.USER)
    services.add_guest(meeting, actor=chair_of(committee), name="Karla Hostinská")

    data = printing.attendance_pdf(meeting)

    assert_accessible_pdf(data, f"Prezenční listina: {committee}, {heading(meeting)}")
    words = words_of(data)
    order = [
        "Jméno", "Uživatelé a pečující", str(member.person), "Zadavatelé", "Náhradníci",
        f"zastupuje: {member.person}", "Hosté", "Karla Hostinská",
    ]  # fmt: skip
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    assert "vede agendu, nehlasuje" in words


def test_head_of_the_sheet_stands_on_every_page():
    committee = committee_at_work(members=60)
    meeting = planned(committee)

    data = printing.attendance_pdf(meeting)

    pages = text_of(data)
    assert len(pages) >= 3
    assert all("Podpis" in page for page in pages)
    words = words_of(data)
    assert all(str(seat.person) in words for seat in committee.seats.select_related("person"))
    assert_accessible_pdf(data, f"Prezenční listina: {committee}, {heading(meeting)}")


def test_sheet_is_for_who_prepares(client, meeting):
    place = f"{meeting.get_absolute_url()}prezencni-listina.pdf"
    client.force_login(chair_of(meeting.committee))

    response = client.get(place)

    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")
    client.force_login(meeting.committee.seats.get(role=Role.MEMBER).person)
    assert client.get(place).status_code == 403


def test_sheet_that_cannot_be_made_is_said_in_words(client, meeting, monkeypatch):
    def broken(_meeting):
        raise EngineError("Chybí knihovna Pango.")

    monkeypatch.setattr(printing, "attendance_pdf", broken)
    client.force_login(chair_of(meeting.committee))

    response = client.get(f"{meeting.get_absolute_url()}prezencni-listina.pdf", follow=True)

    assert "Chybí knihovna Pango." in response.content.decode()
