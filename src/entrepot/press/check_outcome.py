"""A claimed number beside what is known of it: supported, contradicted, or open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from entrepot.press.check_numbers import Bounds
from entrepot.press.check_records import CheckOptions
from entrepot.press.told import Claim, Comparison

Verdict = Literal["supported", "contradicted", "unknown"]
OPPOSITE: dict[Verdict, Verdict] = {
    "supported": "contradicted",
    "contradicted": "supported",
    "unknown": "unknown",
}
_SCALES = (1e12, 1e9, 1e6, 1e3, 1.0, 1e-2)
_NUMERAL = re.compile(r"\d+(?:[.,]\d+|\s\d{3}(?!\d))*")
_GROUP = 3
_PERCENT = 100.0
_ROUND = 0.05  # what a number with noughts at its end may be rounded by, as a fraction


class Tolerance(NamedTuple):
    """How far a number may lie off.

    Args:
        off: Either way, where the claim gives a number.
        short: Beyond a bound that the claim gives, before it is contradicted.
        revised: Beyond ``off``, before it is contradicted: declarations are revised.
    """

    off: float
    short: float
    revised: float = 0.0


def rounding_of(value: float, text: str = "") -> float:
    """Half a unit of the last significant digit of a number as it was written.

    Noughts before the point may be digits or rounding; they count as rounding up to 5 %.

    Args:
        value: The number.
        text: The words it stands in; without it, the number is taken as short as it can be.

    Returns:
        How far the number before rounding may lie off.

    Example:
        >>> rounding_of(2.8e9), rounding_of(10e9, "topped $10.0 billion"), rounding_of(40.0)
        (50000000.0, 50000000.0, 2.0)
    """
    for written, decimals, scale in _written(abs(value), text):
        half = 0.5 * scale / 10.0**decimals
        zeros = len(f"{written:.0f}") - len(f"{written:.0f}".rstrip("0"))
        if decimals or not zeros or not written:
            return half
        return max(half, min(half * 10.0**zeros, _ROUND * abs(value)))
    return 0.0


def _written(value: float, text: str) -> Iterator[tuple[float, int, float]]:
    """The number as written, its decimals and what one stands for, the likeliest first."""
    for match in _NUMERAL.finditer(text):
        whole, _, last = re.sub(r"\s", "", match.group()).replace(",", ".").rpartition(".")
        digits = whole.replace(".", "") + last
        # Three digits behind one mark are thousands sooner than decimals.
        for decimals in sorted({0, len(last)}, reverse=len(last) != _GROUP) if whole else (0,):
            number = int(digits) / 10**decimals
            for scale in _SCALES:
                if number and abs(number * scale - value) <= 1e-9 * value:
                    yield number, decimals, scale
    scale = next((scale for scale in _SCALES if value >= scale), 1.0)
    shown = f"{value / scale:.10g}"
    if "e" not in shown:
        yield float(shown), len(shown.partition(".")[2]), scale


def tolerance_of(claim: Claim, text: str, options: CheckOptions) -> Tolerance:
    """How far the number of a claim may lie off.

    Args:
        claim: The claim.
        text: Its words.
        options: What was asked for.

    Returns:
        Nil for ranks, which are not rounded.
    """
    value = abs(claim.value or 0.0)
    if claim.relation == "rank":
        return Tolerance(0.0, 0.0)
    off = rounding_of(value, text) if options.tolerance is None else options.tolerance * value
    if claim.comparison == "~":
        off = max(off, options.about * value)
    elif claim.comparison == "~<":
        off = options.about * value
    # A level that is revised by a part moves its change by that part of the whole.
    whole = abs(_PERCENT + (claim.value or 0.0)) if claim.relation == "pct_change" else value
    return Tolerance(off, options.slack * value, options.revision * whole)


def verdict_of(
    bounds: Bounds, comparison: Comparison, value: float, tolerance: Tolerance
) -> Verdict:
    """Compare what is known of a number with what is said of it.

    Args:
        bounds: Between what the number lies.
        comparison: How the claimed number is meant.
        value: The claimed number, in the same unit.
        tolerance: How far it may lie off.

    Returns:
        ``supported`` where every number between the bounds agrees, ``contradicted`` where none
        does, within the tolerance.

    Example:
        >>> verdict_of(Bounds(11.0, float("inf")), ">", 10.0, Tolerance(0.5, 0.1))
        'supported'
        >>> verdict_of(Bounds(9.0, float("inf")), ">", 10.0, Tolerance(0.5, 0.1))
        'unknown'
    """
    low, high = bounds
    off, short, revised = tolerance
    far = off + revised
    near = (value - off <= low and high <= value + off, low <= value + far and high >= value - far)
    agrees, may_agree = {
        "=": near,
        "~": near,
        ">": (low > value, high > value - short),
        ">=": (low >= value, high >= value - short),
        "<": (high < value, low < value + short),
        "<=": (high <= value, low <= value + short),
        "~<": (value - off <= low and high < value, low < value + far and high >= value - far),
    }[comparison]
    if agrees:
        return "supported"
    return "unknown" if may_agree else "contradicted"


def verdict_of_existence(bounds: Bounds) -> Verdict:
    """Say whether any trade was declared.

    Args:
        bounds: Between what the sum lies.

    Example:
        >>> verdict_of_existence(Bounds(0.0, 0.0))
        'contradicted'
        >>> verdict_of_existence(Bounds(0.0, float("inf")))
        'unknown'
    """
    if bounds.low > 0:
        return "supported"
    return "contradicted" if bounds.high == 0 else "unknown"
