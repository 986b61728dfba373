"""Two declarations of one trade side by side: what left, and what arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v2 as nw

RecordedBy = Literal["partner", "consignment", "either"]
# `both` gives a trade twice, once by each rule: for looking at, never for adding up.
LaidBy = Literal["partner", "consignment", "either", "both"]
MONTHS = 12
TRADE = ("exporter", "importer", "commodity", "period", "currency", "recorded_by")
SIDES = ("export", "import")
_SIDE = ("dataset", "flow", "_importer", "_year")
_YEARLY = (
    *("dataset", "reporter", "partner", "partner2", "flow"),
    *("commodity", "currency", "valuation"),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency bought in a year.

    Args:
        foreign: Currency to turn from, ISO 4217.
        currency: Currency to turn into.
        year: The year it holds for.
        value: Units of ``foreign`` per unit of ``currency``.
    """

    foreign: str
    currency: str
    year: int
    value: float


def sides(
    flows: nw.LazyFrame[Any], exporters: Collection[str], exports_from: str, imports_from: str
) -> nw.LazyFrame[Any]:
    """Keep what some exporters declared as sent, and what anybody declared as sent by them.

    Args:
        flows: Rows of ``flows``.
        exporters: Areas that export.
        exports_from: Dataset that holds their declarations.
        imports_from: Dataset that holds the declarations of importers; may be the same.

    Returns:
        The rows of exports and imports, at every level of the nomenclature.
    """
    named = sorted(exporters)
    is_export = (nw.col("dataset") == exports_from) & (nw.col("flow") == "X")
    is_import = (nw.col("dataset") == imports_from) & (nw.col("flow") == "M")
    is_about = nw.col("partner").is_in(named) | nw.col("partner2").is_in(named)
    return flows.filter((is_export & nw.col("reporter").is_in(named)) | (is_import & is_about))


