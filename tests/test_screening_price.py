"""Unit values by hand: what is usual, what lies outside, what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from entrepot.errors import EstimateError
from entrepot.screening.check import Known, Result, UsualRange
from entrepot.screening.policy import Policy
from entrepot.screening.price import CHECKS, usual_ranges
from entrepot.screening.shipment import Goods, Shipment

DAY = date(2024, 6, 3)
PER_KG = UsualRange(100.0, 400.0, 40, "EUR/kg", "hand, exports, 2021")
GOODS = Goods(commodity="85423190", value=1000.0, currency="EUR", net_mass_kg=5.0)


def ask(
    ranges: dict[tuple[str, str], UsualRange], policy: Policy | None = None, **goods: object
) -> Result:
    line = Shipment("0" * 16, 1, "S-1", goods=replace(GOODS, **goods))
    return CHECKS[0].run(line, Known(DAY, policy or Policy(), unit_values=ranges))


def row(code: str, value: float, kg: float | None, count: float | None = None) -> dict[str, object]:
    return {
        "commodity": code,
        "value": value,
        "currency": "EUR",
        "net_weight_kg": kg,
        "quantity": count,
        "quantity_unit": None if count is None else "p/st",
        "obs_status": "A",
    }


def table(rows: list[dict[str, object]]) -> pa.Table:
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("commodity", "currency", "quantity_unit")),
            *((name, pa.float64()) for name in ("value", "net_weight_kg", "quantity")),
            ("obs_status", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def test_a_range_goes_from_the_5_to_the_95_percent_quantile() -> None:
    rows = [row("854231", float(price), 1.0) for price in range(101)]
    found = usual_ranges(table(rows), "hand")["854231", "EUR/kg"]
    # Zero is no unit value: the prices 1 to 100 are left, quantiles at places 4.95 and 94.05.
    assert (found.low, found.high) == (pytest.approx(5.95), pytest.approx(95.05))
    assert (found.observation_count, found.unit, found.source) == (100, "EUR/kg", "hand")


def test_one_wild_row_among_many_does_not_move_the_range_far() -> None:
    rows = [row("854231", 100.0, 1.0) for _ in range(60)]
    found = usual_ranges(table([*rows, row("854231", 1e9, 1.0)]), "hand")["854231", "EUR/kg"]
    assert (found.low, found.high) == (100.0, 100.0)


def test_pieces_give_a_value_and_a_mass_a_piece() -> None:
    found = usual_ranges(table([row("870323", 20_000.0, 3_000.0, 2.0)]), "hand")
    assert found["870323", "EUR/piece"].low == 10_000.0
    assert found["870323", "kg/piece"].low == 1_500.0


def test_a_row_of_eight_digits_counts_for_six_unless_six_are_there_of_their_own() -> None:
    found = usual_ranges(table([row("85423190", 10.0, 1.0), row("85423110", 30.0, 1.0)]), "hand")
    assert found["854231", "EUR/kg"].observation_count == 2
    own = usual_ranges(table([row("85423190", 10.0, 1.0), row("854231", 30.0, 1.0)]), "hand")
    assert own["854231", "EUR/kg"].observation_count == 1


def test_estimated_rows_and_unknown_units_are_left_out() -> None:
    estimated = {**row("854231", 10.0, 1.0), "obs_status": "E"}
    odd = {**row("854231", 10.0, None, 5.0), "quantity_unit": "supplementary unit of the CN"}
    assert usual_ranges(table([estimated, odd]), "hand") == {}


def test_rows_in_two_currencies_are_refused() -> None:
    dollars = {**row("854231", 10.0, 1.0), "currency": "USD"}
    with pytest.raises(EstimateError, match="expected one currency"):
        usual_ranges(table([row("854231", 10.0, 1.0), dollars]), "hand")


def test_a_value_inside_the_range_is_clear_and_says_the_number_of_observations() -> None:
    told = ask({("85423190", "EUR/kg"): PER_KG})
    assert told.answer == "clear"
    assert "200 EUR/kg, nine in ten of 40 declarations of 85423190" in told.detail


@pytest.mark.parametrize(("value", "answer"), [(499.0, "flagged"), (2001.0, "flagged")])
def test_a_value_below_or_above_the_range_is_flagged(value: float, answer: str) -> None:
    assert ask({("854231", "EUR/kg"): PER_KG}, value=value).answer == answer


def test_the_ends_of_the_range_are_inside_and_the_policy_widens_it() -> None:
    ranges = {("854231", "EUR/kg"): PER_KG}
    assert ask(ranges, value=500.0).answer == "clear"
    assert ask(ranges, value=2000.0).answer == "clear"
    assert ask(ranges, Policy(unit_value_factor=2.0), value=4000.0).answer == "clear"
    assert ask(ranges, Policy(unit_value_factor=2.0), value=4001.0).answer == "flagged"


def test_the_longest_code_with_a_range_counts() -> None:
    cheap = replace(PER_KG, low=1.0, high=2.0)
    told = ask({("854231", "EUR/kg"): cheap, ("85423190", "EUR/kg"): PER_KG})
    assert told.answer == "clear"


def test_too_few_observations_are_not_assessed_and_said() -> None:
    told = ask({("854231", "EUR/kg"): replace(PER_KG, observation_count=11)})
    assert told.answer == "not_assessed"
    assert "rests on 11 declarations, fewer than 12" in told.detail


def test_mass_a_piece_is_flagged_where_the_value_is_usual() -> None:
    ranges = {
        ("854231", "EUR/kg"): PER_KG,
        ("854231", "kg/piece"): UsualRange(0.001, 0.01, 30, "kg/piece", "hand"),
    }
    told = ask(ranges, quantity=10.0, unit="Stück")
    assert told.answer == "flagged"
    assert "0.5 kg/piece" in told.detail
    assert "Not compared: no usual range in EUR/piece was there." in told.detail


def test_another_currency_than_the_ranges_is_not_assessed() -> None:
    told = ask({("854231", "EUR/kg"): PER_KG}, currency="USD")
    assert told.answer == "not_assessed"
    assert "USD/kg" in told.detail


@pytest.mark.parametrize(
    "goods",
    [
        {"commodity": None},
        {"value": None, "quantity": None},
        {"net_mass_kg": None},
        {"net_mass_kg": 0.0},
        {"value": -5.0},
        {"currency": None},
        {"net_mass_kg": None, "quantity": 5.0, "unit": "armful"},
    ],
)
def test_what_cannot_be_divided_is_not_assessed(goods: dict[str, object]) -> None:
    assert ask({("854231", "EUR/kg"): PER_KG}, **goods).answer == "not_assessed"


def test_a_heading_alone_has_no_usual_price() -> None:
    assert ask({("8542", "EUR/kg"): PER_KG}, commodity="8542").answer == "not_assessed"
