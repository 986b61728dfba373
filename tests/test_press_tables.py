"""Rows of the press: every span verbatim, ids that lead back, a claim read as it was written."""

from __future__ import annotations

import json

import pytest
from press_articles import DAY, article, claim, meeting, origin, span, statement

from entrepot.lake import open_lake
from entrepot.press.article import Entity
from entrepot.press.article_rows import PRESS_TABLES, article_rows, claim_of, speaker_key
from entrepot.press.reader import read_article
from entrepot.press.told import Relation
from entrepot.press_tables import COMPARISONS, LANGUAGES, MODES, RELATIONS
from entrepot.tables import TABLES

TEXT = (
    "Sadyrov: trade is legal\n\nBISHKEK – “We follow the rules of Germany,” Sadyrov said. German "
    "exports to Kyrgyzstan topped 500 million euros in 2022. He met a German envoy in Bishkek."
)


@pytest.fixture
def read():
    return article(
        TEXT,
        "We follow the rules of Germany,",
        events=(meeting(TEXT, "He met a German envoy in Bishkek"),),
        claims=(claim(TEXT, "German exports to Kyrgyzstan topped 500 million euros in 2022"),),
    )


@pytest.fixture
def rows(read):
    return article_rows(read, origin("one.txt"), "press-1")


def test_the_tables_of_the_press_are_tables_of_the_lake():
    assert [table.name for table in PRESS_TABLES if TABLES.get(table.name) is not table] == []


def test_closed_lists_are_those_of_the_reading():
    from typing import get_args

    from entrepot.press import told
    from entrepot.press.article import LANGUAGES as READ

    assert set(LANGUAGES) == set(READ)
    assert set(MODES) == set(get_args(told.Mode))
    assert set(RELATIONS) == set(get_args(Relation))
    assert set(COMPARISONS) == set(get_args(told.Comparison))


def test_every_row_holds_the_exact_words_of_its_span(rows):
    (held,) = rows["articles"]
    for name in ("quotes", "figures", "events", "claims"):
        assert rows[name], name
        for row in rows[name]:
            assert held["text"][row["char_start"] : row["char_end"]] == row["text"]
            assert row["source_id"] == held["source_id"]


def test_the_lake_takes_the_rows_and_their_keys_differ(rows, tmp_path):
    with open_lake(tmp_path) as lake:
        with lake.write() as transaction:
            for table in PRESS_TABLES:
                transaction.put(table, rows[table.name], unit="press-1")
        for table in PRESS_TABLES:
            assert lake.row_count(table) == len(rows[table.name])


def test_a_quote_names_speaker_office_country_and_whom_its_words_name(rows):
    (quote,) = rows["quotes"]
    assert quote["speaker_name"] == "Talant Sadyrov"
    assert quote["speaker_office"] == "Minister of Trade"
    assert (quote["speaker_country"], quote["countries"]) == ("KG", "DE KG")
    assert quote["named"] == "cty:DE"
    assert (quote["act"], quote["said_on"]) == ("say", "2023-05-11")
    assert quote["statement_id"] == quote["quote_id"]


def test_an_event_is_about_who_takes_part_and_where(rows):
    (event,) = rows["events"]
    assert (event["countries"], event["on"], event["country"]) == ("DE KG", "2023-05-10", "KG")


def test_a_claim_is_read_back_as_it_was_written(read, rows):
    assert claim_of(rows["claims"][0]) == read.claims[0]


def test_a_claim_about_listed_goods_names_the_beginnings_of_their_codes():
    told = article(TEXT, claims=(claim(TEXT, "German exports", product="crude_oil"),))
    (row,) = article_rows(told, origin("two.txt"), "press-1")["claims"]
    assert row["commodities"].split()[0].startswith("2709")


def test_an_article_keeps_its_entities_and_what_was_set_aside():
    text = "Trade talks\n\nBISHKEK – Talant Sadyrov met Olaf Scholz on trade.\n\n225\n"
    (row,) = article_rows(read_article(text, DAY), origin("x.txt"), "press-1")["articles"]
    names = [entity["name"] for entity in json.loads(row["entities"])]
    assert "Olaf Scholz" in names
    dropped = {}
    for entry in row["dropped"].split("; "):
        place, reason = entry.split(" ", 1)
        start, end = map(int, place.split("-"))
        dropped[row["text"][start:end]] = reason
    assert dropped["225"]


def test_figures_inside_a_statement_are_named_in_its_row():
    text = "Exports\n\nSadyrov said that trade grew by 5 percent in 2022."
    told = article(text, statements=(statement(text, "trade grew by 5 percent in 2022"),))
    (row,) = article_rows(told, origin("x.txt"), "press-1")["quotes"]
    assert row["numbers"] == "5 %"


def test_a_day_that_is_open_stays_open():
    told = article(TEXT, "We follow the rules of Germany,", on=None)
    rows = article_rows(told, origin("x.txt"), "press-1")
    assert rows["quotes"][0]["said_on"] is None
    assert rows["articles"][0]["date"] is None


@pytest.mark.parametrize(
    ("name", "language"), [("Kassym-Jomart Tokayev", "en"), ("Tokajew", "de"), ("Токаев", "ru")]
)
def test_a_person_has_one_key_over_spellings_and_scripts(name, language):
    entity = Entity("per:x", "person", name)
    assert speaker_key(["per:x"], {"per:x": entity}, language) == "per:tkv"


def test_the_title_is_a_span_of_the_text(read):
    assert read.metadata.title == span(TEXT, "Sadyrov: trade is legal")
