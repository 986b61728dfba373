"""What a source can say of goods that it does not hold: nothing, unless it was asked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lake_rows import flow_row, flow_table

from entrepot.api.goods_held import ALL_CHAPTERS, can_tell
from entrepot.api.held import sides_asked, unheld_partners
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, SOURCES

FEBRUARY = date(2022, 2, 1)


@pytest.fixture
def lake_of(tmp_path):
    """A lake of some rows and the readers of their sources."""

    def make(*rows, **readers):
        lake = Lake(tmp_path / "lake")
        words = dict.fromkeys(("dataset", "publisher", "licence", "path", "sha256"), "test")
        words["dataset"], words["vintage"] = "comext", "2024-01-01"
        words["retrieved_at"] = datetime(2024, 1, 1, tzinfo=UTC)
        with lake.write() as transaction:
            for source in sorted({row["source_id"] for row in rows}):
                own = [row for row in rows if row["source_id"] == source]
                about = {"source_id": source, "reader": readers.get(source, "comext_workbook")}
                counts = {"size_bytes": 1, "row_count": len(own)}
                transaction.put(FLOWS, flow_table(*own), unit=source)
                known = arrow_rows(SOURCES, 1, words | about | counts)
                transaction.put(SOURCES, known, unit=source)
        return lake

    return make


def telling(lake, *goods):
    rows = lake.table(FLOWS)
    found = can_tell(lake, rows, goods, rows).collect("pyarrow").to_native()
    return sorted(set(found["source_id"].to_pylist()))


CARS = flow_row(source_id="cars", commodity="87032319")
BUSES = flow_row(source_id="cars", commodity="87021011", period=FEBRUARY)
PHONES = flow_row(source_id="phones", commodity="85171300", period=FEBRUARY)


def test_a_file_that_was_asked_for_the_goods_tells_of_months_without_them(lake_of):
    with lake_of(CARS, BUSES, PHONES) as lake:
        assert telling(lake, "8703") == ["cars"]
        assert telling(lake, "8517", "8703") == ["cars", "phones"]
        assert telling(lake) == ["cars", "phones"]


def test_a_publishers_file_of_whole_months_tells_of_all_goods(lake_of):
    with lake_of(CARS, PHONES, phones="comext_bulk") as lake:
        assert telling(lake, "8703") == ["cars", "phones"]


@pytest.mark.parametrize(("chapters", "tells"), [(ALL_CHAPTERS, True), (ALL_CHAPTERS - 1, False)])
def test_a_list_of_goods_is_not_all_goods_however_long(lake_of, chapters, tells):
    many = [
        flow_row(source_id="many", commodity=f"{number:02d}010000", period=FEBRUARY)
        for number in range(1, chapters + 1)
    ]
    with lake_of(CARS | {"commodity": "97030000"}, *many) as lake:
        assert ("many" in telling(lake, "9703")) is tells


def test_a_partner_without_a_row_is_not_held_but_in_whole_months_it_is_nil(lake_of):
    exports, _ = sides_asked("comext", "comtrade")
    with lake_of(CARS) as lake:
        assert unheld_partners(lake, exports, {"DE"}, {"KG", "KZ"}) == ("KZ",)
    with lake_of(CARS | {"source_id": "bulk"}, bulk="comext_bulk") as lake:
        assert unheld_partners(lake, exports, {"DE"}, {"KG", "KZ"}) == ()
