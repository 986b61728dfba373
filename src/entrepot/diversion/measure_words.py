"""What a measurement says, in one sentence that names no reason the numbers do not give."""

from __future__ import annotations

import math

from entrepot.codes.areas import area
from entrepot.codes.groupings import grouping_names
from entrepot.diversion.calendar import month_of
from entrepot.diversion.measure import Measured, Measurement
from entrepot.diversion.measure_placebo import ALPHA, Verdict

MILLION = 1e6
WHOLE_MILLIONS, TENTHS = 20.0, 1.0  # from so many millions on, so many digits are news


def sentence(result: Measurement, found: Measured) -> str:
    """Say what one bracket found: the effect, its error, its share of the excess, other events.

    Args:
        result: The measurement.
        found: What one bracket says.

    Returns:
        One sentence.
    """
    effect, months = found.effect, found.effect.month_count
    if not found.has_expectation:
        return (
            f"Whether {_flow(result)} changed after the measure of {_day(result)} is unknown: "
            "nothing was traded before it that a path could be learned from."
        )
    size = effect.effect / months
    words = (
        f"{_flow(result)} in {_window(result, after=True)} were {_money(result, abs(size))} a "
        f"month {'below' if size < 0 else 'above'} what {_path(result, found)} led to expect"
    )
    if found.outcome == "unknown":
        return (
            f"Whether a measure changed them is unknown: {words}, but only {effect.count} placebo "
            f"windows that do not overlap tell how far such a forecast strays, so that no p-value "
            f"below {effect.least_p:.2f} was possible and {ALPHA:.1f} is needed."
        )
    verdict = ": no change is shown" if found.outcome == "not shown" else ""
    words = words[0].upper() + words[1:]
    return f"{words} ({_error(effect)}){_share(result, found)}{verdict}; {_reasons(result)}."


def _error(effect: Verdict) -> str:
    """Interval and p-value of an effect, and what they were learned from."""
    rank = (
        f"p = {effect.p_value:.3f} among {effect.count} placebo windows that do not overlap within "
        "a partner"
    )
    if not math.isfinite(effect.low):
        return f"{rank}; no interval, since trade stops or strays too far in too many of them"
    low, high = (_number(end / effect.month_count) for end in effect.ends)
    return f"90 % interval {low} to {high} m; {rank}"


def _share(result: Measurement, found: Measured) -> str:
    """How the effect compares with the excess before it."""
    excess, when = found.excess, _window(result, after=False)
    if excess is None or not found.has_excess:
        return f"; how large the excess was in {when} is unknown"
    size = _money(result, excess.effect / excess.month_count)
    if not math.isfinite(excess.low):
        return (
            f"; the excess of {size} a month in {when} has no interval, since {excess.count} "
            "earlier windows do not tell its error, so no share of it is given"
        )
    low, high = (_number(end / excess.month_count) for end in excess.ends)
    words = f"the excess of {size} a month in {when} (90 % interval {low} to {high} m)"
    if found.share is None:
        return f"; {words} is not distinct from nothing, so no share of it is given"
    return f", {abs(found.share):.2f} of {words}"


def _reasons(result: Measurement) -> str:
    count = len(result.rivals)
    words = "this does not say that the measure is the reason"
    if count == 0:
        return words
    return f"{words}: {count} other {'event lies' if count == 1 else 'events lie'} in its windows"


def _flow(result: Measurement) -> str:
    asked = result.inquiry
    country = area(asked.country).name_en
    if asked.leg == "downstream":
        kind = "re-exports" if asked.flow == "RX" else "exports"
        return f"{kind} of {asked.goods} from {country} to {area(asked.destination).name_en}"
    goods = "all goods" if asked.level == "TOTAL" else "listed goods"
    return f"{_coalition(asked.coalition)} exports of {goods} to {country}"


def _coalition(name: str) -> str:
    return name if name in grouping_names() or "," in name else area(name).name_en


def _path(result: Measurement, found: Measured) -> str:
    whose = f"their path before {_day(result)}"
    if found.bracket == "partner":
        return f"{whose} and that of goods not asked about"
    return (
        f"{whose} and that of {len(result.compared)} other partners"
        if result.compared
        else (f"their level before {_day(result)}")
    )


def _day(result: Measurement) -> str:
    return result.inquiry.on.isoformat()


def months_of(result: Measurement, *, after: bool) -> tuple[int, int]:
    """Index of the first and the last month before or after the measure.

    Args:
        result: The measurement.
        after: Whether the months after it are asked for.
    """
    at, span = result.at, result.span
    if after:
        return at + span.gap, at + span.reach - 1
    return at - span.before, at - 1


def _window(result: Measurement, *, after: bool) -> str:
    first, last = (month_of(result.panel.periods, i) for i in months_of(result, after=after))
    return f"{first:%Y-%m} to {last:%Y-%m}"


def _money(result: Measurement, value: float) -> str:
    return f"{result.panel.unit.split()[0]} {_number(value)} m"


def _number(value: float) -> str:
    millions = abs(value) / MILLION
    digits = 0 if millions >= WHOLE_MILLIONS else 1 if millions >= TENTHS else 3
    text = f"{millions:,.{digits}f}"
    return f"−{text}" if value < 0 and text.strip("0.") else text
