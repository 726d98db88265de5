"""The whole table of minutes: every role, state and step, allowed cells written by hand; and random walks."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from committees.bodies.enums import Role, Side
from committees.minutes import services
from committees.minutes.enums import MinutesState
from committees.minutes.models import Minutes, MinutesEvent, MinutesVerifier
from committees.minutes.workflow import MINUTES_WORKFLOW
from documents import store
from kpss.workflow import TransitionRefused
from tests.committees.minutes import held as h
from tests.factories import PersonFactory, SeatFactory
from tests.trials import Walk, rounds, wander

pytestmark = pytest.mark.django_db

DRAFT, VERIFYING, SEALING, APPROVED = MinutesState

# Step: the state from which it goes and the people who may take it; nothing else is allowed.
STEPS = {
    "send": (DRAFT, {"chair", "vice_chair", "secretary", "coordinator"}),
    "confirm": (VERIFYING, {"verifier"}),
    "object": (VERIFYING, {"verifier"}),
    "take_back": (VERIFYING, {"chair", "vice_chair", "secretary", "coordinator"}),
    "approve": (VERIFYING, {"chair", "vice_chair", "coordinator"}),
}
PEOPLE = [
    "chair",
    "vice_chair",
    "secretary",
    "verifier",
    "member",
    "substitute",
    "guest",
    "former_chair",
    "chair_elsewhere",
    "coordinator",
    "nobody",
]


@pytest.fixture
def idle_worker(settings):
    """Tasks are queued and nobody takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def people_of(held) -> dict:
    body = held.committee
    return {
        "chair": held.chair,
        "vice_chair": h.seat(body, "Místo", "Předseda", Side.PROVIDER, Role.VICE_CHAIR),
        "secretary": held.secretary,
        "verifier": held.provider,
        "member": held.kept,
        "substitute": h.seat(body, "Náhradní", "Člen", Side.PROVIDER, Role.SUBSTITUTE),
        "guest": h.seat(body, "Stálý", "Host", Side.PUBLIC, Role.GUEST),
        "former_chair": SeatFactory(committee=body, chair=True, ended=True).person,
        "chair_elsewhere": SeatFactory(chair=True).person,
        "coordinator": held.coordinator,
        "nobody": PersonFactory(),
    }


def in_state(held, state) -> Minutes:
    """Minutes in the state, verified by ``held.provider`` where they can be."""
    if state == DRAFT:
        return h.begun(held)
    minutes = h.sent(held, held.provider)
    if state == VERIFYING:
        return minutes
    services.confirm(h.verifier_of(minutes, held.provider), actor=held.provider)
    minutes = services.approve(minutes, actor=held.chair, publish=True)
    if state == APPROVED:
        Minutes.objects.filter(pk=minutes.pk).update(
            state=APPROVED,
            pdf=minutes.content,
            public_pdf=minutes.content,
            public_content=minutes.content,
            public_sha256="0" * 64,
        )
    return h.reloaded(minutes)


def take(step, minutes, held, actor):
    """Take the step by the service that people use."""
    if step == "send":
        return services.send_to_verifiers(minutes, [held.provider], actor=actor)
    if step == "take_back":
        return services.take_back(minutes, actor=actor, note="Ještě doplním.")
    if step == "approve":
        return services.approve(minutes, actor=actor, publish=True)
    verifier = MinutesVerifier.objects.filter(minutes=minutes).order_by("-round").first()
    if verifier is None:
        raise TransitionRefused("nobody was asked")
    if step == "confirm":
        return services.confirm(verifier, actor=actor)
    return services.object_to(verifier, actor=actor, note="Chybí usnesení.")


@pytest.mark.parametrize("state", MinutesState)
@pytest.mark.parametrize("step", STEPS)
def test_every_cell_of_the_table(idle_worker, step, state):
    held = h.hold()
    people = people_of(held)
    minutes = in_state(held, state)
    source, allowed = STEPS[step]
    done = []
    for name in PEOPLE:
        savepoint = transaction.savepoint()
        try:
            if step == "approve" and state == VERIFYING:
                services.confirm(h.verifier_of(minutes, held.provider), actor=held.provider)
            before = MinutesEvent.objects.filter(minutes=minutes, transition=step).count()
            take(step, h.reloaded(minutes), held, people[name])
            if MinutesEvent.objects.filter(minutes=minutes, transition=step).count() > before:
                done.append(name)
        except (PermissionDenied, TransitionRefused):
            pass
        finally:
            transaction.savepoint_rollback(savepoint)

    assert set(done) == (allowed if state == source else set())


@pytest.mark.parametrize("step", ["confirm", "object", "freeze", "unseal"])
def test_steps_of_machinery_are_no_buttons(idle_worker, step):
    held = h.hold()
    minutes = h.sent(held)

    offered = {o.name for o in MINUTES_WORKFLOW.available_to(held.coordinator, minutes)}

    assert MINUTES_WORKFLOW.transitions[step].internal
    assert offered == {"take_back", "approve"}


