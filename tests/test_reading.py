"""Articles in the lake: each once, whole or not at all, one statement under one id."""

from __future__ import annotations

import json
import tracemalloc
from datetime import date

import pytest
from press_articles import DAY, article, claim, reading

from entrepot.api import reading as desk
from entrepot.api.reading import Reading, readings, store_readings
from entrepot.api.second_reading import read_twice
from entrepot.fetch.endpoint import Endpoint
from entrepot.lake import open_lake
from entrepot.press.article_rows import PRESS_TABLES
from entrepot.press.proposed import Enriched
from entrepot.tables import ARTICLES, CLAIMS, FIGURES, FINDINGS, QUOTES

WORDS = "We will not allow our territory to be used for the circumvention of sanctions,"
OTHER = "Customs officers check every lorry at the border with Kazakhstan,"


def said(name, words, **told):
    text = f"Article {name}\n\nBISHKEK – “{words}” Sadyrov said."
    return reading(name, article(text, words, **told))


@pytest.fixture
def lake(tmp_path):
    with open_lake(tmp_path / "lake") as lake:
        yield lake


def rows(lake, table):
    return lake.table(table).collect("pyarrow").to_native().to_pylist()


def held(lake):
    return {table.name: lake.row_count(table) for table in PRESS_TABLES}


def test_an_article_read_again_replaces_its_own_rows(lake):
    store_readings(lake, [said("a", WORDS), said("b", OTHER)])
    before = held(lake)
    store_readings(lake, [said("a", WORDS), said("b", OTHER)])
    store_readings(lake, [said("b", OTHER)])
    assert held(lake) == before
    assert sorted(row["name"] for row in rows(lake, ARTICLES)) == ["a", "b"]


def test_an_older_batch_that_is_empty_now_leaves_no_file(lake):
    store_readings(lake, [said("a", WORDS)])
    (old,) = lake.units(QUOTES)
    store_readings(lake, [said("a", WORDS), said("b", OTHER)])
    assert old not in lake.units(QUOTES)


def test_one_statement_in_two_batches_has_one_id(lake):
    store_readings(lake, [said("a", WORDS)])
    stored = store_readings(lake, [said("b", WORDS), said("c", OTHER)])
    ids = {row["source_id"]: row["statement_id"] for row in rows(lake, QUOTES)}
    assert len(set(ids.values())) == 2
    assert stored.linked_count == 1


def test_reading_an_article_again_does_not_part_its_statement_from_the_others(lake):
    store_readings(lake, [said("a", WORDS), said("b", WORDS)])
    store_readings(lake, [said("a", WORDS)])
    assert len({row["statement_id"] for row in rows(lake, QUOTES)}) == 1


def test_the_same_file_twice_in_one_run_is_one_article(lake):
    assert store_readings(lake, [said("a", WORDS), said("a", WORDS)]).article_count == 1


def test_what_cannot_be_read_is_a_finding_until_it_can(lake):
    refused = Reading(None, None, "x.html", "holds no text")
    stored = store_readings(lake, [refused, said("a", WORDS)])
    assert [one.name for one in stored.refused] == ["x.html"]
    (found,) = rows(lake, FINDINGS)
    assert (found["subject"], found["subject_id"]) == ("file", "x.html")
    assert (found["outcome"], found["detail"]) == ("unknown", "holds no text.")
    store_readings(lake, [said("x.html", OTHER)])
    assert lake.row_count(FINDINGS) == 0


def test_a_failure_in_a_batch_leaves_the_batches_before_it(lake, monkeypatch):
    monkeypatch.setattr(desk, "BATCH", 1)

    def failing():
        yield said("a", WORDS)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store_readings(lake, failing())
    assert [row["name"] for row in rows(lake, ARTICLES)] == ["a"]


