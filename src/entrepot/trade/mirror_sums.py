"""Sums of mirrored trade, and who was silent: a ratio compares only what both sides published."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import narwhals.stable.v2 as nw

from entrepot.trade.mirror import MONTHS

Freq = Literal["A", "M"]
KEYS = ("exporter", "importer", "commodity", "period")
UNSPECIFIED = "_X"  # and, after the name of a grouping, a member of it that is not named
BY_PARTNER, OPEN_PARTNER = "booked_by_partner", "partner_not_specified"
SILENT = "incomplete_reporting"
_UNIT = ("recorded_by", "currency")


def month_counts(flows: nw.LazyFrame[Any], freq: Freq) -> nw.LazyFrame[Any]:
    """Count the months of each year, or of each month, that a reporter published at all.

    A yearly row counts as twelve months. What a reporter traded with whom does not matter: one
    that published something in a month was not silent in it. Stops being true where a month was
    published in part.

    Args:
        flows: Rows of ``flows`` of one level of the nomenclature, about any partner.
        freq: ``A`` to count the months of years, ``M`` to say which months are there.

    Returns:
        ``flow``, ``reporter``, ``period`` (first day of the year or month), ``freq`` of the rows
        that were counted, and ``month_count``.
    """
    keys = ("flow", "reporter", "period", "freq")
    rows = flows.select(*keys, _month=nw.col("period"))
    months = rows.filter(nw.col("freq") == "M")
    if freq == "A":
        year = nw.col("period").dt.truncate("1y").cast(nw.Date)
        months = months.with_columns(period=year)
    counted = months.group_by(*keys).agg(
        nw.col("_month").n_unique().cast(nw.Int64).alias("month_count")
    )
    if freq == "M":
        return counted
    annual = rows.filter(nw.col("freq") == "A").group_by(*keys).agg(nw.len())
    twelve = nw.lit(MONTHS).cast(nw.Int64).alias("month_count")
    return nw.concat([counted, annual.select(*keys, twelve)])


def whole_sums(flows: nw.LazyFrame[Any], whole: nw.LazyFrame[Any], freq: Freq) -> nw.LazyFrame[Any]:
    """Add rows up to periods that their reporter published in full, and leave out the others.

    A year with fewer than twelve months is left out and never taken for a small one.

    Args:
        flows: Rows of ``flows``, each declaration from one source.
        whole: ``flow``, ``reporter``, ``period`` and ``freq``: what was published in full, and of
            which rows it is made; one row a period.
        freq: ``A`` for years, ``M`` for months.

    Returns:
        ``reporter``, ``partner``, ``partner2``, ``flow``, ``commodity``, ``currency``, ``period``
        and ``value``.
    """
    keys = ("flow", "reporter", "period", "freq")
    year = nw.col("period").dt.truncate("1y").cast(nw.Date)
    dated = flows if freq == "M" else flows.with_columns(period=year)
    columns = ("reporter", "partner", "partner2", "flow", "commodity", "currency", "period")
    held = dated.join(whole.select(*keys), on=list(keys), how="inner")
    return held.group_by(*columns).agg(nw.col("value").sum())


def compared(
    pairs: nw.LazyFrame[Any],
    whole: nw.LazyFrame[Any],
    named: Collection[str],
    by: tuple[str, ...],
) -> nw.LazyFrame[Any]:
    """Add up mirrored trade and say which part of what was sent was declared as received.

    ``mirror_ratio = compared_import / compared_export`` over the trade of exporters and importers
    that both published the period: above 1 where freight is all that tells the two apart, far
    below 1 where goods were declared to a country that never saw them. An import that an importer
    did not declare in a period it published is nil, and one of a period it did not publish is
    open. An export that was declared as nil cannot be told from one that was not declared.

    Args:
        pairs: Rows of :func:`entrepot.trade.mirror.mirror` in one currency.
        whole: ``flow``, ``reporter`` and ``period`` of what was published in full.
        named: Exporters that count, with groupings of which every member counts, such as
            ``EU_X``. Imports from other partners that are not specified (``_X`` at the end) are
            told apart; those from anybody else must not be among the pairs.
        by: Columns to sum by, any of :data:`KEYS`; may be empty.

    Returns:
        The columns of ``by``, ``recorded_by`` and ``currency``; in that currency
        ``declared_export`` and ``declared_import``, null where nobody declared any,
        ``compared_export`` and ``compared_import`` of those, ``export_only`` and ``import_only``
        (the part of what is compared that the other side did not declare), ``grouping_import``
        (the part of the imports that names a grouping and no member) and ``unspecified_import``
        (in none of the sums); ``mirror_ratio``, a fraction; and ``caveats``.
    """
    held = _with_silence(pairs, whole).with_columns(
        _is_named=nw.col("exporter").is_in(sorted(named)),
        _is_open=nw.col("exporter").str.ends_with(UNSPECIFIED),
    )
    both = nw.col("_is_named") & nw.col("_is_compared")
    sent, came = nw.col("declared_export"), nw.col("declared_import")
    parts = {
        "declared_export": nw.when(nw.col("_is_named")).then(sent),
        "declared_import": nw.when(nw.col("_is_named")).then(came),
        "compared_export": nw.when(both).then(sent),
        "compared_import": nw.when(both).then(came),
        "export_only": nw.when(both & came.is_null()).then(sent),
        "import_only": nw.when(both & sent.is_null() & ~nw.col("_is_open")).then(came),
        "grouping_import": nw.when(nw.col("_is_named") & nw.col("_is_open")).then(came),
        "unspecified_import": nw.when(~nw.col("_is_named")).then(came),
    }
    keys = (*by, *_UNIT)
    is_left_out = (nw.col("_is_named") & ~nw.col("_is_compared")).cast(nw.Int64)
    sums = (
        held.select(*keys, **parts, _left_out=is_left_out)
        .group_by(*keys)
        .agg(
            *(nw.col(name).sum() for name in parts),
            *(
                nw.col(f"declared_{side}").count().alias(f"_{side}")
                for side in ("export", "import")
            ),
            nw.col("_left_out").sum(),
        )
    )
    return _with_ratio(sums, keys, tuple(parts))


def _with_silence(pairs: nw.LazyFrame[Any], whole: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    exports, imports = (
        whole.filter(nw.col("flow") == flow).select(
            nw.col("reporter").alias(name), "period", nw.lit(1).alias(f"_{name}")
        )
        for flow, name in (("X", "exporter"), ("M", "importer"))
    )
    joined = pairs.join(exports, on=["exporter", "period"], how="left")
    # Who is not named declares nothing, and is not silent for it.
    is_sent = ~nw.col("_exporter").is_null() | nw.col("exporter").str.ends_with(UNSPECIFIED)
    return joined.join(imports, on=["importer", "period"], how="left").with_columns(
        _is_compared=is_sent & ~nw.col("_importer").is_null()
    )


def _with_ratio(
    sums: nw.LazyFrame[Any], keys: tuple[str, ...], parts: tuple[str, ...]
) -> nw.LazyFrame[Any]:
    def code(name: str, holds: nw.Expr) -> nw.Expr:
        return nw.when(holds).then(nw.lit(f"{name} ")).otherwise(nw.lit(""))

    sent, came = nw.col("compared_export"), nw.col("compared_import")
    # The sum of nothing is zero in every engine; here it means that nobody declared anything.
    opened = (
        nw.when(nw.col(f"_{side}") > 0).then(f"declared_{side}").alias(f"declared_{side}")
        for side in ("export", "import")
    )
    is_open = (nw.col("unspecified_import") > 0) | (nw.col("grouping_import") > 0)
    caveats = nw.concat_str(
        code(SILENT, nw.col("_left_out") > 0),
        code(BY_PARTNER, nw.col("recorded_by").fill_null("") == "partner"),
        code(OPEN_PARTNER, is_open),
    ).str.strip_chars()
    rest = tuple(name for name in parts if not name.startswith("declared_"))
    return (
        sums.filter((nw.col("_export") > 0) | (nw.col("_import") > 0))
        .with_columns(mirror_ratio=nw.when(sent > 0).then(came / sent), caveats=caveats)
        .select(*keys, *opened, *rest, "mirror_ratio", "caveats")
    )
