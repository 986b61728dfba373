"""``entrepot partners``: what a user types, and what comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from lake_rows import flow_row, flow_table

from entrepot.cli import main
from entrepot.lake import open_lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, SOURCES

ID = "a" * 16
OIL = "--reporter DE --flow M --level HS2 --goods 27 --from 2022-01 --to 2022-03"
# German imports of mineral fuels in a quarter, EUR m, before and now.
FUELS = {"RU": (300, 120), "KZ": (60, 120), "NO": (90, 90), "GE": (3, 0)}


def fuels():
    for partner, amounts in FUELS.items():
        for year, amount in zip((2021, 2022), amounts, strict=True):
            for month in range(1, 4) if amount else ():
                yield flow_row(
                    source_id=ID,
                    partner=partner,
                    flow="M",
                    valuation="CIF",
                    commodity="27",
                    period=date(year, month, 1),
                    value=amount * 1e6 / 3,
                )


def totals():
    """Trade in all goods; of 2022 only two months are there, and no import of March 2021."""
    for year, months in ((2021, 3), (2022, 2)):
        for month in range(1, months + 1):
            for partner, exports, imports in (("KZ", 20, 50), ("RU", 60, 70), ("_X", 1, 1)):
                row = {"source_id": ID, "partner": partner, "commodity": "TOTAL"}
                row["period"] = date(year, month, 1)
                yield flow_row(**row, value=exports * 1e6)
                yield flow_row(**row, value=imports * 1e6, flow="M", valuation="CIF")


def write_lake(path, rows, reader="test"):
    table = flow_table(*rows)
    source = arrow_rows(
        SOURCES,
        1,
        {
            **dict.fromkeys(("dataset", "publisher", "licence", "path"), "test"),
            "dataset": "comext",
            "reader": reader,
            "source_id": ID,
            "vintage": "2023-01-13",
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


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    path = tmp_path_factory.mktemp("partners") / "lake"
    return write_lake(path, [*fuels(), *totals()])


@pytest.fixture
def run(lake):
    return lambda words: CliRunner().invoke(
        main, ["--lake", str(lake), *f"partners {words}".split()]
    )


def found(shown):
    assert shown.exit_code == 0, shown.output
    return {row["partner"]: row for row in json.loads(shown.stdout)}


def test_the_table_shows_rank_share_and_what_they_are_worth(run):
    shown = run(f"{OIL} --of KZ")
    assert shown.exit_code == 0, shown.output
    (line,) = [line for line in shown.stdout.splitlines() if " KZ " in line]
    assert line.split() == ["1", "≥1", "3", "KZ", "Kazakhstan", "120.00", "36.4", "60.00", "+100.0"]
    for words in (
        "Kazakhstan (KZ): EUR 120 m in January–March 2022; rank 1 of the 3 partners held; the "
        "rank among all is 1 or worse.",
        "Imports of DE, level HS2, goods 27, by the country named as partner, EUR CIF.",
        "January–March 2022: 3 of 3 months held",
        "vintage 2023-01-13",
        "Chapter 27 is all mineral fuels",
        "Amounts are values and not weights",
        "a rank among all partners may be worse",
        "HHI) among the 3 partners held: 0.34",
    ):
        assert words in shown.stdout


def test_partners_on_a_par_share_a_rank_and_one_that_fell_away_has_none(run):
    rows = found(run(f"{OIL} --format json"))
    assert {name: row["rank"] for name, row in rows.items()} == {
        **{"KZ": 1, "RU": 1, "NO": 3},
        "GE": None,
    }
    assert {name: row["base_rank"] for name, row in rows.items()} == {
        **{"RU": 1, "NO": 2, "KZ": 3, "GE": 4},
    }
    assert rows["KZ"]["share"] == pytest.approx(120 / 330)
    assert (rows["KZ"]["rank_best"], rows["KZ"]["rank_worst"]) == (1, None)


def test_a_total_from_elsewhere_bounds_the_rank(run):
    shown = run(f"{OIL} --of NO --total EUR:6e8")
    # 600 − 330 is missing: two partners of more than 90 fit into 270, three do not.
    assert "the rank among all is between 3 and 5." in shown.stdout
    assert "Trade with all partners: EUR 600 m (the total given)." in shown.stdout
    rows = found(run(f"{OIL} --total EUR:6e8 --format json"))
    assert (rows["NO"]["rank_worst"], rows["KZ"]["rank_worst"]) == (5, 3)
    assert rows["NO"]["total_share"] == pytest.approx(0.15)
    assert rows["NO"]["total"] == 6e8


def test_all_partners_of_whole_files_are_all_there_are(tmp_path):
    path = write_lake(tmp_path / "lake", fuels(), reader="comext_bulk")
    words = ["--lake", str(path), "partners", *OIL.split(), "--of", "NO"]
    shown = CliRunner().invoke(main, words)
    assert "rank 3 of the 3 partners held, which are all." in shown.stdout
    assert "the sum over whole months of the publisher" in shown.stdout
    assert "may be worse" not in shown.stdout
    assert "≥" not in shown.stdout


def test_bounds_that_meet_are_one_rank(run):
    shown = run(f"{OIL} --of NO --total EUR:4e8")  # 70 is missing, less than Norway's 90
    assert "rank 3 of the 3 partners held; the rank among all is 3." in shown.stdout


def test_a_loss_is_set_against_a_gain(run):
    shown = run(f"{OIL} --substitute RU --by KZ")
    assert (
        "RU EUR −180 m from January–March 2021 to January–March 2022, KZ +EUR 60.0 m: 33 % of "
        "that loss" in shown.stdout
    )
    assert "In kilograms: unknown" in shown.stdout
    rows = found(run(f"{OIL} --substitute RU --by KZ --format json"))
    assert rows["KZ"]["of_loss"] == pytest.approx(1 / 3)
    assert rows["RU"]["of_loss"] is None


def test_where_nothing_was_lost_nothing_was_taken_over(run):
    shown = run(f"{OIL} --substitute KZ --by NO")
    assert "KZ lost nothing (+EUR 60.0 m" in shown.stdout


MUTUAL = "--reporter DE --flow both --from 2022-01 --to 2022-03"


def test_mutual_trade_is_one_reporters_exports_and_imports(run):
    shown = run(f"{MUTUAL} --of KZ")
    assert "EUR 140 m (EUR 40.0 m exports FOB, EUR 100 m imports CIF)" in shown.stdout
    assert "EUR FOB + CIF" in shown.stdout
    rows = found(run(f"{MUTUAL} --format json"))
    assert [rows["KZ"][name] for name in ("exports", "imports", "value")] == [4e7, 1e8, 1.4e8]
    assert rows["_X"]["rank"] is None


def test_a_missing_month_is_named_and_no_change_is_given(run):
    shown = run(MUTUAL)
    assert "2 of 3 months held, missing 2022-03, so that sums are too low" in shown.stdout
    assert "no change is given" in shown.stdout
    rows = found(run(f"{MUTUAL} --format json"))
    assert {row["change"] for row in rows.values()} == {None}
    assert rows["KZ"]["months_held"] == 2
    assert rows["KZ"]["months_asked"] == 3
    assert "incomplete_reporting" in rows["KZ"]["caveats"]


def test_unlike_stretches_leave_a_takeover_open(run):
    words = "--reporter DE --flow M --from 2022-01 --to 2022-03 --substitute RU --by KZ"
    assert "Whether KZ took over from RU is unknown" in run(words).stdout


@pytest.mark.parametrize("rate", ["USD/EUR:2022=1.05", "EUR/USD:2022=0.9523809523809523"])
def test_a_rate_turns_amounts_into_another_currency_whichever_way_it_is_quoted(run, rate):
    other = rate.replace("2022", "2021")
    rows = found(run(f"{MUTUAL} --in USD --rate {rate} --rate {other} --format json"))
    assert rows["KZ"]["currency"] == "USD"
    assert rows["KZ"]["value"] == pytest.approx(1.05 * 1.4e8)


def test_no_rate_is_assumed(run):
    shown = run(f"{MUTUAL} --in USD")
    assert shown.exit_code == 1
    assert "rate" in shown.stderr


def test_every_format_holds_all_partners_and_a_table_the_first(run, tmp_path):
    assert len(found(run(f"{OIL} --format json"))) == 4
    assert len(found(run(f"{OIL} --top 2 --format json"))) == 2
    assert "The first 2 of 4 partners are shown." in run(f"{OIL} --top 2").stdout
    assert len(list(csv.DictReader(io.StringIO(run(f"{OIL} --format csv").stdout)))) == 4
    assert run(f"{OIL} -o {tmp_path}/rows.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == 4


def test_a_chart_is_drawn_beside_the_table(run, tmp_path):
    shown = run(f"{OIL} --chart {tmp_path}/chart.svg")
    assert shown.exit_code == 0, shown.output
    drawn = (tmp_path / "chart.svg").read_text("utf-8")
    assert "Kazakhstan (KZ)" in drawn
    assert "EUR m CIF" in drawn


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (f"{OIL} --to 2021-12", 2, "expected 2022-01 or later"),
        ("--reporter DE --flow M --goods 27 --from 2022-01 --to 2022-03", 2, "--level HS2"),
        (f"{OIL} --substitute RU", 2, "belong together"),
        (f"{MUTUAL} --substitute RU --by KZ", 2, "about one flow"),
        (f"{OIL} --substitute RU --by RU", 1, "on both sides"),
        (f"{OIL} --total 6e8", 2, "is no amount, expected one like EUR:1.5e12"),
        (f"{OIL} --total USD:6e8", 2, "--total is in USD, expected EUR"),
        (f"{OIL} --total EUR:1e8", 1, "expected at least 330,000,000 EUR"),
        (f"{OIL} --of BY", 1, "--of is 'BY', expected a partner that the lake holds"),
        (f"{OIL} --chart chart.gif", 2, "is no chart's file"),
        (
            "--reporter FR --flow M --from 2022-01 --to 2022-03",
            1,
            "no monthly TOTAL rows of FR with flow M",
        ),
        ("--reporter DE --flow X --level HS2 --goods 27 --from 2022-01 --to 2022-03", 1, "flow X"),
        (f"{OIL} --dataset oops", 1, "--dataset is 'oops'"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_do(run, words, code, said):
    shown = run(words)
    assert (shown.exit_code, said in " ".join(shown.stderr.split())) == (code, True), shown.output


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    """Armenia's cars to March from one file, its telephones to April from another.

    In March there are buses and no car in the file that was asked for both.
    """
    path = tmp_path_factory.mktemp("extracts") / "lake"
    cars = [
        {"commodity": commodity, "period": date(year, month, 1)}
        for year in (2021, 2022)
        for month, commodity in ((1, "8703"), (2, "8703"), (3, "8702"))
    ]
    phones = [
        {"commodity": "8517", "period": date(year, month, 1)}
        for year in (2021, 2022)
        for month in (1, 2, 3, 4)
    ]
    base = {"dataset": "comtrade", "reporter": "AM", "flow": "M", "valuation": "CIF"}
    with open_lake(path) as opened, opened.write() as transaction:
        for unit, rows in (("c" * 16, cars), ("d" * 16, phones)):
            table = [
                flow_row(**base, **row, source_id=unit, partner=partner, value=value)
                for row in rows
                for partner, value in (("RU", 30.0), ("GE", 20.0), ("EU_X", 50.0))
            ]
            transaction.put(FLOWS, flow_table(*table), unit=unit)
            transaction.put(SOURCES, source_of(unit, "comtrade", len(table)), unit=unit)
        # Yearly totals in a dataset of their own.
        row = {"freq": "A", "period": date(2022, 1, 1), "commodity": "TOTAL", "source_id": "e" * 16}
        yearly = flow_row(**base | row | {"dataset": "national"}, partner="RU")
        transaction.put(FLOWS, flow_table(yearly), unit="e" * 16)
        transaction.put(SOURCES, source_of("e" * 16, "national", 1), unit="e" * 16)
    return path


def source_of(unit, dataset, count):
    words = dict.fromkeys(("publisher", "licence", "path", "reader"), "test")
    moment = {"vintage": "2024-03-01", "retrieved_at": datetime(2024, 3, 1, tzinfo=UTC)}
    row = {**words, **moment, "source_id": unit, "dataset": dataset, "sha256": "0"}
    return arrow_rows(SOURCES, 1, row | {"size_bytes": 1, "row_count": count})


@pytest.fixture
def ask(extracts):
    return lambda words: CliRunner().invoke(
        main, ["--lake", str(extracts), *f"partners --reporter AM --flow M {words}".split()]
    )


HEADING = "--level HS4 --goods 8703 --from 2022-01 --to 2022-04"


def test_a_month_in_which_only_other_goods_were_asked_for_is_not_held(ask):
    shown = ask(HEADING)
    assert shown.exit_code == 0, shown.output
    # March: buses in the file asked for cars; April: telephones in another file.
    assert "January–April 2022: 3 of 4 months held, missing 2022-04" in shown.stdout


def test_a_member_that_is_not_named_is_in_the_sum_and_not_ranked(ask):
    shown = ask(HEADING)
    line = next(line for line in shown.stdout.splitlines() if " EU_X " in line)
    assert line.split()[0] == "–"
    assert "Without rank, in the sum: EUR 100 with EU_X (EU, member not named)." in shown.stdout
    rows = found(ask(f"{HEADING} --format json"))
    assert [rows[name]["rank"] for name in ("RU", "GE", "EU_X")] == [1, 2, None]
    assert rows["RU"]["share"] == pytest.approx(0.3)


def test_auto_names_no_dataset_without_such_rows(ask):
    assert ask(HEADING).exit_code == 0  # `national` holds no headings
    shown = ask("--level HS4 --goods 9999 --from 2022-01 --to 2022-04")
    assert shown.exit_code == 1
    assert "no monthly HS4 rows of goods 9999 of AM with flow M in these months" in shown.stderr
    assert "national" not in shown.stderr


def test_the_other_frequency_is_named_where_only_that_is_held(ask):
    shown = ask("--from 2022-01 --to 2022-12")
    assert shown.exit_code == 1
    said = "It holds yearly ones of ['AM'] between 2022 and 2022 in ['national']: ask with --freq A"
    assert said in shown.stderr


def test_a_list_that_is_not_held_is_answered_with_what_this_command_takes(ask):
    shown = ask("--level HS4 --goods annex --from 2022-01 --to 2022-04")
    assert "--goods is 'annex', expected one of ['chpl']" in shown.stderr
    assert "--list" not in shown.stderr
