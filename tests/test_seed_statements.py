"""Four statements of ministers and papers on Germany, Kazakhstan and the EU, against the sums.

The commands and answers of docs/how-to/relations.md are run, and the figures in them are worked out
again from the raw workbooks, with nothing of the product but its list of high priority codes.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections import defaultdict
from pathlib import Path

import fastexcel
import pytest
from click.testing import CliRunner

from entrepot.cli import main
from entrepot.codes.high_priority import high_priority

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "relations.md"
# The workbooks that hold any high priority code.
WORKBOOKS = ("17_4606328", "18_4623849", "19_4623968", "21_4624492")
FIRST_ROW, FIRST_COLUMN, TIME_ROW = 11, 2, 8
YEAR = [f"2022-{month:02d}" for month in range(1, 12)]
YEAR_BEFORE = [f"2021-{month:02d}" for month in range(1, 12)]
GERMANY = "Germany"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "comext-sanctioned"


@pytest.fixture(scope="module")
def lake(shared, folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("statements") / "lake"
    files = [folder / f"{name}_spreadsheet.xlsx" for name in WORKBOOKS]
    files += [
        folder / "totals.xlsx",
        shared / "data" / "eurostat-totals-national" / "eurostat_total_monthly.csv",
    ]
    run = CliRunner().invoke(main, ["--lake", str(path), "ingest", *map(str, files)])
    assert run.exit_code == 0, run.output
    return path


def cells(path):
    """Product, flow, reporter, partner, month and value of every cell that has one."""
    book = fastexcel.read_excel(str(path))
    for name in book.sheet_names:
        if not name.startswith("Sheet "):
            continue
        sheet = book.load_sheet(name, header_row=None, dtypes="string").to_arrow()
        rows = [list(row.values()) for row in sheet.to_pylist()]
        product = re.search(r"\[(\w+)\]$", rows[4][2]).group(1)
        months = rows[TIME_ROW][FIRST_COLUMN:]
        for row in rows[FIRST_ROW:]:
            for month, value in zip(months, row[FIRST_COLUMN:], strict=True):
                if month and value and re.fullmatch(r"\d+(\.0)?", value):
                    yield product, rows[5][2], row[0], row[1], month, float(value)


@pytest.fixture(scope="module")
def raw(folder):
    """Sums of totals.xlsx by product, flow, reporter, partner (its first word) and month."""
    sums = defaultdict(float)
    for product, flow, reporter, partner, month, value in cells(folder / "totals.xlsx"):
        who = GERMANY if reporter.startswith(GERMANY) else "another"
        sums[product, flow, who, partner.split(" ")[0], month] += value
    return sums


def added(raw, product, flow, partner, months, reporters=(GERMANY,)):
    return sum(raw[product, flow, who, partner, month] for who in reporters for month in months)


def answers():
    """Each command of the page, with the lines that it says are printed."""
    parts = re.split(
        r"```\n(entrepot partners.*?)\n```\n", PAGE.read_text("utf-8"), flags=re.DOTALL
    )
    for command, after in zip(parts[1::2], parts[2::2], strict=True):
        quoted = re.match(r"\n((?:>.*\n)+)", after).group(1)
        lines = [line.removeprefix("> ") for line in quoted.splitlines() if line != ">"]
        yield pytest.param(command, lines, id=command.split("--of")[0][-40:].strip())


@pytest.mark.parametrize(("command", "lines"), [*answers()])
def test_every_command_of_the_page_prints_what_the_page_says(lake, command, lines):
    words = shlex.split(command)[1:]
    shown = CliRunner().invoke(main, ["--lake", str(lake), *words])
    assert shown.exit_code == 0, shown.output
    assert [line for line in lines if line not in shown.stdout.splitlines()] == []
    assert lines


def said(text):
    """The page says so, wherever its lines break."""
    return " ".join(text.split()) in " ".join(PAGE.read_text("utf-8").split())


def test_mutual_trade_of_eleven_months_is_nine_billion_dollars(raw):
    exports = added(raw, "TOTAL", "EXPORT", "Kazakhstan", YEAR)
    imports = added(raw, "TOTAL", "IMPORT", "Kazakhstan", YEAR)
    held = exports + imports
    assert f"USD {held * 1.053 / 1e9:.2f} bn" == "USD 9.02 bn"
    assert said(f"USD {exports * 1.053 / 1e9:.2f} bn exports FOB")
    assert said(f"USD {imports * 1.053 / 1e9:.2f} bn imports CIF")
    assert said(f"EUR {(10e9 / 1.053 - held) / 1e6:.0f} m at that rate")
    assert said(f"EUR {held / 11 / 1e6:.0f} m in an average month")
    assert not [month for *_, month in raw if month > "2022-11"]


def test_december_would_have_to_bring_an_ordinary_month_of_imports(raw, shared):
    path = shared / "data" / "eurostat-totals-national" / "eurostat_total_monthly.csv"
    with path.open(encoding="utf-8", newline="") as file:
        december = sum(
            float(row["VALUE_IN_EUR"])
            for row in csv.DictReader(file)
            if row["reporter"].startswith(GERMANY)
            and (row["iso"], row["y"], row["m"]) == ("KZ", "2022", "12")
        )
    held = sum(added(raw, "TOTAL", flow, "Kazakhstan", YEAR) for flow in ("EXPORT", "IMPORT"))
    needed = 10e9 / 1.053 - held - december
    months = [raw["TOTAL", "IMPORT", GERMANY, "Kazakhstan", month] for month in YEAR]
    assert said(f"EUR {december / 1e6:.0f} m in December 2022")
    assert said(f"EUR {needed / 1e6:.0f} m or more")
    assert said(f"EUR {min(months) / 1e6:.0f} m to EUR {max(months) / 1e6:.0f} m")
    assert min(months) < needed < max(months)


def test_kazakhstan_is_second_of_the_partners_held_and_no_more_is_known(raw):
    partners = {partner for *_, partner, _ in raw}
    trade = {
        partner: sum(added(raw, "TOTAL", flow, partner, YEAR) for flow in ("EXPORT", "IMPORT"))
        for partner in partners
    }
    fuels = {partner: added(raw, "27", "IMPORT", partner, YEAR) for partner in partners}
    assert sorted(trade, key=trade.get)[-2:] == ["Kazakhstan", "Russian"]
    assert sorted(fuels, key=fuels.get)[-2:] == ["Kazakhstan", "Russian"]
    assert (len(trade), sum(value > 0 for value in fuels.values())) == (7, 3)
    assert said(f"EUR {fuels['Kazakhstan'] / 1e9:.2f} bn in January–November 2022; rank 2 of the 3")


def test_russian_fuels_lost_no_value_in_germany_while_kazakh_ones_gained(raw):
    now, before = (
        {name: added(raw, "27", "IMPORT", name, months) for name in ("Kazakhstan", "Russian")}
        for months in (YEAR, YEAR_BEFORE)
    )
    changes = {name: now[name] / before[name] - 1 for name in now}
    assert said(f"from Kazakhstan rose by {changes['Kazakhstan']:.0%}".replace("%", " %"))
    assert said(f"from Russia rose too, by {changes['Russian']:.0%}".replace("%", " %"))


def test_russian_fuels_lost_no_value_in_the_eu_in_the_last_months_of_all_members(raw):
    gains = {}
    for name in ("Kazakhstan", "Russian"):
        now, before = (
            added(raw, "27", "IMPORT", name, months[8:10], (GERMANY, "another"))
            for months in (YEAR, YEAR_BEFORE)
        )
        gains[name] = now - before
    assert said(f"RU lost nothing (+EUR {gains['Russian'] / 1e6:.0f} m from September–October 2021")
    assert said(f"KZ +EUR {gains['Kazakhstan'] / 1e9:.2f} bn. Of the partners held")


def test_high_priority_exports_to_kazakhstan_doubled_while_those_to_russia_fell(folder):
    codes = {entry.commodity for entry in high_priority()}
    codes |= {entry.hs2017_predecessor for entry in high_priority() if entry.is_new}
    sums = defaultdict(float)
    for name in WORKBOOKS:
        for product, flow, _, partner, month, value in cells(folder / f"{name}_spreadsheet.xlsx"):
            if flow == "EXPORT" and len(product) == 8 and product[:6] in codes:
                sums[partner.split(" ")[0], month] += value
    now, before = (
        {name: sum(sums[name, month] for month in months[2:]) for name in ("Kazakhstan", "Russian")}
        for months in (YEAR, YEAR_BEFORE)
    )
    assert said(f"EUR {now['Kazakhstan'] / 1e6:.0f} m in March–November 2022; rank 1 of the 7")
    grown = now["Kazakhstan"] / before["Kazakhstan"] - 1
    assert said(f"(+{grown * 100:.0f} %, from EUR {before['Kazakhstan'] / 1e6:.0f} m)")
    assert said(f"to Russia fell by {100 - 100 * now['Russian'] / before['Russian']:.0f} %")
    assert said(f"RU EUR −{(before['Russian'] - now['Russian']) / 1e9:.2f} bn")
