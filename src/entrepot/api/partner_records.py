"""A question about a reporter's partners, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from entrepot.api.money import Money
from entrepot.api.months_held import MonthsHeld
from entrepot.trade.summary import Level, Stretch

Basis = Literal["given", "whole files", ""]
MUTUAL = "both"


@dataclass(frozen=True, slots=True)
class PartnerQuestion:
    """Which reporter's partners to compare, in what, and when.

    Args:
        reporters: Groupings or areas that declare, separated by commas; taken together as one.
        flow: Flow letter, or ``both`` for exports and imports added up.
        level: Level of the nomenclature as published; levels are never added.
        goods: Prefixes of commodities, or a list id of the lake; all where empty.
        now: The stretch of interest.
        base: The stretch it is compared with.
        freq: ``M`` for monthly declarations, ``A`` for yearly ones.
        dataset: Dataset; ``auto`` where the lake holds such rows in just one.
        total: The reporter's trade with all partners in ``now``, in the currency of the result;
            open where it is not known.
        lost: Partners whose loss is looked at; empty for none.
        taken_by: Partners that may have taken it over.
        money: Currency of the result and rates.
    """

    reporters: str
    flow: str
    level: Level
    goods: tuple[str, ...]
    now: Stretch
    base: Stretch
    freq: Literal["A", "M"] = "M"
    dataset: str = "auto"
    total: float | None = None
    lost: str = ""
    taken_by: str = ""
    money: Money = field(default_factory=Money)

    @property
    def flow_codes(self) -> tuple[str, ...]:
        """Flow letters that are added up."""
        return ("X", "M") if self.flow == MUTUAL else (self.flow,)


@dataclass(frozen=True)
class Partners:
    """The partners of a reporter, and how far the answer reaches.

    Args:
        rows: One row a partner, the largest first: ``partner``, ``currency``, ``valuation``,
            ``value``, ``base_value``, ``change``, ``gain``, ``rank``, ``base_rank``,
            ``rank_best``, ``rank_worst`` (among all partners), ``share``, ``base_share``,
            ``share_change`` (of those held), ``total_share`` (of all), counts; ``exports`` and
            ``imports`` of mutual trade, else weights; ``of_loss`` where a loss is looked at.
        months: Months held of each flow and stretch.
        total: Trade with all partners; open where it is not known.
        basis: How the total is known.
        concentration: What :func:`entrepot.trade.concentration.concentration` says.
        substitution: What :func:`entrepot.trade.substitution.substitution` says; empty where it
            was not asked.
        caveats: Caveat codes, separated by blanks.
        rates: Which rates were used, in a sentence; may be empty.
        source: Publishers, datasets and vintages, in words.
    """

    rows: pa.Table
    months: tuple[MonthsHeld, ...]
    total: float | None
    basis: Basis
    concentration: dict[str, Any]
    substitution: dict[str, Any]
    caveats: str
    rates: str
    source: str
