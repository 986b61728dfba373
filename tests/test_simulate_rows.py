"""A world's rows say what its arrays say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from entrepot.simulate.rows import flows, listed, source, source_id, truth
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import World, simulate
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES, TRUTH


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(small(SCENARIOS["base"]), seed=1)


@pytest.fixture(scope="module")
def rows(world: World) -> pa.Table:
    return flows(world)


def where(table: pa.Table, **wanted: str) -> pa.Table:
    for name, value in wanted.items():
        table = table.filter(pc.equal(table[name], value))
    return table


def test_every_table_has_the_columns_and_the_key_of_its_contract(
    world: World, rows: pa.Table
) -> None:
    for table, made in ((FLOWS, rows), (LISTED_COMMODITIES, listed(world)), (TRUTH, truth(world))):
        assert tuple(made.column_names) == table.column_names
        assert made.group_by(list(table.key)).aggregate([]).num_rows == made.num_rows
        for column in table.columns:
            if not column.nullable:
                assert made[column.name].null_count == 0, column.name


def test_members_exports_sum_to_the_coalitions(world: World, rows: pa.Table) -> None:
    exports = where(rows, classification="CN")
    assert set(exports["reporter"].unique().to_pylist()) == {"DE", "IT", "LT"}
    cell = where(exports, partner="KZ", commodity=world.commodities[7] + "00")
    by_month = cell.group_by("period").aggregate([("value", "sum")]).sort_by("period")
    series = world.upstream[7, 1]
    np.testing.assert_allclose(by_month["value_sum"].to_numpy(), series[series > 0])
    to_target = pc.equal(exports["partner"], "RU")
    total = [
        pc.sum(exports.filter(keep)["value"]).as_py() for keep in (to_target, pc.invert(to_target))
    ]
    assert total == pytest.approx([world.direct.sum(), world.upstream.sum()])


def test_mirrors_are_declared_by_the_destinations(world: World, rows: pa.Table) -> None:
    arrival, onward = where(rows, flow="M"), where(rows, flow="X", classification="HS")
    assert pc.sum(arrival["value"]).as_py() == pytest.approx(world.arrival.sum())
    assert set(arrival["valuation"].unique().to_pylist()) == {"CIF"}
    assert pc.sum(onward["value"]).as_py() == pytest.approx(world.downstream.sum())
    assert onward["partner"].unique().to_pylist() == ["RU"]
    assert set(onward["reporter"].unique().to_pylist()) <= set(world.destinations.tolist())


def test_zeros_are_not_written(rows: pa.Table) -> None:
    assert pc.min(rows["value"]).as_py() > 0


def test_codes_are_listed_from_the_first_day_of_their_month(world: World) -> None:
    made = listed(world)
    assert made.num_rows == world.is_sanctioned.sum()
    days = {str(day) for day in made["valid_from"].to_pylist()}
    assert days == {"2022-03-01", "2022-07-01", "2022-10-01"}


def test_truth_holds_what_was_planted_and_nothing_else(world: World) -> None:
    made = truth(world)
    assert pc.sum(made["ghost"]).as_py() == pytest.approx(world.ghost.sum())
    assert pc.sum(made["intermediated"]).as_py() == pytest.approx(world.intermediated.sum())
    assert "UZ" not in made["intermediary"].unique().to_pylist()
    assert truth(simulate(small(SCENARIOS["null"]), 1)).num_rows == 0


def test_a_source_row_names_the_world_and_counts_its_rows(world: World, rows: pa.Table) -> None:
    row = source(world, datetime(2024, 1, 1, tzinfo=UTC))
    assert tuple(row) == SOURCES.column_names
    assert row["row_count"] == rows.num_rows
    assert row["path"] == "simulated-small-base-1"
    assert str(row["sha256"]).startswith(source_id(world))
    assert rows["source_id"].unique().to_pylist() == [source_id(world)]


def test_another_knob_is_another_source(world: World) -> None:
    other = replace(world, scenario=replace(world.scenario, boom_max=0.36))
    assert source_id(other) != source_id(world)
    assert source_id(replace(world, seed=2)) != source_id(world)
