"""The fitted model is the Poisson maximum, whatever the labels and the unit."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.diversion.counterfactual import fit, margins, mask
from entrepot.diversion.cube import from_dense


def panel(seed=0, size=(30, 6, 18), zeros=0.4):
    rng = np.random.default_rng(seed)
    k, v, t = size
    mean = np.exp(rng.normal(8, 1, (k, v, 1)) + rng.normal(0, 0.3, (k, 1, t)))
    values = np.round(rng.gamma(0.7, mean / 0.7) * (rng.random(size) > zeros))
    codes = np.array([f"{84 + i // 10:02d}{i:04d}" for i in range(k)])
    partners = np.array(["AM", "BR", "CL", "KG", "KZ", "MX"][:v])
    return from_dense(values, codes, partners, np.arange(t).astype("datetime64[M]")), values


def treated(cube, first=12):
    held = np.zeros(cube.shape[:2], dtype=bool)
    held[: cube.shape[0] // 2, [0, 3]] = True
    return mask(cube, held, np.full(cube.shape[0], first))


def fitted(cube, seen, **options):
    factors, _ = fit(margins(cube, seen), seen, **options)
    return np.concatenate([factors.mean(block) for block in cube.blocks])


def weights(cube, seen):
    return np.concatenate([seen.dense(block) for block in cube.blocks])


def against_reference(cube, values, seen, floor=0.0):
    """Largest relative difference to pyfixest over cells it fits above a floor, and its drops."""
    pyfixest = pytest.importorskip("pyfixest", reason="the reference estimator is not installed")
    pandas = pytest.importorskip("pandas")
    ours, visible = fitted(cube, seen, tolerance=1e-13), weights(cube, seen) > 0
    k, v, t = np.nonzero(visible)
    frame = pandas.DataFrame(
        {
            "y": values[visible],
            "kv": k * 1_000 + v,
            "kt": k * 1_000 + t,
            "vt": v * 1_000 + t,
            "row": np.arange(len(k)),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pyfixest.fepois(
            "y ~ 1 | kv + kt + vt", data=frame, iwls_tol=1e-12, fixef_tol=1e-12, iwls_maxiter=200
        )
    kept = model._data["row"].to_numpy()
    theirs, mu = np.asarray(model._Y_hat_response).ravel(), ours[visible]
    dropped = np.setdiff1d(np.arange(len(k)), kept)
    # What the reference drops as separated has no trade to explain, and is expected to have none.
    assert mu[dropped].max(initial=0.0) <= 1e-6 * mu.max()
    gap = np.abs(theirs - mu[kept]) / theirs
    return float(gap[theirs >= floor].max()), len(dropped)


def test_fit_equals_the_reference_estimator():
    _, values = panel()
    values[3, 2] = 0  # a pair without trade: separated, dropped by the reference
    cube = from_dense(values, panel()[0].commodities, panel()[0].partners, panel()[0].periods)
    gap, dropped = against_reference(cube, values, treated(cube))
    assert gap < 1e-8
    assert dropped >= 12


def test_margins_of_the_fit_are_margins_of_the_trade():
    cube, values = panel(1)
    seen = treated(cube)
    w, mu = weights(cube, seen), fitted(cube, seen, tolerance=1e-12)
    for axis in (0, 1, 2):
        observed, expected = (w * values).sum(axis=axis), (w * mu).sum(axis=axis)
        assert expected == pytest.approx(observed, rel=1e-8, abs=1e-8 * values.sum())


def test_order_of_partners_and_months_does_not_matter():
    cube, values = panel(2)
    seen = treated(cube)
    base = fitted(cube, seen, tolerance=1e-12)
    order = np.array([4, 2, 0, 5, 1, 3])
    moved = from_dense(values[:, order], cube.commodities, cube.partners, cube.periods)
    held = seen.held[:, order] > 0
    again = fitted(moved, mask(moved, held, np.full(cube.shape[0], 12)), tolerance=1e-12)
    assert again == pytest.approx(base[:, order], rel=1e-7, abs=1e-3)


@given(st.floats(1e-3, 1e6))
def test_unit_of_value_scales_the_fit(scale):
    cube, values = panel(3, size=(8, 4, 12))
    seen = treated(cube, 9)
    scaled = from_dense(values * scale, cube.commodities, cube.partners, cube.periods)
    ours = fitted(scaled, seen) / scale
    assert ours == pytest.approx(fitted(cube, seen), rel=1e-6, abs=1e-6)


def test_held_out_trade_never_reaches_the_fit():
    cube, values = panel(4)
    seen = treated(cube)
    base = fitted(cube, seen)
    hidden = values.copy()
    hidden[: cube.shape[0] // 2, 0, 12:] *= 1000
    other = from_dense(hidden, cube.commodities, cube.partners, cube.periods)
    other = type(other)(**{**other.__dict__, "is_alive": cube.is_alive})
    assert fitted(other, seen) == pytest.approx(base)


def test_a_partner_that_bought_nothing_is_expected_to_buy_nothing():
    cube, values = panel(5)
    values[3, 2] = 0
    cube = from_dense(values, cube.commodities, cube.partners, cube.periods)
    assert fitted(cube, treated(cube))[3, 2].max() == 0


def test_warm_start_ends_at_the_same_maximum():
    cube, _ = panel(6)
    seen = treated(cube)
    sums = margins(cube, seen)
    cold, long = fit(sums, seen, tolerance=1e-11)
    _, short = fit(sums, seen, cold, tolerance=1e-11)
    assert short <= 2 < long
