"""Monthly files of Comext's bulk download: ``full_v2_YYYYMM.dat``, alone or inside 7z.

CSV with commas, one line per reporter, partner, product, flow and statistical procedure; all
reporters, all partners, every CN8 code.

What the layout does that a reader must know:

- The 7z holds ``full_YYYYMM.dat`` or ``full_v2_YYYYMM.dat``.
- ``PERIOD`` is ``YYYYMM``; month 52 stands for the whole year.
- ``PRODUCT_NC`` holds CN8 codes, and codes with letters (``39XXXXXX``) where the product is kept
  secret or estimated inside a chapter: those keep their code and have ``obs_status`` C. Codes of
  2, 4 or 6 digits would be sums over CN8 codes: counted, not kept. ``TOTAL`` is kept.
- ``PARTNER`` holds ISO codes, and codes with Q for ship's stores, partners not specified and
  partners kept secret. These become ``_X``; lines that then share a key are summed. Sums over
  countries are counted, not kept.
- ``TRADE_TYPE`` says whether the partner was in the EU. L and M (Northern Ireland and the rest of
  the United Kingdom, in ``full_partxixu``) repeat trade that stands under GB here: refused.
- A kilogram figure of 0 is published both for less than half a kilogram and for goods measured in
  another unit; it stays 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.codes.areas import ComextPartner
from entrepot.rows import arrow_schema
from entrepot.sources.bulk_file import COLUMNS, BulkPeriod, period_of, unpack
from entrepot.sources.bulk_lines import check_lines, partners_of
from entrepot.sources.eurostat import DATASET, LICENCE, PUBLISHER
from entrepot.sources.large_text import large_text
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "comext_bulk"

_BATCH_LINES = 400_000
_SUMS = r"^(\d\d){1,3}$"
_LETTERS = r"[A-Z]"
_READ = (
    *("REPORTER", "PARTNER", "TRADE_TYPE", "PRODUCT_NC", "FLOW", "STAT_PROCEDURE", "SUPPL_UNIT"),
    *("PERIOD", "VALUE_EUR", "QUANTITY_KG", "QUANTITY_SUPPL_UNIT"),
)
# Sums of fractions depend on their order, and the engine's threads keep none; these do not.
_EXACT = nw.Decimal(38, 6)
_KEY = ("reporter", "partner", "flow", "commodity", "customs_procedure", "quantity_unit")


def read_bulk(source: SourceFile, workspace: Path, on_progress: OnProgress) -> Reading:
    """Read a monthly or annual bulk file.

    Args:
        source: The file, ``.dat`` or ``.7z``.
        workspace: Folder for what is unpacked and spilled; the caller removes it.
        on_progress: Told after every few reporters.

    Returns:
        A reading of ``flows``: exports in EUR FOB, imports in EUR CIF, with kilograms and
        supplementary units.

    Raises:
        SourceError: If the file is damaged or anything in it is not as documented above.
    """
    period = period_of(source)
    unpacked = unpack(source, workspace)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=unpacked.written_at.isoformat(timespec="seconds"),
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=READER,
        batches=_batches(source, period, unpacked.path, workspace, on_progress),
    )


def _batches(
    source: SourceFile, period: BulkPeriod, text: Path, workspace: Path, on_progress: OnProgress
) -> Iterator[Batch]:
    with large_text(source, text, COLUMNS, workspace, _READ) as (engine, lines):
        reporters = partners_of(lines, "REPORTER")
        partners = partners_of(lines, "PARTNER")
        check_lines(source, lines, period, reporters, partners)
        declarants = _named(engine, reporters, ("REPORTER", "declarant", "declarant_kind"))
        others = _named(engine, partners, ("PARTNER", "area", "kind"))
        judged = _judged(lines.join(declarants, on="REPORTER").join(others, on="PARTNER"))
        by_reporter = judged.group_by("REPORTER", "why").agg(nw.len().alias("count"))
        counted = sorted(by_reporter.collect().rows())
        groups = _groups(counted)
        for done, codes in enumerate(groups, start=1):
            own = judged.filter(nw.col("REPORTER").is_in(codes), nw.col("why") == "")
            rows = _rows(source, period, own)
            yield Batch(rows, _skipped(counted, codes, rows.num_rows))
            on_progress(done, len(groups), f"{source.name}: reporters to {codes[-1]}")


def _named(
    engine: duckdb.DuckDBPyConnection, found: dict[str, ComextPartner], names: Sequence[str]
) -> nw.LazyFrame[Any]:
    """What the codes of a column stand for, to be joined: code, area and kind."""
    rows = [(code, partner.area, partner.kind) for code, partner in found.items()]
    columns = zip(names, zip(*rows, strict=True), strict=True)
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns})
    return nw.from_native(engine.from_arrow(table))


def _judged(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Say why a line becomes no row; nothing where it does."""
    why = (
        nw.when(nw.col("kind") == "aggregate")
        .then(nw.lit("sum over several countries"))
        .when(nw.col("PRODUCT_NC").str.contains(_SUMS))
        .then(nw.lit("sum over CN8 codes (2, 4 or 6 digits)"))
        .when(nw.col("VALUE_EUR").cast(nw.Float64) == 0)
        .then(nw.lit("zero value"))
        .otherwise(nw.lit(""))
    )
    return lines.with_columns(why=why)


