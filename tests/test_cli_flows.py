"""`entrepot flows` in another currency, and as a picture; its sums are tested with the results."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from lake_rows import flow_row, flow_table

from entrepot.cli import main
from entrepot.lake import open_lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, SOURCES

ASK = "flows --reporter DE --partner KG --from 2022-01 --to 2022-03"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Germany's exports to Kyrgyzstan: 100 a month in early 2021, 220 in early 2022, EUR."""
    path = tmp_path_factory.mktemp("flows") / "lake"
    rows = [
        flow_row(period=date(year, month, 1), value=value, commodity="TOTAL")
        for year, value in ((2021, 100.0), (2022, 220.0))
        for month in (1, 2, 3)
    ]
    words = dict.fromkeys(("licence", "path", "reader", "sha256"), "test")
    source = {
        **words,
        "source_id": "s1",
        "dataset": "comext",
        "publisher": "Eurostat",
        "vintage": "2024-01-01",
        "retrieved_at": datetime(2024, 1, 1, tzinfo=UTC),
        "size_bytes": 1,
        "row_count": len(rows),
    }
    with open_lake(path) as opened, opened.write() as transaction:
        transaction.put(FLOWS, flow_table(*rows), unit="s1")
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, source), unit="s1")
    return path


@pytest.fixture
def run(lake):
    return lambda *more: CliRunner().invoke(main, ["--lake", str(lake), *ASK.split(), *more])


RATES = ("--rate", "USD/EUR:2022=1.1", "--rate", "USD/EUR:2021=1.2")


def test_each_year_is_turned_at_its_own_rate_and_the_rates_are_named(run):
    shown = run("--in", "USD", *RATES)
    assert shown.exit_code == 0, shown.output
    assert "at the rates given: USD/EUR 1.1 in 2022, USD/EUR 1.2 in 2021." in shown.stdout
    (row,) = json.loads(run("--in", "USD", *RATES, "--format", "json").stdout)
    assert row["currency"] == "USD"
    assert row["value"] == pytest.approx(3 * 220 * 1.1)
    assert row["base_value"] == pytest.approx(3 * 100 * 1.2)


def test_amounts_stay_as_declared_where_no_currency_is_asked_for(run):
    (row,) = json.loads(run("--format", "json").stdout)
    assert (row["currency"], row["value"], row["rates"]) == ("EUR", 660.0, "")


def test_a_currency_without_a_rate_for_every_year_stops(run):
    for more in ((), RATES[:2]):
        shown = run("--in", "USD", *more)
        assert shown.exit_code == 1
        assert "and none is assumed" in shown.stderr
        assert "EUR in [2021" in shown.stderr


def test_the_source_stands_under_the_sums(run):
    assert "Source: Eurostat (comext, vintage 2024-01-01)." in run().stdout


def test_sums_by_month_can_be_drawn(run, tmp_path):
    path = tmp_path / "flows.svg"
    assert run("--by", "period", "--chart", str(path)).exit_code == 0
    assert "DE about KG" in path.read_text("utf-8")
