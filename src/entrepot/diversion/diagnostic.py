"""One check that a run makes of itself: its numbers, its outcome and its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a check.

    Args:
        measure: What was counted or measured.
        label: Country, corridor or bin it belongs to; ``_T`` for all.
        value: The number.
        unit: Its unit.
    """

    measure: str
    label: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What one check of a run found.

    Args:
        name: The check, as ``diagnostics`` calls it.
        outcome: ``clear``, ``flagged``, or ``unknown`` where the data cannot answer.
        detail: One sentence with numbers and units.
        measures: Its numbers.
        observed: The number the sentence turns on, in ``unit``.
        expected: What it is compared with, in ``unit``.
        unit: Unit of the two.
    """

    name: str
    outcome: Outcome
    detail: str
    measures: tuple[Measure, ...]
    observed: float | None = None
    expected: float | None = None
    unit: str | None = None


def measure_rows(found: Diagnostic, bracket: str) -> list[tuple[str, str, str, str, float, str]]:
    """Lay a check out as rows of ``diagnostics``, without the run.

    Args:
        found: The check.
        bracket: The bracket it was made in.

    Returns:
        Bracket, diagnostic, measure, label, value and unit of each number.

    Example:
        >>> one = Diagnostic("trimming", "clear", "", (Measure("rounds", "_T", 1.0, "rounds"),))
        >>> measure_rows(one, "common")
        [('common', 'trimming', 'rounds', '_T', 1.0, 'rounds')]
    """
    return [
        (bracket, found.name, part.measure, part.label, part.value, part.unit)
        for part in found.measures
    ]


def as_finding(found: Diagnostic, bracket: str, run_id: str) -> Finding:
    """Say a check as a row of ``findings``.

    Args:
        found: The check.
        bracket: The bracket it was made in.
        run_id: The run.

    Returns:
        The finding, about the run, with the rows of ``diagnostics`` as evidence.

    Example:
        >>> as_finding(Diagnostic("trimming", "clear", "Nothing.", ()), "common", "r1").rule
        'trimming_common'
    """
    return Finding(
        run_id=run_id,
        rule=f"{found.name}_{bracket}",
        subject="run",
        subject_id=run_id,
        outcome=found.outcome,
        detail=found.detail,
        evidence=(f"diagnostics run_id={run_id} diagnostic={found.name} bracket={bracket}",),
        observed=found.observed,
        expected=found.expected,
        unit=found.unit,
    )
