"""Concordances with what is known to be wrong in them put right."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from entrepot.codes.concordance import Correction

_CODE = ("classification", "commodity", "earlier_classification")
_PAIR = (*_CODE, "earlier_commodity")
_OURS = "codes/concordance_corrections.csv"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A concordance after its corrections.

    Args:
        pairs: Rows of ``concordances``.
        commodities: Codes that were corrected, ascending.
        removed_count: Pairs that were taken out; one that two files hold counts twice.
        added_count: Pairs that were put in.
    """

    pairs: pa.Table
    commodities: tuple[str, ...]
    removed_count: int
    added_count: int


def corrected(pairs: pa.Table, corrections: Collection[Correction]) -> Corrected:
    """Put the earlier code of a few codes right.

    All pairs of such a code with the edition before are taken out, and the one pair with the code
    that held its goods is put in, its relationship and ``is_main`` left open, since nobody
    published it. A table that holds this pair was mended by its publisher and is left as it is, and
    so is one that does not know the code. Stops being true for goods that did come out of one of
    the pairs taken out: single transducers that were declared as parts of another machine.

    Args:
        pairs: Rows of ``concordances``, of one file or several.
        corrections: What is to be put right.

    Returns:
        The rows and what was done to them.
    """
    done: list[Correction] = []
    removed_count = 0
    for correction in corrections:
        is_due = _is(pairs, correction, _CODE)
        if not pc.any(is_due).as_py() or pc.any(_is(pairs, correction, _PAIR)).as_py():
            continue
        removed_count += int(pc.sum(is_due).as_py())
        pairs = pairs.filter(pc.invert(is_due))
        done.append(correction)
    texts = {name: [str(getattr(entry, name)) for entry in done] for name in _PAIR}
    texts |= dict.fromkeys(("source_id", "dataset"), [_OURS] * len(done))
    columns = {
        field.name: pa.array(texts.get(field.name, [None] * len(done)), field.type)
        for field in pairs.schema
    }
    codes = tuple(sorted({entry.commodity for entry in done}))
    added = pa.table(columns, schema=pairs.schema)
    return Corrected(pa.concat_tables([pairs, added]), codes, removed_count, len(done))


def _is(pairs: pa.Table, correction: Correction, names: tuple[str, ...]) -> pa.ChunkedArray:
    """Which rows agree with a correction in some columns."""
    found = pc.equal(pairs[names[0]], getattr(correction, names[0]))
    for name in names[1:]:
        found = pc.and_(found, pc.equal(pairs[name], getattr(correction, name)))
    return found
