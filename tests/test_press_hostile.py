"""No text breaks the reading of an article, and none of it is invented."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.press.article import Span
from entrepot.press.exchange import as_record
from entrepot.press.reader import read_article

ON = date(2024, 12, 31)
PIECES = (
    *("President Kassym-Jomart Tokayev said", "the minister denied that", "he added", "said", "\n"),
    *(
        "Bundeskanzler Olaf Scholz sagte",
        "wies zurück, dass",
        "so der Minister",
        "erklärte",
        "\n\n",
    ),
    *("заявил президент Токаев", "по словам министра", "отметил он", "сообщает РИА Новости"),
    *("Astana, Jun 20 (EFE).-", "BERLIN (dpa) -", "МОСКВА, 5 июня —", "on Tuesday", "in 2022"),
    *("exports to Russia rose 5.4 percent", "$3 bn", "12 Mrd. Euro", "на 40%", "вдвое", "doubled"),
    *(
        "“",
        "”",
        "„",
        "«",
        "»",
        '"',
        "'",
        "’",
        ",",
        ". ",
        "? ",
        "(",
        ")",
        " – ",
        ": ",
        "…",
        "Read more:",
    ),
    *("\r\n", "\u00a0", "\u200b", "\u202e", "\x00", "\ud800", "\u2028", "\ufeff", "1" * 40, "A. "),
    *(
        "Kazakhstan",
        "die EU",
        "Россия",
        "sanctions",
        "met",
        "visited",
        "agreed",
        "import",
        "of oil",
    ),
)
words = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
texts = st.one_of(
    words, st.text(max_size=120), st.builds("{}{}".format, words, st.text(max_size=20))
)


def spans(told):
    """Every span in a record, however deep."""
    if isinstance(told, Span):
        yield told
    elif isinstance(told, (list, tuple)):
        for one in told:
            yield from spans(one)
    elif hasattr(told, "__dataclass_fields__"):
        for name in told.__dataclass_fields__:
            yield from spans(getattr(told, name))


def written(record):
    """Every span of a record of exchange."""
    if isinstance(record, dict):
        if {"start", "end", "text"} <= set(record):
            yield record
        for one in record.values():
            yield from written(one)
    elif isinstance(record, list):
        for one in record:
            yield from written(one)


@settings(max_examples=80)
@given(texts)
def test_every_span_stands_in_the_text(text):
    article = read_article(text, ON)
    length = len(article.page.text)
    assert all(0 <= one.start <= one.end <= length for one in spans(article))
    for one in written(as_record(article, "x")):
        assert article.page.text[one["start"] : one["end"]] == one["text"]


@settings(max_examples=60)
@given(texts)
def test_line_ends_change_nothing(text):
    plain = text.replace("\r", "")
    assert read_article(plain.replace("\n", "\r\n"), ON) == read_article(plain, ON)


@settings(max_examples=40)
@given(texts, st.integers(0, 400))
def test_a_text_cut_off_anywhere_is_read(text, end):
    read_article(text[:end], ON)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "",
            " ",
            "\n",
            "\x00",
            "\ud800",
            "\u202e",
            "\u200b",
            "1",
            "1 ",
            ",",
            '"',
            '" ',
            "«",
            "« ",
        ),
        *("“Abc def\n\n", '"Abc def\n\n', ".", ". ", '."', "A. ", "(", "a-", "Read more:\n"),
        *(
            "Abc def.\n",
            "abc\n",
            "5% ",
            "2022 ",
            "20 June 2023 ",
            "Kazakhstan ",
            "а“b»1,.\u202e‘’„ ",
        ),
    ],
)
def test_a_text_of_one_thing_is_read_quickly(piece):
    """Six thousand letters; an article has as many, and is read in a fifth of a second."""
    start = time.process_time()
    read_article(piece * (6_000 // max(1, len(piece))), ON)
    assert time.process_time() - start < 20
