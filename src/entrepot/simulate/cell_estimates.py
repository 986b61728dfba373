"""What any method says of the cells of a world, in one form."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CountryTotals:
    """What an estimator says of whole countries, those with tested cells, in ascending order.

    Args:
        estimate: Diverted trade of all tested cells, EUR, shape [C].
        low: Lower end of its 90 % interval, EUR, shape [C].
        high: Upper end.
    """

    estimate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Whose cells they are, and how their planted trade went where that is known.

    Args:
        country: Index of each cell's country, shape [n].
        intermediated: Planted trade that arrived and went on, EUR, shape [n].
        ghost: Planted trade that never arrived, EUR, shape [n].
    """

    country: Ints
    intermediated: Floats | None = None
    ghost: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CellEstimates:
    """What an estimator says of each cell, a listed product in a candidate. One shape for all.

    Args:
        estimate: Diverted trade in the window, EUR, not negative.
        score: The more suspect, the higher.
        low: Lower end of the 90 % interval of diverted trade, EUR; ``None`` without intervals.
        high: Upper end.
        p_value: One-sided p-value of no diversion; ``None`` without tests.
        is_flagged: What the method flags at its FDR; ``None`` without tests.
        claimed_low: Lower end of what is claimed of diversion, where that is another interval than
            the one that is to cover; the interval score is taken of it.
        claimed_high: Upper end.
        probability: Probability that something was diverted; ``None`` without.
        intermediated: Part of the estimate that arrived and went on, EUR; ``None`` without a split.
        ghost: Part that never arrived, EUR.
        totals: Totals of countries with their intervals; ``None`` without.
    """

    estimate: Floats
    score: Floats
    low: Floats | None = None
    high: Floats | None = None
    p_value: Floats | None = None
    is_flagged: Bools | None = None
    claimed_low: Floats | None = None
    claimed_high: Floats | None = None
    probability: Floats | None = None
    intermediated: Floats | None = None
    ghost: Floats | None = None
    totals: CountryTotals | None = None

    def at(self, cells: Bools) -> CellEstimates:
        """The estimates of some cells, flat.

        Args:
            cells: Cells to keep, of the estimates' shape.

        Returns:
            Estimates of shape [number kept]; totals of countries stay as they are.
        """
        arrays = {part.name: getattr(self, part.name) for part in fields(self)}
        kept: dict[str, Any] = {
            name: v[cells] for name, v in arrays.items() if isinstance(v, np.ndarray)
        }
        return replace(self, **kept)
