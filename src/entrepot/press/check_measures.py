"""Levels, shares, ranks and presence, as one side declared them, beside a claim."""

from __future__ import annotations

from typing import NamedTuple

from entrepot.press.check_numbers import Bounds, Declared, rank_of, share_of
from entrepot.press.check_outcome import Tolerance, Verdict, verdict_of, verdict_of_existence
from entrepot.press.claim_sentences import amount_words, rank_words
from entrepot.press.told import Claim

TONNE = 1000.0
_CURRENCY_LETTERS = 3
_AMONG = "among all partners it is not so, and the text may mean fewer than all"
REACH = {
    "narrower": "only some of the codes meant are held",
    "wider": "only a wider heading is held, and other goods are counted with those meant",
    "other": "the codes held are not those meant",
}


class Measure(NamedTuple):
    """A claimed number as it is measured.

    Args:
        bounds: Between what it lies; nothing where it cannot be said.
        observed: What is held of it.
        verdict: What it says of the claim.
        told: What the sentence adds; may be empty.
        reason: Why it is open, where it is.
    """

    bounds: Bounds | None
    observed: float | None
    verdict: Verdict
    told: str = ""
    reason: str = ""


def factor_of(claim: Claim) -> float:
    """What one of the unit of a claim is in the unit of the declarations.

    Args:
        claim: The claim, in a currency, kilograms or tonnes.
    """
    return TONNE if claim.unit == "t" else 1.0


def is_in_unit(claim: Claim, declared: Declared) -> bool:
    """Whether declarations are in the unit of a claim.

    Args:
        claim: The claim.
        declared: The declarations.
    """
    return declared.unit == ("kg" if claim.unit == "t" else claim.unit)


def level(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare the sum of a stretch with a claimed amount.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    factor = factor_of(claim)
    value = (claim.value or 0.0) * factor
    held = declared.sum_of(declared.now)
    if not is_in_unit(claim, declared):
        return Measure(None, held, "unknown", reason=rate_needed(claim, declared, held))
    bounds = declared.level(declared.now)
    scaled = Tolerance(*(part * factor for part in tolerance))
    verdict = verdict_of(bounds, claim.comparison, value, scaled)
    return Measure(bounds, held, verdict, reason=_needed(value, declared, held))


def rate_needed(claim: Claim, declared: Declared, held: float) -> str:
    """Say which exchange rate would make the claim true of what is held.

    Args:
        claim: The claim.
        declared: The declarations.
        held: What is held, in their unit.
    """
    unit = claim.unit or ""
    if not (unit.isupper() and len(unit) == _CURRENCY_LETTERS):
        return f"declarations are not in the unit claimed, {unit}"
    if not held or not claim.value:
        return f"no rate turns {declared.unit} into {claim.unit}"
    rate = claim.value / held
    return (
        f"no rate turns {declared.unit} into {claim.unit}, and none is assumed: what is held "
        f"would be as much as claimed at {rate:.4g} {claim.unit} per {declared.unit}"
    )


def _needed(value: float, declared: Declared, held: float) -> str:
    missing = declared.missing(declared.now)
    if declared.reach != "named":
        return REACH[declared.reach]
    if not missing:
        return "; ".join(declared.short)
    word = "month" if declared.freq == "M" else "year"
    count = len(declared.asked(declared.now)) - len(missing)
    many = f"{word}s" if len(missing) > 1 else word
    if value <= held:
        return f"the missing {many} can only add to it"
    usual = amount_words(held / count, declared.unit) if count else "nothing held"
    gap = amount_words(value - held, declared.unit)
    return (
        f"the missing {many} would have to bring {gap} or more to reach it, against {usual} in "
        f"an average {word} held"
    )


def share(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare a partner's share with a claimed one.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    standing = declared.standing
    if standing is None or not standing.value:
        return Measure(None, None, "unknown", reason="no trade with other partners is held")
    bounds = share_of(standing)
    verdict = verdict_of(bounds, claim.comparison, claim.value or 0.0, tolerance)
    told = f"{bounds.high:.1f} % of {'all' if standing.is_whole else 'the'} partners"
    told += "" if standing.is_whole else " held, and no more than that among all"
    reason = "the trade with all partners is not held"
    return _if_named(declared, Measure(bounds, bounds.high, verdict, told, reason))


def rank(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Compare a partner's rank with a claimed one.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    standing = declared.standing
    if standing is None or not standing.value:
        return Measure(None, None, "unknown", reason="no trade with other partners is held")
    bounds = rank_of(standing)
    verdict = verdict_of(bounds, claim.comparison, claim.value or 0.0, tolerance)
    told = rank_words(standing, bounds.low, bounds.high)
    reason = "not all partners are held, and those missing may stand before it"
    return _if_named(declared, Measure(bounds, float(standing.rank), verdict, told, reason))


def _if_named(declared: Declared, found: Measure) -> Measure:
    """Leave open what is known of other codes or of part of the time only, or of whom is open.

    A text may rank a partner among fewer than all ("in the region"), which a claim does not record.
    """
    if found.verdict == "contradicted":
        found = found._replace(verdict="unknown", reason=_AMONG)
    if declared.reach != "named":
        reason = f"{REACH[declared.reach]}; {found.reason}"
        return found._replace(verdict="unknown", reason=reason)
    missing = declared.missing(declared.now)
    if missing or declared.short:
        words = "; ".join(declared.short) or "the stretch is not held in full"
        return found._replace(verdict="unknown", reason=f"{found.reason}; {words}")
    return found


def exists(claim: Claim, declared: Declared, tolerance: Tolerance) -> Measure:
    """Say whether any trade was declared.

    Args:
        claim: The claim.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    del claim, tolerance  # any amount is one
    bounds = declared.level(declared.now)
    held = declared.sum_of(declared.now)
    verdict = verdict_of_existence(bounds)
    if declared.reach != "named":
        reason = REACH[declared.reach]
    elif declared.missing(declared.now):
        reason = "nothing was declared in the periods held, and others are missing"
    else:
        reason = "; ".join(declared.short)
    return Measure(bounds, held, verdict, reason=reason)
