"""Codes of two sides at one level: as published where they are, else added up from finer ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lake_rows import flow_row, flow_table

from entrepot.api import PairQuestion, mirror_pairs
from entrepot.api.silence import Span
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, SOURCES

pytestmark = pytest.mark.engines

JANUARY = date(2022, 1, 1)


def sent(exporter, commodity, value):
    """A member state's export to Georgia, at eight digits or six."""
    return flow_row(
        dataset="comext", reporter=exporter, partner="GE", commodity=commodity, value=value
    )


def received(commodity, value):
    """Georgia's import of the same goods."""
    return flow_row(
        dataset="comtrade",
        reporter="GE",
        partner="DE",
        flow="M",
        valuation="CIF",
        classification="H6",
        commodity=commodity,
        value=value,
    )


@pytest.fixture
def found(tmp_path):
    """What ``mirror_pairs`` finds at one level in a lake of some rows."""

    def ask(*rows, level="HS6", goods=(), exporters="DE", last=JANUARY):
        table = flow_table(*rows)
        words = dict.fromkeys(("publisher", "licence", "path", "reader", "sha256"), "test")
        counts = {"size_bytes": 1, "row_count": table.num_rows}
        source = arrow_rows(
            SOURCES,
            1,
            {**words, **counts, "source_id": "s1", "dataset": "comext", "vintage": "2024-01-01"}
            | {"retrieved_at": datetime(2024, 1, 1, tzinfo=UTC)},
        )
        with Lake(tmp_path / "lake") as lake:
            with lake.write() as transaction:
                transaction.put(FLOWS, table, unit="s1")
                transaction.put(SOURCES, source, unit="s1")
            question = PairQuestion(
                exporters=exporters,
                importers="GE",
                span=Span(JANUARY, last, "M"),
                exports_from="comext",
                imports_from="comtrade",
                recorded_by="partner",
                level=level,
                goods=goods,
                per=("commodity",),
            )
            return mirror_pairs(lake, question)

    return ask


def ratios(result):
    return {row["commodity"]: row["mirror_ratio"] for row in result.rows.to_pylist()}


def test_eight_digits_of_a_member_state_are_added_up_to_the_six_of_its_mirror(found):
    result = found(
        sent("DE", "87032319", 60.0), sent("DE", "87032390", 40.0), received("870323", 50.0)
    )
    assert ratios(result) == {"870323": 0.5}
    assert result.added == (("X", "CN8"),)


def test_a_heading_as_published_is_taken_and_its_codes_are_not_added_to_it(found):
    rows = (sent("DE", "87032319", 60.0), sent("DE", "870323", 90.0), received("870323", 45.0))
    result = found(*rows)
    assert ratios(result) == {"870323": 0.5}
    assert result.added == ()


def test_each_reporter_is_taken_from_its_own_codes(found):
    rows = (sent("DE", "87032319", 60.0), sent("LT", "870323", 40.0), received("870323", 50.0))
    result = found(*rows, exporters="DE,LT")
    assert ratios(result) == {"870323": 0.5}


def test_goods_are_chosen_among_the_codes_of_the_level(found):
    rows = (sent("DE", "87032319", 60.0), sent("DE", "85171300", 9.0), received("870323", 30.0))
    assert ratios(found(*rows, goods=("8703",))) == {"870323": 0.5}


def test_only_goods_asked_for_are_said_to_be_added_up(found):
    rows = (
        *(sent("DE", "870323", 60.0), sent("DE", "85171300", 9.0)),
        *(received("870323", 30.0), received("851713", 3.0)),
    )
    assert found(*rows, goods=("8703",)).added == ()
    assert found(*rows, goods=("85",)).added == (("X", "CN8"),)


def test_a_month_of_an_extract_of_other_goods_is_not_one_without_trade(found):
    february = {"period": date(2022, 2, 1), "source_id": "s2"}
    rows = (
        *(sent("DE", "870323", 60.0), sent("DE", "851713", 9.0)),
        *(sent("DE", "870323", 60.0) | {"period": date(2022, 2, 1)}, received("870323", 30.0)),
        received("851713", 3.0) | february,
    )
    result = found(*rows, goods=("8703",), last=date(2022, 2, 1))
    assert [(gap.flow, gap.period) for gap in result.silences] == [("M", date(2022, 2, 1))]
    assert ratios(result) == {"870323": 0.5}


def test_a_source_of_nearly_all_chapters_was_not_silent_where_it_holds_none_of_the_goods(found):
    february = {"period": date(2022, 2, 1), "source_id": "s2"}
    everything = [
        received(f"{chapter:02d}0110", 1.0) | february for chapter in range(1, 98) if chapter != 87
    ]
    rows = (
        *(sent("DE", "870323", 60.0), received("870323", 30.0), *everything),
        sent("DE", "870323", 60.0) | {"period": date(2022, 2, 1)},
    )
    result = found(*rows, goods=("8703",), last=date(2022, 2, 1))
    assert result.silences == ()
    assert ratios(result) == {"870323": 0.25}


def test_codes_that_are_coarser_than_asked_for_are_no_declaration_of_the_level(found):
    with pytest.raises(EstimateError, match=r"comtrade holds no imports \(flow M\) of \['GE'\]"):
        found(sent("DE", "87032319", 60.0), received("870323", 50.0), level="CN8")
