"""The worlds the benchmark runs on: every knob of the simulator, and the scenarios by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

FIRST_PACKAGE = date(2022, 3, 1)  # the month a world's war begins, whatever its length


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one simulated world is like. The defaults are the scenario ``base``.

    Args:
        name: Name of the scenario.
        product_count: Products (HS6).
        heading_count: Headings (HS4) they fall in.
        chapter_count: Chapters (HS2) the headings fall in.
        candidate_count: Candidate intermediaries.
        null_candidate_count: Candidates, the last ones, in which nothing is ever planted.
        control_count: Other destinations; the target comes on top of both.
        month_count: Months.
        war_month: Index of the first month of the war, which is March 2022.
        sanctioned_share: Share of products that are listed.
        size_mean: Mean log size of a product, log of thousand EUR a month.
        size_sd: Its standard deviation, log points.
        empty_share: Share of structural zeros among cells of middling size.
        shipment_mean: Mean value of one shipment, thousand EUR.
        drift_sd: Monthly step of the random walk of each cell, log points.
        inflation_max: Largest price rise of a chapter over the war, a fraction.
        boom_max: Largest legitimate rise of a partner's whole trade, a fraction.
        segment_boom_max: Largest legitimate rise of one chapter in one partner, a fraction.
        split_share: Share of codes born two months before the war out of a sibling.
        planted_share: Share of sanctioned cells of candidates that divert.
        planted_scale: Factor on the diverted share of lost direct trade.
        hidden_count: Controls, the first ones, that divert as candidates do.
        absorption_share: Share of cells of candidates that grow for their own use.
        transit_share: Share of cells of candidates that sell more to the target from elsewhere.
        project_share: Share of all cells with one project of some months.
        arrival_sd: Spread of the recorded share of arrivals between cells, log points.
        misplaced_max: Largest share of arrivals booked under a sibling code.
        silent_count: Candidates that never publish imports, and as many others no exports.
        gap_share: Share of months a partner fails to publish.

    Example:
        >>> Scenario("base").first_period.isoformat()
        '2019-01-01'
    """

    name: str
    product_count: int = 300
    heading_count: int = 40
    chapter_count: int = 8
    candidate_count: int = 8
    null_candidate_count: int = 0
    control_count: int = 31
    month_count: int = 60
    war_month: int = 38
    sanctioned_share: float = 0.4
    size_mean: float = 6.0
    size_sd: float = 1.4
    empty_share: float = 0.04
    shipment_mean: float = 15.0
    drift_sd: float = 0.05
    inflation_max: float = 0.25
    boom_max: float = 0.35
    segment_boom_max: float = 0.0
    split_share: float = 0.04
    planted_share: float = 0.20
    planted_scale: float = 1.0
    hidden_count: int = 0
    absorption_share: float = 0.05
    transit_share: float = 0.05
    project_share: float = 0.03
    arrival_sd: float = 0.35
    misplaced_max: float = 0.16
    silent_count: int = 1
    gap_share: float = 0.05

    @property
    def destination_count(self) -> int:
        """Candidates and controls, without the target."""
        return self.candidate_count + self.control_count

    @property
    def first_period(self) -> date:
        """First month, such that the war begins in March 2022."""
        months = FIRST_PACKAGE.year * 12 + FIRST_PACKAGE.month - 1 - self.war_month
        return date(months // 12, months % 12 + 1, 1)


_BASE = Scenario("base")
_STRONG = replace(_BASE, name="strong", planted_share=0.35, planted_scale=1.6)
_CLEAN = replace(_BASE, name="clean", absorption_share=0.0, transit_share=0.0, project_share=0.0)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        scenario.name: scenario
        for scenario in (
            _BASE,
            _STRONG,
            _CLEAN,
            replace(_BASE, name="boom", boom_max=0.80),
            replace(_BASE, name="segboom", segment_boom_max=0.5),
            replace(_BASE, name="inflation", inflation_max=0.80),
            replace(_BASE, name="reclassification", split_share=0.15),
            replace(_BASE, name="gaps", silent_count=4, gap_share=0.20),
            replace(_BASE, name="sparse", shipment_mean=80.0, empty_share=0.45),
            replace(_BASE, name="drift", drift_sd=0.10),
            replace(_STRONG, name="hidden", hidden_count=3),
            replace(_BASE, name="noisy", arrival_sd=0.70, misplaced_max=0.50),
            replace(_BASE, name="null", planted_share=0.0),
        )
    }
)


def small(scenario: Scenario) -> Scenario:
    """Make a scenario small enough for a demonstration or a test.

    120 products, 15 destinations and the target, 42 months; the last of the five candidates is a
    null country, in which nothing is ever planted.

    Args:
        scenario: Any scenario.

    Returns:
        The same knobs in a smaller world, named ``small-`` and the name.

    Example:
        >>> small(SCENARIOS["base"]).destination_count
        15
    """
    return replace(
        scenario,
        name=f"small-{scenario.name}",
        product_count=120,
        heading_count=24,
        chapter_count=6,
        candidate_count=5,
        null_candidate_count=1,
        control_count=10,
        month_count=42,
        war_month=26,
        silent_count=min(scenario.silent_count, 2),
        hidden_count=min(scenario.hidden_count, 2),
    )
