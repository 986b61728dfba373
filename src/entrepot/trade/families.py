"""Codes of several editions of a nomenclature brought under one name.

A concordance is small and its links must be followed to their end, so this is done on arrays
(columns fetched once); what comes out is a table that flows are joined with.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from entrepot.codes.concordance import Correction
from entrepot.errors import EstimateError

Rule = Literal["exact", "main", "family"]
RULES: tuple[Rule, ...] = ("exact", "main", "family")
# Waste, display modules and drones of HS 2022 were drawn from hundreds of codes: followed to their
# end, they make one family of 2,258 codes, which says nothing.
LARGEST = 30
_NONE = -1


@dataclass(frozen=True, slots=True)
class Names:
    """Under which name each code of each edition goes.

    Args:
        table: ``edition``, ``commodity`` and ``name``, null where the rule has none.
        corrected_count: Main links that were corrected.
        cut_count: Links that were cut because their family would have been too large.
    """

    table: pa.Table
    corrected_count: int
    cut_count: int


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of codes as places among all codes; arrays of pairs have shape [m].

    Args:
        codes: Edition and code, separated by a blank, ascending, shape [n].
        later: Place of the later code.
        earlier: Place of the earlier code.
        is_crossed: Whether the publisher calls the pair ``n:n``.
        is_main: Whether all trade of the later code is sent there.
        corrected_count: Main links that were corrected.
    """

    codes: NDArray[np.str_]
    later: NDArray[np.intp]
    earlier: NDArray[np.intp]
    is_crossed: NDArray[np.bool_]
    is_main: NDArray[np.bool_]
    corrected_count: int


def links(pairs: pa.Table, editions: Collection[str], corrections: Collection[Correction]) -> Links:
    """Take a concordance apart, main links corrected.

    A correction holds only where the table says what it corrects: a table that was mended, or
    says nothing of main links, is left as it is.

    Args:
        pairs: Rows of ``concordances``, a pair once or several times.
        editions: Editions whose codes count.
        corrections: Corrections of main links.

    Returns:
        The links.

    Raises:
        EstimateError: If no pair joins two of the editions.
    """
    columns = {name: np.array(pairs[name].to_pylist(), dtype=object) for name in pairs.column_names}
    both = np.isin(columns["classification"], [*editions]) & np.isin(
        columns["earlier_classification"], [*editions]
    )
    if not both.any():
        raise EstimateError(
            f"the lake holds no concordance between {sorted(editions)}. Ingest the UN's table."
        )
    columns = {name: column[both] for name, column in columns.items()}
    earlier = columns["earlier_commodity"].copy()
    is_main = columns["is_main"] == True  # noqa: E712 - null is no main link
    corrected: set[str] = set()
    for correction in corrections:
        is_due = (
            is_main
            & (columns["classification"] == correction.classification)
            & (columns["commodity"] == correction.commodity)
            & (columns["earlier_classification"] == correction.earlier_classification)
            & (earlier == correction.published)
        )
        earlier[is_due] = correction.earlier_commodity
        corrected |= {correction.commodity} if is_due.any() else set()
    return _links({**columns, "is_main": is_main}, earlier, len(corrected))


def _links(
    columns: dict[str, NDArray[np.object_]], earlier: NDArray[np.object_], count: int
) -> Links:
    later = columns["classification"].astype(str) + np.array(" ") + columns["commodity"].astype(str)
    before = columns["earlier_classification"].astype(str) + np.array(" ") + earlier.astype(str)
    codes, places = np.unique(np.concatenate([later, before]), return_inverse=True)
    pair = places.reshape(2, -1)
    is_crossed = columns["relationship"] == "n:n"
    # Tables that hold one pair agree or say less; a main link stays one.
    key, first, group = np.unique(pair, axis=1, return_index=True, return_inverse=True)
    main = np.zeros(key.shape[1], np.bool_)
    np.logical_or.at(main, group.ravel(), columns["is_main"].astype(np.bool_))
    return Links(codes, key[0], key[1], is_crossed[first], main, count)


