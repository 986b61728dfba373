"""One side's declarations beside one claim: the number, the verdict, and why it is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from entrepot.press.check_changes import change, direction, ratio
from entrepot.press.check_measures import Measure, exists, factor_of, level, rank, share
from entrepot.press.check_numbers import Declared
from entrepot.press.check_outcome import Tolerance, Verdict
from entrepot.press.told import Claim, Relation

_CLOSE = "it is too close to what is claimed to be told apart, as declarations are revised"
_CONVERTED = "the amounts were converted by a third party, which moves a change from year to year"
_OVER_TIME: frozenset[Relation] = frozenset(("pct_change", "ratio", "increase", "decrease"))
_UNITS: dict[Relation, str] = {
    "pct_change": "%",
    "share": "%",
    "ratio": "ratio",
    "increase": "ratio",
    "decrease": "ratio",
    "rank": "rank",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one side's declarations say of a claim.

    Args:
        declared: The declarations.
        verdict: What they say of it, as it is asserted.
        observed: The number, in ``unit``.
        unit: Its unit.
        told: What the sentence adds; may be empty.
        reason: Why it is open; empty where it is not.
    """

    declared: Declared
    verdict: Verdict
    observed: float | None
    unit: str
    told: str
    reason: str


def as_measured(claim: Claim) -> Claim:
    """Write a rise or fall by percent, or by times, as a change or ratio.

    Args:
        claim: The claim.
    """
    if claim.relation not in {"increase", "decrease"} or claim.value is None:
        return claim
    is_fall = claim.relation == "decrease"
    if claim.unit == "%":
        value = -abs(claim.value) if is_fall else claim.value
        return replace(claim, relation="pct_change", value=value)
    if claim.unit == "ratio" and claim.value > 0:
        value = 1 / claim.value if is_fall and claim.value > 1 else claim.value
        return replace(claim, relation="ratio", value=value)
    return claim


def unit_of(claim: Claim) -> str | None:
    """Unit of the number of a claim; nothing where the amounts decide it.

    Args:
        claim: The claim.
    """
    by_amount = claim.relation in {"increase", "decrease"} and claim.value is not None
    return claim.unit if by_amount else _UNITS.get(claim.relation, claim.unit)


def expected_of(claim: Claim, unit: str | None) -> float | None:
    """What a claim says, in the unit of what was found; nothing where it is in another.

    Args:
        claim: The claim.
        unit: Unit of what was found.
    """
    if claim.value is None:
        return 1.0 if claim.relation in {"increase", "decrease"} else None
    if unit == "kg" and claim.unit in {"t", "kg"}:
        return claim.value * factor_of(claim)
    return float(claim.value) if unit == unit_of(claim) else None


def judged(claim: Claim, declared: Declared, tolerance: Tolerance) -> Judged:
    """Lay one side's declarations beside a claim.

    Args:
        claim: The claim, as asserted.
        declared: The declarations.
        tolerance: How far the claimed number may lie off.
    """
    by_amount = claim.relation in {"increase", "decrease"} and claim.value is not None
    found = _MEASURES[claim.relation](claim, declared, tolerance)
    if declared.converted and claim.relation in _OVER_TIME:
        found = found._replace(verdict="unknown", reason=_CONVERTED)
    return Judged(
        declared,
        found.verdict,
        found.observed,
        _UNITS.get(claim.relation, declared.unit) if not by_amount else declared.unit,
        found.told,
        (found.reason or _CLOSE) if found.verdict == "unknown" else "",
    )


_MEASURES: dict[Relation, Callable[[Claim, Declared, Tolerance], Measure]] = {
    "level": level,
    "pct_change": change,
    "ratio": ratio,
    "increase": direction,
    "decrease": direction,
    "share": share,
    "rank": rank,
    "exists": exists,
}
