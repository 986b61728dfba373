"""Shipments: trade comes in lumps, and small trade is mostly zeros."""

from __future__ import annotations

import numpy as np

from entrepot.simulate.levels import Floats


def shipments(mean: Floats, shipment_mean: float, rng: np.random.Generator) -> Floats:
    """Draw declared trade as a compound Poisson-gamma sum of shipments.

    ``n ~ Poisson(mean / shipment_mean)``, each shipment exponential with mean ``shipment_mean``,
    so that the variance is ``2 * shipment_mean * mean``.

    Args:
        mean: Expected trade, thousand EUR, any shape.
        shipment_mean: Mean value of one shipment, thousand EUR.
        rng: Random stream.

    Returns:
        Trade, thousand EUR, same shape; exactly 0 where nothing was shipped.

    Example:
        >>> shipments(np.zeros(3), 15.0, np.random.default_rng(0)).tolist()
        [0.0, 0.0, 0.0]
    """
    count = rng.poisson(mean / shipment_mean)
    return np.asarray(shipment_mean * rng.standard_gamma(count.astype(np.float64)))
