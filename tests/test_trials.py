"""The walker of random sequences notices a fault, can repeat it, and leaves nothing behind."""

import pytest

from committees.bodies.models import Committee
from kpss.workflow import TransitionRefused
from tests.factories import CommitteeFactory
from tests.trials import Walk, rounds, wander

pytestmark = pytest.mark.django_db


class CountingWalk(Walk):
    """Committees are founded and counted; more than ``most`` of them are a fault."""

    most = 5

    def __init__(self, dice):
        super().__init__(dice)
        self.memory.founded = 0

    def found(self):
        CommitteeFactory()
        self.memory.founded += 1

    def refuse(self):
        CommitteeFactory()
        raise TransitionRefused

    steps = {"found": (1, found), "look": (3, lambda walk: None)}

    def check(self):
        assert Committee.objects.count() == self.memory.founded <= self.most

    def ends(self):
        return [str(self.memory.founded)]


class LeakingWalk(CountingWalk):
    """What is refused leaves a trace."""

    most = 100
    steps = {**CountingWalk.steps, "refuse": (1, CountingWalk.refuse)}


class OrderlyWalk(CountingWalk):
    most = 100


def note_of(walk, seed: int) -> list[str]:
    with pytest.raises(AssertionError) as raised:
        wander(walk, seed=seed, sequences=50, length=12)
    return raised.value.__notes__


def test_database_and_memory_go_back_together():
    figures = wander(OrderlyWalk, seed=1, sequences=50, length=12)

    assert figures.sequences == figures.ends.total() == 50
    assert len(figures.ends) > 3
    assert not Committee.objects.exists()


@pytest.mark.parametrize("walk", [CountingWalk, LeakingWalk])
def test_a_fault_is_told_with_its_seed_and_steps_and_can_be_repeated(walk, monkeypatch):
    monkeypatch.delenv("KPSS_SEED", raising=False)
    [note] = note_of(walk, seed=7)

    assert note.startswith("Seed 7, sequence ")
    assert "found" in note
    assert note_of(walk, seed=7) == [note]


def test_full_figures_are_run_when_asked_for(monkeypatch):
    monkeypatch.delenv("KPSS_TRIALS", raising=False)
    everyday = rounds(100, 5)
    monkeypatch.setenv("KPSS_TRIALS", "full")

    assert (everyday, rounds(100, 5)) == (5, 100)
