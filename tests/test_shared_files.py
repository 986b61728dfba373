"""Every file of the public data is ingested or refused with a reason, and nothing gets lost.

Sums and counts are worked out here from the same bytes with the csv module and fastexcel, from
labels in another language than the readers use where a table has several.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import fastexcel
import narwhals.stable.v2 as nw
import pytest

from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.vintage import latest

RAW = Path("eurostat-totals-national") / "raw"
COLUMNS = ("source_id", "flow", "period", "partner", "partner2", "value")
CONCORDANCES = {"HS2022_to_HS2017.xlsx", "HS_consolidated_comtrade_concordances.csv"}
DERIVED = {
    *("exports_by_partner_regions_tbl.csv", "main_reexports.csv", "official_RX_data.csv"),
    *("reexports_estimated_data.csv", "reexports_estimated_data_month.csv"),
}
NO_TRADE = {
    *("HS2017.xlsx", "HS2022.xlsx", "harmonized-system.csv", "sections.csv", "dist_cepii.csv"),
    *("comtrade_areas_not_specified.csv", "iso3166_m49.csv"),
}
MERGED = "summed with another line of the same key"


@pytest.fixture(scope="module")
def folder(shared, tmp_path_factory):
    """The public data but for the sanctioned goods, which take a minute by themselves."""
    target = tmp_path_factory.mktemp("public") / "data"
    for path in (shared / "data").rglob("*"):
        part = path.relative_to(shared / "data")
        if path.is_file() and part.parts[0] != "comext-sanctioned":
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / part)
    return target


@pytest.fixture(scope="module")
def lake(folder):
    with open_lake(folder.parent / "lake") as opened:
        yield opened


@pytest.fixture(scope="module")
def results(lake, folder):
    """What became of each file of the folder, in one ingest."""
    return {r.path.relative_to(folder): r for r in ingest(lake, [folder])}


@pytest.fixture(scope="module")
def rows(lake, results):
    """Rows of ``flows`` by source."""
    found = defaultdict(list)
    for row in lake.table(FLOWS).select(*COLUMNS).collect().rows(named=True):
        found[row["source_id"]].append(row)
    return found


def sums(rows, *names):
    """Sums of the values and counts of the rows, by some columns."""
    value, count = defaultdict(float), Counter()
    for row in rows:
        key = tuple(row[name] for name in names)
        value[key] += row["value"]
        count[key] += 1
    return dict(value), dict(count)


def grid(path, sheet):
    """The cells of a sheet as text."""
    loaded = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string")
    return list(zip(*(column.to_pylist() for column in loaded.to_arrow().columns), strict=True))


def lines_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_of_a_folder_of_anything_has_its_outcome(results, folder):
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert set(results) == files
    for part, result in results.items():
        if part.name in CONCORDANCES:
            continue
        expected = "ingested"
        if part.suffix in {".txt", ".md"}:
            expected = "ignored"
        elif part.name in DERIVED | NO_TRADE | {"ПубликацияТСТВ_2022.xlsx"}:
            expected = "refused"
            assert result.detail.startswith("refused: holds "), part
        assert result.outcome == expected, (part, result.detail)


def test_every_row_of_flows_is_of_a_file_of_the_folder(results, rows):
    counts = {source_id: len(found) for source_id, found in rows.items()}
    ingested = [r for r in results.values() if r.detail.endswith(" rows of flows")]
    assert counts == {r.source_id: r.row_count for r in ingested}
    assert len(ingested) == 20


KYRGYZ_SUMS = {
    *("Всего", "ЕС", "СНГ", "ШОС", "ЕАЭС"),
    *("Европа", "Азия", "Америка", "Африка", "Австралия и Океания"),
}
OCEANIA = {"Австралия", "Восточное САМОА", "Новая Зеландия"}


@pytest.mark.parametrize(
    ("code", "flow", "head", "slipped"), [("18", "X", 3, set()), ("20", "M", 2, OCEANIA)]
)
def test_kyrgyzstan_adds_up_to_its_workbooks(results, rows, folder, code, flow, head, slipped):
    (part,) = [part for part in results if part.name.startswith(f"4.03.00.{code}")]
    table = grid(folder / part, 0)
    value, cells = defaultdict(float), 0
    for row in table[head + 1 :]:
        label = " ".join((row[1] or "").split())
        for year, text in zip(table[head][3:], row[3:], strict=True):
            is_slipped = label in slipped and year[:4] == "2023"
            if not label or label in KYRGYZ_SUMS or is_slipped or text in {None, "-", "0"}:
                continue
            value[flow, date(int(year[:4]), 1, 1)] += 1000 * float(text)
            cells += 1
    found, _ = sums(rows[results[part].source_id], "flow", "period")
    assert found == pytest.approx(dict(value))
    assert results[part].row_count == cells - dict(results[part].skipped).get(MERGED, 0)


def test_the_total_of_kyrgyzstans_exports_in_2021_stands_under_no_country(results):
    (part,) = [part for part in results if part.name.startswith("4.03.00.18")]
    assert dict(results[part].skipped)["total of 2021, of which the countries hold 59.8%"] == 1


KAZAKH_SUMS = 12  # the world and eleven groups of countries


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2023])
def test_kazakhstan_adds_up_to_the_total_it_prints(results, rows, folder, year):
    (part,) = [part for part in results if part.name.endswith(f"_{year}.xls")]
    value, count = sums(rows[results[part].source_id], "flow", "period")
    book = fastexcel.read_excel(folder / part)
    sheets = [name for name in book.sheet_names if any(letter.isdigit() for letter in name)]
    assert len(sheets) == 2
    for name in sheets:
        table = grid(folder / part, name)
        first = next(i for i, row in enumerate(table) if (row[0] or "").startswith("Всего"))
        period = date(int(name[-4:]), 1, 1)
        for flow, column in (("X", 3), ("M", 5)):
            # Whatever the labels are: the countries alone hold the total, to the rounding.
            total = 1000 * float(table[first][column])
            assert value[flow, period] == pytest.approx(total, rel=1e-6)
            cells = sum(row[column] not in {None, "0"} for row in table[first:])
            assert count[flow, period] == cells - KAZAKH_SUMS


def test_each_year_of_kazakhstan_comes_from_its_latest_workbook(results, lake):
    flows, sources = lake.table(FLOWS), lake.table(SOURCES)
    own = flows.filter(nw.col("dataset") == "stat-kz", nw.col("flow") == "M")
    chosen = latest(own, sources).select("source_id", "period").unique().collect()
    names = {r.source_id: part.name[-8:-4] for part, r in results.items() if r.source_id}
    pairs = {(period.year, names[source_id]) for source_id, period in chosen.rows()}
    assert {(2019, "2020"), (2020, "2021"), (2021, "2022"), (2022, "2023")} <= pairs
    # A country that a later workbook no longer holds stays from the earlier one.
    assert all(int(workbook) in {year, year + 1} for year, workbook in pairs)


def test_russia_adds_up_to_its_workbook(results, rows, folder):
    part = RAW / "96stran.xlsx"
    value, count = sums(rows[results[part].source_id], "flow")
    for flow, name in (("X", "Экспорт"), ("M", "Импорт")):
        texts = [text for row in grid(folder / part, name)[5:] for text in row[1:]]
        numbers = [float(text) for text in texts if text and text != "…"]
        assert value[(flow,)] == pytest.approx(1e6 * sum(numbers))
        assert count[(flow,)] == len(numbers) == 29 * 12 * 16 - 6
    china = [r["value"] for r in rows[results[part].source_id] if r["partner"] == "CN"]
    assert len(china) == 2 * 12 * 16  # its Latin letter did not make it another country


@pytest.mark.parametrize(
    ("name", "flow"), [("sdmx_data_1176.csv", "M"), ("sdmx_data_1105.csv", "X")]
)
def test_uzbekistan_adds_up_to_its_tables(results, rows, folder, name, flow):
    expected, cells = defaultdict(float), 0
    for line in lines_of(folder / RAW / name):
        for year in range(2010, 2024):
            expected[flow, date(year, 1, 1)] += 1000 * float(line[str(year)])
            cells += float(line[str(year)]) != 0
    result = results[RAW / name]
    found, _ = sums(rows[result.source_id], "flow", "period")
    assert found == pytest.approx(dict(expected))
    assert result.row_count == cells - dict(result.skipped).get(MERGED, 0)


def test_uzbekistans_yearly_imports_are_its_table_at_a_flat_rate(folder):
    """Why the table is in thousand dollars, and its direction what the name says."""
    rates = {"Y2019": 1.12, "Y2020": 1.14, "Y2021": 1.18, "Y2022": 1.05, "Y2023": 1.07}
    table = {
        line["Klassifikator_en"]: line for line in lines_of(folder / RAW / "sdmx_data_1176.csv")
    }
    compared = 0
    for line in lines_of(folder / RAW.parent / "uzbek_import_yearly.csv"):
        if line["PARTNER"] in table:
            dollars = float(line["VALUE_IN_EUR"]) * rates[line["PERIOD"]]
            thousands = float(table[line["PARTNER"]][line["PERIOD"][1:]])
            assert dollars == pytest.approx(1000 * thousands, abs=0.02)
            compared += 1
    assert compared == 1150


def test_armenias_months_add_up_to_its_table(results, rows, folder):
    expected, cells, years = defaultdict(float), 0, 0
    for line in lines_of(folder / RAW / "armenia_data.csv"):
        if line["timeperiod"] == "Year":
            years += 1
            continue
        period = date(int(line["year"]), int(line["timeperiod"]), 1)
        for name in ("export", "import_origin", "import_consigment"):
            if line[name] != "-":
                expected[name, period] += 1000 * float(line[name])
                cells += float(line[name]) != 0
    result = results[RAW / "armenia_data.csv"]
    skipped = dict(result.skipped)
    blocks = {("X", True): "export", ("M", True): "import_origin"}
    found = defaultdict(float)
    for row in rows[result.source_id]:
        block = blocks.get((row["flow"], row["partner2"] == "_T"), "import_consigment")
        found[block, row["period"]] += row["value"]
    assert dict(found) == pytest.approx({k: v for k, v in expected.items() if v})
    assert result.row_count == cells - skipped[MERGED]
    assert sum(count for why, count in skipped.items() if "sum over a year" in why) == 3 * years


def test_armenias_older_table_gives_way_to_the_newer_one(lake, results):
    armenia = lake.table(FLOWS).filter(
        nw.col("dataset") == "armstat", nw.col("period") == nw.lit(date(2022, 9, 1))
    )
    germany = latest(armenia, lake.table(SOURCES)).filter(
        nw.col("partner2") == "DE", nw.col("flow") == "M"
    )
    (row,) = germany.collect().rows(named=True)
    newer = results[Path("comtrade-am-ge") / "arm_trade_country_2007_2024.csv"]
    assert row["source_id"] == newer.source_id
    assert row["value"] == pytest.approx(45_805_314.21)  # and not 45,802.2 thousand


@pytest.mark.parametrize("name", ["totals.xlsx", "22_4624885_spreadsheet.xlsx"])
def test_workbooks_of_sanctioned_goods_add_up_to_their_cells(tmp_path, shared, name):
    path = shared / "data" / "comext-sanctioned" / name
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path])
        (found,) = lake.table(FLOWS).select(nw.col("value").sum()).collect().rows()
    book = fastexcel.read_excel(path)
    numbers = []
    for sheet in book.sheet_names[2:]:
        for row in grid(path, sheet)[11:]:
            numbers += [float(text) for text in row[2:] if text and text[0].isdigit()]
    kept = [number for number in numbers if number]
    assert (result.row_count, found[0]) == (len(kept), pytest.approx(sum(kept)))
