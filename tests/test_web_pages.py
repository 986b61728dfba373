"""Pages for people on the lake of a small simulated world: what they show, and how they answer."""

from __future__ import annotations

import gzip
import io
import re

import pyarrow.csv
import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from entrepot import api
from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate
from entrepot.web.app import Door, make_app

READER = {"accept": "text/html", "host": "localhost"}
PAGES = (
    *("/", "/leads", "/countries/KG", "/countries/KG/relations", "/claims", "/claims/check"),
    *("/sources", "/sources/coverage", "/method"),
)
POLICY = "default-src 'self'"


def no_desk():
    return None


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The lake that `entrepot demo` makes."""
    folder = tmp_path_factory.mktemp("demo") / "lake"
    world = simulate(small(SCENARIOS["strong"]), 1)
    with open_lake(folder) as lake:
        api.write_world(lake, world)
        names = ",".join(world.destinations[world.is_candidate].tolist())
        api.detect(lake, Inquiry(intermediaries=names, goods="simulated", dataset="simulated"))
    return folder


@pytest.fixture(scope="module")
def reader(demo):
    with TestClient(make_app(no_desk, settings=Settings(lake=demo)), headers=READER) as client:
        yield client


@pytest.fixture(scope="module")
def first(reader):
    """The lead at the head of the table."""
    return re.search(r'href="/leads/([\w-]+)"', reader.get("/leads").text).group(1)


def count(page):
    return int(re.search(r'role="status">([\d,]+) lead', page.text).group(1).replace(",", ""))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_landmarks_and_one_heading(reader, path):
    page = reader.get(path)
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    for part in ('lang="en"', 'href="#main"', '<main id="main"', "<header", "<footer"):
        assert part in page.text
    assert page.text.count('aria-current="') == 1


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_a_script_or_a_style_of_its_own(reader, path):
    page = reader.get(path)
    assert page.headers["content-security-policy"].startswith(f"{POLICY};")
    assert (
        re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page.text) == []
    )
    assert re.findall(r'(?:src|href|action|data-spec)="(?!/|#)[^"]*"', page.text) == []


def test_overview_leads_to_a_country_in_one_step(reader):
    page = reader.get("/")
    assert 'href="/countries/KG"' in page.text
    assert "excess over the expected, 90 % interval" in page.text
    assert "Placebo in time" in page.text
    assert "No earlier run asked the same question" in page.text
    assert "SIMULATED DATA" in page.text


def test_overview_shows_the_totals_that_the_run_stored(reader, demo):
    from entrepot.dossier.runs import latest_run, rows_of
    from entrepot.dossier.wording import interval
    from entrepot.tables import TOTALS

    with open_lake(demo) as lake:
        rows = rows_of(lake, TOTALS, latest_run(lake), intermediary="_T", group="_T")
    text = reader.get("/").text.replace("\N{NO-BREAK SPACE}", " ")
    for row in rows:
        assert interval(row["excess_low"], row["excess_high"], row["unit"]) in text


def test_a_country_is_the_dossier_with_a_chart_for_each_figure(reader):
    page = reader.get("/countries/kg").text
    assert "Both brackets, side by side" in page
    specs = re.findall(r'data-spec="([^"]+)"', page)
    assert len(specs) >= 10
    for address in specs:
        assert reader.get(address).json()["config"]["background"] == "#ffffff"
    assert page.count("Show as table") == page.count("<figure")


def test_a_dark_chart_has_no_black_line(reader):
    light, dark = (
        reader.get(f"/countries/KG/charts/country/0.json?theme={theme}").text
        for theme in ("light", "dark")
    )
    assert "#000000" in light
    assert "#000000" not in dark
    assert re.sub(r"#[0-9a-fA-F]{6}", "", light) == re.sub(r"#[0-9a-fA-F]{6}", "", dark)


def test_the_map_fetches_the_world_from_this_server_only(reader):
    made = reader.get("/overview/map.json").json()
    urls = [layer["data"]["url"] for layer in made["layer"] if "url" in layer["data"]]
    assert len(urls) == 1
    assert reader.get(urls[0]).json()["objects"]["countries"]["geometries"]


def test_the_width_of_a_line_is_an_excess_above_nothing(reader):
    made = reader.get("/overview/map.json").json()
    wide = [one for one in made["layer"] if "strokeWidth" in one.get("encoding", {})]
    values = [value["excess"] for one in wide for value in one["data"]["values"]]
    assert values
    assert min(values) > 0


def test_filters_narrow_the_table_and_the_file_alike(reader):
    every = count(reader.get("/leads"))
    query = "country=KG&flagged=1&commodity=90"
    some = reader.get(f"/leads?{query}")
    assert 0 < count(some) < every
    rows = pyarrow.csv.read_csv(io.BytesIO(reader.get(f"/leads.csv?{query}").content))
    assert rows.num_rows == count(some)
    assert set(rows["intermediary"].to_pylist()) == {"KG"}
    parquet = reader.get(f"/leads.parquet?{query}").content
    assert pyarrow.parquet.read_table(io.BytesIO(parquet)).column_names == rows.column_names


def test_a_form_with_empty_fields_asks_for_everything(reader):
    empty = "country=&commodity=&legs=&probability=&excess="
    assert count(reader.get(f"/leads?{empty}")) == count(reader.get("/leads"))


def test_sorting_by_a_link_sorts_the_file_too(reader):
    page = reader.get("/leads?sort=observed").text
    assert 'aria-sort="descending"' in page
    values = rows_of_file(reader, "sort=observed")["observed"].to_pylist()
    assert values == sorted(values, reverse=True)
    up = rows_of_file(reader, "sort=observed&order=up")["observed"].to_pylist()
    assert up == sorted(values)


def rows_of_file(reader, query):
    return pyarrow.csv.read_csv(io.BytesIO(reader.get(f"/leads.csv?{query}").content))


def test_pages_of_the_table_show_each_lead_once(reader):
    found = []
    address = "/leads?sort=commodity&order=up"
    while address:
        page = reader.get(address).text
        found += re.findall(r'scope="row"[^>]*>\s*<a href="/leads/([\w-]+)"', page)
        after = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = after.group(1).replace("&amp;", "&") if after else ""
    assert len(found) == len(set(found)) == count(reader.get("/leads"))


def test_a_least_probability_holds_in_either_bracket(reader):
    rows = rows_of_file(reader, "probability=0.9").to_pylist()
    assert rows
    for row in rows:
        assert max(row["probability_common"] or 0, row["probability_partner"] or 0) >= 0.9


def test_a_lead_shows_its_legs_down_to_the_file(reader, first, demo):
    page = reader.get(f"/leads/{first}").text
    for words in ("never arrived", "Before you use a number", "Value per kilogram", "Evidence"):
        assert words in page
    with open_lake(demo) as lake:
        from entrepot.tables import SOURCES

        (digest,) = lake.table(SOURCES).select("sha256").unique().collect()["sha256"].to_list()
    assert digest in page
    for key in ("upstream", "direct"):
        assert f"/leads/{first}/charts/{key}/0.json" in page


def test_what_nobody_said_is_not_assessed(reader, first):
    page = reader.get(f"/leads/{first}").text
    assert "Not assessed: the lake holds no claim about it." in page
    assert "Not assessed: the lake holds no article." in reader.get("/countries/KG").text


def test_sources_name_each_file_with_licence_and_digest(reader):
    page = reader.get("/sources").text
    assert "CC0" in page
    assert re.search(r"\b[0-9a-f]{64}\b", page)
    assert 'hx-get="/sources/coverage"' in page


@pytest.mark.parametrize(
    "path", ["/countries/FR", "/leads/EU-KG-RU-000000", "/leads/x", "/?run=r0"]
)
def test_what_is_not_there_is_a_page_that_says_what_is(reader, path):
    page = reader.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "expected" in page.text


def test_a_wrong_filter_is_a_page_that_says_what_is_wrong(reader):
    page = reader.get("/leads?sort=evil%22%3E%3Cscript%3E")
    assert page.status_code == 422
    assert "<h1>The question could not be read</h1>" in page.text
    assert "<script>" not in page.text


def test_a_program_is_told_what_went_wrong_as_json(reader):
    answer = reader.get("/countries/FR", headers={"accept": "application/json"})
    assert answer.status_code == answer.json()["status"] == 404
    assert "expected" in answer.json()["detail"]


def test_a_page_that_did_not_change_is_not_sent_again(reader):
    tag = reader.get("/leads").headers["etag"]
    again = reader.get("/leads", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get("/leads?flagged=1").headers["etag"] != tag


def test_a_page_changes_its_tag_with_the_lake(demo, tmp_path):
    import shutil

    shutil.copytree(demo, tmp_path / "lake")
    with TestClient(make_app(no_desk, settings=Settings(lake=tmp_path / "lake"))) as client:
        client.headers.update(READER)
        tag = client.get("/sources").headers["etag"]
        with open_lake(tmp_path / "lake") as lake:
            api.write_world(lake, simulate(small(SCENARIOS["strong"]), 2))
        page = client.get("/sources", headers={"if-none-match": tag})
    assert page.status_code == 200
    assert "2 files" in page.text


def test_head_tells_the_length_and_sends_nothing(reader):
    head, page = (reader.request(m, "/leads") for m in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["etag"] == page.headers["etag"]
    assert int(head.headers["content-length"]) > 1000


def test_first_page_with_all_it_loads_stays_below_half_a_megabyte(reader):
    page = reader.get("/").text
    found = [*re.findall(r'(?:src|href)="(/static/[^"]+)"', page), "/overview/map.json"]
    found.append(reader.get("/overview/map.json").json()["layer"][0]["data"]["url"])
    size = len(gzip.compress(page.encode()))
    size += sum(int(reader.request("HEAD", one).headers["content-length"]) for one in found)
    assert size < 500_000


def test_an_empty_lake_says_what_to_do(tmp_path):
    with TestClient(make_app(no_desk, settings=Settings(lake=tmp_path / "none"))) as client:
        client.headers.update(READER)
        for path in ("/", "/leads"):
            page = client.get(path)
            assert page.status_code == 200
            assert "entrepot demo" in page.text
        assert "The lake holds no file yet" in client.get("/sources").text
        assert client.get("/countries/KG").status_code == 404


def test_beyond_this_machine_nobody_sees_a_page_without_the_token(demo):
    app = make_app(no_desk, Door("a" * 16, ()), Settings(lake=demo))
    with TestClient(app, headers=READER) as client:
        for path in (*PAGES, "/leads.csv", "/static/charts.js", "/overview/map.json"):
            assert client.get(path).status_code == 401
        key = {"authorization": f"Bearer {'a' * 16}"}
        assert client.get("/sources", headers=key).status_code == 200


def test_a_foreign_name_for_this_machine_is_refused(reader):
    assert reader.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_server_without_a_lake_has_no_pages():
    with TestClient(make_app(no_desk), headers=READER) as client:
        assert client.get("/").status_code == 404
