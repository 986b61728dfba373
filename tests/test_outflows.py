"""Out-flows of one reporter: who receives more than all others' path and own history allow."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from entrepot import api
from entrepot.codes.caveats import caveats
from entrepot.diversion.outflow_panel import OutflowInquiry
from entrepot.diversion.outflow_rows import OUTFLOWS, SOURCE_UNKNOWN
from entrepot.errors import CodeError, EstimateError
from entrepot.lake import Lake, open_lake
from entrepot.rows import arrow_rows, arrow_schema
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, SOURCES

SINCE = date(2022, 3, 1)
MONTHS, EVENT = 36, 14  # January 2021 to December 2023, as Georgia's cars
CONTROLS = (
    *("AE", "AT", "AZ", "BE", "BG", "CH", "CN", "CZ", "DE", "EE", "ES", "FI", "FR", "GB", "GR"),
    *("HR", "HU", "IR", "IT", "JP", "LT", "LV", "PL", "RO", "TJ", "TR"),
)
ASKED = OutflowInquiry("GE", ("8703",), SINCE, to="KZ,RU", dataset="comtrade")


def month(index):
    return date(2021 + index // 12, index % 12 + 1, 1)


def trade(growth=None, partners=CONTROLS, codes=("8703",)):
    """Value, USD, by code, partner and month: noisy, a third more for all from the event on.

    ``growth`` multiplies the window of a partner.
    """
    rng = np.random.default_rng(7)
    names = [*partners, "KZ", "RU"]
    level = 1e5 * np.exp(rng.normal(0, 1, (len(codes), len(names), 1)))
    noise = rng.gamma(16.0, 1 / 16, (len(codes), len(names), MONTHS))
    values = level * noise * np.where(np.arange(MONTHS) >= EVENT, 1.33, 1.0)
    for partner, factor in (growth or {}).items():
        values[:, names.index(partner), EVENT:] *= factor
    return values, names, codes


def rows(values, names, codes, price=lambda partner, index: 10_000.0, flow="X"):
    base = {
        **{"source_id": "a" * 16, "dataset": "comtrade", "freq": "M", "reporter": "GE"},
        **{"partner2": "_T", "flow": flow, "classification": "HS", "customs_procedure": "_T"},
        **{"currency": "USD", "valuation": "FOB", "obs_status": "A", "quantity_unit": "u"},
    }
    found = []
    for (k, v, t), value in np.ndenumerate(values):
        if value > 0:
            pieces = value / price(names[v], t)
            found.append(
                base
                | {"period": month(t), "partner": names[v], "commodity": codes[k]}
                | {"value": value, "quantity": pieces, "net_weight_kg": 1_500 * pieces}
            )
    return found


def lake_of(folder, found):
    base = {"dataset": "comtrade", "vintage": "2024-01-19", "publisher": "t", "licence": "t"}
    known = base | {"source_id": "a" * 16, "path": "t", "reader": "t", "sha256": "0" * 64}
    known |= {"retrieved_at": datetime(2024, 1, 19, tzinfo=UTC), "size_bytes": 1, "row_count": 1}
    with Lake(folder) as lake, lake.write() as transaction:
        table = pa.Table.from_pylist(found, schema=arrow_schema(FLOWS))
        transaction.put(FLOWS, table, unit="a" * 16)
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, known), unit="a" * 16)
    return folder


@pytest.fixture
def found(tmp_path):
    """Ask a lake of the rows; the answer by partner and code."""

    def of(rows, inquiry=ASKED):
        with Lake(lake_of(tmp_path / "lake", rows)) as lake:
            table = api.outflows(lake, inquiry)
        assert tuple(table.column_names) == OUTFLOWS.column_names
        return {(row["partner"], row["commodity"]): row for row in table.to_pylist()}

    return of


def test_a_partner_that_receives_ten_times_as_much_is_found(found):
    rises = found(rows(*trade({"KZ": 10.0})))
    kz, ru = rises["KZ", "8703"], rises["RU", "8703"]
    assert kz["design"] == "donors"
    assert kz["p_value"] == pytest.approx(1 / (len(CONTROLS) + 1))
    assert kz["excess"] == pytest.approx(0.9 * kz["observed"], rel=0.1)
    assert kz["excess_low"] > 0.7 * kz["observed"]
    assert kz["onset"] == SINCE
    assert ru["p_value"] > 0.1
    assert ru["excess_low"] < 0 < ru["excess_high"]
    assert ru["onset"] is None


def test_growth_that_all_partners_share_is_no_excess(found):
    rises = found(rows(*trade()))
    for row in rises.values():
        assert row["expected"] == pytest.approx(row["observed"], rel=0.4)
        assert row["p_value"] > 0.05


def test_excess_bounds_what_may_have_been_passed_on(found):
    kz = found(rows(*trade({"KZ": 10.0})))["KZ", "8703"]
    assert kz["intermediated_low"] == 0.0
    assert kz["intermediated_high"] == kz["excess_high"] <= kz["observed"]
    assert kz["caveats"].split()[0] == SOURCE_UNKNOWN
    assert "short_history" in kz["caveats"].split()


def test_eight_controls_cannot_give_a_p_value_below_a_ninth_nor_an_interval(found):
    kz = found(rows(*trade({"KZ": 1_000.0}, CONTROLS[:8])))["KZ", "8703"]
    assert kz["control_partner_count"] == 8
    assert kz["p_value"] == pytest.approx(1 / 9)
    assert kz["excess_low"] is None
    assert kz["intermediated_high"] is None
    assert "few_control_partners" in kz["caveats"].split()


def test_many_goods_of_few_partners_do_not_make_p_values_smaller(found):
    codes = tuple(f"87032{digit}" for digit in range(6))
    inquiry = OutflowInquiry("GE", ("8703",), SINCE, to="KZ", level="HS6", dataset="comtrade")
    rises = found(rows(*trade({"KZ": 1_000.0}, CONTROLS[:5], codes)), inquiry)
    assert {row["control_count"] for row in rises.values()} == {36}  # six goods, RU among controls
    assert min(row["p_value"] for row in rises.values()) == pytest.approx(1 / 7)


def test_without_other_partners_history_is_carried_on_and_nothing_is_tested(found):
    kz = found(rows(*trade({"KZ": 10.0, "RU": 1.0}, ())))["KZ", "8703"]
    assert kz["design"] == "history"
    assert kz["control_count"] == 0
    assert (kz["p_value"], kz["q_value"], kz["excess_low"]) == (None, None, None)
    assert kz["excess"] == pytest.approx((1 - 1 / 13.3) * kz["observed"], rel=0.1)
    assert {"no_donors", "few_control_partners"} <= set(kz["caveats"].split())


def test_dearer_cars_are_told_from_more_cars(found):
    def price(partner, index):
        return 30_000.0 if partner == "KZ" and index >= EVENT else 10_000.0

    kz = found(rows(*trade({"KZ": 6.0}), price=price))["KZ", "8703"]
    assert kz["value_per_unit_before"] == pytest.approx(10_000.0)
    assert kz["value_per_unit_after"] == pytest.approx(30_000.0)
    assert kz["value_per_kg_after"] == pytest.approx(20.0)
    assert kz["quantity_unit"] == "u"
    assert kz["price_log_change_per_unit"] == pytest.approx(np.log(3.0), abs=1e-6)
    assert kz["quantity_log_change"] == pytest.approx(np.log(2.0), abs=0.2)


def test_a_partner_that_bought_nothing_before_is_expected_to_buy_little(found):
    values, names, codes = trade()
    values[0, names.index("KZ"), :EVENT] = 0.0
    kz = found(rows(values, names, codes))["KZ", "8703"]
    assert 0 < kz["expected"] < 0.2 * kz["observed"]
    assert kz["value_per_unit_before"] is None
    assert kz["value_per_unit_after"] == pytest.approx(10_000.0)


def test_goods_that_nobody_received_before_have_no_p_value_without_donors(found):
    values, names, codes = trade(partners=CONTROLS[:2], codes=("870370", "870380"))
    values[0, :, :EVENT] = 0.0
    inquiry = OutflowInquiry("GE", ("8703",), SINCE, to="KZ,RU", level="HS6", dataset="comtrade")
    rises = found(rows(values, names, codes), inquiry)
    new, old = rises["KZ", "870370"], rises["KZ", "870380"]
    assert new["excess"] == new["observed"] > 0
    assert (new["p_value"], new["q_value"], new["excess_low"], new["onset"]) == (None,) * 4
    assert old["p_value"] is not None
    assert old["design"] == "history"


def test_a_partner_that_never_bought_anything_has_a_row(found):
    inquiry = OutflowInquiry("GE", ("8703",), SINCE, to="KZ,KG", dataset="comtrade")
    kg = found(rows(*trade()), inquiry)["KG", "8703"]
    assert kg["observed"] == 0.0
    assert kg["p_value"] > 0.2


def test_headings_and_subheadings_are_never_added(found):
    heading, subheading = trade(), trade(codes=("870323",))
    both = [*rows(*heading), *rows(*subheading)]
    assert set(found(both)) == {("KZ", "8703"), ("RU", "8703")}
    assert found(both)["KZ", "8703"]["observed"] == pytest.approx(heading[0][0, -2, EVENT:].sum())


def test_imports_are_no_outflows_but_show_that_a_month_was_published(found):
    values, names, codes = trade({"KZ": 10.0})
    values[:, :, EVENT + 2] = 0.0
    exports = rows(values, names, codes)
    silent = found(exports)["KZ", "8703"]
    assert "incomplete_reporting" in silent["caveats"].split()
    bought = np.full((1, 1, MONTHS), 5e5)
    spoken = found([*exports, *rows(bought, ["DE"], codes, flow="M")])["KZ", "8703"]
    assert spoken["observed"] == silent["observed"]
    assert "incomplete_reporting" not in spoken["caveats"].split()


def test_every_caveat_has_a_sentence(found):
    told = {code for row in found(rows(*trade())).values() for code in row["caveats"].split()}
    assert told - {caveat.code for caveat in caveats()} <= {SOURCE_UNKNOWN}


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"reporter": "XX"}, CodeError, "XX"),
        ({"goods": ()}, EstimateError, "--goods names no commodity"),
        ({"to": "GE"}, EstimateError, "--to is 'GE'"),
        ({"until": date(2022, 1, 1)}, EstimateError, "expected 2022-03-01 or later"),
        ({"level": "HS6"}, EstimateError, "no monthly HS6 rows of GE"),
        ({"since": date(2021, 3, 1)}, EstimateError, "at least 6 months before --since 2021-03"),
        ({"since": date(2024, 3, 1)}, EstimateError, "run from 2021-01 to 2023-12"),
        ({"flow": "RX"}, EstimateError, "flow 'RX'"),
    ],
)
def test_a_question_the_data_cannot_answer_says_why(found, changed, error, words):
    fields = {"reporter": "GE", "goods": ("8703",), "since": SINCE, "dataset": "comtrade"}
    with pytest.raises(error, match=words):
        found(rows(*trade()), OutflowInquiry(**(fields | changed)))


@pytest.fixture(scope="module")
def cars(shared, tmp_path_factory):
    """A lake with the cars that Armenia and Georgia declared, 2017 or 2021 to 2023."""
    folder = shared / "data" / "comtrade-am-ge"
    path = tmp_path_factory.mktemp("cars") / "lake"
    with open_lake(path) as lake:
        ingest(lake, [folder / f"vehicle_trade_{name}.csv" for name in ("armenia", "georgia")])
    return path


def asked(cars, reporter, to):
    with open_lake(cars) as lake:
        found = api.outflows(lake, OutflowInquiry(reporter, ("8703",), SINCE, to=to))
    return {row["partner"]: row for row in found.to_pylist()}


def test_armenias_cars_to_russia_kazakhstan_and_kyrgyzstan_are_found(cars):
    rises = asked(cars, "AM", "RU,KZ,KG")
    assert {name: round(row["observed"] / 1e6, 1) for name, row in rises.items()} == {
        **{"RU": 589.0, "KZ": 39.8, "KG": 13.8}  # USD m, as summed by hand from the file
    }
    for row in rises.values():
        assert row["p_value"] == pytest.approx(1 / (row["control_partner_count"] + 1))
        assert row["excess_low"] > 0.9 * row["observed"]
    assert rises["RU"]["onset"] == date(2022, 6, 1)
    assert rises["RU"]["value_per_unit_before"] == pytest.approx(8_304, abs=5)
    assert rises["RU"]["value_per_unit_after"] == pytest.approx(21_700, abs=5)
    # USD/kg; months of which a part has an estimated weight count on neither side.
    assert rises["RU"]["value_per_kg_before"] == pytest.approx(10.03, abs=0.01)
    assert rises["RU"]["value_per_kg_after"] == pytest.approx(11.20, abs=0.01)
    assert rises["KZ"]["value_per_unit_before"] is None


def test_georgias_cars_to_russia_kazakhstan_and_kyrgyzstan_are_found(cars):
    rises = asked(cars, "GE", "EAEU")
    assert {name: round(row["observed"] / 1e6, 1) for name, row in rises.items()} == {
        **{"KZ": 640.7, "KG": 625.5, "AM": 406.6, "RU": 141.1, "BY": 10.2}
    }
    for name in ("KZ", "KG", "AM"):
        assert rises[name]["p_value"] < 0.05
        assert rises[name]["excess_low"] > 0.5 * rises[name]["observed"]
    assert rises["RU"]["q_value"] < 0.1
    assert rises["RU"]["excess"] > 1e8
    assert rises["KG"]["value_per_unit_after"] > 3 * rises["KG"]["value_per_unit_before"]
    # Every Georgian weight is an estimate of the United Nations, so there is no price by weight.
    assert {row["value_per_kg_after"] for row in rises.values()} == {None}
