"""Which time a number is of, and which time it is compared with.

"From 14.5 billion in 2022 to 8.9 billion in 2023" holds an amount of its base and one of the time
of interest; "between 2021 and 2023" is, for a change, a base year and a year of interest.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from entrepot.press.around import gap
from entrepot.press.comparisons import follows, lead
from entrepot.press.line import Line
from entrepot.press.periods import Period
from entrepot.press.told import Figure, Relation

OPEN = "XXXX"  # EDTF: a year that the text does not tell
_AMOUNTS = frozenset({"money", "count"})
_CHANGES = frozenset({"pct_change", "ratio", "increase", "decrease"})
_YEARS = re.compile(r"(\d{4})/(\d{4})")
_SINCE_YEAR = re.compile(r"(\d{4})/(?:\d{4}-\d\d|\.\.)")
_OWN_REACH, _SOLE_REACH, _BASE_REACH = 6, 25, 25  # characters from an amount to its period
_TOLD = re.compile(r"\s*(?:mit|with|at|\(|\(mit|с|-|–|:)\s*")
_BETWEEN = re.compile(r"[\s,(]*(?:euros?|dollars?|Euro|Dollar|евро|долл\w*)?[\s,(]*(?:noch )?")


class When(NamedTuple):
    """The time a claim is of, and the one it is compared with.

    Args:
        period: EDTF; nothing where the sentence names none.
        baseline: The same.
        is_base: Whether the number itself is the one that another is compared with.
    """

    period: str | None
    baseline: str | None
    is_base: bool = False


def when_of(at: Line, figure: Figure, relation: Relation, carried: str | None = None) -> When:
    """Tell the time of a number and the one it is compared with.

    Args:
        at: The sentence.
        figure: The number.
        relation: What it says: a level has no base.
        carried: The period of the claim before, which goes on where the sentence names none.

    Returns:
        Both as far as the sentence tells them; the period ``XXXX`` for the base of a change whose
        year is not told.
    """
    here = [one for one in at.scene.periods if at.span.holds(one.span)]
    ends = _two_ends(at, here)
    bases = {one.span: _of_base(at, one, here) for one in at.figures if _is_base(at, one)}
    compared = {one.span for one in at.scene.baselines}
    compared |= {one.span for one in bases.values() if one is not None}
    if figure.span in bases:
        named = bases[figure.span]
        return When(named.interval if named else ends[0] if ends else OPEN, None, True)
    own = [one for one in here if one.span not in compared]
    period = _period(figure, own, here) or carried
    if relation not in _CHANGES:
        is_end = ends is not None and bool(bases) and period == f"{ends[0]}/{ends[1]}"
        return When(ends[1] if ends and is_end else period, None)
    if ends is not None and period == f"{ends[0]}/{ends[1]}":
        return When(ends[1], ends[0])
    others = [one for one in here if one.span in compared]
    base = min(others, key=lambda x: gap(x.span, figure.span)).interval if others else None
    since = _SINCE_YEAR.fullmatch(period or "")
    if base is None and since is not None and period != OPEN:
        base = since[1]
    return When(OPEN if base is not None and base == period else period, base)


def _period(figure: Figure, own: list[Period], here: list[Period]) -> str | None:
    """The period beside a number, which may be the one it is compared with; else the nearest."""
    if figure.kind == "money":
        reach = _OWN_REACH if own else _SOLE_REACH
        beside = [x for x in own or here if 0 <= x.span.start - figure.span.end < reach]
        if beside:
            return beside[0].interval
    return min(own, key=lambda x: gap(x.span, figure.span)).interval if own else None


def _two_ends(at: Line, here: list[Period]) -> tuple[str, str] | None:
    """The years of "between 2021 and 2023", as base and time of interest of a change."""
    pattern = lead(at.scene.language, "ends")
    for one in here:
        years = _YEARS.fullmatch(one.interval)
        word = one.span.of(at.text).split()[0] + " "
        if years is not None and pattern.fullmatch(word) and years[1] < years[2]:
            return years[1], years[2]
    return None


def _is_base(at: Line, figure: Figure) -> bool:
    """Whether an amount is the one that another of the same unit is compared with."""
    if figure.kind not in _AMOUNTS:
        return False
    alike = [
        one
        for one in at.figures
        if (one.kind, one.unit) == (figure.kind, figure.unit) and one.span != figure.span
    ]
    if alike and (_stands(at, figure, "base_amount") or _behind_base(at, figure) is not None):
        return True
    later = [one for one in alike if one.span.start > figure.span.end]
    return _stands(at, figure, "base_before") and any(_stands(at, x, "reached") for x in later)


def _stands(at: Line, figure: Figure, kind: str) -> bool:
    return follows(at.text, figure.span, at.scene.language, kind)


def _behind_base(at: Line, figure: Figure) -> Period | None:
    """The period compared with that stands right before an amount: than in 2022 with 340 tonnes."""
    start = figure.span.start
    found = (x for x in at.scene.baselines if at.span.start <= x.span.start < start)
    return next((x for x in found if _TOLD.fullmatch(at.text[x.span.end : start])), None)


def _of_base(at: Line, figure: Figure, here: list[Period]) -> Period | None:
    """The period told right behind the amount of the base, or right before it."""
    if (before := _behind_base(at, figure)) is not None:
        return before
    end, start = figure.span.end, figure.span.start
    for one in here:
        if 0 <= one.span.start - end < _BASE_REACH:
            if _BETWEEN.fullmatch(at.text[end : one.span.start]):
                return one
        elif 0 <= start - one.span.end < _BASE_REACH and one in at.scene.baselines:
            return one
    return None
