"""Counts of what was read rightly, beside what a reader marked by hand.

A found item belongs to a marked one where their spans agree: statements where half of the union is
shared, all else where a character is; of several the best agreement counts first. Items marked
optional are neither demanded nor punished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from entrepot.bench.press_alike import act_agrees, near, same_people, same_sides, spans_agree
from entrepot.press.exchange import Record

Agrees = Callable[[Record, Record], float]
HALF = 0.5
_META = ("title", "dateline", "place", "date", "agency", "origin_lang")


@dataclass(slots=True)
class Counts:
    """How often something was found and right.

    Args:
        right: Found and marked.
        wrong: Found, not marked.
        missed: Marked, not found.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the found that is right; 0 where nothing is found."""
        found = self.right + self.wrong
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        """Share of the marked that is found; 0 where nothing is marked."""
        marked = self.right + self.missed
        return self.right / marked if marked else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Scores:
    """Counts by what is scored, over all texts and by language (``claim core [ru]``)."""

    counts: dict[str, Counts] = field(default_factory=dict)

    def add(self, name: str, right: int, wrong: int, missed: int) -> None:
        """Add to one line.

        Args:
            name: What is scored.
            right: Found and marked.
            wrong: Found, not marked.
            missed: Marked, not found.
        """
        line = self.counts.setdefault(name, Counts())
        line.right += right
        line.wrong += wrong
        line.missed += missed

    def add_pairs(self, name: str, pairs: _Pairs, agrees: Agrees, language: str) -> None:
        """Count pairs as right where they also agree in something else.

        Args:
            name: What is scored.
            pairs: Marked and found items with their partners.
            agrees: What must hold of a pair.
            language: Language of the text.
        """
        right = sum(
            not marked.get("optional") and bool(agrees(marked, found))
            for marked, found in pairs.both
        )
        wrong = len(pairs.alone) + sum(
            not (marked.get("optional") or agrees(marked, found)) for marked, found in pairs.both
        )
        for line in (name, f"{name} [{language}]"):
            self.add(line, right, wrong, pairs.demanded - right)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Marked items with what was found for them, found ones without a partner, and the demand."""

    both: list[tuple[Record, Record]]
    alone: list[Record]
    demanded: int


def _paired(marked: list[Record], found: list[Record], agreement: Agrees) -> _Pairs:
    """Pair the best agreements first; an agreement of 0 is none."""
    ranked = sorted(
        (
            (weight, at, to)
            for at, one in enumerate(marked)
            for to, other in enumerate(found)
            if (weight := agreement(one, other)) > 0
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for _, at, to in ranked:
        if at not in partner and to not in partner.values():
            partner[at] = to
    taken = set(partner.values())
    return _Pairs(
        [(marked[at], found[to]) for at, to in partner.items()],
        [other for to, other in enumerate(found) if to not in taken],
        sum(not one.get("optional") for one in marked),
    )


def score(marked: Record, found: Record, scores: Scores) -> None:
    """Compare one text's reading with its marks.

    Args:
        marked: What a reader marked by hand.
        found: What was read, in the same schema.
        scores: Where the counts go.
    """
    sides = _Sides(marked, found)
    _score_statements(sides, scores)
    _score_figures(sides, scores)
    _score_claims(sides, scores)
    _score_events(sides, scores)
    for key in _META:
        one, other = _words(marked["meta"].get(key)), _words(found.get("meta", {}).get(key))
        is_same = one is not None and one == other
        wrong, missed = other is not None and not is_same, one is not None and not is_same
        scores.add(f"meta {key}", int(is_same), int(wrong), int(missed))


class _Sides:
    """The two readings of one text and the entities that each names."""

    def __init__(self, marked: Record, found: Record) -> None:
        self.marked, self.found = marked, found
        self.language = str(marked["lang"])
        self._entities = [
            {one["id"]: one for one in side.get("entities", [])} for side in (marked, found)
        ]

    def items(self, kind: str) -> tuple[list[Record], list[Record]]:
        return self.marked[kind], self.found.get(kind, [])

    def people(self, marked: Iterable[str], found: Iterable[str]) -> bool:
        """Whether each marked entity is among the found."""
        return same_people(marked, found, self._entities[0], self._entities[1])

    def speaker(self, marked: Record, found: Record) -> bool:
        one, other = marked["speaker"], found["speaker"]
        return len(one) == len(other) and self.people(one, other)


def _score_statements(sides: _Sides, scores: Scores) -> None:
    def agreement(one: Record, other: Record) -> float:
        shared = spans_agree(one, other)
        better = 0.3 * sides.speaker(one, other) - 0.2 * bool(one.get("optional"))
        return shared + better if shared >= HALF else 0.0

    pairs = _paired(*sides.items("statements"), agreement)
    lines: dict[str, Agrees] = {
        "": lambda _, __: True,
        "+speaker": sides.speaker,
        "+speaker+act": lambda one, other: sides.speaker(one, other) and act_agrees(one, other),
        "+mode": lambda one, other: one["mode"] == other.get("mode"),
    }
    for name, agrees in lines.items():
        scores.add_pairs(f"statement span{name}", pairs, agrees, sides.language)


def _score_figures(sides: _Sides, scores: Scores) -> None:
    def agreement(one: Record, other: Record) -> float:
        return spans_agree(one, other) if near(one["value"], other.get("value")) else 0.0

    def whole(one: Record, other: Record) -> bool:
        return all(one[key] == other.get(key) for key in ("unit", "kind", "rel"))

    pairs = _paired(*sides.items("figures"), agreement)
    scores.add_pairs("figure value", pairs, lambda _, __: True, sides.language)
    scores.add_pairs("figure value+unit+kind+rel", pairs, whole, sides.language)


def _score_claims(sides: _Sides, scores: Scores) -> None:
    def core(one: Record, other: Record) -> bool:
        is_same = one["relation"] == other.get("relation") and same_sides(one, other)
        return is_same and near(one["value"], other.get("value"))

    def full(one: Record, other: Record) -> bool:
        product = (other.get("product") or {}).get("key")
        signs = [(side.get("value") or 0) < 0 for side in (one, other)]
        alike = all(one[key] == other.get(key) for key in ("polarity", "comparison"))
        return alike and one["product"]["key"] == product and signs[0] == signs[1]

    def agreement(one: Record, other: Record) -> float:
        shared = spans_agree(one, other)
        return full(one, other) + 0.1 * shared if shared and core(one, other) else 0.0

    def dated(one: Record, other: Record) -> bool:
        return one["period"] is None or one["period"] == other.get("period")

    pairs = _paired(*sides.items("claims"), agreement)
    scores.add_pairs("claim core", pairs, lambda _, __: True, sides.language)
    scores.add_pairs("claim full", pairs, full, sides.language)
    scores.add_pairs("claim core+period", pairs, dated, sides.language)


def _score_events(sides: _Sides, scores: Scores) -> None:
    def agreement(one: Record, other: Record) -> float:
        kinds = one["plover"]["type"], (other.get("plover") or {}).get("type")
        return spans_agree(one, other) if kinds[0] == kinds[1] else 0.0

    def taking_part(one: Record, other: Record) -> bool:
        return sides.people(one["participants"], other.get("participants", []))

    if not sides.marked["events"]:
        return
    pairs = _paired(*sides.items("events"), agreement)
    scores.add_pairs("event type", pairs, lambda _, __: True, sides.language)
    scores.add_pairs("event type+participants", pairs, taking_part, sides.language)


def _words(value: Any) -> Any:
    return value["text"] if isinstance(value, dict) else value
