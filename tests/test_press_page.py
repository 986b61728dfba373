"""What of a page is the article, and what is set aside, with its reason."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest

from entrepot.press.furniture import reasons
from entrepot.press.language import language_of
from entrepot.press.page import read_page

LEAD = (
    "BERLIN (dpa) - Trade with the countries of Central Asia has grown by a third since 2021, the "
    "ministry said on Tuesday."
)

DATA = Path(__file__).parent / "data" / "press"
GOLD = sorted((DATA / "gold").glob("*.json"))


def kept(text):
    page, _ = read_page(text)
    return [paragraph.of(page.text) for paragraph in page.paragraphs]


def dropped(text):
    page, _ = read_page(text)
    return [(one.span.of(page.text), one.reason) for one in page.dropped]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("14.02.2024, 11:32 Uhr", "time stamp"),
        ("Updated 12:03 GMT", "time stamp"),
        ("March 3, 2023 5:31 pm CET", "time stamp"),
        ("3. März 2023, 08:15 Uhr", "time stamp"),
        ("7 июля 2022 года", "time stamp"),
        ("Ведомости. 22 марта 2023, 00:41", "time stamp"),
        ("11.05.2023 | Politics", "time stamp"),
        ("Stand: 11.05.2023 10:03 Uhr", "time stamp"),
        ("Lesezeit: 3 Min.", "reading time"),
        ("4 min read", "reading time"),
        ("Время чтения: 5 минут", "reading time"),
        ("Quelle: F.A.Z.", "source link"),
        ("Source: Xinhua", "source link"),
        ("Источник: РБК", "source link"),
        ("By Anna Petrova and Jack Smith", "byline"),
        ("Von Petra van der Meer und Jens Kohl", "byline"),
        ("(Reporting by A. Petrova in Baku; Editing by J. Smith)", "byline"),
        ("(Bericht von Petra Kohl, redigiert von Jens Meer.)", "byline"),
        ("Additional reporting by Jack Smith.", "byline"),
        ("Редактор: Анна Петрова", "byline"),
        ("© dpa-infocom, dpa:230214-99-1/2", "photo credit"),
        ("Foto: dpa", "photo credit"),
        ("The port of Baku in winter (Photo: Jack Smith/AFP)", "photo credit"),
        ("FILE PHOTO: Trucks wait at the border. REUTERS/Jack Smith", "photo credit"),
        ("We use cookies to improve your experience. Accept all?", "cookie notice"),
        ("Sign up for our newsletter and never miss a story.", "subscription"),
        ("Подписывайтесь на наш канал", "subscription"),
        ("Artikel teilen", "sharing"),
        ("Поделиться в соцсетях", "sharing"),
        ("Read more: Oil falls again as markets wait", "related links"),
        ("Lesen Sie auch: Der Ölpreis fällt", "related links"),
        ("Читайте также: Нефть снова подешевела", "related links"),
        ("Home » World » Asia", "breadcrumb"),
        ("Politik | Ausland | Zentralasien", "breadcrumb"),
        ("Тел. редакции: +49 30 123-45-67", "contact"),
        ("Tags: oil, gas, transit", "keywords"),
        ("/abc/DP/xyz", "agency sign"),
        ("ab/cd (AFP, dpa, Reuters)", "agency sign"),
        ("By Anna Petrova in Business on 20 June 2023", "byline"),
        ("[Edited by Jack Smith/Anna Petrova]", "byline"),
        ("Иван Петров, Анна Сидорова", "byline"),
        ("(обновлено: 16:40 05.06.2023)", "time stamp"),
        ("In Baku: the two ministers on Thursday. © Reuters", "photo credit"),
        ("* * *", "ornament"),
        ("- Autor: Jens Kohl (Berlin), +49 30 12345678, <politik@dpa.example>", "contact"),
        ("1.204", "share count"),
        ("1 2 3 … 17", "page numbers"),
        ("Комментарии (17)", "comment form"),
    ],
)
def test_furniture_is_told_by_its_words(line, reason):
    text = f"{line}\n\n{LEAD}"
    assert dropped(text) == [(line, reason)]
    assert kept(text) == [LEAD]


@pytest.mark.parametrize(
    "line",
    [
        "Discussion during the telephonic conversation",
        "What do the figures say?",
        "- Kyrgyzstan: 281 percent",
        "— Киргизия: 281 процент",
        "- Uzbekistan: almost twofold",
        "• Georgia (plus 54 percent)",
        "Georgien: plus 94 Prozent auf 1,9 Milliarden Euro",
        "Exports by partner in 2022:",
        "Share of Russia: 40%",
        "By land and by sea, goods still reach Russia.",
        "Von Januar bis Mai stiegen die Ausfuhren.",
        "Video calls between the two presidents were held in May and June.",
        "The source: a customs officer at the border who spoke to reporters.",
        "Trade grew.",
        "Im Mai 2023 fiel der Handel.",
    ],
)
def test_what_belongs_to_the_article_stays(line):
    assert kept(f"{LEAD}\n\n{line}\n\n{LEAD}") == [LEAD, line, LEAD]


@pytest.mark.parametrize("heading", ["Read more:", "Lesen Sie auch", "Читайте также:"])
def test_links_below_their_heading_end_at_the_next_sentence(heading):
    links = "Oil falls for the third day\nWho buys the trucks?\nGas"
    text = f"{LEAD}\n\n{heading}\n{links}\n\nThe ministry gave no details.\nA new line here follows"
    assert [words for words, _ in dropped(text)] == [heading, *links.split("\n")]
    assert kept(text)[1:] == ["The ministry gave no details.", "A new line here follows"]


def test_a_short_title_is_kept_where_nothing_else_can_be_it():
    assert kept(f"Handel wächst weiter\n\n{LEAD}") == ["Handel wächst weiter", LEAD]
    title = "Trade with Asia grows again"
    assert kept(f"Handel mit Asien\n{title}\n\n{LEAD}") == [title, LEAD]
    assert kept(f"Handel mit Asien\nWer daran verdient\n\n{LEAD}") == ["Wer daran verdient", LEAD]
    assert kept(f"Anna Petrova\n\n{LEAD}") == [LEAD]


def test_a_dateline_on_a_line_of_its_own_is_no_time_stamp():
    assert kept(f"Baku, 3 May 2023 (Azertac):\n{LEAD}")[0] == "Baku, 3 May 2023 (Azertac):"


def test_the_sign_of_the_editors_is_cut_off_the_last_sentence():
    text = f"{LEAD}\n\nHe left for Baku./abc/DP/xyz"
    assert kept(text)[-1] == "He left for Baku."
    assert dropped(text) == [("/abc/DP/xyz", "agency sign")]


def test_a_line_that_breaks_in_a_sentence_goes_on_below():
    assert kept("The ministry said that trade\nhas grown by a third.") == [
        "The ministry said that trade\nhas grown by a third."
    ]


def test_line_ends_of_any_kind_give_the_same_page():
    text = f"By Jack Smith\n\n{LEAD}\n\nRead more:\nOil falls\n\n“One.\n\n“Two,” he said."
    plain = read_page(text)
    assert read_page(text.replace("\n", "\r\n")) == plain
    assert read_page(text.replace("\n", "\r")) == plain


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister said that trade was growing.", "en"),
        ("Der Minister sagte, dass der Handel wächst.", "de"),
        ("Министр сказал, что торговля растет.", "ru"),
        ("Товарооборот Казахстана", "ru"),
        ("Außenhandel über Österreich", "de"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_the_language_is_told_by_words_and_script(text, language):
    assert language_of(text) == language


def test_each_line_gets_one_reason_or_none():
    assert reasons([]) == []
    assert reasons(["x" * 100_000]) == [""]


_LINES = [f"{piece * (298 // len(piece))}\n\n" for piece in ("a ", "a@", "a > ", "By A, ", "© a")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", [" ", "\n", ".", '"', "«", "“a ", "(", "1,", "Ab. ", "a\n", "©", *_LINES]
)
def test_time_grows_no_faster_than_the_text(piece):
    """A quadratic step would take minutes here."""
    start = time.process_time()
    read_page(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 30


def spans(told):
    """Every span of a record, however deep."""
    if isinstance(told, dict):
        if {"start", "end", "text"} <= set(told):
            yield told
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from spans(one)


def boilerplate(record, text):
    """Furniture by the record, and what is set aside beyond it with its reason."""
    expected = {one["text"].strip() for one in record["meta"]["boilerplate"]}
    found = dict(dropped(text))
    return expected - set(found), {words: found[words] for words in set(found) - expected}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_the_furniture_of_the_thirty_articles_is_set_aside_and_little_else(path):
    record = json.loads(path.read_text("utf-8"))
    text = (DATA / record["source_file"]).read_bytes().decode("utf-8")
    missed, more = boilerplate(record, text)
    assert missed == set()
    assert set(more.values()) <= {"label"}  # an agency's name below its report


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_records_of_the_thirty_articles_count_single_line_feeds(path):
    record = json.loads(path.read_text("utf-8"))
    content = (DATA / record["source_file"]).read_bytes()
    text = content.decode("utf-8").replace("\r\n", "\n")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert [one for one in spans(record) if text[one["start"] : one["end"]] != one["text"]] == []


def test_the_furniture_of_the_seeds_is_set_aside(shared):
    for path in sorted((shared / "seeds" / "gold").glob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        missed, more = boilerplate(
            record, (shared / "seeds" / record["source_file"]).read_text("utf-8")
        )
        assert missed == set()
        assert set(more.values()) <= {"source link"}
