"""Poisson pseudo-maximum-likelihood with three fixed effects, by iterative proportional fitting.

The model of untreated trade is ``E[U] = a[k,v] g[k,t] d[v,t]``: how much of commodity k partner v
takes, how commodity k moves, how partner v moves. The observed trade enters only through its three
margins, and the mask is a product of vectors less the held-out cells, so that one iteration is six
matrix products and the cells themselves are read once.

Source: Santos Silva and Tenreyro (2006), The log of gravity; Deming and Stephan (1940); Borusyak,
Jaravel and Spiess (2024) for fitting on untreated cells and imputing the treated ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Bools, Cube, Floats, Ints

TOLERANCE = 1e-8
MAX_ITERATIONS = 150
SETTLED = 1e-13  # how far from one a mean may be
SETTLING = 200  # rounds at most; two are the rule


@dataclass(frozen=True)
class Mask:
    """Which cells the fit may look at: ``alive[k,t] reported[v,t] (1 - held[k,v] after[k,t])``.

    Args:
        alive: 1 where the code was in force, shape [K, T].
        reported: 1 where the month was published about the partner, shape [V, T].
        held: 1 where the cell's window is not to be looked at, shape [K, V].
        after: 1 from the commodity's event on, shape [K, T].
    """

    alive: Floats
    reported: Floats
    held: Floats
    after: Floats

    def dense(self, block: slice) -> Floats:
        """Weights of one block.

        Args:
            block: Run of commodities.

        Returns:
            1 where the fit may look, shape [block, V, T].
        """
        seen = self.alive[block, None, :] * self.reported[None, :, :]
        weights: Floats = seen * (1 - self.held[block, :, None] * self.after[block, None, :])
        return weights


def mask(cube: Cube, held: Bools, start: Ints) -> Mask:
    """The fit mask when the windows of some cells are held out.

    Args:
        cube: The panel.
        held: Cells whose window must not be looked at, shape [K, V].
        start: Index of the first month of each commodity's window, shape [K].

    Returns:
        The mask.
    """
    after = np.arange(cube.shape[2])[None, :] >= start[:, None]
    return Mask(
        alive=cube.is_alive.astype(float),
        reported=cube.is_reported.astype(float),
        held=held.astype(float),
        after=after.astype(float),
    )


@dataclass(frozen=True)
class Factors:
    """The three factors of the model.

    Args:
        a: Commodity by partner, shape [K, V].
        g: Commodity by month, shape [K, T].
        d: Partner by month, shape [V, T].
    """

    a: Floats
    g: Floats
    d: Floats

    def mean(self, block: slice) -> Floats:
        """Fitted values of one block.

        Args:
            block: Run of commodities.

        Returns:
            Values in the unit of the panel, shape [block, V, T].
        """
        mu: Floats = self.a[block, :, None] * self.g[block, None, :] * self.d[None, :, :]
        return mu


@dataclass(frozen=True)
class Margins:
    """Sums of the trade the mask lets through, each over the missing index.

    Args:
        by_path: Over partners, shape [K, T].
        by_partner: Over commodities, shape [V, T].
        by_pair: Over months, shape [K, V].
    """

    by_path: Floats
    by_partner: Floats
    by_pair: Floats


def margins(cube: Cube, seen: Mask) -> Margins:
    """Sum the visible trade over partners, commodities and months.

    Args:
        cube: The panel.
        seen: The mask.

    Returns:
        The three margins, in the unit of the panel.
    """
    k, v, t = cube.shape
    by_path, by_partner, by_pair = np.zeros((k, t)), np.zeros((v, t)), np.zeros((k, v))
    for block, values in cube.each():
        visible = values * seen.dense(block)
        by_path[block] = visible.sum(axis=1)
        by_partner += visible.sum(axis=0)
        by_pair[block] = visible.sum(axis=2)
    return Margins(by_path, by_partner, by_pair)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with 0/0 = 0: a group without trade gets the factor 0, as separated cells must.

    Args:
        numerator: Any shape.
        denominator: The same shape.

    Returns:
        The quotient, 0 where the denominator is not positive.
    """
    out: Floats = np.divide(
        numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0
    )
    return out


