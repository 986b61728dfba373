"""Hidden intermediaries among the controls are found; where there is none, nothing is left out."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench import panel_of_world
from entrepot.diversion.diagnostic import as_finding, measure_rows
from entrepot.diversion.evidence import Material
from entrepot.diversion.predictive import tune
from entrepot.diversion.trimming import predict_controls, trim, trimming_diagnostic
from entrepot.errors import EstimateError
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

pytestmark = pytest.mark.slow


def material_of(world):
    panel = panel_of_world(world)
    return Material(panel.cube, panel.design, None, panel.first, 1)


def planted_in(world):
    order = np.argsort(world.commodities, kind="stable")
    places = np.argsort(world.destinations, kind="stable")
    return world.diverted.sum(axis=2)[order][:, places] > 0


def controls_of(material):
    return predict_controls(material, np.zeros(material.cube.shape[:2], dtype=bool), "partner")


@pytest.fixture(scope="module")
def hidden():
    return simulate(SCENARIOS["hidden"], 1)


@pytest.fixture(scope="module")
def trimmed(hidden):
    material = material_of(hidden)
    control = controls_of(material)
    return material, control, trim(material, control, tune(control), "partner", 0.1)


def test_what_is_trimmed_was_diverting(hidden, trimmed):
    material, _, found = trimmed
    planted = planted_in(hidden)
    assert found.held.sum() >= 15
    assert planted[found.held].mean() >= 0.8
    assert not found.held[:, material.design.is_candidate].any()
    assert not found.held[~material.design.is_listed].any()


def test_trimmed_corridors_are_leads_with_their_own_numbers(trimmed):
    material, _, found = trimmed
    cells = found.cells
    assert len(cells) == found.held.sum() == len(found.z) == len(found.p_value)
    assert found.held[cells.row, cells.column].all()
    assert (np.diff(found.z) <= 0).all()
    assert (cells.observed > cells.mean).mean() > 0.95
    shown = trimming_diagnostic(found, material.cube, "EUR FOB")
    assert shown.outcome == "flagged"
    rows = measure_rows(shown, "partner")
    assert len({row[1:4] for row in rows}) == len(rows)
    lead = f"{material.cube.partners[cells.column[0]]}-{material.cube.commodities[cells.row[0]]}"
    assert ("partner", "trimming", "observed", lead, cells.observed[0], "EUR FOB") in rows
    assert as_finding(shown, "partner", "r1").observed == len(cells)


def test_leaving_them_out_lowers_what_is_expected_of_their_goods(trimmed):
    material, before, found = trimmed
    after = predict_controls(material, found.held, "partner")
    goods = np.unique(found.cells.row)
    same = np.isin(before.row, goods) & ~found.held[before.row, before.column]
    assert after.mean[same].sum() < before.mean[same].sum()


def test_nothing_is_trimmed_where_no_control_diverts():
    material = material_of(simulate(SCENARIOS["null"], 0))
    control = controls_of(material)
    found = trim(material, control, tune(control), "partner", 0.1)
    assert found.held.sum() == 0
    assert found.round_count == 0
    assert trimming_diagnostic(found, material.cube, "EUR FOB").outcome == "clear"


def test_without_other_goods_to_compare_with_the_answer_is_unknown():
    material = material_of(simulate(small(SCENARIOS["hidden"]), 1))
    control = controls_of(material)
    all_listed = replace(material.design, is_listed=np.ones(material.cube.shape[0], dtype=bool))
    found = trim(replace(material, design=all_listed), control, tune(control), "common", 0.1)
    shown = trimming_diagnostic(found, material.cube, "EUR FOB")
    assert found.held.sum() == 0
    assert shown.outcome == "unknown"
    assert "0 corridors of control countries hold goods that are not listed" in shown.detail


def test_a_rate_that_is_none_is_refused(trimmed):
    material, control, _ = trimmed
    with pytest.raises(EstimateError, match="fdr is 10"):
        trim(material, control, tune(control), "partner", 10)
