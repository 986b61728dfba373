"""Two sides of declared trade laid side by side: pairs and ratios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.api.goods_held import can_tell
from entrepot.api.held import (
    check_dataset,
    refuse_absent,
    sides_asked,
    sources_of,
    unheld_partners,
)
from entrepot.api.levels import Asked, Taken, levels_taken
from entrepot.api.lists import of_goods, prefixes_of
from entrepot.api.money import Money, comparable
from entrepot.api.silence import Gap, Span, gaps, whole_of, with_silent
from entrepot.codes.groupings import grouping_names, resolve, unnamed_members
from entrepot.codes.national import counts_services
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.mirror import LaidBy, mirror, sides
from entrepot.trade.mirror_sums import UNSPECIFIED, compared, month_counts, whole_sums
from entrepot.trade.summary import Level
from entrepot.trade.vintage import latest

SERVICES = "services_included"
_COUNTED_TOGETHER = {"national-imports", "stat-uz-goods-and-services"}


@dataclass(frozen=True, slots=True)
class PairQuestion:
    """Which two declarations of which trade to lay side by side.

    Args:
        exporters: Groupings or areas that export, separated by commas.
        importers: Groupings or areas that import.
        span: Years or months.
        exports_from: Dataset with the exporters' declarations.
        imports_from: Dataset with the importers' declarations.
        recorded_by: Which imports to take: by partner, by consignment, by either, or both.
        level: Level of the nomenclature as published; levels are never added.
        goods: Prefixes of commodities, or a list id of the lake; all where empty.
        per: Columns to sum by: any of ``exporter``, ``importer``, ``commodity``, ``period``.
        money: Currency and valuation of the result.
    """

    exporters: str
    importers: str
    span: Span
    exports_from: str
    imports_from: str
    recorded_by: LaidBy
    level: Level = "TOTAL"
    goods: tuple[str, ...] = ()
    per: tuple[str, ...] = ("period", "importer")
    money: Money = field(default_factory=Money)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Sums of both sides, and what a reader must know beside them.

    Args:
        rows: One row per what was asked for, rule of recording and currency: the columns of
            :func:`entrepot.trade.mirror_sums.compared`, ``silent_exporters`` and
            ``silent_importers``, ``freq``, ``export_valuation``, ``import_valuation``, ``margin``,
            ``rates`` (which currency rates were used, in a sentence; empty where none was) and
            ``sources``.
        silences: Periods that one of those asked for did not publish in full.
        added: Flow letters whose finer codes were added up, with the level of these.
        unheld_count: Codes left out because no import of the importer is held in them.
        unheld_value: Exports in them, in the currency of ``rows``.
        unsent: Importers to whom the exporters' dataset holds no export at all: not held is not
            nil.
    """

    rows: pa.Table
    silences: tuple[Gap, ...]
    added: tuple[tuple[str, str], ...]
    unheld_count: int = 0
    unheld_value: float = 0.0
    unsent: tuple[str, ...] = ()


def mirror_pairs(lake: Lake, asked: PairQuestion) -> Mirrored:
    """Lay declared exports beside the importers' own imports, with no model at all.

    Args:
        lake: The lake.
        asked: Which trade; groupings as they stood in the last month.

    Returns:
        The sums, sorted by period and importer, and what else must be known.

    Raises:
        LakeError: If the lake does not hold a dataset, or the list of goods.
        EstimateError: If it holds nothing of one side, or amounts in several currencies.
    """
    on = asked.span.last_month
    exporters, importers = resolve(asked.exporters, on), resolve(asked.importers, on)
    both = sides_asked(asked.exports_from, asked.imports_from)
    for side in both:
        check_dataset(lake, side)
    taken = levels_taken(lake, both, (exporters, importers), _of_level(lake, asked))
    counts = _published(lake, asked, taken, (exporters, importers))
    named = exporters | unnamed_members(exporters, on)
    flows = sides(
        lake.table(FLOWS),
        exporters | {UNSPECIFIED} | {f"{name}{UNSPECIFIED}" for name in grouping_names()},
        asked.exports_from,
        asked.imports_from,
    )
    importer = nw.when(nw.col("flow") == "X").then("partner").otherwise("reporter")
    chosen = taken.rows(flows.filter(importer.is_in(sorted(importers)), asked.span.inside()))
    if asked.goods:
        chosen = of_goods(lake, chosen, asked.goods)
    money = comparable(lake, latest(chosen, lake.table(SOURCES)), asked.money)
    whole = lake.frame(whole_of(counts, asked.span))
    both_held, unheld = _both_held(lake, asked, taken, money.flows, importers)
    pairs = mirror(whole_sums(both_held, whole, asked.span.freq), asked.recorded_by)
    frame = compared(pairs, whole, named, asked.per)
    rows: pa.Table = frame.collect("pyarrow").to_native()
    if rows["recorded_by"].null_count == rows.num_rows:
        raise EstimateError(_nothing(asked, rows.num_rows))
    found = gaps(counts, asked.span, exporters, importers)
    rows = _with_services(_sorted(with_silent(rows, found, asked.per)), asked.imports_from)
    terms = {
        "freq": asked.span.freq,
        "export_valuation": money.valuations.get("X"),
        "import_valuation": money.valuations.get("M"),
        "margin": money.margin,
        "rates": money.rates,
        "sources": sources_of(lake, {asked.exports_from, asked.imports_from}),
    }
    unsent = unheld_partners(lake, both[0], exporters, importers)
    return Mirrored(with_terms(rows, terms), found, taken.added, *unheld, unsent)


