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
        # Nobody in Armenia says what became of it.
        yield flow_row(**row, dataset="ours", reporter="DE", partner="AM", value=5.0e6)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    path = tmp_path_factory.mktemp("mirror") / "lake"
    table = flow_table(*rows())
    source = arrow_rows(
        SOURCES,
        2,
        {
            **dict.fromkeys(("publisher", "licence", "path", "reader"), "test"),
            "source_id": [ID, "b" * 16],
            "dataset": ["ours", "theirs"],
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


def test_a_part_of_the_exporters_is_shown_by_name_where_asked_for(run):
    assert "part of" not in run().stdout
    shown = run("--part", "LT").stdout
    assert "LT: part" in shown
    assert "LT: what these exporters declared of all exports of DE,LT" in shown


def test_the_rates_that_were_used_are_named(run):
    assert "at the rates given: USD/EUR 1.1 in 2019, " in run().stdout


def test_a_currency_without_a_rate_stops(lake):
    words = ["--lake", str(lake), *ASK.split(), "--exports", "ours", "--imports", "theirs"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 1
    assert "['EUR', 'USD'], expected one currency" in shown.stderr
    assert "no rate for USD in [2019, 2020, 2021, 2022]" in shown.stderr
    assert "--rate USD/EUR:2019=RATE" in shown.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ("--exports", "comext"),
            "--exports is 'comext', expected one of ['ours', 'theirs'], those in the lake.",
        ),
        (
            ("--imports", "ours"),
            "--imports is 'ours', which holds no imports (flow M), expected one of ['theirs']",
        ),
        (
            ("--exporter", "DE,PL"),
            "ours holds no exports (flow X) of ['PL'] in 2019–2022: silence is not nil. It holds "
            "yearly ones of ['DE', 'LT'] between 2019 and 2022 and no monthly ones. Leave them "
            "out of --exporter",
        ),
        (
            ("--importer", "KG,TJ"),
            "ours holds no exports (flow X) to ['TJ'] in 2019–2022, expected some of ['AM', 'KG', "
            "'KZ']. Leave them out of --importer",
        ),
        (
            ("--importer", "KG,AM"),
            "theirs holds no imports (flow M) of ['AM'] in 2019–2022: silence is not nil. It "
            "holds yearly ones of ['KG', 'KZ'] between 2019 and 2022",
        ),
        (
            ("--from", "2021"),
            "the years before the event are [2021], expected at least 2: one is judged by the "
            "ratio of the others. Move --from back, or --event forward.",
        ),
        (
            ("--by", "consignment"),
            "['KG', 'KZ'] are not whole before the event, open are KG 2019, 2020, 2021; KZ 2019, "
            "2020, 2021; expected all years from 2019 to 2021, with exports in ours and imports "
            "by consignment in theirs",
        ),
        (("--from", "2018"), "are not whole before the event, open are KG 2018; KZ 2018; expected"),
    ],
)
def test_what_the_lake_does_not_hold_is_said_with_what_it_does(run, more, said):
    shown = run(*more)
    assert shown.exit_code == 1, shown.output
    assert said in " ".join(shown.stderr.split())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--event", "2019"), "expected --from before --event"),
        (("--to", "2021"), "expected --from before --event"),
        (("--rate", "1.05"), "is no rate"),
        (("--rate", "USD/EUR:2022=0"), "is no rate"),
        (("--from", "2019-01"), "--event works on years"),
        (("--by", "both"), "--by both cannot be used with --event"),
        (("--level", "HS6", "--per", "importer"), "--level, --per cannot be used with --event"),
        (("--from", "19"), "'19' is no year and no month, expected YYYY or YYYY-MM"),
    ],
)
def test_a_question_that_makes_no_sense_is_wrong_use(run, more, said):
    shown = run(*more)
    assert shown.exit_code == 2
    assert said in shown.stderr


PAIRS = "mirror --exporter DE,LT --importer AM,KG,KZ --exports ours --imports theirs"


@pytest.fixture
def pairs(lake):
    """Run ``mirror`` without an event on the same lake."""
    rate = "--rate=USD/EUR:2022=1.1"
    return lambda *more: CliRunner().invoke(
        main, ["--lake", str(lake), *PAIRS.split(), rate, *more]
    )


YEAR = ("--from", "2022", "--to", "2022", "--by", "either")


