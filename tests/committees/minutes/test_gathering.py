"""Minutes made from the meeting: attendance, quorum, votes, tasks and votes outside meetings."""

import datetime
import time
import uuid

import pytest
from django.utils import timezone

from committees.ballots.enums import Channel
from committees.ballots.services import cast_vote
from committees.bodies.enums import Role, Side
from committees.meetings.enums import Format, MeetingState, Standing
from committees.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingTask,
    Participant,
    Presence,
)
from committees.meetings.services import live
from committees.minutes import services
from committees.minutes.gathering import content_of
from committees.minutes.layers import public_layer
from kpss import clock
from tests.committees.ballots import building
from tests.committees.minutes import held as h
from tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def plain(sentence: str) -> str:
    return sentence.replace("\xa0", " ")


def lines_of(content):
    return {line.who.name: line for side in content.sides for line in side.lines}


def test_facts_of_the_meeting_fill_themselves_in():
    held = h.hold()

    content = content_of(h.begun(held))

    lines = lines_of(content)
    assert {name: (line.standing, line.times) for name, line in lines.items()} == {
        "Jana Horáková": (Standing.PRESENT, ""),
        "Ivo Zeman": (Standing.PRESENT, "do 14:50"),
        "Dana Kanárková": (Standing.PRESENT, ""),
        "Karel Veselý": (Standing.PRESENT, "od 14:20"),
    }
    assert lines["Ivo Zeman"].organisation == "Charita Rajhrad"
    assert [line.who.name for line in content.others] == ["Eva Malá"]
    assert [who.name for who in content.guests] == [h.GUEST]
    assert content.presided.name == "Jana Horáková"
    assert content.writer.name == "Eva Malá"
    assert [item.number for item in content.items] == ["1.", "2.", "3."]
    assert [vote.number for vote in content.resolutions()] == [
        f"1/{content.year}/{n}" for n in (1, 2, 3)
    ]
    second = content.items[1]
    assert plain(second.votes[0].result) == (
        "Přijato: pro 3, proti 0, zdrželo se 0 ze 4 členů, nehlasoval 1 pro střet zájmů"
    )
    assert [(one.who.name, one.reason) for one in second.conflicts] == [
        ("Dana Kanárková", h.REASON)
    ]
    assert [task.who.name for _number, task in content.all_tasks()] == ["Dana Kanárková"]
    assert content.items[0].text.startswith("Zprávu přednesla")


def test_quorum_is_told_at_the_beginning_and_whenever_it_changes():
    body = h.committee()
    people = [h.seat(body, "Člen", f"Číslo{n}", Side.PROVIDER) for n in range(3)]
    meeting = h._meeting(body, h.YESTERDAY)
    actor = building.manager()
    steps = [(0, "come", 0), (0, "come", 1), (10, "go", 1), (20, "come", 2), (25, "go", 2)]
    with clock.at(h.YESTERDAY):
        live.start_meeting(meeting, actor=actor)
    for minute, what, who in steps:
        with clock.at(h.YESTERDAY + minute * h.MINUTE):
            one = meeting.participants.get(person=people[who])
            live.arrive(one, actor=actor) if what == "come" else live.leave(one, actor=actor)
    with clock.at(h.YESTERDAY + 30 * h.MINUTE):
        live.end_meeting(meeting, actor=actor)

    content = content_of(services.start_minutes(meeting, actor=actor))

    told = [(f"{point.at:%H:%M}", point.present, point.has_quorum) for point in content.quorum]
    assert told == [
        ("14:00", 2, True),
        ("14:10", 1, False),
        ("14:20", 2, True),
        ("14:25", 1, False),
    ]
    assert plain(content.quorum[0].sentence) == "Přítomno 2 ze 3 členů, což k usnášení stačí."


def test_substitutes_excuses_and_online_attendance():
    body = h.committee(substitutes_allowed=True)
    kept = h.seat(body, "Dana", h.SURNAME, Side.USER)
    excused = h.seat(body, "Omluvený", "Pan", Side.PROVIDER)
    absent = h.seat(body, "Chybí", "Paní", Side.COMMISSIONER)
    moved = h.seat(body, "Přešel", "Online", Side.COMMISSIONER)
    seat = body.seats.get(person=kept)
    stand_in = SeatFactory(
        committee=body, role=Role.SUBSTITUTE, side=Side.USER, substitute_for=seat
    ).person
    meeting = h._meeting(body, h.YESTERDAY)
    Meeting.objects.filter(pk=meeting.pk).update(
        format=Format.HYBRID, online_url="https://example.cz"
    )
    actor = building.manager()
    with clock.at(h.YESTERDAY):
        live.start_meeting(meeting, actor=actor)
        of = {p.person_id: p for p in meeting.participants.all()}
        live.excuse(of[excused.pk], actor=actor)
        live.arrive(of[stand_in.pk], online=True, actor=actor)
        live.arrive(of[moved.pk], actor=actor)
    with clock.at(h.YESTERDAY + 10 * h.MINUTE):
        live.arrive(of[moved.pk], online=True, actor=actor)
    with clock.at(h.YESTERDAY + 30 * h.MINUTE):
        live.end_meeting(meeting, actor=actor)

    content = content_of(services.start_minutes(meeting, actor=actor))

    lines = lines_of(content)
    assert lines["Dana Kanárková"].standing == Standing.REPRESENTED
    assert lines["Dana Kanárková"].represented_by.name == str(stand_in)
    assert lines[str(excused)].standing == Standing.EXCUSED
    assert lines[str(absent)].standing == Standing.ABSENT
    assert (lines[str(moved)].standing, lines[str(moved)].times) == (Standing.PRESENT, "")
    other = content.others[0]
    assert (other.standing, other.stands_for.name) == (Standing.ONLINE, "Dana Kanárková")
    names = {line.who.name for line in public_layer(content).others}
    assert str(stand_in) not in names  # stands for the users' side, nobody asked for the consent


