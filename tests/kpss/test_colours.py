"""Colours that can be read: the portal's own and any that a region may choose."""

import re

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from kpss import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEXTS = ["ink", "ink-soft", "action", "action-strong", "now", "good", "bad"]
GROUNDS = ["paper", "ground", "action-soft", "now-soft", "good-soft", "bad-soft"]
FILLED = [
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-now", "now-fill"),
    ("on-bad", "bad-fill"),
]
EDGES = ["line-strong", "focus", "good-fill", "part-fill", "bad-fill", "now-fill"]


def tokens(scheme: str) -> dict[str, str]:
    """The colours of tokens.css in the light or the dark scheme."""
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light, dark = css.split("prefers-color-scheme: dark")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return (
        found
        if scheme == "light"
        else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ffffff", "#0000ff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert colours.contrast(one, other) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_the_portal_is_legible(scheme):
    colour = tokens(scheme)

    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + FILLED
    weak = [(a, b) for a, b in pairs if colours.contrast(colour[a], colour[b]) < 4.5]
    faint = [
        (edge, ground)
        for edge in EDGES
        for ground in ("paper", "ground")
        if colours.contrast(colour[edge], colour[ground]) < 3
    ]

    assert weak == []
    assert faint == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_corrected_colours_are_measured_on_the_grounds_that_pages_have(scheme):
    colour = tokens(scheme)

    if scheme == "light":
        assert (colour["paper"], colour["ground"]) == colours.LIGHT_GROUNDS
        assert colour["action"] == colours.DEFAULT
    else:
        assert (colour["paper"], colour["ground"], colour["ground-deep"]) == colours.DARK_GROUNDS


@given(COLOURS)
@example("#ffcc00")
@example("#ffffff")
@example("#000000")
def test_any_colour_of_a_region_becomes_legible(colour):
    for palette, grounds in (
        (colours.light(colour), colours.LIGHT_GROUNDS),
        (colours.dark(colour), colours.DARK_GROUNDS),
    ):
        for ground in (*grounds, palette.action_soft):
            assert colours.contrast(palette.action, ground) >= 4.5
        assert colours.contrast(palette.on_action, palette.action) >= 4.5
        assert colours.contrast(palette.on_action, palette.action_strong) >= 4.5
        assert colours.contrast(palette.action_strong, palette.action_soft) >= 4.5


def test_a_legible_colour_stays_as_the_region_chose_it():
    assert colours.light("#7a1f1f").action == "#7a1f1f"
    assert colours.light("#ffcc00").action != "#ffcc00"


def test_style_sheet_sets_the_tokens_of_both_schemes():
    css = colours.style_sheet("#7a1f1f")

    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")
    assert "--action: #7a1f1f;" in light
    assert f"--action: {colours.dark('#7a1f1f').action};" in dark
