"""From the lake to numbers and sentences: everything the page about one country shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepot.dossier import conclusions, sentences, wording
from entrepot.dossier.figure import DataTable, Figure
from entrepot.dossier.leads import lead_table, ranked_leads
from entrepot.dossier.leg_figures import arrival_figure, downstream_figure, split_figure
from entrepot.dossier.leg_sentences import legs_words
from entrepot.dossier.month_figures import MULTIPLES, country_figure, direct_figure, lead_figure
from entrepot.dossier.page import Check, CountryDossier
from entrepot.dossier.records import Note, Run, Total
from entrepot.dossier.result_figures import (
    by_group,
    group_figure,
    group_rows,
    group_scale,
    name_of,
    number_of,
    placebo_figure,
)
from entrepot.dossier.runs import (
    Row,
    latest_run,
    parameter,
    read_run,
    rows_of,
    vintage_words,
)
from entrepot.dossier.scene import (
    BRACKET_NAMES,
    NO_LEG,
    Scene,
    absent_brackets,
    country_name,
    notes,
)
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.tables import BRACKETS, DIAGNOSTICS, FINDINGS, SERIES, TOTALS

__all__ = ["gather_country", "latest_run"]

_RULES = {
    "country_total": "Total of the country",
    "country_split": "What was diverted through the country, and by which way",
    "legs": "Legs beside declared exports",
    "placebo_in_time": "Placebo in time: the same question a year earlier",
    "placebo_in_space": "Placebo in space: countries and goods where nothing was diverted",
}
_OPTIONAL = {"country_split", "legs"}  # runs on declared exports alone have none


def gather_country(lake: Lake, intermediary: str, run_id: str | None) -> CountryDossier:
    """Gather what one run concluded about one third country.

    Args:
        lake: The lake.
        intermediary: The country, ISO alpha-2.
        run_id: The run; the latest one where left open.

    Returns:
        Everything the page shows; amounts in the unit of the run, each with its words.

    Raises:
        LakeError: If there is no such run, or it holds no total of this country.
        CodeError: If the country or a caveat is not known.
    """
    country = country_name(intermediary)
    run = read_run(lake, run_id)
    rows = _total_rows(lake, run, intermediary)
    overall = conclusions.in_order(row for row in rows if row["group"] == "_T")
    totals, scene = [conclusions.total(row) for row in overall], scene_of(overall[0], run)
    leads, count = ranked_leads(lake, run.run_id, intermediary)
    groups, found = by_group(rows), [total.conclusion for total in totals]
    is_split = any(row.is_split for row in found)
    brackets = [row["bracket"] for row in overall]
    diagnostics = rows_of(lake, DIAGNOSTICS, run.run_id)
    months = _month_figures(lake, overall[0], leads, totals, scene)
    drawn = (*months, group_figure(groups, scene), placebo_figure(diagnostics, scene))
    return CountryDossier(
        run=run,
        intermediary=intermediary,
        country=country,
        title=f"{country}: {scene.coalition} exports of listed goods, {scene.window}",
        headline=sentences.headline(scene, totals),
        verdict=sentences.verdict(scene, found),
        not_a_firm=sentences.NOT_A_FIRM,
        caveats=_caveats(totals, run),
        unit=f"Amounts in {wording.currency(scene.unit)}, {wording.valuation(scene.unit)}; "
        "ranges are 90 % intervals.",
        legs=legs_words(scene, found),
        totals=tuple(totals),
        absent=absent_brackets(brackets),
        leads=lead_table(leads, count, scene, totals, run.fdr),
        groups=group_rows(groups, brackets),
        groups_caption=_groups_caption(groups, scene),
        figures=tuple(figure for figure in drawn if figure is not None),
        checks=_checks(rows_of(lake, FINDINGS, run.run_id), overall[0]),
        diagnostics=_diagnostics(diagnostics, intermediary),
        can_say=sentences.can_say(scene, is_split),
        cannot_say=sentences.cannot_say(scene, is_split),
    )


def _window(row: Row) -> str:
    """The months of a row; a total whose goods were listed on different days says so."""
    months = wording.window(row["window_start"], row["window_end"])
    if "staggered_listing" in row["caveats"].split():
        return f"{months} (each product since its listing)"
    return months


def scene_of(row: Row, run: Run) -> Scene:
    """Whom, where and when a row of ``totals`` or ``leads`` is about, in words.

    Args:
        row: The row.
        run: Its run.

    Returns:
        The scene, countries by their English names.
    """
    return Scene(
        coalition=row["coalition"],
        country=country_name(row["intermediary"]),
        destination=country_name(row["destination"]),
        window=_window(row),
        unit=row["unit"],
        event=row["window_start"],
        source=vintage_words(run),
        is_simulated=run.is_simulated,
        arrival=parameter(run, "arrival", NO_LEG),
        downstream=parameter(run, "downstream", NO_LEG),
    )


def _total_rows(lake: Lake, run: Run, intermediary: str) -> list[dict[str, Any]]:
    rows = rows_of(lake, TOTALS, run.run_id, intermediary=intermediary)
    if not any(row["group"] == "_T" for row in rows):
        overall = rows_of(lake, TOTALS, run.run_id, group="_T")
        held = sorted({row["intermediary"] for row in overall} - {"_T"})
        raise LakeError(
            f"run {run.run_id} holds no total for {intermediary!r} "
            f"({country_name(intermediary)}), expected one of {held!r}. "
            "Run `entrepot detect` with it among the intermediaries."
        )
    return rows


def _caveats(totals: Sequence[Total], run: Run) -> tuple[Note, ...]:
    codes = [code for total in totals for code in total.conclusion.caveats]
    return notes([*codes, *(["simulated"] * run.is_simulated)])


def _groups_caption(groups: Sequence[Sequence[Row]], scene: Scene) -> str:
    scale = group_scale(groups)
    return (
        f"{scene.trade} by HS chapter, {scene.window}, largest excess first. Amounts in "
        f"{scale.unit(scene.unit)} {wording.valuation(scene.unit)}, ranges are 90 % intervals with "
        "the shock that all products of a partner share."
    )


def _month_figures(
    lake: Lake, row: Row, leads: Sequence[Sequence[Row]], totals: Sequence[Total], scene: Scene
) -> tuple[Figure | None, ...]:
    def months(leg: str, country: str, commodity: str) -> list[dict[str, Any]]:
        keys = {"leg": leg, "intermediary": country, "commodity": commodity}
        return rows_of(lake, SERIES, row["run_id"], **keys)

    country = row["intermediary"]
    first = [found[0]["commodity"] for found in leads[:MULTIPLES]]
    return (
        country_figure(months("upstream", country, "_T"), totals, scene),
        arrival_figure(months("arrival", country, "_T"), scene),
        downstream_figure(months("downstream", country, "_T"), scene),
        split_figure(totals, scene),
        lead_figure([m for code in first for m in months("upstream", country, code)], leads, scene),
        direct_figure(months("direct", row["destination"], "_T"), totals, scene),
    )


def _checks(findings: Sequence[Row], row: Row) -> tuple[Check, ...]:
    """The run's own checks and its sentence on the country, those it lacks as unknown."""
    corridor = f"{row['coalition']}-{row['intermediary']}-{row['destination']}"
    checks = []
    for rule, title in _RULES.items():
        subject = corridor if rule.startswith("country") else row["run_id"]
        held = [
            _check(found, title, name)
            for name, bracket_rule in ((None, rule), *((b, f"{rule}_{b}") for b in BRACKETS))
            for found in findings
            if found["rule"] == bracket_rule and found["subject_id"] == subject
        ]
        unknown = Check(title, "unknown", "The run stored no result of this.", (), "")
        checks += held or ([] if rule in _OPTIONAL else [unknown])
    return tuple(checks)


def _check(found: Row, title: str, bracket: str | None) -> Check:
    return Check(
        title=title if bracket is None else f"{title}, {BRACKET_NAMES[bracket].lower()}",
        outcome=found["outcome"],
        sentence=found["detail"],
        caveats=tuple(note.code for note in notes(found["caveats"].split())),
        evidence=found["evidence"],
    )


def _diagnostics(rows: Sequence[Row], intermediary: str) -> DataTable:
    """Numbers for the whole run and for this country; the histogram has a chart of its own."""
    wanted = [
        row
        for row in conclusions.in_order(rows)
        if row["measure"] != "p_histogram" and row["label"] in ("_T", intermediary)
    ]
    return DataTable(
        caption="What the run measured of itself, for all corridors (_T) and for this country.",
        header=("Check", "Measure", "Bracket", "For", "Value", "Unit"),
        rows=tuple(
            (
                name_of(row),
                row["measure"].replace("_", " "),
                BRACKET_NAMES[row["bracket"]],
                row["label"],
                number_of(row),
                "share" if row["unit"] == "1" else row["unit"],
            )
            for row in wanted
        ),
    )
