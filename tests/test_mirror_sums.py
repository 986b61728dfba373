"""Sums of mirrored trade: a ratio compares only what both sides published."""

from datetime import date

import pyarrow as pa
import pytest
from both_engines import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.api.silence import Span, gaps, whole_of, with_silent
from entrepot.lake import Lake
from entrepot.trade.mirror import mirror
from entrepot.trade.mirror_sums import compared, month_counts, whole_sums

pytestmark = pytest.mark.engines

YEAR = date(2022, 1, 1)
SPAN = Span(YEAR, YEAR, "A")
EU = {"DE", "LT", "EU_X"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("sums") / "lake") as opened:
        yield opened


def declared(reporter, partner, flow, value, **other):
    valuation = "FOB" if flow == "X" else "CIF"
    year = {"freq": "A", "period": YEAR, "commodity": "TOTAL", "valuation": valuation}
    return flow_row(reporter=reporter, partner=partner, flow=flow, value=value, **year) | other


def sent(exporter, value, **other):
    """What an exporter declared as sent to Kyrgyzstan in 2022."""
    return declared(exporter, "KG", "X", value, **other)


def received(exporter, value, **other):
    """What Kyrgyzstan declared as received."""
    return declared("KG", exporter, "M", value, **other)


def monthly(row, months):
    return [row | {"freq": "M", "period": date(2022, month, 1)} for month in months]


def collected(frame):
    return frame.collect("pyarrow").to_native()


def sums(lake, *rows, by=(), named=frozenset(EU), span=SPAN, rule="either"):
    flows = lake.frame(flow_table(*rows))
    whole = lake.frame(whole_of(collected(month_counts(flows, span.freq)), span))
    pairs = mirror(whole_sums(flows, whole, span.freq), rule)
    return collected(compared(pairs, whole, named, by)).to_pylist()


def test_mirror_ratio_of_a_sum_is_that_of_the_sums(lake):
    rows = (sent("DE", 80.0), received("DE", 11.0), sent("LT", 20.0), received("LT", 14.0))
    (row,) = sums(lake, *rows)
    assert row["mirror_ratio"] == pytest.approx(0.25)  # 25 of 100, not the mean of 0.14 and 0.70


def test_an_import_not_declared_in_a_year_that_was_published_is_nil(lake):
    (row,) = sums(lake, sent("DE", 51.1), received("CN", 90.0), by=("importer",))
    assert (row["declared_import"], row["mirror_ratio"]) == (None, 0.0)
    assert row["export_only"] == 51.1


def test_an_import_of_a_year_that_was_not_published_is_open(lake):
    earlier = received("DE", 5.0, period=date(2021, 1, 1))
    row = max(sums(lake, sent("DE", 84.0), earlier, by=("period",)), key=lambda r: r["period"])
    assert (row["declared_export"], row["declared_import"]) == (84.0, None)
    assert (row["mirror_ratio"], row["export_only"]) == (None, 0.0)
    assert row["caveats"] == "incomplete_reporting booked_by_partner"


def test_what_a_silent_exporter_sent_is_left_out_of_both_sides_of_the_ratio(lake):
    rows = (sent("DE", 80.0), received("DE", 60.0), received("LT", 40.0))
    (row,) = sums(lake, *rows)
    assert (row["declared_import"], row["compared_import"]) == (100.0, 60.0)
    assert row["mirror_ratio"] == pytest.approx(0.75)
    assert "incomplete_reporting" in row["caveats"]


def test_an_exporter_that_published_the_year_but_nothing_of_this_trade_sent_nil(lake):
    elsewhere = declared("LT", "UZ", "X", 3.0)
    rows = (sent("DE", 80.0), received("DE", 60.0), received("LT", 4.0), elsewhere)
    row = next(r for r in sums(lake, *rows, by=("importer",)) if r["importer"] == "KG")
    assert (row["mirror_ratio"], row["import_only"]) == (pytest.approx(0.8), 4.0)


@pytest.mark.parametrize(("months", "ratio"), [(12, 0.5), (11, None)])
def test_a_year_of_fewer_than_twelve_months_is_open_and_not_a_small_year(lake, months, ratio):
    rows = [sent("DE", 120.0), *monthly(received("DE", 5.0), range(1, months + 1))]
    (row,) = sums(lake, *rows)
    assert row["mirror_ratio"] == ratio


