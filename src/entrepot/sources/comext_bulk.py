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

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.codes.areas import ComextPartner
from entrepot.errors import SourceError
from entrepot.rows import arrow_schema
from entrepot.sources.bulk_file import COLUMNS, BulkPeriod, period_of, unpack
from entrepot.sources.bulk_lines import check_lines, partners_of
from entrepot.sources.eurostat import DATASET, LICENCE, PUBLISHER
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "comext_bulk"

# Enough for a month of all reporters; what does not fit is spilled to the workspace.
_MEMORY = "400MB"
_CN8 = r"^\d{8}$"
_SUMS = r"^(\d\d){1,3}$"
_LETTERS = r"[A-Z]"
_KEY = ("partner", "flow", "commodity", "customs_procedure", "quantity_unit")


def read_bulk(source: SourceFile, workspace: Path, on_progress: OnProgress) -> Reading:
    """Read a monthly or annual bulk file.

    Args:
        source: The file, ``.dat`` or ``.7z``.
        workspace: Folder for what is unpacked and spilled; the caller removes it.
        on_progress: Told after every reporter.

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
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": _MEMORY,
    }
    with tempfile.TemporaryDirectory(dir=workspace) as spill:
        config["temp_directory"] = spill
        with duckdb.connect(config=config) as engine:
            lines = _lines(engine, source, text, Path(spill) / "lines.parquet")
            reporters = partners_of(lines, "REPORTER")
            partners = partners_of(lines, "PARTNER")
            check_lines(source, lines, period, reporters, partners)
            known: nw.LazyFrame[Any] = nw.from_native(engine.from_arrow(_partner_table(partners)))
            for done, code in enumerate(sorted(reporters), start=1):
                own = lines.filter(nw.col("REPORTER") == code)
                yield _batch(
                    source, period, str(reporters[code].area), own.join(known, on="PARTNER")
                )
                on_progress(done, len(reporters), f"{source.name}: reporter {code}")


def _lines(
    engine: duckdb.DuckDBPyConnection, source: SourceFile, text: Path, aside: Path
) -> nw.LazyFrame[Any]:
    """Turn the text into Parquet once, every column as text, so that it can be scanned often."""
    try:
        engine.read_csv(
            str(text),
            header=True,
            sep=",",
            quotechar="",
            escapechar="",
            columns=dict.fromkeys(COLUMNS, "VARCHAR"),
            auto_detect=False,
            strict_mode=True,
            null_padding=False,
        ).write_parquet(str(aside))
    except duckdb.Error as error:
        reason = " ".join(str(error).split("\n")[:2])
        raise SourceError(
            f"{source.name}: {reason} Expected {len(COLUMNS)} columns in every line. The file may "
            "have been cut short: fetch it again."
        ) from error
    return nw.from_native(engine.read_parquet(str(aside), file_row_number=True))


def _partner_table(partners: dict[str, ComextPartner]) -> pa.Table:
    return pa.table(
        {
            "PARTNER": pa.array(list(partners), pa.string()),
            "area": pa.array([p.area for p in partners.values()], pa.string()),
            "kind": pa.array([p.kind for p in partners.values()], pa.string()),
        }
    )


def _batch(
    source: SourceFile, period: BulkPeriod, reporter: str, lines: nw.LazyFrame[Any]
) -> Batch:
    """Sum the lines of one reporter that share a key of ``flows``, and count the others."""
    code, value = nw.col("PRODUCT_NC"), nw.col("VALUE_EUR").cast(nw.Float64)
    why = (
        nw.when(nw.col("kind") == "aggregate")
        .then(nw.lit("sum over several countries"))
        .when(code.str.contains(_SUMS))
        .then(nw.lit("sum over CN8 codes (2, 4 or 6 digits)"))
        .when(value == 0)
        .then(nw.lit("zero value"))
        .otherwise(nw.lit(""))
    )
    judged = lines.with_columns(why=why)
    counted = judged.group_by("why").agg(nw.len().alias("count")).collect().rows()
    skipped = {str(reason): int(count) for reason, count in counted}
    line_count = skipped.pop("", 0)
    rows = _rows(source, period, reporter, judged.filter(nw.col("why") == ""))
    merged = line_count - rows.num_rows
    if merged:
        skipped["summed with another line of the same key"] = merged
    return Batch(rows, skipped)


def _summed(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Sum lines by key; a weight or quantity that is open in one of them is open in the sum."""
    has_letters = nw.col("PRODUCT_NC").str.contains(_LETTERS) & (nw.col("PRODUCT_NC") != "TOTAL")
    is_secret = has_letters | (nw.col("kind") == "confidential")
    unit = nw.col("SUPPL_UNIT")
    named = lines.select(  # in one step: the engine takes FLOW and flow for one name
        partner=nw.col("area"),
        flow=nw.when(nw.col("FLOW") == "2").then(nw.lit("X")).otherwise(nw.lit("M")),
        commodity=nw.col("PRODUCT_NC"),
        customs_procedure=nw.col("STAT_PROCEDURE"),
        quantity_unit=nw.when(unit != "NO_SU").then(unit),
        value=nw.col("VALUE_EUR").cast(nw.Float64),
        net_weight_kg=nw.col("QUANTITY_KG").cast(nw.Float64),
        quantity=nw.col("QUANTITY_SUPPL_UNIT").cast(nw.Float64),
        obs_status=nw.when(is_secret).then(nw.lit("C")).otherwise(nw.lit("A")),
    )
    return named.group_by(*_KEY).agg(
        nw.col("value", "net_weight_kg", "quantity").sum(),
        nw.col("obs_status").max(),
        has_weight=~nw.col("net_weight_kg").is_null().any(),
        has_quantity=~nw.col("quantity").is_null().any(),
    )


def _rows(
    source: SourceFile, period: BulkPeriod, reporter: str, lines: nw.LazyFrame[Any]
) -> pa.Table:
    is_export = nw.col("flow") == "X"
    is_detailed = nw.col("commodity") != "TOTAL"
    has_quantity = nw.col("has_quantity") & ~nw.col("quantity_unit").is_null()
    rows = _summed(lines).with_columns(
        source_id=nw.lit(source.source_id),
        dataset=nw.lit(DATASET),
        freq=nw.lit(period.freq),
        period=nw.lit(period.first_day),
        reporter=nw.lit(reporter),
        partner2=nw.lit("_T"),
        classification=nw.when(is_detailed).then(nw.lit("CN")).otherwise(nw.lit("HS")),
        currency=nw.lit("EUR"),
        valuation=nw.when(is_export).then(nw.lit("FOB")).otherwise(nw.lit("CIF")),
        net_weight_kg=nw.when(nw.col("has_weight")).then(nw.col("net_weight_kg")),
        quantity=nw.when(has_quantity).then(nw.col("quantity")),
    )
    # The same file gives the same rows in the same order, and so the same bytes in the lake.
    order = ("commodity", "partner", "flow", "customs_procedure")
    ordered = rows.select(*FLOWS.column_names).sort(*order)
    table: pa.Table = ordered.collect(backend="pyarrow").to_native()
    return table.cast(arrow_schema(FLOWS))
