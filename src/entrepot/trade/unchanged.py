"""Codes that a list of changes leaves out, because they stayed as they were."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

SIDES = (("classification", "commodity"), ("earlier_classification", "earlier_commodity"))


def steps_missing(pairs: pa.Table, editions: Sequence[str]) -> tuple[str, ...]:
    """Name the changes of edition of which no list is held.

    Args:
        pairs: Rows of ``concordances``.
        editions: Editions, each the one after the one before it.

    Returns:
        Words such as ``CN2021 to CN2022``, in order.
    """
    held = zip(pairs[SIDES[1][0]].to_pylist(), pairs[SIDES[0][0]].to_pylist(), strict=True)
    known = set(held)
    return tuple(f"{old} to {new}" for old, new in pairwise(editions) if (old, new) not in known)


def with_unchanged(pairs: pa.Table, editions: Sequence[str]) -> pa.Table:
    """Link each code with itself over every change of edition that leaves it out.

    Lists of changes of the Combined Nomenclature hold the codes that changed and no others. A code
    that changed once stayed itself in all other years, and its chain must not end there. Stops
    being true for a list that was cut down to a few goods: what it lost looks unchanged.

    Args:
        pairs: Rows of ``concordances``, with a list for every change of edition.
        editions: Editions, each the one after the one before it.

    Returns:
        The pairs between these editions, and those of codes with themselves.
    """
    steps = {(old, new): _step(pairs, old, new) for old, new in pairwise(editions)}
    held = pa.concat_tables(list(steps.values()))
    codes = {code for _, name in SIDES for code in held[name].to_pylist()}
    blank = dict.fromkeys(held.column_names)
    rows = [
        blank
        | {"classification": new, "commodity": code, "relationship": "1:1"}
        | {"earlier_classification": old, "earlier_commodity": code}
        for (old, new), step in steps.items()
        for code in sorted(codes - {c for _, name in SIDES for c in step[name].to_pylist()})
    ]
    return pa.concat_tables([held, pa.Table.from_pylist(rows, schema=held.schema)])


def _step(pairs: pa.Table, old: str, new: str) -> pa.Table:
    is_new, is_old = (
        pc.equal(pairs[name], edition) for (name, _), edition in zip(SIDES, (new, old), strict=True)
    )
    return pairs.filter(pc.and_(is_new, is_old))
