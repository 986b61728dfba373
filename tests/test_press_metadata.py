"""What an article says of itself: title, dateline, place, day, agency; nothing is guessed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.press.article import Metadata, Span
from entrepot.press.dates import Day, days, weekdays, year_of, years_behind
from entrepot.press.exchange import country_code
from entrepot.press.mentions import mentions
from entrepot.press.metadata import metadata
from entrepot.press.page import read_page

OWN = Path(__file__).parent / "data" / "press"
TODAY = date(2024, 12, 31)
EXACT = ("title", "dateline", "place", "country", "date", "date_basis", "agency", "origin_lang")


def told(text: str, on: date = TODAY) -> Metadata:
    page, _ = read_page(text)
    return metadata(page, mentions(page)[0], on)


def as_told(text: str) -> dict[str, str | None]:
    """Metadata as gold records write them."""
    page, _ = read_page(text)
    found = metadata(page, mentions(page)[0], TODAY)
    return {
        "title": None if found.title is None else found.title.of(page.text),
        "dateline": None if found.dateline is None else found.dateline.of(page.text),
        "place": found.place,
        "country": country_code(found.country),
        "date": found.date,
        "date_basis": found.date_basis,
        "agency": found.agency,
        "origin_lang": found.origin_language,
    }


def gold_of(file: Path) -> dict[str, str | None]:
    gold = json.loads(file.read_text("utf-8"))["meta"]
    plain = {key: gold[key] for key in EXACT}
    return {key: one["text"] if isinstance(one, dict) else one for key, one in plain.items()}


GOLD = sorted((OWN / "gold").glob("*.json"))


@pytest.mark.parametrize("file", GOLD, ids=lambda file: file.stem)
def test_our_own_articles_say_of_themselves_what_the_gold_says(file):
    source = json.loads(file.read_text("utf-8"))["source_file"]
    assert as_told((OWN / source).read_text("utf-8")) == gold_of(file)


def test_the_seeds_say_of_themselves_what_the_gold_says(shared):
    files = sorted((shared / "seeds" / "gold").glob("*.json"))
    texts = (json.loads(file.read_text("utf-8"))["source_file"] for file in files)
    found = [as_told((shared / "seeds" / name).read_text("utf-8")) for name in texts]
    assert found == [gold_of(file) for file in files]


BODY = {
    "en": "Trade with the neighbours grew by a fifth last year, the ministry said in a statement.",
    "de": "Der Handel mit den Nachbarn ist um ein Fünftel gewachsen, teilte das Ministerium mit.",
    "ru": "Торговля с соседями выросла за год на пятую часть, сообщили в министерстве республики.",
}
DATELINES = [
    ("en", "ASTANA –", "Astana", "KZ", None, None),
    ("en", "BRUSSELS, Feb 21 (Reuters) -", "Brussels", "BE", "XXXX-02-21", "org:reuters"),
    ("en", "Astana, 7 March 2022 (TDI):", "Astana", "KZ", "2022-03-07", "org:tdi"),
    ("en", "BELGRADE, April 19. /TASS/.", "Belgrade", "RS", "XXXX-04-19", "org:tass"),
    ("en", "ISTANBUL:", "Istanbul", "TR", None, None),
    ("de", "Berlin (dpa) -", "Berlin", "DE", None, "org:dpa"),
    ("de", "BRÜSSEL, 21. Februar.", "Brüssel", "BE", "XXXX-02-21", None),
    (
        "de",
        "Bischkek (AKIpress / Kabar - 21. Juli 2023)",
        "Bischkek",
        "KG",
        "2023-07-21",
        "org:akipress",
    ),
    ("ru", "МОСКВА, 15 авг — РИА Новости.", "Москва", "RU", "XXXX-08-15", "org:ria"),
    ("ru", "Бишкек. 5 марта. ИНТЕРФАКС -", "Бишкек", "KG", "XXXX-03-05", "org:interfax"),
    ("ru", "АКТАУ (Казахстан), 3 июн — РИА Новости.", "Актау", "KZ", "XXXX-06-03", "org:ria"),
]


@pytest.mark.parametrize("line", DATELINES, ids=lambda line: line[1])
def test_a_dateline_gives_place_day_and_agency(line):
    language, head, place, area, day, agency = line
    page, _ = read_page(f"{head} {BODY[language]}")
    found = metadata(page, (), TODAY)
    assert found.dateline is not None
    assert found.dateline.of(page.text) == head
    assert (found.place.casefold(), found.country) == (place.casefold(), area)
    assert (found.date, found.agency) == (day, agency)


def test_a_weekday_settles_an_open_year_only_where_one_year_fits():
    text = "Astana, Jun 20 (EFE).- President Kassym-Jomart Tokayev spoke on Tuesday about trade."
    found = told(text)
    assert (found.date, found.date_basis) == ("2023-06-20", "dateline+weekday")
    nobody = told("Astana, Jun 20 (EFE).- The president spoke on Tuesday about trade there.")
    assert (nobody.date, nobody.weekday) == ("XXXX-06-20", 1)  # 2017 or 2023


def test_a_year_after_the_day_of_reading_is_not_taken():
    text = "Astana, Jun 20 (EFE).- President Kassym-Jomart Tokayev spoke on Tuesday about trade."
    assert told(text, date(2022, 12, 31)).date == "XXXX-06-20"


def test_a_header_gives_the_year_of_a_dateline_about_as_old():
    text = f"Trade grows\n\nJune 21, 2023\n\nASTANA, June 20 (Reuters) - {BODY['en']}"
    found = told(text)
    assert (found.date, found.date_basis) == ("2023-06-20", "header")


def test_a_day_since_which_something_holds_is_not_the_day_of_the_article():
    text = "Since 24 February 2022 trade with all of the neighbours has grown by a fifth there."
    assert (told(text).date, told(text).date_basis) == (None, "none")


def test_words_in_english_brackets_show_a_translation():
    text = "„Die Wirtschaft [and] der Handel wachsen“, sagte der Minister am Dienstag in der Stadt."
    assert told(text).origin_language == "en"


def test_a_staff_writer_is_no_agency():
    text = (
        "Trade grows\n\nStaff Writer\n\nDUBAI: Trade grew by a fifth, state news agency WAM said."
    )
    assert told(text).agency is None
    assert told(text.replace("Staff Writer\n\n", "")).agency == "org:wam"


def test_a_text_that_says_nothing_of_itself_leaves_all_open():
    assert told("") == Metadata()
    assert told("Trade grew.") == Metadata()


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("7 March 2022; 31 June 2022; 2023-06-20", "en", ["2022-03-07", "2023-06-20"]),
        ("am 10. März und am 14.02.2024", "de", ["XXXX-03-10", "2024-02-14"]),
        ("15 авг; 3 июня 2023 года", "ru", ["XXXX-08-15", "2023-06-03"]),
        ("29 February 2023", "en", []),
    ],
)
def test_only_days_of_the_calendar_are_days(text, language, found):
    assert [day.edtf for day in days(text, language)] == found


def test_the_next_week_does_not_date_an_article():
    assert weekdays("next Monday, last Friday", "en", 0, 24) == ()
    assert [day for _, day in weekdays("в следующий вторник, в среду", "ru", 0, 28)] == [2]


def test_a_year_that_lies_ahead_does_not_count_as_begun():
    words = "Trade grew in 2022 and is to double by 2024."
    assert years_behind(words, [read_page(words)[0].paragraphs[0]], TODAY) == 2022


@given(st.dates(date(2000, 1, 1), TODAY), st.dates(date(2000, 1, 1), TODAY))
def test_a_year_that_is_found_agrees_with_all_that_is_known(then, since):
    day = Day(Span(0, 1), then.day, then.month, None)
    year = year_of(day, then.weekday(), TODAY, [(since, None)])
    if year is not None:
        found = day.of_year(year)
        assert found.weekday() == then.weekday()
        assert since <= found <= TODAY
    if since <= then:
        assert year in {None, then.year}


@given(st.text(max_size=300) | st.text(alphabet="ABab ,.()/–-:\n0123456789«»", max_size=120))
@settings(max_examples=200)
def test_what_a_text_says_of_itself_stands_in_it(text):
    page, _ = read_page(text)
    found = metadata(page, (), TODAY)
    for span in (found.title, found.dateline):
        assert span is None or (0 <= span.start < span.end <= len(page.text))
    assert (found.date is None) == (found.date_basis == "none")


@pytest.mark.parametrize("file", GOLD[::6], ids=lambda file: file.stem)
def test_line_ends_do_not_change_what_an_article_says_of_itself(file):
    source = OWN / json.loads(file.read_text("utf-8"))["source_file"]
    plain = source.read_text("utf-8")
    assert as_told(plain.replace("\n", "\r\n")) == as_told(plain)
