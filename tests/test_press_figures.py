"""Figures of sentences in three languages, each worked out by hand."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press_facts import facts, one_sentence

from entrepot.press.article import Span
from entrepot.press.figures import figures
from entrepot.press.numbers import numerals
from entrepot.press.page import read_page
from entrepot.press.told import Figure

FACTS = facts("press_figures.csv")


def read(text: str, language: str = "en") -> tuple[Figure, ...]:
    return figures(one_sentence(text, language))


@pytest.mark.parametrize(("language", "sentence", "expected"), FACTS)
def test_a_sentence_says_these_figures(language, sentence, expected):
    found = [(f.comparison, f.unit, f.kind) for f in read(sentence, language)]
    wanted = [entry.split() for entry in expected.split(" | ") if entry]
    assert found == [(sign, unit, kind) for _, sign, unit, kind in wanted]
    values = [f.value for f in read(sentence, language)]
    assert values == pytest.approx([float(value) for value, *_ in wanted], rel=1e-4)


def test_the_table_of_figures_is_large_and_has_sentences_without_any():
    assert len(FACTS) >= 150
    assert {language for language, *_ in FACTS} == {"en", "de", "ru"}
    assert sum(not expected for *_, expected in FACTS) >= 30


def test_a_span_holds_qualifier_number_and_what_is_counted():
    text = "Over one million former Kazakh citizens live there, nearly 1000 civilians fled."
    assert [f.span.of(text) for f in read(text)] == [
        "Over one million former Kazakh citizens",
        "nearly 1000 civilians",
    ]
    assert [f.what for f in read(text)] == ["former Kazakh citizens", "civilians"]


def test_a_verb_that_says_more_than_stays_outside_of_the_span():
    (figure,) = read("Mutual trade topped $10 billion last year.")
    assert figure.span.of("Mutual trade topped $10 billion last year.") == "$10 billion"
    assert (figure.comparison, figure.when) == (">", "last year")


def test_a_german_billion_is_a_thousand_english_ones():
    german = read("Der Fonds umfasst 1,5 Billionen Euro.", "de")
    english = read("The fund holds 1.5 billion euros.", "en")
    assert german[0].value == 1000 * english[0].value == 1.5e12


def test_point_and_comma_are_read_as_the_language_writes_them():
    def value(text, language):
        return numerals(text, Span(0, len(text)), language)[0].value

    assert value("1.234", "de") == value("1,234", "en") == value("1 234", "ru") == 1234
    assert value("1,234", "de") == value("1.234", "en") == value("1,234", "ru") == 1.234


def test_an_amount_in_brackets_does_not_hand_on_its_currency():
    text = "Trade reached AED 41.3 billion ($11.2 billion) in 2023; in 2018 it was 8 billion."
    assert [f.unit for f in read(text)] == ["AED", "USD", "AED"]


def test_lines_below_a_heading_of_growth_are_changes():
    lines = ("Exports rose strongly:", "Armenia: 187 percent of trade", "That is all we know now.")
    page, _ = read_page("The ministry said so on Monday. ".join(["", "\n"]) + "\n".join(lines))
    assert [(f.value, f.kind) for f in figures(page)] == [(187.0, "percent_change")]


@given(st.text(max_size=400), st.sampled_from(["en", "de", "ru"]))
def test_any_text_is_read_and_every_span_lies_in_it(text, language):
    found = read(text, language)
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start
    assert all(0 <= f.span.start < f.span.end <= len(text) for f in found)


WORDS = ["5", "percent", "million", "%", "$", "in", "2022", "von", "auf", "с", "до", "вдвое"]
PIECES = [*WORDS, "один", "третий", "a", "half", "of", "top", "ein", "Drittel", "раз", "в", "\n"]


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.sampled_from(["en", "de", "ru"]),
)
def test_pieces_of_figures_in_any_order_are_read(text, language):
    for figure in read(text, language):
        assert figure.span.of(text).strip() == figure.span.of(text)


@given(st.lists(st.sampled_from([f[1] for f in FACTS]), min_size=1, max_size=6))
def test_line_ends_of_either_kind_give_the_same_figures(sentences):
    unix, dos = read_page("\n".join(sentences))[0], read_page("\r\n".join(sentences))[0]
    assert figures(unix) == figures(dos)


def test_the_figures_of_the_public_articles_are_found(shared):
    folder = shared / "seeds"
    for path in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        (source,) = folder.glob(f"{path.stem}_*.txt")
        page, _ = read_page(source.read_text("utf-8"))
        found = [(f.span, f.value, f.comparison, f.unit, f.kind) for f in figures(page)]
        wanted = {
            (Span(*span), *(g[key] for key in ("value", "rel", "unit", "kind")))
            for g in gold["figures"]
            for span in [(g["span"]["start"], g["span"]["end"])]
            if not g["optional"]
        }
        optional = [g["span"]["text"] for g in gold["figures"] if g["optional"]]
        extra = set(found) - wanted
        assert wanted <= set(found), source.name
        assert all(any(o in e[0].of(page.text) for o in optional) for e in extra), source.name
