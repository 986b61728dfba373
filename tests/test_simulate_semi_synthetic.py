"""Diversion planted in a panel that is not ours."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.errors import EstimateError
from entrepot.simulate.semi_synthetic import SemiSynthetic, Strength, plant

RNG = np.random.default_rng(0)
PANEL = RNG.gamma(0.5, 1e5, (200, 6, 26))
DIRECT = RNG.gamma(0.5, 1e6, (200, 26))


def planted(strength: Strength, seed: int = 0) -> SemiSynthetic:
    return plant(PANEL, DIRECT, strength, seed, start_index=17, candidate_count=3)


def test_half_the_products_count_as_listed_and_the_first_three_as_candidates() -> None:
    made = planted("moderate")
    assert made.is_sanctioned.sum() == 100
    assert made.is_candidate.tolist() == [True, True, True, False, False, False]
    assert set(made.listing_month.tolist()) == {17}


def test_truth_is_what_was_added_after_the_start_in_listed_cells_of_candidates() -> None:
    made = planted("strong")
    np.testing.assert_allclose(made.values - PANEL, made.truth, atol=1e-6)
    assert (made.truth >= 0).all()
    assert made.truth[:, :, :17].sum() == 0
    assert made.truth[~made.is_sanctioned].sum() == 0
    assert made.truth[:, 3:].sum() == 0
    diverting = (made.truth.sum(axis=2) > 0)[made.is_sanctioned][:, :3]
    assert diverting.mean() == pytest.approx(0.20, abs=0.07)


def test_a_placebo_is_the_real_panel() -> None:
    made = planted("null")
    assert made.truth.sum() == 0
    np.testing.assert_array_equal(made.values, PANEL)


def test_a_cell_takes_at_most_its_share_of_the_targets_flow() -> None:
    made = planted("moderate")
    share = made.truth.sum(axis=2) / DIRECT[:, 17:].sum(axis=1)[:, None]
    assert share[share > 0].min() > 0
    assert share.max() < 0.40
    assert planted("strong").truth.sum() > 2 * made.truth.sum()


def test_same_seed_plants_the_same() -> None:
    np.testing.assert_array_equal(planted("moderate").truth, planted("moderate").truth)
    assert (planted("moderate").is_sanctioned != planted("moderate", 1).is_sanctioned).any()


def test_arrays_of_other_months_are_refused() -> None:
    with pytest.raises(EstimateError, match="Cut both from the same months"):
        plant(PANEL, DIRECT[:, :20], "strong", 0, start_index=17, candidate_count=3)
