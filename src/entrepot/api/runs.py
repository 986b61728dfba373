"""Running the estimator on a lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.code_version import version_of_code
from entrepot.api.lists import dataset_in, list_named, list_rows, list_sources
from entrepot.codes.groupings import resolve
from entrepot.diversion.check_rows import rows_of_checks
from entrepot.diversion.checks import check
from entrepot.diversion.estimate import estimate, material_of
from entrepot.diversion.evidence import Progress
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.member_sums import CN8
from entrepot.diversion.panel import build
from entrepot.diversion.records import records
from entrepot.diversion.run import Circumstances, rows_of_run, run_id
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import FLOWS, RUNS, SOURCES

SIMULATED = "simulated"


def detect(lake: Lake, inquiry: Inquiry, on_progress: Progress | None = None) -> str:
    """Run the estimator on a lake and write all its rows in one commit.

    A run that is in the lake already, by question, version and sources, is not repeated.

    Args:
        lake: The lake.
        inquiry: The question.
        on_progress: Told how far the fits are.

    Returns:
        The run id.

    Raises:
        LakeError: If the lake holds no flows, or no list or several to choose from.
        EstimateError: If the data cannot carry the estimate, or are two simulated worlds.
    """
    asked = _asked(lake, inquiry)
    if asked.mirror_dataset:
        dataset_in(lake, asked.mirror_dataset, option="--mirror-dataset")
    lists = list_rows(lake, asked.goods)
    if on_progress is not None:
        on_progress(0, 1, "panel")
    sources = lake.table(SOURCES)
    panel = build(lake.table(FLOWS), sources, lists, asked)
    if asked.dataset == SIMULATED and len(panel.source_ids) > 1:
        raise EstimateError(
            f"the lake holds {len(panel.source_ids)} simulated worlds, expected one: added up they "
            "are no world at all. Simulate each into a lake of its own."
        )
    beside = records(lake.table(FLOWS), sources, panel, asked)
    source_ids = tuple(sorted({*panel.source_ids, *beside.legs.source_ids, *list_sources(lists)}))
    code_version = version_of_code()
    name = run_id(asked, code_version, source_ids)
    if name in lake.units(RUNS):
        return name
    around = Circumstances(
        code_version=code_version,
        engine="duckdb",
        is_simulated=asked.dataset == SIMULATED,
        created_at=datetime.now(UTC),
    )
    result = estimate(panel, asked, on_progress, beside)
    checks = check(result, material_of(panel, asked), beside)
    caveat = SIMULATED if around.is_simulated else ""
    more = rows_of_checks(checks, result, name, caveat)
    with lake.write() as transaction:
        for table, rows in _joined(rows_of_run(result, name, around, source_ids), more):
            transaction.put(table, rows, unit=name)
    return name


def _asked(lake: Lake, inquiry: Inquiry) -> Inquiry:
    """The question with its dataset and list named."""
    members = sorted(resolve(inquiry.coalition, inquiry.since))
    detailed = (
        (nw.col("freq") == "M")
        & (nw.col("flow") == "X")
        & (nw.col("commodity").str.len_chars() == CN8)
        & nw.col("reporter").is_in(members)
    )
    what = f"monthly exports of {inquiry.coalition} by eight digits"
    dataset = dataset_in(lake, inquiry.dataset, having=detailed, what=what)
    return replace(inquiry, dataset=dataset, goods=list_named(lake, inquiry))


def _joined(*parts: list[tuple[Table, pa.Table]]) -> list[tuple[Table, pa.Table]]:
    """Put rows of one table into one, in the order the tables are first met."""
    tables = {table.name: table for part in parts for table, _ in part}
    return [
        (table, pa.concat_tables([rows for part in parts for t, rows in part if t.name == name]))
        for name, table in tables.items()
    ]
