"""CIF and FOB: what freight and insurance to the border add to a declared value."""

from __future__ import annotations

from typing import Any, Literal

import narwhals.stable.v2 as nw

from entrepot.errors import EstimateError

Valuation = Literal["CIF", "FOB"]


def at(flows: nw.LazyFrame[Any], valuation: Valuation, margin: float) -> nw.LazyFrame[Any]:
    """Turn declared values into one valuation.

    ``FOB = CIF / (1 + margin)``. Stops being true where one margin stands for goods, distances and
    years that differ: nobody publishes it, so it is a parameter and has no default.

    Args:
        flows: Rows of ``flows``.
        valuation: The valuation wanted.
        margin: Freight and insurance as a fraction of the FOB value, zero or more.

    Returns:
        The same rows, ``value`` in that valuation; those that were declared in it stay as they
        are.

    Raises:
        EstimateError: If the margin is less than zero.
    """
    if margin < 0:
        raise EstimateError(
            f"margin is {margin!r}, expected a fraction of the FOB value, zero or more, e.g. 0.06."
        )
    factor = 1 + margin if valuation == "CIF" else 1 / (1 + margin)
    is_declared = nw.col("valuation") == valuation
    value = nw.when(is_declared).then(nw.col("value")).otherwise(nw.col("value") * factor)
    return flows.with_columns(value=value, valuation=nw.lit(valuation))
