"""What a run of a small simulated world looks like on the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from entrepot import api
from entrepot.cli import main
from entrepot.lake import open_lake
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate
from entrepot.tables import LEADS, RUNS, SOURCES, TOTALS

SOURCE = Path(__file__).resolve().parent.parent / "src"
ANSI = re.compile(r"\x1b\[")
MARK = "SIMULATED DATA"
# Forty products of four chapters, fifteen partners, three years: the smallest world that flags.
TINY = {"product_count": 40, "heading_count": 10, "chapter_count": 4, "month_count": 36}


def entrepot(words, *more):
    """Run a command line; what may hold blanks stands after it."""
    return CliRunner().invoke(main, [*words.split(), *map(str, more)])


@pytest.fixture(scope="session")
def lake(tmp_path_factory):
    """A lake with a simulated world and one run of `entrepot detect`."""
    path = tmp_path_factory.mktemp("cli") / "lake"
    world = simulate(replace(small(SCENARIOS["strong"]), **TINY), 1)
    candidates = ",".join(world.destinations[world.is_candidate].tolist())
    with open_lake(path) as opened:
        api.write_world(opened, world)
    shown = entrepot("--lake", path, "detect", "--intermediaries", candidates)
    assert shown.exit_code == 0, shown.output
    return path, shown.stdout, candidates


@pytest.fixture
def run(lake):
    return lambda words, *more: entrepot("--lake", lake[0], *words.split(), *more)


def rows(shown):
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def test_detect_says_what_it_used_found_and_what_comes_next(lake):
    path, said, candidates = lake
    assert re.match(r"Run r[0-9a-f]{15}\n", said)
    assert MARK in said
    assert "design donors" in said
    assert f"intermediaries {candidates}; " in said
    assert (
        said.index("Checks") < said.index("Countries") < said.index("Flagged") < said.index("Next")
    )
    assert said.count("EU exports of listed goods to Uzbekistan") == 2
    assert f"entrepot --lake {path} leads --flagged" in said


def test_the_same_question_is_not_worked_out_again(lake, run):
    again = run("detect", "--intermediaries", lake[2])
    assert "not worked out again" in again.stdout
    with open_lake(lake[0]) as opened:
        assert len(opened.units(RUNS)) == 1


def test_leads_show_both_brackets_in_one_row(run):
    shown = run("leads", "--limit", "3").stdout
    leads = [line for line in shown.splitlines() if line.startswith("EU-")]
    assert len(leads) == 3
    assert all(line.count("*") == 2 for line in leads)  # the first are flagged in both
    assert all(words in shown for words in ("common path", "own path", "EUR m", MARK, "3 of "))


def test_flagged_leads_come_first_then_the_largest_excess(run):
    found = rows(run("leads", "--format", "json"))
    order: dict[str, list[dict[str, object]]] = {}
    for row in found:
        order.setdefault(f"{row['intermediary']}-{row['commodity']}", []).append(row)
    ranks = [
        (sum(r["is_flagged"] for r in same), max(r["excess"] for r in same))
        for same in order.values()
    ]
    assert ranks == sorted(ranks, reverse=True)
    assert {len(same) for same in order.values()} == {2}
    assert ranks[0][0] == 2


def test_filters_of_leads(run):
    found = rows(run("leads --format json --intermediary kg --flagged"))
    assert found
    assert {row["intermediary"] for row in found} == {"KG"}
    corridors = {row["commodity"] for row in found if row["is_flagged"]}
    assert corridors == {row["commodity"] for row in found}
    prefix = found[0]["commodity"][:4]
    same = rows(run("leads", "--format", "json", "--commodity", prefix))
    assert {row["commodity"][:4] for row in same} == {prefix}


def test_a_filter_that_fits_nothing_says_so(run):
    shown = run("leads", "--commodity", "999999")
    assert shown.exit_code == 0
    assert "No corridor of run" in shown.stdout
    assert rows(run("leads", "--commodity", "999999", "--format", "json")) == []


@pytest.mark.parametrize(
    ("words", "table"), [("leads", LEADS), ("totals", TOTALS), ("sources", SOURCES)]
)
def test_every_format_holds_all_columns(run, tmp_path, words, table):
    found = rows(run(words, "--format", "json"))
    assert tuple(found[0]) == table.column_names
    text = run(words, "--format", "csv").stdout
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(found)
    path = tmp_path / "rows.parquet"
    written = run(words, "-o", path)
    assert (written.exit_code, written.stdout) == (0, "")
    assert parquet.read_table(path).num_rows == len(found)
    binary = run(words, "--format", "parquet").stdout_bytes
    assert parquet.read_table(io.BytesIO(binary)).num_rows == len(found)
    assert run(words).exit_code == 0


def test_totals_by_country_chapter_and_both(run):
    countries = rows(run("totals --format json"))
    chapters = rows(run("totals --format json --by chapter"))
    both = rows(run("totals --format json --by both --intermediary KG"))
    assert {row["group"] for row in countries} == {"_T"}
    assert {row["intermediary"] for row in chapters} == {"_T"}
    assert {row["intermediary"] for row in both} == {"KG"}
    assert "_T" not in {row["group"] for row in (*chapters, *both)}
    observed = next(row["observed"] for row in countries if row["intermediary"] == "_T")
    common = [row["observed"] for row in chapters if row["bracket"] == "common"]
    assert sum(common) == pytest.approx(observed)
    shown = run("totals").stdout
    assert "KG Kyrgyzstan" in shown
    assert MARK in shown


def test_explain_tells_numbers_chart_caveats_and_evidence(run):
    row = rows(run("leads --format json --limit 1"))[0]
    name = f"EU-{row['intermediary']}-RU-{row['commodity']}"
    shown = run("explain", name)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(MARK)
    parts = (
        "consistent with diversion",
        "Common path: observed",
        "● declared",
        "Caveats",
        "source",
    )
    assert all(part in shown.stdout for part in parts)
    assert "┊ window from March 2022" in shown.stdout


def test_explain_of_a_lead_that_is_not_there_names_its_neighbours(run):
    shown = run("explain", "EU-KG-RU-999999")
    assert shown.exit_code == 1
    assert "EU-KG-RU-" in shown.stderr.replace("EU-KG-RU-999999", "")


def test_dossier_writes_one_page(run, tmp_path):
    shown = run("dossier", "kg", "-o", tmp_path / "kg.html")
    assert (shown.exit_code, shown.stdout.strip()) == (0, str(tmp_path / "kg.html"))
    page = (tmp_path / "kg.html").read_text("utf-8")
    assert "Kyrgyzstan" in page
    assert MARK in page


def test_dossier_of_a_country_the_run_does_not_know(run, tmp_path):
    assert run("dossier", "BR", "-o", tmp_path / "br.html").exit_code == 1
    assert run("dossier", "KG", "-o", tmp_path / "no" / "kg.html").exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_not_there(run):
    for words in ("leads", "totals", "explain EU-KG-RU-870324", "dossier KG"):
        shown = run(words, "--run", "r0")
        assert shown.exit_code == 1, words
        assert "holds no run 'r0'" in shown.stderr


def test_flows_adds_up_declared_trade_with_no_model(lake, run):
    words = "flows --reporter EU --partner KG --level CN8 --from 2022-03 --to 2022-05"
    (found,) = rows(run(words, "--format", "json"))
    assert (found["month_count"], found["currency"], found["valuation"]) == (3, "EUR", "FOB")
    with open_lake(lake[0]) as opened:
        world = simulate(replace(small(SCENARIOS["strong"]), **TINY), 1)
        assert opened.has(SOURCES)
    place = world.destinations.tolist().index("KG")
    months = world.periods.astype(str).tolist()
    first, base = months.index("2022-03"), months.index("2021-03")
    assert found["value"] == pytest.approx(world.upstream[:, place, first : first + 3].sum())
    assert found["base_value"] == pytest.approx(world.upstream[:, place, base : base + 3].sum())
    change = found["value"] / found["base_value"] - 1
    assert found["change"] == pytest.approx(change)
    shown = run(words, "--by", "commodity").stdout
    assert "March–May 2022" in shown
    assert "March–May 2021" in shown
    declared = f"{found['declaration_count']}/{found['base_declaration_count']}"
    assert found["declaration_count"] == 9  # three reporters, three months
    (total,) = [line for line in run(words).stdout.splitlines() if line.endswith(declared)]
    assert total.split()[0] == f"{found['value'] / 1e6:,.2f}"
    assert total.split()[2] == f"{change * 100:+.1f}"


def test_flows_of_a_list_against_other_months(run):
    words = "flows --reporter EU --partner KG --level CN8 --from 2022-03 --to 2022-05"
    listed = rows(run(words, "--goods", "simulated", "--format", "json"))[0]
    everything = rows(run(words, "--format", "json"))[0]
    assert 0 < listed["value"] < everything["value"]
    moved = rows(run(words, "--against", "2021-06", "--format", "json"))[0]
    assert moved["value"] == pytest.approx(everything["value"])
    assert moved["base_value"] != pytest.approx(everything["base_value"])


def test_flows_that_nobody_declared(run):
    words = "flows --reporter EU --partner KG --from 2022-03 --to 2022-05"
    shown = run(words)
    assert shown.exit_code == 1
    assert "holds no TOTAL rows" in shown.stderr


@pytest.mark.parametrize("words", ["leads", "totals", "sources"])
def test_nothing_is_coloured_in_a_pipe(run, words):
    assert ANSI.search(run(words).output) is None


def test_a_reader_that_goes_away_is_no_error(lake):
    words = [sys.executable, "-m", "entrepot", "--lake", str(lake[0]), "leads", "--format", "csv"]
    process = subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait()


def test_simulate_writes_a_world_and_says_how_to_go_on(tmp_path):
    shown = entrepot("simulate --scenario null --seed 3 --small -o", tmp_path / "world")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(MARK)
    assert "--intermediaries AM," in shown.stdout
    assert "entrepot --lake" in shown.stdout
    (source,) = rows(entrepot("--lake", tmp_path / "world", "sources", "--format", "json"))
    assert source["dataset"] == "simulated"


def test_explain_names_only_the_files_that_hold_the_corridor(lake, run):
    lead = rows(run("leads --limit 1 --format json"))[0]
    name = f"{lead['coalition']}-{lead['intermediary']}-RU-{lead['commodity']}"
    shown = run(f"explain {name}").stdout
    evidence = shown[shown.index("Evidence") :]
    assert evidence.count("source ") == 1
