"""One lead explained: both brackets, the months, the onset, the caveats, the evidence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.corridor import Corridor
from entrepot.dossier import conclusions, sentences, wording
from entrepot.dossier.gather import scene_of
from entrepot.dossier.leg_sentences import (
    arrival_sentence,
    chance_sentence,
    leg_sum,
    sales_sentence,
    split_sentence,
)
from entrepot.dossier.records import Explanation, LeadBracket, Run, SeriesMonth
from entrepot.dossier.runs import Row, read_run, rows_of
from entrepot.dossier.scene import (
    BRACKET_NAMES,
    Scene,
    absent_brackets,
    country_name,
    description,
    notes,
)
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, LEADS, SERIES

NEAR = 5  # leads named in the message about one that is not there


def explain_lead(lake: Lake, corridor: Corridor, run_id: str | None) -> Explanation:
    """Explain what one run concluded about one corridor and commodity.

    Args:
        lake: The lake.
        corridor: The lead.
        run_id: The run; the latest one where left open.

    Returns:
        The explanation, its texts ready to be shown.

    Raises:
        LakeError: If there is no such run or lead; the message names leads near it.
        CodeError: If the third country or the destination is not known.
    """
    run = read_run(lake, run_id)
    return explain_rows(lake, corridor, run, lead_rows(lake, corridor, run))


@dataclass(frozen=True, slots=True)
class LeadRows:
    """Rows of one lead, read once.

    Args:
        leads: Its rows of ``leads``, brackets in order, at least one.
        months: Rows of ``series`` of its goods through its third country, all legs.
    """

    leads: Sequence[Row]
    months: Sequence[Row]


def lead_rows(lake: Lake, corridor: Corridor, run: Run) -> LeadRows:
    """Read what a run holds of one lead.

    Args:
        lake: The lake.
        corridor: The lead.
        run: The run.

    Returns:
        Its rows.

    Raises:
        LakeError: If there is no such lead; the message names leads near it.
        CodeError: If the third country or the destination is not known.
    """
    for code in (corridor.intermediary, corridor.destination):
        country_name(code)
    keys = {"intermediary": corridor.intermediary, "commodity": corridor.commodity}
    rows = conclusions.in_order(
        row
        for row in rows_of(lake, LEADS, run.run_id, **keys)
        if (row["coalition"], row["destination"]) == (corridor.coalition, corridor.destination)
    )
    if not rows:
        raise LakeError(
            f"run {run.run_id} holds no lead {str(corridor)!r}, expected one it tested, such as "
            f"{_near(lake, run.run_id, corridor)!r}. See `entrepot leads`."
        )
    return LeadRows(rows, rows_of(lake, SERIES, run.run_id, **keys))


def explain_rows(lake: Lake, corridor: Corridor, run: Run, held: LeadRows) -> Explanation:
    """Explain what a run concluded about one corridor and commodity from rows that were read.

    Args:
        lake: The lake, which knows the files.
        corridor: The lead.
        run: The run.
        held: The lead's rows.

    Returns:
        The explanation, its texts ready to be shown.
    """
    return _explanation((corridor, run), held.leads, held.months, _files(lake, corridor, run))


def _files(lake: Lake, corridor: Corridor, run: Run) -> tuple[str, ...]:
    """Sources of the run that hold declarations of the corridor, direct trade included."""
    if not lake.has(FLOWS):
        # Results may be handed on without the declarations: then the run's files are all we know.
        return tuple(f"source {source.source_id} ({source.path})" for source in run.sources)
    rows = lake.table(FLOWS).filter(
        nw.col("commodity").str.starts_with(corridor.commodity),
        nw.col("partner").is_in([corridor.intermediary, corridor.destination]),
    )
    found = rows.select("source_id").unique().collect("pyarrow").to_native()
    holding = set(found["source_id"].to_pylist())
    return tuple(
        f"source {source.source_id} ({source.path})"
        for source in run.sources
        if source.source_id in holding
    )


def _explanation(
    which: tuple[Corridor, Run],
    rows: Sequence[Row],
    months: Sequence[Row],
    files: tuple[str, ...],
) -> Explanation:
    corridor, run = which
    scene, brackets = scene_of(rows[0], run), tuple(conclusions.lead(row) for row in rows)
    codes = [code for found in brackets for code in found.conclusion.caveats]
    keys = tuple(found.conclusion.evidence for found in brackets)
    words = description(corridor.commodity)
    goods = f"{corridor.commodity}, {words}" if words else corridor.commodity
    return Explanation(
        corridor=str(corridor),
        run_id=run.run_id,
        is_simulated=run.is_simulated,
        title=f"{scene.coalition} exports of {goods} to {scene.country}, {scene.window}",
        sentences=(
            *_sentences(scene, goods, brackets, run.fdr),
            *_legs(scene, rows[0], months, brackets),
            sentences.verdict(scene, [found.conclusion for found in brackets]),
            sentences.NOT_A_FIRM,
        ),
        brackets=brackets,
        absent=absent_brackets([row["bracket"] for row in rows]),
        months=tuple(
            _month(row) for row in conclusions.in_order(months) if row["leg"] == "upstream"
        ),
        event=scene.event,
        unit=scene.unit,
        onset=_onset(brackets),
        caveats=notes([*codes, *(["simulated"] * run.is_simulated)]),
        evidence=(*keys, *files),
    )


def _sentences(
    scene: Scene, goods: str, brackets: Sequence[LeadBracket], fdr: float
) -> tuple[str, ...]:
    found = [bracket.conclusion for bracket in brackets]
    first = (
        f"{scene.coalition} exports of {goods} to {scene.country} in {scene.window} were "
        f"{found[0].observed.point_text} ({wording.valuation(scene.unit)})."
    )
    return (
        first,
        *(sentences.bracket_sentence(scene, row) for row in found),
        *(_test(bracket, fdr) for bracket in brackets),
    )


def _legs(
    scene: Scene, row: Row, months: Sequence[Row], brackets: Sequence[LeadBracket]
) -> tuple[str, ...]:
    """What the second legs say, one by one and together; nothing where the run has none."""
    if not scene.has_second_leg:
        return ()
    window = (row["window_start"], row["window_end"])
    declared = {m["period"]: m["observed"] for m in months if m["leg"] == "upstream"}
    legs = {
        (m["leg"], m["bracket"]): leg_sum(
            [n for n in months if (n["leg"], n["bracket"]) == (m["leg"], m["bracket"])],
            declared,
            window,
        )
        for m in conclusions.in_order(months)
    }
    arrived = [found for (leg, _), found in legs.items() if leg == "arrival" and found]
    sold = {name: found for (leg, name), found in legs.items() if leg == "downstream" and found}
    return (
        *(arrival_sentence(scene, found) for found in arrived[:1]),
        *([sales_sentence(scene, sold)] if sold else []),
        *(split_sentence(scene, bracket.conclusion) for bracket in brackets),
    )


def _test(found: LeadBracket, fdr: float) -> str:
    if found.conclusion.is_split:
        return chance_sentence(found, fdr)
    name = BRACKET_NAMES[found.conclusion.bracket]
    rate = wording.ratio(fdr).rstrip("0")
    q = f"q = {found.q_value}".replace("= <", "< ")
    if not found.is_flagged:
        return f"{name}: not flagged, {q} against a false discovery rate of {rate}."
    parts = (
        (found.excess_fcr.low, "corrected for having been selected", found.excess_fcr.text),
        (found.discounted.low, "discounted by the chance that it is noise", found.discounted.text),
    )
    others = "".join(f"; {how}: {text}" for low, how, text in parts if low is not None)
    return f"{name}: flagged, {q} at a false discovery rate of {rate}{others}."


def _onset(brackets: Sequence[LeadBracket]) -> str:
    words = conclusions.onset_words(
        {found.conclusion.name.lower(): found.onset for found in brackets}
    )
    if words == conclusions.NOT_DATED:
        return "No month stands out as the beginning."
    return f"The excess most likely began: {words}."


def _month(row: Row) -> SeriesMonth:
    return SeriesMonth(
        bracket=row["bracket"],
        period=row["period"],
        observed=row["observed"],
        expected=row["expected"],
        expected_low=row["expected_low"],
        expected_high=row["expected_high"],
    )


def _near(lake: Lake, run_id: str, corridor: Corridor) -> list[str]:
    """Leads of the run whose names come closest, those of the same country first."""
    parts = ("coalition", "intermediary", "destination", "commodity")
    if not lake.has(LEADS):
        return []
    held: Any = lake.table(LEADS).filter(nw.col("run_id") == run_id).select(*parts).unique()
    names = sorted(str(Corridor(*row)) for row in held.collect().iter_rows())
    close = difflib.get_close_matches(str(corridor), names, n=NEAR, cutoff=0.0)
    return sorted(close, key=lambda name: f"-{corridor.intermediary}-" not in name)
