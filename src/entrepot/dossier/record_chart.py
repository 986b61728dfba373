"""The chart of a record: declared trade by month, beneath it when something was said or done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from entrepot.dossier import wording
from entrepot.dossier.chart_file import Chart
from entrepot.dossier.chart_words import ChartWords, every_month, figure_of
from entrepot.dossier.figure import DataTable
from entrepot.dossier.palette import BLUE
from entrepot.dossier.record import KINDS, CountryRecord, Entry, Kind, Leg, first_day
from entrepot.dossier.specs import GREY, Spec
from entrepot.dossier.trade_specs import WIDE, months

LINE_LIMIT = 6  # lines a reader can tell apart
HEIGHT, LOWER_HEIGHT, STRIP_ROW = 280, 150, 26
MANY = 10  # entries of a day that fill the largest mark, or more
_YEAR = 4  # letters
PLURALS: dict[Kind, str] = {
    "statement": "statements",
    "event": "events",
    "claim": "claims on trade",
    "measure": "measures",
}
_DAY: Spec = {"field": "day", "type": "temporal", "scale": {"type": "utc"}, "title": None}


def record_chart(record: CountryRecord) -> Chart | None:
    """Draw a record: lines of trade, and a row of marks for each kind of entry.

    Args:
        record: The record.

    Returns:
        The chart, a panel for each unit; nothing where no month of trade is held. What is held by
        year only has no place among months and is left to the page's notes.
    """
    groups = _by_unit([leg for leg in record.legs if leg.freq == "M"])
    if not groups:
        return None
    legs = [leg for group in groups for leg in group.legs]
    span = every_month(month.month for leg in legs for month in leg.months)
    words = _words(record, legs, (span[0], span[-1]))
    table = DataTable(
        caption=f"{words.title}: exports by month",
        header=("Month", *(f"{leg.name}, {group.unit}" for group in groups for leg in group.legs)),
        rows=tuple(
            (f"{day:%Y-%m}", *(cell for group in groups for cell in group.cells(day)))
            for day in span
        ),
    )
    figure = figure_of("record", words, _description(record, [leg.name for leg in legs]), table)
    tops = [
        (
            group.names,
            months(group.values(span), group.names, f"{group.unit} a month", _head(words)),
        )
        for group in groups
    ]
    return Chart(figure, _stacked(tops, _marks(record.entries), (span[0], span[-1])))


def _head(words: ChartWords) -> tuple[str, str]:
    return words.title, words.subtitle


@dataclass(frozen=True, slots=True)
class _Group:
    """Legs in one unit, which share an axis."""

    legs: tuple[Leg, ...]
    scale: wording.Scale

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(leg.name for leg in self.legs)

    @property
    def unit(self) -> str:
        unit = self.legs[0].unit
        return f"{self.scale.unit(unit)} {wording.valuation(unit)}".strip()

    def values(self, span: Sequence[date]) -> list[dict[str, Any]]:
        """Months of each line, open in a gap."""
        return [
            {"period": day.isoformat(), "line": leg.name, "value": value}
            for leg in self.legs
            for day, value in zip(span, self._scaled(leg, span), strict=True)
        ]

    def cells(self, day: date) -> list[str]:
        """Numbers of one month in words."""
        held = [{month.month: month.value for month in leg.months}.get(day) for leg in self.legs]
        return ["open" if value is None else self.scale.number(value) for value in held]

    def _scaled(self, leg: Leg, span: Sequence[date]) -> list[float | None]:
        held = {month.month: month.value / self.scale.factor for month in leg.months}
        return [held.get(day) for day in span]


def _by_unit(legs: Sequence[Leg]) -> list[_Group]:
    units: dict[str, list[Leg]] = {}
    for leg in legs:
        units.setdefault(leg.unit, []).append(leg)
    return [
        _Group(tuple(same), wording.scale(month.value for leg in same for month in leg.months))
        for same in (found[:LINE_LIMIT] for found in units.values())
    ]


def _words(record: CountryRecord, legs: Sequence[Leg], span: tuple[date, date]) -> ChartWords:
    goods = "; ".join(dict.fromkeys(leg.goods for leg in legs))
    return ChartWords(
        title=f"{record.country}: declared exports, and what was said and done",
        now=f"{wording.window(*span)}, {goods}",
        base="",
        source="Source: " + "; ".join(dict.fromkeys(leg.source for leg in legs)),
    )


def _description(record: CountryRecord, names: Sequence[str]) -> str:
    counts = Counter(entry.kind for entry in record.entries)
    told = wording.listing(counted(kind, counts[kind]) for kind in KINDS if counts[kind])
    return (
        f"Line chart of exports by month, one line a pair: {', '.join(names)}. Months without a "
        f"declaration are gaps. Beneath it a mark for each day of {told or 'no entries'}. The "
        "tables below hold every number and every entry."
    )


def counted(kind: Kind, count: int) -> str:
    """A number of entries of one kind.

    Args:
        kind: The kind.
        count: How many.

    Example:
        >>> counted("claim", 1), counted("event", 2)
        ('1 claim on trade', '2 events')
    """
    singular = "claim on trade" if kind == "claim" else kind
    return wording.counted(count, singular, PLURALS[kind])


def _marks(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    # A year alone has no place on an axis of days.
    days = Counter(
        (day, entry.kind)
        for entry in entries
        if (day := first_day(entry.day)) is not None and len(entry.day or "") > _YEAR
    )
    return [
        {"day": day.isoformat(), "kind": PLURALS[kind], "count": count}
        for (day, kind), count in sorted(days.items())
    ]


def _stacked(
    tops: Sequence[tuple[Sequence[str], Spec]],
    marks: list[dict[str, Any]],
    span: tuple[date, date],
) -> Spec:
    """Put the panels above each other and the marks beneath, on one axis of days."""
    parts = ("$schema", "title", "config")
    whole = {name: tops[0][1][name] for name in parts}
    days = [mark["day"] for mark in marks]
    first, last = min([span[0].isoformat(), *days]), max([span[1].isoformat(), *days])
    axis = {"scale": {"type": "utc", "domain": [first, last]}}
    panels = [
        {
            **{name: part for name, part in top.items() if name not in parts},
            # A line alone has no key: its name stands above it.
            **({"title": {"text": names[0], "fontSize": 13}} if len(names) == 1 else {}),
            "height": HEIGHT if place == 0 else LOWER_HEIGHT,
            "layer": [_rules(marks), *(_on_axis(layer, axis) for layer in top["layer"])],
        }
        for place, (names, top) in enumerate(tops)
    ]
    strips = [_strip(marks, axis)] if marks else []
    # Each panel has lines, and so a key, of its own.
    resolve = {"x": "shared", "color": "independent", "strokeDash": "independent"}
    return whole | {"vconcat": [*panels, *strips], "spacing": 12, "resolve": {"scale": resolve}}


def _on_axis(layer: Spec, axis: Spec) -> Spec:
    encoding = layer["encoding"]
    years = {"labelExpr": _LABELS, "grid": False, "tickCount": {"interval": "month", "step": 6}}
    x = {**encoding["x"], **axis, "axis": {**encoding["x"]["axis"], **years}}
    # Above the lines: beneath the strip nobody would look for the key.
    keyed = {
        name: {**channel, "legend": {**channel["legend"], "orient": "top"}}
        for name, channel in encoding.items()
        if channel.get("legend")
    }
    return {**layer, "encoding": {**encoding, **keyed, "x": x}}


_LABELS = "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%Y' : '%b')"


def _rules(marks: list[dict[str, Any]]) -> Spec:
    measures = [mark for mark in marks if mark["kind"] == PLURALS["measure"]]
    return {
        "data": {"values": measures},
        "mark": {"type": "rule", "color": GREY, "opacity": 0.45, "strokeDash": [2, 3]},
        "encoding": {"x": _DAY},
    }


def _strip(marks: list[dict[str, Any]], axis: Spec) -> Spec:
    order = [PLURALS[kind] for kind in KINDS if any(m["kind"] == PLURALS[kind] for m in marks)]
    y = {
        "field": "kind",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"ticks": False, "domain": False, "grid": True},
    }
    hidden = {"labels": False, "ticks": False, "grid": False}
    size = {
        "field": "count",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": [30, 240], "domain": [1, max([MANY, *(m["count"] for m in marks)])]},
    }
    return {
        "data": {"values": marks},
        "width": WIDE - 70,
        "height": STRIP_ROW * len(order),
        "mark": {"type": "point", "filled": True, "color": BLUE, "opacity": 0.55},
        "encoding": {"x": {**_DAY, **axis, "axis": hidden}, "y": y, "size": size},
    }
