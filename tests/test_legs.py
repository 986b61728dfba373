"""From rows of flows to the second legs: whose word counts, what is missing, what is no zero."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from test_panel import flow, source_rows, table

from entrepot.bench.arena import arena_of_world
from entrepot.diversion.cube import from_dense
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.legs import second_legs
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.simulate.rows import flows, source
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

pytestmark = pytest.mark.engines

INQUIRY = Inquiry(intermediaries="KG,UZ", since=date(2021, 4, 1), goods="test", dataset="test")
PARTNERS, MONTHS = ["KG", "UZ"], 6
OLD, NEW = "a" * 16, "c" * 16


def panel(*codes):
    """A panel of two partners and six months from January 2021."""
    periods = np.datetime64("2021-01") + np.arange(MONTHS)
    values = np.ones((len(codes), len(PARTNERS), MONTHS))
    return from_dense(values, np.array(codes), np.array(PARTNERS), periods)


CUBE = panel("854231", "854232", "870323")


def imported(month, reporter, commodity, value, partner="DE", **other):
    """What an importer recorded as come from Germany, or from another partner."""
    base = {"reporter": reporter, "flow": "M", "classification": "HS", "valuation": "CIF"}
    return flow(month, partner, commodity, value, **(base | other))


def resold(month, reporter, commodity, value, **other):
    """What a partner sold to Russia."""
    base = {"reporter": reporter, "classification": "HS"}
    return flow(month, "RU", commodity, value, **(base | other))


def legs_of(tmp_path, rows, inquiry=INQUIRY, cube=CUBE, currency="EUR", sources=None):
    with Lake(tmp_path / "lake") as lake:
        known = source_rows(OLD) if sources is None else sources
        return second_legs(lake.frame(table(rows)), lake.frame(known), cube, currency, inquiry)


def dense(leg):
    return leg.dense(slice(0, leg.shape[0]))


def test_rows_of_a_world_make_the_legs_the_benchmark_uses(tmp_path):
    world = simulate(small(SCENARIOS["gaps"]), 1)
    arena = arena_of_world(world)
    inquiry = Inquiry(
        intermediaries=",".join(world.destinations[world.is_candidate]),
        since=world.periods[int(world.listing_month.min())].astype(object),
        goods="simulated",
        dataset="simulated",
    )
    row = source(world, datetime(2023, 1, 1, tzinfo=UTC))
    cube = arena.material.cube
    with Lake(tmp_path / "lake") as lake:
        known = lake.frame(pa.Table.from_pylist([row]))
        legs = second_legs(lake.frame(flows(world)), known, cube, "EUR", inquiry)
    assert (legs.arrival_basis, legs.downstream_basis) == ("origin", "exporter")
    assert legs.source_ids == (row["source_id"],)
    assert dense(legs.arrival) == pytest.approx(arena.legs.arrival, abs=0.01)
    assert dense(legs.downstream) == pytest.approx(arena.legs.downstream, abs=0.01)
    assert (legs.arrival.is_reported == arena.legs.is_arrival_published).all()
    assert (legs.downstream.is_reported == arena.legs.is_downstream_published).all()
    assert not arena.legs.is_arrival_published.all()


def test_members_are_added_up_and_others_are_not(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0), imported(0, "KG", "854231", 5.0, partner="FR")]
    rows += [imported(0, "KG", "854231", 99.0, partner="CN")]
    legs = legs_of(tmp_path, rows)
    assert legs.arrival_basis == "origin"
    assert dense(legs.arrival)[0, 0].tolist() == [15, 0, 0, 0, 0, 0]


def test_a_month_without_any_row_of_a_partner_is_missing_and_not_zero(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0)]
    rows += [imported(2, "KG", "010121", 1.0, partner="CN")]  # it published, but not these
    legs = legs_of(tmp_path, rows)
    assert legs.arrival.is_reported[0].tolist() == [True, False, True, False, False, False]
    assert not legs.arrival.is_reported[1].any()
    assert dense(legs.arrival)[:, 0, 2].tolist() == [0, 0, 0]


def test_consignment_is_preferred_where_anybody_publishes_it(tmp_path):
    rows = [imported(0, "KG", "854231", 80.0, partner="CN", partner2="DE")]
    rows += [imported(0, "KG", "854231", 20.0, partner="DE", partner2="DE")]
    rows += [imported(0, "KG", "854231", 20.0), imported(0, "KG", "854231", 80.0, partner="CN")]
    by_consignment = legs_of(tmp_path, rows)
    assert by_consignment.arrival_basis == "consignment"
    assert dense(by_consignment.arrival).sum() == 100
    by_origin = legs_of(tmp_path, rows, replace(INQUIRY, arrival="origin"))
    assert by_origin.arrival_basis == "origin"
    assert dense(by_origin.arrival).sum() == 20
    of_all = legs_of(tmp_path, rows, replace(INQUIRY, arrival="world"))
    assert of_all.arrival_basis == "world"
    assert dense(of_all.arrival).sum() == 100


def test_a_month_published_without_consignment_is_missing_where_consignment_counts(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0, partner2="DE"), imported(1, "KG", "854231", 10.0)]
    legs = legs_of(tmp_path, rows)
    assert legs.arrival_basis == "consignment"
    assert legs.arrival.is_reported[0, :2].tolist() == [True, False]


def test_each_partner_is_read_as_it_publishes(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0, partner2="DE"), imported(0, "UZ", "854231", 7.0)]
    legs = legs_of(tmp_path, rows)
    assert dense(legs.arrival)[0, :, 0].tolist() == [10, 7]


def test_the_world_holds_no_row_about_an_unnamed_partner(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0), imported(0, "KG", "854231", 5.0, partner="_X")]
    legs = legs_of(tmp_path, rows, replace(INQUIRY, arrival="world"))
    assert dense(legs.arrival).sum() == 10


def test_sales_are_the_exporters_and_else_the_importer_s(tmp_path):
    declared = [resold(0, "KG", "854231", 8.0)]
    recorded = [imported(0, "RU", "854231", 9.0, partner="KG")]
    both = legs_of(tmp_path, declared + recorded)
    assert both.downstream_basis == "exporter"
    assert dense(both.downstream).sum() == 8
    other = legs_of(tmp_path, recorded)
    assert other.downstream_basis == "importer"
    assert dense(other.downstream)[0, 0, 0] == 9
    chosen = legs_of(tmp_path, declared + recorded, replace(INQUIRY, downstream="importer"))
    assert dense(chosen.downstream).sum() == 9


def test_a_partner_that_exported_elsewhere_sold_nothing_to_the_destination(tmp_path):
    rows = [resold(0, "KG", "854231", 8.0), flow(1, "CN", "854231", 8.0, reporter="KG")]
    legs = legs_of(tmp_path, rows)
    assert legs.downstream.is_reported[0, :3].tolist() == [True, True, False]
    assert dense(legs.downstream)[0, 0, :3].tolist() == [8, 0, 0]


def test_only_six_digit_rows_of_the_panel_s_months_enter(tmp_path):
    rows = [imported(0, "KG", "854231", 1.0), imported(0, "KG", "85423190", 50.0)]
    rows += [imported(0, "KG", "8542", 50.0), imported(0, "KG", "TOTAL", 50.0)]
    rows += [imported(MONTHS, "KG", "854231", 50.0), imported(0, "KG", "999999", 50.0)]
    rows += [imported(1, "KG", "854231", 50.0, freq="A"), imported(1, "CN", "854231", 50.0)]
    legs = legs_of(tmp_path, rows)
    assert dense(legs.arrival).sum() == 1


def test_codes_of_one_heading_are_added_at_the_level_of_headings(tmp_path):
    rows = [imported(0, "KG", code, 10.0) for code in ("854231", "854239", "870323")]
    legs = legs_of(tmp_path, rows, replace(INQUIRY, level="HS4"), panel("8542", "8703"))
    assert dense(legs.arrival)[:, 0, 0].tolist() == [20, 10]


def test_a_commodity_that_is_listed_in_part_has_no_second_leg(tmp_path):
    rows = [make(0, "KG", "854231", 10.0) for make in (imported, resold)]
    rows += [make(0, "KG", "870323", 7.0) for make in (imported, resold)]
    legs = legs_of(tmp_path, rows, cube=panel("854231", "854231", "870323"))
    assert dense(legs.arrival)[:, 0, 0].tolist() == [0, 0, 7]
    assert dense(legs.downstream)[:, 0, 0].tolist() == [0, 0, 7]


def test_national_lines_have_no_second_leg(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0), resold(0, "KG", "854231", 10.0)]
    national = panel("85423111", "85423190")
    legs = legs_of(tmp_path, rows, replace(INQUIRY, level="CN8"), national)
    assert (legs.arrival, legs.downstream) == (None, None)
    assert (legs.arrival_basis, legs.downstream_basis) == ("none", "none")
    for asked in ({"arrival": "origin"}, {"downstream": "exporter"}):
        with pytest.raises(EstimateError, match="--level is CN8, expected HS6 or HS4"):
            legs_of(tmp_path, rows, replace(INQUIRY, level="CN8", **asked), national)


def test_records_in_another_currency_are_refused(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0, currency="USD")]
    with pytest.raises(EstimateError, match=r"in \['USD'\], expected EUR"):
        legs_of(tmp_path, rows)
    mixed = [*rows, imported(0, "UZ", "854231", 10.0)]
    with pytest.raises(EstimateError, match=r"in \['EUR', 'USD'\], expected EUR"):
        legs_of(tmp_path, mixed)
    assert dense(legs_of(tmp_path, rows, currency="USD").arrival).sum() == 10


def test_sales_inside_the_customs_union_are_a_lower_bound(tmp_path):
    rows = [resold(0, "KG", "854231", 8.0), resold(0, "UZ", "854231", 8.0)]
    inside = legs_of(tmp_path, rows)
    assert inside.is_lower_bound.tolist() == [True, False]  # Kyrgyzstan is in the EAEU
    outside = legs_of(tmp_path, rows, replace(INQUIRY, destination="IR"))
    assert not outside.is_lower_bound.any()


def test_legs_that_nobody_recorded_are_none(tmp_path):
    legs = legs_of(tmp_path, [flow(0, "KG", "85423111", 1.0)])
    assert (legs.arrival, legs.downstream) == (None, None)
    assert (legs.arrival_basis, legs.downstream_basis) == ("none", "none")
    assert legs.source_ids == ()


@pytest.mark.parametrize("asked", [{"arrival": "consignment"}, {"downstream": "importer"}])
def test_a_leg_that_was_asked_for_and_is_not_there_is_refused(tmp_path, asked):
    rows = [imported(0, "KG", "854231", 10.0), resold(0, "KG", "854231", 10.0)]
    with pytest.raises(EstimateError):
        legs_of(tmp_path, rows, replace(INQUIRY, **asked))


def test_a_leg_that_is_not_wanted_is_left_out(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0), resold(0, "KG", "854231", 8.0)]
    only_sales = legs_of(tmp_path, rows, replace(INQUIRY, arrival="none"))
    assert only_sales.arrival is None
    assert only_sales.downstream is not None
    only_arrival = legs_of(tmp_path, rows, replace(INQUIRY, downstream="none"))
    assert only_arrival.arrival is not None
    assert only_arrival.downstream is None


def test_records_may_lie_in_another_collection(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0, dataset="comtrade")]
    assert legs_of(tmp_path, rows).arrival is None
    found = legs_of(tmp_path, rows, replace(INQUIRY, mirror_dataset="comtrade"))
    assert dense(found.arrival).sum() == 10


def test_the_newest_vintage_of_a_record_counts_once(tmp_path):
    rows = [imported(0, "KG", "854231", 10.0), imported(0, "KG", "854231", 12.0, source_id=NEW)]
    rows += [imported(1, "KG", "854231", 5.0)]
    known = source_rows(OLD, NEW, vintages=["2023-01-13", "2023-02-15"])
    legs = legs_of(tmp_path, rows, sources=known)
    assert dense(legs.arrival)[0, 0, :2].tolist() == [12, 5]
    assert legs.source_ids == (OLD, NEW)
