"""UN Comtrade as text: the download page, bulk files, and tidied copies; and rows of any of them.

What the layouts do that a reader must know:

- Levels overlap: a heading of four digits stands beside its subheadings, and ``TOTAL`` beside
  both. They are different commodities here; nothing is added across levels.
- A line may be for one mode of transport or customs procedure. Where a line for all of them is
  there too it is kept alone; otherwise modes are summed and procedures kept.
- ``partnerCode`` 0 is the world and never enters ``flows``; neither do groups. ``partner2Code``
  0 or nothing is ``_T``; lines by consignment stay beside it, told apart by ``partner2``.
- Areas are numbered by M49 with exceptions (``codes/comtrade_areas.csv``); "areas nes", stores
  and countries that are no more become ``_X``, and lines that then share a key are summed.
- Dollars. ``primaryValue`` is the CIF value of imports and the FOB value of exports; a few
  countries declare imports FOB, which the columns ``cifvalue`` and ``fobvalue`` tell.
- The United Nations estimate kilograms and quantities that were not reported from usual unit
  values. A unit value computed from them would only return the estimate: they are left open.
- Flows by processing procedure (MIP, XIP, MOP, XOP) are parts of M and X and are counted only.
- Old and saved files hold Latin-1 bytes in names (Curaçao); names are never read.
- No layout states when the data were published. The publisher's names of bulk files do
  (``COMTRADE-FINAL-CM504200003H1[2023-01-03].gz``); elsewhere the day of retrieval is the vintage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entrepot.errors import SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.coded import (
    Bools,
    Coded,
    Floats,
    Places,
    groups_of,
    has_repeats,
    key_of,
    sums_of,
)
from entrepot.sources.comtrade_layout import layout_of
from entrepot.sources.comtrade_lines import Lines, lines_of
from entrepot.sources.delimited import NUMBER, TEXT, head_of, read_columns
from entrepot.sources.line_checks import refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "comtrade_csv"
DATASET = "comtrade"
PUBLISHER = "United Nations Statistics Division, UN Comtrade"
LICENCE = "UN Comtrade policy on use and re-dissemination: analysis free, re-dissemination limited"

BATCH_ROWS = 500_000  # a compromise: few batches, and little memory for their repeated text

_RELEASED = re.compile(r"^COMTRADE-.+\[(\d{4}-\d{2}-\d{2})\]")
NUMBERS = {"value", "cif", "fob", "weight", "quantity"}
_KEY = (
    *("freq", "period", "reporter", "partner", "partner2", "flow", "classification"),
    *("commodity", "customs"),
)
# What names a line of the file; the last three are what a line may be a part by.
_LINE = (*_KEY[1:], "mode", "supply")
_WORDS = {"mode": "mode of transport", "customs": "customs procedure"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of ``flows``, as codes and amounts; all arrays have shape [n].

    Args:
        text: Columns of the key, and ``unit``.
        value: Value in US dollars.
        net_weight: Kilograms; NaN where open.
        quantity: Supplementary quantity; NaN where open.
        is_cif: Whether freight to the border is in the value.
    """

    text: Mapping[str, Coded]
    value: Floats
    net_weight: Floats
    quantity: Floats
    is_cif: Bools


