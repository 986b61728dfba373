"""Placebo in space: hold out control corridors, refit, predict them as if they were treated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.counterfactual import Factors, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Ints
from entrepot.diversion.dispersion import Dispersion
from entrepot.diversion.shrinkage import Shrunk, shrink

FEW_PARTNERS = 12
MANY_FOLDS = 6


@dataclass(frozen=True)
class Design:
    """Who may be treated, and since when.

    Args:
        is_listed: Commodities under the ban, shape [K].
        is_candidate: Partners through whom goods may go on, shape [V].
        start: First month of each commodity's window, shape [K]; for goods that are not listed,
            the month of the first ban, so that they can serve as controls.
    """

    is_listed: Bools
    is_candidate: Bools
    start: Ints

    @property
    def treated(self) -> Bools:
        """Corridors that may hold diversion, shape [K, V]."""
        out: Bools = self.is_listed[:, None] & self.is_candidate[None, :]
        return out


def fold_of(controls: Bools, seed: int) -> Ints:
    """Give every control corridor a fold, so that a commodity never loses many partners at once.

    With few partners each fold holds out at most one of a commodity's; plain random folds let all
    donors of a commodity vanish together, which fakes outliers among the controls.

    Args:
        controls: Corridors that may be held out, shape [K, V].
        seed: Seed of the permutation within each commodity.

    Returns:
        Fold of each corridor, -1 where it is no control, shape [K, V].

    Source:
        Measured on real trade before the war: over a hundred false rejections with plain random
        folds, none with these.
    """
    partners = int(controls.sum(axis=1).max(initial=0))
    count = partners if partners <= FEW_PARTNERS else MANY_FOLDS
    order = np.random.default_rng(seed).random(controls.shape)
    order = np.where(controls, order, np.inf)
    rank = np.argsort(np.argsort(order, axis=1), axis=1)
    folds: Ints = np.where(controls, rank % max(count, 1), -1)
    return folds


def refit(cube: Cube, held: Bools, start: Ints, scatter: Dispersion, first: Factors) -> Shrunk:
    """Fit and shrink again with some windows held out, starting from the full fit.

    Args:
        cube: The panel.
        held: Windows the fit may not look at, shape [K, V].
        start: First month of each commodity's window, shape [K].
        scatter: Lumps and variances; measured before the event only, hence kept.
        first: Factors of the full fit.

    Returns:
        Shrunk factors.
    """
    seen = mask(cube, held, start)
    sums = margins(cube, seen)
    fitted, _ = fit(sums, seen, first)
    return shrink(cube, seen, fitted, scatter, start)