def _of_level(lake: Lake, asked: PairQuestion) -> Asked:
    goods = prefixes_of(lake, asked.goods)
    return Asked(asked.level, asked.span.inside(), tuple(goods))


def _both_held(
    lake: Lake,
    asked: PairQuestion,
    taken: Taken,
    flows: nw.LazyFrame[Any],
    importers: frozenset[str],
) -> tuple[nw.LazyFrame[Any], tuple[int, float]]:
    """Leave out exports in codes of which the importer's data hold nothing from anybody.

    An extract of a few products says nothing of the others; only what it holds can be nil.
    """
    is_import = (
        (nw.col("dataset") == asked.imports_from)
        & (nw.col("flow") == "M")
        & nw.col("reporter").is_in(sorted(importers))
    )
    rows = taken.rows(lake.table(FLOWS).filter(is_import, asked.span.inside()))
    held = rows.group_by("reporter", "commodity").agg(nw.len()).select("reporter", "commodity")
    held = held.rename({"reporter": "partner"})
    there = set(held.collect("pyarrow").to_native()["partner"].to_pylist())
    # Of an importer that is silent altogether, silence is told elsewhere.
    is_due = (nw.col("flow") == "X") & nw.col("partner").is_in(sorted(there))
    exports, on = flows.filter(is_due), ["partner", "commodity"]
    left = exports.join(held, on=on, how="anti").group_by("commodity").agg(nw.col("value").sum())
    values = left.collect("pyarrow").to_native()["value"].to_pylist()
    kept = exports.join(held, on=on, how="semi")
    others = flows.filter(~is_due)
    return nw.concat([kept, others]), (len(values), float(sum(values)))


def _published(
    lake: Lake, asked: PairQuestion, taken: Taken, areas: tuple[frozenset[str], frozenset[str]]
) -> pa.Table:
    """Months that everybody asked for published, once both sides are known to be there.

    Where goods are asked for, only sources that can say something of them count.
    """
    both = sides_asked(asked.exports_from, asked.imports_from)
    of_side = [
        (nw.col("dataset") == side.dataset)
        & (nw.col("flow") == side.flow)
        & nw.col("reporter").is_in(sorted(names))
        for side, names in zip(both, areas, strict=True)
    ]
    held = lake.table(FLOWS).filter(nw.any_horizontal(*of_side, ignore_nulls=True))
    rows = held.filter(asked.span.inside())
    if asked.level != "TOTAL":
        rows = can_tell(lake, rows, asked.goods, held)
    found = month_counts(taken.rows(rows), asked.span.freq).collect("pyarrow")
    counts: pa.Table = found.to_native()
    kind = "whole years" if asked.span.freq == "A" else "months"
    first, last = (asked.span.typed(day) for day in (asked.span.first, asked.span.last))
    whole = whole_of(counts, asked.span)
    of = f" of goods {', '.join(asked.goods)}" if asked.goods else ""
    for side, names in zip(both, areas, strict=True):
        if not pc.any(pc.equal(whole["flow"], side.flow)).as_py():
            refuse_absent(
                lake, side, names, f"in {kind} from {first} to {last} at {asked.level}{of}"
            )
    return counts


def _nothing(asked: PairQuestion, row_count: int) -> str:
    first, last = (asked.span.typed(day) for day in (asked.span.first, asked.span.last))
    what = f"{asked.level} rows{f' of {list(asked.goods)}' if asked.goods else ''}"
    if row_count == 0:
        return (
            f"neither {asked.exports_from} nor {asked.imports_from} holds {what} between "
            f"{asked.exporters!r} and {asked.importers!r} from {first} to {last}. Choose another "
            "--level or other --goods."
        )
    return (
        f"{asked.imports_from} holds no {what} that {asked.importers!r} imported from "
        f"{asked.exporters!r} from {first} to {last}, recorded by {asked.recorded_by}. Use --by "
        "either, or name another dataset with --imports."
    )


def _sorted(rows: pa.Table) -> pa.Table:
    order = ("period", "importer", "declared_export", "exporter", "commodity", "recorded_by")
    keys = [
        (name, "descending" if name == "declared_export" else "ascending")
        for name in order
        if name in rows.column_names
    ]
    return rows.sort_by(keys)


def _with_services(rows: pa.Table, dataset: str) -> pa.Table:
    """Add a caveat where a table of imports counts services with goods."""
    if dataset not in _COUNTED_TOGETHER or "importer" not in rows.column_names:
        return rows
    together = [area for area in pc.unique(rows["importer"]).to_pylist() if counts_services(area)]
    is_due = pc.is_in(rows["importer"], value_set=pa.array(together, pa.string()))
    longer = pc.utf8_trim(pc.binary_join_element_wise(rows["caveats"], SERVICES, " "), " ")
    place = rows.column_names.index("caveats")
    return rows.set_column(place, "caveats", pc.if_else(is_due, longer, rows["caveats"]))


def with_terms(rows: pa.Table, terms: Mapping[str, str | float | None]) -> pa.Table:
    """Repeat in each row what holds for all of them.

    Args:
        rows: The rows.
        terms: Columns to add, each of one value; ``margin`` is a number, the others are words.

    Returns:
        The rows with these columns.
    """
    for name, value in terms.items():
        kind = pa.float64() if name == "margin" else pa.string()
        rows = rows.append_column(name, pa.repeat(pa.scalar(value, kind), rows.num_rows))
    return rows
