"""Siblings of flagged goods that are not listed: they rise where goods are declared as them."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench import panel_of_world
from entrepot.diversion.conclude import conclude
from entrepot.diversion.cube import from_dense
from entrepot.diversion.evidence import Material, from_donors
from entrepot.diversion.similar_goods import similar_goods, similar_goods_diagnostic
from entrepot.diversion.totals import empty_tally
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate


def concluded(material):
    part = from_donors(material)["partner"]
    tally = empty_tally(material.cube.chapters, material.cube.shape[1])
    found = conclude(part, tally, carries_drift=False, fdr=0.1, seed=1)
    return part, found, similar_goods(material, part, found, found.is_flagged)


@pytest.fixture(scope="module")
def material():
    panel = panel_of_world(simulate(small(SCENARIOS["strong"]), 1))
    return Material(panel.cube, panel.design, None, panel.first, 1)


@pytest.fixture(scope="module")
def calm(material):
    return concluded(material)


def test_siblings_share_heading_and_country_with_a_flagged_good_and_are_not_listed(material, calm):
    _, found, similar = calm
    design, headings = material.design, material.cube.headings
    assert len(similar.siblings) >= 60
    assert not design.is_listed[similar.siblings.row].any()
    assert design.is_candidate[similar.siblings.column].all()
    flagged = found.cells.take(found.is_flagged)
    pairs = set(zip(headings[flagged.row].tolist(), flagged.column.tolist(), strict=True))
    mine = zip(
        headings[similar.siblings.row].tolist(), similar.siblings.column.tolist(), strict=True
    )
    assert set(mine) <= pairs


def test_siblings_are_calm_where_goods_are_declared_as_what_they_are(calm):
    _, _, similar = calm
    assert similar.rise_count / len(similar.siblings) == pytest.approx(0.05, abs=0.035)
    shown = similar_goods_diagnostic(similar, "EUR FOB")
    assert shown.outcome == "clear"
    assert "no sign of goods declared under a sibling code" in shown.detail


def relabelled(material, found, similar):
    """Each sibling of a flagged good takes as much again as it was expected to, in the window."""
    cube = material.cube
    values = np.concatenate([block for _, block in cube.each()])
    row, column = similar.siblings.row, similar.siblings.column
    months = values.shape[2] - material.first
    values[row, column, material.first :] += (2.0 * similar.siblings.mean / months)[:, None]
    grown = from_dense(values, cube.commodities, cube.partners, cube.periods)
    return replace(material, cube=replace(grown, is_alive=cube.is_alive))


def test_siblings_rise_where_goods_are_declared_under_their_code(material, calm):
    _, found, similar = calm
    _, _, moved = concluded(relabelled(material, found, similar))
    assert moved.rise_count > 2 * similar.rise_count
    assert moved.p_compared < 0.001
    assert moved.excess > similar.excess
    shown = similar_goods_diagnostic(moved, "EUR FOB")
    assert shown.outcome == "flagged"
    assert "consistent with goods declared under a sibling code" in shown.detail


def test_without_siblings_the_answer_is_unknown(material, calm):
    part, found, _ = calm
    nobody = replace(found, is_flagged=np.zeros(len(found.cells), dtype=bool))
    similar = similar_goods(material, part, nobody, nobody.is_flagged)
    shown = similar_goods_diagnostic(similar, "EUR FOB")
    assert len(similar.siblings) == 0
    assert shown.outcome == "unknown"
    assert "0 goods that are not listed share" in shown.detail


def test_where_everything_is_listed_there_is_no_sibling(material, calm):
    part, found, _ = calm
    everything = replace(material.design, is_listed=np.ones(material.cube.shape[0], dtype=bool))
    similar = similar_goods(replace(material, design=everything), part, found, found.is_flagged)
    assert (len(similar.siblings), similar.other_count, similar.p_binomial) == (0, 0, 1.0)
