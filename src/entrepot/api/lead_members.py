"""Which members of the coalition declared the exports of one lead, beside an earlier stretch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.codes.groupings import resolve
from entrepot.corridor import Corridor
from entrepot.diversion.declarations import each_once
from entrepot.dossier import wording
from entrepot.dossier.records import Run
from entrepot.dossier.runs import parameter
from entrepot.dossier.scene import country_name
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.summary import Stretch, against, published_at

YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class MemberLine:
    """What one member declared, ready to be shown."""

    name: str
    value: str
    share: str
    base_value: str
    base_share: str
    reported: str


@dataclass(frozen=True, slots=True)
class Members:
    """Which members declared the exports of one lead.

    Args:
        caption: Unit and both stretches; why there is nothing where there is no line.
        lines: One a member, the largest first.
    """

    caption: str
    lines: tuple[MemberLine, ...]


def members_of(lake: Lake, corridor: Corridor, row: Mapping[str, Any], run: Run) -> Members:
    """Sum up each member's declared exports of a lead.

    The stretch it is laid beside is as long and lies whole years earlier, before the window.

    Args:
        lake: The lake.
        corridor: The lead.
        row: Its row of ``leads``, which has the window.
        run: The run.

    Returns:
        Members with what they declared; a sentence where the lake holds nothing of it.

    Raises:
        CodeError: If the coalition is not known.
        LakeError: If the lake is torn.
    """
    now = Stretch(row["window_start"], row["window_end"])
    base = _earlier(now)
    rows = _summed(lake, corridor, (now, base), parameter(run, "dataset", ""))
    if not rows:
        return Members("Not assessed: the lake holds no declaration of it by single members.", ())
    scale = wording.table_scale(one[name] for one in rows for name in ("value", "base_value"))
    whole = {name: sum(one[name] for one in rows) for name in ("value", "base_value")}
    unit = f"{scale.unit(rows[0]['currency'])} {rows[0]['valuation']}"
    caption = (
        f"Amounts in {unit}: {wording.window(now.first, now.last)} beside "
        f"{wording.window(base.first, base.last)}; shares of what all members together declared"
    )
    return Members(caption, tuple(_line(one, scale, whole) for one in rows))


def _earlier(now: Stretch) -> Stretch:
    months = (now.last.year - now.first.year) * YEAR + now.last.month - now.first.month + 1
    years = -(-months // YEAR)
    return Stretch(*(date(day.year - years, day.month, 1) for day in (now.first, now.last)))


def _summed(
    lake: Lake, corridor: Corridor, stretches: tuple[Stretch, Stretch], dataset: str
) -> list[dict[str, Any]]:
    if not lake.has(FLOWS):
        return []
    now, base = stretches
    flows = lake.table(FLOWS).filter(
        nw.col("dataset") == dataset,
        nw.col("freq") == "M",
        nw.col("flow") == "X",
        nw.col("partner") == corridor.intermediary,
        nw.col("commodity").str.starts_with(corridor.commodity),
        nw.col("reporter").is_in(sorted(resolve(corridor.coalition, now.first))),
        now.inside() | base.inside(),
    )
    # The panel is made of the finest level; codes of several levels hold the same trade.
    # Some hundred rows: read once, as what follows asks several times.
    few = published_at(flows, "CN8").collect("pyarrow").to_native()
    finest = lake.frame(few)
    if _has_choice(few):
        finest = each_once(finest, lake.table(SOURCES))
    found: list[dict[str, Any]] = (
        against(finest, now, base, ("reporter",)).collect("pyarrow").to_native().to_pylist()
    )
    if len({(one["currency"], one["valuation"]) for one in found}) > 1:
        return []  # amounts of two kinds are never added
    return sorted(found, key=lambda one: (-one["value"], one["reporter"]))


def _has_choice(few: pa.Table) -> bool:
    """Whether several sources hold one reporter's month: only then can they hold one declaration.

    Rows that lie in memory answer that fifty times faster than the engine.
    """
    months = few.group_by(["reporter", "period"]).aggregate([("source_id", "count_distinct")])
    return bool(pc.any(pc.greater(months["source_id_count_distinct"], 1)).as_py())


def _line(one: Mapping[str, Any], scale: wording.Scale, whole: Mapping[str, float]) -> MemberLine:
    shares = {
        name: f"{one[name] / whole[name]:.0%}".replace("%", " %") if whole[name] else "nothing"
        for name in ("value", "base_value")
    }
    return MemberLine(
        name=country_name(one["reporter"]),
        value=scale.number(one["value"]),
        share=shares["value"],
        base_value=scale.number(one["base_value"]),
        base_share=shares["base_value"],
        reported=f"{one['declaration_count']} and {one['base_declaration_count']}",
    )
