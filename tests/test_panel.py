"""From rows of flows to the panel: what is added up, what is kept apart, what is masked."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from entrepot.api.worlds import write_world
from entrepot.bench import panel_of_world
from entrepot.diversion import summing
from entrepot.diversion.calendar import in_force, starts
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.panel import build
from entrepot.errors import CodeError, EstimateError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES
from entrepot.trade.summary import Stretch, against
from entrepot.trade.vintage import contested, latest

pytestmark = pytest.mark.engines

INQUIRY = Inquiry(intermediaries="KG,KZ", since=date(2022, 3, 1), goods="test", dataset="test")
BASE = {
    "source_id": "a" * 16,
    "dataset": "test",
    "freq": "M",
    "reporter": "DE",
    "partner2": "_T",
    "flow": "X",
    "classification": "CN",
    "customs_procedure": "_T",
    "currency": "EUR",
    "valuation": "FOB",
    "obs_status": "A",
}


def flow(month, partner, commodity, value, **other):
    year, number = divmod(month, 12)
    period = date(2021 + year, number + 1, 1)
    row = BASE | {"period": period, "partner": partner, "commodity": commodity, "value": value}
    return row | other


def table(rows):
    names = {name for row in rows for name in row}
    return arrow_rows(FLOWS, len(rows), {n: [row.get(n) for row in rows] for n in names})


def source_rows(*ids, vintages=()):
    base = {"dataset": "test", "publisher": "test", "licence": "test", "path": "t", "reader": "t"}
    columns = base | {
        "source_id": list(ids),
        "vintage": list(vintages) or ["2023-01-13"] * len(ids),
        "retrieved_at": datetime(2023, 1, 1, tzinfo=UTC),
        "sha256": "0",
        "size_bytes": 1,
        "row_count": 1,
    }
    return arrow_rows(SOURCES, len(ids), columns)


def listing(*codes, **other):
    base = {"source_id": "b" * 16, "list_id": "test", "classification": "CN", "locator": "row"}
    return arrow_rows(LISTED_COMMODITIES, len(codes), base | {"commodity": list(codes)} | other)


def built(tmp_path, rows, codes=None, inquiry=INQUIRY, sources=None):
    with Lake(tmp_path / "lake") as lake:
        lists = None if codes is None else lake.frame(codes)
        known = source_rows("a" * 16) if sources is None else sources
        return build(lake.frame(table(rows)), lake.frame(known), lists, inquiry)


def every_month(partner, commodity, value, months=20, **other):
    return [flow(month, partner, commodity, value, **other) for month in range(months)]


def test_cn8_codes_of_one_hs6_are_added_and_other_levels_are_not(tmp_path):
    rows = every_month("KG", "85423111", 100.0) + every_month("KG", "85423190", 10.0)
    rows += every_month("KG", "8542", 999.0, classification="HS")
    rows += every_month("KG", "TOTAL", 5_000.0, classification="HS")
    panel = built(tmp_path, rows)
    assert panel.cube.commodities.tolist() == ["854231"]
    assert panel.cube.dense(slice(0, 1)).max() == 110.0
    assert panel.general is not None
    assert panel.general.tolist() == [[4_890.0] * 20]


def test_listed_and_other_goods_of_one_hs6_stay_apart(tmp_path):
    rows = every_month("KG", "85423111", 100.0) + every_month("KG", "85423190", 10.0)
    panel = built(tmp_path, rows, listing("85423111"))
    assert panel.cube.commodities.tolist() == ["854231", "854231"]
    assert panel.design.is_listed.tolist() == [False, True]
    assert panel.is_partial.all()
    assert panel.cube.dense(slice(1, 2)).max() == 100.0


def test_a_prefix_lists_every_code_that_begins_with_it(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KG", "87032310", 1.0)
    panel = built(tmp_path, rows, listing("8542", "88"))
    assert panel.cube.commodities[panel.design.is_listed].tolist() == ["854231"]


def test_window_begins_with_the_listing_but_never_before_the_event(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KG", "87032310", 1.0)
    days = [date(2022, 6, 3), date(2020, 1, 1)]
    panel = built(tmp_path, rows, listing("85423111", "87032310", valid_from=days))
    assert panel.design.start.tolist() == [17, 14]
    assert panel.is_dated.all()


def test_goods_listed_after_the_data_end_are_controls(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KG", "87032310", 1.0)
    days = [date(2023, 6, 23), date(2022, 3, 15)]
    panel = built(tmp_path, rows, listing("85423111", "87032310", valid_from=days))
    assert panel.design.is_listed.tolist() == [False, True]


def test_many_declarations_are_fetched_year_by_year_into_the_same_panel(tmp_path, monkeypatch):
    # Three years, each with a partner and a good that the others have not, the last listed.
    rows = every_month("KG", "85423111", 10.0) + every_month("KZ", "87032310", 7.0, months=5)
    rows += [flow(month, "AM", "84713000", 3.0) for month in range(15, 30)]
    rows += [flow(month, "RU", "85423111", 2.0) for month in range(30)]
    together = built(tmp_path / "at-once", rows, listing("8471"))
    fetched = []
    fetch = summing._fetch

    def fetch_noted(*asked):
        found = fetch(*asked)
        fetched.append(
            sorted({int(month.astype("datetime64[Y]").astype(int)) for month in found.month})
        )
        return found

    monkeypatch.setattr(summing, "_fetch", fetch_noted)
    monkeypatch.setattr(summing, "MOST_ROWS", len(rows) - 1)
    apart = built(tmp_path / "by-year", rows, listing("8471"))
    assert fetched == [[51], [52], [53]]
    assert (apart.direct == together.direct).all()
    assert (apart.design.is_listed == together.design.is_listed).all()
    for name, array in vars(together.cube).items():
        assert np.array_equal(array, vars(apart.cube)[name]), name


def test_the_destination_is_no_partner_and_confidential_trade_no_donor(tmp_path):
    rows = every_month("RU", "85423111", 7.0) + every_month("KG", "85423111", 1.0)
    rows += every_month("_X", "85423111", 2.0, obs_status="C")
    panel = built(tmp_path, rows)
    assert panel.cube.partners.tolist() == ["KG"]
    assert panel.direct.tolist() == [[7.0] * 20]
    assert panel.unspecified_share == pytest.approx(0.2)


def test_a_month_in_which_the_large_reporter_is_silent_is_masked_not_zero(tmp_path):
    rows = every_month("KG", "85423111", 1_000.0)
    rows = [row for row in rows if row["period"] != date(2021, 5, 1)]
    rows += every_month("KG", "85423111", 1.0, reporter="LT")
    panel = built(tmp_path, rows)
    assert panel.cube.is_reported.all(axis=0).tolist() == [m != 4 for m in range(20)]
    assert panel.silent == ("DE 2021-05",)


def test_the_last_month_counts_only_when_enough_has_been_published(tmp_path):
    rows = every_month("KG", "85423111", 95.0)[:-1]
    rows += every_month("KG", "85423111", 5.0, reporter="NL")
    strict = built(tmp_path, rows)
    assert len(strict.cube.periods) == 19
    assert strict.silent == ("DE 2022-08",)
    lenient = built(tmp_path, rows, inquiry=replace(INQUIRY, complete=0.05))
    assert len(lenient.cube.periods) == 20


def test_the_newest_vintage_counts_once(tmp_path):
    old, new = "a" * 16, "c" * 16
    rows = every_month("KG", "85423111", 100.0)
    rows += [row | {"source_id": new, "value": 90.0} for row in every_month("KG", "85423111", 1)]
    known = source_rows(old, new, vintages=["2023-01-13", "2023-02-15"])
    panel = built(tmp_path, rows, sources=known)
    assert set(panel.cube.values.tolist()) == {90.0}
    assert panel.source_ids == (new,)


def test_two_sources_of_one_month_that_share_no_declaration_both_count(tmp_path):
    other = "c" * 16
    rows = every_month("KG", "85423111", 100.0)
    rows += every_month("KZ", "85423111", 50.0, source_id=other)
    panel = built(tmp_path, rows, sources=source_rows("a" * 16, other))
    assert panel.cube.dense(slice(0, 1))[:, :, 0].tolist() == [[100.0, 50.0]]
    assert panel.source_ids == ("a" * 16, other)


def test_windows_are_summed_from_each_commodity_s_own_month_over_reported_months(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KG", "87032310", 10.0)
    cube = built(tmp_path, rows).cube
    cube.is_reported[0, 18] = False
    assert cube.sums_from(np.array([17, 19])).tolist() == [[2.0], [10.0]]
    assert cube.sums_from(np.array([0, 20])).tolist() == [[19.0], [0.0]]


def test_procedures_of_one_source_add_up_but_never_with_another_source(tmp_path):
    old, new = "a" * 16, "c" * 16
    rows = [flow(0, "KG", "85423111", 100.0)]
    rows += [flow(0, "KG", "85423111", 60.0, source_id=new, customs_procedure="1")]
    rows += [flow(0, "KG", "85423111", 40.0, source_id=new, customs_procedure="2")]
    with Lake(tmp_path / "lake") as lake:
        known = lake.frame(source_rows(old, new))
        kept = latest(lake.frame(table(rows)), known).collect("pyarrow").to_native()
    assert sorted(kept["value"].to_pylist()) == [40.0, 60.0]


def test_a_newer_bulk_month_replaces_what_it_no_longer_holds(tmp_path):
    old, new = "a" * 16, "c" * 16
    rows = [flow(0, "KG", "85423111", 100.0), flow(1, "KG", "85423111", 7.0)]
    rows += [flow(0, "KG", "85423190", 100.0, source_id=new)]  # declared anew under another code
    known = source_rows(old, new, vintages=["2023-01-13", "2023-02-15"])
    bulk = known.set_column(
        known.column_names.index("reader"), "reader", pa.array(["comext_bulk"] * 2)
    )
    with Lake(tmp_path / "lake") as lake:
        kept = latest(lake.frame(table(rows)), lake.frame(bulk)).collect("pyarrow").to_native()
        both = contested(lake.frame(table(rows)), lake.frame(bulk)).collect("pyarrow").item()
        one = contested(lake.frame(table(rows[:2])), lake.frame(bulk)).collect("pyarrow").item()
    assert sorted(kept["value"].to_pylist()) == [7.0, 100.0]
    assert (both, one) == (1, 0)


def test_a_code_that_left_the_list_before_the_event_is_not_listed(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KG", "87032310", 1.0)
    ends = [date(2021, 6, 30), None]
    panel = built(tmp_path, rows, listing("85423111", "87032310", valid_to=ends))
    assert panel.cube.commodities[panel.design.is_listed].tolist() == ["870323"]


def test_a_list_that_reaches_nothing_lists_nothing(tmp_path):
    panel = built(tmp_path, every_month("KG", "85423111", 1.0), listing("88"))
    assert panel.design.is_listed.tolist() == [False]


def test_the_day_of_a_code_without_trade_reaches_no_neighbour():
    codes, months = np.array(["100100", "100300"]), np.arange("2021-01", "2023-01", dtype="M8[M]")
    days = pa.table({"commodity": ["10030000", "10020000"], "valid_from": [date(2022, 10, 1)] * 2})
    days = days.set_column(
        1, "valid_from", pa.array([date(2022, 10, 1), date(2022, 3, 1)], pa.date32())
    )
    start, is_dated = starts(codes, np.array([True, True]), days, months, 14)
    assert start.tolist() == [14, 21]
    assert is_dated.tolist() == [False, True]


def test_a_destination_that_is_no_area_is_refused():
    with pytest.raises(CodeError, match="'Russia'"):
        replace(INQUIRY, destination="Russia")


def test_two_currencies_in_one_panel_are_refused(tmp_path):
    rows = every_month("KG", "85423111", 1.0) + every_month("KZ", "85423111", 1.0, currency="USD")
    with pytest.raises(EstimateError, match=r"mixes \['EUR FOB', 'USD FOB'\]"):
        built(tmp_path, rows)


def test_an_event_after_the_data_is_an_error_that_names_the_last_month(tmp_path):
    rows = every_month("KG", "85423111", 1.0)
    with pytest.raises(EstimateError, match=r"from 2024-01 on; it ends in 2022-08"):
        built(tmp_path, rows, inquiry=replace(INQUIRY, since=date(2024, 1, 1)))


def test_no_flows_of_the_coalition_is_an_error_that_says_what_to_do(tmp_path):
    rows = every_month("KG", "85423111", 1.0, reporter="US")
    with pytest.raises(EstimateError, match=r"no monthly CN8 exports of EU .*entrepot ingest"):
        built(tmp_path, rows)


def test_a_code_that_rests_for_months_is_still_in_force():
    traded = np.zeros((3, 24), dtype=bool)
    traded[0, [2, 20]] = True  # rests at both ends: in force throughout
    traded[1, [0, 10]] = True  # ends in the middle
    traded[2, [13, 23]] = True  # begins in the middle
    assert in_force(traded).sum(axis=1).tolist() == [24, 11, 11]


def test_rows_of_a_world_make_the_panel_the_benchmark_uses(tmp_path):
    world = simulate(small(SCENARIOS["base"]), 3)
    inquiry = Inquiry(
        intermediaries=",".join(world.destinations[world.is_candidate]),
        since=world.periods[int(world.listing_month.min())].astype(object),
        goods="simulated",
        dataset="simulated",
    )
    with Lake(tmp_path / "lake") as lake:
        write_world(lake, world)
        rows, known = lake.table(FLOWS), lake.table(SOURCES)
        panel = build(rows, known, lake.table(LISTED_COMMODITIES), inquiry)
    short = panel_of_world(world)
    assert panel.cube.commodities.tolist() == short.cube.commodities.tolist()
    assert panel.cube.partners.tolist() == short.cube.partners.tolist()
    everything = slice(0, len(short.cube.commodities))
    assert panel.cube.dense(everything) == pytest.approx(short.cube.dense(everything), abs=0.01)
    assert (panel.cube.is_alive == short.cube.is_alive).all()
    assert (panel.design.treated == short.design.treated).all()
    assert (panel.design.start == short.design.start).all()
    assert panel.direct == pytest.approx(short.direct, abs=0.01)


def test_change_is_against_the_stretch_a_year_before(tmp_path):
    rows = [flow(2, "KG", "TOTAL", 50.0), flow(14, "KG", "TOTAL", 75.0)]
    now, base = (
        Stretch(date(2022, 3, 1), date(2022, 4, 1)),
        Stretch(date(2021, 3, 1), date(2021, 4, 1)),
    )
    with Lake(tmp_path / "lake") as lake:
        sums = against(lake.frame(table(rows)), now, base, ("partner",)).collect("pyarrow")
    (row,) = sums.to_native().to_pylist()
    assert row["value"], row["base_value"] == (75.0, 50.0)
    assert row["change"] == pytest.approx(0.5)
    assert row["month_count"] == 1