def test_pairs_show_both_sides_their_ratio_and_who_was_silent(pairs):
    shown = pairs(*YEAR)
    assert shown.exit_code == 0, shown.output
    lines = {line.split()[1]: line.split() for line in shown.stdout.splitlines()[3:6]}
    assert lines["KZ"] == ["2022", "KZ", "partner", "600.00", "609.00", "1.01", "0", "0"]
    assert lines["KG"][3:6] == ["600.00", "203.00", "0.34"]
    assert lines["AM"] == ["2022", "AM", *["–", "5.00", "–", "–", "–", "–"], "AM"]
    assert "Not in full: imports of AM in 2022." in shown.stdout
    assert "holds no exports of" not in shown.stdout
    assert "EUR m FOB" in shown.stdout
    assert "Turned into EUR at the rates given: USD/EUR 1.1 in 2022." in shown.stdout
    assert "Source: test (ours, vintage 2024-01-01); test (theirs, vintage 2024-01-01)" in (
        shown.stdout
    )
    assert "it is no proof" in shown.stdout


def test_pairs_in_a_file_hold_unit_valuation_and_silence(pairs):
    rows = {row["importer"]: row for row in json.loads(pairs(*YEAR, "--format", "json").stdout)}
    assert rows["KG"]["mirror_ratio"] == pytest.approx(203 / 600)
    assert (rows["KG"]["export_valuation"], rows["KG"]["import_valuation"]) == ("FOB", "CIF")
    assert (rows["KG"]["currency"], rows["KG"]["margin"]) == ("EUR", None)
    assert (rows["KG"]["freq"], rows["KG"]["period"]) == ("A", "2022-01-01")
    assert rows["KG"]["rates"] == "Turned into EUR at the rates given: USD/EUR 1.1 in 2022."
    assert (rows["AM"]["mirror_ratio"], rows["AM"]["silent_importers"]) == (None, "AM")
    assert "incomplete_reporting" in rows["AM"]["caveats"]


def test_freight_is_taken_out_at_the_margin_asked_for_and_it_is_shown(pairs):
    words = ("--valuation", "FOB", "--margin", "0.06")
    (row,) = [
        row
        for row in json.loads(pairs(*YEAR, *words, "--format", "json").stdout)
        if row["importer"] == "KZ"
    ]
    assert row["mirror_ratio"] == pytest.approx(609 / 600 / 1.06)
    assert (row["import_valuation"], row["margin"]) == ("FOB", 0.06)
    assert "imports divided by 1 + 0.06" in pairs(*YEAR, *words).stdout


def test_pairs_are_summed_by_the_columns_asked_for(pairs):
    rows = json.loads(pairs(*YEAR, "--per", "exporter", "--format", "json").stdout)
    assert [(row["exporter"], row["recorded_by"], row["declared_export"]) for row in rows] == [
        ("DE", "partner", 600e6),
        ("LT", "partner", 600e6),
        ("DE", None, 5e6),  # to Armenia, which declares nothing by any rule
    ]
    assert "period" not in rows[0]


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--to", "2021", "--from", "2022"), 2, "--from and --to do not fit together"),
        (("--from", "2022-01"), 2, "expected two years or two months"),
        (("--valuation", "FOB"), 2, "--valuation and --margin belong together"),
        (("--margin", "0.1"), 2, "--valuation and --margin belong together"),
        (("--part", "LT"), 2, "--part cannot be used without --event"),
        (("--by", "both", "--chart", "m.svg"), 2, "--chart shows imports by one rule"),
        (("--per", "importer", "--chart", "m.svg"), 2, "--chart draws periods"),
        (
            ("--from", "2022-01", "--to", "2022-12"),
            1,
            "ours holds no exports (flow X) of ['DE', 'LT'] in months from 2022-01 to 2022-12 at "
            "TOTAL: silence is not nil. It holds yearly ones of ['DE', 'LT'] between 2019 and "
            "2022 and no monthly ones.",
        ),
        (("--level", "HS6"), 1, "in whole years from 2022 to 2022 at HS6"),
        (("--goods", "8703"), 2, "--goods is 8703 at level TOTAL, expected the level at which"),
        (("--by", "consignment"), 1, "recorded by consignment. Use --by either"),
        (("--in", "euro"), 2, "'euro' is no currency"),
        (
            ("--in", "KZT"),
            1,
            "amounts are in ['EUR'], expected one currency, KZT: no rate for EUR in [2022], and "
            "none is assumed.",
        ),
    ],
)
def test_a_question_about_pairs_that_has_no_answer_says_why(pairs, more, code, said):
    shown = pairs(*YEAR, *more)
    assert shown.exit_code == code, shown.output
    assert said in " ".join(shown.stderr.split())


def test_an_importer_of_whom_the_exporters_data_hold_nothing_is_named(pairs):
    words = ("--importer", "KG,TJ,UZ")
    said = "ours holds no exports of DE,LT to TJ, UZ: not held is not nil."
    assert said in pairs(*YEAR, *words).stdout


def test_pairs_can_be_drawn(pairs, tmp_path):
    path = tmp_path / "pairs.svg"
    assert pairs(*YEAR, "--chart", str(path)).exit_code == 0
    assert "Kazakhstan (KZ)" in path.read_text("utf-8")