def test_twelve_months_replace_the_yearly_row_of_the_same_year(lake):
    rows = [sent("DE", 120.0), received("DE", 1.0), *monthly(received("DE", 5.0), range(1, 13))]
    assert [row["declared_import"] for row in sums(lake, *rows)] == [60.0]


def test_a_month_is_compared_with_the_same_month(lake):
    span = Span(date(2022, 1, 1), date(2022, 2, 1), "M")
    rows = [*monthly(sent("DE", 10.0), (1, 2)), *monthly(received("DE", 5.0), (1,))]
    found = {row["period"].month: row for row in sums(lake, *rows, by=("period",), span=span)}
    assert (found[1]["mirror_ratio"], found[2]["mirror_ratio"]) == (0.5, None)


def test_members_that_are_not_named_count_where_all_members_are_asked_for(lake):
    rows = (sent("DE", 100.0), received("DE", 70.0), received("EU_X", 8.0), received("_X", 9.0))
    (row,) = sums(lake, *rows)
    assert (row["declared_import"], row["mirror_ratio"]) == (78.0, pytest.approx(0.78))
    assert (row["grouping_import"], row["unspecified_import"]) == (8.0, 9.0)
    assert "partner_not_specified" in row["caveats"]
    (one,) = sums(lake, *rows, named={"DE"})
    assert (one["declared_import"], one["unspecified_import"]) == (70.0, 17.0)


def test_both_rules_stand_beside_the_same_export(lake):
    rows = (
        sent("DE", 100.0),
        received("DE", 78.0),
        received("_T", 91.0, partner2="DE"),
    )
    found = {row["recorded_by"]: row for row in sums(lake, *rows, rule="both")}
    assert {rule: row["mirror_ratio"] for rule, row in found.items()} == {
        "partner": pytest.approx(0.78),
        "consignment": pytest.approx(0.91),
    }
    assert {row["declared_export"] for row in found.values()} == {100.0}
    assert "booked_by_partner" not in found["consignment"]["caveats"]


amounts = st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), min_size=1, max_size=6)


@settings(max_examples=examples(15))
@given(amounts)
def test_sums_of_exporters_are_the_sum_of_all(lake, values):
    names = ("AT", "BE", "DE", "FR", "LT", "LV")[: len(values)]
    rows = [
        row
        for name, (export, came) in zip(names, values, strict=True)
        for row in (sent(name, float(export)), received(name, float(came)))
    ]
    (whole,) = sums(lake, *rows, named=set(names))
    parts = sums(lake, *rows, named=set(names), by=("exporter",))
    for side in ("declared_export", "declared_import", "compared_export", "compared_import"):
        assert sum(row[side] for row in parts) == pytest.approx(whole[side])


def test_gaps_name_who_published_how_many_months_of_what():
    span = Span(date(2022, 1, 1), date(2023, 1, 1), "A")
    counts = pa.table(
        {
            "flow": ["X", "X", "M"],
            "reporter": ["DE", "DE", "KG"],
            "period": [date(2022, 1, 1), date(2023, 1, 1), date(2022, 1, 1)],
            "freq": ["M", "M", "A"],
            "month_count": [12, 7, 12],
        }
    )
    found = gaps(counts, span, {"DE", "LT"}, {"KG"})
    assert [(g.flow, g.reporter, g.period.year, g.month_count) for g in found] == [
        ("X", "DE", 2023, 7),
        ("X", "LT", 2022, 0),
        ("X", "LT", 2023, 0),
        ("M", "KG", 2023, 0),
    ]
    rows = pa.table({"period": [date(2022, 1, 1), date(2023, 1, 1)], "importer": ["KG", "KG"]})
    named = with_silent(rows, found, ("period", "importer")).sort_by("period").to_pylist()
    assert [row["silent_exporters"] for row in named] == ["LT", "DE LT"]
    assert [row["silent_importers"] for row in named] == [None, "KG"]
    (everywhere,) = with_silent(pa.table({"currency": ["EUR"]}), found, ()).to_pylist()
    assert everywhere["silent_exporters"] == "DE LT"


@pytest.mark.parametrize(
    ("span", "periods", "last_month"),
    [
        (Span(date(2022, 11, 1), date(2023, 2, 1), "M"), (11, 12, 1, 2), date(2023, 2, 1)),
        (Span(date(2022, 1, 1), date(2023, 1, 1), "A"), (1, 1), date(2023, 12, 1)),
    ],
)
def test_a_span_knows_its_periods(span, periods, last_month):
    assert tuple(day.month for day in span.periods()) == periods
    assert span.last_month == last_month
