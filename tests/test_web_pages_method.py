"""The page of the method: what it says is what the run, the README and the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import desk_lake
from fastapi.testclient import TestClient

from entrepot.codes.caveats import caveats
from entrepot.dossier.benchmark import benchmark
from entrepot.settings import Settings
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}
README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    stored = desk_lake(tmp_path_factory.mktemp("method"))
    app = make_app(lambda: None, settings=Settings(lake=stored))
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        yield client


def figures(line):
    """Figures of a row of the README: shares without their leading nought, `-` for none."""
    cells = [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")][1:]
    parts = [part.strip() for cell in cells for part in cell.split("/")]
    return [f"0{part}" if part.startswith(".") else part for part in parts if part not in ("", "-")]


@pytest.mark.parametrize("worlds", ["base world", "all twelve worlds"])
def test_the_benchmark_shown_is_that_of_the_readme(worlds):
    text = README.read_text("utf-8")
    block = text[text.index(f"| {worlds}, seeds 100-102") :].split("\n\n")[0]
    shown = [row for row in benchmark() if row.worlds == worlds]
    lines = block.splitlines()[2:]
    assert [row.method for row in shown] == [line.split("|")[1].strip(" *") for line in lines]
    for row, line in zip(shown, lines, strict=True):
        held = [getattr(row, name) for name in row.__slots__ if name not in ("worlds", "method")]
        assert [one for one in held if one] == figures(line)


def test_the_method_shows_what_the_placebo_of_the_run_found(reader):
    page = reader.get("/method").text
    part = page[page.index('id="placebo"') : page.index('id="benchmark"')]
    assert "Placebo in time" in part
    assert re.search(r'class="outcome (clear|flagged|unknown)"', part)


def test_the_method_names_the_choices_of_the_run_and_every_caveat(reader):
    page = reader.get("/method").text
    assert "eu-export-ban" in page
    for one in caveats():
        assert f"<code>{one.code}</code>" in page


def test_the_method_says_what_it_cannot_say_before_any_number(reader):
    page = reader.get("/method").text
    assert page.index("It cannot say") < page.index('id="benchmark"')
    for word in ("Excess", "Diverted", "Intermediated", "Ghost", "Gap", "Mirror", "Legs U, A, D"):
        assert f"<dt>{word}</dt>" in page


def test_the_method_stands_without_a_run(tmp_path):
    app = make_app(lambda: None, settings=Settings(lake=tmp_path / "none"))
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        page = client.get("/method")
    assert page.status_code == 200
    assert "Not assessed: nothing was estimated yet." in page.text


def test_a_run_that_is_not_there_is_named(reader):
    assert reader.get("/method?run=r0").status_code == 404
