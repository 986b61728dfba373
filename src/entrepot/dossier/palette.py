"""Colours of charts: which series has which, what becomes of each on a dark page, who can see it.

The first four are those of Okabe and Ito (Color Universal Design, 2008). Their further ones are too
pale for a line on white paper, so two of our own follow. Lines also differ in their dashes, dots in
their shape, so that no reader needs the colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Sight = Literal["usual", "protan", "deutan"]
Triple = tuple[float, float, float]

PAPER, CARD = "#ffffff", "#20221f"  # what charts stand on, light and dark
BLACK, BLUE, VERMILLION = "#000000", "#0072B2", "#D55E00"
GREEN, VIOLET, BROWN = "#009E73", "#7733FF", "#663300"
SERIES = (BLACK, BLUE, VERMILLION, GREEN, VIOLET, BROWN)
# Charts are described for paper. On a dark page each colour has one of like meaning.
DARK = {
    PAPER: CARD,
    "#000000": "#f2f2ec",
    "#0072b2": "#56b4e9",
    "#d55e00": "#ff9a4d",
    "#009e73": "#14b88a",
    "#7733ff": "#a07bff",
    "#663300": "#ffe14d",
    "#767676": "#a8a8a0",
    "#222222": "#ecece6",
    "#555555": "#c4c4bb",
    "#e4e4e4": "#3a3c37",
    "#e9e9e2": "#3b3e39",
    "#f7f9fb": CARD,
    "#b5b5b5": "#8b8d86",
}
# Rows give red, green and blue as seen; of linear light (Machado, Oliveira and Fernandes 2009,
# severity 1.0).
_SEEN: dict[Sight, tuple[Triple, Triple, Triple]] = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
# Linear sRGB to CIE XYZ, and the white it is seen against (D65).
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def dark(colour: str) -> str:
    """The colour of like meaning on a dark page.

    Args:
        colour: A colour of a chart, ``#rrggbb``; any other text stays as it is.

    Example:
        >>> dark("#0072B2"), dark("Declared")
        ('#56b4e9', 'Declared')
    """
    return DARK.get(colour.lower(), colour)


def dark_rules() -> str:
    """Style rules that give drawn charts their dark colours.

    Returns:
        CSS, one rule for each colour.
    """
    return "\n".join(
        f'svg.chart [{part}="{light}" i] {{ {part}: {other}; }}'
        for light, other in DARK.items()
        for part in ("fill", "stroke")
    )


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, after WCAG 2: 1 for equal ones, 21 for black on white.

    Args:
        one: A colour, ``#rrggbb``.
        other: Another.

    Example:
        >>> round(contrast("#000000", "#ffffff"))
        21
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, sight: Sight) -> float:
    """How far apart two colours look, as the distance in CIE L*a*b* (1976).

    Args:
        one: A colour, ``#rrggbb``.
        other: Another.
        sight: Who looks: ``protan`` sees no red, ``deutan`` no green.

    Example:
        >>> distance("#0072B2", "#0072B2", "protan")
        0.0
    """
    pairs = zip(_lab(one, sight), _lab(other, sight), strict=True)
    return float(sum((first - second) ** 2 for first, second in pairs) ** 0.5)


def _linear(colour: str) -> Triple:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    return _times(_XYZ, _linear(colour))[1]


def _times(rows: Sequence[Triple], colour: Triple) -> Triple:
    first, second, third = (
        sum(weight * part for weight, part in zip(row, colour, strict=True)) for row in rows
    )
    return first, second, third


def _lab(colour: str, sight: Sight) -> Triple:
    red, green, blue = (min(max(part, 0), 1) for part in _times(_SEEN[sight], _linear(colour)))
    x, y, z = (
        _root(part / white)
        for part, white in zip(_times(_XYZ, (red, green, blue)), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    bend = (6 / 29) ** 3
    return float(part ** (1 / 3)) if part > bend else part / (3 * (6 / 29) ** 2) + 4 / 29
