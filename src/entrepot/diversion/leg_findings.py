"""Which legs a run had, for how many corridors they tell what was diverted, and why not for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from entrepot.codes.areas import area
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.mirrored import FEWEST_CONTROLS
from entrepot.diversion.neighbours import is_whole
from entrepot.finding import Finding

READ = {
    "consignment": "by the country goods were sent from",
    "origin": "by country of origin",
    "world": "from all origins",
    "mixed": "by the country goods were sent from where published, else by country of origin",
    "exporter": "as the partners declared them",
    "importer": "as {destination} declared them",
}
# Why no second leg tells about a corridor, the first that holds.
IDLE, PARTIAL, SILENT, UNINFORMATIVE, NOT_FOUND = (
    *("idle", "partial", "silent"),
    *("uninformative", "not found"),
)
REASONS = {
    IDLE: "nothing was declared in the window",
    PARTIAL: "only part of the code is listed, and the country's records do not tell its parts "
    "apart",
    SILENT: "the country published nothing of its own in the window",
    UNINFORMATIVE: "the country recorded too little of what was declared to it before the event, "
    "or several times as much, so its imports say nothing about arrival (mirror not informative)",
    NOT_FOUND: "its own records hold nothing the declared trade could be compared with",
}


def leg_findings(estimate: Estimate, name: str) -> list[Finding]:
    """Say which legs were there, how they were read, and how far they reach.

    Args:
        estimate: The estimate.
        name: The run id.

    Returns:
        A finding per bracket; one for the run where it has the upstream leg alone.
    """
    if not estimate.fused:
        said = "; ".join((_without_arrival(estimate), _without_sales(estimate)))
        detail = f"Only declared exports were used: {said}. What was diverted is told as a range."
        evidence = (f"runs run_id={name}",)
        return [Finding(name, "legs", "run", name, "unknown", detail, evidence)]
    return [_finding(estimate, bracket, name) for bracket in estimate.fused]


def _finding(estimate: Estimate, bracket: Bracket, name: str) -> Finding:
    why = reasons(estimate, bracket)
    told = int((why == "").sum())
    counts = {code: int((why == code).sum()) for code in REASONS}
    left = "; ".join(f"for {n:,}, {REASONS[code]}" for code, n in counts.items() if n)
    detail = f"{_available(estimate, bracket)} They tell what was diverted, and by which way, for "
    detail += f"{told:,} of {len(why):,} corridors"
    return Finding(
        run_id=name,
        rule=f"legs_{bracket}",
        subject="run",
        subject_id=name,
        outcome="clear" if told else "unknown",
        detail=f"{detail}; of the others: {left}." if left else f"{detail}.",
        evidence=(f"leads run_id={name} bracket={bracket} legs",),
        observed=float(told),
        expected=float(len(why)),
        unit="corridors",
    )


def _available(estimate: Estimate, bracket: Bracket) -> str:
    """Which second legs there are, and how they were read."""
    letters = estimate.fused[bracket].fusion.legs
    mirror, legs, to = estimate.fused[bracket].mirror, estimate.legs, _destination(estimate)
    imports, sales = _without_arrival(estimate), _without_sales(estimate)
    if mirror.arrivals is not None:
        count = int((np.char.find(letters, "A") > 0).sum())
        imports = f"the partners' imports {READ[legs.arrival_basis]} ({count:,} corridors)"
    if mirror.sales is not None:
        count = int((np.char.find(letters, "D") > 0).sum())
        how = READ[legs.downstream_basis].format(destination=to)
        sales = f"sales to {to} {how} ({count:,} corridors)"
    return f"Beside declared exports: {imports}; {sales}."


def _without_arrival(estimate: Estimate) -> str:
    if estimate.inquiry.arrival == "none":
        return "the partners' imports were left out as asked"
    if estimate.legs.arrival is None:
        return "the partners' imports are not in the data"
    return _too_few("the partners' imports")


def _without_sales(estimate: Estimate) -> str:
    sales = f"sales to {_destination(estimate)}"
    if estimate.inquiry.downstream == "none":
        return f"{sales} were left out as asked"
    if estimate.legs.downstream is None:
        return f"{sales} are not in the data"
    return _too_few(sales)


def _too_few(records: str) -> str:
    return (
        f"{records} have fewer than {FEWEST_CONTROLS} corridors without diversion to learn their "
        "usual noise from"
    )


def _destination(estimate: Estimate) -> str:
    return area(estimate.inquiry.destination).name_en


def reasons(estimate: Estimate, bracket: Bracket) -> NDArray[np.str_]:
    """Why no second leg tells about a corridor.

    Args:
        estimate: The estimate.
        bracket: A bracket that was fused.

    Returns:
        Codes of ``REASONS``, empty where a leg tells, shape [n].
    """
    cells, fused = estimate.conclusions[bracket].cells, estimate.fused[bracket]
    first, whole = estimate.panel.first, is_whole(estimate.panel.cube)
    silent, sent = np.ones(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    for leg in (estimate.legs.arrival, estimate.legs.downstream):
        if leg is not None:
            silent &= ~leg.is_reported[cells.column, first:].any(axis=1)
    if fused.mirror.arrivals is not None:
        sent = fused.mirror.arrivals.sent[cells.row, cells.column] > 0
    out: NDArray[np.str_] = np.select(
        [fused.fusion.legs != "U", cells.observed <= 0, ~whole[cells.row], silent, sent],
        ["", IDLE, PARTIAL, SILENT, UNINFORMATIVE],
        default=NOT_FOUND,
    )
    return out


def country_reason(estimate: Estimate, bracket: Bracket, column: int) -> str:
    """The reason that holds for most of a country's declared trade no other leg tells about.

    Args:
        estimate: The estimate.
        bracket: A bracket that was fused.
        column: The country, its index in the panel.

    Returns:
        A code of ``REASONS``.
    """
    cells, why = estimate.conclusions[bracket].cells, reasons(estimate, bracket)
    mine = (cells.column == column) & (why != "")
    value = {code: cells.observed[mine & (why == code)].sum() for code in REASONS}
    return max(value, key=lambda code: float(value[code]))
