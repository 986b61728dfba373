"""The page on screening: its commands run as they are written, its files are read."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrepot.cli import main
from entrepot.sources.shipments_columns import read_mapping

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "screen.md"
COMMANDS = re.findall(r"^entrepot (screen .+)$", PAGE.read_text("utf-8"), re.MULTILINE)
LINES = "shipment id,HS code,description,consignee,destination\nS1,22042111,wine,Beta GmbH,KZ\n"


def test_the_page_has_commands():
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_runs_as_written(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    Path("shipments.csv").write_text(LINES)
    Path("columns.toml").write_text('[columns]\n"HS code" = "goods.commodity"\n')
    Path("policy.toml").write_text('version = "ours 1"\n')
    words, _, target = command.partition(" > ")
    shown = CliRunner().invoke(main, ["--lake", "lake", *shlex.split(words)])
    assert shown.exit_code in (0, 3), shown.output
    out = re.search(r"-o (\S+)", words)
    assert Path(out[1]).stat().st_size if out else target
    if target:
        assert tomllib.loads(shown.output)["columns"]


def test_the_file_of_columns_on_the_page_is_one_that_is_read():
    (text,) = re.findall(r"```toml\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert read_mapping(text, "columns.toml").settings["dates"] == "day_first"
