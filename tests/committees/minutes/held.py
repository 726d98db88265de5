"""A meeting that has been held, with everything that minutes tell: made by the services of the rooms below."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils import timezone

from committees.ballots.enums import Method
from committees.bodies.enums import CommitteeKind, Role, Side, Verb
from committees.bodies.models import Committee, Seat
from committees.meetings.enums import MeetingState
from committees.meetings.models import AgendaItem, Meeting
from committees.meetings.services import live
from committees.minutes import services
from committees.minutes.document import frozen_content
from committees.minutes.enums import MinutesState
from committees.minutes.layers import public_layer
from committees.minutes.models import Minutes, MinutesVerifier
from committees.people.models import Person
from documents import store
from kpss import clock
from kpss.canonical import canonical, fingerprint
from tests.factories import (
    CommitteeFactory,
    OrganisationFactory,
    PersonFactory,
    RulesFactory,
    SeatFactory,
    stored,
)

YESTERDAY = timezone.make_aware(
    datetime.datetime.combine(timezone.localdate() - datetime.timedelta(days=1), datetime.time(14))
)
MINUTE = datetime.timedelta(minutes=1)

# Words that only members may read.
SURNAME = "Kanárková"
REASON = "Kanárčí důvod střetu"
INTERNAL = "Kanárčí neveřejný bod"
INTERNAL_TEXT = "Skupina schvaluje kanárčí tajné usnesení."
HIDDEN = "kanárčí skrytá pasáž"
GUEST = "Petr Kanárkovič"


@dataclass
class Held:
    """The meeting and its people. ``kept`` is the member on the users' side without consent."""

    meeting: Meeting
    committee: Committee
    chair: Person
    secretary: Person
    provider: Person
    kept: Person
    agreed: Person
    coordinator: Person

    @property
    def items(self) -> list[AgendaItem]:
        return list(self.meeting.items.order_by("position"))

    @property
    def seat_of_agreed(self) -> Seat:
        return self.committee.seats.get(person=self.agreed)


def committee(*, public: bool = True, kind=CommitteeKind.COMMISSION, **rules) -> Committee:
    """A committee whose rules ask for minutes in ten days."""
    body = CommitteeFactory(name="Komise pro služby", is_public=public, kind=kind)
    RulesFactory(committee=body, minutes_days=10, **rules)
    return body


def seat(body: Committee, first: str, last: str, side, role=Role.MEMBER, **values) -> Person:
    person = PersonFactory(first_name=first, last_name=last)
    return SeatFactory(committee=body, person=person, side=side, role=role, **values).person


def hold(*, public: bool = True, at: datetime.datetime = YESTERDAY, **rules) -> Held:
    """A meeting of three items (the third internal) with votes, a task, a conflict and a guest."""
    body = committee(public=public, **rules)
    held = Held(
        meeting=None,
        committee=body,
        chair=seat(body, "Jana", "Horáková", Side.PROVIDER, Role.CHAIR),
        secretary=seat(body, "Eva", "Malá", Side.COMMISSIONER, Role.SECRETARY),
        provider=seat(
            body,
            "Ivo",
            "Zeman",
            Side.PROVIDER,
            organisation=OrganisationFactory(name="Charita Rajhrad"),
        ),
        kept=seat(body, "Dana", SURNAME, Side.USER),
        agreed=seat(
            body,
            "Karel",
            "Veselý",
            Side.USER,
            name_consent_on=datetime.date(2020, 1, 1),
            name_consent_text="Souhlasím se zveřejněním jména.",
        ),
        coordinator=PersonFactory(superuser=True),
    )
    held.meeting = _meeting(body, at)
    _walk(held, at)
    held.meeting.refresh_from_db()
    return held


def hold_quietly() -> Held:
    """A meeting at which nothing was voted on, so that its minutes have two files instead of four."""
    body = committee()
    held = Held(
        meeting=None,
        committee=body,
        chair=seat(body, "Jana", "Horáková", Side.PROVIDER, Role.CHAIR),
        secretary=seat(body, "Eva", "Malá", Side.COMMISSIONER, Role.SECRETARY),
        provider=None,
        kept=None,
        agreed=None,
        coordinator=PersonFactory(superuser=True),
    )
    held.meeting = _meeting(body, YESTERDAY)
    with clock.at(YESTERDAY):
        live.start_meeting(held.meeting, actor=held.coordinator)
        live.arrive(held.meeting.participants.get(person=held.chair), actor=held.coordinator)
    with clock.at(YESTERDAY + MINUTE):
        live.end_meeting(held.meeting, actor=held.coordinator)
    held.meeting.refresh_from_db()
    return held


def _meeting(body: Committee, at: datetime.datetime) -> Meeting:
    meeting = Meeting.objects.create(
        committee=body,
        year=timezone.localdate(at).year,
        number=body.meetings.count() + 1,
        title="Akční plán",
        starts_at=at,
        place="Radnice, malý sál",
        state=MeetingState.INVITED,
        invited_at=at - datetime.timedelta(days=10),
    )
    rows = [
        ("Zpráva o plnění", "Komise bere zprávu na vědomí.", Verb.TAKES_NOTE, False),
        ("Příspěvek na dopravu", "Komise schvaluje příspěvek na dopravu.", Verb.APPROVES, False),
        (INTERNAL, INTERNAL_TEXT, Verb.APPROVES, True),
    ]
    for position, (title, proposal, verb, is_internal) in enumerate(rows, 1):
        AgendaItem.objects.create(
            meeting=meeting,
            position=position,
            title=title,
            proposal=proposal,
            verb=verb,
            is_internal=is_internal,
            presenter=f"Dana {SURNAME}" if position == 1 else "",
        )
    return meeting


