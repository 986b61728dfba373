"""Changes between two stretches, as one side declared them, beside a claim."""

from __future__ import annotations

from collections.abc import Callable

from entrepot.press.check_measures import REACH, Measure, factor_of, is_in_unit, rate_needed
from entrepot.press.check_numbers import PERCENT, Bounds, Declared, ratio_of
from entrepot.press.check_outcome import Tolerance, verdict_of
from entrepot.press.claim_sentences import amount_words
from entrepot.press.told import Claim

_EXACT = Tolerance(0.0, 0.0)


def _compared(ratio: Bounds | None, declared: Declared) -> Measure | None:
    """What stands in the way of any comparison of two stretches."""
    if declared.base is None:
        return Measure(None, None, "unknown", reason="no stretch to compare with can be told")
    if ratio is None:
        told = "nothing was declared in the stretch compared with, so no change can be given"
        return Measure(None, None, "unknown", reason=told)
    return None


def change(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare a change in percent with a claimed one.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    ratio = ratio_of(declared)
    open_ended = _compared(ratio, declared)
    if open_ended is not None or ratio is None:
        return open_ended or Measure(None, None, "unknown")
    value = claim.value or 0.0
    bounds = Bounds(PERCENT * (ratio.low - 1), PERCENT * (ratio.high - 1))
    if value < 0:  # "fell by more than 5 %" is meant of the size of the fall
        bounds = Bounds(-bounds.high, -bounds.low)
    verdict = verdict_of(bounds, claim.comparison, abs(value), tolerance)
    observed = _observed(declared, lambda now, base: PERCENT * (now / base - 1))
    return _in_codes(claim, declared, Measure(bounds, observed, verdict))


def ratio(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare how many times as much was traded with what is claimed.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    ratio = ratio_of(declared)
    open_ended = _compared(ratio, declared)
    if open_ended is not None or ratio is None:
        return open_ended or Measure(None, None, "unknown")
    verdict = verdict_of(ratio, claim.comparison, claim.value or 0.0, tolerance)
    observed = _observed(declared, lambda now, base: now / base)
    told = "" if observed is None else f"{observed:,.3g} times as much"
    return _in_codes(claim, declared, Measure(ratio, observed, verdict, told))


def direction(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Say whether trade rose or fell, or by what amount where the claim gives one.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    if claim.value is not None:
        return _difference(claim, declared, tolerance)
    ratio = ratio_of(declared)
    open_ended = _compared(ratio, declared)
    if open_ended is not None or ratio is None:
        # From nothing to something is a rise all the same.
        rose = declared.base is not None and declared.sum_of(declared.now) > 0
        if not rose or claim.relation != "increase" or declared.reach != "named":
            return open_ended or Measure(None, None, "unknown")
        return Measure(None, None, "supported", "nothing was declared before")
    verdict = verdict_of(ratio, ">" if claim.relation == "increase" else "<", 1.0, _EXACT)
    observed = _observed(declared, lambda now, base: now / base)
    return _in_codes(claim, declared, Measure(ratio, observed, verdict))


def _difference(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare a rise or fall by some amount with what was declared."""
    if declared.base is None:
        return Measure(None, None, "unknown", reason="no stretch to compare with can be told")
    if not is_in_unit(claim, declared):
        told = rate_needed(claim, declared, 0.0)
        return Measure(None, None, "unknown", reason=told)
    now, base = declared.in_codes(declared.now), declared.in_codes(declared.base)
    low, high = now.low - base.high, now.high - base.low
    bounds = Bounds(low, high) if claim.relation == "increase" else Bounds(-high, -low)
    factor = factor_of(claim)
    scaled = Tolerance(*(part * factor for part in tolerance))
    verdict = verdict_of(bounds, claim.comparison, (claim.value or 0.0) * factor, scaled)
    found = declared.alike()
    sign = 1 if claim.relation == "increase" else -1
    observed = None if found is None else sign * (found[0] - found[1])
    return _in_codes(claim, declared, Measure(bounds, observed, verdict, _moved(declared)))


def _moved(declared: Declared) -> str:
    """By what amount trade rose or fell in the periods that both stretches hold."""
    found = declared.alike()
    if found is None:
        return ""
    now, base, count = found
    amount = amount_words(abs(now - base), declared.unit)
    word = "rise" if now >= base else "fall"
    periods = {"M": "month", "A": "year"}[declared.freq] + ("s" if count > 1 else "")
    return f"a {word} of {amount} in {count} {periods} of each"


def _observed(declared: Declared, formula: Callable[[float, float], float]) -> float | None:
    found = declared.alike()
    return None if found is None or found[1] <= 0 else formula(found[0], found[1])


def _in_codes(claim: Claim, declared: Declared, found: Measure) -> Measure:
    """Take codes that are not those meant for a hint in one direction, and for no more.

    A rise of a wider or narrower group is consistent with one of the goods meant; that the group
    did not rise says nothing against it, nor does its number say anything of theirs.
    """
    is_number = claim.value is not None and claim.comparison not in {">", ">="}
    if declared.reach != "named":
        if found.verdict == "supported" and not is_number:
            told = [found.told, "in these codes only, which are not quite those meant"]
            return found._replace(told=", ".join(filter(None, told)))
        return found._replace(verdict="unknown", reason=REACH[declared.reach])
    if found.verdict != "unknown":
        return found
    return found._replace(reason=_change_needed(declared))


def _change_needed(declared: Declared) -> str:
    missing = declared.missing(declared.now)
    before = declared.missing(declared.base) if declared.base else ()
    words = list(declared.short)
    if before:
        words.append("the stretch compared with is not held in full")
    elif missing:
        words.append("the stretch claimed is not held in full, and what is missing decides")
    return "; ".join(words)
