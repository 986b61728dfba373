"""Relations of a third country: its partners by rank, and its rank among others' partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.partner_records import PartnerQuestion, Partners
from entrepot.api.relations import partners
from entrepot.codes.areas import area
from entrepot.codes.groupings import resolve
from entrepot.dossier import wording
from entrepot.dossier.runs import read_run, rows_of
from entrepot.dossier.scene import country_name, notes
from entrepot.errors import CodeError, EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, TOTALS
from entrepot.trade.partners import NOT_SPECIFIED
from entrepot.trade.summary import Level, Stretch

YEAR = 12  # months
SHOWN = 10  # partners of each table; those asked about are kept wherever they stand
# All goods where the totals are held, else as many as the finest level holds.
_LEVELS: tuple[tuple[Level, str], ...] = (
    ("TOTAL", "all goods"),
    ("HS2", "goods held at HS2"),
    ("HS6", "goods held at HS6"),
    ("CN8", "goods held at CN8"),
)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner, ready to be shown."""

    code: str
    name: str
    is_asked: bool
    value: str
    share: str
    rank: str
    among_all: str
    base_value: str
    base_rank: str
    change: str


@dataclass(frozen=True, slots=True)
class RelationTable:
    """Partners of one reporter in one flow.

    Args:
        title: Who declares what.
        caption: Unit, both stretches, and what shares and ranks are of.
        lines: Partners, the largest first; none where the trade is not held.
        absent: Why there is none; empty where there are lines.
        notes: What must be known to read it.
        source: Publishers, datasets and vintages, in words.
    """

    title: str
    caption: str
    lines: tuple[PartnerLine, ...]
    absent: str
    notes: tuple[str, ...]
    source: str


def relations_of(lake: Lake, code: str, run_id: str | None) -> tuple[RelationTable, ...]:
    """Rank a country's partners, and the country among the coalition's partners.

    The last twelve months of the run's window stand beside the twelve before the window.

    Args:
        lake: The lake.
        code: The country, ISO alpha-2.
        run_id: The run; the latest one where left open.

    Returns:
        What the country bought and sold as it declared it, and what the coalition declared; a
        table that cannot be made says why.

    Raises:
        CodeError: If the country is not known.
        LakeError: If there is no such run, or it holds nothing of the country.
    """
    name = country_name(code)
    run = read_run(lake, run_id)
    rows = rows_of(lake, TOTALS, run.run_id, intermediary=code)
    if not rows:
        raise LakeError(
            f"run {run.run_id} holds no totals of {code!r}, expected a country it tested. See "
            "the overview."
        )
    coalition, destination = rows[0]["coalition"], rows[0]["destination"]
    asked = frozenset((coalition, destination, code))
    now, base = stretches(rows[0]["window_start"], rows[0]["window_end"])
    wanted = (
        (f"{name}’s imports, as it declares them", code, "M"),
        (f"{name}’s exports, as it declares them", code, "X"),
        (f"Exports of {coalition}, as its members declare them", coalition, "X"),
    )
    return tuple(
        _table(lake, title, PartnerQuestion(reporter, flow, "TOTAL", (), now, base), asked)
        for title, reporter, flow in wanted
    )


def stretches(start: date, end: date) -> tuple[Stretch, Stretch]:
    """The last twelve months of a window, and the same months before it began.

    Args:
        start: First month of the window.
        end: Its last month.

    Returns:
        Both stretches; a window of less than a year is taken whole.

    Example:
        >>> now, base = stretches(date(2022, 3, 1), date(2023, 6, 1))
        >>> now.first, base.first, base.last
        (datetime.date(2022, 7, 1), datetime.date(2020, 7, 1), datetime.date(2021, 6, 1))
    """
    first = max(start, _moved(end, 1 - YEAR))
    years = 1
    while _moved(end, -years * YEAR) >= start:
        years += 1
    back = -years * YEAR
    return Stretch(first, end), Stretch(_moved(first, back), _moved(end, back))


def _moved(day: date, months: int) -> date:
    years, month = divmod(day.year * YEAR + day.month - 1 + months, YEAR)
    return date(years, month + 1, 1)