def _groups(counted: list[tuple[Any, ...]]) -> list[list[str]]:
    """Put reporters together: each query costs time, and each row of its answer memory."""
    groups: list[list[str]] = [[]]
    line_count = 0
    for code, reasons in groupby(counted, key=lambda row: str(row[0])):
        count = sum(count for _, _, count in reasons)
        if groups[-1] and line_count + count > _BATCH_LINES:
            groups.append([])
            line_count = 0
        groups[-1].append(code)
        line_count += count
    return groups


def _skipped(counted: list[tuple[Any, ...]], codes: list[str], row_count: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for code, why, count in counted:
        if code in codes:
            found[why] += count
    found["summed with another line of the same key"] = found.pop("", 0) - row_count
    return {why: count for why, count in found.items() if count}


def _summed(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Sum lines by key; a weight or quantity that is open in one of them is open in the sum."""
    has_letters = nw.col("PRODUCT_NC").str.contains(_LETTERS) & (nw.col("PRODUCT_NC") != "TOTAL")
    is_secret = has_letters | (nw.col("kind") == "confidential")
    unit = nw.col("SUPPL_UNIT")
    named = lines.select(  # in one step: the engine takes FLOW and flow for one name
        reporter=nw.col("declarant"),
        partner=nw.col("area"),
        flow=nw.when(nw.col("FLOW") == "2").then(nw.lit("X")).otherwise(nw.lit("M")),
        commodity=nw.col("PRODUCT_NC"),
        customs_procedure=nw.col("STAT_PROCEDURE"),
        quantity_unit=nw.when(unit != "NO_SU").then(unit),
        value=nw.col("VALUE_EUR").cast(_EXACT),
        net_weight_kg=nw.col("QUANTITY_KG").cast(_EXACT),
        quantity=nw.col("QUANTITY_SUPPL_UNIT").cast(_EXACT),
        obs_status=nw.when(is_secret).then(nw.lit("C")).otherwise(nw.lit("A")),
    )
    return named.group_by(*_KEY).agg(
        nw.col("value", "net_weight_kg", "quantity").sum().cast(nw.Float64),
        nw.col("obs_status").max(),
        has_weight=~nw.col("net_weight_kg").is_null().any(),
        has_quantity=~nw.col("quantity").is_null().any(),
    )


def _rows(source: SourceFile, period: BulkPeriod, lines: nw.LazyFrame[Any]) -> pa.Table:
    is_export = nw.col("flow") == "X"
    is_detailed = nw.col("commodity") != "TOTAL"
    has_quantity = nw.col("has_quantity") & ~nw.col("quantity_unit").is_null()
    rows = _summed(lines).with_columns(
        source_id=nw.lit(source.source_id),
        dataset=nw.lit(DATASET),
        freq=nw.lit(period.freq),
        period=nw.lit(period.first_day),
        partner2=nw.lit("_T"),
        classification=nw.when(is_detailed).then(nw.lit("CN")).otherwise(nw.lit("HS")),
        currency=nw.lit("EUR"),
        valuation=nw.when(is_export).then(nw.lit("FOB")).otherwise(nw.lit("CIF")),
        net_weight_kg=nw.when(nw.col("has_weight")).then(nw.col("net_weight_kg")),
        quantity=nw.when(has_quantity).then(nw.col("quantity")),
    )
    # The same file gives the same rows in the same order, and so the same bytes in the lake.
    order = ("reporter", "commodity", "partner", "flow", "customs_procedure")
    ordered = rows.select(*FLOWS.column_names).sort(*order)
    table: pa.Table = ordered.collect(backend="pyarrow").to_native()
    return table.cast(arrow_schema(FLOWS))
