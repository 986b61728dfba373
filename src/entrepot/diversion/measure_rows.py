"""What one row about a measure holds: its columns and caveats."""

from __future__ import annotations

import pyarrow as pa

from entrepot.columns import BRACKET, CAVEATS, amount, interval, text
from entrepot.diversion.calendar import month_of
from entrepot.diversion.measure import POOLS, SIMULATED, Measured, Measurement
from entrepot.diversion.measure_placebo import Verdict
from entrepot.diversion.measure_words import months_of, sentence
from entrepot.diversion.reservations import ENOUGH_PARTNERS, PANDEMIC, YEARS_ENOUGH
from entrepot.rows import arrow_rows
from entrepot.schema import Column, Table

OUTCOMES = ("reduced", "not shown", "increased", "unknown")

MEASURES = Table(
    "measures",
    "what one bracket says of one measure of one intermediary",
    (
        text("country", "Intermediary that took the measure."),
        Column("measured_on", "date", "Day of the measure."),
        text("leg", "Flow asked about.", "upstream", "downstream"),
        text("exporter", "Coalition or country that declares."),
        text("importer", "Country the goods were declared to."),
        text("flow", "X exports or RX re-exports.", "X", "RX"),
        text("level", "TOTAL for all goods, else the level of the commodities."),
        text("goods", "List or codes asked about."),
        Column("goods_count", "int", "Commodities behind them; 0 for all goods.", "commodities"),
        BRACKET,
        Column("since", "date", "First month of the sanctions."),
        Column("before_start", "date", "First month the path was learned from."),
        Column("before_end", "date", "Last month before the measure."),
        Column("after_start", "date", "First month after the measure."),
        Column("after_end", "date", "Last month of the window."),
        Column("after_month_count", "int", "Complete months after the measure.", "months"),
        Column("observed", "float", "Declared trade after the measure.", "unit"),
        *interval("expected", "What path and other partners led to expect after the measure"),
        *interval("effect", "Observed minus expected, negative where trade fell"),
        *interval("excess_before", "Trade before the measure beyond what the sanctions found"),
        *interval("share", "Effect as a share of the excess before, at its point", "1"),
        amount("p_value", "Two-sided p-value among placebo windows.", "1"),
        amount("p_reduced", "One-sided p-value against a fall.", "1"),
        Column("p_least", "float", "Smallest p-value that so many placebos can give.", "1"),
        Column("placebo_count", "int", "Placebo windows that do not overlap.", "windows"),
        Column("placebo_window_count", "int", "All placebo windows.", "windows"),
        text("placebo_pool", "Whose windows they are."),
        Column("compared_count", "int", "Partners compared with.", "partners"),
        text("compared", "Those partners, separated by spaces; may be empty."),
        text("outcome", "What is shown at a p-value of 0.1.", *OUTCOMES),
        Column("rival_count", "int", "Other events within the windows.", "events"),
        text("rivals", "Those events and their days, separated by semicolons; may be empty."),
        text("sources", "Publisher, dataset and vintage of the declarations."),
        text("unit", "Unit of the amounts of the row: currency and valuation a month."),
        text("detail", "The finding in words."),
        CAVEATS,
    ),
    ("country", "measured_on", "leg", "bracket"),
)


def measure_rows(result: Measurement, sources: str) -> pa.Table:
    """Lay a measurement out as rows, one a bracket.

    Args:
        result: The measurement.
        sources: Publisher, dataset and vintage of the declarations, in words.

    Returns:
        Rows of :data:`MEASURES`; amounts are those of a month.
    """
    shared = _question(result) | _setting(result) | {"sources": sources}
    rows = [
        shared
        | _numbers(found)
        | {"detail": sentence(result, found), "caveats": _caveats(result, found)}
        for found in result.found
    ]
    columns = {name: [row[name] for row in rows] for name in MEASURES.column_names}
    return arrow_rows(MEASURES, len(rows), columns)


def _question(result: Measurement) -> dict[str, object]:
    asked = result.inquiry
    is_upstream = asked.leg == "upstream"
    return {
        "country": asked.country,
        "measured_on": asked.on,
        "leg": asked.leg,
        "exporter": asked.coalition if is_upstream else asked.country,
        "importer": asked.country if is_upstream else asked.destination,
        "flow": asked.flow,
        "level": asked.level,
        "goods": "TOTAL" if asked.level == "TOTAL" else asked.goods,
        "goods_count": result.panel.goods_count,
        "since": asked.since,
    }


def _setting(result: Measurement) -> dict[str, object]:
    periods = result.panel.periods
    before, after = (months_of(result, after=later) for later in (False, True))
    return {
        "before_start": month_of(periods, before[0]),
        "before_end": month_of(periods, before[1]),
        "after_start": month_of(periods, after[0]),
        "after_end": month_of(periods, after[1]),
        "compared_count": len(result.compared),
        "compared": " ".join(result.compared),
        "rival_count": len(result.rivals),
        "rivals": "; ".join(f"EU package {rival.package} of {rival.on}" for rival in result.rivals),
        "unit": f"{result.panel.unit} a month",
    }


def _numbers(found: Measured) -> dict[str, object]:
    effect, months = found.effect, found.effect.month_count
    return {
        "bracket": found.bracket,
        "after_month_count": months,
        "observed": effect.observed / months,
        "expected": effect.expected / months,
        "expected_low": effect.low / months,
        "expected_high": effect.high / months,
        **_monthly("effect", effect),
        **_monthly("excess_before", found.excess),
        "share": found.share,
        "share_low": None if found.share_ends is None else found.share_ends[0],
        "share_high": None if found.share_ends is None else found.share_ends[1],
        "p_value": effect.p_value if found.has_expectation else None,
        "p_reduced": effect.p_reduced if found.has_expectation else None,
        "p_least": effect.least_p,
        "placebo_count": effect.count,
        "placebo_window_count": effect.window_count,
        "placebo_pool": POOLS[effect.pool],
        "outcome": found.outcome,
    }


def _monthly(name: str, verdict: Verdict | None) -> dict[str, object]:
    """Observed minus expected in a month, with the ends of its interval."""
    if verdict is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    low, high = verdict.ends
    return {
        name: verdict.effect / verdict.month_count,
        f"{name}_low": low / verdict.month_count,
        f"{name}_high": high / verdict.month_count,
    }


def _caveats(result: Measurement, found: Measured) -> str:
    panel, asked = result.panel, result.inquiry
    begins = month_of(panel.periods, 0)
    marks = (
        ("simulated", asked.dataset == SIMULATED),
        ("upstream_only", asked.leg == "upstream"),
        ("source_unknown", asked.leg == "downstream"),
        ("all_goods", asked.level == "TOTAL"),
        ("rival_events", bool(result.rivals)),
        ("few_compared", len(result.compared) < ENOUGH_PARTNERS),
        ("calmer_placebos", found.effect.pool > 0),
        ("growth_in_excess", result.is_carried),
        ("short_history", panel.event < YEARS_ENOUGH),
        ("pandemic_baseline", begins <= PANDEMIC[1] and result.is_carried),
        ("incomplete_reporting", not panel.is_complete.all()),
    )
    return " ".join(code for code, holds in marks if holds)
