"""On which control lists a code stands on a day, across editions of the nomenclature.

An entry shorter than the code reaches it whole; an entry longer than the code reaches only some of
its goods, and so does one that is found through a code that was split or merged when the
nomenclature changed. A code that kept its number counts as the same: the edition of 2022 took waste
out of nearly every code of chapters 84 to 90, which made none of them another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import takewhile

from entrepot.screening.check import ListedCode
from entrepot.screening.commodity_entries import (
    CHPL,
    HS_LENGTH,
    LEVELS,
    Code,
    ControlLists,
    Entry,
    edition_of,
)
from entrepot.trade.concord import EDITIONS


def listed_codes(
    lists: ControlLists, commodity: str, classification: str | None, on: date
) -> tuple[ListedCode, ...]:
    """The entries of all lists that reach a code on a day.

    Args:
        lists: The lists.
        commodity: HS or CN code, an even number of digits.
        classification: Edition the code is meant in; open for the one in force.
        on: The day.

    Returns:
        For each list the entry that shares most digits with the code; ``is_whole`` is false where
        only some goods of the code are reached.

    Example:
        >>> from entrepot.screening.commodity_entries import control_lists
        >>> lists = control_lists(None, None)
        >>> [one.list_id for one in listed_codes(lists, "85423190", None, date(2024, 6, 1))]
        ['chpl']
    """
    edition = edition_of(classification, on)
    found: dict[str, list[tuple[tuple[bool, int, int], ListedCode]]] = defaultdict(list)
    for entry, is_whole in _reached(lists, commodity, edition, on):
        told = ListedCode(entry.list_id, entry.prefix, entry.tier, is_whole, entry.locator)
        rank = (is_whole, _shared(entry.prefix, commodity), len(entry.prefix))
        found[entry.list_id].append((rank, told))
    best = (max(rows, key=lambda row: row[0])[1] for rows in found.values())
    return tuple(sorted(best, key=lambda one: (one.list_id != CHPL, one.list_id)))


def _shared(one: str, other: str) -> int:
    """Digits that two codes begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _reached(
    lists: ControlLists, commodity: str, edition: str, on: date
) -> Iterator[tuple[Entry, bool]]:
    """Entries that reach a code directly, then those that reach it in their own edition."""
    for entry, is_whole in _direct(lists, commodity):
        if entry.stands_on(on) and entry.edition in {None, edition}:
            yield entry, is_whole
    for _, other in EDITIONS:
        if other == edition:
            continue
        held = _codes_in(lists, (edition, commodity[:HS_LENGTH]), other) or (commodity,)
        for code in held:
            kept = code == commodity[:HS_LENGTH]
            for entry, is_whole in _direct(lists, commodity if kept else code):
                if entry.edition == other and entry.stands_on(on):
                    yield entry, is_whole and (kept or len(held) == 1)


def _direct(lists: ControlLists, commodity: str) -> Iterator[tuple[Entry, bool]]:
    for length in LEVELS:
        if length <= len(commodity):
            for entry in lists.reaching.get(commodity[:length], ()):
                yield entry, entry.is_whole
    for entry in lists.within.get(commodity, ()):
        yield entry, False


def _codes_in(lists: ControlLists, start: Code, edition: str) -> tuple[str, ...]:
    """Codes of another edition that share goods with a code; none where no table joins them."""
    links = lists.later if edition > start[0] else lists.earlier
    held: set[Code] = {start}
    seen: set[Code] = set()
    while held - seen:
        now = held - seen
        seen |= now
        held |= set(_next(links, now, edition))
    return tuple(sorted(code for name, code in held if name == edition))


def _next(
    links: Mapping[Code, tuple[Code, ...]], codes: Iterable[Code], edition: str
) -> Iterator[Code]:
    for name, code in codes:
        if name != edition:
            yield from links.get((name, code), ())


def searched_on(lists: ControlLists, on: date) -> dict[str, str]:
    """The lists that are held as a whole and had a version on a day.

    Args:
        lists: The lists.
        on: The day.

    Returns:
        Version by list. The EU's annexes are held in part and are never among them.

    Example:
        >>> from entrepot.screening.commodity_entries import control_lists
        >>> searched_on(control_lists(None, None), date(2024, 6, 1))
        {'chpl': '2024-02-23'}
        >>> searched_on(control_lists(None, None), date(2022, 6, 1))
        {}
    """
    return {
        name: version
        for name, (version, since) in lists.versions.items()
        if since is None or since <= on
    }