def test_votes_outside_meetings_since_the_last_one_enter_by_themselves():
    held = h.hold(per_rollam_allowed=True)
    older = _closed_per_rollam(held, h.YESTERDAY - datetime.timedelta(days=30))
    first = content_of(h.begun(held))
    second_meeting = _empty_meeting(held, h.YESTERDAY + datetime.timedelta(hours=5))
    between = _closed_per_rollam(held, h.YESTERDAY + datetime.timedelta(hours=2))
    second = content_of(services.start_minutes(second_meeting, actor=held.secretary))

    assert [vote.number for vote in first.per_rollam] == [older.resolution.number]
    assert [vote.number for vote in second.per_rollam] == [between.resolution.number]
    entered = second.per_rollam[0]
    assert plain(entered.attendance) == "Odpověděli 4 ze 4 členů"
    assert {voice.choice for voice in entered.voices} == {"pro"}
    assert second.resolutions() == [entered]


def _closed_per_rollam(held, at: datetime.datetime):
    with clock.at(at - datetime.timedelta(days=10)):
        ballot = building.opened(
            held.committee, actor=held.coordinator, deadline=at, title=f"Hlasování {at:%d.%m.%H}"
        )
        for person in (held.chair, held.provider, held.kept, held.agreed):
            cast_vote(ballot, person, "pro", channel=Channel.SIGNED_IN)
    return building.closed(ballot)


def _empty_meeting(held, at: datetime.datetime) -> Meeting:
    meeting = h._meeting(held.committee, at)
    with clock.at(at):
        live.start_meeting(meeting, actor=held.coordinator)
    with clock.at(at + h.MINUTE):
        live.end_meeting(meeting, actor=held.coordinator)
    meeting.refresh_from_db()
    return meeting


@pytest.mark.parametrize("more", [0, 2])
def test_gathering_costs_the_same_queries(django_assert_num_queries, more):
    held = h.hold()
    for n in range(more):
        item = AgendaItem.objects.create(meeting=held.meeting, position=10 + n, title=f"Bod {n}")
        MeetingTask.objects.create(
            meeting=held.meeting, item=item, text="Úkol", person=held.provider, token=uuid.uuid4()
        )
    minutes = h.begun(held)

    with django_assert_num_queries(13):
        content_of(minutes)


def test_sixty_members_and_forty_items_are_gathered_quickly():
    body = h.committee()
    building.add_members(body, 60)
    meeting = h._meeting(body, h.YESTERDAY)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=n, title=f"Bod {n}") for n in range(10, 47)
    )
    ended = h.YESTERDAY + 60 * h.MINUTE
    Meeting.objects.filter(pk=meeting.pk).update(
        state=MeetingState.ENDED, started_at=h.YESTERDAY, ended_at=ended
    )
    people = Participant.objects.bulk_create(
        Participant(meeting=meeting, person=seat.person, seat=seat)
        for seat in body.seats.select_related("person")
    )
    Presence.objects.bulk_create(
        Presence(
            participant=person,
            arrived_at=h.YESTERDAY + n * h.MINUTE / 2,
            left_at=None if n % 2 else ended - n * h.MINUTE / 3,
        )
        for n, person in enumerate(people)
    )
    meeting.refresh_from_db()
    minutes = services.start_minutes(meeting, actor=building.manager())

    began = time.monotonic()
    content = content_of(minutes)
    public_layer(content)

    assert time.monotonic() - began < 2
    assert len(content.all_items()) == 40
    assert sum(len(side.lines) for side in content.sides) == 60


def test_names_follow_the_consent_of_the_day_of_writing():
    held = h.hold()
    minutes = h.begun(held)

    public = public_layer(content_of(minutes))

    assert [plain(line.who.name) for line in public.sides[0].lines] == [
        "Karel Veselý",
        "zástupce uživatelů a pečujících",
    ]
    seat = held.seat_of_agreed
    seat.name_consent_withdrawn_on = timezone.localdate()
    seat.save()
    assert "Veselý" not in str(public_layer(content_of(minutes)))
