"""What a reader sees first of a run: its totals, its countries, its placebos, what is new in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.api.changes import run_before
from entrepot.dossier import conclusions
from entrepot.dossier.gather import scene_of
from entrepot.dossier.page import Check
from entrepot.dossier.records import Estimate, Note, Run, Total
from entrepot.dossier.runs import Row, read_run, rows_of
from entrepot.dossier.scene import BRACKET_NAMES, Scene, absent_brackets, country_name, notes
from entrepot.dossier.wording import window
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.tables import FINDINGS, RUNS, TOTALS

ALL = "_T"
_PLACEBOS = {
    "placebo_in_time": "Placebo in time: the same question a year earlier",
    "placebo_in_space": "Placebo in space: countries where nothing was diverted",
}
_MEANINGS = {
    "common": "Assumes that each country's trade would have followed the path that all partners "
    "share.",
    "partner": "Assumes that it would have followed each country's own trade in goods that are "
    "not listed. Part of that may be diverted too.",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """All third countries together, in one bracket.

    Args:
        bracket: ``common`` or ``partner``.
        name: The bracket in words.
        meaning: What it assumes, one sentence.
        amounts: Estimates by name: ``observed``, ``expected``, ``excess``, ``diverted``,
            ``intermediated``, ``ghost``.
        is_split: Whether a second leg tells what was diverted.
        cell_count: Corridors summed.
        flagged_count: Corridors among them that are flagged.
        evidence: Table and key of the row.
    """

    bracket: str
    name: str
    meaning: str
    amounts: dict[str, Estimate]
    is_split: bool
    cell_count: int
    flagged_count: int
    evidence: str


@dataclass(frozen=True, slots=True)
class CountryLine:
    """One third country with its totals, one per bracket of the run."""

    code: str
    name: str
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One country's excess in this run and in the one before that asked the same.

    The window of the one before may be shorter: ``months_before`` says which it was, in words.
    """

    code: str
    name: str
    bracket: str
    before: str
    now: str
    months_before: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What a reader sees first.

    Args:
        run: The run.
        scene: Whom, where and when; its country is the one with the largest excess.
        coalition: Code of the exporters.
        destination: Code of the destination.
        headlines: All countries together, one per bracket.
        countries: The countries, the largest excess first.
        absent: Sentences about brackets the run does not hold.
        caveats: What must be known before a number is used.
        placebos: What the run found where nothing can have been diverted.
        before: The run before that asked the same; ``None`` where there is none.
        changes: Excess then and now; empty where there is no run before.
    """

    run: Run
    scene: Scene
    coalition: str
    destination: str
    headlines: tuple[Headline, ...]
    countries: tuple[CountryLine, ...]
    absent: tuple[str, ...]
    caveats: tuple[Note, ...]
    placebos: tuple[Check, ...]
    before: Run | None
    changes: tuple[Change, ...]


def has_runs(lake: Lake) -> bool:
    """Whether the lake holds any run to be shown.

    Args:
        lake: The lake.
    """
    return lake.has(RUNS)


def overview_of(lake: Lake, run_id: str | None) -> Overview:
    """Gather what a reader sees first of a run.

    Args:
        lake: The lake.
        run_id: The run; the latest one where left open.

    Returns:
        Totals, countries, placebos and what changed.

    Raises:
        LakeError: If there is no such run, or it holds no totals.
    """
    run = read_run(lake, run_id)
    rows = conclusions.in_order(rows_of(lake, TOTALS, run.run_id, group=ALL))
    lines = country_lines(rows)
    if not lines:
        raise LakeError(f"run {run.run_id} holds no totals. Run `entrepot detect` again.")
    overall = [row for row in rows if row["intermediary"] == ALL]
    first = next(row for row in rows if row["intermediary"] == lines[0].code)
    codes = [code for row in overall or rows for code in row["caveats"].split()]
    before = run_before(lake, run)
    return Overview(
        run=run,
        scene=scene_of(first, run),
        coalition=first["coalition"],
        destination=first["destination"],
        headlines=tuple(_headline(row) for row in overall),
        countries=lines,
        absent=absent_brackets([row["bracket"] for row in rows]),
        caveats=notes([*codes, *(["simulated"] * run.is_simulated)]),
        placebos=_placebos(rows_of(lake, FINDINGS, run.run_id)),
        before=before,
        changes=() if before is None else _changes(lake, before, lines),
    )


def country_lines(rows: Sequence[Row]) -> tuple[CountryLine, ...]:
    """Totals country by country.

    Args:
        rows: Rows of ``totals`` of one run, all listed goods.

    Returns:
        The countries, the largest excess in either bracket first.
    """
    held: dict[str, list[Row]] = {}
    for row in rows:
        if row["intermediary"] != ALL:
            held.setdefault(row["intermediary"], []).append(row)
    order = sorted(held, key=lambda code: (-_largest(held[code]), code))
    return tuple(
        CountryLine(code, country_name(code), tuple(conclusions.total(row) for row in held[code]))
        for code in order
    )


def _largest(rows: Sequence[Row]) -> float:
    return max((row["excess"] for row in rows if row["excess"] is not None), default=float("-inf"))


def _headline(row: Row) -> Headline:
    names = ("observed", "expected", "excess", "diverted", "intermediated", "ghost")
    return Headline(
        bracket=row["bracket"],
        name=BRACKET_NAMES[row["bracket"]],
        meaning=_MEANINGS[row["bracket"]],
        amounts={name: conclusions.estimate(row, name, row["unit"]) for name in names},
        is_split=row["legs"] != "U",
        cell_count=row["cell_count"],
        flagged_count=row["flagged_count"],
        evidence=f"totals run_id={row['run_id']}, bracket={row['bracket']}, intermediary={ALL}, "
        f"group={ALL}",
    )


def _placebos(findings: Sequence[Row]) -> tuple[Check, ...]:
    checks = []
    for rule, title in _PLACEBOS.items():
        found = [row for row in findings if row["rule"].startswith(rule)]
        for row in found:
            bracket = row["rule"].removeprefix(rule).lstrip("_")
            name = f"{title}, {BRACKET_NAMES[bracket].lower()}" if bracket else title
            caveats = tuple(row["caveats"].split())
            checks.append(Check(name, row["outcome"], row["detail"], caveats, row["evidence"]))
        if not found:
            words = "The run stored no result of this."
            checks.append(Check(title, "unknown", words, (), ""))
    return tuple(checks)


def _changes(lake: Lake, before: Run, lines: Sequence[CountryLine]) -> tuple[Change, ...]:
    rows = rows_of(lake, TOTALS, before.run_id, group=ALL)
    held = {(row["intermediary"], row["bracket"]): row for row in rows}
    found = []
    for line in lines:
        for total in line.totals:
            then = held.get((line.code, total.conclusion.bracket))
            words = "not estimated" if then is None else _excess(then)
            name = total.conclusion.name
            span = "" if then is None else window(then["window_start"], then["window_end"])
            now = total.conclusion.excess.text
            found.append(Change(line.code, line.name, name, words, now, span))
    return tuple(found)


def _excess(row: Row) -> str:
    return conclusions.estimate(row, "excess", row["unit"]).text


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the lake, in words."""

    run_id: str
    created: str
    code_version: str
    asked: str
    is_simulated: bool


def runs_held(lake: Lake) -> tuple[RunLine, ...]:
    """Runs of the lake, the latest first.

    Args:
        lake: The lake.

    Returns:
        The runs; none where nothing was estimated yet.
    """
    if not lake.has(RUNS):
        return ()
    rows = lake.table(RUNS).sort("created_at", descending=True).collect()
    return tuple(_run_line(row) for row in rows.iter_rows(named=True))


def _run_line(row: Row) -> RunLine:
    held = json.loads(row["parameters"])
    words = f"{held.get('coalition')} to {held.get('destination')} since {held.get('since')}"
    return RunLine(
        run_id=row["run_id"],
        created=row["created_at"].strftime("%d %B %Y, %H:%M UTC"),
        code_version=row["code_version"],
        asked=f"{words}, {held.get('level')}, goods of {held.get('goods')}",
        is_simulated=row["is_simulated"],
    )
