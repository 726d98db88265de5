"""The region's own colour made legible: contrast is measured and corrected, never taken on trust."""

from typing import NamedTuple

Rgb = tuple[float, float, float]

# The grounds on which the colour stands as text and as a button; the same as in static/css/tokens.css.
LIGHT_GROUNDS = ("#ffffff", "#f4f1ec")
DARK_GROUNDS = ("#1a1917", "#242220", "#302d29")
WHITE, BLACK = "#ffffff", "#111111"
# The portal's own colour of action, for which tokens.css has a palette made by eye.
DEFAULT = "#0b5c66"
LEGIBLE = 4.5


class Palette(NamedTuple):
    """The tokens that follow from one colour in one scheme."""

    action: str
    action_strong: str
    action_soft: str
    on_action: str

    def css(self) -> str:
        """The tokens as declarations of a style sheet."""
        return " ".join(
            f"--{name.replace('_', '-')}: {value};" for name, value in self._asdict().items()
        )


def style_sheet(colour: str) -> str:
    """The style sheet that gives the portal ``colour`` instead of its own."""
    return (
        f":root {{ {light(colour).css()} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark(colour).css()} }} }}\n"
    )


def light(colour: str) -> Palette:
    """The palette of ``colour`` ("#0b5c66") on paper: darkened until it reads as text."""
    soft = mix(colour, "#ffffff", 0.88)
    action = corrected(colour, BLACK, (*LIGHT_GROUNDS, soft))
    return Palette(action, mix(action, BLACK, 0.3), soft, WHITE)


def dark(colour: str) -> Palette:
    """The palette of ``colour`` on the dark ground: lightened until it reads as text."""
    soft = mix(colour, DARK_GROUNDS[0], 0.72)
    action = corrected(colour, WHITE, (*DARK_GROUNDS, soft))
    return Palette(action, mix(action, WHITE, 0.35), soft, BLACK)


def corrected(colour: str, towards: str, grounds: tuple[str, ...]) -> str:
    """The nearest mix of ``colour`` and ``towards`` that is legible on every one of ``grounds``."""
    for step in range(0, 101):
        candidate = mix(colour, towards, step / 100)
        if all(contrast(candidate, ground) >= LEGIBLE for ground in grounds):
            return candidate
    return towards


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of ``other`` in it."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
