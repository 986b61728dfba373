"""`entrepot flows`: by month and year, in another currency, as a picture, and what it says."""

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


def write_lake(path, rows, dataset):
    words = dict.fromkeys(("licence", "path", "reader", "sha256"), "test")
    source = {
        **words,
        "source_id": "s1",
        "dataset": dataset,
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


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Germany's exports to Kyrgyzstan: 100 a month in early 2021, 220 in early 2022, EUR."""
    path = tmp_path_factory.mktemp("flows") / "lake"
    rows = [
        flow_row(period=date(year, month, 1), value=value, commodity="TOTAL")
        for year, value in ((2021, 100.0), (2022, 220.0))
        for month in (1, 2, 3)
    ]
    return write_lake(path, rows, "comext")


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


def test_each_month_stands_beside_its_own_of_the_year_before_in_order_of_time(run):
    rows = json.loads(run("--by", "period", "--format", "json").stdout)
    assert [row["period"] for row in rows] == ["2022-01-01", "2022-02-01", "2022-03-01"]
    assert {(row["value"], row["base_value"]) for row in rows} == {(220.0, 100.0)}
    assert [row["change"] for row in rows] == pytest.approx([1.2] * 3)
    assert [row["base_period"] for row in rows] == ["2021-01-01", "2021-02-01", "2021-03-01"]


def test_a_month_that_the_base_does_not_hold_has_no_change(run):
    shown = run("--by", "period", "--against", "2021-03", "--format", "json")
    rows = {row["period"]: row["change"] for row in json.loads(shown.stdout)}
    assert rows == {"2022-01-01": pytest.approx(1.2), "2022-02-01": None, "2022-03-01": None}


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--goods", "27"), 2, "--goods is 27 at level TOTAL, expected the level at which"),
        (("--level", "HS2", "--goods", "27"), 1, "no monthly HS2 rows of goods 27 of DE about KG"),
        (("--freq", "A"), 2, "--freq A takes whole years"),
        (("--in", "XXX"), 1, "XXX is in no amount and no rate here, which are in ['EUR']."),
    ],
)
def test_a_sum_that_cannot_be_made_says_why(run, more, code, said):
    shown = run(*more)
    assert (shown.exit_code, said in " ".join(shown.stderr.split())) == (code, True), shown.output


def test_a_rate_that_nothing_was_turned_at_is_not_listed_as_used(run):
    shown = run("--in", "USD", *RATES, "--rate", "USD/EUR:2019=1.5")
    assert "USD/EUR 1.2 in 2021. Not used: USD/EUR 1.5 in 2019." in shown.stdout
    needless = run("--in", "EUR", *RATES)
    assert "No rate given was needed: all amounts are in EUR." in needless.stdout


YEARLY = "flows --reporter AM --partner EU --flow M --from 2022-01 --to 2022-12"


@pytest.fixture(scope="module")
def yearly(tmp_path_factory):
    """Armenia's yearly imports: 60 from Germany, 40 from a member that is not named."""
    path = tmp_path_factory.mktemp("yearly") / "lake"
    rows = [
        flow_row(
            **{"freq": "A", "period": date(year, 1, 1), "commodity": "TOTAL", "reporter": "AM"},
            **{"flow": "M", "valuation": "CIF", "currency": "USD", "dataset": "national"},
            partner=partner,
            value=value * 1e6 * (year - 2020),
        )
        for year in (2021, 2022)
        for partner, value in (("DE", 60.0), ("EU_X", 40.0), ("_X", 7.0))
    ]
    return write_lake(path, rows, "national")


def test_yearly_declarations_are_added_where_they_are_asked_for(yearly):
    questions = (YEARLY, f"{YEARLY} --freq A", f"{YEARLY} --freq A --by period --format json")
    monthly, shown, told = (
        CliRunner().invoke(main, ["--lake", str(yearly), *words.split()]) for words in questions
    )
    assert monthly.exit_code == 1
    assert "It holds yearly ones of ['AM'] between 2021 and 2022" in monthly.stderr
    assert shown.exit_code == 0, shown.output
    assert "years of January–December 2022" in shown.stdout
    (row,) = json.loads(told.stdout)
    assert (row["period"], row["value"], row["base_value"]) == ("2022-01-01", 200e6, 100e6)


