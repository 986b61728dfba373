"""Denials and claims of trade via a third country beside the totals of a run."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.finding import Finding
from entrepot.lake import Lake
from entrepot.press.check_records import ClaimOfArticle
from entrepot.press.claim_sentences import amount_words, area_name, claimed_words, stretch_words
from entrepot.tables import RUNS, TOTALS
from entrepot.trade.summary import Stretch

RULE = "claim_beside_run"
ALL_GOODS = "_T"


def beside_runs(lake: Lake, asked: ClaimOfArticle) -> list[Finding]:
    """Lay a denial, or a claim of trade via a third country, beside the newest run on it.

    An estimate is of listed goods declared to a third country beyond what was expected. It cannot
    say that goods went on, so that it neither supports nor contradicts what was said.

    Args:
        lake: The lake.
        asked: The claim with its article.

    Returns:
        One finding, always ``unknown``, with the estimate; none where the claim is
        neither of these or no run bears on it.
    """
    claim = asked.claim
    through = claim.via or claim.exporter
    is_told = claim.polarity == "denied" or claim.via is not None
    is_due = is_told and claim.flow in {"export", "re-export"}
    if not (is_due and through and claim.importer and lake.has(TOTALS) and lake.has(RUNS)):
        return []
    rows = _totals(lake, through, claim.importer)
    return [_finding(asked, rows)] if rows else []


def _totals(lake: Lake, through: str, destination: str) -> list[dict[str, Any]]:
    runs = lake.table(RUNS).select("run_id", "created_at")
    about = lake.table(TOTALS).filter(
        nw.col("intermediary") == through,
        nw.col("destination") == destination,
        nw.col("group") == ALL_GOODS,
    )
    found = about.join(runs, on="run_id", how="inner").collect("pyarrow").to_native().to_pylist()
    newest = max(((row["created_at"], row["run_id"]) for row in found), default=None)
    kept = [row for row in found if (row["created_at"], row["run_id"]) == newest]
    return sorted(kept, key=lambda row: str(row["bracket"]))


def _finding(asked: ClaimOfArticle, rows: list[dict[str, Any]]) -> Finding:
    first = rows[0]
    low = min(row["excess_low"] for row in rows)
    high = max(row["excess_high"] for row in rows)
    unit = str(first["unit"]).split(" ")[0]
    when = stretch_words(Stretch(first["window_start"], first["window_end"]))
    through = area_name(first["intermediary"])
    destination = area_name(first["destination"])
    detail = (
        f"{claimed_words(asked.claim)}; beside it, run {first['run_id']}: exports of listed goods "
        f"from {area_name(first['coalition'])} to {through} in {when} were "
        f"{amount_words(first['observed'], unit)}, between {amount_words(low, unit)} and "
        f"{amount_words(high, unit)} above what was expected ({len(rows)} ways of expecting, 90 % "
        f"intervals); {_said(low, high, through, destination)}."
    )
    return Finding(
        run_id=asked.source_id,
        rule=RULE,
        subject="claim",
        subject_id=asked.claim_id,
        outcome="unknown",
        detail=detail,
        evidence=(
            f"claims claim_id={asked.claim_id}",
            f"totals run_id={first['run_id']} intermediary={first['intermediary']} "
            f"group={ALL_GOODS}",
        ),
        observed=first["observed"],
        expected=first["expected"],
        unit=first["unit"],
        caveats=tuple(dict.fromkeys(" ".join(row["caveats"] for row in rows).split())),
    )


def _said(low: float, high: float, through: str, destination: str) -> str:
    if high <= 0:
        return "no more was declared than expected, which does not say where goods went"
    if low <= 0:
        return "that may be nothing, and does not say where goods went"
    return (
        f"this is consistent with demand in {through} and with goods that went on to "
        f"{destination} alike, so that it neither supports what was said nor contradicts it"
    )
