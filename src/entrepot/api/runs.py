"""Running the estimator on a lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.code_version import version_of_code
from entrepot.api.lists import dataset_in, list_named, list_rows, list_sources
from entrepot.api.stages import KeptStages
from entrepot.codes.groupings import resolve
from entrepot.diversion.check_rows import rows_of_checks
from entrepot.diversion.checks import Checks, check
from entrepot.diversion.estimate import Estimate, estimate, material_of
from entrepot.diversion.evidence import Progress
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.member_sums import CN8
from entrepot.diversion.panel import Panel, build
from entrepot.diversion.records import Records, records
from entrepot.diversion.run import Circumstances, rows_of_run, run_id
from entrepot.diversion.series_rows import series_rows
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import FLOWS, RUNS, SERIES, SOURCES

SIMULATED = "simulated"


def detect(
    lake: Lake, inquiry: Inquiry, on_progress: Progress | None = None, *, is_fresh: bool = False
) -> str:
    """Run the estimator on a lake and write all its rows in one commit.

    A run that is in the lake already, by question, version and sources, is not repeated. A run
    that was killed goes on from its last finished stage, with the numbers it would have had. Months
    that the last run of the question summed are not summed again while they rest on the same
    declarations, and the fit begins where that run's ended; the products of the fit then agree with
    those of a run from nothing to about 1e-7.

    Args:
        lake: The lake.
        inquiry: The question.
        on_progress: Told how far the fits are.
        is_fresh: Whether to take nothing from stages and runs before this one.

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
    stages = KeptStages(lake, asked)
    stages.forget() if is_fresh else stages.sweep()
    if on_progress is not None:
        on_progress(0, 1, "panel")
    flows, sources = lake.table(FLOWS), lake.table(SOURCES)
    panel = stages.once("panel", Panel, lambda: build(flows, sources, lists, asked, stages))
    if asked.dataset == SIMULATED and len(panel.source_ids) > 1:
        raise EstimateError(
            f"the lake holds {len(panel.source_ids)} simulated worlds, expected one: added up they "
            "are no world at all. Simulate each into a lake of its own."
        )
    beside = stages.once("records", Records, lambda: records(flows, sources, panel, asked))
    source_ids = tuple(sorted({*panel.source_ids, *beside.legs.source_ids, *list_sources(lists)}))
    code_version = version_of_code()
    name = run_id(asked, code_version, source_ids)
    if name in lake.units(RUNS):
        stages.done()
        return name
    around = Circumstances(
        code_version=code_version,
        engine=lake.engine,
        is_simulated=asked.dataset == SIMULATED,
        created_at=datetime.now(UTC),
    )
    result = estimate(panel, asked, on_progress, beside, stages)
    checks = stages.once("checks", Checks, lambda: check(result, material_of(panel, asked), beside))
    _write(lake, (result, checks), name, around, source_ids)
    stages.done()
    return name


def _write(
    lake: Lake,
    found: tuple[Estimate, Checks],
    name: str,
    around: Circumstances,
    source_ids: tuple[str, ...],
) -> None:
    """Write all rows of a run in one commit."""
    result, checks = found
    caveat = SIMULATED if around.is_simulated else ""
    more = rows_of_checks(checks, result, name, caveat)
    with lake.write() as transaction:
        for table, rows in _joined(rows_of_run(result, name, around, source_ids), more):
            transaction.put(table, rows, unit=name)
        transaction.put_batches(SERIES, series_rows(result, name), unit=name)


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
