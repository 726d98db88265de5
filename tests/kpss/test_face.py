"""Marks of states: a shape and a tone for every state that exists."""

import pytest
from django.template import Context, Template

from kpss.templatetags.face import MARKS, UNKNOWN, breakable_email, mark, times
from planning.approvals.enums import StepState
from planning.plans.enums import VersionState

SHAPES = {"full", "half", "ring", "cross", "pause"}
TONES = {"quiet", "action", "now", "good", "bad"}


@pytest.mark.parametrize("states", [VersionState, StepState])
def test_every_state_of_the_portal_has_a_mark(states):
    assert [state for state in states.values if state not in MARKS] == []


def test_marks_are_drawn_and_coloured():
    assert {look.shape for look in MARKS.values()} <= SHAPES
    assert {look.tone for look in MARKS.values()} <= TONES


def test_state_nobody_has_drawn_is_a_quiet_ring():
    assert mark("neznámý") == UNKNOWN


@pytest.mark.parametrize("state", sorted(MARKS))
def test_badge_says_its_state_in_a_word_and_in_a_shape(state):
    template = Template(
        '{% include "components/state_badge.html" with state=state label="slovo" only %}'
    )

    html = template.render(Context({"state": state}))

    assert "slovo" in html
    assert f"state-{MARKS[state].tone}" in html
    assert 'aria-hidden="true"' in html


def test_shapes_differ_when_the_colour_is_gone():
    drawings = set()
    for shape in SHAPES:
        template = Template('{% include "components/mark.html" with shape=shape only %}')
        drawings.add(template.render(Context({"shape": shape})))

    assert len(drawings) == len(SHAPES)


@pytest.mark.parametrize(("count", "expected"), [(3, 3), (0, 0), (None, 0), (-1, 0), ("2", 2)])
def test_times_draws_as_many_signs(count, expected):
    assert len(times(count)) == expected


def test_address_breaks_before_its_at_sign_and_stays_escaped():
    assert breakable_email("koordinatorka@example.cz") == "koordinatorka<wbr>@example.cz"
    assert breakable_email("<b>@example.cz") == "&lt;b&gt;<wbr>@example.cz"
