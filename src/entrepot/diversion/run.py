"""A run: its identity, its sentences, and all its rows."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from entrepot.diversion.calendar import month_of
from entrepot.diversion.country_findings import country_findings
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.history import SHORTEST_HISTORY
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.leg_findings import leg_findings
from entrepot.diversion.paths import YEAR
from entrepot.diversion.placebo import Placebo
from entrepot.diversion.result_rows import diagnostic_rows, lead_rows
from entrepot.diversion.total_rows import total_rows
from entrepot.finding import Finding
from entrepot.rows import arrow_rows
from entrepot.schema import Table
from entrepot.tables import DIAGNOSTICS, FINDINGS, LEADS, RUNS, TOTALS

FEW_FAMILIES = 9  # of fewer, one rejection is more than the rate allows
SHARE_SLACK = 0.02  # a placebo's share of small p-values may lie this far above 0.05


@dataclass(frozen=True)
class Circumstances:
    """What surrounds a run besides question and data.

    Args:
        code_version: Version of Entrepôt.
        engine: Engine that aggregated the panel.
        is_simulated: Whether any source is a simulated world.
        created_at: When it was run.
    """

    code_version: str
    engine: str
    is_simulated: bool
    created_at: datetime


def run_id(inquiry: Inquiry, code_version: str, source_ids: tuple[str, ...]) -> str:
    """Name a run by all that decides its result.

    Args:
        inquiry: The question.
        code_version: Version of Entrepôt.
        source_ids: Sources of panel and lists.

    Returns:
        ``r`` and 15 hex digits; the letter keeps other engines from reading a number.
    """
    text = "\n".join([inquiry.as_json(), code_version, *sorted(source_ids)])
    return "r" + hashlib.sha256(text.encode()).hexdigest()[:15]


def rows_of_run(
    estimate: Estimate, name: str, around: Circumstances, source_ids: tuple[str, ...]
) -> list[tuple[Table, pa.Table]]:
    """All rows a run leaves in the lake, but for those of ``series``.

    Args:
        estimate: The estimate.
        name: The run id.
        around: Version, engine, clock.
        source_ids: Sources of panel and lists.

    Returns:
        Tables with their rows.
    """
    caveats = ("simulated",) if around.is_simulated else ()
    found = [finding.row() for finding in findings(estimate, name)]
    run = {
        "run_id": name,
        "created_at": around.created_at.astimezone(UTC),
        "code_version": around.code_version,
        "engine": around.engine,
        "parameters": json.dumps(_shown(estimate), sort_keys=True),
        "source_ids": " ".join(sorted(source_ids)),
        "is_simulated": around.is_simulated,
    }
    tables = [
        (RUNS, arrow_rows(RUNS, 1, run)),
        (LEADS, lead_rows(estimate, name)),
        (TOTALS, total_rows(estimate, name)),
        (DIAGNOSTICS, diagnostic_rows(estimate, name)),
        (FINDINGS, arrow_rows(FINDINGS, len(found), _transposed(found))),
    ]
    return [(table, _with_caveats(rows, caveats)) for table, rows in tables]


def _transposed(rows: list[dict[str, object]]) -> dict[str, object]:
    return {name: [row[name] for row in rows] for name in FINDINGS.column_names}


def _with_caveats(rows: pa.Table, codes: tuple[str, ...]) -> pa.Table:
    if not codes or "caveats" not in rows.column_names:
        return rows
    index = rows.column_names.index("caveats")
    joined = [" ".join([*codes, text] if text else codes) for text in rows["caveats"].to_pylist()]
    return rows.set_column(index, "caveats", pa.array(joined, pa.string()))


def _shown(estimate: Estimate) -> dict[str, object]:
    """The question, and what the data made of its open parts."""
    panel, inquiry = estimate.panel, estimate.inquiry
    window = panel.cube.shape[2] - panel.first
    return inquiry.parameters() | {
        "design": estimate.design,
        "list": inquiry.goods,
        "history": month_of(panel.cube.periods, 0).isoformat(),
        "until": month_of(panel.cube.periods, -1).isoformat(),
        "window_months": window,
        "intermediary_areas": panel.cube.partners[panel.design.is_candidate].tolist(),
        "silent_reporters": list(panel.silent),
        "arrival": estimate.legs.arrival_basis,
        "downstream": estimate.legs.downstream_basis,
        "listed_commodities": int(panel.design.is_listed.sum()),
        "growth_carried": {
            name: round(found.growth, 4) for name, found in estimate.conclusions.items()
        },
    }


def findings(estimate: Estimate, name: str) -> list[Finding]:
    """The run's conclusions as sentences: placebos, legs, countries.

    Args:
        estimate: The estimate.
        name: The run id.

    Returns:
        Findings, each with numbers, unit, period and evidence.
    """
    found = [
        _placebo(placebo, bracket, name, estimate.inquiry.fdr)
        for bracket, placebos in estimate.placebos.items()
        for placebo in placebos
    ]
    if estimate.panel.silent:
        found.append(_gaps(estimate, name))
    found += _missing(estimate, name)
    found += leg_findings(estimate, name)
    for bracket in estimate.conclusions:
        found += country_findings(estimate, bracket, name)
    return found


def _placebo(placebo: Placebo, bracket: str, name: str, fdr: float) -> Finding:
    tests, refused = placebo.tests["_T"], placebo.rejections["_T"]
    # Each country tested alone may reject by chance as often as the rate allows.
    families = [count for label, count in placebo.rejections.items() if label != "_T"]
    hit, granted = sum(count > 0 for count in families), math.ceil(fdr * len(families))
    is_calm = (hit <= granted if len(families) > FEW_FAMILIES else refused == 0) and (
        placebo.small_share <= 0.05 + SHARE_SLACK
    )
    return Finding(
        run_id=name,
        rule=f"{placebo.name}_{bracket}",
        subject="run",
        subject_id=name,
        outcome="clear" if is_calm else "flagged",
        detail=(
            f"Where nothing was diverted ({placebo.how}), {refused:,} of {tests:,} tests were "
            f"rejected at a false discovery rate of {fdr:.0%}, and {placebo.small_share:.1%} of "
            "p-values lay below 0.05, where 5 % are expected."
        ),
        evidence=(f"diagnostics run_id={name} diagnostic={placebo.name} bracket={bracket}",),
        observed=float(refused),
        expected=0.0,
        unit="tests",
    )


def _missing(estimate: Estimate, name: str) -> list[Finding]:
    """What a run could not work out is a result too."""
    said = []
    if "partner" not in estimate.conclusions:
        said.append(
            (
                "bracket_partner",
                "The bracket of partners' own trade could not be worked out: the data hold no "
                "goods of the third countries that are not listed, and no totals.",
            )
        )
    done = {placebo.name for found in estimate.placebos.values() for placebo in found}
    if "placebo_in_time" not in done:
        said.append(
            (
                "placebo_in_time",
                f"The placebo in time could not be made: {estimate.panel.first} months lie before "
                f"the event, and {YEAR + SHORTEST_HISTORY} are needed.",
            )
        )
    return [
        Finding(name, rule, "run", name, "unknown", detail, (f"runs run_id={name}",))
        for rule, detail in said
    ]


def _gaps(estimate: Estimate, name: str) -> Finding:
    silent, last = estimate.panel.silent, month_of(estimate.panel.cube.periods, -1)
    months = "month" if len(silent) == 1 else "months"
    some = ", ".join(silent[:6]) + (" …" if len(silent) > 6 else "")
    return Finding(
        run_id=name,
        rule="reporting_gaps",
        subject="run",
        subject_id=name,
        outcome="unknown",
        detail=(
            f"The data lack {len(silent)} {months} of single reporters ({some}); a month whose "
            f"reporters hold less than {estimate.inquiry.complete:.0%} of trade is left out, and "
            f"the window ends in {last:%B %Y}."
        ),
        evidence=(f"runs run_id={name} parameters.silent_reporters",),
        observed=float(len(silent)),
        expected=0.0,
        unit="reporter-months",
        caveats=("incomplete_reporting",),
    )
