"""What the fusion of three legs promises over many worlds: slow, and the reason to believe it."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench import own
from entrepot.bench.arena import arena_of_world
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.score import score_cells
from entrepot.simulate.world import simulate

pytestmark = pytest.mark.slow
FUSED = "LFM UAD"


def fused(scenario, seed):
    arena = arena_of_world(simulate(SCENARIOS[scenario], seed))
    ((_, cells, _),) = own.own_methods(arena, [FUSED])
    return cells, score_cells(arena.planted, cells, arena.parts)


@pytest.mark.parametrize("seed", range(10))
def test_where_nothing_was_diverted_two_corridors_at_most_are_flagged(seed):
    cells, _ = fused("null", seed)
    assert len(cells.is_flagged) > 900
    assert cells.is_flagged.sum() <= 2


def test_intervals_hold_and_flags_are_right_as_often_as_they_say():
    scores = [fused("base", seed)[1] for seed in range(10)]

    def mean(name):
        return np.mean([getattr(score, name) for score in scores[:3]])

    assert mean("false_discovery_proportion") <= 0.11
    for name in ("coverage_diverted", "coverage_flagged"):
        assert mean(name) >= 0.88
    # A world has eight countries: in three worlds a single one decides, in ten it does not.
    assert np.mean([score.coverage_countries for score in scores]) >= 0.88
    assert mean("average_precision") >= 0.86
    assert mean("intermediated_error") <= 0.20
    assert mean("ghost_error") <= 0.28


def test_sales_inside_a_customs_union_do_not_break_the_error_rate(monkeypatch):
    plain = own._legs

    def all_in_one_union(arena):
        legs = plain(arena)
        return replace(legs, is_lower_bound=np.ones_like(legs.is_lower_bound))

    monkeypatch.setattr(own, "_legs", all_in_one_union)
    scores = [fused("base", seed)[1] for seed in range(3)]
    assert np.mean([score.false_discovery_proportion for score in scores]) <= 0.13
    assert np.mean([score.power for score in scores]) >= 0.55
