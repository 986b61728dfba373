"""The record of a country's relations: the timeline of the press beside declared trade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.held import refuse_mixed, sources_of
from entrepot.codes.areas import area
from entrepot.codes.datasets import order_of
from entrepot.codes.groupings import resolve
from entrepot.dossier.record import CountryRecord, Entry, Leg, LegMonth, RecordQuestion
from entrepot.dossier.record_entries import gather_record
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.summary import Level, between, published_at
from entrepot.trade.vintage import latest

DESTINATION = "RU"  # where goods under the EU's measures may go on to
SENDERS = ("EU", "DE")  # whose exports are shown where nobody says with whom
_FIRST, _LAST = date(1900, 1, 1), date(2100, 1, 1)
Freq = Literal["M", "A"]
# All goods where the totals are held, else as many as the finest level holds.
_LEVELS: tuple[tuple[Level, str], ...] = (
    ("TOTAL", "all goods"),
    ("HS2", "goods held at HS2"),
    ("HS6", "goods held at HS6"),
    ("CN8", "goods held at CN8"),
)

RECORD_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("day", "kind", "who", "what", "text", "outcome")),
        ("telling_count", pa.int64()),
        *((name, pa.string()) for name in ("source", "source_id")),
        *((name, pa.int64()) for name in ("char_start", "char_end")),
        *((name, pa.string()) for name in ("exporter", "importer", "reporter", "goods")),
        *((name, pa.string()) for name in ("freq", "unit")),
        ("value", pa.float64()),
        ("reporter_count", pa.int64()),
        ("key", pa.string()),
    ]
)


def record_of(lake: Lake, question: RecordQuestion) -> CountryRecord:
    """Lay what was said, done and decided beside a country's trade.

    Args:
        lake: The lake.
        question: Whose record, with whom and when.

    Returns:
        The record; trade that the lake does not hold is named as absent.

    Raises:
        CodeError: If an area or grouping is not known.
        LakeError: If the lake is torn.
    """
    area(question.country)
    legs: list[Leg] = []
    absent: list[str] = []
    for exporter, importer in _pairs(question):
        resolve(exporter, date.today())
        resolve(importer, date.today())
        found = _legs(lake, exporter, importer, question)
        if not found:
            when = " in these days" if question.since or question.until else ""
            absent.append(f"The lake holds no trade of {exporter} to {importer}{when}.")
        legs += found
    return gather_record(lake, question, legs, absent)


def _pairs(question: RecordQuestion) -> list[tuple[str, str]]:
    """Who sends to whom: partners to the country, the country to partners."""
    country = question.country
    if not question.beside:
        senders = [(one, country) for one in SENDERS if one != country]
        return [*senders, *([(country, DESTINATION)] if country != DESTINATION else [])]
    others = [one for one in question.beside if one != country]
    return [*((one, country) for one in others), *((country, one) for one in others)]


def _legs(lake: Lake, exporter: str, importer: str, question: RecordQuestion) -> list[Leg]:
    """Trade by month, and by year for the years of which no month is held.

    Months and years hold the same trade, so that no year stands beside its own months.
    """
    months = _leg(lake, (exporter, importer), "M", question)
    years = _leg(lake, (exporter, importer), "A", question)
    known = {month.month.year for month in months.months} if months else set()
    if years is not None:
        left = tuple(year for year in years.months if year.month.year not in known)
        years = replace(years, months=left) if left else None
    return [leg for leg in (months, years) if leg is not None]


def _leg(lake: Lake, ends: tuple[str, str], freq: Freq, question: RecordQuestion) -> Leg | None:
    """Exports as the exporter declares them, else as the importer does."""
    exporter, importer = ends
    for reporter, partner, flow in ((exporter, importer, "X"), (importer, exporter, "M")):
        for level, goods in _LEVELS:
            found = _months(lake, (reporter, partner, flow), (level, freq), question)
            if found is not None:
                unit, months, source = found
                return Leg(exporter, importer, reporter, unit, freq, goods, months, source)
    return None


def _months(
    lake: Lake, asked: tuple[str, str, str], kind: tuple[Level, Freq], question: RecordQuestion
) -> tuple[str, tuple[LegMonth, ...], str] | None:
    if not lake.has(FLOWS):
        return None
    (reporter, partner, flow), (level, freq) = asked, kind
    since, until = question.since or _FIRST, question.until or _LAST
    on = min(until, date.today())
    rows = between(lake.table(FLOWS), resolve(reporter, on), resolve(partner, on), flow)
    rows = published_at(rows, level).filter(nw.col("freq") == freq)
    first = since.replace(day=1) if freq == "M" else since.replace(month=1, day=1)
    inside = rows.filter(nw.col("period").is_between(first, until))
    dataset = _dataset(rows, inside)
    if dataset is None:
        return None
    rows = inside.filter(nw.col("dataset") == dataset)
    refuse_mixed(rows, dataset)
    sums = (
        latest(rows, lake.table(SOURCES))
        .group_by("period", "currency", "valuation")
        .agg(nw.col("value").sum(), nw.col("reporter").n_unique().alias("reporter_count"))
        .sort("period", "currency", "valuation")
    )
    found = sums.collect("pyarrow").to_native().to_pylist()
    if not found:
        return None
    unit = f"{found[0]['currency']} {found[0]['valuation']}"
    months = tuple(
        LegMonth(row["period"], row["value"], row["reporter_count"])
        for row in found
        if f"{row['currency']} {row['valuation']}" == unit
    )
    return unit, months, sources_of(lake, [dataset])


def _dataset(rows: nw.LazyFrame[Any], inside: nw.LazyFrame[Any]) -> str | None:
    """One dataset: two may hold one declaration, which must be added once.

    What an office published goes before what others converted, then what holds most at any time:
    so the days asked for decide only where it holds nothing of them.
    """
    counts, there = (_counts(part) for part in (rows, inside))
    held = sorted(there, key=lambda name: (order_of(name), -counts[name], name))
    return held[0] if held else None


def _counts(rows: nw.LazyFrame[Any]) -> dict[str, int]:
    found = rows.group_by("dataset").agg(nw.len().alias("n")).collect("pyarrow").to_native()
    return {row["dataset"]: row["n"] for row in found.to_pylist()}


def record_rows(record: CountryRecord) -> pa.Table:
    """Write a record as one table: the timeline first, then trade month by month.

    Args:
        record: The record.

    Returns:
        One row an entry, and one a leg and period with kind ``trade``; ``freq`` says whether the
        period is a month or a year.
    """
    rows = [_entry_row(entry) for entry in record.entries]
    rows += [
        {
            "day": leg.period(month),
            "kind": "trade",
            "who": leg.reporter,
            "what": f"exports {leg.name}",
            "source": leg.source,
            "exporter": leg.exporter,
            "importer": leg.importer,
            "reporter": leg.reporter,
            "goods": leg.goods,
            "freq": leg.freq,
            "unit": leg.unit,
            "value": month.value,
            "reporter_count": month.reporter_count,
        }
        for leg in record.legs
        for month in leg.months
    ]
    return pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)


def _entry_row(entry: Entry) -> dict[str, Any]:
    same = ("day", "kind", "who", "what", "text", "outcome", "telling_count", "source")
    more = ("source_id", "char_start", "char_end")
    return {name: getattr(entry, name) or None for name in (*same, *more)} | {
        "char_start": entry.char_start,
        "key": entry.detail,
    }
