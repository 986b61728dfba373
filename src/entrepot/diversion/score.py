"""The score that tests and ranks corridors, fixed in advance (docs/decisions/0006-score.md).

Two views of one surprise. ``z`` measures the excess in standard deviations above a materiality and
captures value; the predictive tail among equally uncertain controls captures count. Each becomes a
rank among held-out controls, and their sum of logs is ranked among the same controls once more, so
that the final p-value is conformal whatever the two parts are worth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from entrepot.diversion.conformal import NEAREST, local_p, pooled_p
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.predictive import Scales, shape, upper_tail
from entrepot.diversion.window import Cells

MATERIALITY = 20_000.0  # currency units; a smaller excess is not worth an analyst's hour


@dataclass(frozen=True)
class Scored:
    """Scores and p-values of tested corridors.

    Args:
        score: Sum of the two surprises, larger is stranger, shape [n].
        p_value: Conformal p-value, shape [n].
    """

    score: Floats
    p_value: Floats


@dataclass(frozen=True)
class Surprise:
    """How strange each corridor looks by itself, before it is ranked among controls.

    Args:
        position: Log relative variance of its prediction, shape [n].
        tail: Chance of less than was observed, less one: larger is stranger, shape [n].
        z: Excess in standard deviations, shape [n].
    """

    position: Floats
    tail: Floats
    z: Floats

    def take(self, which: Bools | Ints) -> Surprise:
        """Pick corridors.

        Args:
            which: A mask or indices.

        Returns:
            Those corridors.
        """
        return Surprise(*(getattr(self, part.name)[which] for part in fields(self)))


def standard_excess(window: Cells, scales: Scales) -> Floats:
    """``z = (S - M) / sqrt(phi M + min(nu, 1) M^2 + s0^2)``.

    Args:
        window: Corridors.
        scales: Tuned scales.

    Returns:
        Excess in standard deviations, shape [n].
    """
    nu = np.minimum(window.level_variance + scales.drift * window.drift, 1.0)
    variance = window.lump * window.mean + nu * window.mean**2 + MATERIALITY**2
    z: Floats = (window.observed - window.mean) / np.sqrt(variance)
    return z


def score(tested: Cells, control: Cells, scales: Scales) -> Scored:
    """Score tested corridors and rank them among held-out controls.

    ``score = -log p_z - log p_tail``; the p-value is the score's rank among the controls' own.
    Valid while controls and untreated corridors are exchangeable given their uncertainty.

    Args:
        tested: Corridors that may hold diversion.
        control: Held-out corridors that hold none.
        scales: Tuned scales.

    Returns:
        Scores and p-values.
    """
    return rank(surprise(tested, scales), surprise(control, scales))


def surprise(window: Cells, scales: Scales) -> Surprise:
    """Measure how strange corridors look by themselves.

    Args:
        window: Corridors.
        scales: Tuned scales.

    Returns:
        Both surprises, and the uncertainty that the second is compared at.
    """
    return Surprise(
        position=np.log(shape(window, scales).relative_variance),
        tail=-upper_tail(window, scales),
        z=standard_excess(window, scales),
    )


def rank(tested: Surprise, control: Surprise) -> Scored:
    """Rank surprises of tested corridors among those of controls, as :func:`score` does.

    Args:
        tested: Surprises of corridors that may hold diversion.
        control: Surprises of held-out corridors that hold none.

    Returns:
        Scores and p-values.
    """
    here, there, tail = tested.position, control.position, control.tail
    by_tail = local_p(tested.tail, here, tail, there)
    own = _sum_of_logs(pooled_p(tested.z, control.z), by_tail, tested.z)
    # A control is ranked among the others: its own place is taken out of its rank.
    by_z = pooled_p(control.z, control.z) - 1 / (len(tail) + 1)
    one = 1 / (min(NEAREST, len(tail)) + 1)
    by_tail = np.maximum(local_p(tail, there, tail, there) - one, one)
    others = _sum_of_logs(by_z, by_tail, control.z)
    return Scored(own, pooled_p(own, others))


def _sum_of_logs(by_z: Floats, by_tail: Floats, z: Floats) -> Floats:
    """Sum of logs; z decides among equal ranks without ever outweighing one."""
    total: Floats = -np.log(by_z) - np.log(by_tail) + 1e-6 * np.arcsinh(z)
    return total