def fit(
    sums: Margins,
    seen: Mask,
    first: Factors | None = None,
    *,
    tolerance: float = TOLERANCE,
    most: int = MAX_ITERATIONS,
) -> tuple[Factors, int]:
    """Fit the model to the visible cells.

    Each line of an iteration solves one block of the Poisson score, so that the fixed point is
    the PPML maximum: the margins of the fit equal those of the data in every fixed-effect group.
    The factors are :func:`settled`, so that they do not depend on where the fit began. Not
    identified, and set to 0, where a group holds no visible trade.

    Args:
        sums: Margins of the visible trade.
        seen: The mask.
        first: Factors to start from; all ones when left out.
        tolerance: Largest relative error of the commodity-month margin at which to stop.
        most: Iterations at most.

    Returns:
        The factors, and how many iterations it took.

    Source:
        Reference test against ``pyfixest.fepois`` in tests/test_counterfactual.py.
    """
    (k, t), v = sums.by_path.shape, sums.by_partner.shape[0]
    now = first or Factors(np.ones((k, v)), np.ones((k, t)), np.ones((v, t)))
    a, g, d = now.a, now.g, now.d
    scale = sums.by_path.max(initial=0.0)
    exposure = path_total(a, d, seen)
    count, gap = 0, np.inf
    while count < most and gap > tolerance * scale:
        g = ratio(sums.by_path, exposure)
        d = ratio(sums.by_partner, _partner_total(a, g, seen))
        a = ratio(sums.by_pair, pair_total(g, d, seen))
        exposure = path_total(a, d, seen)
        gap = np.abs(g * exposure - sums.by_path).max(initial=0.0)
        count += 1
    return settled(Factors(a, g, d), seen, sums.by_partner.sum(axis=1)), count


def settled(factors: Factors, seen: Mask, weight: Floats) -> Factors:
    """The same fitted values, with factors whose means are one.

    The model fixes the products ``a g d`` and not the factors: a constant of a commodity, a
    partner or a month can move from one to another, and where the iteration leaves it depends on
    where it began. Whoever reads a single factor must read it in one gauge, or a warm start would
    tell something else than a cold one.

    In every month the partners' factors have mean one, weighted by their trade; every partner's
    factor has mean one over the months published about it; every commodity's path has mean one
    over the months its code was in force. Stops being unique where no chain of trade links some
    partners and months with the others: their constants are then free.

    Args:
        factors: Fitted factors.
        seen: The fit mask.
        weight: Visible trade of each partner, in the unit of the panel, shape [V].

    Returns:
        Factors with the same products.
    """
    d = factors.d * seen.reported
    by_month, by_partner = np.ones(d.shape[1]), np.ones(d.shape[0])
    for _ in range(SETTLING):
        month = _or_one(ratio(weight @ d, weight @ seen.reported))
        d = d / month
        partner = _or_one(ratio(d.sum(axis=1), seen.reported.sum(axis=1)))
        d = d / partner[:, None]
        by_month, by_partner = by_month * month, by_partner * partner
        if max(np.abs(month - 1).max(initial=0.0), np.abs(partner - 1).max(initial=0.0)) < SETTLED:
            break
    g = factors.g * by_month
    level = _or_one(ratio((g * seen.alive).sum(axis=1), seen.alive.sum(axis=1)))
    return Factors(
        a=factors.a * by_partner * level[:, None],
        g=g / level[:, None],
        d=factors.d / by_month / by_partner[:, None],
    )


def _or_one(constant: Floats) -> Floats:
    out: Floats = np.where(constant > 0, constant, 1.0)
    return out


def path_total(a: Floats, d: Floats, seen: Mask) -> Floats:
    """Add up over partners what the mask lets through: ``sum_v W a d``.

    Args:
        a: Commodity by partner, shape [K, V].
        d: Partner by month, shape [V, T].
        seen: The mask, ``W``.

    Returns:
        Sums, shape [K, T].
    """
    visible = d * seen.reported
    total: Floats = seen.alive * (a @ visible - seen.after * ((a * seen.held) @ visible))
    return total


def _partner_total(a: Floats, g: Floats, seen: Mask) -> Floats:
    """``sum_k W a g``, shape [V, T]."""
    living = g * seen.alive
    total: Floats = seen.reported * (a.T @ living - (a * seen.held).T @ (living * seen.after))
    return total


def pair_total(g: Floats, d: Floats, seen: Mask) -> Floats:
    """Add up over months what the mask lets through: ``sum_t W g d``.

    Args:
        g: Commodity by month, shape [K, T].
        d: Partner by month, shape [V, T].
        seen: The mask, ``W``.

    Returns:
        Sums, shape [K, V].
    """
    living, visible = g * seen.alive, (d * seen.reported).T
    total: Floats = living @ visible - seen.held * ((living * seen.after) @ visible)
    return total