def test_an_open_meeting_cannot_have_its_minutes_sent():
    held = h.hold()
    minutes = h.begun(held)
    held.meeting.state = "running"
    held.meeting.save(update_fields=["state"])

    with pytest.raises(TransitionRefused, match="ještě běží"):
        services.send_to_verifiers(minutes, [held.chair], actor=held.secretary)


def test_minutes_with_an_open_bracket_are_not_sent():
    held = h.hold()
    minutes = h.begun(held)
    h.write(minutes, held.secretary, item_2="Začátek [[bez konce")

    with pytest.raises(TransitionRefused, match="není ukončená"):
        services.send_to_verifiers(minutes, [held.chair], actor=held.secretary)


def test_approving_waits_for_every_verifier(idle_worker):
    held = h.hold()
    minutes = h.sent(held, held.chair, held.provider)
    services.confirm(h.verifier_of(minutes, held.chair), actor=held.chair)

    with pytest.raises(TransitionRefused, match="Ivo Zeman"):
        services.approve(minutes, actor=held.chair, publish=True)

    services.confirm(h.verifier_of(minutes, held.provider), actor=held.provider)
    assert services.approve(minutes, actor=held.chair, publish=True).state == SEALING


class MinutesWalk(Walk):
    """Minutes of one meeting; people who may and may not, and the worker, whose papers are not drawn."""

    def __init__(self, dice):
        super().__init__(dice)
        self.held = h.hold()
        self.pk = h.begun(self.held).pk
        self.people = [*people_of(self.held).values()]
        self.paper = store.put(b"%PDF-1.7 zapis", content_type="application/pdf")

    @property
    def minutes(self) -> Minutes:
        return Minutes.objects.select_related("meeting__committee").get(pk=self.pk)

    def choose(self):
        """Mostly a step that leads on from where the minutes are."""
        if self.dice.random() < 0.5:
            return super().choose()
        leading = {
            DRAFT: ["send"],
            VERIFYING: ["confirm", "confirm", "approve", "object", "take_back"],
            SEALING: ["freeze", "unseal"],
            APPROVED: ["write", *STEPS],
        }
        return self.dice.choice(leading[self.minutes.state])

    def step_of_people(self, name):
        whoever = self.dice.choice(self.people)
        actor = whoever if self.dice.random() < 0.5 else _who_may(name, self.held)
        take(name, self.minutes, self.held, actor)

    def write(self):
        h.write(self.minutes, self.held.secretary, opening=f"Zahájení {self.dice.random()}.")

    def freeze(self):
        minutes = self.minutes
        files = {"pdf": self.paper, "public_pdf": self.paper, "public_content": minutes.content}
        MINUTES_WORKFLOW.advance(minutes, "freeze", changes={**files, "public_sha256": "1" * 64})

    def unseal(self):
        minutes = self.minutes
        if minutes.state != SEALING:
            raise TransitionRefused
        services.sealing._fail(minutes, "Nepovedlo se.")

    steps = {
        **{name: (1, lambda w, name=name: w.step_of_people(name)) for name in STEPS},
        "write": (1, write),
        "freeze": (1, freeze),
        "unseal": (1, unseal),
    }

    def check(self):
        _holds_together(self.minutes)

    def ends(self):
        return [self.minutes.state]


@pytest.mark.slow
def test_random_walks_break_nothing(idle_worker):
    """Trial S1: whatever order people and the worker act in, the row, its files and history agree."""
    figures = wander(MinutesWalk, seed=20261125, sequences=rounds(10_000, 64), length=12)

    assert set(figures.done) == set(MinutesWalk.steps)
    assert set(figures.ends) == set(MinutesState)


def _who_may(step, held):
    return {"send": held.secretary, "take_back": held.secretary, "approve": held.chair}.get(
        step, held.provider
    )


def _holds_together(minutes: Minutes) -> None:
    events = list(MinutesEvent.objects.filter(minutes=minutes).order_by("pk"))
    assert events[-1].to_state == minutes.state
    for before, after in zip(events, events[1:], strict=False):
        assert before.to_state == after.from_state
    is_sent = minutes.state != DRAFT
    assert bool(minutes.content_id) == bool(minutes.content_sha256) == is_sent
    assert bool(minutes.approved_at) == (minutes.state in {SEALING, APPROVED})
    assert bool(minutes.pdf_id) == (minutes.state == APPROVED)
    asked = MinutesVerifier.objects.filter(minutes=minutes)
    assert asked.count() == minutes.round
    if minutes.state in {SEALING, APPROVED}:
        assert not asked.filter(round=minutes.round, confirmed_at=None).exists()
    connection.check_constraints()
