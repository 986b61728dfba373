"""The documents say what the code does: every table, column, command, list and link."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import write_reference as reference
from entrepot.tables import TABLES

CHECKOUT = Path(__file__).resolve().parent.parent
CODES = CHECKOUT / "src" / "entrepot" / "codes"
VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")


def text(path: str) -> str:
    return (CHECKOUT / path).read_text("utf-8")


def pages() -> list[Path]:
    """Markdown pages of the project, without those of what it installed."""
    found = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), *CODES.glob("*.md")]
    return sorted(found)


@pytest.fixture
def commands() -> dict[str, click.Command]:
    group = reference.command_group()
    if group is None:
        pytest.skip("needs entrepot.cli.")
    return reference.commands(group)


def test_page_of_tables_is_what_the_code_declares():
    assert text("docs/reference/tables.md") == reference.tables_page(), "run `make docs`"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_on_the_page(table):
    section = text("docs/reference/tables.md").split(f"\n## {table.name}\n")[1].split("\n## ")[0]
    assert [name for name in table.column_names if f"| `{name}` |" not in plain(section)] == []
    assert all(column.meaning.endswith((".", "…")) for column in table.columns)


def plain(section: str) -> str:
    return section.replace("**", "")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_key_is_made_of_columns_that_are_never_open(table):
    columns = {column.name: column for column in table.columns}
    assert len(columns) == len(table.columns)
    assert [name for name in table.key if columns[name].nullable] == []


def test_page_of_commands_is_what_the_code_offers(commands):
    assert text("docs/reference/commands.md") == reference.commands_page(), "run `make docs`"


def test_every_command_and_option_is_on_the_page(commands):
    page = text("docs/reference/commands.md")
    for name, command in commands.items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        options = [option for param in command.params for option in param.opts if "-" in option]
        assert [option for option in options if option not in section] == [], name
        silent = [
            param.name
            for param in command.params
            if isinstance(param, click.Option) and not (param.help or param.hidden)
        ]
        assert silent == [], name


def test_every_command_shows_an_example(commands):
    assert [
        name
        for name, command in commands.items()
        if f"entrepot {name}" not in f"{command.help}{command.epilog}"
    ] == []


def test_readme_names_every_command(commands):
    assert [name for name in commands if f"entrepot {name}" not in text("README.md")] == []


def test_architecture_lists_every_decision():
    listed = set(re.findall(r"decisions/(\d{4}-[\w-]+\.md)", text("ARCHITECTURE.md")))
    assert listed == {path.name for path in (CHECKOUT / "docs" / "decisions").glob("*.md")}


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_every_link_leads_to_a_file(page):
    targets = [unquote(target.split("#")[0]) for target in LINK.findall(page.read_text("utf-8"))]
    local = [target for target in targets if target and not re.match(r"\w+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_make_targets_that_pages_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = {
        name for page in pages() for name in re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))
    }
    assert named - targets == set()


def test_make_alone_lists_its_targets():
    listing = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert {"make demo", "make test", "make check"} <= {
        " ".join(line.split()[:2]) for line in listing.stdout.splitlines()
    }


def test_every_list_of_codes_names_its_source():
    lists = sorted(CODES.rglob("*.csv"))
    if not lists:
        pytest.skip("needs entrepot.codes.")
    said = text("src/entrepot/codes/SOURCES.md")
    assert [path.name for path in lists if path.name not in said] == []


def test_version_is_the_same_everywhere():
    assert re.search(rf"^## \[?({re.escape(VERSION)}|Unreleased)\]?", text("CHANGELOG.md"), re.M)
    assert f"\nversion: {VERSION}\n" in text("CITATION.cff")
