"""The page of a country: its relations, what was said and done, and the files it rests on."""

from __future__ import annotations

import re
from datetime import date

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import desk_lake
from dossier_lake import LIST, SOURCE
from fastapi.testclient import TestClient

from entrepot.api.country_shown import stretches
from entrepot.settings import Settings
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    stored = desk_lake(tmp_path_factory.mktemp("country"))
    app = make_app(lambda: None, settings=Settings(lake=stored))
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        yield client


def plain(page):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_first_page_leads_to_a_country_and_on_to_its_leads(reader):
    assert 'href="/countries/KG"' in reader.get("/").text
    country = reader.get("/countries/KG").text
    assert 'href="/leads?country=KG"' in country
    assert re.search(r'href="/leads/EU-KG-RU-\d{6}"', country)
    assert "90 % interval" in plain(reader.get("/countries/KG"))


def test_the_address_in_the_singular_leads_to_the_page(reader):
    moved = reader.get("/country/kg", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/countries/KG")


def test_relations_rank_the_country_among_the_coalitions_partners(reader):
    text = plain(reader.get("/countries/KG/relations"))
    # March to November 2022: 9 months at 8 m, a year earlier at 2 m.
    assert "March–November 2022 beside March–November 2021" in text
    assert "Kyrgyzstan of this page 1 ≥ 1 72.00 100.0 % 18.00 1 +300 %" in text


def test_trade_that_the_lake_does_not_hold_is_not_assessed(reader):
    text = plain(reader.get("/countries/KG/relations"))
    assert "Kyrgyzstan’s imports, as it declares them Not assessed:" in text


def test_a_long_window_is_compared_with_the_same_months_before_it():
    now, base = stretches(date(2022, 3, 1), date(2024, 6, 1))
    assert (now.first, now.last) == (date(2023, 7, 1), date(2024, 6, 1))
    assert (base.first, base.last) == (date(2020, 7, 1), date(2021, 6, 1))


def test_the_timeline_names_claims_and_articles_with_their_pages(reader):
    page = reader.get("/countries/KG").text
    part = page[page.index('id="record"') :]
    assert re.search(r'href="/claims/[0-9a-f]+-c\d+"', part)
    assert re.search(r'href="/sources/[0-9a-f]{16}"', part)
    assert 'href="/claims?country=KG"' in part


def test_the_timeline_is_drawn_for_page_and_phone(reader):
    wide = reader.get("/countries/KG/record.json").json()
    narrow = reader.get("/countries/KG/record.json?size=narrow").json()
    assert max(part["width"] for part in narrow["vconcat"]) <= 300
    assert max(part["width"] for part in wide["vconcat"]) > 300


def test_a_source_says_what_it_is_and_which_leads_rest_on_it(reader):
    page = reader.get(f"/sources/{SOURCE}")
    text = plain(page)
    for words in ("Eurostat", "CC BY 4.0", SOURCE * 4, "https://ec.example/comext/eu-exports.xlsx"):
        assert words in text
    assert "2020-01 to 2022-11" in text
    assert "flows 70" in text
    assert 'href="/leads/EU-KG-RU-870324"' in page.text
    assert 'href="/leads/EU-KG-RU-854231"' not in page.text  # it holds no row of these goods
    assert 'href="https://' not in page.text


def test_a_list_holds_no_declaration_and_carries_no_lead(reader):
    assert "No flagged lead of the latest run rests on it." in plain(reader.get(f"/sources/{LIST}"))


def test_an_article_is_a_source_with_its_claims(reader):
    found = re.search(r'href="(/sources/[0-9a-f]{16})"', reader.get("/countries/KG").text)
    page = reader.get(found.group(1))
    assert "an article of the press" in page.text
    assert re.search(r'href="/claims/[0-9a-f]+-c1"', page.text)


def test_a_source_that_is_not_there_is_a_page_that_says_so(reader):
    page = reader.get(f"/sources/{'0' * 16}")
    assert page.status_code == 404
    assert "expected one of those that /sources lists" in page.text
