"""Which caveats a corridor's or a country's conclusion must carry."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from entrepot.codes.groupings import members
from entrepot.diversion.calendar import month_of
from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.score import MATERIALITY

YEARS_ENOUGH = 36  # months of history
NEW_WITHIN = 12  # a code younger than this at the event has no baseline of its own
GENERAL_GROWTH = 1.25  # other goods in the window against before
HIDDEN_SHARE = 0.01  # trade about partners that are not named
ENOUGH_PARTNERS = 9  # the largest of fewer errors covers less than 90 % of such countries
PANDEMIC = (date(2020, 3, 1), date(2021, 6, 1))


def of_run(estimate: Estimate) -> list[str]:
    """Caveats every row of a run carries.

    Args:
        estimate: The estimate.

    Returns:
        Caveat codes.
    """
    panel = estimate.panel
    begins = month_of(panel.cube.periods, 0)
    codes = [] if estimate.fused else ["upstream_only"]
    if estimate.design == "history":
        codes.append("no_donors")
        if begins <= PANDEMIC[1]:
            codes.append("pandemic_baseline")
    if panel.first < YEARS_ENOUGH:
        codes.append("short_history")
    if panel.unspecified_share > HIDDEN_SHARE:
        codes.append("confidential_partner")
    if panel.silent:
        codes.append("incomplete_reporting")
    return codes


def of_totals(estimate: Estimate, conclusion: Conclusion) -> list[str]:
    """Caveats that totals carry besides those of the run.

    Args:
        estimate: The estimate.
        conclusion: One bracket's conclusion.

    Returns:
        Caveat codes.
    """
    starts = estimate.panel.design.start[conclusion.cells.row]
    codes = []
    if len(starts) and starts.min() < starts.max():
        codes.append("staggered_listing")
    if conclusion.shock.partner_count < ENOUGH_PARTNERS:
        codes.append("few_control_partners")
    return codes


def of_partners(estimate: Estimate) -> dict[str, list[str]]:
    """Caveats of each candidate country.

    Args:
        estimate: The estimate.

    Returns:
        Caveat codes by area.
    """
    panel = estimate.panel
    sanctioned = members("SANCTIONED", month_of(panel.cube.periods, -1))
    out: dict[str, list[str]] = {}
    for index, partner in enumerate(panel.cube.partners.tolist()):
        codes = ["sanctioned_intermediary"] if partner in sanctioned else []
        if panel.general is not None:
            before = panel.general[index, : panel.first].mean()
            since = panel.general[index, panel.first :].mean()
            if since > GENERAL_GROWTH * before:
                codes.append("partner_boom")
        out[partner] = codes
    return out


def of_cells(estimate: Estimate, bracket: Bracket) -> NDArray[np.object_]:
    """Caveats of each tested corridor, run and country included.

    Args:
        estimate: The estimate.
        bracket: The bracket.

    Returns:
        Caveat codes joined by spaces, shape [n].
    """
    panel, cells = estimate.panel, estimate.conclusions[bracket].cells
    born = panel.cube.is_alive.argmax(axis=1)
    excess = cells.observed - cells.mean
    marks: list[tuple[str, Bools | Floats]] = [
        ("new_code", (born > max(panel.first - NEW_WITHIN, 0))[cells.row]),
        ("partial_code", panel.is_partial[cells.row]),
        ("listing_date_unknown", ~panel.is_dated[cells.row]),
        ("small_base", cells.mean < MATERIALITY),
        ("materiality", np.abs(excess) < MATERIALITY),
    ]
    if bracket in estimate.fused:
        marks += _of_legs(estimate, bracket)
    by_partner = of_partners(estimate)
    shared = " ".join(of_run(estimate))
    partner_text = np.array(
        [" ".join([shared, *by_partner[name]]) for name in panel.cube.partners.tolist()],
        dtype=object,
    )
    text = partner_text[cells.column]
    for code, holds in marks:
        text = text + np.where(holds, f" {code}", "").astype(object)
    return text


def _of_legs(estimate: Estimate, bracket: Bracket) -> list[tuple[str, Bools]]:
    """What speaks against the second legs of each tested corridor."""
    cells, fused = estimate.conclusions[bracket].cells, estimate.fused[bracket]
    letters, arrivals = fused.fusion.legs, fused.mirror.arrivals
    marks = [("upstream_only", letters == "U")]
    if arrivals is not None:
        sent = arrivals.sent[cells.row, cells.column] > 0
        told = arrivals.is_informative[cells.row, cells.column]
        marks.append(
            ("mirror_not_informative", sent & ~told & ~estimate.panel.is_partial[cells.row])
        )
    by_origin = estimate.legs.is_by_origin[cells.column]
    marks.append(("origin_recording", by_origin & (np.char.find(letters, "A") > 0)))
    alone = estimate.conclusions[bracket].is_flagged & ~estimate.is_flagged(bracket)
    marks.append(("stands_out_upstream", alone))
    has_sales = np.char.find(letters, "D") > 0
    marks.append(("sales_lower_bound", has_sales & estimate.legs.is_lower_bound[cells.column]))
    if estimate.legs.downstream_basis == "importer":
        marks.append(("sales_by_importer", has_sales))
    return marks