def names(found: Links, rule: Rule, to: str, largest: int = LARGEST) -> Names:
    """Name every code.

    - ``exact``: the code of edition ``to`` that held all of a later code's goods, and no other
      did (pairs 1:1 and n:1), or that alone took over an earlier code; null elsewhere.
    - ``main``: the same, and the earlier code to which the publisher sends a later code's whole
      trade where it was drawn from several.
    - ``family``: all codes that are linked, directly or through others, go under the smallest of
      their codes of edition ``to`` with an ``F`` before it; a code with no link but to itself
      keeps its name. Where that joins more than ``largest`` codes, n:n links among them are cut.

    Stops being true where a link is cut, and under ``main`` where the trade of a code came from
    several earlier ones: drones go to cameras whole.

    Args:
        found: The links.
        rule: One of the three.
        to: Edition whose codes are the names.
        largest: Codes of one family at most, under ``family``.

    Returns:
        The names.

    Raises:
        EstimateError: If no code belongs to the edition asked for.

    Source:
        Pierce and Schott, "A concordance between ten-digit US Harmonized System codes and SIC/NAICS
        product classes", Journal of Economic and Social Measurement 37 (2012); Van Beveren, Bernard
        and Vandenbussche, "Concording EU trade and production data over time", NBER 18604 (2012).
    """
    edition = np.array([code.split(" ")[0] for code in found.codes])
    if not (edition == to).any():
        raise EstimateError(
            f"the edition asked for is {to!r}, expected one of {sorted(set(edition))}, those of "
            "the concordances in the lake."
        )
    cut_count = 0
    if rule == "family":
        name, cut_count = _families(found, edition == to, largest)
    else:
        name = _chains(found, edition, to, takes_main=rule == "main")
    table = pa.table(
        {
            "edition": pa.array(edition, pa.string()),
            "commodity": pa.array([code.split(" ")[1] for code in found.codes], pa.string()),
            "name": pa.array(name, pa.string()),
        }
    )
    return Names(table, found.corrected_count, cut_count)


def _families(
    found: Links, is_wanted: NDArray[np.bool_], largest: int
) -> tuple[list[str | None], int]:
    labels = _components(found, np.ones(len(found.later), np.bool_))
    is_large = np.bincount(labels)[labels[found.later]] > largest
    is_cut = is_large & found.is_crossed & ~found.is_main
    labels = _components(found, ~is_cut)
    text = np.array([code.split(" ")[1] for code in found.codes])
    # The smallest code of the edition wanted; a family without one takes its smallest code.
    order = np.lexsort((text, ~is_wanted, labels))
    first = order[np.unique(labels[order], return_index=True)[1]]
    distinct = np.unique(np.stack([labels, np.unique(text, return_inverse=True)[1]]), axis=1)
    is_alone = np.bincount(distinct[0])[labels] == 1
    head = text[first][labels]
    return [code if alone else f"F{code}" for code, alone in zip(head, is_alone, strict=True)], int(
        is_cut.sum()
    )


def _components(found: Links, is_kept: NDArray[np.bool_]) -> NDArray[np.intp]:
    size = len(found.codes)
    ends = (found.later[is_kept], found.earlier[is_kept])
    graph = coo_array((np.ones(int(is_kept.sum())), ends), shape=(size, size))
    labels: NDArray[np.intp] = connected_components(graph, directed=False)[1].astype(np.intp)
    return labels


def _chains(
    found: Links, edition: NDArray[np.str_], to: str, *, takes_main: bool
) -> list[str | None]:
    """Follow each code back to the edition, and earlier codes forward, one link at a time."""
    size = len(found.codes)
    before, after = np.full(size, _NONE, np.intp), np.full(size, _NONE, np.intp)
    back = np.bincount(found.later, minlength=size)[found.later] == 1
    before[found.later[back]] = found.earlier[back]
    if takes_main:
        before[found.later[found.is_main]] = found.earlier[found.is_main]
    forth = np.bincount(found.earlier, minlength=size)[found.earlier] == 1
    after[found.earlier[forth]] = found.later[forth]
    is_there = edition == to
    place = np.full(size, _NONE, np.intp)
    place[is_there] = np.flatnonzero(is_there)
    for step in (before, after):
        at = np.where(is_there, _NONE, step)
        for _ in range(len(set(edition))):
            done = (at != _NONE) & is_there[at]
            place = np.where((place == _NONE) & done, at, place)
            at = np.where((at == _NONE) | done, _NONE, step[at])
    return [None if at == _NONE else str(found.codes[at]).split(" ")[1] for at in place]
