"""When a marked item and a found one are the same: spans, numbers, people, countries, acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entrepot.press.article import LANGUAGES
from entrepot.press.exchange import Record
from entrepot.press.names import skeletons

_TOLERANCE = 0.005
_ONE_ACT = ({"say", "report"}, {"demand", "call_for"}, {"ask", "call_for"})
_UNNAMED = ("anon:", "np:")


def spans_agree(one: Record, other: Record) -> float:
    """Share of the union of two spans that both hold, 0 to 1.

    Args:
        one: An item with a span.
        other: Another.

    Example:
        >>> spans_agree({"span": {"start": 0, "end": 4}}, {"span": {"start": 2, "end": 4}})
        0.5
    """
    starts = one["span"]["start"], other["span"]["start"]
    ends = one["span"]["end"], other["span"]["end"]
    shared = max(0, min(ends) - max(starts))
    union = max(ends) - min(starts) if shared else sum(ends) - sum(starts)
    return shared / union if union else 0.0


def near(one: float | None, other: float | None) -> bool:
    """Whether two values agree to half a percent, or both are missing.

    Args:
        one: A value; its sign does not count.
        other: Another.
    """
    if one is None or other is None:
        return one is other
    return abs(abs(one) - abs(other)) <= _TOLERANCE * max(1e-9, abs(one))


def act_agrees(one: Record, other: Record) -> bool:
    """Whether the act found is the marked one or one of its alternatives.

    Args:
        one: The marked statement.
        other: The one found.
    """
    act, found = one["act"], other.get("act")
    return (
        found == act
        or found in one.get("act_alt", [])
        or any({act, found} <= alike for alike in _ONE_ACT)
    )


def same_sides(one: Record, other: Record) -> bool:
    """Whether two claims are about the same two countries; in mutual trade in either order.

    Args:
        one: The marked claim.
        other: The one found.
    """
    pairs = [[str(side.get(key)) for key in ("exporter", "importer")] for side in (one, other)]
    if "trade" in (one["flow"], other.get("flow")):
        pairs = [sorted(pair) for pair in pairs]
    return pairs[0] == pairs[1]


def same_people(
    marked: Iterable[str],
    found: Iterable[str],
    marked_names: Mapping[str, Record],
    found_names: Mapping[str, Record],
) -> bool:
    """Whether each marked entity is one of the found.

    Args:
        marked: Ids that were marked.
        found: Ids that were found.
        marked_names: Marked entities by id.
        found_names: Found entities by id.
    """
    others = [(other, found_names.get(other, {})) for other in found]
    return all(
        any(_is_same((one, marked_names.get(one, {})), other) for other in others) for one in marked
    )


def _is_same(one: tuple[str, Record], other: tuple[str, Record]) -> bool:
    """By id, persons by the consonants of their surname, all others by a name they share.

    Who is not named may be described in other words.
    """
    ids = one[0], other[0]
    if ids[0] == ids[1]:
        return True
    if ids[0].startswith("anon"):
        return ids[1].startswith(_UNNAMED)
    if all(entity.startswith("per:") for entity in ids):
        return bool(_surnames(*one) & _surnames(*other))
    return bool(_names(one[1]) & _names(other[1]))


def _all_names(entity: Mapping[str, Any]) -> list[str]:
    return [name for name in (entity.get("name"), *entity.get("names", ())) if name]


def _surnames(key: str, entity: Mapping[str, Any]) -> frozenset[str]:
    last = [name.split()[-1] for name in (key[4:].replace("_", " "), *_all_names(entity)) if name]
    return frozenset().union(*(skeletons(name, lang) for name in last for lang in LANGUAGES))


def _names(entity: Mapping[str, Any]) -> set[str]:
    return {name.casefold().removeprefix("the ") for name in _all_names(entity)}
