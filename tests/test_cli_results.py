"""What a run of a small simulated world looks like on the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from entrepot import api
from entrepot.cli import main
from entrepot.codes.groupings import resolve
from entrepot.lake import open_lake
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate
from entrepot.tables import FLOWS, LEADS, RUNS, SERIES, SOURCES, TOTALS

SOURCE = Path(__file__).resolve().parent.parent / "src"
ANSI = re.compile(r"\x1b\[")
MARK = "SIMULATED DATA"
PARTS_OF_DETECT = ("Checks", "Legs", "Countries", "Flagged", "Next")
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


@pytest.fixture(scope="session")
def exports_alone(lake, tmp_path_factory):
    """The same world, asked without any second leg; the last run of its lake."""
    path = tmp_path_factory.mktemp("alone") / "lake"
    shutil.copytree(lake[0], path)
    words = "detect --arrival none --downstream none --intermediaries"
    shown = entrepot("--lake", path, *words.split(), lake[2])
    assert shown.exit_code == 0, shown.output
    return path, shown.stdout


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
    places = [said.index(f"\n{part}") for part in PARTS_OF_DETECT]
    assert places == sorted(places)
    assert said.count("diverted through Uzbekistan to Russia") == 2
    assert f"entrepot --lake {path} leads --flagged" in said


def test_the_same_question_is_not_worked_out_again(lake, run):
    again = run("detect", "--intermediaries", lake[2])
    assert "not worked out again" in again.stdout
    with open_lake(lake[0]) as opened:
        assert len(opened.units(RUNS)) == 1


def test_detect_says_which_legs_told_how_they_were_read_and_how_far_they_reach(lake, run):
    legs = lake[1][lake[1].index("\nLegs") : lake[1].index("\nCountries")]
    found = rows(run("leads --format json"))
    common = [row for row in found if row["bracket"] == "common" and row["kind"] == "tested"]
    told = sum(row["legs"] != "U" for row in common)
    assert "imports by country of origin" in legs
    assert "sales to Russia as the partners declared them" in legs
    assert f"for {told:,} of {len(common):,} corridors" in legs
    for letter in "AD":
        assert f"({sum(letter in row['legs'] for row in common):,} corridors)" in legs


def test_without_second_legs_detect_says_so_and_tells_the_excess(exports_alone):
    said = exports_alone[1]
    assert "Only declared exports were used: the partners' imports were left out as asked" in said
    assert said.count("EU exports of listed goods to Uzbekistan") == 2
    assert "diverted through" not in said
    assert "arrival none" in said
    assert "downstream none" in said


def test_on_exports_alone_leads_show_both_brackets_in_one_row(exports_alone):
    shown = entrepot("--lake", exports_alone[0], "leads", "--limit", "3").stdout
    leads = [line for line in shown.splitlines() if line.startswith("EU-")]
    assert len(leads) == 3
    assert all(line.count("*") == 2 for line in leads)  # the first are flagged in both
    assert all(words in shown for words in ("common path", "own path", "EUR m", MARK, "3 of "))
    assert "diverted" not in shown
    assert "ghost" not in entrepot("--lake", exports_alone[0], "totals").stdout


def test_with_a_second_leg_each_bracket_of_a_lead_has_a_row_with_the_split(run):
    shown = run("leads", "--limit", "3").stdout
    leads = [line.split() for line in shown.splitlines() if line.startswith("EU-")]
    assert [(line[0] == other[0], line[1], other[1]) for line, other in _pairs(leads)] == [
        (True, "common", "own")
    ] * 3
    assert all("*" in line[6] for line in leads)  # the chance, after three amounts and the legs
    for words in ("diverted, 90 %", "intermediated", "ghost", "legs", " P ", MARK, "3 of "):
        assert words in shown


def _pairs(lines):
    return list(zip(lines[::2], lines[1::2], strict=True))


def test_a_lead_without_a_second_leg_shows_no_split(run):
    found = rows(run("leads --format json"))
    alone = [row for row in found if row["legs"] == "U"]
    assert alone
    for row in alone:
        assert [row[name] for name in ("probability", "intermediated", "ghost")] == [None] * 3
    row = alone[0]
    shown = run("leads", "--intermediary", row["intermediary"], "--commodity", row["commodity"])
    lines = [line.split() for line in shown.stdout.splitlines() if line.startswith("EU-")]
    assert [line for line in lines if "U" in line]
    for line in lines:
        assert "U" not in line or sum(word.startswith("–") for word in line) == 4  # and the chance


def test_the_two_ways_are_parts_of_what_was_diverted(run):
    found = [row for row in rows(run("totals --format json --by both")) if row["legs"] != "U"]
    assert found
    for row in found:
        assert row["diverted_low"] <= row["diverted_high"]
        assert row["diverted"] is None or row["legs"] == "UAD"
        assert row["diverted_high"] <= row["observed"] * (1 + 1e-9)
        if row["ghost"] is not None:
            assert row["ghost_high"] <= row["diverted_high"] * (1 + 1e-9)
            assert row["intermediated_high"] <= row["diverted_high"] * (1 + 1e-9)
        if row["ghost_share"] is not None:
            assert 0 <= row["ghost_share_low"] <= row["ghost_share_high"] <= 1


@pytest.mark.parametrize("words", ["leads --limit 5", "totals"])
def test_a_narrow_terminal_keeps_what_was_diverted_and_drops_the_ways(run, monkeypatch, words):
    monkeypatch.setattr("entrepot.cli.output.screen_width", lambda: 80)
    shown = run(words).stdout
    table = shown[: shown.index(MARK)]
    assert max(map(len, table.splitlines())) <= 80
    assert "diverted, 90 %" in table
    assert "expected" not in table


@pytest.fixture(scope="session")
def series(lake):
    """Monthly rows of the run, by leg."""
    with open_lake(lake[0]) as opened:
        found = opened.table(SERIES).collect("pyarrow").to_native().to_pylist()
    by_leg: dict[str, list[dict[str, object]]] = {}
    for row in found:
        by_leg.setdefault(row["leg"], []).append(row)
    return by_leg


def test_a_corridor_has_the_months_of_the_legs_that_tell_about_it(run, series):
    leads = [row for row in rows(run("leads --format json")) if row["bracket"] == "common"]
    for leg, letter in (("arrival", "A"), ("downstream", "D")):
        told = {(row["intermediary"], row["commodity"]) for row in leads if letter in row["legs"]}
        held = {(row["intermediary"], row["commodity"]) for row in series[leg]}
        assert told == {cell for cell in held if cell[1] != "_T"}


@pytest.mark.parametrize(("leg", "flow"), [("arrival", "M"), ("downstream", "X")])
def test_a_second_leg_is_what_the_country_declared_and_open_where_it_was_silent(
    lake, series, leg, flow
):
    with open_lake(lake[0]) as opened:
        declared = opened.table(FLOWS).collect("pyarrow").to_native().to_pylist()
    coalition = resolve("EU", date(2022, 3, 1))
    mine, published = {}, set()
    for row in declared:
        if row["flow"] == flow:
            published.add((row["reporter"], row["period"]))
        if row["flow"] == flow and row["partner"] in (coalition if leg == "arrival" else {"RU"}):
            key = (row["reporter"], row["commodity"], row["period"])
            mine[key] = mine.get(key, 0.0) + row["value"]
    cells = [row for row in series[leg] if row["bracket"] == "common" and row["commodity"] != "_T"]
    assert any(row["observed"] is None for row in cells)
    for row in cells:
        if (row["intermediary"], row["period"]) in published:
            key = (row["intermediary"], row["commodity"], row["period"])
            assert row["observed"] == pytest.approx(mine.get(key, 0.0))
        else:
            assert (row["observed"], row["expected"]) == (None, None)


@pytest.mark.parametrize("leg", ["upstream", "arrival", "downstream"])
def test_a_country_is_the_sum_of_its_corridors_on_every_leg(series, leg):
    sums: dict[tuple[str, ...], float] = {}
    whole = {}
    for row in series[leg]:
        key = (row["bracket"], row["intermediary"], row["period"])
        if row["expected"] is not None and row["commodity"] == "_T":
            whole[key] = row["expected"]
        elif row["expected"] is not None:
            sums[key] = sums.get(key, 0.0) + row["expected"]
    assert whole
    assert whole == pytest.approx(sums)


def test_what_is_usual_before_the_window_is_what_was_recorded(series):
    before = [
        row
        for row in series["arrival"]
        if row["commodity"] == "_T" and row["period"] < date(2022, 3, 1) and row["observed"]
    ]
    recorded, usual = (sum(row[name] for row in before) for name in ("observed", "expected"))
    assert usual == pytest.approx(recorded, rel=0.1)


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
        "consistent with",
        "never arrived",
        "as arrived",
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
    assert "holds no monthly TOTAL rows of EU about KG" in shown.stderr


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
