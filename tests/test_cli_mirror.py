"""``entrepot mirror``: what a user types, and what comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from lake_rows import flow_row, flow_table

from entrepot.cli import main
from entrepot.lake import open_lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, SOURCES

ID = "a" * 16
ASK = "mirror --exporter DE,LT --importer KG,KZ --from 2019 --event 2022 --to 2022 --by partner"


def rows():
    """Two exporters, two importers, four years; in 2022 Kyrgyzstan's imports stay behind."""
    for year in range(2019, 2023):
        for place, exporter in enumerate(("DE", "LT")):
            for importer in ("KG", "KZ"):
                is_after = year == 2022
                sent = 100.0e6 * (3 if is_after else 1)
                came = sent * (1 + 0.03 * ((year + place) % 3))
                if is_after and importer == "KG":
                    came /= 3
                row = {"freq": "A", "period": date(year, 1, 1), "commodity": "TOTAL"}
                row["source_id"] = ID
                yield flow_row(
                    **row, dataset="ours", reporter=exporter, partner=importer, value=sent
                )
                other = {"dataset": "theirs", "flow": "M", "valuation": "CIF", "currency": "USD"}
                yield flow_row(
                    **row, **other, reporter=importer, partner=exporter, value=came * 1.1
                )


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    path = tmp_path_factory.mktemp("mirror") / "lake"
    table = flow_table(*rows())
    source = arrow_rows(
        SOURCES,
        1,
        {
            **dict.fromkeys(("dataset", "publisher", "licence", "path", "reader"), "test"),
            "source_id": ID,
            "vintage": "2024-01-01",
            "retrieved_at": datetime(2024, 1, 1, tzinfo=UTC),
            "sha256": "0",
            "size_bytes": 1,
            "row_count": table.num_rows,
        },
    )
    with open_lake(path) as opened, opened.write() as transaction:
        transaction.put(FLOWS, table, unit=ID)
        transaction.put(SOURCES, source, unit=ID)
    return path


@pytest.fixture
def run(lake):
    rates = [f"--rate=USD/EUR:{year}=1.1" for year in range(2019, 2023)]
    sides = ["--exports", "ours", "--imports", "theirs", *rates]
    return lambda *more: CliRunner().invoke(
        main, ["--lake", str(lake), *ASK.split(), *sides, *more]
    )


def test_the_table_shows_ghost_trade_its_range_and_how_it_was_found(run):
    shown = run()
    assert shown.exit_code == 0, shown.output
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("2022  KG")]
    assert all(word in line for word in ("partner", "600", "0.3"))
    words = (
        "ghost = exports (FOB) − imports (CIF) / rho",
        "measured on KG, KZ",
        "before the event",
    )
    assert all(word in shown.stdout for word in words)


def test_every_format_holds_all_columns(run, tmp_path):
    found = json.loads(run("--format", "json").stdout)
    assert [(row["year"], row["importer"]) for row in found][:3] == [
        (2019, "KG"),
        (2019, "KZ"),
        (2019, "_T"),
    ]
    (ghost,) = [row for row in found if (row["year"], row["importer"]) == (2022, "KG")]
    assert ghost["ghost_share"] == pytest.approx(1.0, abs=0.1)
    assert ghost["currency"] == "EUR"
    assert ghost["mirror_ratio"] == pytest.approx(0.34, abs=0.02)
    assert len(list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))) == len(found)
    path = tmp_path / "rows.parquet"
    assert run("-o", str(path)).exit_code == 0
    assert path.stat().st_size > 0


def test_a_part_of_the_exporters_is_shown_where_asked_for(run):
    assert "part of" not in run().stdout
    assert "part of" in run("--part", "LT").stdout


def test_a_currency_without_a_rate_stops(lake):
    words = ["--lake", str(lake), *ASK.split(), "--exports", "ours", "--imports", "theirs"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 1
    assert "['EUR', 'USD'], expected one currency" in shown.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--event", "2019"), "expected --from before --event"),
        (("--to", "2021"), "expected --from before --event"),
        (("--rate", "1.05"), "is no rate"),
        (("--rate", "USD/EUR:2022=0"), "is no rate"),
    ],
)
def test_a_question_that_makes_no_sense_is_wrong_use(run, more, said):
    shown = run(*more)
    assert shown.exit_code == 2
    assert said in shown.stderr
