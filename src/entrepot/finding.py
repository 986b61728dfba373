"""A conclusion: outcome, numbers, one sentence, evidence, caveats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["flagged", "clear", "supported", "contradicted", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule concluded about one thing: a row of ``findings``.

    Args:
        run_id: The run the rule belonged to, or the source id of a file.
        rule: Name of the rule.
        subject: Kind of thing: corridor, country, run, file, shipment, claim.
        subject_id: Which one.
        outcome: What the rule concluded; ``unknown`` is a result like any other.
        detail: One sentence with numbers, units and period.
        evidence: Where it can be checked: tables and keys.
        score: The rule's score, where it has one.
        observed: What was found, in ``unit``.
        expected: What it was compared with, in ``unit``.
        unit: Unit of ``observed`` and ``expected``.
        caveats: Caveat codes.

    Example:
        >>> Finding("r1", "placebo_in_time", "run", "r1", "clear", "0 of 8,142 tests rejected.",
        ...         ("diagnostics run_id=r1",)).row()["evidence"]
        'diagnostics run_id=r1'
    """

    run_id: str
    rule: str
    subject: str
    subject_id: str
    outcome: Outcome
    detail: str
    evidence: tuple[str, ...]
    score: float | None = None
    observed: float | None = None
    expected: float | None = None
    unit: str | None = None
    caveats: tuple[str, ...] = ()

    def row(self) -> dict[str, object]:
        """The finding as a row of the table ``findings``."""
        return {
            "run_id": self.run_id,
            "rule": self.rule,
            "subject": self.subject,
            "subject_id": self.subject_id,
            "outcome": self.outcome,
            "score": self.score,
            "observed": self.observed,
            "expected": self.expected,
            "unit": self.unit,
            "detail": self.detail,
            "evidence": "; ".join(self.evidence),
            "caveats": " ".join(self.caveats),
        }
