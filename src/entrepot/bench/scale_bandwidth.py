"""How fast this machine's memory is: a copy that no cache can hold."""

from __future__ import annotations

import time

import numpy as np

_ELEMENTS = 50_000_000  # 400 MB each way, far beyond any cache
_TURNS = 7


def copy_gigabytes(elements: int = _ELEMENTS) -> float:
    """Bytes read and written by a copy, the best of several, on one core.

    Args:
        elements: Doubles to copy.

    Returns:
        GB/s of a thousand million bytes.
    """
    source, target = np.ones(elements), np.empty(elements)
    best = np.inf
    for _ in range(_TURNS):
        begun = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - begun)
    return 2 * source.nbytes / best / 1e9
