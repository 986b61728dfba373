"""What a run concluded about each country, as sentences: the excess, and where it went."""

from __future__ import annotations

from datetime import date

import numpy as np

from entrepot.codes.areas import area
from entrepot.diversion.calendar import month_of
from entrepot.diversion.cube import Floats
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.leg_findings import REASONS, UNINFORMATIVE, country_reason
from entrepot.diversion.split_totals import MOSTLY, SplitTotal
from entrepot.diversion.total_rows import split_of
from entrepot.diversion.totals import Total
from entrepot.finding import Finding

MILLION = 1e6
WHOLE_MILLIONS = 20.0  # from so many on, a tenth of a million is no news
PATHS = {
    "common": "if its general trade had followed the partners' common path",
    "partner": "when its own trade in goods that are not listed is taken into account",
}
PATH_NAMES = {"common": "common path", "partner": "own path"}


def country_findings(estimate: Estimate, bracket: Bracket, name: str) -> list[Finding]:
    """Total of each country, and by which way what was diverted went, where other legs tell.

    Args:
        estimate: The estimate.
        bracket: The bracket.
        name: The run id.

    Returns:
        Findings; where the legs cannot tell the ways apart the outcome is ``unknown``.
    """
    found = estimate.conclusions[bracket]
    chapters = np.arange(found.tally.count.shape[1])
    out = []
    for column in np.unique(found.cells.column).tolist():
        at = np.ix_([column], chapters)
        out.append(_excess(estimate, (bracket, name), column, found.tally.total(at)))
        if bracket in estimate.fused:
            split = split_of(estimate, bracket, at)
            out.append(_split(estimate, (bracket, name), column, split))
    return out


def _excess(estimate: Estimate, which: tuple[Bracket, str], column: int, total: Total) -> Finding:
    bracket, name = which
    partner, currency = str(estimate.panel.cube.partners[column]), _currency(estimate)
    return Finding(
        run_id=name,
        rule=f"country_total_{bracket}",
        subject="country",
        subject_id=_subject(estimate, partner),
        outcome="flagged" if total.low > 0 else "unknown" if total.high > 0 else "clear",
        detail=(
            f"{estimate.inquiry.coalition} exports of listed goods to {area(partner).name_en} "
            f"{_window(estimate)} were {currency} {total.observed / MILLION:,.0f} m; that is "
            f"{_range(currency, total.low / MILLION, total.high / MILLION)} than expected "
            f"{PATHS[bracket]} (90 % interval)."
        ),
        evidence=_evidence(name, partner, bracket),
        observed=total.observed,
        expected=total.expected,
        unit=estimate.panel.currency,
    )


def _split(
    estimate: Estimate, which: tuple[Bracket, str], column: int, split: SplitTotal
) -> Finding:
    bracket, name = which
    partner = str(estimate.panel.cube.partners[column])
    reason = country_reason(estimate, bracket, column)
    is_bare = split.legs == "U"
    low, high = split.diverted[1:]
    return Finding(
        run_id=name,
        rule=f"country_split_{bracket}",
        subject="country",
        subject_id=_subject(estimate, partner),
        outcome=(
            "unknown" if is_bare else "flagged" if low > 0 else "unknown" if high > 0 else "clear"
        ),
        detail=(
            f"{PATH_NAMES[bracket].capitalize()}: "
            f"{_went(estimate, area(partner).name_en, split, REASONS[reason])}"
        ),
        evidence=_evidence(name, partner, bracket),
        observed=None if is_bare else float(split.diverted[0]),
        unit=estimate.panel.currency,
        caveats=("mirror_not_informative",) if is_bare and reason == UNINFORMATIVE else (),
    )


def _went(estimate: Estimate, country: str, split: SplitTotal, reason: str) -> str:
    """Where it went, with intervals; what is not known, and why."""
    to, currency = area(estimate.inquiry.destination).name_en, _currency(estimate)
    through = f"diverted through {country} to {to} {_window(estimate)}"
    if split.legs == "U":
        return f"how much was {through}, and by which way, is unknown: {reason}."
    whole = f"the legs together are consistent with {_amount(currency, split.diverted)} {through}"
    if split.diverted[1] <= 0 < split.diverted[2]:
        whole += ", and nothing is not excluded"
    if split.intermediated is None or split.ghost is None:
        return (
            f"{whole} (90 % interval); by which way is unknown, since less than {MOSTLY:.0%} of "
            f"it lies in products about which other legs tell: {reason}."
        )
    share = ""
    if split.ghost_share is not None:
        share = f", a ghost share of {split.ghost_share[1]:.2f} to {split.ghost_share[2]:.2f}"
    return (
        f"{whole}: {_amount(currency, split.intermediated)} that arrived there and went on, and "
        f"{_amount(currency, split.ghost)} that never arrived{share} (90 % intervals)."
    )


def _amount(currency: str, ends: Floats) -> str:
    low, high = (float(end) / MILLION for end in ends[1:])
    digits = 0 if high >= WHOLE_MILLIONS else 1
    first, last = f"{low:,.{digits}f}", f"{high:,.{digits}f}"
    if not last.strip("0."):
        return "nothing"
    if not first.strip("0."):
        return f"up to {currency} {last} m"
    return f"{currency} {first} m" if first == last else f"{currency} {first} to {last} m"


def _range(currency: str, low: float, high: float) -> str:
    if low >= 0:
        return f"{currency} {low:,.0f} to {high:,.0f} m more"
    if high <= 0:
        return f"{currency} {-high:,.0f} to {-low:,.0f} m less"
    return f"between {currency} {-low:,.0f} m less and {currency} {high:,.0f} m more"


def _evidence(name: str, partner: str, bracket: str) -> tuple[str, ...]:
    return (f"totals run_id={name} intermediary={partner} bracket={bracket}",)


def _subject(estimate: Estimate, partner: str) -> str:
    return f"{estimate.inquiry.coalition}-{partner}-{estimate.inquiry.destination}"


def _currency(estimate: Estimate) -> str:
    return estimate.panel.currency.split()[0]


def _window(estimate: Estimate) -> str:
    panel = estimate.panel
    starts = panel.design.start[panel.design.is_listed]
    months = _stretch(month_of(panel.cube.periods, panel.first), month_of(panel.cube.periods, -1))
    if starts.min() == starts.max():
        return f"in {months}"
    return f"since each product's listing within {months}"


def _stretch(first: date, last: date) -> str:
    if first.year == last.year:
        return f"{first:%B}-{last:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"
