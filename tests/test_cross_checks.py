"""The published totals, cross-checked: one command each, against sums of the raw files."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrepot.cli import main
from entrepot.codes.areas import area_from_label
from entrepot.codes.groupings import members
from entrepot.errors import CodeError

pytestmark = pytest.mark.shared

OFFICES = {"KG": "kyrgyz", "KZ": "kazakhstan", "UZ": "uzbek", "AM": "armenia"}
UNION = members("EU", date(2023, 12, 1))
# Dollars for one euro, mean of 2023, as the European Central Bank publishes it.
DOLLARS = 1.0813
MARGIN = 0.06


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def totals(shared, tmp_path_factory):
    """A lake with the yearly and monthly totals, filled by the command."""
    lake = tmp_path_factory.mktemp("cross-checks") / "lake"
    folder = shared / "data"
    files = sorted((folder / "eurostat-totals-national").glob("*.csv"))
    files.append(folder / "comtrade-am-ge" / "arm_trade_country_2007_2024.csv")
    run = CliRunner().invoke(main, ["--lake", str(lake), "ingest", *map(str, files)])
    assert run.exit_code == 0, run.output
    return lake


def member(label: str) -> bool:
    """Whether a label names a member of the EU; one that names no area is a sum or a remainder."""
    try:
        return area_from_label(label).alpha2 in UNION
    except CodeError:
        return False


@pytest.fixture(scope="session")
def exports(shared):
    """Exports of the EU's 27 members by destination and year, EUR, summed from the raw file."""
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for row in table(shared / "data" / "eurostat-totals-national" / "eurostat_total_monthly.csv"):
        if member(row["reporter"]):
            sums[row["iso"], int(row["y"])] += float(row["VALUE_IN_EUR"])
    return sums


@pytest.fixture(scope="session")
def imports(shared):
    """Imports from the same members by importer and year, EUR, summed from the raw files."""
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for importer, name in OFFICES.items():
        path = shared / "data" / "eurostat-totals-national" / f"{name}_import_yearly.csv"
        for row in table(path):
            if member(row["PARTNER"]):
                sums[importer, int(row["PERIOD"][1:])] += float(row["VALUE_IN_EUR"])
    return sums


@pytest.fixture(scope="session")
def asked(totals):
    """Run one command, written as an analyst types it; its rows."""

    def run(words: str) -> list[dict[str, object]]:
        shown = CliRunner().invoke(main, ["--lake", str(totals), *words.split(), "--format=json"])
        assert shown.exit_code == 0, shown.output
        rows: list[dict[str, object]] = json.loads(shown.stdout)
        return rows

    return run


def test_exports_of_the_eu_to_kazakhstan_in_2022_are_10348_million(asked, exports):
    (row,) = asked("flows --reporter EU --partner KZ --from 2022-01 --to 2022-12")
    assert row["value"] == pytest.approx(exports["KZ", 2022])
    assert row["value"] / 1e6 == pytest.approx(10_348, abs=0.5)
    assert (row["currency"], row["valuation"], row["month_count"]) == ("EUR", "FOB", 12)


@pytest.fixture(scope="session")
def ratios(asked):
    rows = asked("mirror --exporter EU --importer KG,KZ,UZ,AM --from 2019 --to 2023 --by either")
    return {(row["importer"], int(str(row["period"])[:4])): row for row in rows}


@pytest.mark.parametrize(
    ("importer", "published"),
    [("KG", (0.93, 0.43, 0.33)), ("KZ", (0.87, 0.70, 0.80))],
)
def test_ratios_of_2021_to_2023_are_those_of_the_notes(ratios, importer, published):
    found = [ratios[importer, year]["mirror_ratio"] for year in (2021, 2022, 2023)]
    assert found == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize("year", range(2019, 2024))
@pytest.mark.parametrize("importer", OFFICES)
def test_every_ratio_is_that_of_the_raw_files(ratios, exports, imports, importer, year):
    row = ratios[importer, year]
    assert row["declared_export"] == pytest.approx(exports[importer, year])
    if (importer, year) == ("AM", 2023):  # the file holds January only, which is no year
        assert (row["declared_import"], row["mirror_ratio"]) == (None, None)
        assert row["silent_importers"] == "AM"
        return
    assert row["declared_import"] == pytest.approx(imports[importer, year], rel=1e-6)
    expected = imports[importer, year] / exports[importer, year]
    assert row["mirror_ratio"] == pytest.approx(expected, rel=1e-6)


@pytest.fixture(scope="session")
def armenia(asked):
    """Armenia's imports of 2023 from the EU by both rules, freight taken out."""
    rows = asked(
        "mirror --exporter EU --importer AM --from 2023 --to 2023 --by both --imports armstat "
        f"--rate USD/EUR:2023={DOLLARS} --valuation FOB --margin {MARGIN}"
    )
    return {row["recorded_by"]: row for row in rows}


@pytest.mark.parametrize(
    ("rule", "column", "published"),
    [("consignment", "import_consignment", 0.91), ("partner", "import_origin", 0.78)],
)
def test_armenia_in_2023_by_consignment_and_by_origin(
    shared, exports, armenia, rule, column, published
):
    row = armenia[rule]
    lines = table(shared / "data" / "comtrade-am-ge" / "arm_trade_country_2007_2024.csv")
    lines = [line for line in lines if line["year"] == "2023"]
    unnamed = "EU countries not specified"
    inside = {line["country"] for line in lines if member(line["country"])} | {unnamed}
    dollars = sum(1000 * float(line[column]) for line in lines if line["country"] in inside)
    expected = dollars / DOLLARS / (1 + MARGIN) / exports["AM", 2023]
    assert row["mirror_ratio"] == pytest.approx(expected)
    assert row["mirror_ratio"] == pytest.approx(published, abs=0.005)
    assert (row["import_valuation"], row["margin"]) == ("FOB", MARGIN)
    # Of the imports by origin, 3 in 100 name the Union and no member.
    assert "partner_not_specified" in row["caveats"]
    assert (row["grouping_import"] > 0.03 * row["declared_import"]) == (rule == "partner")
