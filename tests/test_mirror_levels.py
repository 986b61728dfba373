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

    def ask(*rows, level="HS6", goods=(), exporters="DE"):
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
                span=Span(JANUARY, JANUARY, "M"),
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


def test_codes_that_are_coarser_than_asked_for_are_no_declaration_of_the_level(found):
    with pytest.raises(EstimateError, match=r"comtrade holds no imports \(flow M\) of \['GE'\]"):
        found(sent("DE", "87032319", 60.0), received("870323", 50.0), level="CN8")
