"""One answer for a line from the answers of all checks, and the order to look at hits in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.screening.check import Check, Hit, Known, Result, Severity, Verdict
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment

_WEIGHT: dict[Severity, int] = {"block": 2, "review": 1, "note": 0}


@dataclass(frozen=True, slots=True)
class Screened:
    """One line and what came of it.

    Args:
        shipment: The line.
        verdict: ``block`` or ``review`` where a check flags it; ``clear`` where every check that
            was made is clear and the policy's required ones were made; else ``not_assessed``.
        results: Answers of the checks, in their order.
        deciding: Ids of the checks that decided; of ``not_assessed``, the required ones that are
            open.
    """

    shipment: Shipment
    verdict: Verdict
    results: tuple[Result, ...]
    deciding: tuple[str, ...]

    @property
    def open_checks(self) -> tuple[str, ...]:
        """Ids of checks that could not be made."""
        return tuple(one.check_id for one in self.results if one.answer == "not_assessed")


def screened(shipment: Shipment, known: Known, checks: Sequence[Check]) -> Screened:
    """Make all checks of a line and draw the verdict.

    Args:
        shipment: The line.
        known: What checks may look at.
        checks: The checks.

    Returns:
        The verdict; a line is never clear because something could not be looked at.
    """
    wanted = known.policy.checks
    results = tuple(
        _severe(check.run(shipment, known), known.policy)
        for check in checks
        if not wanted or check.id in wanted
    )
    flagged = [one for one in results if one.answer == "flagged"]
    for severity in ("block", "review"):
        deciding = tuple(one.check_id for one in flagged if one.severity == severity)
        if deciding:
            return Screened(
                shipment, "block" if severity == "block" else "review", results, deciding
            )
    made = tuple(one.check_id for one in results if one.answer != "not_assessed")
    open_ones = tuple(one for one in known.policy.required if one not in made)
    if open_ones or not made:
        return Screened(shipment, "not_assessed", results, open_ones)
    return Screened(shipment, "clear", results, made)


def _severe(result: Result, policy: Policy) -> Result:
    """A result as severe as the policy wants it."""
    if result.check_id not in policy.block or result.severity == "block":
        return result
    return Result(
        result.check_id,
        result.answer,
        "block",
        result.detail,
        result.fields,
        result.evidence,
        result.hits,
    )


def in_order(results: Iterable[Result]) -> tuple[tuple[Result, Hit], ...]:
    """Hits in the order in which an analyst should look at them.

    The severest first, then the higher score, then hits that an identifier supports, then the list
    and entry, so that equal scores keep one order.

    Args:
        results: Answers of checks.
    """
    pairs = [(result, hit) for result in results for hit in result.hits]
    return tuple(sorted(pairs, key=lambda pair: _rank(*pair)))


def _rank(result: Result, hit: Hit) -> tuple[int, float, bool, float, str, str]:
    words = hit.explanations.get("words", {}).get("share", 0.0)
    share = float(words) if isinstance(words, int | float) else 0.0
    return (
        -_WEIGHT[result.severity],
        -hit.score,
        "identifier" not in hit.explanations,
        -share,
        hit.dataset,
        hit.entity_id,
    )