def yearly(flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Add months up to years, whole years only.

    A year is whole where the declarations about an importing country (or by it) hold all twelve
    months, whoever made them; a year with fewer months is left out and never taken for a small
    one. Yearly rows are kept, except where the months of the same year are there in full. A
    reporter that fell silent within a year that others filled is not noticed here.

    Args:
        flows: Rows of ``flows``, each declaration from one source.

    Returns:
        ``dataset``, ``reporter``, ``partner``, ``partner2``, ``flow``, ``commodity``,
        ``currency``, ``valuation``, ``period`` (first day of the year) and ``value``.
    """
    importer = nw.when(nw.col("flow") == "X").then("partner").otherwise("reporter")
    dated = flows.with_columns(
        _importer=importer, _year=nw.col("period").dt.truncate("1y").cast(nw.Date)
    )
    whole = (
        dated.filter(nw.col("freq") == "M")
        .group_by(*_SIDE)
        .agg(nw.col("period").n_unique().alias("_months"))
        .filter(nw.col("_months") == MONTHS)
        .select(*_SIDE)
    )
    monthly = dated.filter(nw.col("freq") == "M").join(whole, on=list(_SIDE), how="inner")
    annual = dated.filter(nw.col("freq") == "A").join(whole, on=list(_SIDE), how="anti")
    columns = (*_YEARLY, "_year", "value")
    return (
        nw.concat([monthly.select(*columns), annual.select(*columns)])
        .group_by(*_YEARLY, "_year")
        .agg(nw.col("value").sum())
        .rename({"_year": "period"})
    )


def in_currency(flows: nw.LazyFrame[Any], rates: Sequence[Rate]) -> nw.LazyFrame[Any]:
    """Turn values into another currency at the rates given, and at no others.

    ``value = value / rate``.

    Args:
        flows: Rows with ``period``, ``value`` and ``currency``.
        rates: Rates, one per foreign currency and year.

    Returns:
        The same rows; those without a rate keep value and currency.
    """
    year = nw.col("period").dt.year()
    value, currency = nw.col("value"), nw.col("currency")
    for rate in rates:
        is_due = (nw.col("currency") == rate.foreign) & (year == rate.year)
        value = nw.when(is_due).then(nw.col("value") / rate.value).otherwise(value)
        currency = nw.when(is_due).then(nw.lit(rate.currency)).otherwise(currency)
    return flows.with_columns(value=value, currency=currency)


def mirror(flows: nw.LazyFrame[Any], recorded_by: LaidBy) -> nw.LazyFrame[Any]:
    """Put the declared export of each trade beside the declared import of the same trade.

    Nothing is said about which of the two is right. An import is booked under the country the
    goods were made in (origin) or the one they were sent from (consignment); an export names
    neither, so that the rule alone opens a gap. The rule is never guessed: imports are taken by
    ``partner``, which is the origin unless the publisher says otherwise, by ``consignment``, or,
    with ``either``, by consignment where an importer's declarations have it and by partner
    elsewhere. ``both`` lays each export beside the import by either rule: rows of two rules hold
    the same trade and are never added.

    Args:
        flows: Rows of ``flows`` of one frequency and one classification.
        recorded_by: Which imports to take.

    Returns:
        ``exporter``, ``importer``, ``commodity``, ``period``, ``currency``, ``declared_export``
        and ``declared_import``, null where nobody declared it in that currency, and
        ``recorded_by``: the rule, ``partner`` or ``consignment``; null where the importer declared
        nothing by it.
    """
    imports = _imports(flows)
    rules = imports.group_by("importer", "recorded_by").agg(nw.len()).drop("len")
    if recorded_by in ("partner", "consignment"):
        rules = rules.filter(nw.col("recorded_by") == recorded_by)
    elif recorded_by == "either":
        # Of the two words "consignment" comes first.
        rules = rules.group_by("importer").agg(nw.col("recorded_by").min())
    exports = flows.filter(nw.col("flow") == "X", nw.col("partner2") == "_T").select(
        nw.col("reporter").alias("exporter"),
        nw.col("partner").alias("importer"),
        *("commodity", "period", "currency"),
        nw.col("value").alias("_export"),
    )
    sent = exports.join(rules, on="importer", how="left")
    came = imports.join(rules, on=["importer", "recorded_by"], how="inner")
    nothing = nw.lit(None, nw.Float64)
    columns = (*TRADE, "_export", "_import")
    return _summed(
        nw.concat(
            [
                sent.with_columns(_import=nothing).select(*columns),
                came.with_columns(_export=nothing).select(*columns),
            ]
        )
    )


def _imports(flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Imports with the rule they were recorded by; those broken down by both have none."""
    is_whole = nw.col("partner2") == "_T"
    is_sent = (nw.col("partner") == "_T") & ~is_whole
    return flows.filter(nw.col("flow") == "M", is_whole | is_sent).select(
        nw.when(is_sent).then("partner2").otherwise("partner").alias("exporter"),
        nw.col("reporter").alias("importer"),
        *("commodity", "period", "currency"),
        nw.when(is_sent)
        .then(nw.lit("consignment"))
        .otherwise(nw.lit("partner"))
        .alias("recorded_by"),
        nw.col("value").alias("_import"),
    )


def _summed(taken: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    sums = taken.group_by(*TRADE).agg(
        *(nw.col(f"_{side}").sum().alias(f"declared_{side}") for side in SIDES),
        *(nw.col(f"_{side}").count().alias(f"_{side}_count") for side in SIDES),
    )
    # The sum of nothing is zero in every engine; here it means that nobody declared anything.
    declared = (
        nw.when(nw.col(f"_{side}_count") > 0).then(f"declared_{side}").alias(f"declared_{side}")
        for side in SIDES
    )
    return sums.select(*TRADE, *declared)


def gap(pairs: nw.LazyFrame[Any], rho: float) -> nw.LazyFrame[Any]:
    """Measure what was declared as sent beyond what was declared as received.

    ``gap = declared_export - declared_import / rho``: positive where goods left the exporter for
    a destination that never declared their arrival. A trade that only one side declared has none:
    its other side may be missing, or nil.

    Args:
        pairs: Rows of :func:`mirror`.
        rho: Declared import over declared export where nothing is missing: freight, coverage and
            the rule of recording.

    Returns:
        The rows with ``gap``, in the currency of ``pairs``.
    """
    return pairs.with_columns(gap=nw.col("declared_export") - nw.col("declared_import") / rho)
