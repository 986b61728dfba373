"""Ghost trade from totals: exports beside the importers' own imports, around an event."""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.held import check_dataset, refuse_absent, refuse_unknown, sides_asked, sources_of
from entrepot.api.mirrored import with_terms
from entrepot.api.money import Money, comparable
from entrepot.api.silence import Span
from entrepot.codes.groupings import resolve
from entrepot.diversion.ghost_pairs import MirrorQuestion
from entrepot.diversion.ghost_rows import ghost_rows
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.mirror import mirror, sides, yearly
from entrepot.trade.summary import published_at
from entrepot.trade.vintage import latest


def ghost_shares(lake: Lake, asked: MirrorQuestion) -> pa.Table:
    """Lay exports beside the importers' own imports and work out what never arrived.

    Args:
        lake: The lake.
        asked: Which trade, years and datasets; groupings as they stood when the event began.

    Returns:
        One row per year and importer, as :func:`entrepot.diversion.ghost_rows.ghost_rows` has it,
        with ``rates`` and ``sources`` in words.

    Raises:
        LakeError: If the lake does not hold a dataset that is named.
        EstimateError: If it holds nothing of a country that is named, or too few years.
    """
    on = date(asked.event, 1, 1)
    exporters, importers = resolve(asked.exporters, on), resolve(asked.importers, on)
    part = resolve(asked.part, on) if asked.part else frozenset[str]()
    span = Span(date(asked.first, 1, 1), date(asked.last, 1, 1), "A")
    _refuse_absent(lake, asked, span, (exporters, importers))
    flows = sides(lake.table(FLOWS), exporters, asked.exports_from, asked.imports_from)
    chosen = published_at(flows, "TOTAL").filter(span.inside())
    money = comparable(lake, latest(chosen, lake.table(SOURCES)), Money(rates=asked.rates))
    pairs = mirror(yearly(money.flows), asked.recorded_by).collect("pyarrow").to_native()
    rows = ghost_rows(pairs, asked, importers, part)
    told = sources_of(lake, {asked.exports_from, asked.imports_from})
    return with_terms(rows, {"rates": money.rates, "sources": told})


def _refuse_absent(
    lake: Lake,
    asked: MirrorQuestion,
    span: Span,
    areas: tuple[frozenset[str], frozenset[str]],
) -> None:
    """Stop where one that was asked for is in neither list, before any year is looked at."""
    when = f"in {span.typed(span.first)}–{span.typed(span.last)}"
    both = sides_asked(asked.exports_from, asked.imports_from)
    for side, declarers in zip(both, areas, strict=True):
        check_dataset(lake, side)
        rows = published_at(lake.table(FLOWS), "TOTAL").filter(
            span.inside(), nw.col("dataset") == side.dataset, nw.col("flow") == side.flow
        )
        held = rows.group_by("reporter", "partner").agg(nw.len()).collect("pyarrow").to_native()
        refuse_absent(lake, side, declarers - set(held["reporter"].to_pylist()), when)
        if side.flow == "X":
            refuse_unknown(side, areas[1], set(held["partner"].to_pylist()), when)
