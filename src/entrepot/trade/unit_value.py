"""Value per kilogram and per piece: what a declared amount of goods was said to be worth."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw


def unit_value(flows: nw.LazyFrame[Any], by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Divide declared value by declared amount, over the rows that hold the amount.

    ``value_per_kg = sum value / sum net_weight_kg`` over rows with kilograms, and
    ``value_per_unit = sum value / sum quantity`` over rows with a supplementary quantity: a row
    without an amount enters neither sum. Rows that count in different units are not added.
    Stops being true where the publisher estimated the amount from the value.

    Args:
        flows: Rows of ``flows`` of one level, one flow and one currency, each declaration once.
        by: Columns to sum by.

    Returns:
        The columns of ``by``; ``value``, ``weighed_value`` and ``counted_value`` (the value of
        rows with kilograms, with a quantity) in the currency of ``flows``; ``net_weight_kg`` in
        kg; ``quantity`` in ``quantity_unit``, both null where units are mixed or absent;
        ``value_per_kg`` and ``value_per_unit``, null where there is no amount.
    """
    has_kg = nw.col("net_weight_kg") > 0
    has_quantity = (nw.col("quantity") > 0) & ~nw.col("quantity_unit").is_null()
    sums = (
        flows.with_columns(
            _weighed=nw.when(has_kg).then(nw.col("value")),
            _kg=nw.when(has_kg).then(nw.col("net_weight_kg")),
            _counted=nw.when(has_quantity).then(nw.col("value")),
            _quantity=nw.when(has_quantity).then(nw.col("quantity")),
            _unit=nw.when(has_quantity).then(nw.col("quantity_unit")),
        )
        .group_by(*by)
        .agg(
            nw.col("value").sum(),
            nw.col("_weighed").sum().fill_null(0.0).alias("weighed_value"),
            nw.col("_kg").sum().fill_null(0.0).alias("net_weight_kg"),
            nw.col("_counted").sum().fill_null(0.0).alias("counted_value"),
            nw.col("_quantity").sum().alias("_quantity"),
            nw.col("_unit").min().alias("_first"),
            nw.col("_unit").max().alias("_last"),
        )
    )
    is_one_unit = nw.col("_first") == nw.col("_last")
    return (
        sums.with_columns(
            quantity=nw.when(is_one_unit).then(nw.col("_quantity")),
            quantity_unit=nw.when(is_one_unit).then(nw.col("_first")),
        )
        .with_columns(
            value_per_kg=nw.when(nw.col("net_weight_kg") > 0).then(
                nw.col("weighed_value") / nw.col("net_weight_kg")
            ),
            value_per_unit=nw.when(nw.col("quantity") > 0).then(
                nw.col("counted_value") / nw.col("quantity")
            ),
        )
        .drop("_quantity", "_first", "_last")
    )
