"""What is asked about a measure: whose, of which day, and which flow it should have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from entrepot.codes.areas import area
from entrepot.errors import EstimateError

MeasureLevel = Literal["TOTAL", "HS4", "HS6", "CN8"]
MeasureLeg = Literal["upstream", "downstream"]
SHORTEST_BEFORE = 6  # months a level is learned from
SHORTEST_AFTER = 3  # months in which an effect can be seen


@dataclass(frozen=True, slots=True)
class MeasureInquiry:
    """Whose measure of which day is asked about, and which flow it should have changed.

    Args:
        country: Intermediary that took the measure.
        on: Its day. The month it falls in counts as after it where that is the first, else it is
            left out.
        since: First month of the sanctions.
        coalition: Grouping or areas that export to the country.
        destination: Sanctioned country.
        intermediaries: Groupings or areas that may pass goods on, with the country itself.
        without: Areas that are not compared with, since they took measures too; may be empty.
        leg: ``upstream``, from the coalition to the country, or ``downstream``, from the country
            to the destination.
        flow: ``X`` exports or, downstream, ``RX`` re-exports.
        level: ``TOTAL`` for all goods, else the level of the commodities.
        goods: List id of the listed goods, ``auto`` for the one in the lake; downstream, list ids
            or prefixes of commodities, separated by commas.
        dataset: Collection the flows come from; ``auto`` is the one in the lake.
        before: Most months before the measure that its path is learned from.
        after: Most months after it.
        settled: Months from the sanctions on that are left out, since trade was still moving.
        complete: Share of all trade that a month's reporters must hold for the month to count.
        seed: Seed of the folds.

    Example:
        >>> from datetime import date
        >>> MeasureInquiry("KZ", date(2023, 4, 1), date(2022, 3, 1)).gap
        0
    """

    country: str
    on: date
    since: date
    coalition: str = "EU"
    destination: str = "RU"
    intermediaries: str = "INTERMEDIARY"
    without: str = ""
    leg: MeasureLeg = "upstream"
    flow: Literal["X", "RX"] = "X"
    level: MeasureLevel = "HS6"
    goods: str = "auto"
    dataset: str = "auto"
    before: int = 12
    after: int = 6
    settled: int = 3
    complete: float = 0.99
    seed: int = 1

    def __post_init__(self) -> None:
        area(self.country)
        area(self.destination)
        if self.country == self.destination:
            raise EstimateError(f"--country is {self.country!r}, the destination itself.")
        if self.on < self.since:
            raise EstimateError(
                f"--on is {self.on}, before --since {self.since:%Y-%m}: a measure against "
                "diversion cannot come before the sanctions. Choose a later day, or an earlier "
                "--since."
            )
        if self.leg == "upstream" and self.flow != "X":
            raise EstimateError(
                "--flow RX needs --leg downstream: nobody else declares re-exports."
            )
        for name, least in (("before", SHORTEST_BEFORE), ("after", SHORTEST_AFTER), ("settled", 0)):
            if getattr(self, name) < least:
                raise EstimateError(
                    f"--{name} is {getattr(self, name)}, expected {least} months or more."
                )

    @property
    def gap(self) -> int:
        """Months left out: the one the measure falls into, unless it opens it."""
        return 0 if self.on.day == 1 else 1