def read_comtrade(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read a file of UN Comtrade, in any of its layouts, plain or compressed with gzip.

    Args:
        source: The file.
        on_progress: Told after every half million rows.

    Returns:
        A reading of ``flows`` in US dollars, with kilograms and quantities where reported.

    Raises:
        SourceError: If the file is damaged or anything in it is not as documented above.
    """
    head = head_of(source.path)
    _, columns = layout_of(source.name, head)
    types = {theirs: NUMBER if ours in NUMBERS else TEXT for ours, theirs in columns.items()}
    lines = lines_of(source, read_columns(source, head, types), columns)
    return reading_of(source, READER, batches_of(source, lines, on_progress))


def reading_of(source: SourceFile, reader: str, batches: Iterator[Batch]) -> Reading:
    """Say what a file of UN Comtrade is, whatever it was written in.

    Args:
        source: The file.
        reader: Name of the reader that understood it.
        batches: Its rows.

    Returns:
        A reading of ``flows``.
    """
    released = _RELEASED.search(source.name)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=released.group(1) if released else f"{source.retrieved_at:%Y-%m-%d}",
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=reader,
        batches=batches,
    )


def batches_of(source: SourceFile, lines: Lines, on_progress: OnProgress) -> Iterator[Batch]:
    """Turn lines into rows of ``flows``: sums and parts told apart, lines of one key summed.

    Args:
        source: The file.
        lines: Its lines.
        on_progress: Told after every half million rows.

    Yields:
        The rows, and with the first of them what did not become one.

    Raises:
        SourceError: If a line stands twice, or modes of transport are valued differently.
    """
    key = key_of([lines.text[name] for name in _KEY])
    kept, skipped = _judged(source, lines, key)
    rows = _summed(source, lines, kept, key[kept])
    skipped["summed with another line of the same key"] = len(kept) - len(rows.value)
    counted = {why: count for why, count in skipped.items() if count}
    starts = range(0, max(len(rows.value), 1), BATCH_ROWS)
    for done, start in enumerate(starts, start=1):
        yield Batch(_table(source, rows, slice(start, start + BATCH_ROWS)), counted)
        counted = {}
        on_progress(done, len(starts), f"{source.name}: {len(rows.value):,} rows")


def _judged(
    source: SourceFile, lines: Lines, key: NDArray[np.int64]
) -> tuple[Places, dict[str, int]]:
    """Tell which lines become rows, shape [m], and why the others do not."""
    text, skipped = lines.text, dict(lines.skipped)
    is_left = np.ones(len(lines.value), np.bool_)
    for why, is_out in {
        "reporter is a group or a country that is no more": text["reporter"].among({""}),
        "partner is the world or a group, a sum over partners": text["partner"].among({""}),
        "consigned from a group of countries": text["partner2"].among({""}),
        "part of imports or exports, for or after processing": text["flow"].among({""}),
        "value not available": np.isnan(lines.value),
        "zero value": lines.value == 0,
    }.items():
        skipped[why] = int((is_left & is_out).sum())
        is_left &= ~is_out
    kept = np.flatnonzero(is_left)
    if has_repeats(key[kept]):
        refuse_twice(source, [lines.raw[name] for name in _LINE], kept)
    for name, others in {"mode": _LINE[:-2], "customs": _LINE[:-3]}.items():
        is_part = _parts(lines, kept, lines.is_whole[name], others)
        skipped[f"of one {_WORDS[name]}, beside a line for all of them"] = int(is_part.sum())
        kept = kept[~is_part]
    return kept, skipped


def _parts(lines: Lines, kept: Places, is_whole: Bools, others: tuple[str, ...]) -> Bools:
    """Mark lines about a part where a line about the whole is there, shape [m]."""
    whole = is_whole[kept]
    if whole.all():
        return ~whole
    key = key_of([lines.raw[name].taken(kept) for name in others])
    return ~whole & np.isin(key, key[whole])


def _summed(source: SourceFile, lines: Lines, kept: Places, key: NDArray[np.int64]) -> Rows:
    """Sum lines by key; a weight or quantity that is open in one of them is open in the sum."""
    text = {name: lines.text[name].taken(kept) for name in (*_KEY, "unit")}
    amounts = (lines.value[kept], lines.net_weight[kept], lines.quantity[kept])
    is_cif = lines.is_cif[kept]
    if not has_repeats(key):
        return Rows(text, *amounts, is_cif)
    first, group = groups_of(key)
    is_mixed = is_cif != is_cif[first][group]
    if is_mixed.any():
        at = kept[np.argmax(is_mixed)]
        raise SourceError(
            f"{source.name}, line {at + 2}: valued {'CIF' if lines.is_cif[at] else 'FOB'}, "
            "expected what the other modes of transport of the same trade have. They cannot be "
            "summed: ask UN Comtrade for all modes together."
        )
    unit = text["unit"].codes
    differs = np.bincount(group, weights=unit != unit[first][group]) > 0
    value, net_weight, quantity = (sums_of(group, amount) for amount in amounts)
    quantity[differs] = np.nan
    return Rows(
        {name: column.taken(first) for name, column in text.items()},
        value,
        net_weight,
        quantity,
        is_cif[first],
    )


def _table(source: SourceFile, rows: Rows, window: slice) -> pa.Table:
    text = {name: column.taken(window) for name, column in rows.text.items()}
    quantity = rows.quantity[window]
    unit, customs, period = (text.pop(name) for name in ("unit", "customs", "period"))
    columns = {
        **{name: column.array() for name, column in text.items()},
        "source_id": source.source_id,
        "dataset": DATASET,
        "period": period.dates(),
        "customs_procedure": customs.array(),
        "value": rows.value[window],
        "currency": "USD",
        "valuation": pa.array(["FOB", "CIF"]).take(pa.array(rows.is_cif[window].view(np.int8))),
        "net_weight_kg": rows.net_weight[window],
        "quantity": quantity,
        "quantity_unit": pc.if_else(pa.array(np.isnan(quantity)), None, unit.array()),
        "obs_status": "A",
    }
    return arrow_rows(FLOWS, len(quantity), columns)