def test_a_member_that_is_not_named_counts_with_its_group_and_is_told(yearly):
    shown = CliRunner().invoke(main, ["--lake", str(yearly), *YEARLY.split(), "--freq", "A"])
    assert "Counted in, of a group whose member is not named: USD 80.00 m with EU_X." in (
        shown.stdout
    )
    part = YEARLY.replace("EU", "DE").split()
    alone = CliRunner().invoke(main, ["--lake", str(yearly), *part, "--freq", "A"])
    assert "120.00" in alone.stdout
    assert "EU_X" not in alone.stdout


def test_imports_say_what_the_partner_is(yearly):
    shown = CliRunner().invoke(main, ["--lake", str(yearly), *YEARLY.split(), "--freq", "A"])
    assert "that of origin unless the publisher says otherwise" in shown.stdout


OWN = "classification,commodity,earlier_classification,earlier_commodity,relationship\n"
DIODES = "flows --reporter DE --partner KG --level CN8 --goods 8541 --by commodity"


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """Diodes under another code since 2022, and resistors that never changed theirs."""
    folder = tmp_path_factory.mktemp("renamed")
    codes = {2021: "85414010", 2022: "85414100", 2023: "85414100"}
    rows = [
        flow_row(period=date(year, 1, 1), commodity=commodity, value=value)
        for year, diode in codes.items()
        for commodity, value in ((diode, 10.0 * (year - 2020)), ("85411000", 5.0))
    ]
    path = write_lake(folder / "lake", rows, "comext")
    for year, pair in ((2022, "85414100,CN2021,85414010"), (2023, "87032400,CN2022,87032410")):
        update = folder / f"cn{year}.csv"
        update.write_text(f"{OWN}CN{year},{pair},1:1\n")
        shown = CliRunner().invoke(main, ["--lake", str(path), "ingest", str(update)])
        assert shown.exit_code == 0, shown.output
    return path


@pytest.fixture
def diodes(renamed):
    return lambda words: CliRunner().invoke(
        main, ["--lake", str(renamed), *f"{DIODES} {words}".split()]
    )


def test_eight_digits_are_followed_over_changes_of_year(diodes):
    words = "--from 2023-01 --to 2023-01 --against 2021-01 --concord exact --edition CN2021"
    shown = diodes(f"{words} --format json")
    assert shown.exit_code == 0, shown.output
    rows = {row["commodity"]: row for row in json.loads(shown.stdout)}
    assert {code: (row["value"], row["base_value"]) for code, row in rows.items()} == {
        "85414010": (30.0, 10.0),
        "85411000": (5.0, 5.0),
    }
    assert "Codes by the one code of CN2021 that held their goods." in rows["85414010"]["codes"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("2022-01 --against 2020-01 --concord exact --edition CN2021", 0, "Codes by the one code"),
        ("2022-01 --concord exact --edition CN2024", 1, "no list of changes from CN2023 to CN2024"),
        ("2022-01 --against 2022-01 --concord exact --edition CN2022", 1, "are of CN2022"),
        ("2022-01 --concord main --edition CN2021", 2, "--concord main needs an edition of HS"),
        ("2022-01 --concord exact --edition CN21", 2, "'CN21' is no edition"),
        ("2022-01 --concord exact --edition CN2021 --level HS6", 2, "needs --level CN8"),
    ],
)
def test_editions_of_the_cn_need_a_list_for_each_year(diodes, words, code, said):
    shown = diodes(f"--from 2022-01 --to {words}")
    told = " ".join((shown.stdout + shown.stderr).split())
    assert (shown.exit_code, said in told) == (code, True), shown.output
