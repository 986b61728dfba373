"""Eurostat's Comext as SDMX-CSV: answers of its interface, and downloads of the data browser.

One line per indicator: ``DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,
TIME_PERIOD,OBS_VALUE`` and, from the data browser, ``OBS_FLAG``; version 2.0 of the format begins
with ``STRUCTURE,STRUCTURE_ID`` instead and does not say when the data were updated.

Read are *EU trade since 1988 by HS2-4-6 and CN8* (DS-045409), *International trade of EU and non-EU
countries by HS2-4-6* (DS-059341) and, for all goods together, the same by SITC (DS-059331).

What the layout does that a reader must know:

- Value, weight and supplementary quantity of one trade are three lines; they become one row.
  Weight is in 100 kg in DS-045409 and in kilograms in the others.
- The unit of a supplementary quantity is not stated. It belongs to the CN code, so that only codes
  of eight digits keep their quantity.
- A trade that is not there has no line, whether it is nil or not published yet; neither is a zero.
- ``WORLD``, the Union and the euro area stand among partners and reporters: sums, never in
  ``flows``. Partners with Q are stores, not specified or secret: ``_X``, summed by key.
- Codes with letters (``39XXXXXX``) keep secret which product it was; flag ``c`` that a figure is.
- Customs procedures are not broken down.
- Labels in place of codes, or beside them, are an option of the download and are refused.

Checked against answers of the interface that public code quotes (headers, indicators and dates of
2024 to 2026), not against the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.errors import CodeError, SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.coded import Coded, Floats, Places, coded, groups_of, key_of, sums_of
from entrepot.sources.delimited import TEXT, Head, head_of, read_columns
from entrepot.sources.eurostat import DATASET, LICENCE, PUBLISHER
from entrepot.sources.line_checks import meanings_of, one_of, refuse_future, refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.sources.sdmx_lines import (
    STATUS,
    amounts_of,
    last_update,
    severity_of,
    translated,
)
from entrepot.tables import FLOWS

READER = "comext_sdmx"

_DIMENSIONS = ("freq", "reporter", "partner", "product", "flow", "indicators", "TIME_PERIOD")
_HEADERS = (
    ("DATAFLOW", "LAST UPDATE", *_DIMENSIONS, "OBS_VALUE"),
    ("STRUCTURE", "STRUCTURE_ID", *_DIMENSIONS, "OBS_VALUE"),  # version 2.0
)
_OPTIONAL = ("OBS_FLAG",)
_TRADE = tuple(name for name in _DIMENSIONS if name != "indicators")
_KEY = ("freq", "period", "reporter", "partner", "flow", "classification", "commodity")

# Dataset, indicator, what it holds, and its unit in those of ``flows``.
INDICATORS = {
    "DS-045409": {
        "VALUE_IN_EUROS": ("value", 1.0),
        "QUANTITY_IN_100KG": ("weight", 100.0),
        "SUPPLEMENTARY_QUANTITY": ("quantity", 1.0),
    },
    "DS-059341": {"VALUE_EUR": ("value", 1.0), "QUANTITY_KG": ("weight", 1.0)},
    "DS-059331": {"VALUE_EUR": ("value", 1.0), "QUANTITY_KG": ("weight", 1.0)},
}
BY_SITC = "DS-059331"
QUANTITY_UNIT = "supplementary unit of the CN"

BATCH_ROWS = 500_000
_ID = re.compile(r"ESTAT:(DS-\d{6})\(\d+\.\d+\)")


@dataclass(frozen=True, slots=True)
class Trades:
    """What the file says about each trade; all arrays have shape [n].

    Args:
        text: Columns of the key of ``flows``; an area is empty where it is a sum over others.
        amounts: ``value`` in euro, ``weight`` in kg and ``quantity``; NaN where open.
        severity: Status, as a place in :data:`entrepot.sources.sdmx_lines.STATUS`.
    """

    text: Mapping[str, Coded]
    amounts: Mapping[str, Floats]
    severity: Places


def looks_like_comext_sdmx(head: Head) -> bool:
    """Whether a header is that of trade as SDMX-CSV, perhaps a changed one.

    Args:
        head: Head of the file.

    Example:
        >>> looks_like_comext_sdmx(Head(_HEADERS[0], ",", False, False))
        True
        >>> looks_like_comext_sdmx(Head(("DATAFLOW", "freq", "currency"), ",", False, False))
        False
    """
    return len({"reporter", "partner", "product", "indicators"} & set(head.names)) > 2


def read_comext_sdmx(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read trade of Comext as SDMX-CSV, plain or compressed with gzip.

    Args:
        source: The file.
        on_progress: Told after every half million rows.

    Returns:
        A reading of ``flows``: exports in EUR FOB, imports in EUR CIF, with kilograms and, for CN
        codes, supplementary quantities, as far as they were asked for.

    Raises:
        SourceError: If the file is damaged or anything in it is not as documented above.
    """
    columns = _columns(source, head_of(source.path))
    trades = _trades(source, columns, _dataset(source, columns))
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=_vintage(source, columns),
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=READER,
        batches=_batches(source, trades, on_progress),
    )


def _columns(source: SourceFile, head: Head) -> dict[str, Coded]:
    names = tuple(name for name in head.names if name not in _OPTIONAL)
    if names not in _HEADERS:
        raise SourceError(
            f"{source.name}: header is {list(head.names)}, expected {list(_HEADERS[0])}, with or "
            f"without {list(_OPTIONAL)}. Ask Eurostat for codes without labels."
        )
    table = read_columns(source, head, dict.fromkeys(head.names, TEXT))
    return {name: coded(name, table[name]) for name in head.names}


