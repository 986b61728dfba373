"""Trade by country in one figure: Eurostat's totals, national imports, Armenia by country."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import pytest

from entrepot.codes.groupings import resolve
from entrepot.codes.national import national_imports, national_partner
from entrepot.errors import CodeError, SourceError
from entrepot.lake import open_lake
from entrepot.sources.armenia_by_country import read_armenia_by_country
from entrepot.sources.eurostat_totals import read_eurostat_totals
from entrepot.sources.ingest import ingest
from entrepot.sources.national_imports import read_national_imports
from entrepot.sources.reading import no_progress, source_file
from entrepot.tables import FLOWS

NOW = datetime(2025, 3, 20, tzinfo=UTC)
EUROSTAT = "reporter,iso,y,m,VALUE_IN_EUR"
NATIONAL = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR"
ARMENIA = '"country","year","month","export","import_origin","import_consignment","date"'
PARTIAL = "2023 is no whole year: January only"
SUM = "sum over countries (world, region or union)"


@pytest.fixture
def read(tmp_path):
    """Read a table of some lines: its rows as dictionaries, and what was skipped."""

    def write_and_read(reader, header, *lines):
        path = tmp_path / "totals.csv"
        path.write_text("\n".join((header, *lines, "")), "utf-8")
        rows: list[dict[str, object]] = []
        skipped: Counter[str] = Counter()
        for batch in reader(source_file(path, NOW), no_progress).batches:
            rows += batch.rows.to_pylist()
            skipped.update(batch.skipped)
        return rows, dict(skipped)

    return write_and_read


def national(label, year="Y2022", value="100", reporter="Kyrgyzstan"):
    return f'{reporter},"{label}",TOTAL,IMPORT,NORMAL,{year},{value}'


def test_eurostat_totals_are_exports_in_euro_fob(read):
    ((row,), skipped) = read(read_eurostat_totals, EUROSTAT, "Czechia,AM,2024,2,66550")
    assert len(row.pop("source_id")) == 16
    assert row == {
        "dataset": "eurostat-totals",
        "freq": "M",
        "period": date(2024, 2, 1),
        "reporter": "CZ",
        "partner": "AM",
        "partner2": "_T",
        "flow": "X",
        "classification": "HS",
        "commodity": "TOTAL",
        "customs_procedure": "_T",
        "value": 66550.0,
        "currency": "EUR",
        "valuation": "FOB",
        "net_weight_kg": None,
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "A",
    }
    assert skipped == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Narnia,AM,2024,2,5", "line 3: reporter is 'Narnia': area label is 'Narnia', expected"),
        ("Cyprus,XX,2024,2,5", "line 3: iso is 'XX': area is 'XX', expected an alpha-2 code"),
        ("Cyprus,KG,2024,13,5", "line 3: y is 2024 and m is 13, expected a year and a month"),
        ("Cyprus,KG,2025,4,5", "line 3: y, m is about 2025-04-01, expected none after 2025-03-20"),
        ("Cyprus,KG,2024,3,-5", "line 3: VALUE_IN_EUR is -5.0, expected a number, zero or more"),
        ("Cyprus,AM,2024,2,6", "line 3: reporter 'Cyprus', iso 'AM', y, m '2024-02-01' stands in"),
        ("Cyprus,KG,2024,3,many", "line 3: VALUE_IN_EUR: CSV conversion error"),
        ("Cyprus,KG,2024,3", "line 3: CSV parse error"),
    ],
)
def test_a_broken_line_of_eurostat_totals_is_named(read, line, message):
    with pytest.raises(SourceError) as error:
        read(read_eurostat_totals, EUROSTAT, "Cyprus,AM,2024,2,5", line)
    assert message in str(error.value)


def test_national_imports_are_yearly_in_euro_cif(read):
    ((row,), _) = read(read_national_imports, NATIONAL, national("SAR-Hong Kong"))
    assert (row["reporter"], row["partner"], row["partner2"]) == ("KG", "HK", "_T")
    assert (row["freq"], row["period"], row["flow"]) == ("A", date(2022, 1, 1), "M")
    assert (row["commodity"], row["currency"], row["valuation"]) == ("TOTAL", "EUR", "CIF")


def test_sums_over_countries_and_zeros_are_counted_not_kept(read):
    rows, skipped = read(
        read_national_imports,
        NATIONAL,
        *(national(label) for label in ("World", "Asia", "Commonwealth of Independent States")),
        national("Chad", value="0.0"),
        national("Germany"),
    )
    assert [row["partner"] for row in rows] == ["DE"]
    assert skipped == {SUM: 3, "zero value": 1}


def test_one_label_is_a_sum_in_one_table_and_a_remainder_in_another():
    assert national_partner("KG", "European Union (EU)") == "_X"  # members that are not named
    assert national_partner("KG", "European Union - 27 countries (from 2020)") is None
    with pytest.raises(CodeError):
        national_partner("KZ", "European Union (EU)")


def test_armenia_books_yearly_imports_by_consignment(read):
    line = national("Germany", reporter="Armenia")
    ((row,), _) = read(read_national_imports, NATIONAL, line)
    assert (row["partner"], row["partner2"]) == ("_T", "DE")


def test_a_year_that_is_no_year_never_enters(read):
    lines = [national("Germany", f"Y{year}", reporter="Armenia") for year in (2022, 2023)]
    rows, skipped = read(read_national_imports, NATIONAL, *lines)
    assert [row["period"].year for row in rows] == [2022]
    assert skipped == {PARTIAL: 1}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (national("Germany", "Y2025"), "line 3: PERIOD is 'Y2025': expected a year that was over"),
        (national("Germany", "2022"), "line 3: PERIOD is '2022': expected a year like 'Y2022'"),
        (national("Nowhere"), "line 3: PARTNER is 'Nowhere': area label is 'Nowhere', expected"),
        (national("China"), "line 3: PARTNER 'China', PERIOD 'Y2022' stands in line 2 already"),
        (
            national("Germany", reporter="Armenia"),
            "REPORTER is ['Armenia', 'Kyrgyzstan'], expected one country per file",
        ),
        (
            national("Germany").replace("IMPORT", "EXPORT"),
            "line 3: FLOW is 'EXPORT': expected one of ['IMPORT']",
        ),
    ],
)
def test_a_broken_line_of_national_imports_is_named(read, line, message):
    with pytest.raises(SourceError) as error:
        read(read_national_imports, NATIONAL, national("China"), line)
    assert message in str(error.value)


def test_a_country_nothing_is_known_of_is_refused(read):
    with pytest.raises(SourceError, match=r"reporter of national imports is 'TJ', expected one of"):
        read(read_national_imports, NATIONAL, national("China", reporter="Tajikistan"))
    assert {national_imports(code).booked_by for code in ("KG", "KZ", "UZ")} == {"not stated"}


def test_armenia_declares_imports_by_origin_and_by_consignment(read):
    rows, skipped = read(
        read_armenia_by_country,
        ARMENIA,
        '"China",2024,9,0,7.5,2,"2024-09-01"',
        '"Czech Rep.",2024,9,1.25,0,5.5,"2024-09-01"',
    )
    found = {(r["flow"], r["valuation"], r["partner"], r["partner2"]): r["value"] for r in rows}
    assert found == {
        ("X", "FOB", "CZ", "_T"): 1250.0,  # the table is in thousand dollars
        ("M", "CIF", "CN", "_T"): 7500.0,
        ("M", "CIF", "_T", "CN"): 2000.0,
        ("M", "CIF", "_T", "CZ"): 5500.0,
    }
    assert {(r["reporter"], r["freq"], r["currency"]) for r in rows} == {("AM", "M", "USD")}
    assert skipped == {"zero value": 2}


def test_partners_that_are_not_named_are_summed(read):
    rows, skipped = read(
        read_armenia_by_country,
        ARMENIA,
        '"Unknown country",2022,1,2,0,0,"2022-01-01"',
        '"Nagorno-Karabakh",2022,1,3,0,0,"2022-01-01"',
        '"USA",2022,1,1,0,0,"2022-01-01"',
    )
    assert [(row["partner"], row["value"]) for row in rows] == [("_X", 5000.0), ("US", 1000.0)]
    assert skipped == {"zero value": 6, "summed with another line of the same key": 1}


def test_a_date_that_is_not_that_of_year_and_month_is_refused(read):
    with pytest.raises(SourceError, match=r"line 2: date is '2022-02-01', expected '2022-01-01'"):
        read(read_armenia_by_country, ARMENIA, '"Iran",2022,1,2,0,0,"2022-02-01"')


# What the real files hold, added up here with the csv module from the same bytes.

GROUPS = {
    *("World", "Africa", "America", "Asia", "Australia and Oceania", "Europe"),
    *("Commonwealth of Independent States", "Eurasian Economic Union"),
    *("Shanghai Cooperation Organisation", "European Union - 27 countries (from 2020)"),
    *("Non-EAEU countries", "Non-EU countries", "Rest of the world"),
}


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ingested(tmp_path, path):
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path])
        return result, lake.table(FLOWS).collect().rows(named=True)


def total(rows, column, **wanted):
    """Sum of the values by one column, of the rows that hold what is wanted."""
    sums: dict[object, float] = defaultdict(float)
    for row in rows:
        if all(row[name] == value for name, value in wanted.items()):
            sums[row[column]] += row["value"]
    return sums


def test_eurostat_totals_add_up_to_the_file(tmp_path, shared):
    path = shared / "data" / "eurostat-totals-national" / "eurostat_total_monthly.csv"
    entries = table(path)
    result, rows = ingested(tmp_path, path)
    assert (result.dataset, result.row_count, result.skipped) == (
        *("eurostat-totals", len(entries)),
        (),
    )
    expected: dict[object, float] = defaultdict(float)
    for entry in entries:
        expected[date(int(entry["y"]), int(entry["m"]), 1)] += float(entry["VALUE_IN_EUR"])
    assert total(rows, "period") == pytest.approx(expected)
    members = resolve("EU", date(2022, 1, 1))
    year = [r for r in rows if r["reporter"] in members and r["period"].year == 2022]
    # The figure of the notes beside the file, which the yearly source gives too.
    assert total(year, "partner")["KZ"] == pytest.approx(10_348e6, rel=1e-4)


@pytest.mark.parametrize("name", ["armenia", "kazakhstan", "kyrgyz", "uzbek"])
def test_national_imports_add_up_to_the_file(tmp_path, shared, name):
    path = shared / "data" / "eurostat-totals-national" / f"{name}_import_yearly.csv"
    entries = [e for e in table(path) if e["PARTNER"] not in GROUPS]
    if name == "armenia":
        entries = [e for e in entries if e["PERIOD"] != "Y2023"]
    expected: dict[object, float] = defaultdict(float)
    for entry in entries:
        expected[date(int(entry["PERIOD"][1:]), 1, 1)] += float(entry["VALUE_IN_EUR"])
    result, rows = ingested(tmp_path, path)
    assert total(rows, "period") == pytest.approx(expected)
    zeros = sum(float(entry["VALUE_IN_EUR"]) == 0 for entry in entries)
    summed = dict(result.skipped).get("summed with another line of the same key", 0)
    assert result.row_count == len(entries) - zeros - summed
    assert summed <= 1
    assert (PARTIAL in dict(result.skipped)) == (name == "armenia")


def test_armenia_by_country_adds_up_to_the_file(tmp_path, shared):
    path = shared / "data" / "comtrade-am-ge" / "arm_trade_country_2007_2024.csv"
    entries = table(path)
    result, rows = ingested(tmp_path, path)
    cells = ("export", "import_origin", "import_consignment")
    skipped = dict(result.skipped)
    assert result.row_count + sum(skipped.values()) == len(entries) * len(cells)
    blocks = (
        {"flow": "X", "partner2": "_T"},
        {"flow": "M", "partner2": "_T"},
        {"flow": "M", "partner": "_T"},
    )
    for cell, block in zip(cells, blocks, strict=True):
        expected: dict[object, float] = defaultdict(float)
        for entry in entries:
            expected[date.fromisoformat(entry["date"])] += 1000 * float(entry[cell])
        assert total(rows, "period", **block) == pytest.approx(expected)


def test_armenias_yearly_imports_are_those_by_consignment(tmp_path, shared):
    """Why the yearly table is booked as it is: it agrees with one basis, line by line."""
    folder = shared / "data" / "eurostat-totals-national"
    (_, yearly) = ingested(tmp_path / "yearly", folder / "armenia_import_yearly.csv")
    monthly_path = shared / "data" / "comtrade-am-ge" / "arm_trade_country_2007_2024.csv"
    (_, monthly) = ingested(tmp_path / "monthly", monthly_path)
    of_2021 = [r for r in monthly if r["period"].year == 2021 and r["flow"] == "M"]
    by_consignment = total(of_2021, "partner2", partner="_T")
    by_origin = total(of_2021, "partner", partner2="_T")
    found = total(yearly, "partner2", period=date(2021, 1, 1))
    for partner in ("CN", "DE", "GE", "RU", "US", "VN"):
        in_dollars = found[partner] * 1.18  # the flat rate the euro values were made with
        assert in_dollars == pytest.approx(by_consignment[partner], rel=1e-4)
        assert in_dollars != pytest.approx(by_origin[partner], rel=0.02)
