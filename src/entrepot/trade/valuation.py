"""CIF and FOB: what freight and insurance to the border add to a declared value."""

from __future__ import annotations

import math
from typing import Any, Literal

import narwhals.stable.v2 as nw

from entrepot.errors import EstimateError

Valuation = Literal["CIF", "FOB"]


def at(flows: nw.LazyFrame[Any], valuation: Valuation, margin: float) -> nw.LazyFrame[Any]:
    """Turn declared values into one valuation.

    ``FOB = CIF / (1 + margin)``. Stops being true where one margin stands for goods, distances and
    years that differ: nobody publishes it, so it is a parameter and has no default. For all goods
    together 0.06 to 0.10 is usual.

    Args:
        flows: Rows of ``flows``.
        valuation: The valuation wanted.
        margin: Freight and insurance as a fraction of the FOB value, zero or more.

    Returns:
        The same rows, ``value`` in that valuation, and ``margin``: null in rows that were declared
        in it, which stay as they are.

    Raises:
        EstimateError: If the margin is not a number of zero or more.

    Source:
        Gaulier and Zignago, "BACI: International Trade Database at the Product-Level", CEPII
        2010-23; Miao and Fortanier, "Estimating Transport and Insurance Costs of International
        Trade", OECD Statistics Working Papers 2017/04.
    """
    if not (margin >= 0 and math.isfinite(margin)):
        raise EstimateError(
            f"margin is {margin!r}, expected a fraction of the FOB value, zero or more, e.g. 0.06."
        )
    is_due = nw.col("valuation") != valuation
    factor = 1 + margin if valuation == "CIF" else 1 / (1 + margin)
    return flows.with_columns(
        value=nw.when(is_due).then(nw.col("value") * factor).otherwise("value"),
        margin=nw.when(is_due).then(nw.lit(float(margin))),
        valuation=nw.lit(valuation),
    )
