"""What was planted is found, what was not is not, and the numbers keep their promises."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench import panel_of_world, run_bench
from entrepot.diversion.conclude import _selected, conclude, partner_spread
from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.estimate import direct_loss, estimate
from entrepot.diversion.evidence import Material, from_donors
from entrepot.diversion.folds import fold_of
from entrepot.diversion.history import from_history, placebo_shift
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.intervals import places, untreated
from entrepot.diversion.onset import _profile, onset
from entrepot.diversion.predictive import Scales, draws, upper_tail
from entrepot.diversion.result_rows import lead_rows
from entrepot.diversion.run import findings, run_id
from entrepot.diversion.total_rows import total_rows
from entrepot.diversion.totals import empty_tally
from entrepot.diversion.window import Cells
from entrepot.errors import EstimateError
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

INQUIRY = Inquiry(intermediaries="AM,KZ,KG,GE,UZ", goods="simulated")


@pytest.fixture(scope="module")
def world():
    return simulate(small(SCENARIOS["strong"]), 1)


@pytest.fixture(scope="module")
def found(world):
    return estimate(panel_of_world(world), INQUIRY)


def window_truth(world, estimated):
    order = np.argsort(world.commodities, kind="stable")
    places_ = np.argsort(world.destinations, kind="stable")
    after = np.arange(world.upstream.shape[2]) >= estimated.panel.design.start[:, None]
    return np.einsum("kvt,kt->kv", world.diverted[order][:, places_], after.astype(float))


def cells(**columns):
    n = len(columns["observed"])
    base = {
        "row": np.zeros(n, dtype=int),
        "column": np.zeros(n, dtype=int),
        "lump": np.full(n, 1_000.0),
        "level_variance": np.full(n, 0.05),
        "drift": np.full(n, 0.05),
    }
    return Cells(**(base | {k: np.asarray(v, dtype=float) for k, v in columns.items()}))


def test_planted_diversion_is_flagged_and_little_else(world, found):
    truth = window_truth(world, found)
    for conclusion in found.conclusions.values():
        planted = truth[conclusion.cells.row, conclusion.cells.column]
        flagged = conclusion.is_flagged
        assert flagged.sum() >= 10
        assert (planted[flagged] == 0).mean() <= 0.25
        large = planted > 1e6
        assert flagged[large].mean() > 0.5


def quiet(scenario):
    """The scenario without legitimate booms of single products, which one leg cannot tell apart."""
    return replace(scenario, absorption_share=0.0, transit_share=0.0, project_share=0.0)


def test_null_country_has_no_flag_and_a_total_that_holds_zero():
    estimated = estimate(panel_of_world(simulate(quiet(small(SCENARIOS["strong"])), 1)), INQUIRY)
    conclusion = estimated.conclusions["partner"]
    column = estimated.panel.cube.partners.tolist().index("UZ")
    low, high = np.quantile(conclusion.tally.draws[column].sum(axis=0), [0.05, 0.95])
    assert low < 0 < high
    assert conclusion.is_flagged[conclusion.cells.column == column].sum() == 0


@pytest.mark.slow
def test_a_world_without_diversion_flags_nothing():
    panel = panel_of_world(simulate(quiet(SCENARIOS["null"]), 0))
    material = Material(panel.cube, panel.design, None, panel.first, 1)
    tally = empty_tally(panel.cube.chapters, panel.cube.shape[1])
    evidence = from_donors(material)["partner"]
    conclusion = conclude(evidence, tally, carries_drift=False, fdr=0.1, seed=1)
    assert len(conclusion.cells) > 900
    assert conclusion.is_flagged.sum() <= 2
    assert (conclusion.scored.p_value < 0.05).mean() == pytest.approx(0.05, abs=0.025)


@pytest.mark.slow
def test_the_benchmark_sees_error_control_where_the_usual_rule_has_none():
    trials = {trial.method: trial.score for trial in run_bench(["base"], [0])}
    ours, usual = trials["entrepot partner"], trials["robust z"]
    assert ours.false_discovery_proportion < 0.25 < usual.false_discovery_proportion
    assert ours.average_precision > trials["year on year"].average_precision
    assert ours.wmape < 0.5 * trials["year on year"].wmape


def test_same_seed_gives_the_same_result(world, found):
    again = estimate(panel_of_world(world), INQUIRY)
    for name, conclusion in found.conclusions.items():
        assert (again.conclusions[name].excess == conclusion.excess).all()
        assert (again.conclusions[name].q_value == conclusion.q_value).all()


def test_point_lies_in_its_interval_and_selection_widens_it(found):
    for conclusion in found.conclusions.values():
        excess = conclusion.cells.observed - conclusion.cells.mean
        low, high = conclusion.excess.T
        assert ((low <= excess) & (excess <= high)).all()
        flagged = conclusion.is_flagged
        told = flagged & np.isfinite(conclusion.selected[:, 0])
        assert (conclusion.selected[told, 0] <= low[told]).all()
        assert (conclusion.selected[told, 1] >= high[told]).all()
        assert np.isnan(conclusion.selected[~flagged]).all()


def test_an_interval_beyond_what_the_controls_can_tell_is_left_open():
    part = cells(observed=[1e6] * 4, mean=[1e3] * 4)
    control = cells(observed=np.full(500, 1e3), mean=np.full(500, 1e3))
    scales = Scales(1.0, 1.0)
    known = (scales, places(control, scales, 1))
    flagged, excess = np.array([True, False, False, False]), np.zeros((4, 2))
    assert np.isnan(_selected(part, flagged, excess, known, (0.001, 1))).all()
    assert np.isfinite(_selected(part, flagged, excess, known, (0.2, 1))[0]).all()


def test_excess_is_never_more_than_what_was_observed(found):
    for conclusion in found.conclusions.values():
        assert (conclusion.excess[:, 1] <= conclusion.cells.observed + 1e-6).all()
        assert (conclusion.discounted >= 0).all()


def test_placebo_in_space_rejects_next_to_nothing(found):
    for placebos in found.placebos.values():
        space = next(p for p in placebos if p.name == "placebo_in_space")
        assert space.rejections["_T"] <= 0.01 * space.tests["_T"]
        assert space.small_share == pytest.approx(0.05, abs=0.03)


def test_placebo_in_time_moves_the_event_by_whole_years():
    assert [placebo_shift(h) for h in (1, 12, 13, 24)] == [12, 12, 24, 24]


def test_too_short_a_history_says_how_many_months_are_missing(world):
    panel = panel_of_world(world)
    material = Material(panel.cube, panel.design, None, 10, 1)
    with pytest.raises(EstimateError, match=r"leave 0 months before the placebo .* expected 6"):
        from_history(material)


def nine_months(world):
    """The world as it stood nine months into the war, so that a placebo year fits before it."""
    panel = panel_of_world(world)
    end = panel.first + 9
    return replace(panel, cube=panel.cube.until(end), direct=panel.direct[:, :end])


def test_history_design_is_calibrated_on_an_earlier_year(world):
    panel = nine_months(world)
    evidence = from_history(Material(panel.cube, panel.design, None, panel.first, 1))
    assert list(evidence) == ["common"]
    tested, control = evidence["common"].tested, evidence["common"].control
    candidates = np.flatnonzero(panel.design.is_candidate)
    assert np.isin(tested.column, candidates).all()
    assert len(np.unique(control.column)) == panel.cube.shape[1]
    tally = empty_tally(panel.cube.chapters, panel.cube.shape[1])
    result = conclude(evidence["common"], tally, carries_drift=True, fdr=0.1, seed=1)
    assert result.growth == pytest.approx(np.exp(result.shock.drift))


def test_trade_after_the_event_does_not_change_a_history_expectation(world):
    panel = nine_months(world)
    late = panel.cube.months >= panel.first
    doubled = replace(panel.cube, values=np.where(late, 2, 1) * panel.cube.values)
    one, two = (
        from_history(Material(cube, panel.design, None, panel.first, 1))["common"].tested
        for cube in (panel.cube, doubled)
    )
    assert two.mean == pytest.approx(one.mean)
    assert two.observed.sum() == pytest.approx(2 * one.observed.sum())


def test_a_commodity_never_loses_two_of_few_partners_in_one_fold():
    controls = np.ones((50, 7), dtype=bool)
    controls[:25, :3] = False
    folds = fold_of(controls, seed=3)
    assert (folds[~controls] == -1).all()
    for row in range(50):
        held = folds[row][folds[row] >= 0]
        assert len(set(held)) == len(held)


def test_nothing_observed_is_no_surprise():
    window = cells(observed=[0.0, 50_000.0], mean=[40_000.0, 1_000.0])
    tail = upper_tail(window, Scales(1.0, 1.0))
    assert tail[0] == 1.0
    assert tail[1] < 1e-6


def test_draws_have_the_mean_they_were_given():
    window = cells(observed=[0.0] * 3, mean=[2_000.0, 50_000.0, 1e6])
    drawn = draws(window, Scales(1.0, 1.0), 20_000, seed=1)
    assert drawn.mean(axis=1) == pytest.approx(window.mean, rel=0.05)
    assert (np.diff(drawn, axis=1) >= 0).all()


def test_intervals_cover_though_the_predictive_is_too_narrow():
    rng = np.random.default_rng(4)
    mean = np.exp(rng.uniform(8, 14, 6_000))
    # Trade strays by 60 %, the predictive believes in 30 %: only recalibration can cover.
    observed = mean * np.exp(rng.normal(-0.18, 0.6, 6_000))
    window = cells(observed=observed, mean=mean)
    control, tested = window.take(np.arange(4_000)), window.take(np.arange(4_000, 6_000))
    scales = Scales(1.0, 1.0)
    drawn = untreated(tested, scales, places(control, scales, 1), 2)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
    inside = (low <= tested.observed) & (tested.observed <= high)
    assert inside.mean() == pytest.approx(0.90, abs=0.03)


def test_totals_add_up_and_the_shock_only_widens_them():
    tally = empty_tally(np.array([0, 0, 1]), 2)
    part = cells(observed=[100.0, 50.0, 30.0], mean=[40.0, 40.0, 30.0])
    part = replace(part, row=np.array([0, 1, 2]), column=np.array([0, 0, 1]))
    tally.add(part, np.random.default_rng(0).normal(0, 5, (3, 400)))
    assert tally.observed.sum() == 180.0
    assert tally.draws.mean(axis=2).sum() == pytest.approx(70.0)
    before = tally.draws[0].sum(axis=0).std()
    tally.add_shock(0.2, 0.1, seed=1)
    assert tally.draws[0].sum(axis=0).std() > before


def test_partner_spread_is_the_ninth_of_nine_partners():
    errors = np.linspace(-0.4, 0.4, 9)
    part = cells(observed=1e8 * (1 + errors), mean=[1e8] * 9)
    part = replace(
        part,
        column=np.arange(9),
        lump=np.full(9, 1e-3),
        level_variance=np.full(9, 1e-9),
        drift=np.full(9, 1e-9),
    )
    assert partner_spread(part, Scales(1.0, 1.0)) == pytest.approx(0.4 / 1.645, rel=1e-3)


def test_onset_is_the_month_of_the_step():
    observed, mu = np.array([[10.0] * 12 + [40.0] * 8]), np.full((1, 20), 10.0)
    profile = _profile(observed, mu, np.array([5.0]))
    assert profile.argmax() == 12
    assert _profile(mu, observed, np.array([5.0])).max() == -np.inf


def steady(panel):
    """Direct exports of 100 a month before the event and 30 after, on flat paths elsewhere."""
    k, v, t = panel.cube.shape
    after = np.arange(t) >= panel.first
    direct = np.where(after, 30.0, 100.0) * np.ones((k, t))
    alive = replace(panel.cube, is_alive=np.ones((k, t), dtype=bool))
    factors = Factors(np.ones((k, v)), np.ones((k, t)), np.ones((v, t)))
    return replace(panel, direct=direct, cube=alive), factors


def test_direct_loss_is_what_stopped_of_listed_goods(found):
    panel, flat = steady(found.panel)
    loss = direct_loss(panel, flat)
    months = panel.cube.shape[2] - panel.design.start
    assert loss.lost == pytest.approx(np.where(panel.design.is_listed, 70.0 * months, 0.0))


def test_direct_loss_does_not_depend_on_how_the_path_is_split(found):
    panel, flat = steady(found.panel)
    tilt = np.exp(0.02 * np.arange(panel.cube.shape[2]))
    moved = Factors(flat.a, flat.g * tilt, flat.d / tilt)
    assert direct_loss(panel, moved).lost == pytest.approx(direct_loss(panel, flat).lost)


def test_a_month_nobody_reported_is_no_loss(found):
    panel, flat = steady(found.panel)
    reported = panel.cube.is_reported.copy()
    reported[:, -1] = False
    silent = replace(panel, cube=replace(panel.cube, is_reported=reported))
    less = direct_loss(panel, flat).lost - direct_loss(silent, flat).lost
    assert less == pytest.approx(np.where(panel.design.is_listed, 70.0, 0.0))
    assert np.isnan(direct_loss(silent, flat).expected[:, -1]).all()


def test_lost_direct_of_the_total_is_that_of_its_leads(found):
    leads = lead_rows(found, "r1").to_pylist()
    lost = {row["commodity"]: row["lost_direct"] for row in leads if row["bracket"] == "common"}
    rows = total_rows(found, "r1").to_pylist()
    (total,) = [
        row["lost_direct"]
        for row in rows
        if (row["bracket"], row["intermediary"], row["group"]) == ("common", "_T", "_T")
    ]
    assert total == pytest.approx(sum(lost.values()), rel=0.02)


def masked(world, month):
    panel = panel_of_world(world)
    reported = panel.cube.is_reported.copy()
    reported[:, month] = False
    return replace(panel, cube=replace(panel.cube, is_reported=reported))


def test_a_masked_month_takes_away_neither_bracket_nor_dates_an_onset(world):
    panel = masked(world, 30)
    evidence = from_donors(Material(panel.cube, panel.design, None, panel.first, 1))
    assert list(evidence) == ["common", "partner"]
    where = np.nonzero(panel.design.treated)
    lump = np.full(panel.cube.shape[0], 1e4)
    when = onset(panel.cube, evidence["common"].factors, where, lump, panel.first)
    assert not (when.month == 30).any()


def test_too_few_controls_are_an_error_that_counts_them(world):
    panel = panel_of_world(world)
    evidence = from_donors(Material(panel.cube, panel.design, None, panel.first, 1))["common"]
    few = replace(evidence, control=evidence.control.take(np.arange(40)))
    tally = empty_tally(panel.cube.chapters, panel.cube.shape[1])
    with pytest.raises(
        EstimateError, match=r"\d+ controls to calibrate on, expected at least 1 and 100"
    ):
        conclude(few, tally, carries_drift=False, fdr=0.1, seed=1)


def test_what_could_not_be_worked_out_is_said(world):
    bare = replace(nine_months(world), general=None)
    estimated = estimate(bare, replace(INQUIRY, design="history"))
    said = {finding.rule: finding for finding in findings(estimated, "r1")}
    assert said["bracket_partner"].outcome == "unknown"


def test_run_is_named_by_question_version_and_sources():
    one = run_id(INQUIRY, "0.1.0", ("a", "b"))
    assert one == run_id(INQUIRY, "0.1.0", ("b", "a"))
    assert one.startswith("r")
    others = {
        run_id(replace(INQUIRY, fdr=0.05), "0.1.0", ("a", "b")),
        run_id(INQUIRY, "0.2.0", ("a", "b")),
        run_id(INQUIRY, "0.1.0", ("a",)),
    }
    assert len(others | {one}) == 4


def test_donors_are_needed_for_both_brackets(world):
    panel = panel_of_world(world)
    unlisted = ~panel.design.is_listed[panel.cube.rows]
    late = panel.cube.months >= panel.first
    candidate = panel.design.is_candidate[panel.cube.columns]
    keep = ~(unlisted & late & candidate)
    bare = replace(
        panel.cube,
        values=panel.cube.values[keep],
        rows=panel.cube.rows[keep],
        columns=panel.cube.columns[keep],
        months=panel.cube.months[keep],
    )
    evidence = from_donors(Material(bare, panel.design, None, panel.first, 1))
    assert list(evidence) == ["common"]
