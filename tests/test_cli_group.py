"""The command line answers at once, explains itself, and turns errors into exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from entrepot.cli import bench, detect, flows, group, main, mirror, output
from entrepot.cli.group import COMMANDS
from entrepot.diversion.inquiry import ArrivalBasis, DesignName, DownstreamBasis, Inquiry
from entrepot.diversion.inquiry import Level as TestedLevel
from entrepot.errors import LakeError
from entrepot.simulate.semi_synthetic import Strength
from entrepot.trade.mirror import LaidBy
from entrepot.trade.mirror_sums import KEYS
from entrepot.trade.summary import Level

SOURCE = Path(group.__file__).resolve().parents[2]
NO_VERBS = {
    *("__init__", "group", "months", "options", "output", "progress", "ranking", "brackets"),
    *("mirror_ghosts", "mirror_pairs", "partner_notes", "periods", "rates", "bench_io"),
    *(
        "bench_press",
        "bench_scale",
        "bench_screen",
        "bench_web",
        "fetch_run",
        "read_output",
        "read_words",
    ),
}
HEAVY = {"duckdb", "numpy", "pyarrow", "scipy", "rich", "narwhals", "jinja2", "pandas", "httpx"}


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def loaded_by(code):
    """Modules in memory after some code, in a fresh interpreter."""
    report = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(report.stdout.split())


def test_there_is_one_module_for_each_verb():
    modules = {path.stem for path in Path(group.__file__).parent.glob("*.py")}
    assert modules - NO_VERBS == set(COMMANDS)


def test_help_of_the_group_loads_no_verb():
    names = loaded_by("from entrepot.cli import main\nmain(['--help'], standalone_mode=False)")
    assert {name for name in names if name.startswith("entrepot.cli.")} == {"entrepot.cli.group"}


def test_help_of_a_verb_loads_nothing_heavy():
    asked = "".join(f"\nmain(['{name}', '--help'], standalone_mode=False)" for name in COMMANDS)
    names = loaded_by(f"from entrepot.cli import main{asked}")
    assert {"entrepot.cli.detect", "click"} <= names
    assert {name.split(".")[0] for name in names} & HEAVY == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_verb_explains_itself(run, name):
    shown = run(name, "--help")
    assert shown.exit_code == 0
    assert "Example" in shown.stdout
    assert f"entrepot {name}" in shown.stdout
    command = main.get_command(click.Context(main), name)
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_group_lists_every_verb_with_its_sentence(run):
    shown = run("--help").stdout
    assert [name for name, words in COMMANDS.items() if f"{words}\n" not in shown] == []


def test_an_error_in_the_data_is_a_message_and_exit_code_1(run, tmp_path):
    shown = run("--lake", tmp_path / "none", "sources")
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr == (
        "Error: none/sources holds no Parquet file. Run `entrepot ingest` first.\n"
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "words",
    [
        "detcet",
        "ingest",
        "ingest no-such-file.xlsx",
        "detect --since 2022-13",
        "detect --fdr 1",
        "detect --level HS2",
        "detect --arrival partner",
        "detect --downstream both",
        "leads --limit 0",
        "totals --by week",
        "explain KG",
        "read no-such-file.txt",
        "check --tolerance 2",
        "record KZ --since 2023-02-01 --until 2023-01-01",
        "dossier",
        "flows --reporter EU --partner RU",
        "flows --reporter EU --partner RU --from 2022-03 --to 2022-02",
        "simulate --scenario dream",
        "bench --scenario base --real null",
        f"--lake {group.__file__} leads",
    ],
)
def test_wrong_use_is_exit_code_2(run, words):
    shown = run(*words.split())
    assert shown.exit_code == 2, shown.output
    assert (shown.stdout, shown.stderr[:6]) == ("", "Usage:")


def test_an_interrupt_is_exit_code_130(run, monkeypatch, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("entrepot.lake.open_lake", stop)
    shown = run("--lake", tmp_path, "sources")
    assert shown.exit_code == 130
    assert "stays in the lake" in shown.stderr


def test_a_mistake_of_ours_is_not_dressed_up(run, monkeypatch, tmp_path):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("entrepot.lake.open_lake", fail)
    assert isinstance(run("--lake", tmp_path, "sources").exception, ZeroDivisionError)


def test_any_error_of_ours_is_caught_in_the_group(run, monkeypatch, tmp_path):
    def fail(*_):
        raise LakeError("lake is gone.")

    monkeypatch.setattr("entrepot.lake.open_lake", fail)
    shown = run("--lake", tmp_path, "leads")
    assert (shown.exit_code, shown.stderr) == (1, "Error: lake is gone.\n")


def test_the_environment_names_the_lake_and_the_option_wins(run, monkeypatch, tmp_path):
    monkeypatch.setenv("ENTREPOT_LAKE", str(tmp_path / "first"))
    assert "first/sources holds" in run("sources").stderr
    assert "second/sources holds" in run("--lake", tmp_path / "second", "sources").stderr


def test_version_is_that_of_the_package(run):
    assert run("--version").stdout.startswith("entrepot, version ")


def test_options_offer_what_the_rooms_take():
    assert set(detect.DIGITS) == set(get_args(TestedLevel))
    assert set(detect.DESIGNS) == set(get_args(DesignName))
    assert set(detect.ARRIVALS) == set(get_args(ArrivalBasis))
    assert set(detect.DOWNSTREAMS) == set(get_args(DownstreamBasis))
    assert set(flows.LEVELS) == set(mirror.LEVELS) == set(get_args(Level))
    assert set(mirror.RECORDED_BY) == set(get_args(LaidBy))
    assert set(mirror.PER) == set(KEYS)
    assert set(bench.STRENGTHS) == set(get_args(Strength))
    assert set(output.FORMATS) == set(get_args(output.Format))


def test_detect_asks_for_every_part_of_an_inquiry():
    asked = {param.name for param in detect.command.params}
    assert asked - {"is_fresh"} == set(Inquiry.__dataclass_fields__)