def _table(
    lake: Lake, title: str, question: PartnerQuestion, asked: frozenset[str]
) -> RelationTable:
    reasons: list[str] = []
    # Where nothing is held, the finest level alone is asked, for its message.
    for level, goods in _LEVELS if _is_held(lake, question) else _LEVELS[-1:]:
        try:
            found = partners(lake, _at(question, level))
        except (EstimateError, LakeError, CodeError) as error:
            reasons.append(str(error))
            continue
        return _told(found, f"{title}: {goods}", question, asked)
    # The message about the finest level: the lake would have to hold that at least.
    return RelationTable(title, "", (), f"Not assessed: {reasons[-1]}", (), "")


def _is_held(lake: Lake, question: PartnerQuestion) -> bool:
    """Whether the lake holds any such declaration, of whatever level."""
    if not lake.has(FLOWS):
        return False
    held = lake.table(FLOWS).filter(
        nw.col("reporter").is_in(sorted(resolve(question.reporters, question.now.last))),
        nw.col("flow").is_in(question.flow_codes),
        nw.col("freq") == question.freq,
    )
    return bool(held.head(1).collect("pyarrow").to_native().num_rows)


def _at(question: PartnerQuestion, level: Level) -> PartnerQuestion:
    return PartnerQuestion(
        question.reporters, question.flow, level, (), question.now, question.base
    )


def _told(
    found: Partners, title: str, question: PartnerQuestion, asked: frozenset[str]
) -> RelationTable:
    rows = found.rows.to_pylist()
    scale = wording.table_scale(row[name] for row in rows for name in ("value", "base_value"))
    now, base = (wording.window(one.first, one.last) for one in (question.now, question.base))
    unit = f"{scale.unit(rows[0]['currency'])} {rows[0]['valuation']}" if rows else ""
    kept = [row for place, row in enumerate(rows) if place < SHOWN or row["partner"] in asked]
    return RelationTable(
        title=title,
        caption=f"{title}; {unit}, {now} beside {base}. Shares and ranks are among the "
        f"{wording.counted(len(rows), 'partner', 'partners')} held",
        lines=tuple(_line(row, scale, asked) for row in kept),
        absent="",
        notes=tuple(_notes(found, question)),
        source=found.source,
    )


def _line(row: Mapping[str, Any], scale: wording.Scale, asked: frozenset[str]) -> PartnerLine:
    code = row["partner"]
    return PartnerLine(
        code=code,
        name=partner_name(code),
        is_asked=code in asked,
        value=scale.number(row["value"]),
        share=_percent(row["share"], ".1%"),
        rank=_rank(row["rank"]),
        among_all=_among_all(row["rank_best"], row["rank_worst"]),
        base_value=scale.number(row["base_value"]),
        base_rank=_rank(row["base_rank"]),
        change=_percent(row["change"], "+.0%"),
    )


def partner_name(code: str) -> str:
    """The English name of a partner; members that are not named say so.

    Args:
        code: Area, ``_X``, or the name of a grouping before it.

    Example:
        >>> partner_name("KZ"), partner_name("_X"), partner_name("EU_X")
        ('Kazakhstan', 'not specified', 'EU, member not named')
    """
    if not code.endswith(NOT_SPECIFIED):
        return area(code).name_en
    group = code.removesuffix(NOT_SPECIFIED)
    return f"{group}, member not named" if group else "not specified"


def _notes(found: Partners, question: PartnerQuestion) -> Iterable[str]:
    for held in found.months:
        missing = wording.listing(f"{day:%Y-%m}" for day in held.missing)
        if missing:
            yield f"Months not held, flow {held.flow}: {missing}."
    yield from (note.sentence for note in notes(found.caveats.split()))
    if found.rates:
        yield found.rates


def _percent(value: float | None, form: str) -> str:
    if value is None:
        return "open"
    return format(value, form).replace("%", " %").replace("-", wording.MINUS)


def _rank(value: int | None) -> str:
    return "none" if value is None else f"{value}"


def _among_all(best: int | None, worst: int | None) -> str:
    if best is None:
        return "open"
    if worst is None:
        return f"≥ {best}"
    return f"{best}" if best == worst else f"{best}{wording.DASH}{worst}"
