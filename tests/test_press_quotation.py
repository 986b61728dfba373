"""Quote marks of all kinds, paired as a reader pairs them."""

from __future__ import annotations

import pytest

from entrepot.press.article import Span
from entrepot.press.quotation import quotations


def paragraphs(text):
    spans, at = [], 0
    for line in text.split("\n"):
        if line:
            spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    return tuple(spans)


def told(text):
    """The insides; those that are left open end with an ellipsis in brackets."""
    found = quotations(text, paragraphs(text))
    return [one.inner.of(text) + ("[…]" if one.is_open else "") for one in found]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We know,” he said. “All.”", ["We know,", "All."]),
        ("„Wir wissen es“, sagte er.", ["Wir wissen es"]),
        ("„Wir wissen es”, sagte er.", ["Wir wissen es"]),
        ("“Wir wissen es”, sagte er.", ["Wir wissen es"]),
        ("»Wir wissen es«, sagte er. »Ja.«", ["Wir wissen es", "Ja."]),
        ("«We know,» he said. «All.»", ["We know,", "All."]),
        ("« On sait », a-t-il dit.", [" On sait "]),
        ('"Мы знаем", — сказал он.', ["Мы знаем"]),
        ("„Мы знаем“, — сказал он.", ["Мы знаем"]),
        ("”Me tiedämme”, hän sanoi.", ["Me tiedämme"]),
        ("“Wir wissen es“, sagte er. “Ja“", ["Wir wissen es", "Ja"]),
        ('„Wir wissen es", sagte er, „ja".', ["Wir wissen es", "ja"]),
        ("‘We know,’ he said.", ["We know,"]),
        ("'We know,' he said.", ["We know,"]),
        ('„Ja“, hieß es; "nein", hieß es; “vielleicht”.', ["Ja", "nein", "vielleicht"]),
    ],
)
def test_the_style_is_the_texts_and_not_the_languages(text, inside):
    assert told(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("«Мы читали „Правду“ вчера», — сказал он.", ["Мы читали „Правду“ вчера", "Правду"]),
        ("“A ‘golden bridge’ it is,” he said.", ["A ‘golden bridge’ it is,", "golden bridge"]),
        ("»Es heißt, ›alles gut‹, aber nein«", ["Es heißt, ›alles gut‹, aber nein", "alles gut"]),
        ("«Завод «Заря» работает», — сказал он.", ["Завод «Заря» работает", "Заря"]),
        ("«Это завод «Заря», — сказал он. «Да».", ["Это завод «Заря", "Заря", "Да"]),
        ('"По "Дружбе" идет нефть", — сказал он.', ['По "Дружбе" идет нефть', "Дружбе"]),
    ],
)
def test_a_quotation_inside_another_follows_it(text, inside):
    assert told(text) == inside


@pytest.mark.parametrize(
    "text",
    [
        "It's Kazakhstan's and the Germans' rule; the '90s are over.",
        "Es war Hans’ und Kasachstan’s Sache.",
        "A 19\" screen and a 6' wall.",
        "O'Sullivan and D’Angelo met.",
    ],
)
def test_apostrophes_and_inches_are_no_quote_marks(text):
    assert told(text) == []


def test_a_mark_that_is_never_closed_swallows_no_later_quotation():
    text = "“Das ist eine Lüge, sagte er.\nDanach schwieg er.\n“Die Grenze bleibt offen”, hieß es."
    assert told(text) == ["Das ist eine Lüge, sagte er.[…]", "Die Grenze bleibt offen"]


def test_a_mark_that_is_never_closed_ends_before_the_next_quotation_of_its_paragraph():
    text = "“Das ist eine Lüge, sagte er. “Die Grenze bleibt offen”, hieß es."
    assert told(text) == ["Das ist eine Lüge, sagte er.[…]", "Die Grenze bleibt offen"]


@pytest.mark.parametrize(
    "text",
    [
        '"Wir sind offen für die Arbeit [and] "wir bleiben es auch immer noch", sagte er.',
        "„Wir sind offen für die Arbeit [and] „wir bleiben es auch immer noch“, sagte er.",
    ],
)
def test_words_opened_again_in_their_middle_are_one_quotation(text):
    (found,) = told(text)
    assert found.startswith("Wir sind offen")
    assert found.endswith("immer noch")


def test_each_paragraph_of_a_long_quotation_may_open_it_again():
    assert told("“One is said.\n“Two is.\n“Three is,” he said.") == [
        "One is said.[…]",
        "Two is.[…]",
        "Three is,",
    ]


def test_a_quotation_may_run_over_paragraphs():
    assert told("“One is said.\nTwo is,” he said. “Yes.”") == ["One is said.\nTwo is,", "Yes."]


def test_a_quotation_cut_off_at_the_end_of_the_text_is_open():
    (found,) = quotations("«Бумаги не преграда, и", paragraphs("«Бумаги не преграда, и"))
    assert found.is_open
    assert found.inner == Span(1, 22)


@pytest.mark.parametrize(
    ("text", "is_utterance"),
    [('"close ties" with', False), ('"We know," he', True), ('"a b c d e f" g', True)],
)
def test_a_few_words_are_no_utterance(text, is_utterance):
    (found,) = quotations(text, paragraphs(text))
    assert found.is_utterance is is_utterance
