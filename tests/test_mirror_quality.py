"""Which import statistics can tell that goods never arrived, and which only count otherwise."""

from __future__ import annotations

from datetime import date

import narwhals.stable.v2 as nw
import numpy as np
import pytest

from entrepot.codes.groupings import members
from entrepot.diversion.mirror_quality import Arrivals, claimable_gap, mirror_quality
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS

EVENT = 3
# European Central Bank, average reference rate of 2022: US dollars for a euro.
USD_PER_EUR_2022 = 1.0530


def one(values):
    return np.array(values, dtype=float)[None, None, :]


def judged(sent, named, every=None, published=None):
    published = np.ones(len(sent), dtype=bool) if published is None else np.array(published)
    heard = Arrivals(one(named), None if every is None else one(every), published[None, :])
    quality = mirror_quality(one(sent), heard, EVENT)
    return quality, claimable_gap(one(sent), heard, quality, EVENT)[0, 0]


def test_a_mirror_that_showed_most_before_the_event_is_informative():
    quality, gap = judged([10, 10, 10, 50], [9, 9, 9, 9])
    assert quality.verdict[0, 0] == "informative"
    assert quality.ratio[0, 0] == pytest.approx(0.9)
    assert gap == pytest.approx(50 - 9 / 0.9)


def test_goods_that_vanish_only_after_the_event_stay_a_gap():
    quality, gap = judged([10, 10, 10, 50], [9, 9, 9, 0], every=[99, 99, 99, 99])
    assert quality.verdict[0, 0] == "informative"
    assert gap == pytest.approx(50)


@pytest.mark.parametrize(("arrived", "verdict"), [(5.9, "not_informative"), (6.0, "informative")])
def test_a_fifth_of_what_was_sent_is_the_least_that_informs(arrived, verdict):
    quality, gap = judged([10, 10, 10, 50], [arrived, 0, 0, 1])
    assert quality.verdict[0, 0] == verdict
    assert np.isnan(gap) == (verdict == "not_informative")


def test_goods_that_arrive_under_another_origin_are_no_ghosts():
    quality, gap = judged([10, 10, 10, 50], [0, 0, 0, 0], every=[12, 12, 12, 60])
    assert quality.verdict[0, 0] == "origin_recording"
    assert quality.coverage[0, 0] == pytest.approx(96 / 80)
    assert np.isnan(gap)


def test_too_little_from_all_origins_is_no_origin_recording():
    quality, gap = judged([10, 10, 10, 50], [0, 0, 0, 0], every=[12, 12, 12, 20])
    assert quality.verdict[0, 0] == "not_informative"
    assert np.isnan(gap)


def test_months_the_partner_did_not_publish_count_on_neither_side():
    silent = [True, False, False, True]
    quality, _ = judged([10, 90, 90, 50], [9, 0, 0, 45], published=silent)
    assert quality.verdict[0, 0] == "informative"
    assert quality.ratio[0, 0] == pytest.approx(0.9)
    all_counted, _ = judged([10, 90, 90, 50], [9, 0, 0, 45])
    assert all_counted.verdict[0, 0] == "not_informative"


def test_exports_that_began_after_the_event_have_no_overlap():
    quality, gap = judged([0, 0, 0, 50], [0, 0, 0, 0])
    assert quality.verdict[0, 0] == "no_overlap"
    assert np.isnan(gap)


def test_a_partner_that_never_published_has_no_overlap():
    quality, _ = judged([10, 10, 10, 50], [0, 0, 0, 0], every=[0, 0, 0, 0], published=[False] * 4)
    assert quality.verdict[0, 0] == "no_overlap"
    assert np.isnan([quality.ratio[0, 0], quality.coverage[0, 0]]).all()


def test_a_new_code_without_a_past_can_still_show_another_origin():
    quality, gap = judged([0, 0, 0, 50], [0, 0, 0, 0], every=[0, 0, 0, 80])
    assert quality.verdict[0, 0] == "origin_recording"
    assert np.isnan(gap)


@pytest.mark.slow
def test_gap_of_armenias_telephones_is_origin_recording_and_no_ghost_trade(shared, tmp_path):
    (sheets,) = (shared / "data" / "comext-sanctioned").glob("18_*_spreadsheet.xlsx")
    phones = shared / "data" / "comtrade-am-ge" / "mobile_phone_reexports.csv"
    with open_lake(tmp_path / "lake") as lake:
        ingest(lake, [phones, sheets])
        flows = lake.table(FLOWS)
        sent = flows.filter(
            nw.col("reporter").is_in(sorted(members("EU", date(2022, 3, 1)))),
            nw.col("partner") == "AM",
            nw.col("flow") == "X",
            nw.col("commodity") == "85171300",
        )
        bought = flows.filter(
            nw.col("reporter") == "AM", nw.col("flow") == "M", nw.col("commodity") == "851713"
        )
        exports = by_month(sent)
        months = sorted(exports)
        every = by_month(bought)
        named = by_month(bought.filter(nw.col("partner").is_in(sorted(members("EU", months[0])))))
    upstream = one([exports[month] for month in months])
    heard = Arrivals(
        named=one([named.get(month, 0.0) / USD_PER_EUR_2022 for month in months]),
        every=one([every[month] / USD_PER_EUR_2022 for month in months]),
        is_published=np.ones((1, len(months)), dtype=bool),
    )
    event = months.index(date(2022, 3, 1))
    quality = mirror_quality(upstream, heard, event)
    assert upstream.sum() == pytest.approx(51.1e6, abs=0.1e6)  # January to November 2022
    assert heard.named.sum() == 0.0
    assert quality.verdict.tolist() == [["origin_recording"]]
    assert quality.coverage[0, 0] > 5
    assert np.isnan(claimable_gap(upstream, heard, quality, event)).all()


def by_month(rows):
    sums = rows.group_by("period").agg(nw.col("value").sum()).collect("pyarrow").to_native()
    return dict(zip(sums["period"].to_pylist(), sums["value"].to_pylist(), strict=True))
