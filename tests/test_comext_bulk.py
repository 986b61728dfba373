"""A month of Comext's bulk download becomes rows with kilograms, units and secrets kept apart."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from comext_files import bulk_line, write_bulk
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import SourceError
from entrepot.sources.bulk_file import COLUMNS
from entrepot.sources.comext_bulk import read_bulk
from entrepot.sources.reading import no_progress, source_file

NOW = datetime(2024, 3, 20, tzinfo=UTC)


def read(path, now=NOW):
    """All rows of a bulk file as dictionaries, and what was skipped."""
    workspace = path.parent / "workspace"
    workspace.mkdir(exist_ok=True)
    reading = read_bulk(source_file(path, now), workspace, no_progress)
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in reading.batches:
        rows += batch.rows.to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "full_v2_202401.dat"


def test_a_line_becomes_a_row_with_weight_and_pieces(path):
    ((row,), skipped) = read(write_bulk(path, [bulk_line()]))
    del row["source_id"]
    assert row == {
        "dataset": "comext",
        "freq": "M",
        "period": date(2024, 1, 1),
        "reporter": "DE",
        "partner": "KG",
        "partner2": "_T",
        "flow": "X",
        "classification": "CN",
        "commodity": "87032319",
        "customs_procedure": "1",
        "value": 50000.0,
        "currency": "EUR",
        "valuation": "FOB",
        "net_weight_kg": 1400.0,
        "quantity": 1.0,
        "quantity_unit": "PST",
        "obs_status": "A",
    }
    assert skipped == {}


def test_imports_carry_freight(path):
    ((row,), _) = read(write_bulk(path, [bulk_line(FLOW="1")]))
    assert (row["flow"], row["valuation"]) == ("M", "CIF")


def test_goods_without_a_supplementary_unit_have_no_quantity(path):
    line = bulk_line(SUPPL_UNIT="NO_SU", QUANTITY_SUPPL_UNIT="0")
    ((row,), _) = read(write_bulk(path, [line]))
    assert (row["quantity"], row["quantity_unit"]) == (None, None)


def test_an_open_weight_stays_open(path):
    ((row,), _) = read(write_bulk(path, [bulk_line(QUANTITY_KG="")]))
    assert row["net_weight_kg"] is None


def test_greece_and_serbia_go_by_their_iso_codes(path):
    ((row,), _) = read(write_bulk(path, [bulk_line(REPORTER="GR", PARTNER="XS")]))
    assert (row["reporter"], row["partner"]) == ("GR", "RS")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("suffix", [".dat", ".7z"])
def test_line_ends_and_packing_change_nothing(tmp_path, newline, suffix):
    path = tmp_path / f"full_v2_202401{suffix}"
    lines = [bulk_line(), bulk_line(PARTNER="AM", VALUE_EUR="7")]
    rows, _ = read(write_bulk(path, lines, newline=newline))
    assert [(row["partner"], row["value"], row["quantity"]) for row in rows] == [
        ("AM", 7.0, 1.0),
        ("KG", 50000.0, 1.0),
    ]


def test_month_52_is_the_whole_year(tmp_path):
    path = write_bulk(tmp_path / "full_v2_202352.dat", [bulk_line(PERIOD="202352")])
    ((row,), _) = read(path)
    assert (row["freq"], row["period"]) == ("A", date(2023, 1, 1))


def test_secret_partners_are_one_partner_not_specified(path):
    """QY (intra) and QZ (extra) both become _X and are summed; nobody else is touched."""
    lines = [
        bulk_line(PARTNER="QZ", VALUE_EUR="100", QUANTITY_KG="10", QUANTITY_SUPPL_UNIT="1"),
        bulk_line(PARTNER="QY", VALUE_EUR="50", QUANTITY_KG="5", QUANTITY_SUPPL_UNIT="2"),
        bulk_line(),
    ]
    lines[1]["TRADE_TYPE"] = "I"
    rows, skipped = read(write_bulk(path, lines))
    found = {row["partner"]: row for row in rows}
    secret = found["_X"]
    assert (secret["value"], secret["net_weight_kg"], secret["quantity"]) == (150.0, 15.0, 3.0)
    assert (secret["obs_status"], found["KG"]["obs_status"]) == ("C", "A")
    assert skipped == {"summed with another line of the same key": 1}


def test_a_weight_open_in_one_line_is_open_in_the_sum(path):
    lines = [bulk_line(PARTNER="QZ"), bulk_line(PARTNER="QY", QUANTITY_KG="")]
    ((row,), _) = read(write_bulk(path, lines))
    assert (row["net_weight_kg"], row["quantity"]) == (None, 2.0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_sum_does_not_depend_on_the_order_of_its_lines(path, order):
    """As binary fractions 0.1 + 0.2 + 0.3 is more than 0.3 + 0.2 + 0.1."""
    lines = [
        bulk_line(PARTNER=f"Q{x}", QUANTITY_KG=kg)
        for x, kg in zip("XYZ", ("0.1", "0.2", "0.3"), strict=True)
    ]
    ((row,), _) = read(write_bulk(path, [lines[place] for place in order]))
    assert row["net_weight_kg"] == 0.6


def test_ships_stores_are_not_secret(path):
    ((row,), _) = read(write_bulk(path, [bulk_line(PARTNER="QS")]))
    assert (row["partner"], row["obs_status"]) == ("_X", "A")


def test_a_product_kept_secret_keeps_its_code_and_says_so(path):
    rows, _ = read(write_bulk(path, [bulk_line(PRODUCT_NC="39XXXXXX"), bulk_line()]))
    assert {row["commodity"]: row["obs_status"] for row in rows} == {
        "39XXXXXX": "C",
        "87032319": "A",
    }


def test_sums_over_codes_and_countries_are_counted_and_not_kept(path):
    lines = [bulk_line(PRODUCT_NC=code) for code in ("87", "8703", "870323")]
    lines += [bulk_line(PARTNER="1010"), bulk_line(PRODUCT_NC="TOTAL"), bulk_line(VALUE_EUR="0")]
    ((row,), skipped) = read(write_bulk(path, lines))
    assert (row["commodity"], row["classification"]) == ("TOTAL", "HS")
    assert skipped == {
        "sum over CN8 codes (2, 4 or 6 digits)": 3,
        "sum over several countries": 1,
        "zero value": 1,
    }


def test_procedures_stay_apart(path):
    lines = [bulk_line(STAT_PROCEDURE=code) for code in "1239"]
    rows, _ = read(write_bulk(path, lines))
    assert sorted(row["customs_procedure"] for row in rows) == ["1", "2", "3", "9"]


def test_the_vintage_of_an_archive_is_when_it_was_written(tmp_path):
    path = write_bulk(tmp_path / "full_v2_202401.7z", [bulk_line()])
    reading = read_bulk(source_file(path, NOW), tmp_path, no_progress)
    assert reading.vintage[:4] == f"{datetime.now(UTC):%Y}"
    plain = write_bulk(tmp_path / "full_v2_202401.dat", [bulk_line()])
    assert read_bulk(source_file(plain, NOW), tmp_path, no_progress).vintage[:10] == "2024-03-20"


LINES = st.lists(
    st.builds(
        bulk_line,
        REPORTER=st.sampled_from(["DE", "GR"]),
        PARTNER=st.sampled_from(["KG", "XS", "QY", "QZ"]),
        PRODUCT_NC=st.sampled_from(["87032319", "01012100"]),
        FLOW=st.sampled_from("12"),
        VALUE_EUR=st.integers(0, 10**9).map(str),
    ),
    min_size=1,
    max_size=12,
)
AREA = {"KG": "KG", "XS": "RS", "QY": "_X", "QZ": "_X"}


@settings(max_examples=12, deadline=None)
@given(LINES)
def test_a_month_gives_exactly_the_sums_of_its_lines(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("any") / "full_v2_202401.dat"
    rows, skipped = read(write_bulk(path, lines))
    expected: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        if line["VALUE_EUR"] != "0":
            partner = AREA[line["PARTNER"]]
            flow = {"1": "M", "2": "X"}[line["FLOW"]]
            expected[line["REPORTER"], partner, line["PRODUCT_NC"], flow] += int(line["VALUE_EUR"])
    found = {
        (row["reporter"], row["partner"], row["commodity"], row["flow"]): row["value"]
        for row in rows
    }
    assert found == expected
    assert len(rows) + sum(skipped.values()) == len(lines)


SPOILED = {
    "FLOW": ("7", "full_v2_202401.dat, line 3: FLOW is '7', expected one of ['1', '2']."),
    "TRADE_TYPE": ("L", "line 3: TRADE_TYPE is 'L', expected one of ['E', 'I']."),
    "STAT_PROCEDURE": ("4", "line 3: STAT_PROCEDURE is '4', expected one of ['1', '2', '3', '9']."),
    "REPORTER": ("QQ", "line 3: REPORTER is 'QQ', expected a country of codes/areas.csv."),
    "PARTNER": ("ZZ", "line 3: PARTNER is 'ZZ', expected a code of codes/areas.csv or"),
    "PERIOD": ("202312", "line 3: PERIOD is '202312', expected '202401' as in the file's name."),
    "VALUE_EUR": ("-5", "line 3: VALUE_EUR is '-5', expected a number, zero or more."),
    "QUANTITY_KG": (":", "line 3: QUANTITY_KG is ':', expected a number, zero or more, or nothing"),
    "PRODUCT_NC": ("1012100", "line 3: PRODUCT_NC is '1012100', expected a CN8 code of 8 digits."),
    "SUPPL_UNIT": ("", "line 3: SUPPL_UNIT is None, expected a unit or NO_SU."),
}


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [(column, value, message) for column, (value, message) in SPOILED.items()],
    ids=SPOILED,
)
def test_a_spoiled_line_is_refused_with_its_number(path, column, value, message):
    lines = [bulk_line(), bulk_line(**{column: value}), bulk_line(**{column: value})]
    with pytest.raises(SourceError) as error:
        read(write_bulk(path, lines))
    assert message in str(error.value)


def test_a_lost_leading_zero_says_what_happened(path):
    with pytest.raises(SourceError, match=r"line 2: .* A leading zero was lost"):
        read(write_bulk(path, [bulk_line(PRODUCT_NC="1012100")]))


def test_a_renamed_column_is_named(path):
    header = ",".join(COLUMNS).replace("TRADE_TYPE", "TYPE_OF_TRADE")
    with pytest.raises(SourceError) as error:
        read(write_bulk(path, [bulk_line()], header=header))
    assert str(error.value) == (
        "full_v2_202401.dat: header differs from Comext v2 in ['TRADE_TYPE', 'TYPE_OF_TRADE']. "
        "Eurostat may have changed the layout: compare it with docs/how-to/comext.md."
    )


def test_columns_in_another_order_are_refused(path):
    header = ",".join(reversed(COLUMNS))
    with pytest.raises(SourceError, match=r"header differs from Comext v2 in \['QUANTITY_SUPPL"):
        read(write_bulk(path, [bulk_line()], header=header))


def test_a_month_in_the_future_is_refused(path):
    write_bulk(path, [bulk_line()])
    with pytest.raises(SourceError, match=r"This is a month in the future"):
        read(path, now=datetime(2023, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("name", ["january.dat", "full_v2_202413.dat", "full_v2_2024.dat"])
def test_a_name_without_a_period_is_refused(tmp_path, name):
    with pytest.raises(SourceError, match=r"Keep the publisher's name"):
        read(write_bulk(tmp_path / name, [bulk_line()]))


def test_a_file_cut_inside_a_line_is_refused(path):
    whole = write_bulk(path, [bulk_line(), bulk_line(PARTNER="AM")]).read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(SourceError, match=r"full_v2_202401.dat: .*Expected 18 columns") as error:
        read(path)
    assert "cut short" in str(error.value)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_an_archive_cut_short_is_refused(tmp_path, share):
    path = write_bulk(
        tmp_path / "full_v2_202401.7z", [bulk_line(VALUE_EUR=str(i)) for i in range(200)]
    )
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match=r"not a whole 7z archive"):
        read(path)


def test_a_header_without_lines_is_refused(path):
    with pytest.raises(SourceError, match=r"holds a header and no line"):
        read(write_bulk(path, []))
