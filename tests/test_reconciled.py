"""Reconciled statistics hold no gap, and are refused wherever a gap is looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lake_rows import flow_row, flow_table
from test_legs import CUBE, INQUIRY, imported, legs_of

from entrepot import api
from entrepot.diversion.ghost_pairs import MirrorQuestion
from entrepot.diversion.reconciled import refuse_reconciled
from entrepot.errors import EstimateError
from entrepot.lake import Lake, open_lake
from entrepot.tables import FLOWS, SOURCES

pytestmark = pytest.mark.engines

NOW = datetime(2024, 3, 20, tzinfo=UTC)
WHY = r"'baci', which holds reconciled statistics .*gap between them is averaged away"


def check(tmp_path, *statuses):
    rows = [flow_row(dataset="baci", obs_status=status, commodity=f"{n:06d}")
            for n, status in enumerate(statuses)]  # fmt: skip
    with Lake(tmp_path / "lake") as lake:
        refuse_reconciled(lake.frame(flow_table(flow_row(), *rows)), "baci", "--imports")


def test_a_dataset_of_estimates_only_is_refused_with_the_reason(tmp_path):
    with pytest.raises(EstimateError, match=rf"--imports is {WHY}"):
        check(tmp_path, "E", "E")


@pytest.mark.parametrize("statuses", ["AE", "EC", "A", ""])
def test_a_dataset_with_declarations_passes_and_one_without_rows_is_another_matter(
    tmp_path, statuses
):
    check(tmp_path, *statuses)


def test_reconciled_records_are_no_arrival_leg(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0, dataset="baci", obs_status="E")]
    with pytest.raises(EstimateError, match=rf"--mirror-dataset is {WHY}"):
        legs_of(tmp_path, rows, replace(INQUIRY, mirror_dataset="baci"))
    with pytest.raises(EstimateError, match=rf"--dataset is {WHY}"):
        legs_of(tmp_path, rows, replace(INQUIRY, dataset="baci"), CUBE)


def declared(dataset, **changes):
    rows = []
    for year in range(2019, 2023):
        row = {"freq": "A", "period": date(year, 1, 1), "commodity": "TOTAL"}
        rows.append(flow_row(dataset=dataset, source_id=dataset, **row, **changes))
    return rows


@pytest.mark.parametrize("option", ["exports_from", "imports_from"])
def test_reconciled_statistics_have_no_ghost_trade(tmp_path, option):
    imports = {"reporter": "KG", "partner": "DE", "flow": "M", "valuation": "CIF"}
    sides = {"exports_from": "left", "imports_from": "arrived"}
    rows = [
        *declared("left"),
        *declared("arrived", **imports),
        *declared("baci", obs_status="E"),
    ]
    with open_lake(tmp_path / "lake") as lake:
        with lake.write() as transaction:
            for name in ("left", "arrived", "baci"):
                own = [row for row in rows if row["dataset"] == name]
                transaction.put(FLOWS, flow_table(*own), unit=name)
                transaction.put(SOURCES, [source_row(name, len(own))], unit=name)
        question = MirrorQuestion(
            exporters="DE",
            importers="KG",
            **{"first": 2019, "event": 2022, "last": 2022},
            **(sides | {option: "baci"}),
            recorded_by="partner",
            baseline="last",
        )
        named = f"--{option.removesuffix('_from')}"
        with pytest.raises(EstimateError, match=rf"{named} is {WHY}"):
            api.ghost_shares(lake, question)


def source_row(name, row_count):
    return {
        **{"source_id": name, "dataset": name, "vintage": "2023-01-01", "publisher": "us"},
        **{"url": None, "licence": "ours", "retrieved_at": NOW, "path": f"{name}.csv"},
        **{"sha256": name, "size_bytes": 1, "reader": "test", "row_count": row_count},
    }
