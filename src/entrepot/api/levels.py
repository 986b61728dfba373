"""At which level of the nomenclature each side declares, and how it is brought to the one asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.api.held import Side
from entrepot.lake import Lake
from entrepot.tables import FLOWS
from entrepot.trade.summary import DIGITS, Level

_NAMES = {digits: name for name, digits in DIGITS.items()}


@dataclass(frozen=True)
class Taken:
    """The level asked for, and the codes that each reporter is taken from.

    Args:
        level: The level asked for.
        choice: ``flow``, ``reporter``, ``head`` (a code of the level asked for) and ``digits`` of
            the codes it is taken from; open where all goods are asked for in one sum.
        added: Flow letters whose finer codes are added up, with the level these are held at.
    """

    level: Level
    choice: nw.LazyFrame[Any] | None = None
    added: tuple[tuple[str, str], ...] = ()

    def rows(self, flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Keep the rows that count, their codes cut to the level asked for.

        Args:
            flows: Rows of ``flows``.

        Returns:
            Rows of one level; where finer codes are taken, several of one code.
        """
        if self.choice is None:
            return flows.filter(nw.col("commodity") == "TOTAL")
        head = nw.col("commodity").str.slice(0, DIGITS[self.level])
        kept = flows.filter(nw.col("commodity") != "TOTAL").with_columns(
            head=head, digits=nw.col("commodity").str.len_chars().cast(nw.Int64)
        )
        joined = kept.join(self.choice, on=["flow", "reporter", "head", "digits"], how="semi")
        return joined.with_columns(commodity=nw.col("head")).drop("head", "digits")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for of both sides.

    Args:
        level: The level.
        within: Whether a row's period is asked for.
        prefixes: How codes of the level begin that are asked for; none means all.
    """

    level: Level
    within: nw.Expr
    prefixes: tuple[str, ...] = ()


def levels_taken(
    lake: Lake,
    both: tuple[Side, Side],
    areas: tuple[Collection[str], Collection[str]],
    asked: Asked,
) -> Taken:
    """Choose the codes that each reporter is taken from, code by code of the level asked for.

    A code that is held at the level asked for is taken as published. One that is held in finer
    codes only (a member state has eight digits, another country six) is added up from the coarsest
    of them. Levels are never mixed within a code. Stops being true where an extract holds some of
    the finer codes only: the sum is then one of the codes held.

    Args:
        lake: The lake.
        both: The two sides.
        areas: Who declares, side by side with ``both``.
        asked: What is asked for.

    Returns:
        The choice for all codes, and what is added up for those asked for.
    """
    level = asked.level
    if level == "TOTAL":
        return Taken(level)
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
            asked.within,
            nw.col("commodity") != "TOTAL",
            length.is_in([digits for digits in _NAMES if digits >= DIGITS[level]]),
        )
        .select(
            "flow",
            "reporter",
            head=nw.col("commodity").str.slice(0, DIGITS[level]),
            digits=length.cast(nw.Int64),
        )
        .group_by("flow", "reporter", "head")
        .agg(nw.col("digits").min())
        .collect("pyarrow")
        .to_native()
    )
    return Taken(level, lake.frame(coarsest), _added(coarsest, asked))


def _added(coarsest: pa.Table, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Flows whose finer codes of the goods asked for are added up, with the level of these."""
    finer = coarsest.filter(pc.not_equal(coarsest["digits"], DIGITS[asked.level]))
    begins = asked.prefixes or ("",)
    found = {
        (row["flow"], _NAMES[row["digits"]])
        for row in finer.to_pylist()
        if row["head"].startswith(begins)
    }
    return tuple(sorted(found))
