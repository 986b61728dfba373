"""What is no fact yet: aims, conditions, possibilities, questions; and amounts for each month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entrepot.press.anchors import word_of
from entrepot.press.article import Span
from entrepot.press.clause_around import (
    clause_around,
    is_complement,
    is_leading,
    part_before,
    pieces,
    without,
)
from entrepot.press.line import Line
from entrepot.press.told import Figure

ASKED = "it is asked, not asserted"
PLANNED = "it is an aim, an expectation or a possibility"
IMAGINED = "it is said under a condition"
PER_TIME = "it is a mean per month or other part of the time, not a sum"
_ONE_MONTH = re.compile(r"(?:\d{4}|XXXX)-(?:\d\d|XX)")
_IMAGINING = ("unreal_without", "conditional")
_SET_BETWEEN = 2  # clauses before one that hangs on them: he hopes, as he says, to …
_PER_NEAR = 30  # characters behind a figure in which "a month" stands
_RATED = frozenset({"money", "count", "percent_change"})


def unreal(at: Line, words: Span) -> str:
    """Why some words tell no fact, as far as their clause says.

    What stands before them in their clause counts, and the clause it hangs on (the aim is that …);
    what stands behind counts to the next "and" or figure.

    Args:
        at: The sentence.
        words: The words that say how much was traded, or that it rose or fell.

    Returns:
        The reason, in words; empty where nothing says so.
    """
    own = clause_around(at, words)
    ahead, behind = Span(own.start, words.end), _behind(at, words, own)
    if _is_asked(at, words, ahead):
        return ASKED
    if _is_conditional(at, own, ahead):
        return IMAGINED
    if _has_planned(at, own, (ahead, behind)):
        return PLANNED
    return PLANNED if any(_has_planned(at, x, (x,)) for x in _led_by(at, own)) else ""


def _has_planned(at: Line, clause: Span, reach: Sequence[Span]) -> bool:
    """Whether what is to come is told in a part of a clause; its verb may stand at the end."""
    words = word_of(at.scene.language, "planned")
    found = words.finditer(clause.of(at.text))
    starts = [clause.start + one.start() for one in found]
    return any(part.start <= start < part.end for start in starts for part in reach)


def _behind(at: Line, words: Span, own: Span) -> Span:
    """What stands behind some words in their clause, to the next "and" or figure."""
    ends = [one.span.start for one in at.figures if words.end < one.span.start < own.end]
    joint = word_of(at.scene.language, "and_then").search(at.text, words.end, own.end)
    ends += [joint.start()] if joint else []
    return Span(words.end, min(ends, default=own.end))


def _led_by(at: Line, own: Span) -> list[Span]:
    """The clauses that a clause hangs on, the nearest first, over what is set between."""
    found: list[Span] = []
    part = own
    for _ in range(_SET_BETWEEN):
        before = part_before(at, part)
        if before is None:
            break
        found.append(before)
        part = before
    leading = [number for number, one in enumerate(found) if is_leading(at, one)]
    if is_complement(at, own):
        return found
    return found[: leading[0] + 1] if leading else []


def _is_asked(at: Line, words: Span, ahead: Span) -> bool:
    return "?" in at.text[words.end : at.span.end] or at.has("question", ahead.start, ahead.end)


def _is_conditional(at: Line, own: Span, ahead: Span) -> bool:
    """By a word of condition here, at the head of the clause before, or by the order of words."""
    if at.has("conditional", ahead.start, ahead.end):
        return True
    if at.has("unreal_verb", own.start, own.end) and any(
        at.has(kind, near.start, near.end) for kind in _IMAGINING for near in pieces(at, own)
    ):
        return True
    inverted = word_of(at.scene.language, "inverted")
    if own.of(at.text).strip() and inverted.match(own.of(at.text).lstrip()):
        return own.start <= at.span.start + 2 or not at.text[at.span.start : own.start].strip(' "')
    before = part_before(at, own)
    if before is None or is_complement(at, own):
        return False
    head = before.of(at.text).lstrip()
    return word_of(at.scene.language, "conditional").match(head) is not None


def per_time(at: Line, figure: Figure, period: str | None) -> str:
    """Why a figure is no sum over its period: so much a month, im Monatsschnitt, в месяц.

    Args:
        at: The sentence.
        figure: The figure.
        period: What it is about; a sum over one month is a sum whatever it is called.

    Returns:
        The reason, in words; empty where it is a sum.
    """
    if figure.kind not in _RATED or (period and _ONE_MONTH.fullmatch(period)):
        return ""
    own = clause_around(at, figure.span)
    others = [one.span for one in at.figures if one.span != figure.span]
    start = max([own.start, *(x.end for x in others if x.end <= figure.span.start)])
    near = min(own.end, figure.span.end + _PER_NEAR)
    end = min([near, *(x.start for x in others if x.start >= figure.span.end)])
    text = without(at.text[start:end], at.scene.language, "only_negated")
    return PER_TIME if word_of(at.scene.language, "per_time").search(text) else ""
