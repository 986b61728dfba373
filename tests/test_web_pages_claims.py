"""Pages of claims: the words, what was read out of them, what was found, down to the file."""

from __future__ import annotations

import csv
import io
import re

import pyarrow.parquet
import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import DENIED, HOSTILE, SAID, SOLD, desk_lake
from dossier_lake import SOURCE
from fastapi.testclient import TestClient

from entrepot.api.claim_evidence import evidence_of
from entrepot.api.claims_shown import ClaimsAsked, claims_asked
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.tables import CLAIMS
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return desk_lake(tmp_path_factory.mktemp("claims"))


@pytest.fixture(scope="module")
def reader(stored):
    app = make_app(lambda: None, settings=Settings(lake=stored))
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def ids(stored):
    with open_lake(stored) as lake:
        rows = lake.table(CLAIMS).sort("said_on", "char_start").collect("pyarrow").to_native()
    return rows["claim_id"].to_pylist()


def count(page):
    return int(re.search(r'role="status">([\d,]+) claim', page.text).group(1))


def rows_of(reader, query=""):
    return list(csv.DictReader(io.StringIO(reader.get(f"/claims.csv?{query}").text)))


def test_the_table_of_claims_and_its_files_hold_the_same_rows(reader):
    page = reader.get("/claims")
    assert count(page) == len(rows_of(reader)) == 3
    parquet = reader.get("/claims.parquet").content
    table = pyarrow.parquet.read_table(io.BytesIO(parquet))
    assert table["claim_id"].to_pylist() == [row["claim_id"] for row in rows_of(reader)]
    for row in rows_of(reader):
        assert f"/claims/{row['claim_id']}" in page.text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("country=ru", 1),
        ("country=EU", 0),
        ("product=dual_use", 1),
        ("claimant=sadyrov", 3),
        ("claimant=Merkel", 0),
        ("outcome=contradicted", 0),
        ("outcome=unknown", 3),
        ("since=2023-05-20", 2),
        ("until=2023-05-20", 1),
    ],
)
def test_each_filter_narrows_page_and_file_alike(reader, query, number):
    assert count(reader.get(f"/claims?{query}")) == len(rows_of(reader, query)) == number


def test_the_newest_claim_stands_first_unless_asked_otherwise(reader):
    days = [row["said_on"] for row in rows_of(reader)]
    assert days == sorted(days, reverse=True)
    assert [row["said_on"] for row in rows_of(reader, "order=up")] == sorted(days)


def test_a_claim_of_an_open_year_stands_last_and_passes_both_day_filters(tmp_path):
    from press_articles import article, claim, reading

    from entrepot.api.reading import store_readings

    with open_lake(tmp_path / "lake") as lake:
        dated = reading("a.txt", article(SOLD, claims=(claim(SOLD, SOLD),)))
        undated = reading("b.txt", article(SOLD, on="XXXX-05-12", claims=(claim(SOLD, SOLD),)))
        store_readings(lake, [undated, dated])
        for order in ("up", "down"):
            found = claims_asked(lake, ClaimsAsked(order=order))
            assert found["said_on"].to_pylist() == ["2023-05-11", "XXXX-05-12"]
            assert found["outcome"].to_pylist() == ["not assessed"] * 2
        from datetime import date

        late = claims_asked(lake, ClaimsAsked(since=date(2024, 1, 1)))
        assert late["said_on"].to_pylist() == ["XXXX-05-12"]


def test_a_claim_shows_its_words_in_their_place_and_what_was_found(reader, ids):
    page = reader.get(f"/claims/{ids[0]}").text
    assert f"<mark>{SOLD}</mark>" in page
    assert "characters" in page
    assert "Against declared trade" in page
    assert "Declared" in page or "declared" in page
    # 2 months at 1 m and 9 at 6 m: 56 m were declared of the 500 m claimed.
    assert re.search(r"EUR\s56(\.0)?\sm", page.replace("\N{NO-BREAK SPACE}", " "))


def test_a_claim_leads_to_the_file_that_holds_the_declarations(reader, ids):
    assert f'href="/sources/{SOURCE}"' in reader.get(f"/claims/{ids[0]}").text


def test_the_same_claim_in_another_article_stands_beside(reader, ids):
    first, again, denied = ids
    assert f"/claims/{again}" in reader.get(f"/claims/{first}").text
    assert f"/claims/{first}" in reader.get(f"/claims/{again}").text
    assert "no other claim on the same trade" in reader.get(f"/claims/{denied}").text


def test_other_statements_of_the_speaker_stand_beside_but_not_the_claims_own_words(reader, ids):
    page = reader.get(f"/claims/{ids[2]}").text
    said = page[page.index('id="others"') :]
    assert SAID.replace("'", "&#39;") in said
    assert DENIED not in said


def test_hostile_words_of_an_article_stay_words(reader, ids):
    page = reader.get(f"/claims/{ids[0]}").text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_claim_that_is_not_there_is_a_page_that_says_so(reader):
    page = reader.get("/claims/0000-c9")
    assert page.status_code == 404
    assert "3 that /claims lists" in page.text


def test_a_sentence_is_read_and_checked_and_nothing_is_kept(reader, stored):
    before = sorted(path for path in stored.rglob("*") if path.is_file())
    asked = {"text": f"{SOLD}, Minister Sadyrov said.", "on": "2023-05-11"}
    page = reader.get("/claims/check", params=asked)
    assert page.headers["cache-control"] == "no-store"
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Against declared trade" in text
    assert "EUR 500 m" in text
    assert sorted(path for path in stored.rglob("*") if path.is_file()) == before


def test_a_sentence_in_another_language_than_said_is_named(reader):
    asked = {"text": f"{SOLD}, Minister Sadyrov said.", "language": "de"}
    page = reader.get("/claims/check", params=asked).text
    assert "reads as English, not as German" in page


def test_a_sentence_without_a_claim_is_no_refutation(reader):
    page = reader.get("/claims/check", params={"text": "It rained in Bishkek."}).text
    assert "No claim on trade was found" in page
    assert "contradicted" not in page


def test_too_long_a_text_is_refused_with_its_reason(reader):
    assert reader.get("/claims/check", params={"text": "a" * 2_001}).status_code == 422


def test_evidence_names_only_files_of_the_reporter_and_months(stored):
    with open_lake(stored) as lake:
        key = "flows dataset=comext freq=M reporter={} partner=KG flow=X period=2022-01..2022-11"
        (german,) = evidence_of(lake, key.format("DE"))
        (polish,) = evidence_of(lake, key.format("PL"))
    assert [file.source_id for file in german.files] == [SOURCE]
    assert polish.files == ()


def test_a_lake_without_articles_says_what_to_do(tmp_path):
    app = make_app(lambda: None, settings=Settings(lake=tmp_path / "none"))
    with TestClient(app, headers=READER, base_url="http://localhost") as client:
        assert "entrepot read" in client.get("/claims").text
        assert client.get("/claims.csv").text.count("\n") == 1
