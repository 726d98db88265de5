"""The meetings of the demonstration district, held again by the same services on the days when they were held.

Real is only that in 2020 the commission met once in person and worked online otherwise; what was said
is invented. Run ``committees.bodies.demo.seed`` before.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from committees.ballots import services as ballots
from committees.ballots.enums import Channel, Choice, Method, Place
from committees.ballots.models import Ballot
from committees.bodies import demo as bodies_demo
from committees.bodies.enums import Verb
from committees.bodies.models import Committee
from committees.meetings.enums import Format, MeetingState, TaskState
from committees.meetings.models import AgendaItem, Meeting, Participant
from committees.meetings.services import agenda, finish_task, inviting, live, planning
from committees.people.models import Person
from kpss import clock

from .enums import MinutesState
from .models import Minutes
from .services.sealing import approve, finish_approval
from .services.verifying import confirm, send_to_verifiers
from .services.writing import Written, mark, save_texts, start_minutes

NAMESPACE = uuid.UUID("5c3b4b5e-6f0e-4f4c-8a52-3d1f4f8a2020")
ROOM = "zasedací místnost radnice, Masarykova 100, Židlochovice"
ONLINE = "https://jednani.example.cz/zidlochovicko"


@dataclass(frozen=True)
class Point:
    """One item of an agenda: what was proposed and how hands fell, what the minutes say, what is to be done."""

    title: str
    said: str
    text: str = ""
    presenter: str = ""
    minutes: int | None = None
    verb: str = ""
    proposal: str = ""
    votes: tuple[int, int, int] | None = None
    is_internal: bool = False
    tasks: tuple[tuple[str, str, datetime.date], ...] = ()


@dataclass(frozen=True)
class Held:
    """One meeting: people are named by the keys of ``bodies_demo.PEOPLE``; the others came."""

    committee: str
    starts: datetime.datetime
    format: Format
    title: str
    by: str
    excused: tuple[str, ...]
    verifier: str
    points: tuple[Point, ...]
    message: str = ""


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


def _at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(year, month, day, hour, minute))  # noqa: DTZ001


FIRST = Held(
    committee=bodies_demo.COMMISSION,
    starts=_at(2020, 2, 26, 16),
    format=Format.IN_PERSON,
    title="Ustavující jednání",
    by="ukazkova",
    excused=("vlach",),
    verifier="jurasek",
    message="Komise se sejde poprvé. Prosíme, přečtěte si předem návrh jednacího řádu.",
    points=(
        Point(
            "Zahájení a představení členů",
            "Předsedkyně přivítala přítomné a představila, co rada města od komise očekává.",
            presenter="Mgr. Helena Drápalová",
            minutes=15,
        ),
        Point(
            "Jednací řád komise",
            "Komise prošla návrh jednacího řádu. Hlasovat mimo jednání bude možné, na odpověď"
            " budou mít členové nejméně pět dnů.",
            text="Návrh vychází ze vzoru, který používají ostatní komise rady.",
            presenter="Mgr. Alena Ukázková",
            minutes=20,
            verb=Verb.APPROVES,
            proposal="Komise schvaluje svůj jednací řád.",
            votes=(8, 0, 0),
        ),
        Point(
            "Harmonogram přípravy akčního plánu na rok 2021",
            "Koordinátorka navrhla, aby pracovní skupiny projednaly první pracovní verzi v září"
            " a připomínky se vypořádaly do konce října. Bc. Jurásek upozornil, že poskytovatelé"
            " podávají v září žádosti o dotace a budou mít méně času.",
            presenter="Mgr. Alena Ukázková",
            minutes=30,
            verb=Verb.APPROVES,
            proposal="Komise schvaluje harmonogram přípravy Akčního plánu sociálních služeb na"
            " rok 2021.",
            votes=(7, 0, 1),
            tasks=(
                (
                    "Rozeslat harmonogram vedoucím pracovních skupin a starostům",
                    "ukazkova",
                    _day(2020, 3, 10),
                ),
            ),
        ),
        Point(
            "Obsazení pracovních skupin",
            "Komise prošla zájemce o práci ve skupinách. [[Dva zájemci na straně uživatelů si"
            " nepřejí, aby se o jejich zájmu vědělo.]]",
            presenter="Mgr. Alena Ukázková",
            minutes=15,
            is_internal=True,
        ),
        Point(
            "Různé",
            "Ing. Pešková požádala, aby se do plánu promítla doprava seniorů k lékaři z malých obcí.",
            minutes=10,
        ),
    ),
)

SENIORS = Held(
    committee=bodies_demo.SENIORS,
    starts=_at(2020, 9, 22, 17),
    format=Format.ONLINE,
    title="První pracovní verze akčního plánu",
    by="ukazkova",
    excused=("sedlar", "svobodnikova"),
    verifier="vavrova",
    points=(
        Point(
            "První pracovní verze akčního plánu na rok 2021",
            "Skupina prošla úkoly v prioritě 1. Chybí jí víkendová pečovatelská služba a odlehčení"
            " pro rodiny, které pečují o blízké s demencí.",
            presenter="Mgr. Lenka Vávrová, DiS.",
            minutes=45,
            tasks=(
                (
                    "Sepsat připomínky skupiny k opatřením 1.1 a 1.2",
                    "vavrova",
                    _day(2020, 10, 9),
                ),
            ),
        ),
        Point(
            "Co se povedlo letos",
            "Tísňová péče má osm nových uživatelů. [[Paní Matoušková popsala, jak se jí žije"
            " s maminkou po propuštění z nemocnice.]]",
            minutes=15,
        ),
    ),
)

FAMILIES = Held(
    committee=bodies_demo.FAMILIES,
    starts=_at(2020, 9, 24, 17),
    format=Format.ONLINE,
    title="První pracovní verze akčního plánu",
    by="ukazkova",
    excused=("vesela", "horakova"),
    verifier="safarova",
    points=(
        Point(
            "První pracovní verze akčního plánu na rok 2021",
            "Skupina doporučila, aby klub pro mládež otevřel i v Hrušovanech. Kdo zaplatí nájem,"
            " zatím není jasné.",
            presenter="Mgr. Iveta Šafářová",
            minutes=40,
            tasks=(
                (
                    "Zjistit u obce Hrušovany u Brna, zda nabídne prostory",
                    "hrdlicka",
                    _day(2020, 10, 15),
                ),
            ),
        ),
        Point("Různé", "K bodu nikdo nevystoupil.", minutes=10),
    ),
)

AMENDMENT = Held(
    committee=bodies_demo.COMMISSION,
    starts=_at(2021, 2, 24, 16),
    format=Format.ONLINE,
    title="Změna jednacího řádu a první měsíce akčního plánu",
    by="ukazkova",
    excused=("kalvoda",),
    verifier="vavrova",
    points=(
        Point(
            "Kontrola úkolů z minula",
            "Harmonogram dostali všichni starostové i vedoucí skupin.",
            presenter="Mgr. Alena Ukázková",
            minutes=5,
        ),
        Point(
            "Změna jednacího řádu",
            "Hlasování per rollam v listopadu čekalo na konec lhůty, ačkoli bylo rozhodnuto třetí"
            " den. Komise to chce změnit.",
            presenter="Mgr. Helena Drápalová",
            minutes=15,
            verb=Verb.APPROVES,
            proposal="Komise schvaluje změnu svého jednacího řádu s účinností od 1. března 2021:"
            " hlasování per rollam skončí, jakmile je o návrhu rozhodnuto.",
            votes=(7, 0, 1),
        ),
        Point(
            "První měsíce akčního plánu na rok 2021",
            "Koordinátorka shrnula, které úkoly začaly. Burza sociálních služeb se kvůli epidemii"
            " odkládá.",
            presenter="Mgr. Alena Ukázková",
            minutes=25,
        ),
    ),
)


def hold(held: Held) -> Minutes:
    """Hold the meeting again with its minutes; what stands already stays. Renders two PDFs.

    The minutes wait sealed where the PDF engine is missing.
    """
    with transaction.atomic():
        meeting = _meeting(held)
        if meeting.state == MeetingState.PLANNED:
            _call(meeting, held)
        if meeting.state == MeetingState.INVITED:
            _sit(meeting, held)
    with transaction.atomic():
        minutes = _write(meeting, held)
        _finish_tasks(meeting)
    if minutes.state == MinutesState.SEALING:
        with clock.at(held.starts + datetime.timedelta(days=5)):
            finish_approval(minutes.pk)
    return minutes


def _items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.items.order_by("position", "pk"))


def _person(key: str) -> Person:
    return bodies_demo.person_of(key)


def _meeting(held: Held) -> Meeting:
    committee = Committee.objects.get(slug=held.committee)
    token = uuid.uuid5(NAMESPACE, f"{held.committee} {held.starts.isoformat()}")
    with clock.at(held.starts - datetime.timedelta(days=14)):
        return planning.plan_meeting(
            committee=committee,
            actor=_person(held.by),
            token=token,
            starts_at=held.starts,
            ends_at=held.starts + datetime.timedelta(hours=2),
            format=held.format,
            place="" if held.format == Format.ONLINE else ROOM,
            online_url="" if held.format == Format.IN_PERSON else ONLINE,
            title=held.title,
            message=held.message,
        )


def _call(meeting: Meeting, held: Held) -> None:
    actor = _person(held.by)
    with clock.at(held.starts - datetime.timedelta(days=10)):
        # The portal itself begins an agenda with tasks that wait from the last meeting.
        for point in held.points[meeting.items.count() :]:
            agenda.add_item(
                meeting,
                actor=actor,
                title=point.title,
                text=point.text,
                presenter=point.presenter,
                minutes=point.minutes,
                verb=point.verb,
                proposal=point.proposal,
                is_internal=point.is_internal,
            )
        inviting.call_meeting(meeting, actor=actor)
    meeting.refresh_from_db()


def _sit(meeting: Meeting, held: Held) -> None:
    actor = _person(held.by)
    minute = datetime.timedelta(minutes=1)
    now = held.starts
    with clock.at(now):
        live.start_meeting(meeting, actor=actor)
        away = {_person(key).pk for key in held.excused}
        for participant in Participant.objects.filter(meeting=meeting).order_by("pk"):
            if participant.person_id in away:
                live.excuse(participant, actor=actor)
            else:
                live.arrive(participant, online=held.format == Format.ONLINE, actor=actor)
    for item, point in zip(_items(meeting), held.points, strict=True):
        now += 10 * minute
        with clock.at(now):
            live.take_up(item, actor=actor)
            if point.votes is not None:
                _vote(item, point, actor)
            for text, who, due_on in point.tasks:
                live.add_task(
                    meeting, item=item, text=text, person=_person(who), due_on=due_on,
                    token=uuid.uuid5(meeting.token, text), actor=actor,
                )  # fmt: skip
    with clock.at(now + 10 * minute):
        live.end_meeting(meeting, actor=actor)
    meeting.refresh_from_db()


def _vote(item: AgendaItem, point: Point, actor: Person) -> None:
    assert point.votes is not None
    votes_for, votes_against, abstained = point.votes
    ballot = live.put_to_vote(
        item,
        title=point.title,
        text=point.proposal,
        verb=point.verb,
        method=Method.HANDS,
        token=uuid.uuid5(item.meeting.token, point.title),
        actor=actor,
    )
    live.count_hands(
        ballot, votes_for=votes_for, votes_against=votes_against, abstained=abstained, actor=actor
    )


def _write(meeting: Meeting, held: Held) -> Minutes:
    writer, verifier = _person(held.by), _person(held.verifier)
    day = datetime.timedelta(days=1)
    with clock.at(held.starts + day):
        minutes = start_minutes(meeting, actor=writer)
        if minutes.state == MinutesState.DRAFT:
            texts = {
                f"item-{item.pk}": Written(text=point.said, seen=mark(""))
                for item, point in zip(_items(meeting), held.points, strict=True)
            }
            save_texts(minutes, texts, actor=writer)
            minutes = send_to_verifiers(minutes, [verifier], actor=writer)
    if minutes.state == MinutesState.VERIFYING:
        with clock.at(held.starts + 3 * day):
            for asked in minutes.verifiers.filter(round=minutes.round, confirmed_at=None):
                confirm(asked, actor=verifier)
        with clock.at(held.starts + 4 * day):
            minutes = approve(minutes, actor=_chair(meeting), publish=True)
    return minutes


def _finish_tasks(meeting: Meeting) -> None:
    """Everybody did on the last day what they had promised."""
    for task in meeting.tasks.filter(state=TaskState.OPEN):
        if task.due_on and task.person:
            noon = datetime.datetime.combine(task.due_on, datetime.time(12))
            with clock.at(timezone.make_aware(noon)):
                finish_task(task, actor=task.person)


def _chair(meeting: Meeting) -> Person:
    return meeting.committee.seats.on(meeting.day).get(role="chair").person


# --- What goes on now ------------------------------------------------------------------------------------------------

NEXT_TITLE = "Příprava dalšího akčního plánu"
VOTE_TITLE = "Stanovisko k rozšíření terénní odlehčovací služby"


@transaction.atomic
def go_on() -> None:
    """A meeting of the commission in a fortnight and a vote per rollam that is open now; once for ever."""
    committee = Committee.objects.get(slug=bodies_demo.COMMISSION)
    actor = bodies_demo.person_of("ukazkova")
    with clock.at(clock.now()):  # nobody of the invented people is to get a mail
        if not Meeting.objects.filter(committee=committee, title=NEXT_TITLE).exists():
            _next_meeting(committee, actor)
        if not Ballot.objects.filter(committee=committee, title=VOTE_TITLE).exists():
            _open_vote(committee, actor)


def _evening(days: int, hour: int) -> datetime.datetime:
    day = clock.today() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _next_meeting(committee: Committee, actor: Person) -> None:
    starts = _evening(15, 16)
    meeting = planning.plan_meeting(
        committee=committee,
        actor=actor,
        token=uuid.uuid5(NAMESPACE, NEXT_TITLE),
        starts_at=starts,
        ends_at=starts + datetime.timedelta(hours=2),
        format=Format.HYBRID,
        place=ROOM,
        online_url=ONLINE,
        title=NEXT_TITLE,
        message="Podklady si prosíme přečtěte předem. Kdo nemůže přijet, může se připojit na dálku.",
    )
    for title, text, presenter, minutes, internal in (
        ("Jak se plní letošní úkoly", "", "Mgr. Alena Ukázková", 30, False),
        (
            "Co mají připravit pracovní skupiny",
            "Skupiny navrhnou nejvýše pět úkolů na další rok a ke každému napíší, kdo jej udělá.",
            "Mgr. Helena Drápalová",
            40,
            False,
        ),
        ("Noví členové pracovních skupin", "", "Mgr. Alena Ukázková", 15, True),
        ("Různé", "", "", 10, False),
    ):
        agenda.add_item(
            meeting,
            actor=actor,
            title=title,
            text=text,
            presenter=presenter,
            minutes=minutes,
            is_internal=internal,
        )
    inviting.call_meeting(meeting, actor=actor)


def _open_vote(committee: Committee, actor: Person) -> None:
    ballot = ballots.prepare_ballot(
        committee,
        place=Place.PER_ROLLAM,
        title=VOTE_TITLE,
        text="Komise doporučuje radě města podpořit rozšíření terénní odlehčovací služby o jeden"
        " úvazek.",
        verb=Verb.RECOMMENDS,
        background="Poskytovatel eviduje dvanáct rodin, které na odlehčení čekají déle než šest"
        " týdnů. Žádost o zařazení do sítě kraje je třeba podat do konce měsíce.",
        deadline=_evening(7, 18),
        actor=actor,
        token=uuid.uuid5(NAMESPACE, VOTE_TITLE),
    )
    ballot = ballots.open_per_rollam(ballot, actor=actor)
    for key, choice in (
        ("jurasek", Choice.FOR),
        ("vavrova", Choice.FOR),
        ("kalvoda", Choice.ABSTAINED),
    ):
        ballots.cast_vote(ballot, bodies_demo.person_of(key), choice, channel=Channel.SIGNED_IN)
