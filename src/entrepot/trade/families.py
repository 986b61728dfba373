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
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from entrepot.codes.concordance import Correction
from entrepot.errors import EstimateError
from entrepot.trade.corrected import corrected

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
        corrected_count: Codes whose links were corrected.
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
        corrected_count: Codes whose links were corrected.
    """

    codes: NDArray[np.str_]
    later: NDArray[np.intp]
    earlier: NDArray[np.intp]
    is_crossed: NDArray[np.bool_]
    is_main: NDArray[np.bool_]
    corrected_count: int


def links(pairs: pa.Table, editions: Collection[str], corrections: Collection[Correction]) -> Links:
    """Take a concordance apart, corrected as :func:`entrepot.trade.corrected.corrected` says.

    Args:
        pairs: Rows of ``concordances``, a pair once or several times.
        editions: Editions whose codes count.
        corrections: What is known to be wrong in it.

    Returns:
        The links.

    Raises:
        EstimateError: If no pair joins two of the editions.
    """
    wanted = pa.array(sorted(editions), pa.string())
    both = (pc.is_in(pairs[name], wanted) for name in ("classification", "earlier_classification"))
    held = pairs.filter(pc.and_(*both))
    if not held.num_rows:
        raise EstimateError(
            f"the lake holds no concordance between {sorted(editions)}. Ingest the UN's table."
        )
    done = corrected(held, corrections)
    return _links(done.pairs, len(done.commodities))


def _links(pairs: pa.Table, count: int) -> Links:
    ends = [
        pc.binary_join_element_wise(pairs[edition], pairs[code], " ").to_numpy().astype(str)
        for edition, code in (
            ("classification", "commodity"),
            ("earlier_classification", "earlier_commodity"),
        )
    ]
    codes, places = np.unique(np.concatenate(ends), return_inverse=True)
    is_crossed, is_main = (
        pc.fill_null(column, fill_value=False).to_numpy()
        for column in (pc.equal(pairs["relationship"], "n:n"), pairs["is_main"])
    )
    # Tables that hold one pair agree or say less; a main link stays one.
    key, group = np.unique(places.reshape(2, -1), axis=1, return_inverse=True)
    crossed, main = np.zeros((2, key.shape[1]), np.bool_)
    np.logical_or.at(crossed, group.ravel(), is_crossed)
    np.logical_or.at(main, group.ravel(), is_main)
    return Links(codes, key[0], key[1], crossed, main, count)


def names(found: Links, rule: Rule, to: str, largest: int = LARGEST) -> Names:
    """Name every code.

    - ``exact``: the code of edition ``to`` that held all of a later code's goods, and no other
      did (pairs 1:1 and n:1), or that alone took over an earlier code; null elsewhere.
    - ``main``: the same, and the earlier code to which the publisher sends a later code's whole
      trade where it was drawn from several.
    - ``family``: all codes that are linked, directly or through others, go under the smallest of
      their codes of edition ``to`` with an ``F`` before it; a code with no link but to itself
      keeps its name. Where that joins more than ``largest`` codes, n:n links among them are cut,
      but not those of a code with itself, nor main ones. A family without a code of that edition
      takes its smallest code, with the edition behind it where another family has that name.

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
    edition, text = np.array([code.split(" ") for code in found.codes]).T
    is_same = text[found.later] == text[found.earlier]
    is_cut = is_large & found.is_crossed & ~found.is_main & ~is_same
    labels = _components(found, ~is_cut)
    # The smallest code of the edition wanted; a family without one takes its smallest code.
    order = np.lexsort((text, ~is_wanted, labels))
    first = order[np.unique(labels[order], return_index=True)[1]]
    distinct = np.unique(np.stack([labels, np.unique(text, return_inverse=True)[1]]), axis=1)
    mark = np.where(np.bincount(distinct[0]) == 1, "", "F")
    name = np.char.add(mark, text[first])
    _, group, count = np.unique(name, return_inverse=True, return_counts=True)
    is_taken = (count[group] > 1) & ~is_wanted[first]
    tail = np.where(is_taken, np.char.add(".", edition[first]), "")
    return np.char.add(name, tail)[labels].tolist(), int(is_cut.sum())


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
