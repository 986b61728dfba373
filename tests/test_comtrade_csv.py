"""UN Comtrade in its three layouts: what becomes a row, what is counted, what is refused."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes.areas import areas
from entrepot.codes.comtrade import comtrade_area
from entrepot.errors import CodeError, SourceError
from entrepot.lake import open_lake
from entrepot.sources.comtrade_csv import read_comtrade
from entrepot.sources.comtrade_layout import CURRENT, LEGACY, TIDIED
from entrepot.sources.ingest import ingest
from entrepot.sources.reading import no_progress, source_file
from entrepot.tables import FLOWS

NOW = datetime(2024, 3, 20, tzinfo=UTC)

# Armenia's imports of cars from Germany in May 2022, over all modes of transport.
LINE = {
    **{"typeCode": "C", "freqCode": "M", "period": "202205", "reporterCode": "51"},
    **{"flowCode": "M", "partnerCode": "276", "partner2Code": "0", "classificationCode": "H6"},
    **{"cmdCode": "870323", "customsCode": "C00", "mosCode": "0", "motCode": "0"},
    **{"qtyUnitCode": "5", "qty": "2", "isQtyEstimated": "False", "netWgt": "3000"},
    **{"isNetWgtEstimated": "False", "cifvalue": "40000", "primaryValue": "40000"},
}
LEGACY_LINE = {
    **{"Classification": "H4", "Period": "2016", "Trade Flow Code": "2", "Reporter Code": "36"},
    **{"Partner Code": "842", "Commodity Code": "01", "Qty Unit Code": "1"},
    **{"Netweight (kg)": "70", "Trade Value (US$)": "500", "Flag": "0"},
}
TIDIED_LINE = {
    **{"year": "2022", "month": "1", "period": "2022-01-01", "period_desc": "202201"},
    **{"trade_code": "X", "reporter_code": "51", "partner_code": "203"},
    **{"commodity_code": "851713", "mot_code": "0", "QtyUnitCode": "5", "Qty": "54"},
    **{"IsQtyEstimated": "FALSE", "IsNetWgtEstimated": "FALSE", "netweight_kg": "11.4"},
    **{"trade_value_us": "28013.76", "cifvalue": "NA", "fobvalue": "28013.76"},
}
EXPORT = {"flowCode": "X", "cifvalue": "", "fobvalue": "40000"}


def line(**changes):
    return {**LINE, **changes}


def text_of(lines, header=CURRENT, delimiter=","):
    file = io.StringIO()
    writer = csv.DictWriter(file, header, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def read(path, now=NOW):
    """All rows of a file as dictionaries, and what was skipped."""
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in read_comtrade(source_file(path, now), no_progress).batches:
        rows += batch.rows.to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


@pytest.fixture
def read_lines(tmp_path):
    def write_and_read(*lines, header=CURRENT):
        path = tmp_path / "trade.csv"
        path.write_text(text_of(lines, header), "utf-8")
        return read(path)

    return write_and_read


def test_a_line_becomes_a_row_in_dollars_with_weight_and_pieces(read_lines):
    ((row,), skipped) = read_lines(line())
    assert len(row.pop("source_id")) == 16
    assert row == {
        "dataset": "comtrade",
        "freq": "M",
        "period": date(2022, 5, 1),
        "reporter": "AM",
        "partner": "DE",
        "partner2": "_T",
        "flow": "M",
        "classification": "H6",
        "commodity": "870323",
        "customs_procedure": "_T",
        "value": 40000.0,
        "currency": "USD",
        "valuation": "CIF",
        "net_weight_kg": 3000.0,
        "quantity": 2.0,
        "quantity_unit": "u",
        "obs_status": "A",
    }
    assert skipped == {}


def test_exports_are_fob_and_a_year_is_annual(read_lines):
    ((row,), _) = read_lines(line(**EXPORT, freqCode="A", period="2022"))
    assert (row["flow"], row["valuation"]) == ("X", "FOB")
    assert (row["freq"], row["period"]) == ("A", date(2022, 1, 1))


def test_the_legacy_layout_has_numbers_for_flows_and_no_quantity(read_lines):
    ((row,), _) = read_lines(LEGACY_LINE, header=LEGACY)
    assert (row["reporter"], row["partner"], row["flow"]) == ("AU", "US", "X")
    assert (row["classification"], row["commodity"], row["period"]) == (
        *("H4", "01"),
        date(2016, 1, 1),
    )
    assert (row["value"], row["valuation"], row["net_weight_kg"]) == (500.0, "FOB", 70.0)
    assert (row["quantity"], row["quantity_unit"]) == (None, None)


def test_the_legacy_bulk_file_lacks_what_is_never_broken_down(read_lines):
    breakdowns = ("2nd", "Customs", "Mode", "Alt", "Gross", "CIF", "FOB")
    header = tuple(name for name in LEGACY if not name.startswith(breakdowns))
    ((row,), _) = read_lines(LEGACY_LINE, header=header)
    assert len(header) == 22
    assert (row["partner2"], row["customs_procedure"]) == ("_T", "_T")


@pytest.mark.parametrize(
    ("flag", "weight", "quantity"),
    [("0", 70.0, 9.0), ("2", 70.0, None), ("4", None, 9.0), ("6", None, None)],
)
def test_the_legacy_flag_says_what_was_estimated(read_lines, flag, weight, quantity):
    ((row,), _) = read_lines(
        {**LEGACY_LINE, "Qty Unit Code": "5", "Qty": "9", "Flag": flag}, header=LEGACY
    )
    assert (row["net_weight_kg"], row["quantity"]) == (weight, quantity)


@pytest.mark.parametrize("header", [TIDIED, TIDIED[:-1]])
def test_the_tidied_layout_states_no_edition(read_lines, header):
    ((row,), _) = read_lines(TIDIED_LINE, header=header)
    assert (row["classification"], row["commodity"], row["period"]) == (
        *("HS", "851713"),
        date(2022, 1, 1),
    )
    assert (row["partner"], row["value"], row["valuation"]) == ("CZ", 28013.76, "FOB")
    assert (row["quantity"], row["net_weight_kg"]) == (54.0, 11.4)


def test_byte_order_mark_quotes_and_latin_bytes_do_no_harm(tmp_path):
    path = tmp_path / "phones.csv"
    names = ",".join(f'"{name}"' for name in TIDIED)
    row = {**TIDIED_LINE, "partner_code": "531", "partner": "Curaçao"}
    values = text_of([row], TIDIED).split("\n", 1)[1]
    path.write_bytes(b"\xef\xbb\xbf" + f"{names}\n{values}".encode("latin-1"))
    ((found,), _) = read(path)
    assert found["partner"] == "CW"


def test_gzip_and_tabs_of_the_bulk_files_are_known_by_content(tmp_path):
    path = tmp_path / "bulk.txt"
    header = tuple(name for name in CURRENT if not name.endswith(("Desc", "ISO", "Abbr")))
    path.write_bytes(gzip.compress(text_of([line()], header, "\t").encode()))
    ((row,), _) = read(path)
    assert row["value"] == 40000.0


def test_lines_may_end_in_one_more_comma(tmp_path):
    path = tmp_path / "TradeData.csv"
    header, *lines = text_of([line(), line(cmdCode="870324")]).splitlines()
    path.write_text("\n".join([header, *(f"{text}," for text in lines)]))
    rows, _ = read(path)
    assert [row["commodity"] for row in rows] == ["870323", "870324"]
    path.write_text("\n".join([header, f"{lines[0]},", f"{lines[1]},?"]))
    with pytest.raises(SourceError, match=r"TradeData.csv: '\?' stands behind the last column"):
        read(path)


def test_levels_overlap_and_stay_apart(read_lines):
    rows, skipped = read_lines(line(), line(cmdCode="8703"), line(cmdCode="TOTAL"))
    assert [row["commodity"] for row in rows] == ["870323", "8703", "TOTAL"]
    assert skipped == {}


def test_modes_of_transport_are_summed_where_no_line_is_for_all(read_lines):
    by_road = line(motCode="3200", cifvalue="10", primaryValue="10", qty="1", netWgt="4")
    by_air = line(motCode="1000", cifvalue="5", primaryValue="5", qty="2", netWgt="6")
    ((row,), skipped) = read_lines(by_road, by_air)
    assert (row["value"], row["quantity"], row["net_weight_kg"]) == (15.0, 3.0, 10.0)
    assert skipped == {"summed with another line of the same key": 1}


def test_a_line_for_all_modes_is_kept_alone(read_lines):
    part = line(motCode="3200", cifvalue="10", primaryValue="10")
    elsewhere = line(motCode="3200", partnerCode="398")
    rows, skipped = read_lines(part, line(), elsewhere)
    assert [(row["partner"], row["value"]) for row in rows] == [("DE", 4e4), ("KZ", 4e4)]
    assert skipped == {"of one mode of transport, beside a line for all of them": 1}


def test_what_is_open_in_one_mode_is_open_in_the_sum(read_lines):
    ((row,), _) = read_lines(
        line(motCode="3200"),
        line(motCode="1000", netWgt="", qtyUnitCode="-1", qty="0"),
    )
    assert (row["value"], row["net_weight_kg"], row["quantity"]) == (80000.0, None, None)


def test_customs_procedures_are_kept_apart_unless_a_line_is_for_all(read_lines):
    processing, normal = line(customsCode="C05"), line(customsCode="C01")
    rows, _ = read_lines(processing, normal)
    assert [row["customs_procedure"] for row in rows] == ["C05", "C01"]
    rows, skipped = read_lines(processing, line(), normal)
    assert [row["customs_procedure"] for row in rows] == ["_T"]
    assert skipped == {"of one customs procedure, beside a line for all of them": 2}


def test_consignment_stands_beside_the_total_told_apart_by_partner2(read_lines):
    rows, _ = read_lines(line(partner2Code=""), line(partner2Code="268", primaryValue="40000"))
    assert [row["partner2"] for row in rows] == ["_T", "GE"]


def test_the_world_and_groups_never_enter_flows(read_lines):
    rows, skipped = read_lines(
        line(partnerCode="0"), line(partnerCode="97"), line(reporterCode="97"), line()
    )
    assert [row["partner"] for row in rows] == ["DE"]
    assert skipped == {
        "partner is the world or a group, a sum over partners": 2,
        "reporter is a group or a country that is no more": 1,
    }


def test_unspecified_areas_are_summed(read_lines):
    ((row,), skipped) = read_lines(line(partnerCode="899"), line(partnerCode="837"))
    assert (row["partner"], row["value"]) == ("_X", 80000.0)
    assert skipped == {"summed with another line of the same key": 1}


def test_estimated_kilograms_and_quantities_are_left_open(read_lines):
    ((row,), skipped) = read_lines(line(isNetWgtEstimated="True", isQtyEstimated="1"))
    assert (row["net_weight_kg"], row["quantity"], row["quantity_unit"]) == (None, None, None)
    assert skipped == {
        "net weight estimated by the UN, left open": 1,
        "quantity estimated by the UN, left open": 1,
    }


def test_a_country_that_declares_imports_fob_is_believed(read_lines):
    ((row,), _) = read_lines(line(cifvalue="", fobvalue="40000"))
    assert row["valuation"] == "FOB"


def test_parts_by_processing_zeros_and_open_values_are_counted(read_lines):
    open_value = {"cifvalue": "", "primaryValue": "NA", "period": "202204"}
    rows, skipped = read_lines(
        line(flowCode="MIP"), line(cifvalue="0", primaryValue="0"), line(**open_value)
    )
    assert rows == []
    assert skipped == {
        "part of imports or exports, for or after processing": 1,
        "value not available": 1,
        "zero value": 1,
    }


def test_a_unit_newer_than_our_list_keeps_its_number(read_lines):
    ((row,), _) = read_lines(line(qtyUnitCode="47"))
    assert row["quantity_unit"] == "unit 47 of UN Comtrade"


BROKEN = {
    "unknown area": ({"partnerCode": "999"}, "partnerCode is '999': area code is '999', expected"),
    "no partner": ({"partnerCode": ""}, "partnerCode is '': area code is '', expected"),
    "unknown flow": ({"flowCode": "Z"}, "flowCode is 'Z': expected one of"),
    "services": ({"typeCode": "S"}, "Services are not read"),
    "another classification": ({"classificationCode": "S4"}, "SITC and BEC are not read"),
    "lost zero": ({"cmdCode": "10121"}, "A leading zero was lost"),
    "no code": ({"cmdCode": "cars"}, "expected TOTAL, 2, 4 or 6 digits"),
    "no month": ({"period": "202213"}, "expected a year like '2022' or a month like '202203'"),
    "year among months": ({"period": "2022"}, "expected a month like 202203 where freqCode is 'M'"),
    "future": ({"period": "202404"}, "period is about 2024-04-01, expected none after 2024-03-20"),
    "negative": ({"primaryValue": "-1", "cifvalue": "-1"}, "is -1.0, expected a number"),
    "no number": ({"primaryValue": "1 000"}, "primaryValue: CSV conversion error"),
    "neither CIF nor FOB": (
        {"primaryValue": "50", "cifvalue": "60", "fobvalue": "40"},
        "primaryValue is 50.00, expected the CIF value 60.00 or the FOB value 40.00",
    ),
    "flag": ({"isQtyEstimated": "perhaps"}, "isQtyEstimated is 'perhaps': expected one of"),
}


@pytest.mark.parametrize(("changes", "message"), BROKEN.values(), ids=BROKEN)
def test_a_line_that_cannot_be_is_refused_by_number(read_lines, changes, message):
    with pytest.raises(SourceError) as error:
        read_lines(line(), line(cmdCode="870324", **changes) if "cmdCode" not in changes
                   else line(**changes))  # fmt: skip
    assert str(error.value).startswith("trade.csv, line 3: ")
    assert message in str(error.value)


def test_a_line_that_stands_twice_is_refused(read_lines):
    with pytest.raises(SourceError, match=r"trade.csv, line 4: .* stands in line 2 already"):
        read_lines(line(), line(cmdCode="870324"), line(primaryValue="7", cifvalue="7"))


def test_modes_valued_differently_cannot_be_summed(read_lines):
    with pytest.raises(SourceError, match=r"line 3: valued FOB, expected what the other modes"):
        read_lines(line(motCode="3200"), line(motCode="1000", cifvalue="", fobvalue="40000"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ((*CURRENT[:-1], "isGuess"), r"\['isGuess'\] unknown"),
        (CURRENT[:-4], r"\['primaryValue'\] missing"),
        ((*CURRENT, "period"), "expected each column of the layout once"),
    ],
)
def test_a_changed_header_is_refused_and_named(read_lines, header, message):
    fields = {name: value for name, value in LINE.items() if name in header}
    with pytest.raises(SourceError, match=rf"header differs from UN Comtrade's current.*{message}"):
        read_lines(fields, header=header)


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.csv.gz"
    lines = [line(cmdCode=f"{code:06d}") for code in range(10_000, 30_000)]
    whole = gzip.compress(text_of(lines).encode())
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut.csv.gz: not a whole gzip file"):
        read(path)
    path.write_text(text_of([line()]).rsplit(",", 9)[0])
    with pytest.raises(SourceError, match=r"line 2: .*expected 47 values in every line"):
        read(path)
    path.write_text(text_of([]))
    with pytest.raises(SourceError, match="holds a header and no line"):
        read(path)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0", "3200", "1000"]),
            st.sampled_from(["276", "899", "837", "0"]),
            st.sampled_from(["C00", "C01"]),
            st.integers(0, 1000),
        ),
        unique_by=lambda entry: entry[:3],
        min_size=1,
    )
)
def test_no_value_is_lost_and_none_counted_twice(tmp_path_factory, entries):
    """A law: what a group of lines adds up to is its line for all modes, or the sum of modes."""
    path = tmp_path_factory.mktemp("comtrade") / "trade.csv"
    lines = [
        line(motCode=m, partnerCode=p, customsCode=c, cifvalue=str(v), primaryValue=str(v))
        for m, p, c, v in entries
    ]
    path.write_text(text_of(lines))
    rows, _ = read(path)

    modes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for mode, partner, customs, value in entries:
        if partner != "0" and value:
            modes[partner, customs][mode] = value
    sums = {key: m["0"] if "0" in m else sum(m.values()) for key, m in modes.items()}
    expected: Counter[tuple[str, str]] = Counter()
    for (partner, customs), value in sums.items():
        if customs == "C00" or (partner, "C00") not in sums:
            area = "DE" if partner == "276" else "_X"
            expected[area, "_T" if customs == "C00" else customs] += value
    assert {(r["partner"], r["customs_procedure"]): r["value"] for r in rows} == expected


def test_every_m49_number_is_an_area_and_comtrades_own_come_first():
    own = {"842": "US", "251": "FR", "757": "CH", "699": "IN", "579": "NO", "490": "TW"}
    assert {code: comtrade_area(code).area for code in own} == own
    others = {a.alpha2 for a in areas() if a.m49 and comtrade_area(a.m49).area != a.alpha2}
    assert others == {
        "MC"
    }  # 492 is "Europe EU, nes" there: Monaco is in the customs area of France
    assert comtrade_area("4").area == "AF"
    with pytest.raises(CodeError, match="area code is '7000', expected a number"):
        comtrade_area("7000")


FILES = ("vehicle_trade_armenia", "vehicle_trade_georgia", "mobile_phone_reexports")


@pytest.mark.parametrize("name", FILES)
def test_armenia_and_georgia_add_up_to_their_files(tmp_path, shared, name):
    """Sums by flow, level and month, as the csv module adds them up from the same bytes."""
    path = shared / "data" / "comtrade-am-ge" / f"{name}.csv"
    text = path.read_bytes().decode("latin-1").removeprefix("ï»¿")
    expected: dict[tuple[str, str, str], float] = defaultdict(float)
    keys = set()
    for entry in csv.DictReader(io.StringIO(text)):
        month = entry["period_desc"]
        expected[entry["trade_code"], entry["commodity_code"], month] += float(
            entry["trade_value_us"]
        )
        where = (entry["partner_code"], entry["commodity_code"])
        keys.add((entry["trade_code"], month, *where))
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path])
        rows = lake.table(FLOWS).collect().rows(named=True)
    assert (result.dataset, result.row_count) == ("comtrade", len(keys))
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows:
        found[row["flow"], row["commodity"], f"{row['period']:%Y%m}"] += row["value"]
    assert found == pytest.approx(expected)