def test_batches_are_written_as_they_come_and_nothing_is_read_ahead(lake, monkeypatch):
    monkeypatch.setattr(desk, "BATCH", 2)
    seen = []

    def counted():
        for name in "abcd":
            seen.append((name, lake.row_count(ARTICLES)))
            yield said(name, WORDS)

    store_readings(lake, counted())
    assert seen == [("a", 0), ("b", 0), ("c", 2), ("d", 2)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_articles(lake, monkeypatch):
    monkeypatch.setattr(desk, "BATCH", 10)

    text = f"Trade\n\nBISHKEK – “{WORDS}” Sadyrov said. {'The border is long. ' * 250}"
    told = article(text, WORDS)

    def peak(count):
        tracemalloc.start()
        store_readings(lake, (reading(f"{count}-{n}", told) for n in range(count)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    few, many = peak(20), peak(60)
    assert many < 1.5 * few


def test_claims_are_stored_with_the_words_of_the_article(lake):
    text = "Trade\n\nGerman exports to Kyrgyzstan topped 500 million euros in 2022, Sadyrov said."
    words = "German exports to Kyrgyzstan topped 500 million euros in 2022"
    store_readings(lake, [reading("a", article(text, claims=(claim(text, words),)))])
    (row,) = rows(lake, CLAIMS)
    assert (row["text"], row["value"], row["comparison"]) == (words, 500e6, ">")


def test_a_folder_is_read_in_order_and_no_file_of_it_is_lost(tmp_path):
    (tmp_path / "b.txt").write_text("BISHKEK – Trade grew by 5 percent.", "utf-8")
    (tmp_path / "a.txt").write_bytes(b"")
    found = list(readings([str(tmp_path)], DAY))
    assert [one.name.rsplit("/", 1)[-1] for one in found] == ["a.txt", "b.txt"]
    assert [bool(one.reason) for one in found] == [True, False]


def test_a_date_in_the_wrapping_is_taken_where_the_text_gives_none(tmp_path):
    line = {"url": "https://example.org/1", "title": "Trade", "date": "2023-05-11"}
    line["text"] = "Trade grew by 5 percent, the minister said."
    path = tmp_path / "feed.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    (found,) = readings([str(path)], DAY)
    assert found.article.metadata.date == "2023-05-11"
    assert found.article.metadata.date_basis == "header"


def test_half_characters_and_nul_bytes_reach_the_lake_with_their_spans(lake, tmp_path):
    path = tmp_path / "odd.jsonl"
    text = "BISHKEK – \\ud800Trade\\u0000 grew by 5 percent in 2022."
    path.write_text(f'{{"title": "\\udc00", "text": "{text}"}}\n', "utf-8")
    store_readings(lake, readings([str(path)], DAY))
    (row,) = rows(lake, ARTICLES)
    (figure,) = rows(lake, FIGURES)
    assert row["text"][figure["char_start"] : figure["char_end"]] == "5 percent"


def test_the_day_of_reading_is_kept_beside_the_article(lake, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("BISHKEK – Trade grew by 5 percent.", "utf-8")
    store_readings(lake, readings([str(path)], date(2020, 1, 1)))
    (row,) = rows(lake, ARTICLES)
    assert (row["read_on"], row["date"], row["url"]) == (date(2020, 1, 1), None, None)


def test_what_a_model_proposed_is_named_as_its_own_in_the_rows(lake, monkeypatch):
    told = said("a", WORDS)
    more = article(told.article.page.text, WORDS, "BISHKEK")
    answer = Enriched(more, 1, {})
    monkeypatch.setattr("entrepot.api.second_reading.second_reading", lambda *_: answer)
    endpoint = Endpoint("https://example.org/v1", "small")
    store_readings(lake, read_twice([told, Reading(None, None, "x", "is empty")], endpoint))
    found = {row["text"]: row["extractor"] for row in rows(lake, QUOTES)}
    assert found == {WORDS: "rules", "BISHKEK": "small"}


def test_the_sentence_told_in_two_seeds_is_one_statement_in_the_lake(shared, lake):
    store_readings(lake, readings([str(shared / "seeds")], date(2024, 12, 31)))
    told = {}
    for row in rows(lake, QUOTES):
        if "lasting peace" in row["text"] or "solid peace" in row["text"]:
            told.setdefault(row["statement_id"], []).append(row["source_id"])
    assert [len(set(ids)) for ids in told.values()] == [2]


@pytest.mark.parametrize(
    ("words", "day", "basis", "period"),
    [
        (
            "Trade of Germany with Kazakhstan fell by 5 percent last year.",
            "2023-06-20",
            "given",
            "2022",
        ),
        (
            "ASTANA, June 20 – Exports to Russia fell by 5 percent last year.",
            "2023-06-20",
            "given",
            "2022",
        ),
        (
            "ASTANA, June 21 – Exports to Russia fell by 5 percent last year.",
            "XXXX-06-21",
            "dateline",
            "XXXX",
        ),
        (
            "ASTANA, 20 June 2022 – Exports to Russia fell by 5 percent last year.",
            "2022-06-20",
            "dateline",
            "2021",
        ),
    ],
)
def test_a_day_that_is_given_closes_what_the_text_leaves_open(tmp_path, words, day, basis, period):
    path = tmp_path / "one.txt"
    path.write_text(words, "utf-8")
    (one,) = readings([str(path)], date(2024, 1, 1), None, date(2023, 6, 20))
    assert (one.article.metadata.date, one.article.metadata.date_basis) == (day, basis)
    assert [claim.period for claim in one.article.claims] == [period]