def _walk(held: Held, at: datetime.datetime) -> None:
    meeting, actor = held.meeting, held.coordinator

    def of(person):
        return meeting.participants.get(person=person)

    with clock.at(at):
        live.start_meeting(meeting, actor=actor)
        for person in (held.chair, held.secretary, held.provider, held.kept):
            live.arrive(of(person), actor=actor)
        live.arrive(live.add_guest(meeting, GUEST, actor=actor), actor=actor)
    first, second, third = meeting.items.order_by("position")
    with clock.at(at + 5 * MINUTE):
        live.take_up(first, actor=actor)
        _hands(first, 3, actor=actor)
    with clock.at(at + 20 * MINUTE):
        live.arrive(of(held.agreed), actor=actor)
    with clock.at(at + 30 * MINUTE):
        live.take_up(second, actor=actor)
        live.declare_conflict(second, of(held.kept), reason=REASON, actor=actor)
        ballot = _put(second, Method.NAMED, actor)
        for person in (held.chair, held.provider, held.agreed):
            live.call_out(ballot, person, "pro", actor=actor)
        live.close_vote(ballot, actor=actor)
    with clock.at(at + 40 * MINUTE):
        live.take_up(third, actor=actor)
        _hands(third, 4, actor=actor)
        live.add_task(
            meeting,
            item=second,
            text=f"Zjistit s paní {SURNAME[:-1]}ou, kolik jízd je třeba",
            person=held.kept,
            due_on=timezone.localdate(at) + datetime.timedelta(days=30),
            token=uuid.uuid4(),
            actor=actor,
        )
    with clock.at(at + 50 * MINUTE):
        live.leave(of(held.provider), actor=actor)
    with clock.at(at + 60 * MINUTE):
        live.end_meeting(meeting, actor=actor)


def _put(item: AgendaItem, method, actor):
    return live.put_to_vote(
        item,
        title=item.title,
        text=item.proposal,
        verb=item.verb,
        method=method,
        token=uuid.uuid4(),
        actor=actor,
    )


def _hands(item: AgendaItem, votes_for: int, *, actor) -> None:
    live.count_hands(
        _put(item, Method.HANDS, actor),
        votes_for=votes_for,
        votes_against=0,
        abstained=0,
        actor=actor,
    )


def write(minutes: Minutes, actor, **texts: str) -> None:
    """Type texts: ``item_1`` is that of the first item of the agenda."""
    keys = {f"item_{n}": f"item-{i.pk}" for n, i in enumerate(items_of(minutes), 1)}
    stands = services.save_texts(minutes, {}, actor=actor).stands
    typed = {
        keys.get(name, name): services.Written(
            text, services.writing.mark(stands[keys.get(name, name)])
        )
        for name, text in texts.items()
    }
    assert not services.save_texts(minutes, typed, actor=actor).clashing


def items_of(minutes: Minutes) -> list[AgendaItem]:
    return list(minutes.meeting.items.order_by("position"))


def begun(held: Held) -> Minutes:
    """Minutes that the secretary writes; some texts are typed, one passage is hidden."""
    minutes = services.start_minutes(held.meeting, actor=held.secretary)
    write(
        minutes,
        held.secretary,
        opening="Předsedkyně přivítala přítomné.",
        item_1=f"Zprávu přednesla vedoucí odboru. [[Poznámka: {HIDDEN}.]] Diskuse byla krátká.",
        item_3=f"K bodu se mluvilo o {HIDDEN}.",
    )
    return reloaded(minutes)


def sent(held: Held, *people: Person) -> Minutes:
    """Minutes sent to verifiers, the chair unless told."""
    minutes = begun(held)
    return services.send_to_verifiers(minutes, people or [held.chair], actor=held.secretary)


def verifier_of(minutes: Minutes, person: Person) -> MinutesVerifier:
    return MinutesVerifier.objects.get(minutes=minutes, round=minutes.round, person=person)


def verified(held: Held) -> Minutes:
    """Minutes that all verifiers have confirmed."""
    minutes = sent(held)
    services.confirm(verifier_of(minutes, held.chair), actor=held.chair)
    return reloaded(minutes)


def sealed(held: Held, *, publish: bool = True) -> Minutes:
    """Minutes approved by the chair and not frozen yet; run where no worker takes the task."""
    return services.approve(verified(held), actor=held.chair, publish=publish)


def approved(held: Held, *, publish: bool = True) -> Minutes:
    """Frozen minutes with all their files."""
    minutes = sealed(held, publish=publish)
    services.finish_approval(minutes.pk)
    return reloaded(minutes)


def frozen(held: Held, *, publish: bool = True) -> Minutes:
    """As ``approved``, but with PDFs that nobody has drawn: for tests that do not read them."""
    minutes = sealed(held, publish=publish)
    public = public_layer(frozen_content(minutes))
    paper = stored()
    Minutes.objects.filter(pk=minutes.pk).update(
        state=MinutesState.APPROVED,
        pdf=paper,
        public_pdf=paper,
        extract=paper,
        public_extract=paper,
        public_content=store.put(canonical(public), content_type="application/json"),
        public_sha256=fingerprint(public),
    )
    return reloaded(minutes)


def reloaded(minutes: Minutes) -> Minutes:
    return Minutes.objects.select_related("meeting__committee", "writer").get(pk=minutes.pk)
