"""The page of one person behind a personal link: answers, papers, the calendar; for nobody else, and not for ever."""

import datetime

import pytest
from django.utils import timezone
from icalendar import Calendar

from committees.bodies import seating
from committees.bodies.enums import Role
from committees.meetings import notifications, services
from committees.meetings.enums import Answer, MeetingState
from committees.meetings.models import AgendaPaper, Meeting, Participant
from committees.meetings.pages import address
from documents.store.files import put
from kpss.links import services as links
from tests.factories import PersonFactory, SeatFactory

from .tables import called, chair_of, committee_at_work, members_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@pytest.fixture
def committee():
    return committee_at_work()


@pytest.fixture
def meeting(committee):
    return called(committee)


@pytest.fixture
def member(committee):
    return members_of(committee)[0]


def link_of(meeting, person):
    """The address of the person's page, without the site."""
    url = links.url_of(notifications.personal_link(meeting, person))
    return url[url.index("/o/") :]


def paper_at(meeting, *, is_internal=True, item=None, name="podklad.pdf"):
    file = put(f"%PDF-1.7 {name}".encode(), content_type="application/pdf")
    return AgendaPaper.objects.create(
        item=item or meeting.items.first(), file=file, file_name=name, is_internal=is_internal
    )


def not_valid(client):
    return client.get("/o/neplatny/")


def test_member_answers_without_signing_in_and_changes_her_mind(client, meeting, member):
    page = link_of(meeting, member)

    first = client.get(page)
    client.post(page, {"answer": "no", "note": "Jsem v lázních."})
    excused = Participant.objects.get(meeting=meeting, person=member)
    answered = client.post(page, {"answer": "yes"}, follow=True)

    assert first.context["participant"].person == member
    assert "noindex" in first["X-Robots-Tag"]
    assert (excused.answer, excused.note) == (Answer.NO, "Jsem v lázních.")
    assert Participant.objects.get(pk=excused.pk).answer == Answer.YES
    assert answered.redirect_chain == [(page, 302)]
    assert "Přijdu" in answered.content.decode()


def test_same_answer_sent_many_times_is_one_answer(client, meeting, member):
    page = link_of(meeting, member)

    statuses = {client.post(page, {"answer": "yes"}).status_code for _click in range(20)}

    assert statuses == {302}
    assert Participant.objects.filter(meeting=meeting, person=member).count() == 1


