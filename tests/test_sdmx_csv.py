"""Comext as SDMX-CSV: three lines are one trade, sums stay out, secrets stay secret."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from comext_files import bulk_line, write_bulk
from hypothesis import given, settings
from hypothesis import strategies as st
from test_comext_bulk import read as read_month

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.sources.reading import no_progress, source_file
from entrepot.sources.sdmx_csv import read_comext_sdmx
from entrepot.tables import FLOWS, SOURCES

NOW = datetime(2026, 10, 1, tzinfo=UTC)
HEADER = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
HEADER_2 = HEADER.replace("DATAFLOW,LAST UPDATE", "STRUCTURE,STRUCTURE_ID")
VALUE, WEIGHT, PIECES = "VALUE_IN_EUROS", "QUANTITY_IN_100KG", "SUPPLEMENTARY_QUANTITY"
# German cars to Kyrgyzstan in January 2022.
CARS = {"freq": "M", "reporter": "DE", "partner": "KG", "product": "87032319", "flow": "2"}


def line(indicator, amount, *, dataset="DS-045409", period="2022-01", flag=None, **changes):
    """One line of an answer; with a flag, one of the data browser."""
    trade = ",".join((CARS | changes).values())
    text = f"ESTAT:{dataset}(1.0),16/07/26 11:00:00,{trade},{indicator},{period},{amount}"
    return text if flag is None else f"{text},{flag}"


def text_of(*lines, header=HEADER):
    return "\n".join([header, *lines]) + "\n"


def read(path):
    """All rows of a file as dictionaries without their source, and what was skipped."""
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in read_comext_sdmx(source_file(path, NOW), no_progress).batches:
        rows += batch.rows.drop_columns(["source_id"]).to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


@pytest.fixture
def read_lines(tmp_path):
    def write_and_read(*lines, header=HEADER):
        path = tmp_path / "answer.csv"
        path.write_text(text_of(*lines, header=header))
        return read(path)

    return write_and_read


def test_three_indicators_of_one_trade_are_one_row(read_lines):
    lines = (line(WEIGHT, "14.00"), line(VALUE, "50000"), line(PIECES, "1"))
    ((row,), skipped) = read_lines(*lines)
    assert row == {
        "dataset": "comext",
        "freq": "M",
        "period": date(2022, 1, 1),
        "reporter": "DE",
        "partner": "KG",
        "partner2": "_T",
        "flow": "X",
        "classification": "CN",
        "commodity": "87032319",
        "customs_procedure": "_T",
        "value": 50000.0,
        "currency": "EUR",
        "valuation": "FOB",
        "net_weight_kg": 1400.0,  # 14 x 100 kg
        "quantity": 1.0,
        "quantity_unit": "supplementary unit of the CN",
        "obs_status": "A",
    }
    assert skipped == {}


def test_what_was_not_asked_for_is_open(read_lines):
    ((row,), _) = read_lines(line(VALUE, 7))
    assert (row["net_weight_kg"], row["quantity"], row["quantity_unit"]) == (None, None, None)


def test_the_dataset_of_all_reporters_counts_in_kilograms(read_lines):
    other = {"dataset": "DS-059341", "reporter": "NO", "product": "870323", "flow": "1"}
    ((row,), _) = read_lines(line("VALUE_EUR", 7, **other), line("QUANTITY_KG", 14, **other))
    assert (row["reporter"], row["flow"], row["valuation"]) == ("NO", "M", "CIF")
    assert (row["net_weight_kg"], row["classification"]) == (14.0, "HS")


def test_of_the_dataset_by_sitc_only_the_total_is_read(read_lines):
    ((row,), _) = read_lines(line("VALUE_EUR", 7, dataset="DS-059331", product="TOTAL"))
    assert (row["commodity"], row["classification"]) == ("TOTAL", "HS")
    with pytest.raises(SourceError, match=r"product is '33': expected TOTAL. Goods by SITC are"):
        read_lines(line("VALUE_EUR", 7, dataset="DS-059331", product="33"))


def test_pieces_of_a_heading_have_no_unit_and_are_left_open(read_lines):
    heading = {"product": "8703"}
    ((row,), _) = read_lines(line(VALUE, 7, **heading), line(PIECES, 3, **heading))
    assert (row["commodity"], row["classification"], row["quantity"]) == ("8703", "HS", None)


def test_years_and_months_stay_apart(read_lines):
    rows, _ = read_lines(line(VALUE, 7), line(VALUE, 90, period="2022", freq="A"))
    assert [(r["freq"], r["period"], r["value"]) for r in rows] == [
        *[("M", date(2022, 1, 1), 7.0)],
        ("A", date(2022, 1, 1), 90.0),
    ]


def test_sums_over_countries_never_enter_flows(read_lines):
    rows, skipped = read_lines(
        line(VALUE, 1, partner="WORLD"),
        line(VALUE, 2, partner="EU27_2020_EXTRA"),
        line(VALUE, 3, reporter="EU27_2020"),
        line(VALUE, 4),
    )
    assert [row["value"] for row in rows] == [4.0]
    assert skipped == {"sum over several countries": 2, "reporter is a sum over countries": 1}


def test_stores_and_unspecified_partners_are_summed_and_secret_ones_are_marked(read_lines):
    rows, skipped = read_lines(
        *(
            line(VALUE, 5, partner="QS"),
            line(VALUE, 7, partner="QW"),
            line(WEIGHT, 1, partner="QS"),
        ),
        line(VALUE, 9, partner="QZ", flow="1"),
    )
    assert [(r["partner"], r["value"], r["obs_status"]) for r in rows] == [
        ("_X", 12.0, "A"),
        ("_X", 9.0, "C"),
    ]
    assert rows[0]["net_weight_kg"] is None  # open for one of the two
    assert skipped == {"summed with another line of the same key": 1}


def test_a_secret_product_keeps_its_code(read_lines):
    ((row,), _) = read_lines(line(VALUE, 5, product="39XXXXXX"))
    assert (row["commodity"], row["classification"], row["obs_status"]) == ("39XXXXXX", "CN", "C")


def test_flags_tell_declared_from_estimated_and_secret(read_lines):
    flags = {"AM": "", "KZ": "p", "UZ": "e", "BY": "c"}
    rows, skipped = read_lines(
        *(line(VALUE, 1, partner=partner, flag=flag) for partner, flag in flags.items()),
        line(VALUE, "", partner="GE", flag="c"),
        line(VALUE, ":", partner="TR", flag=""),
        line(VALUE, 0, partner="RS", flag=""),
        header=f"{HEADER},OBS_FLAG",
    )
    assert [row["obs_status"] for row in rows] == ["A", "A", "E", "C"]
    assert skipped == {"confidential value": 1, "value not available": 1, "zero value": 1}


def test_the_newer_format_says_not_when_it_was_updated(tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text(text_of(line(VALUE, 7)))
    older = read(path)
    assert read_comext_sdmx(source_file(path, NOW), no_progress).vintage == "2026-07-16T11:00:00"
    newer = line(VALUE, 7).replace("ESTAT", "dataflow,ESTAT").replace(",16/07/26 11:00:00", "")
    path.write_bytes(gzip.compress(text_of(newer, header=HEADER_2).encode()))
    assert read(path) == older
    assert read_comext_sdmx(source_file(path, NOW), no_progress).vintage == "2026-10-01"


BROKEN = {
    "labels": ({"reporter": "Germany"}, "reporter is 'Germany': Comext partner is 'Germany'"),
    "partner": ({"partner": "ZZ"}, "partner is 'ZZ': Comext partner is 'ZZ', expected a code"),
    "stores declare nothing": ({"reporter": "QS"}, "reporter is 'QS': expected a country"),
    "flow": ({"flow": "4"}, "flow is '4': expected one of ['1', '2', '3']"),
    "lost zero": ({"product": "1012100"}, "A leading zero was lost"),
    "no code": ({"product": "cars"}, "expected TOTAL, 2, 4, 6 or 8 digits, or a code like 39X"),
    "no month": ({"period": "2022-13"}, "TIME_PERIOD is '2022-13': expected a year like '2022'"),
    "a year among months": ({"period": "2022"}, "expected a year where freq is 'A' and a month"),
    "quarter": ({"freq": "Q"}, "freq is 'Q': expected one of ['A', 'M']"),
    "future": ({"period": "2026-11"}, "about 2026-11-01, expected none after 2026-10-01"),
    "negative": ({"amount": "-1"}, "OBS_VALUE is '-1': expected a number, zero or more"),
    "other dataset": ({"dataset": "DS-059334"}, "expected one of ['ESTAT:DS-045409(1.0)'"),
    "other unit": ({"indicator": "VALUE_NAC"}, "indicators is 'VALUE_NAC': expected one of"),
    "no date": ({"updated": "yesterday"}, "LAST UPDATE is 'yesterday': expected day, month"),
}


@pytest.mark.parametrize(("changes", "message"), BROKEN.values(), ids=BROKEN)
def test_a_line_that_cannot_be_is_refused_by_number(read_lines, changes, message):
    other = dict(changes)
    indicator, amount = other.pop("indicator", VALUE), other.pop("amount", 7)
    updated = other.pop("updated", "16/07/26 11:00:00")
    broken = line(indicator, amount, **other).replace("16/07/26 11:00:00", updated)
    with pytest.raises(SourceError) as error:
        read_lines(line(VALUE, 7, product="87032410"), broken)
    assert str(error.value).startswith("answer.csv, line 3: ")
    assert message in str(error.value)


def test_a_file_that_is_not_one_download_with_values_is_refused(read_lines):
    with pytest.raises(SourceError, match=r"line 3: .* stands in line 2 already, expected once"):
        read_lines(line(VALUE, 7), line(VALUE, 8))
    with pytest.raises(SourceError, match=r"DATAFLOW is .*expected one dataset"):
        read_lines(line(VALUE, 7), line("VALUE_EUR", 7, dataset="DS-059341"))
    with pytest.raises(SourceError, match="expected 'VALUE_IN_EUROS' among them"):
        read_lines(line(WEIGHT, 7))
    with pytest.raises(SourceError, match="Ask Eurostat for codes without labels"):
        read_lines(line(VALUE, 7), header=HEADER.replace("reporter", "reporter:Reporter"))


def test_the_lake_knows_the_layout_and_its_update(tmp_path):
    path = tmp_path / "anything.txt"
    path.write_text(text_of(line(VALUE, 7), line(WEIGHT, 1)))
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path], retrieved_at=NOW)
        (source,) = lake.table(SOURCES).collect().rows(named=True)
        assert lake.table(FLOWS).collect().shape[0] == 1
    assert (result.dataset, result.reader, source["vintage"]) == (
        *("comext", "comext_sdmx"),
        "2026-07-16T11:00:00",
    )


trades = st.dictionaries(
    st.tuples(
        st.sampled_from(["DE", "LT", "GR"]),
        st.sampled_from(["KG", "XS", "QS", "QW", "QZ"]),
        st.sampled_from(["87032319", "01012100", "39XXXXXX"]),
        st.sampled_from(["1", "2"]),
    ),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**4)),
    min_size=1,
)


@settings(max_examples=25)
@given(trades)
def test_the_bulk_file_of_the_same_month_says_the_same(tmp_path_factory, facts):
    """A law: what both layouts hold, they hold alike; procedures and units are the bulk file's."""
    folder = tmp_path_factory.mktemp("comext")
    lines, month = [], []
    for (reporter, partner, product, flow), (euro, hundreds) in facts.items():
        what = {"reporter": reporter, "partner": partner, "product": product, "flow": flow}
        lines += [line(VALUE, euro, period="2024-01", **what)]
        lines += [line(WEIGHT, hundreds, period="2024-01", **what)]
        month += [
            bulk_line(
                REPORTER=reporter,
                PARTNER=partner,
                PRODUCT_NC=product,
                FLOW=flow,
                VALUE_EUR=str(euro),
                QUANTITY_KG=str(hundreds * 100),
            )
        ]
    (folder / "answer.csv").write_text(text_of(*lines))
    rows, _ = read(folder / "answer.csv")
    expected, _ = read_month(write_bulk(folder / "full_v2_202401.dat", month))
    left_out = {"customs_procedure", "quantity", "quantity_unit", "source_id"}

    def facts_of(found):
        bare = [{k: v for k, v in row.items() if k not in left_out} for row in found]
        return sorted(bare, key=str)

    assert facts_of(rows) == facts_of(expected)
