"""At which level of the nomenclature each side declares, and how it is brought to the one asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.held import Side
from entrepot.lake import Lake
from entrepot.tables import FLOWS
from entrepot.trade.summary import DIGITS, Level

_NAMES = {digits: name for name, digits in DIGITS.items()}


@dataclass(frozen=True, slots=True)
class Taken:
    """The level asked for, and the codes that each reporter is taken from.

    Args:
        level: The level asked for.
        reporters: Reporters by flow letter and digits of their codes; one that published nothing
            as fine as the level is left out.
    """

    level: Level
    reporters: dict[tuple[str, int], tuple[str, ...]]

    def rows(self, flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Keep the rows that count, their codes cut to the level asked for.

        Args:
            flows: Rows of ``flows``.

        Returns:
            Rows of one level; where finer codes are taken, several of one code.
        """
        if self.level == "TOTAL":
            return flows.filter(nw.col("commodity") == "TOTAL")
        length = nw.col("commodity").str.len_chars()
        is_due = (
            (nw.col("flow") == flow) & (length == digits) & nw.col("reporter").is_in(names)
            for (flow, digits), names in self.reporters.items()
        )
        kept = flows.filter(
            nw.any_horizontal(nw.lit(False), *is_due, ignore_nulls=True),
            nw.col("commodity") != "TOTAL",
        )
        return kept.with_columns(commodity=nw.col("commodity").str.slice(0, DIGITS[self.level]))

    @property
    def added(self) -> tuple[tuple[str, str], ...]:
        """Flow letters whose finer codes are added up, with the level they are published at."""
        wanted = DIGITS.get(self.level)
        return tuple(
            (flow, _NAMES[digits]) for flow, digits in sorted(self.reporters) if digits != wanted
        )


def levels_taken(
    lake: Lake,
    both: tuple[Side, Side],
    areas: tuple[Collection[str], Collection[str]],
    level: Level,
) -> Taken:
    """Choose the codes that each reporter is taken from.

    A reporter that publishes the level asked for is taken as published. One that publishes finer
    codes only (a member state eight digits, another country six) is added up from the coarsest of
    them. Levels of one reporter are never mixed. Stops being true where a publisher hides the
    finer codes of a heading.

    Args:
        lake: The lake.
        both: The two sides.
        areas: Who declares, side by side with ``both``.
        level: The level asked for.

    Returns:
        The choice.
    """
    if level == "TOTAL":
        return Taken(level, {})
    of_side = (
        (nw.col("dataset") == side.dataset)
        & (nw.col("flow") == side.flow)
        & nw.col("reporter").is_in(sorted(names))
        for side, names in zip(both, areas, strict=True)
    )
    length = nw.col("commodity").str.len_chars()
    coarsest = (
        lake.table(FLOWS)
        .filter(
            nw.any_horizontal(*of_side, ignore_nulls=True),
            nw.col("commodity") != "TOTAL",
            length.is_in([digits for digits in _NAMES if digits >= DIGITS[level]]),
        )
        .select("flow", "reporter", length=length)
        .group_by("flow", "reporter")
        .agg(nw.col("length").min())
    )
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in coarsest.collect("pyarrow").to_native().to_pylist():
        key = row["flow"], row["length"]
        found[key] = (*found.get(key, ()), row["reporter"])
    return Taken(level, found)
