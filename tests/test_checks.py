"""What a run finds out about itself, and what of it becomes rows."""

import numpy as np
import pytest

from entrepot.bench.arena import panel_of_world
from entrepot.diversion.check_rows import rows_of_checks
from entrepot.diversion.checks import check
from entrepot.diversion.cube import from_dense
from entrepot.diversion.estimate import estimate, material_of
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.prices import price_changes
from entrepot.diversion.records import Weights, nothing
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.world import simulate

INQUIRY = Inquiry(intermediaries="AM,KZ,KG,GE,UZ,TR,AE,RS", dataset="simulated", goods="simulated")


@pytest.fixture(scope="module")
def hidden():
    """A world in which three controls divert as well, estimated on exports alone."""
    world = simulate(SCENARIOS["hidden"], 0)
    panel = panel_of_world(world)
    found = estimate(panel, INQUIRY)
    return world, found, check(found, material_of(panel, INQUIRY), nothing(panel.cube))


@pytest.mark.slow
def test_countries_taken_for_controls_that_divert_become_leads_of_their_own_kind(hidden):
    world, found, checks = hidden
    tables = {table.name: rows for table, rows in rows_of_checks(checks, found, "r1", "simulated")}
    leads = tables["leads"].to_pylist()
    assert leads
    assert {row["kind"] for row in leads} == {"control"}
    assert {row["legs"] for row in leads} == {"U"}
    secret = set(world.destinations[8:11].tolist())
    right = [row for row in leads if row["intermediary"] in secret]
    assert len(right) >= 0.8 * len(leads)
    assert all(
        row["excess"] > 0 and row["intermediary"] not in INQUIRY.intermediaries for row in leads
    )


def test_every_check_leaves_numbers_and_one_sentence(hidden):
    _, found, checks = hidden
    tables = {table.name: rows for table, rows in rows_of_checks(checks, found, "r1", "")}
    said = tables["findings"].to_pylist()
    assert {row["rule"] for row in said} == {
        *("similar_goods_common", "similar_goods_partner", "hierarchy_common"),
        *("hierarchy_partner", "trimming_partner", "leave_one_out_common"),
        "leave_one_out_partner",
    }
    assert all(row["detail"].endswith(".") and row["subject_id"] == "r1" for row in said)
    measured = set(tables["diagnostics"]["diagnostic"].to_pylist())
    assert measured == {"similar_goods", "hierarchy", "trimming", "leave_one_out"}


def priced(kilograms_after):
    """Two commodities, six partners: all sell at one price, the first pays for fewer kilograms."""
    world = simulate(SCENARIOS["base"], 0)
    panel = panel_of_world(world)
    cube = panel.cube
    values = np.concatenate([block for _, block in cube.each()])
    weight = values / 10.0
    weight[:, np.flatnonzero(panel.design.is_candidate)[0], panel.first :] *= kilograms_after
    names = (cube.commodities, cube.partners, cube.periods)
    return panel, Weights(cube, from_dense(weight, *names)), values


def test_half_the_kilograms_for_the_same_money_is_a_doubled_price():
    panel, weights, values = priced(0.5)
    rows = np.argsort(-values.sum(axis=(1, 2)))[:3]
    change = price_changes(weights, panel, rows)
    dearer, same = np.flatnonzero(panel.design.is_candidate)[:2]
    traded = values[rows][:, [dearer, same]].sum(axis=2) > 0
    assert change[rows, dearer, 0][traded[:, 0]] == pytest.approx(np.log(2), abs=1e-6)
    assert change[rows, same, 0][traded[:, 1]] == pytest.approx(0, abs=1e-6)
    others = np.setdiff1d(np.arange(panel.cube.shape[0]), rows)
    assert np.isnan(change[others]).all()


def test_without_weights_prices_are_open():
    panel, _, _ = priced(1.0)
    assert np.isnan(price_changes(None, panel, np.array([0]))).all()
