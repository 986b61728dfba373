"""Where a sentence ends, and where a full stop belongs to its word."""

from __future__ import annotations

import pytest

from entrepot.press.article import Span
from entrepot.press.quotation import quotations
from entrepot.press.sentences import sentences


def split(text, language):
    whole = (Span(0, len(text)),)
    return [one.of(text) for one in sentences(text, whole, quotations(text, whole), language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Экспорт составил 3 млрд.| Импорт вырос."),
        ("ru", "Продано на 5 млн руб.| Это рекорд."),
        ("ru", "Он начался в 2022 г.| Москва молчит."),
        ("ru", "Сталь, нефть и др.| Все это дорого."),
        ("en", "Exports reached $3 bn.| Imports fell."),
        ("en", "It is made by Smith Inc.| The firm is old."),
        ("en", "They met at 5 p.m.| He left early."),
        ("en", "He lives in the U.S.| It is large."),
        ("de", "Der Handel erreichte 3 Mio.| Das ist viel."),
        ("de", "Russland liegt auf Rang 9.| Der Anteil fiel."),
        ("de", "Stahl, Öl usw.| Alles wird teurer."),
        ("en", "Who buys it?| Nobody knows!| It is so…| Really."),
        ("en", "The minister said no.| Scholz said yes."),
        ("de", "Er will es so.| Scholz nicht."),
        ("de", "Der Handel wuchs um 28 Prozent.| Armenien fiel zurück."),
        ("en", "It grew by 5%.| 2022 was better."),
        ("en", '"It is so. Really," he said.| "No."'),
        ("de", "»Ja. Nein«, sagte er.| »Wir wissen es nicht.«| Dann ging er."),
    ],
)
def test_a_sentence_ends_where_another_begins(language, text):
    assert split(text.replace("|", ""), language) == [piece.strip() for piece in text.split("|")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Astana, Jun. 20 (EFE).- Trade grew."),
        ("en", "He met St. John and Dr. Smith, i.e. Jack."),
        ("en", "The U.S. President met J. R. Smith there."),
        ("en", "They pay 5 bn. euros."),
        ("en", "No. 5 and Gen. Smith vs. Jack."),
        ("de", "Am 20. Juni traf Dr. Kohl z. B. Minister N. Meer."),
        ("de", "Das 11. Sanktionspaket bringt 3 Mio. Euro."),
        ("de", "Er zahlt 5 Mrd. Dollar bzw. Euro."),
        ("de", "Die Fa. kauft u. a. Stahl."),
        ("ru", "Завод им. Ленина, т.е. цех, стоит в г. Баку."),
        ("ru", "Министр А. С. Петров и т.н. Комитет."),
        ("ru", "Он получил 5 млн долл. США."),
        ("ru", "БАКУ, 5 июня. /ТАСС/."),
    ],
)
def test_a_full_stop_of_a_word_ends_no_sentence(language, text):
    assert split(text, language) == [text]


def test_what_stands_between_open_marks_is_split_as_other_words_are():
    assert split("He said: “One is it. Two is it.", "en") == ["He said: “One is it.", "Two is it."]


def test_sentences_cover_all_words_of_their_paragraphs():
    text = "One. Two! “Three. Four.” Five"
    assert " ".join(split(text, "en")) == text
