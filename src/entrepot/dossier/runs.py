"""One run in the lake: its rows, its parameters, its sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.dossier.records import Parameter, Run, Source
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import RUNS, SOURCES

Row = Mapping[str, Any]

_MEANINGS = {
    "arrival": "How the third countries' imports were read: by consignment, by origin, from all "
    "origins (world), or not at all.",
    "coalition": "Grouping of the exporting countries, as it stood when the window began.",
    "dataset": "Collection the flows come from.",
    "design": "donors: other countries' trade in the same months gives the expected path; "
    "history: the same countries' trade before does.",
    "destination": "Sanctioned country the goods may have gone on to.",
    "downstream": "Whose word was taken on sales to the destination: the exporter's, the "
    "importer's, or nobody's.",
    "fdr": "False discovery rate at which products are flagged.",
    "growth_carried": "Growth of control partners that was carried over to the expectation.",
    "goods": "List of the goods that count as listed.",
    "history": "First month learned from; the first published one where open.",
    "intermediaries": "Countries that may pass goods on.",
    "intermediary_areas": "The countries that were tested.",
    "level": "Level of the nomenclature that was tested.",
    "list": "List of the goods that count as listed.",
    "listed_commodities": "How many codes of the data are listed.",
    "mirror_dataset": "Collection of the third countries' own records; that of the flows if empty.",
    "seed": "Seed of folds and draws: the same seed gives the same numbers.",
    "since": "First month that may hold diversion.",
    "until": "Last month; the last published one where open.",
    "window_months": "Months from the first that may hold diversion to the last.",
}


def latest_run(lake: Lake) -> str:
    """The run that was made last.

    Args:
        lake: The lake.

    Returns:
        Its run id.

    Raises:
        LakeError: If the lake holds no run.
    """
    runs = _runs(lake)
    return str(max(runs, key=lambda row: (row["created_at"], row["run_id"]))["run_id"])


def read_run(lake: Lake, run_id: str | None) -> Run:
    """Read a run with its sources.

    Args:
        lake: The lake.
        run_id: The run; the latest one where left open.

    Returns:
        The run, its texts ready to be shown.

    Raises:
        LakeError: If there is no such run, or a source of it is gone from the lake.
    """
    wanted = latest_run(lake) if run_id is None else run_id
    runs = {row["run_id"]: row for row in _runs(lake)}
    if wanted not in runs:
        raise LakeError(
            f"{lake.path.name}/runs holds no run {wanted!r}, expected one of {sorted(runs)!r}. "
            "Leave the run open for the latest."
        )
    row = runs[wanted]
    parameters = _parameters(wanted, row["parameters"])
    return Run(
        run_id=wanted,
        created=row["created_at"].astimezone(UTC).strftime("%d %B %Y, %H:%M UTC"),
        code_version=row["code_version"],
        engine=row["engine"],
        parameters=tuple(
            Parameter(name, _shown(value), _MEANINGS.get(name, ""))
            for name, value in sorted(parameters.items())
        ),
        fdr=_fdr(wanted, parameters),
        sources=_sources(lake, wanted, row["source_ids"].split()),
        is_simulated=row["is_simulated"],
    )


def rows_of(lake: Lake, table: Table, run_id: str, **equal: str) -> list[dict[str, Any]]:
    """Rows of one run in one table of results, in the order of the table's key.

    Args:
        lake: The lake.
        table: The table.
        run_id: The run.
        **equal: Columns and the values they must have.

    Returns:
        The rows by column name; none where the run stored none.
    """
    if not lake.has(table):
        return []
    wanted = [nw.col(name) == value for name, value in equal.items()]
    rows = lake.table(table).filter(nw.col("run_id") == run_id, *wanted)
    return list(rows.sort(*table.key).collect().iter_rows(named=True))


def _runs(lake: Lake) -> list[dict[str, Any]]:
    rows = list(lake.table(RUNS).collect().iter_rows(named=True)) if lake.has(RUNS) else []
    if not rows:
        raise LakeError(f"{lake.path.name}/runs holds no run. Run `entrepot detect` first.")
    return rows


def parameter(run: Run, name: str, absent: str) -> str:
    """A parameter of a run, as it is shown.

    Args:
        run: The run.
        name: Its name.
        absent: What a run from before the parameter existed did.

    Returns:
        The value.
    """
    return next((part.value for part in run.parameters if part.name == name), absent)


def _parameters(run_id: str, text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise LakeError(
            f"run {run_id}: parameters are {text!r}, expected JSON ({error.msg}). "
            "Run `entrepot detect` again."
        ) from error
    return dict(parsed)


def _fdr(run_id: str, parameters: Mapping[str, Any]) -> float:
    if not isinstance(parameters.get("fdr"), float):
        raise LakeError(
            f"run {run_id}: parameters hold {sorted(parameters)!r}, expected a number 'fdr' among "
            "them. Run `entrepot detect` again."
        )
    return float(parameters["fdr"])


def _shown(value: object) -> str:
    if value is None:
        return "open"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return str(value)


def _sources(lake: Lake, run_id: str, wanted: list[str]) -> tuple[Source, ...]:
    known = lake.table(SOURCES).filter(nw.col("source_id").is_in(wanted)) if wanted else None
    rows = [] if known is None else list(known.sort("path").collect().iter_rows(named=True))
    gone = sorted(set(wanted) - {row["source_id"] for row in rows})
    if gone:
        raise LakeError(
            f"run {run_id} was drawn from {gone!r}, which {lake.path.name}/sources no longer "
            "holds. Ingest the files again, or run `entrepot detect` on those that are there."
        )
    return tuple(_source(row) for row in rows)


def _source(row: Row) -> Source:
    return Source(
        source_id=row["source_id"],
        publisher=row["publisher"],
        dataset=row["dataset"],
        vintage=_day(row["vintage"]),
        licence=row["licence"],
        url=row["url"] or "",
        path=row["path"],
        sha256=row["sha256"],
        size=f"{row['size_bytes']:,} bytes",
        rows=f"{row['row_count']:,}",
    )


def _day(vintage: str) -> str:
    """The day of an ISO 8601 instant; anything else as it stands."""
    try:
        return datetime.fromisoformat(vintage).date().isoformat()
    except ValueError:
        return vintage


def vintage_words(run: Run) -> str:
    """Publisher, dataset and vintage of the declared trade, for the subtitle of a chart.

    Files of other datasets, such as control lists, stand in the table of sources only.

    Args:
        run: The run.

    Returns:
        Words such as ``Source: Eurostat (comext), vintage 2023-01-16``.
    """
    datasets = {part.value for part in run.parameters if part.name == "dataset"}
    sources = [source for source in run.sources if not datasets or source.dataset in datasets]
    names = sorted({f"{source.publisher} ({source.dataset})" for source in sources})
    vintages = sorted({source.vintage for source in sources})
    if not vintages:
        return "Source: not recorded"
    span = vintages[0] if len(vintages) == 1 else f"{vintages[0]} to {vintages[-1]}"
    return f"Source: {', '.join(names)}, vintage {span}"
