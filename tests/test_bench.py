"""Methods, arenas, trials and pages of the benchmark."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
from test_cli_bench import SCORE, TRIAL

from entrepot.bench import long_rows, run_bench
from entrepot.bench.arena import arena_of_world, panel_of_world
from entrepot.bench.memory import peak_since
from entrepot.bench.methods import BASELINES, GROUPS, chosen, trials
from entrepot.bench.metrics import METRICS, average
from entrepot.bench.own import OWN_METHODS
from entrepot.bench.page import gather_bench, render_bench
from entrepot.bench.ppml import ppml, ppml_own_past
from entrepot.errors import EstimateError
from entrepot.simulate.cell_estimates import CellEstimates
from entrepot.simulate.curves import Calibration, Curves, calibration
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.score import Score, score_cells
from entrepot.simulate.world import simulate


@pytest.fixture(scope="module")
def world():
    return simulate(small(SCENARIOS["strong"]), 0)


@pytest.fixture(scope="module")
def arena(world):
    return arena_of_world(world)


def test_an_arena_holds_every_leg_in_the_order_of_its_panel(world, arena):
    panel = panel_of_world(world)
    code, place = panel.cube.commodities[7], panel.cube.partners[2]
    k = int(np.flatnonzero(world.commodities == code)[0])
    v = int(np.flatnonzero(world.destinations == place)[0])
    assert arena.values[7, 2].tolist() == world.upstream[k, v].tolist()
    assert arena.legs.arrival[7, 2].tolist() == world.arrival[k, v].tolist()
    assert arena.legs.downstream[7, 2].tolist() == world.downstream[k, v].tolist()
    assert arena.legs.is_arrival_published[2].tolist() == world.is_arrival_published[v].tolist()
    assert arena.direct[7].tolist() == world.direct[k].tolist()
    assert arena.ghost[7, 2].tolist() == world.ghost[k, v].tolist()


def test_planted_trade_is_that_of_listed_goods_in_candidates_since_their_listing(world, arena):
    inside = np.arange(world.upstream.shape[2]) >= world.listing_month[:, None]
    tested = world.is_sanctioned[:, None] & world.is_candidate
    expected = np.einsum("kvt,kt->kv", world.diverted, inside.astype(float))[tested].sum()
    assert arena.planted.sum() == pytest.approx(expected)
    both = arena.parts.intermediated + arena.parts.ghost
    np.testing.assert_allclose(both, arena.planted)


def test_a_cell_a_method_is_silent_about_counts_as_nothing_found(arena):
    row, column = np.nonzero(arena.tested)
    some = CellEstimates(
        estimate=np.array([5.0]),
        score=np.array([-3.0]),
        p_value=np.array([0.2]),
        is_flagged=np.array([True]),
    )
    whole = arena.completed(some, row[4:5], column[4:5])
    assert np.flatnonzero(whole.estimate).tolist() == [4]
    assert whole.score.argmax() == 4
    assert np.flatnonzero(whole.is_flagged).tolist() == [4]
    assert (np.delete(whole.p_value, 4) == 1).all()
    assert whole.low is None


def test_an_oracle_has_no_error_of_any_kind(arena):
    truth = arena.planted
    oracle = CellEstimates(
        estimate=truth,
        score=truth,
        is_flagged=truth > 0,
        intermediated=arena.parts.intermediated,
        ghost=arena.parts.ghost,
    )
    score = score_cells(truth, oracle, arena.parts)
    assert score.average_precision == 1
    assert score.false_discovery_proportion == 0
    errors = (score.wmape, score.intermediated_error, score.ghost_error, score.country_error)
    assert errors == (0, 0, 0, 0)


def test_every_baseline_says_something_of_every_cell(arena):
    pytest.importorskip("sklearn", reason="the isolation forest needs scikit-learn")
    found = list(trials("small", 0, arena, tuple(BASELINES)))
    assert [trial.method for trial in found] == list(BASELINES)
    for trial in found:
        assert trial.score.cell_count == int(arena.tested.sum()), trial.method
        assert trial.score.average_precision > 0.4, trial.method
        assert np.isfinite(trial.score.wmape), trial.method


def test_ppml_expects_what_the_three_factors_make_of_a_window(world):
    rng = np.random.default_rng(0)
    k, v, t = world.upstream.shape
    a, g, d = (rng.uniform(0.5, 2.0, size) for size in ((k, v), (k, t), (v, t)))
    exact = 1e6 * np.einsum("kv,kt,vt->kvt", a, g, d)
    planted = np.zeros_like(exact)
    listed = int(np.flatnonzero(world.is_sanctioned)[0])
    planted[listed, 0, world.listing_month[listed] :] = 5e6
    made = replace(
        world, upstream=exact + planted, intermediated=planted, ghost=np.zeros_like(planted)
    )
    arena = arena_of_world(made)
    found = ppml(arena).at(arena.tested)
    # Only partners' paths feel the plant where they are learned, and they are learned without it.
    np.testing.assert_allclose(found.estimate, arena.planted, atol=1e-4 * exact.sum(axis=2).max())
    assert found.score.argmax() == arena.planted.argmax()


def test_ppml_of_a_cells_own_past_is_its_mean_and_scatter(arena):
    k, v = (int(index[0]) for index in np.nonzero(arena.tested))
    start = int(arena.start[k])
    series = arena.values[k, v]
    n, expected = len(series) - start, series[:start].mean()
    found = ppml_own_past(arena)
    sd = series[:start].std() * np.sqrt(n * (1 + n / start))
    excess = series[start:].sum() - n * expected
    assert found.score[k, v] == pytest.approx(excess / np.hypot(sd, 20_000))


def test_a_library_that_is_absent_is_named_with_what_to_do(arena, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(EstimateError, match=r"scikit-learn, which is not installed. Install"):
        list(trials("small", 0, arena, ("isolation forest",)))


def test_methods_are_chosen_by_name_or_group_each_once():
    assert chosen(["ours"]) == OWN_METHODS
    assert chosen(["robust-z", "simple"]) == ("year on year", "robust z", "seasonal naive")
    assert chosen(["all"]) == GROUPS["all"]
    with pytest.raises(EstimateError, match="expected one of"):
        chosen(["oracle"])


@pytest.mark.slow
def test_worlds_in_two_processes_give_what_one_gives_in_the_same_order():
    seen = []
    words = (["sparse", "base"], [0, 1])
    one = run_bench(*words, methods=["year-on-year", "ppml"])
    two = run_bench(
        *words, lambda *told: seen.append(told), methods=["year-on-year", "ppml"], jobs=2
    )

    def named(found):
        return [(t.world, t.seed, t.method) for t in found]

    assert named(one) == named(two)
    for alone, shared in zip(one, two, strict=True):
        # Sums run in another order where the processes share the cores differently.
        for name, value in asdict(alone.score).items():
            other = asdict(shared.score)[name]
            assert value == other or value == pytest.approx(other, rel=1e-6), name
    assert [done for done, _, _ in seen] == [0, 1, 2, 3, 4]


def test_memory_of_a_hundred_megabytes_is_seen():
    peak = peak_since()
    if peak() is None:
        pytest.skip("the system keeps no peak of memory that can be reset")
    block = np.ones(13_000_000)
    del block
    assert 90 < peak() < 130


def test_long_rows_hold_metrics_and_points_of_curves():
    drawn = Curves(
        precision=np.linspace(1, 0.5, 20),
        calibration=calibration(np.array([0.0, 0.9]), np.array([False, True])),
    )
    rows = long_rows([replace(TRIAL, curves=drawn)]).to_pylist()
    told = {(row["metric"], row["point"]): row["value"] for row in rows}
    assert told["average_precision", None] == 0.67
    assert told["precision", 1.0] == 0.5
    assert told["calibration_actual", 0.8] == 1
    assert told["calibration_predicted", 0.8] == 0.9
    assert ("wmape", None) in told
    assert ("total_ratio", None) not in told


def test_every_metric_shown_is_one_that_is_measured():
    assert {metric.name for metric in METRICS} <= set(TRIAL.metrics())
    counts = {"cell_count", "diverted_count", "flagged_count", "unmatched_count"}
    assert set(TRIAL.metrics()) - {metric.name for metric in METRICS} == counts


def test_an_average_is_over_the_worlds_a_metric_applies_to():
    other = replace(TRIAL, score=replace(SCORE, power=0.6, total_ratio=1.5))
    power = average([TRIAL, other], "power")
    assert (power.mean, power.count) == (pytest.approx(0.5), 2)
    assert power.sd == pytest.approx(0.1 * 2**0.5)
    assert average([TRIAL, other], "total_ratio").count == 1
    assert average([TRIAL], "ghost_error") is None


def page_of(found):
    return render_bench(gather_bench(found, "0.1.0"))


def test_a_page_shows_means_spreads_curves_and_fetches_nothing():
    bins = Calibration(
        np.array([3, 0, 0, 0, 0, 0, 1]),
        np.array([0.03, 0, 0, 0, 0, 0, 1.0]),
        np.array([0, 0, 0, 0, 0, 0, 1]),
    )
    drawn = Curves(np.linspace(1, 0.2, 20), bins)
    ours = replace(TRIAL, curves=drawn)
    rival = replace(ours, method="<b>rival</b>", score=replace(SCORE, average_precision=0.5))
    text = page_of([ours, rival, replace(ours, seed=101, score=replace(SCORE, power=0.5))])
    assert "&lt;b&gt;rival&lt;/b&gt;" in text
    assert "<b>rival" not in text
    assert 'id="precision"' in text
    assert 'id="calibration"' in text
    assert 'id="coverage"' in text
    assert "0.45<small>0.07</small>" in text  # power of 0.40 and 0.50
    assert "Ghost" not in text
    assert not [word for word in ("<script", "http://", "https://") if word in text.lower()]


def test_a_page_of_one_null_world_has_no_precision():
    nothing: Score = replace(SCORE, average_precision=None, power=None)
    text = page_of([replace(TRIAL, world="null", score=nothing, curves=Curves(None, None))])
    assert 'id="precision"' not in text
    assert 'id="calibration"' not in text
