"""One method on one world, and all that was measured of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from entrepot.simulate.curves import EDGES, RECALLS, Curves
from entrepot.simulate.score import Score


@dataclass(frozen=True, slots=True)
class Trial:
    """One method on one world.

    Args:
        world: Scenario, or strength of planting in real data.
        seed: Its seed.
        method: Which estimator.
        seconds: How long it took; ``None`` where somebody else ran it.
        score: How well it did.
        memory_mb: Memory it took at its peak beyond what was held before, MB; ``None`` where the
            system does not tell.
        curves: Precision along recall, and calibration.
    """

    world: str
    seed: int
    method: str
    seconds: float | None
    score: Score
    memory_mb: float | None = None
    curves: Curves | None = None

    def metrics(self) -> dict[str, float | None]:
        """Every metric by name, seconds and memory first."""
        return {"seconds": self.seconds, "memory_mb": self.memory_mb, **asdict(self.score)}


def long_rows(trials: Sequence[Trial]) -> pa.Table:
    """Trials as one row per world, method and metric, points of curves included.

    ``point`` is open for metrics; for ``precision`` it is the recall, for ``calibration_count``,
    ``calibration_predicted`` and ``calibration_actual`` the lower edge of the bin of probability.

    Args:
        trials: The trials.

    Returns:
        Columns ``world, seed, method, metric, point, value``; what does not apply is left out.
    """
    rows = [
        (trial.world, trial.seed, trial.method, metric, point, value)
        for trial in trials
        for metric, point, value in (*_metrics(trial), *_points(trial.curves))
    ]
    kinds = (pa.string(), pa.int64(), pa.string(), pa.string(), pa.float64(), pa.float64())
    names = ("world", "seed", "method", "metric", "point", "value")
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _metrics(trial: Trial) -> Iterator[tuple[str, None, float]]:
    for name, value in trial.metrics().items():
        if value is not None:
            yield name, None, float(value)


def _points(curves: Curves | None) -> Iterator[tuple[str, float, float]]:
    if curves is None:
        return
    if curves.precision is not None:
        for recall, precision in zip(RECALLS.tolist(), curves.precision.tolist(), strict=True):
            yield "precision", recall, precision
    if curves.calibration is not None:
        for part in ("count", "predicted", "actual"):
            values = getattr(curves.calibration, part).tolist()
            for edge, value in zip(EDGES[:-1].tolist(), values, strict=True):
                yield f"calibration_{part}", edge, float(value)
