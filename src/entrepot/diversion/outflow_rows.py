"""What one row about out-flows holds: its columns, unit values and caveats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.calendar import month_of
from entrepot.diversion.cube import Bools
from entrepot.diversion.outflow_panel import Amounts, OutflowPanel
from entrepot.diversion.reservations import ENOUGH_PARTNERS, PANDEMIC, YEARS_ENOUGH
from entrepot.diversion.score import MATERIALITY
from entrepot.diversion.unit_values import UnitValueChange, unit_value_change, weighed
from entrepot.diversion.window import Cells
from entrepot.schema import Column, Table

SOURCE_UNKNOWN = "source_unknown"


def _text(name: str, meaning: str, *choices: str, nullable: bool = False) -> Column:
    return Column(name, "text", meaning, nullable=nullable, choices=choices)


def _open(name: str, meaning: str, unit: str = "unit") -> Column:
    return Column(name, "float", meaning, unit=unit, nullable=True)


def _month(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning, nullable=True)


def _price(what: str, unit: str, amount: str) -> tuple[Column, ...]:
    """Columns of one unit value: before, after, and its change beside the amount's."""
    change = "natural log of the ratio after over before, less that of other partners."
    return (
        _open(f"value_{what}_before", "Unit value before the window.", unit),
        _open(f"value_{what}_after", "Unit value in the window.", unit),
        _open(f"price_log_change_{what}", f"Unit value: {change}", "1"),
        _open(f"price_log_change_{what}_low", "Lower end of its 90 % interval.", "1"),
        _open(f"price_log_change_{what}_high", "Upper end of its 90 % interval.", "1"),
        _open(f"{amount}_log_change", f"Amount: {change}", "1"),
    )


OUTFLOWS = Table(
    "outflows",
    "what one reporter sent one partner of one commodity, beside what was to be expected",
    (
        _text("reporter", "Area that declares."),
        _text("partner", "Area the goods went to."),
        _text("flow", "X exports or RX re-exports.", "X", "RX"),
        _text("classification", "Commodity classification and edition."),
        _text("commodity", "Commodity code, zero-padded text."),
        Column("window_start", "date", "First month of the window."),
        Column("window_end", "date", "Last month of the window."),
        _text("design", "What the window was learned from.", "donors", "history"),
        Column("observed", "float", "Declared out-flows in the window.", "unit"),
        _open("expected", "What other partners' path and own history allow."),
        _open("expected_low", "Lower end of its 90 % interval."),
        _open("expected_high", "Upper end of its 90 % interval."),
        _open("excess", "Observed minus expected."),
        _open("excess_low", "Lower end of its 90 % interval."),
        _open("excess_high", "Upper end of its 90 % interval."),
        _open("intermediated_low", "Least that came from a coalition and went on: nothing."),
        _open("intermediated_high", "Most that can have: the upper end of the excess."),
        _open("p_value", "Conformal p-value among control cells.", "1"),
        _open("q_value", "Benjamini-Hochberg adjusted p-value.", "1"),
        Column("control_count", "int", "Control cells behind p and interval.", "cells"),
        Column("control_partner_count", "int", "Control partners among them.", "partners"),
        _month("onset", "Most likely first month of the excess."),
        _month("onset_low", "Earliest likely first month."),
        _month("onset_high", "Latest likely first month."),
        *_price("per_kg", "unit / kg", "net_weight"),
        *_price("per_unit", "unit / quantity_unit", "quantity"),
        _text("quantity_unit", "Unit of the supplementary quantity.", nullable=True),
        _text("unit", "Unit of the amounts of the row, e.g. USD FOB."),
        _text("caveats", "Caveat codes, separated by spaces."),
    ),
    ("reporter", "partner", "flow", "commodity"),
)


def prices_of(panel: OutflowPanel, found: Cells) -> dict[str, object]:
    """Unit values of some cells, per kilogram and per supplementary unit.

    Args:
        panel: The panel.
        found: The cells.

    Returns:
        Columns of :data:`OUTFLOWS`, NaN where the publisher gave no amount.
    """
    columns: dict[str, object] = {}
    measures = (
        ("per_kg", "net_weight", panel.weight),
        ("per_unit", "quantity", panel.pieces),
    )
    for what, amount, amounts in measures:
        change = _change(panel, amounts)
        for name, values in (
            (f"value_{what}_before", change.before),
            (f"value_{what}_after", change.after),
            (f"price_log_change_{what}", change.price),
            (f"price_log_change_{what}_low", change.price_low),
            (f"price_log_change_{what}_high", change.price_high),
            (f"{amount}_log_change", change.volume),
        ):
            columns[name] = values[found.row, found.column]
    named = np.array([unit or None for unit in panel.quantity_unit], dtype=object)
    return columns | {"quantity_unit": named[found.row]}


def _change(panel: OutflowPanel, amounts: Amounts) -> UnitValueChange:
    usable = weighed(panel.values, amounts.value, panel.is_published)
    return unit_value_change(amounts.value, amounts.amount, usable, panel.is_tested, panel.first)


def caveats_of(
    panel: OutflowPanel, found: Cells, partner_count: int, from_donors: bool
) -> NDArray[np.object_]:
    """Caveats of each cell.

    Args:
        panel: The panel.
        found: The cells.
        partner_count: Control partners behind them.
        from_donors: Whether the window was learned from other partners.

    Returns:
        Caveat codes joined by spaces, shape [n].
    """
    begins = month_of(panel.cube.periods, 0)
    shared = [SOURCE_UNKNOWN]
    if not from_donors:
        shared.append("no_donors")
    if panel.first < YEARS_ENOUGH:
        shared.append("short_history")
        if begins <= PANDEMIC[1]:
            shared.append("pandemic_baseline")
    if not panel.is_published.all():
        shared.append("incomplete_reporting")
    if partner_count < ENOUGH_PARTNERS:
        shared.append("few_control_partners")
    marks: tuple[tuple[str, Bools], ...] = (
        ("small_base", found.mean < MATERIALITY),
        ("materiality", np.abs(found.observed - found.mean) < MATERIALITY),
    )
    text = np.full(len(found), " ".join(shared), dtype=object)
    for code, holds in marks:
        text = text + np.where(holds, f" {code}", "").astype(object)
    return text
