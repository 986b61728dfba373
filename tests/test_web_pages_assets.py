"""Files that the pages bring along: what the manifest says they are, and nothing else."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

import vendor_web
from entrepot.api.overview_map import label_points
from entrepot.codes.areas import area
from entrepot.settings import Settings
from entrepot.web.app import make_app
from entrepot.web.pages.assets import address, assets
from entrepot.web.pages.listing import as_csv
from entrepot.web.pages.page import Page, Step, render

STATIC = Path(__file__).resolve().parent.parent / "src" / "entrepot" / "web" / "static"
ENTRIES = json.loads((STATIC / "vendor" / "manifest.json").read_text("utf-8"))["assets"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(lake=tmp_path_factory.mktemp("none") / "lake")
    with TestClient(make_app(lambda: None, settings=settings)) as made:
        made.headers["host"] = "localhost"
        yield made


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_file_is_the_one_that_the_manifest_names(entry):
    body = (STATIC / "vendor" / entry["file"]).read_bytes()
    assert hashlib.sha256(body).hexdigest() == entry["sha256"]
    assert len(body) == entry["size_bytes"]
    assert all(entry[name] for name in ("name", "version", "licence", "origin"))
    assert "://" not in entry["origin"]


def test_no_file_stands_beside_the_manifest_unnamed():
    assert vendor_web.differing() == []


def test_a_changed_file_is_noticed(tmp_path, monkeypatch):
    for path in (STATIC / "vendor").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "htmx.min.js").write_text("changed")
    (tmp_path / "more.js").write_text("new")
    monkeypatch.setattr(vendor_web, "VENDOR", tmp_path)
    assert vendor_web.differing() == [
        "more.js: not named by manifest.json",
        "htmx.min.js: digest differs from manifest.json",
    ]


def test_every_file_is_sent_with_its_kind_and_for_ever(client):
    for name, held in assets().items():
        sent = client.get(address(name))
        assert sent.content == held.body
        assert sent.headers["content-type"] == held.kind
        assert "immutable" in sent.headers["cache-control"]
        assert client.get(f"/static/{name}").headers["cache-control"] == "no-cache"
        again = client.get(address(name), headers={"if-none-match": f'W/"{held.digest}"'})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "vendor/", "desk.css/x", "none.css"]
)
def test_only_named_files_are_sent(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_our_own_scripts_run_under_the_policy():
    script = (STATIC / "charts.js").read_text("utf-8")
    assert "ast: true" in script
    assert re.findall(r"\beval\b|new Function|innerHTML|insertAdjacentHTML|https?://", script) == []


def test_a_label_stands_inside_its_country():
    world = json.loads((STATIC / "vendor" / "countries-110m.json").read_text("utf-8"))
    by_number = rings_of(world)
    points = label_points()
    missed, seen = [], 0
    for code in points:
        number = "" if code == "EU" else area(code).m49
        if number and number in by_number:
            seen += 1
            if not any(inside(points[code], ring) for ring in by_number[number]):
                missed.append(code)
    assert missed == []
    assert seen > 160


def test_every_area_has_a_label_once():
    with (STATIC / "vendor" / "label_points.csv").open(encoding="utf-8") as file:
        codes = [row["area"] for row in csv.DictReader(file)]
    assert len(codes) == len(set(codes))
    with (STATIC.parent.parent / "codes" / "areas.csv").open(encoding="utf-8") as file:
        assert {row["alpha2"] for row in csv.DictReader(file)} | {"EU"} == set(codes)


def rings_of(world):
    """Outlines of countries by their number, in degrees."""
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(places):
        return [point for n in places for point in (arcs[n] if n >= 0 else arcs[~n][::-1])]

    found = {}
    for one in world["objects"]["countries"]["geometries"]:
        polygons = [one["arcs"]] if one["type"] == "Polygon" else one.get("arcs", [])
        found[one.get("id", "")] = [ring(polygon[0]) for polygon in polygons]
    return found


def inside(point, ring):
    """Whether a ray to the east crosses the outline an odd number of times."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            odd = not odd
    return odd


def test_text_that_looks_like_a_formula_stays_text_in_a_csv():
    rows = pa.table({"name": ["=1+1", "@x", "plain", None], "value": [-1.0, 2.0, 3.0, 4.0]})
    assert as_csv(rows).decode().splitlines() == [
        '"name","value"',
        '"\'=1+1",-1',
        '"\'@x",2',
        '"plain",3',
        ",4",
    ]


def test_hostile_words_are_escaped_wherever_a_page_shows_them():
    evil = '"><script>alert(1)</script>'
    page = Page(evil, way=(Step(evil, "/"),), run_words=evil)
    text = render("problem.html", page, {"words": evil})
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;") == 5
