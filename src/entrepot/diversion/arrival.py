"""The arrival leg: how much of what was sent an intermediary usually records as arrived.

``E[A | Z] = base + rho Z``: of goods ``Z`` that arrive, the importer records the share ``rho``,
which holds freight (CIF), rules of origin and coverage as long as they are stable; ``base`` is what
it books under the code of other goods. Both are learned before the event. A month the importer did
not publish is dropped from both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.density import TAIL_SHARES, TAIL_WIDTHS, Tail, log_density
from entrepot.diversion.neighbours import booked, is_whole

# Recorded over declared before the event, below which the record tells nothing. Kazakhstan's mirror
# of Lithuania, thin but usable, showed 0.32; Armenia's telephones, booked by the country that made
# them, show 0.00.
INFORMATIVE = 0.2
FULLEST = 3.0  # a larger share is other trade booked here, not these goods
FEW_SHIPMENTS = 3.0  # with fewer before the event the share is the country's anyway
FREIGHT = 1.06  # CIF over FOB where arrivals of all origins are added up and no share is learned
TUNING_CELLS = 3_000
TUNING_ROUNDS = 2


@dataclass(frozen=True)
class Arrivals:
    """What was sent and what was recorded, over months both were published. Shapes [K, V].

    Args:
        sent_before: Declared exports before the window.
        recorded_before: Recorded imports before the window.
        sent: Declared exports in the window.
        recorded: Recorded imports in the window.
        base: Imports in the window that do not depend on what was sent under the code.
        share: ``rho``, recorded over sent.
        share_variance: Relative variance of what ``base`` and ``rho`` expect.
        is_informative: Whether the record says anything about what was sent.
    """

    sent_before: Floats
    recorded_before: Floats
    sent: Floats
    recorded: Floats
    base: Floats
    share: Floats
    share_variance: Floats
    is_informative: Bools


@dataclass(frozen=True)
class ArrivalScales:
    """How closely controls' records follow what was sent to them.

    Args:
        lump: Effective shipment of the record, as a share of the commodity's own.
        noise: Relative variance of a window's record.
        level: Weight of the variance of ``rho``.
        tail: The wide part.
    """

    lump: float
    noise: float
    level: float
    tail: Tail


def sums(cube: Cube, published: Bools, start: Ints) -> tuple[Floats, Floats]:
    """Trade before and in each commodity's window, over published months.

    Args:
        cube: Trade by commodity, partner and month.
        published: Months that count, shape [V, T].
        start: First month of each commodity's window, shape [K].

    Returns:
        Two tables of shape [K, V], in the unit of the cube.
    """
    seen = published[cube.columns, cube.months]
    late = cube.months >= start[cube.rows]
    out = []
    for chosen in (seen & ~late, seen & late):
        table = np.zeros(cube.shape[:2])
        np.add.at(table, (cube.rows[chosen], cube.columns[chosen]), cube.values[chosen])
        out.append(table)
    return out[0], out[1]


def arrivals(sent: Cube, recorded: Cube, start: Ints, lump: Floats) -> Arrivals:
    """Lay what was sent beside what was recorded of it.

    Args:
        sent: Coalition exports.
        recorded: Imports of the partners, on the same axes.
        start: First month of each commodity's window, shape [K].
        lump: Currency per effective shipment, shape [K].

    Returns:
        The two, with shares learned before the window. Not informative where less than a fifth
        was recorded before; where little was sent before, the country's share decides.
    """
    found = booked(sent, recorded, start)
    known = found.sent_before > FEW_SHIPMENTS * np.maximum(lump, 1e-9)[:, None]
    usual = np.where(known, ratio(found.recorded_before, found.sent_before), found.country)
    is_told = (usual >= INFORMATIVE) & (found.share > 0) & (found.share <= FULLEST)
    return Arrivals(
        sent_before=found.sent_before,
        recorded_before=found.recorded_before,
        sent=found.sent,
        recorded=found.recorded,
        base=found.base,
        share=found.share,
        share_variance=found.variance,
        is_informative=is_told & (found.sent > 0) & is_whole(sent)[:, None],
    )


def arrivals_of_all(sent: Cube, recorded: Cube, start: Ints, lump: Floats) -> Arrivals:
    """Lay what was sent beside imports of all origins, for partners that book goods by origin.

    Freight is the share, or what all imports leave room for where they are fewer; the rest of the
    record before the window, month for month, is the base. Not informative where the goods sent
    were less than a fifth of all imports, or all imports less than a fifth of them.

    Args:
        sent: Coalition exports.
        recorded: Imports of the partners from everywhere, on the same axes.
        start: First month of each commodity's window, shape [K].
        lump: Currency per effective shipment, shape [K].

    Returns:
        The two.
    """
    both = sent.is_reported & recorded.is_reported
    sent_before, sent_in = sums(sent, both, start)
    recorded_before, recorded_in = sums(recorded, both, start)
    scale = np.maximum(lump, 1e-9)[:, None]
    known = sent_before > FEW_SHIPMENTS * scale
    told = known & (ratio(sent_before, recorded_before) >= INFORMATIVE)
    told &= ratio(recorded_before, sent_before) >= INFORMATIVE
    few = FEW_SHIPMENTS * scale
    share = np.minimum(FREIGHT, (few * FREIGHT + recorded_before) / (few + sent_before))
    return Arrivals(
        sent_before=sent_before,
        recorded_before=recorded_before,
        sent=sent_in,
        recorded=recorded_in,
        base=_background(recorded_before - share * sent_before, both, start),
        share=share,
        share_variance=ratio(np.broadcast_to(scale, sent_in.shape).copy(), sent_before),
        is_informative=told & (sent_in > 0) & is_whole(sent)[:, None],
    )


def _background(rest: Floats, published: Bools, start: Ints) -> Floats:
    """Imports from elsewhere, as many a month in the window as before it."""
    after = np.arange(published.shape[1])[None, :] >= start[:, None]
    in_window = after.astype(float) @ published.T.astype(float)
    before = (~after).astype(float) @ published.T.astype(float)
    out: Floats = np.maximum(rest, 0.0) * ratio(in_window, before)
    return out


def density(of: Arrivals, lump: Floats, scales: ArrivalScales, arrived: Floats) -> Floats:
    """Log density of the record if so much had arrived, in effective shipments of the record.

    Args:
        of: Corridors, each field of shape [n].
        lump: Currency per effective shipment, shape [n].
        scales: Tuned scales.
        arrived: Goods that arrive in published months, shape [n, x].

    Returns:
        Log densities, shape [n, x].
    """
    unit = (scales.lump * lump)[:, None]
    mean = (of.base[:, None] + of.share[:, None] * arrived) / unit
    spread = scales.noise + scales.level * of.share_variance
    return log_density(of.recorded[:, None] / unit, mean, 1 / spread[:, None], scales.tail)


def at(of: Arrivals, row: Ints, column: Ints) -> Arrivals:
    """Pick corridors.

    Args:
        of: All corridors.
        row: Commodities, shape [n].
        column: Partners, shape [n].

    Returns:
        The same fields, shape [n].
    """
    return Arrivals(**{name: value[row, column] for name, value in vars(of).items()})


def tune_arrival(of: Arrivals, lump: Floats) -> ArrivalScales:
    """Choose the scales under which controls' records are most likely, one scale at a time.

    Args:
        of: Control corridors, each field of shape [n].
        lump: Currency per effective shipment, shape [n].

    Returns:
        The scales.
    """
    step = max(1, len(lump) // TUNING_CELLS)
    of, lump = Arrivals(**{n: value[::step] for n, value in vars(of).items()}), lump[::step]
    best = ArrivalScales(0.1, 0.005, 0.5, Tail(0.03, 10.0))
    options: list[list[dict[str, Any]]] = [
        [{"lump": float(x)} for x in np.geomspace(0.005, 4, 12)],
        [{"noise": float(x)} for x in np.geomspace(0.002, 0.3, 10)],
        [{"level": float(x)} for x in np.geomspace(0.02, 4, 8)],
        [{"tail": Tail(s, w)} for s in TAIL_SHARES for w in TAIL_WIDTHS],
    ]

    def likely(scales: ArrivalScales) -> float:
        logs = density(of, lump, scales, of.sent[:, None])[:, 0]
        # Nothing recorded is a point with a mass, the others are densities per shipment.
        return float((logs - np.log(scales.lump) * (of.recorded > 0)).mean())

    for _ in range(TUNING_ROUNDS):
        for steps in options:
            best = max([best, *(replace(best, **change) for change in steps)], key=likely)
    return best