def test_answer_that_is_not_offered_is_said_at_the_field(client, meeting, member):
    response = client.post(link_of(meeting, member), {"answer": "online"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["answer"]
    assert Participant.objects.get(meeting=meeting, person=member).answer == ""


def test_substitute_is_chosen_by_name_and_sees_the_page(client, committee, member):
    seat = SeatFactory(
        committee=committee,
        role=Role.SUBSTITUTE,
        substitute_for=committee.seats.get(person=member),
    )
    meeting = called(committee)
    page = link_of(meeting, member)

    without = client.post(page, {"answer": "substitute"})
    client.post(page, {"answer": "substitute", "substitute": seat.pk})
    services.spread(meeting.pk)
    of_substitute = client.get(link_of(meeting, seat.person))

    assert list(without.context["form"].errors) == ["substitute"]
    assert of_substitute.status_code == 200
    assert f"Zastupujete: {member}" in of_substitute.content.decode().replace("\xa0", " ")


def test_member_reads_internal_papers_and_a_guest_does_not(client, committee, meeting, member):
    chair = chair_of(committee)
    hidden = services.add_item(meeting, actor=chair, title="Kanárek uvnitř", is_internal=True)
    inside = paper_at(meeting, item=hidden, is_internal=False, name="kanarek.pdf")
    internal, public = paper_at(meeting), paper_at(meeting, is_internal=False, name="plan.pdf")
    guest = PersonFactory()
    services.add_guest(meeting, actor=chair, person=guest)
    of_member, of_guest = link_of(meeting, member), link_of(meeting, guest)

    def opened(page):
        return [
            client.get(f"{page}podklad/{paper.pk}/").status_code
            for paper in (public, internal, inside)
        ]

    assert opened(of_member) == [200, 200, 200]
    assert opened(of_guest) == [200, 404, 404]
    assert "Kanárek" in client.get(of_member).content.decode()
    assert "anárek" not in client.get(of_guest).content.decode().lower()
    assert "Kanárek" not in client.get(f"{of_guest}jednani.ics").content.decode()
    assert client.get(f"{of_guest}pozvanka.pdf").status_code == 404


def test_papers_behind_the_link_are_kept_by_no_cache(client, meeting, member):
    response = client.get(f"{link_of(meeting, member)}podklad/{paper_at(meeting).pk}/")

    assert "private, no-store" in response["Cache-Control"]


def test_calendar_behind_the_link_names_its_person(client, meeting, member):
    response = client.get(f"{link_of(meeting, member)}jednani.ics")

    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(event["attendee"]) == f"mailto:{member.email}"
    assert str(event["uid"]) == str(meeting.uid)


def test_paper_of_another_meeting_is_not_reached(client, committee, meeting, member):
    elsewhere = called(committee_at_work())

    response = client.get(f"{link_of(meeting, member)}podklad/{paper_at(elsewhere).pk}/")

    assert response.status_code == 404


def test_whose_mandate_has_ended_sees_what_anybody_sees(client, committee, meeting, member):
    page = link_of(meeting, member)
    assert client.get(page).status_code == 200
    seating.end_seat(committee.seats.get(person=member), actor=None)

    shown, sent = client.get(page), client.post(page, {"answer": "yes"})

    assert shown.status_code == sent.status_code == 404
    assert shown.content == not_valid(client).content
    assert Participant.objects.get(meeting=meeting, person=member).answer == ""


def test_link_that_is_closed_or_for_something_else_says_nothing(client, committee, meeting, member):
    page = link_of(meeting, member)
    other = links.issue("jina", person=member, about=meeting)
    wrong = links.url_of(other)
    stranger = links.url_of(notifications.personal_link(meeting, PersonFactory()))
    member.is_active = False
    member.save()

    answers = [
        client.get(url[url.index("/o/") :]) for url in (page, wrong, stranger, f"{page}podklad/1/")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {not_valid(client).content}


def test_link_lasts_until_the_end_of_the_day_after_the_meeting(meeting, member):
    link = notifications.personal_link(meeting, member)

    ends = timezone.localtime(link.expires_at)
    assert (ends.hour, ends.minute) == (0, 0)
    assert ends.date() - meeting.day == datetime.timedelta(days=2)


def test_answers_are_closed_on_the_page_too(client, committee, meeting, member):
    page = link_of(meeting, member)
    services.cancel_meeting(meeting, actor=chair_of(committee), note="Předseda onemocněl.")

    shown = client.get(page)
    sent = client.post(page, {"answer": "yes"})

    assert "Předseda onemocněl." in shown.content.decode()
    assert shown.context["form"] is None
    assert sent.status_code == 409
    assert Participant.objects.get(meeting=meeting, person=member).answer == ""


def test_meeting_under_way_has_its_own_page(client, meeting, member):
    page = link_of(meeting, member)
    Meeting.objects.filter(pk=meeting.pk).update(
        state=MeetingState.RUNNING, started_at=timezone.now()
    )

    response = client.get(page)

    assert response.status_code == 200
    assert "mine" in response.context
    assert client.get(f"{page}podklad/{paper_at(meeting).pk}/").status_code == 200


def test_same_page_stands_behind_signing_in(client, meeting, member):
    page = address("answer", meeting)
    client.force_login(member)

    response = client.post(page, {"answer": "yes"}, follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert Participant.objects.get(meeting=meeting, person=member).answer == Answer.YES
    client.force_login(SeatFactory().person)
    assert client.get(page).status_code == 404


def test_answer_page_asks_the_same_number_of_queries(
    client, committee, member, django_assert_num_queries
):
    for items in (1, 3):
        meeting = called(committee, items=items, days=10 + items)
        for item in meeting.items.all():
            paper_at(meeting, item=item, name=f"p{item.pk}.pdf")
        page = link_of(meeting, member)
        client.get(page)
        with django_assert_num_queries(11):
            client.get(page)