def _dataset(source: SourceFile, columns: Mapping[str, Coded]) -> str:
    """Name the one dataset the file is from."""

    def look_up(text: str) -> str:
        found = _ID.fullmatch(text)
        if found is None or found.group(1) not in INDICATORS:
            known = [f"ESTAT:{name}(1.0)" for name in INDICATORS]
            raise CodeError(f"expected one of {known}. Other datasets are not read.")
        return found.group(1)

    if "STRUCTURE" in columns:
        meanings_of(source, columns["STRUCTURE"], one_of({"dataflow": ""}))
    column = columns["STRUCTURE_ID" if "STRUCTURE" in columns else "DATAFLOW"]
    found = set(meanings_of(source, column, look_up))
    if len(found) > 1:
        raise SourceError(
            f"{source.name}: {column.name} is {sorted(found)}, expected one dataset. The file was "
            "put together from several: ingest them one by one."
        )
    return found.pop()


def _vintage(source: SourceFile, columns: Mapping[str, Coded]) -> str:
    """The last update, or the day of retrieval where none is stated."""
    if "LAST UPDATE" not in columns:
        return f"{source.retrieved_at:%Y-%m-%d}"

    return max(meanings_of(source, columns["LAST UPDATE"], last_update))


def _trades(source: SourceFile, columns: Mapping[str, Coded], dataset: str) -> Trades:
    """Put the indicators of one trade together."""
    refuse_twice(source, [columns[name] for name in _DIMENSIONS])
    known, indicator = INDICATORS[dataset], columns["indicators"]
    meanings_of(source, indicator, one_of(dict.fromkeys(known, "")))
    names = {role: name for name, (role, _) in known.items()}
    if names["value"] not in indicator.values:
        raise SourceError(
            f"{source.name}: indicators are {list(indicator.values)}, expected "
            f"{names['value']!r} among them. Ask Eurostat for it in the same download."
        )
    text = translated(source, columns, by_sitc=dataset == BY_SITC)
    refuse_future(source, text["period"])
    first, group = groups_of(key_of([columns[name] for name in _TRADE]))
    observed = amounts_of(source, columns["OBS_VALUE"])
    amounts = {role: np.full(len(first), np.nan) for role in ("value", "weight", "quantity")}
    for name, (role, unit) in known.items():
        is_it = indicator.among({name})
        amounts[role][group[is_it]] = observed[is_it] * unit
    severity = np.zeros(len(first), np.intp)
    np.maximum.at(severity, group, severity_of(source, columns))
    text = {name: text[name].taken(first) for name in _KEY}
    amounts["quantity"][text["classification"].among({"HS"})] = np.nan
    return Trades(text, amounts, severity)


def _batches(source: SourceFile, trades: Trades, on_progress: OnProgress) -> Iterator[Batch]:
    kept, skipped = _judged(trades)
    rows = _summed(trades, kept)
    length = len(rows.severity)
    skipped["summed with another line of the same key"] = len(kept) - length
    counted = {why: count for why, count in skipped.items() if count}
    starts = range(0, max(length, 1), BATCH_ROWS)
    for done, start in enumerate(starts, start=1):
        yield Batch(_table(source, rows, slice(start, start + BATCH_ROWS)), counted)
        counted = {}
        on_progress(done, len(starts), f"{source.name}: {length:,} rows")


def _judged(trades: Trades) -> tuple[Places, dict[str, int]]:
    """Tell which trades become rows, shape [m], and why the others do not."""
    value, is_secret = trades.amounts["value"], trades.severity == STATUS.index("C")
    is_left, skipped = np.ones(len(value), np.bool_), {}
    for why, is_out in {
        "reporter is a sum over countries": trades.text["reporter"].among({""}),
        "sum over several countries": trades.text["partner"].among({""}),
        "confidential value": np.isnan(value) & is_secret,
        "value not available": np.isnan(value),
        "zero value": value == 0,
    }.items():
        skipped[why] = int((is_left & is_out).sum())
        is_left &= ~is_out
    return np.flatnonzero(is_left), skipped


def _summed(trades: Trades, kept: Places) -> Trades:
    """Sum trades by key; a weight or quantity that is open in one of them is open in the sum."""
    text = {name: column.taken(kept) for name, column in trades.text.items()}
    first, group = groups_of(key_of(list(text.values())))
    severity = np.zeros(len(first), np.intp)
    np.maximum.at(severity, group, trades.severity[kept])
    amounts = {name: sums_of(group, amount[kept]) for name, amount in trades.amounts.items()}
    return Trades({name: c.taken(first) for name, c in text.items()}, amounts, severity)


def _table(source: SourceFile, rows: Trades, window: slice) -> pa.Table:
    text = {name: column.taken(window) for name, column in rows.text.items()}
    quantity = rows.amounts["quantity"][window]
    is_import = text["flow"].among({"M"})
    columns = {
        **{name: column.array() for name, column in text.items() if name != "period"},
        "source_id": source.source_id,
        "dataset": DATASET,
        "period": text["period"].dates(),
        "partner2": "_T",
        "customs_procedure": "_T",
        "value": rows.amounts["value"][window],
        "currency": "EUR",
        "valuation": pa.array(["FOB", "CIF"]).take(pa.array(is_import.view(np.int8))),
        "net_weight_kg": rows.amounts["weight"][window],
        "quantity": quantity,
        "quantity_unit": pc.if_else(pa.array(np.isnan(quantity)), None, QUANTITY_UNIT),
        "obs_status": pa.array(STATUS).take(pa.array(rows.severity[window])),
    }
    return arrow_rows(FLOWS, len(quantity), columns)
