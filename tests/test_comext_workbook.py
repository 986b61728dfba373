"""Every non-zero cell of a data-browser workbook is a row, and nothing else is."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from comext_files import (
    CARS,
    GERMANY,
    KYRGYZSTAN,
    MONTHS,
    Product,
    cars,
    write_workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import SourceError
from entrepot.sources.comext_workbook import read_workbook
from entrepot.sources.reading import no_progress, source_file

NOW = datetime(2023, 2, 1, tzinfo=UTC)


def read(path):
    """All rows of a workbook as dictionaries, and what was skipped."""
    reading = read_workbook(source_file(path, NOW), no_progress)
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in reading.batches:
        rows += batch.rows.to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cars.xlsx"


def test_a_cell_becomes_a_row_of_flows(path):
    rows, _ = read(write_workbook(path, [cars(125000, ":", ":")]))
    (row,) = rows
    source_id = row.pop("source_id")
    assert len(source_id) == 16
    assert row == {
        "dataset": "comext",
        "freq": "M",
        "period": date(2022, 10, 1),
        "reporter": "DE",
        "partner": "KG",
        "partner2": "_T",
        "flow": "X",
        "classification": "CN",
        "commodity": "87032319",
        "customs_procedure": "_T",
        "value": 125000.0,
        "currency": "EUR",
        "valuation": "FOB",
        "net_weight_kg": None,
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "A",
    }


def test_the_vintage_is_the_publishers_last_update(path):
    reading = read_workbook(source_file(write_workbook(path, [cars(1, 2, 3)]), NOW), no_progress)
    assert reading.vintage == "2023-01-13T11:00:00"
    assert (reading.dataset, reading.publisher) == ("comext", "Eurostat")


def test_no_trade_reported_is_no_row_and_no_zero(path):
    rows, skipped = read(write_workbook(path, [cars(":", 0, ":c")]))
    assert rows == []
    assert skipped == {
        "not available (':'): no trade reported, or month not published": 1,
        "zero": 1,
        "confidential (':c')": 1,
    }


@pytest.mark.parametrize(
    ("code", "classification"),
    [("TOTAL", "HS"), ("27", "HS"), ("2701", "HS"), ("270112", "HS"), ("01012100", "CN")],
)
def test_levels_stay_apart_and_zeros_stay(path, code, classification):
    label = f"Goods [of a kind] [{code}]"
    rows, _ = read(write_workbook(path, [Product({(GERMANY, "Armenia"): (1, 2, 3)}, label)]))
    assert {(row["commodity"], row["classification"]) for row in rows} == {(code, classification)}


def test_imports_carry_freight_and_exports_do_not(path):
    values = {(GERMANY, KYRGYZSTAN): (1, 2, 3)}
    products = [Product(values), Product(values, flow="IMPORT")]
    rows, _ = read(write_workbook(path, products))
    assert {(row["flow"], row["valuation"]) for row in rows} == {("X", "FOB"), ("M", "CIF")}


def test_progress_is_told_sheet_by_sheet(path):
    told = []
    products = [cars(1, 2, 3), Product({(GERMANY, "Armenia"): (1, 2, 3)}, "Beer [2203]")]
    reading = read_workbook(
        source_file(write_workbook(path, products), NOW), lambda *step: told.append(step)
    )
    list(reading.batches)
    assert told == [(1, 2, "cars.xlsx: Sheet 1"), (2, 2, "cars.xlsx: Sheet 2")]


CELLS = (
    st.just(":") | st.just(":c") | st.integers(0, 10**12) | st.integers(0, 999).map(lambda n: n / 4)
)
REPORTERS = {GERMANY: "DE", "Czechia": "CZ", "Ireland (Eire)": "IE"}
PARTNERS = {"Armenia": "AM", "Belarus (Belorussia)": "BY", "Russian Federation (Russia)": "RU"}
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(sorted(REPORTERS)), st.sampled_from(sorted(PARTNERS))),
    st.tuples(CELLS, CELLS, CELLS),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(TABLES, TABLES)
def test_a_workbook_gives_exactly_its_nonzero_cells(tmp_path_factory, exports, imports):
    path = tmp_path_factory.mktemp("any") / "any.xlsx"
    rows, skipped = read(write_workbook(path, [Product(exports), Product(imports, flow="IMPORT")]))
    expected = {
        (flow, REPORTERS[reporter], PARTNERS[partner], f"{month}-01"): value
        for flow, table in (("X", exports), ("M", imports))
        for (reporter, partner), values in table.items()
        for month, value in zip(MONTHS, values, strict=True)
        if not isinstance(value, str) and value != 0
    }
    found = {
        (row["flow"], row["reporter"], row["partner"], str(row["period"])): row["value"]
        for row in rows
    }
    assert found == expected
    assert len(rows) == len(expected)
    assert sum(skipped.values()) + len(rows) == 3 * (len(exports) + len(imports))


def cell(row, column, value, sheet="Sheet 1"):
    """An edit that puts one value into one cell, counted from 0."""

    def edit(cells):
        line = cells[sheet][row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value

    return edit


def add_row(row, *values):
    return lambda cells: cells["Sheet 1"].insert(row, list(values))


SPOILED = {
    "renamed header": (
        cell(8, 0, "PERIOD"),
        "bad.xlsx, sheet 'Sheet 1', row 9: found 'PERIOD', expected 'TIME'. Eurostat may have "
        "changed the layout: compare it with docs/how-to/comext.md",
    ),
    "another dataset": (cell(1, 1, "Energy [nrg_bal]"), "row 2: found 'Energy [nrg_bal]'"),
    "another publisher": (cell(0, 0, "Data extracted by hand"), "row 1: found 'Data extracted by"),
    "a row pushed down": (add_row(3, "Note"), "row 5: found None, expected 'PRODUCT [PRODUCT]'"),
    "unknown reporter": (
        cell(11, 0, "Narnia"),
        "row 12: found 'Narnia', expected an area of codes/areas.csv.",
    ),
    "unknown partner": (cell(11, 1, "Extra-EU27 (from 2020)"), "found 'Extra-EU27 (from 2020)'"),
    "month in the future": (
        cell(8, 4, "2023-02"),
        "row 9: found '2023-02', expected no month after the extraction on 2023-01-21. This is a "
        "month in the future",
    ),
    "a quarter": (cell(8, 4, "2022-Q4"), "row 9: found '2022-Q4', expected a month like '2022-11'"),
    "yearly data": (cell(9, 3, "Annual"), "row 10: found 'Annual', expected 'Monthly'"),
    "a month twice": (cell(8, 4, "2022-11"), "expected each month once, in order"),
    "an unknown special value": (
        cell(11, 3, "c"),
        "row 12: found 'c', expected a number, ':' or ':c' under 2022-11.",
    ),
    "an empty cell": (cell(11, 3, None), "row 12: found None, expected a number"),
    "a negative value": (cell(11, 3, -5), "row 12: found '-5', expected a number"),
    "an unknown legend": (
        add_row(14, "p", "provisional"),
        "row 15: found ('p', 'provisional'), expected an explanation of ':' or ':c'",
    ),
    "a row twice": (
        add_row(11, GERMANY, KYRGYZSTAN, 1, 2, 3),
        "found '2 rows, 1 pairs', expected at least one row, and each reporter and partner once",
    ),
    "sheet and Summary differ": (
        cell(4, 2, "Beer made from malt [2203]"),
        "row 5: found 'Beer made from malt [2203]'",
    ),
    "a sheet the Summary does not list": (
        lambda cells: cells.update({"Sheet 2": cells["Sheet 1"]}),
        "Summary lists 1 sheets, the workbook holds 2",
    ),
    "a sheet that is missing": (
        lambda cells: cells["Summary"].append(
            [None, "Sheet 2", "Beer [2203]", "EXPORT", "VALUE_IN_EUROS"]
        ),
        "bad.xlsx: Summary lists 2 sheets, the workbook holds 1; missing: ['Sheet 2']. The "
        "workbook is not whole",
    ),
    "another workbook": (
        lambda cells: cells.pop("Structure"),
        "sheets begin with ['Summary', 'Sheet 1'], expected ['Summary', 'Structure']",
    ),
}


@pytest.mark.parametrize(("edit", "message"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_workbook_is_refused_with_its_place(tmp_path, edit, message):
    path = write_workbook(tmp_path / "bad.xlsx", [cars(1, 2, 3)], edit=edit)
    with pytest.raises(SourceError) as error:
        read(path)
    assert message in str(error.value)
    assert str(error.value).startswith("bad.xlsx")


@pytest.mark.parametrize("code", ["1012100", "10121", "101", "1"])
def test_a_code_that_lost_its_leading_zero_is_refused(path, code):
    label = f"Pure-bred breeding horses [{code}]"
    write_workbook(path, [Product({(GERMANY, "Armenia"): (1, 2, 3)}, label)])
    with pytest.raises(SourceError, match=rf"row 5: found '{code}'.*A leading zero was lost"):
        read(path)


@pytest.mark.parametrize("label", ["Horses", "Horses [ABC]", "Horses [0101210000]"])
def test_a_label_without_a_code_is_refused(path, label):
    write_workbook(path, [Product({(GERMANY, "Armenia"): (1, 2, 3)}, label)])
    with pytest.raises(SourceError, match=r"row 5: .*expected a label that ends in \[TOTAL\]"):
        read(path)


def test_quantities_are_refused_with_what_to_choose(path):
    product = Product({(GERMANY, "Armenia"): (1, 2, 3)}, indicator="QUANTITY_IN_100KG")
    write_workbook(path, [product])
    with pytest.raises(SourceError, match=r"choose VALUE_IN_EUROS in the data browser"):
        read(path)


def test_a_product_on_two_sheets_is_refused(path):
    write_workbook(path, [cars(1, 2, 3), cars(1, 2, 3)])
    with pytest.raises(SourceError, match=r"sheets 'Sheet 1' and 'Sheet 2' both hold"):
        read(path)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(path, share):
    whole = write_workbook(path, [cars(1, 2, 3)]).read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(
        SourceError, match=r"cars.xlsx: not a whole workbook .*fetch the file again"
    ):
        read(path)


def test_a_workbook_with_a_damaged_byte_is_refused(path):
    whole = bytearray(write_workbook(path, [cars(1, 2, 3)]).read_bytes())
    with zipfile.ZipFile(path) as archive:
        damaged = archive.getinfo("xl/worksheets/sheet3.xml").header_offset + 200
    whole[damaged] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(SourceError, match=r"cars.xlsx"):
        read(path)


def test_an_updated_date_that_changes_between_sheets_is_refused(path):
    products = [cars(1, 2, 3), Product({(GERMANY, "Armenia"): (1, 2, 3)}, "Beer [2203]")]
    write_workbook(path, products, edit=cell(2, 1, "14/01/2023 11:00", "Sheet 2"))
    with pytest.raises(SourceError, match=r"'Sheet 2', row 3: .* as in the first sheet"):
        read(path)


def test_the_label_of_the_fixture_ends_in_its_code():
    assert CARS.endswith("[87032319]")
