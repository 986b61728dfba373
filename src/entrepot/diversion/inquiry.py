"""What is asked: from whom, to whom, through whom, since when, how strictly."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from entrepot.codes.areas import area
from entrepot.errors import EstimateError

Level = Literal["HS4", "HS6", "CN8"]
DesignName = Literal["auto", "donors", "history"]
ArrivalBasis = Literal["auto", "consignment", "origin", "world", "none"]
DownstreamBasis = Literal["auto", "exporter", "importer", "none"]
DIGITS: dict[str, int] = {"HS4": 4, "HS6": 6, "CN8": 8}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Everything that decides the result of a run, besides the data.

    Args:
        coalition: Grouping of the exporters, taken as it stood on ``since``.
        destination: Sanctioned country.
        intermediaries: Grouping or comma-separated areas that may pass goods on.
        since: First month that may hold diversion.
        until: Last month; the last published one when open.
        history: First month to learn from; the first published one when open.
        level: Nomenclature level of the commodities tested.
        goods: List id of the listed goods; ``all`` takes every commodity in the data as listed,
            ``chpl`` the Common High Priority codes, ``auto`` the one list in the lake.
        dataset: Collection the flows come from; ``auto`` is the one in the lake.
        complete: Share of all trade that a month's reporters must hold for the month to count; a
            month below it is masked, since a silent reporter is no zero.
        fdr: False discovery rate at which corridors are flagged.
        design: ``donors`` learns the counterfactual from other partners in the same months,
            ``history`` from the same partners before, ``auto`` takes donors where there are any.
        seed: Seed of folds and draws.
        arrival: How partners' imports are read: by ``consignment``, by ``origin``, of all origins
            (``world``) for partners that book goods by origin, ``none`` leaves them out; ``auto``
            takes consignment where anybody publishes it, else origin.
        downstream: Whose word tells sales to the destination: the ``exporter``'s, the
            ``importer``'s, ``none`` leaves them out; ``auto`` takes the exporters' where there is
            any.
        mirror_dataset: Collection the partners' records come from; that of the flows where empty.
    """

    coalition: str = "EU"
    destination: str = "RU"
    intermediaries: str = "INTERMEDIARY"
    since: date = date(2022, 3, 1)
    until: date | None = None
    history: date | None = None
    level: Level = "HS6"
    goods: str = "auto"
    dataset: str = "auto"
    complete: float = 0.99
    fdr: float = 0.1
    design: DesignName = "auto"
    seed: int = 1
    arrival: ArrivalBasis = "auto"
    downstream: DownstreamBasis = "auto"
    mirror_dataset: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.fdr < 1:
            raise EstimateError(f"fdr is {self.fdr!r}, expected a share between 0 and 1.")
        if not 0 < self.complete <= 1:
            raise EstimateError(f"complete is {self.complete!r}, expected a share up to 1.")
        if self.level not in DIGITS:
            raise EstimateError(f"level is {self.level!r}, expected one of {sorted(DIGITS)}.")
        area(self.destination)
        for name in ("since", "until", "history"):
            day = getattr(self, name)
            if day is not None and day.day != 1:
                raise EstimateError(f"{name} is {day}, expected the first day of a month.")
        if self.until is not None and self.until < self.since:
            raise EstimateError(f"until is {self.until}, expected {self.since} or later.")

    def parameters(self) -> dict[str, object]:
        """All parameters in plain types, dates as ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    def as_json(self) -> str:
        """All parameters as JSON with sorted keys."""
        return json.dumps(self.parameters(), sort_keys=True)
