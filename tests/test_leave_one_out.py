"""A conclusion that hangs on one control country is seen."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench import panel_of_world
from entrepot.diversion.conclude import conclude
from entrepot.diversion.counterfactual import fit, margins, mask
from entrepot.diversion.cube import from_dense
from entrepot.diversion.diagnostic import measure_rows
from entrepot.diversion.dispersion import dispersion
from entrepot.diversion.donor_removal import expected_unseen, learn
from entrepot.diversion.evidence import Material, from_donors
from entrepot.diversion.leave_one_out import leave_one_out, leave_one_out_diagnostic, weights
from entrepot.diversion.shrinkage import shrink
from entrepot.diversion.totals import empty_tally
from entrepot.diversion.window import expected_sum
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate


@pytest.fixture(scope="module")
def material():
    panel = panel_of_world(simulate(small(SCENARIOS["base"]), 1))
    return Material(panel.cube, panel.design, None, panel.first, 1)


def left_out(material):
    evidence = from_donors(material)
    conclusions = {
        name: conclude(
            part,
            empty_tally(material.cube.chapters, material.cube.shape[1]),
            carries_drift=False,
            fdr=0.1,
            seed=1,
        )
        for name, part in evidence.items()
    }
    return conclusions, leave_one_out(material, evidence, conclusions, 0.1)


@pytest.fixture(scope="module")
def found(material):
    return left_out(material)


def test_weights_are_shares_of_the_expectation_by_control_country(material, found):
    conclusions, _ = found
    weight = weights(material, conclusions["partner"].cells)
    assert weight.sum() == pytest.approx(1.0)
    assert (weight[material.design.is_candidate] == 0).all()


def test_weightiest_controls_are_left_out_and_totals_stay_near_in_a_calm_world(material, found):
    conclusions, moved = found
    for name, one in moved.items():
        assert len(one.left_out) == 8
        assert (np.diff(one.weight) <= 0).all()
        assert not material.design.is_candidate[one.left_out].any()
        expected = np.bincount(conclusions[name].cells.column, conclusions[name].cells.mean)
        change = np.abs(one.without - one.excess) / expected[one.partners]
        assert np.median(change) < 0.05


def test_a_warm_refit_of_listed_goods_says_what_a_full_refit_says(material, found):
    conclusions, moved = found
    one, cells = moved["partner"], conclusions["partner"].cells
    who = one.left_out[0]
    unseen = material.design.treated.copy()
    unseen[:, who] = True
    seen = mask(material.cube, unseen, material.design.start)
    fitted, _ = fit(margins(material.cube, seen), seen)
    scatter = dispersion(material.cube, seen, fitted, material.design.start)
    shrunk = shrink(material.cube, seen, fitted, scatter, material.design.start)
    full = expected_sum(material.cube, shrunk.factors, material.design.start)
    gap = cells.observed - full[cells.row, cells.column]
    exact = np.bincount(cells.column, gap)[one.partners]
    expected = np.bincount(cells.column, cells.mean)[one.partners]
    assert np.abs(exact - one.without[0]).max() < 0.05 * expected.max()


def test_a_full_fit_with_nothing_more_unseen_is_the_same_twice(material):
    model = learn(material)
    first = expected_unseen(material, model, model.held, ("common", "partner"))
    again = expected_unseen(material, model, model.held, ("common", "partner"))
    assert (first["common"] == again["common"]).all()
    assert (first["partner"] > 0).any()


def boomed(material, factor):
    """One control country buys that many times as much of every listed good from the event on."""
    values = np.concatenate([block for _, block in material.cube.each()])
    who = int(np.flatnonzero(material.donors)[0])
    listed = np.flatnonzero(material.design.is_listed)
    values[np.ix_(listed, [who], np.arange(material.first, values.shape[2]))] *= factor
    cube = material.cube
    grown = from_dense(values, cube.commodities, cube.partners, cube.periods)
    return replace(material, cube=replace(grown, is_alive=cube.is_alive)), who


def test_a_conclusion_that_hangs_on_one_country_is_flagged(material):
    tilted, who = boomed(material, 8.0)
    conclusions, moved = left_out(tilted)
    one = moved["partner"]
    assert one.left_out[0] == who
    assert one.weight[0] > 0.5
    assert one.flagged_without[0] > one.flagged_count
    # Its boom is taken for the goods' own path: without it less is expected, and more is excess.
    assert one.without[0].sum() > one.excess.sum()
    shown = leave_one_out_diagnostic(one, tilted.cube.partners, "EUR FOB")
    assert shown.outcome == "flagged"
    assert shown.detail.startswith("60% of the expectation hangs on BR.")
    assert conclusions["partner"].is_flagged.sum() == one.flagged_count


def test_a_calm_world_hangs_on_nobody(material, found):
    _, moved = found
    for one in moved.values():
        shown = leave_one_out_diagnostic(one, material.cube.partners, "EUR FOB")
        assert shown.outcome == "clear"
        assert "no country total leaves its 90 % interval" in shown.detail


def test_a_total_outside_its_interval_is_named(material, found):
    _, moved = found
    narrow = replace(moved["common"], interval=np.column_stack([moved["common"].excess] * 2))
    shown = leave_one_out_diagnostic(narrow, material.cube.partners, "EUR FOB")
    assert shown.outcome == "flagged"
    assert "totals leave their 90 % intervals: AM without" in shown.detail


def test_every_total_and_count_is_a_row(material, found):
    _, moved = found
    one = moved["common"]
    rows = measure_rows(leave_one_out_diagnostic(one, material.cube.partners, "EUR FOB"), "common")
    assert len({row[2:4] for row in rows}) == len(rows)
    assert len(rows) == 1 + 2 * 8 + (8 + 3) * len(one.partners)
