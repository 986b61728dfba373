"""Whom a text names and where, in English, German and Russian."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.press.article import Page, Span
from entrepot.press.mentions import mentions, noun_phrase_entity
from entrepot.press.page import read_page

OWN = Path(__file__).parent / "data" / "press"
READY = 0.93  # share of speakers that stand on a mention of themselves; measured 0.95 to 0.98
FRAGMENTS = (
    *(
        "President Tokayev",
        "he",
        "they",
        "said",
        "the Trade Ministry of",
        "Kazakhstan",
        "Olaf Scholz",
    ),
    *(
        "Der Minister",
        "sagte",
        "er",
        "das Komitee",
        "EU-",
        "Außenminister",
        "der",
        "Kanzler",
        "(ABC)",
    ),
    *(
        "глава МИД",
        "заявил",
        "он",
        "Токаев",
        "по его словам",
        "источник",
        "«",
        "»",
        "“",
        '"',
        ",",
        ".",
    ),
    *(
        "\n\n",
        "\n",
        "’s",
        "Li",
        "St.",
        "U.S.",
        "officials",
        "A",
        "-",
        "–",
        "\u00a0",
        "\u200f",
        "Ivan Ivanov",
    ),
)


def named(text: str, on: date | None = None) -> list[tuple[str, str]]:
    page, _ = read_page(text)
    _, found = mentions(page, on)
    return [(one.span.of(page.text), one.entity) for one in found]


def who(text: str, words: str) -> str | None:
    """The entity of the last mention that begins with some words."""
    return next((key for said, key in reversed(named(text)) if said.startswith(words)), None)


PERSONS = [
    ("Kazakh President Tokayev spoke.", "Kazakh President Tokayev", "per:tokayev"),
    ("Minister Orhan Demirtas spoke.", "Minister Orhan Demirtas", "per:demirtas"),
    ("Robin Hale, a senior fellow at the Aldgate Institution, said no.", "Robin Hale", "per:hale"),
    (
        "Deputy Prime Minister and Minister of Trade Serik Orazov said so.",
        "Deputy Prime Minister and Minister of Trade Serik Orazov",
        "per:orazov",
    ),
    (
        "State Secretary of the German Federal Ministry for Economic Affairs Udo Halm agreed.",
        "State Secretary of the German Federal Ministry for Economic Affairs Udo Halm",
        "per:halm",
    ),
    (
        "Anna Weiler, the Ukrainian president's sanctions adviser, said so.",
        "the Ukrainian president's sanctions adviser",
        "per:weiler",
    ),
    ("Außenministerin Annalena Baerbock sprach.", "Außenministerin Annalena", "per:baerbock"),
    ("WKX-Präsident Harald Menner sprach.", "WKX-Präsident Harald Menner", "per:menner"),
    (
        "Dessen Stellvertreter Roman Hoffner kam in die Stadt.",
        "Dessen Stellvertreter Roman",
        "per:hoffner",
    ),
    (
        "Der Chef des Finanzdienstes, Lewan Kapanadse, sprach.",
        "Der Chef des Finanz",
        "per:kapanadse",
    ),
    ("Об этом сказал президент Токаев.", "президент Токаев", "per:tokayev"),
    (
        "Заявил замминистра экономики Грузии Нино Беридзе.",
        "замминистра экономики Грузии Нино Беридзе",
        "per:beridze",
    ),
    (
        "Глава «Степьтранса» Ерлан Асанов согласен.",
        "Глава «Степьтранса» Ерлан Асанов",
        "per:asanov",
    ),
    (
        "Верховный представитель ЕС по иностранным делам и политике безопасности Жозеп Боррель.",
        "Верховный представитель ЕС по иностранным делам и политике безопасности Жозеп Боррель",
        "per:borrell",
    ),
    (
        "Передал министр Абдалла бен Рашид аль-Хамди.",
        "министр Абдалла бен Рашид аль",
        "per:alkhamdi",
    ),
]


@pytest.mark.parametrize(("text", "words", "entity"), PERSONS, ids=lambda value: value[:28])
def test_a_person_is_named_with_the_office(text, words, entity):
    assert [key for said, key in named(text) if said.startswith(words)][:1] == [entity]


BODIES = [
    ("The Tajik Trade Ministry denied it.", "Tajik Trade Ministry", "org:tj_trade_ministry"),
    ("The Russian statistics office denied it.", "Russian statistics office", "org:rosstat"),
    ("The Istanbul Chamber of Shipping said no.", "Istanbul Chamber of Shipping", "org:"),
    (
        "The Association of Freight Carriers of Kyrgyzstan said no.",
        "Association of Freight",
        "org:",
    ),
    ("A spokesman for the Chinese Foreign Ministry spoke.", "A spokesman for the", "org:cn_"),
    ("The Kyrgyz authorities denied it.", "Kyrgyz authorities", "cty:KG"),
    ("Das Zollfahndungsamt Stuttgart ermittelt.", "Zollfahndungsamt Stuttgart", "org:zollf"),
    (
        "Eine Sprecherin des Finanzministeriums sprach.",
        "Eine Sprecherin des",
        "org:finance_ministry",
    ),
    ("Die georgische Zentralbank warnte.", "georgische Zentralbank", "org:ge_central_bank"),
    ("Сообщила таможенная служба Таджикистана.", "таможенная служба", "org:tj_customs"),
    ("Заявили в посольстве Киргизии в Москве.", "посольстве Киргизии", "org:kg_embassy"),
    ("Сообщили в делегации Евросоюза.", "делегации Евросоюза", "org:eu_delegation"),
    ("Вашингтон предупредил банки.", "Вашингтон", "cty:US"),
    ("Brüssel warnte die Banken.", "Brüssel", "org:eu"),
]


@pytest.mark.parametrize(("text", "words", "entity"), BODIES, ids=lambda value: value[:28])
def test_a_body_is_named_with_its_country(text, words, entity):
    found = [key for said, key in named(text) if said.startswith(words)]
    assert found
    assert found[0].startswith(entity)


PRONOUNS = [
    ("President Tokayev met Olaf Scholz. He thanked him.", "He", "per:tokayev"),
    ("President Tokayev met with Commissioner Maria Berg. She thanked him.", "She", "per:berg"),
    ("A spokesman for the Economy Ministry came. He said no.", "He", "org:economy_ministry"),
    (
        "Petkov spoke with Minister Ivan Petkov. The embassy quoted him as saying no.",
        "him",
        "per:petkov",
    ),
    ("Baerbock traf in Berlin den Kanzler. Sie warnte ihn vor der Krise.", "Sie", "per:baerbock"),
    ("Minister Hans Lang sprach. Nach seinen Worten ist alles gut.", "seinen", "per:lang"),
    ("Баку посетила Анналена Бербок. Она заявила протест.", "Она", "per:baerbock"),
    ("Выступил министр Иван Громов. По его словам, роста нет.", "его", "per:gromov"),
]


@pytest.mark.parametrize(("text", "words", "entity"), PRONOUNS, ids=lambda value: value[:28])
def test_a_pronoun_means_the_last_one_it_fits(text, words, entity):
    assert who(text, words) == entity


OFFICES = [
    (
        "Kazakh President Tokayev met Chancellor Olaf Scholz. The chancellor left.",
        "The ch",
        "per:scholz",
    ),
    (
        "Minister Ivan Petrov spoke. A diplomat listened. The minister left.",
        "The min",
        "per:petrov",
    ),
    ("The Kazakh president left.", "The Kazakh president", "per:tokayev"),
    ("The Uzbek leader left.", "The Uzbek leader", "per:mirziyoyev"),
    ("Der Kremlchef reiste ab.", "Der Kremlchef", "per:putin"),
    (
        "Wladimir Putin kam. Der Vizekanzler Robert Habeck blieb. Der Kremlchef ging.",
        "Der Kr",
        "per:putin",
    ),
    ("Александр Вучич прибыл. Сербский лидер выступил.", "Сербский лидер", "per:vucic"),
    ("Посол Иван Громов прибыл. Дипломат выступил.", "Дипломат", "per:gromov"),
]


@pytest.mark.parametrize(("text", "words", "entity"), OFFICES, ids=lambda value: value[:28])
def test_an_office_without_a_name_means_its_holder(text, words, entity):
    assert who(text, words) == entity


def test_an_office_means_who_held_it_on_the_day_of_the_article():
    text = "The British prime minister declined to comment."
    assert dict(named(text, date(2022, 10, 1)))["The British prime minister"] == "per:truss"
    assert dict(named(text, date(2023, 10, 1)))["The British prime minister"] == "per:sunak"


def test_an_article_tells_its_own_day():
    text = "LONDON, 1 October 2022 (Reuters) - The British prime minister declined to comment."
    assert who(text, "The British") == "per:truss"


def test_an_unnamed_minister_is_nobody_in_the_list():
    assert not (who("The Kazakh trade minister declined to comment.", "The Kaz") or "").startswith(
        "per:"
    )


def test_two_presidents_of_one_sentence_are_meant_by_both():
    text = "President Tokayev met President Vucic. Both presidents spoke. They agreed."
    assert [key for said, key in named(text) if said == "They"] == ["per:tokayev", "per:vucic"]


def test_a_plural_that_goes_on_does_not_mean_the_two_just_named():
    text = "President Tokayev met President Vucic. The presidents of the five states spoke."
    assert not [key for said, key in named(text) if said.startswith("The presidents")]


@pytest.mark.parametrize(
    "text",
    [
        "Sadyr Japarov met Akylbek Japarov.",
        "Olaf Scholz traf Martin Schulz. Schulz sprach.",
        "Министр Сергей Иванов сменил министра Антона Иванова.",
    ],
)
def test_first_names_that_differ_are_two_persons(text):
    page, _ = read_page(text)
    entities, _ = mentions(page)
    assert sum(one.type == "person" for one in entities) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Roman Vassilenko kam. Vassilenko sprach. Wassilenko ging.",
        "Касым-Жомарт Токаев прибыл. С Токаевым говорили. Токаеву ответили.",
        "Kassym-Jomart Tokayev came. President Tokayev spoke. Tokayev's staff left.",
    ],
)
def test_spellings_and_cases_are_one_person(text):
    page, _ = read_page(text)
    entities, _ = mentions(page)
    assert len([one for one in entities if one.type == "person"]) == 1


def test_an_entity_keeps_every_form_of_its_name():
    page, _ = read_page("Kassym-Jomart Tokayev came. Tokayev spoke.")
    (tokayev,) = (one for one in mentions(page)[0] if one.type == "person")
    assert tokayev.names == ("Kassym-Jomart Tokayev", "Tokayev")


def test_a_body_is_met_again_by_what_it_is():
    text = "The Executive Office for Export Licences denied it. The office gave no reason."
    first, again = [
        key for said, key in named(text) if said.lower().endswith(("licences", "office"))
    ]
    assert first == again


def test_a_source_without_a_name_is_anonymous():
    assert who("A senior US official told us so.", "A senior") == "anon:us_official"
    assert who("Beobachter in Brüssel zweifeln.", "Beobachter") == "anon:observers"
    assert who("Об этом сообщил источник в МИД.", "источник") == "anon:source"


def test_a_noun_phrase_is_named_after_its_words():
    page, _ = read_page("The shop owner said no.")
    assert noun_phrase_entity(page, Span(0, 14)).names == ("The shop owner",)


texts = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join) | st.text(max_size=200)


@given(texts)
@settings(max_examples=150)
def test_mentions_stand_verbatim_in_order_and_name_a_listed_entity(text):
    page, _ = read_page(text)
    entities, found = mentions(page)
    keys = [one.id for one in entities]
    assert len(set(keys)) == len(keys)
    assert {one.entity for one in found} <= set(keys)
    assert list(found) == sorted(found, key=lambda one: (one.span.start, one.span.end, one.entity))
    assert all(one.span.of(page.text).strip() == one.span.of(page.text) != "" for one in found)


@given(texts)
@settings(max_examples=50)
def test_line_ends_do_not_change_who_is_named(text):
    plain = text.replace("\r", "")
    assert named(plain.replace("\n", "\r\n")) == named(plain)


def _seconds(page: Page) -> float:
    start = time.process_time()
    mentions(page)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        "President Tokayev met he said Olaf Scholz and the Trade Ministry in Berlin , officials ",
        "он сказал Токаев президент Казахстана ",
        "Der Präsident Tokajew sagte er Minister ",
    ],
)
def test_a_text_without_sentence_ends_takes_time_in_proportion(words):
    read_page(words)
    mentions(read_page(words * 20)[0])
    pages = [read_page(words * (size // len(words)))[0] for size in (15_000, 60_000)]
    times = [min(_seconds(page) for _ in range(3)) for page in pages]
    assert times[1] < 10 * times[0]  # 16 times if it were quadratic, 4 if it is linear


def _share(gold: Path, texts: Path) -> float:
    """Share of statements by listed speakers whose words hold a mention of somebody."""
    found = wanted = 0
    for file in sorted(gold.glob("*.json")):
        told = json.loads(file.read_text("utf-8"))
        page, _ = read_page((texts / told["source_file"]).read_text("utf-8"))
        spans = [one.span for one in mentions(page)[1]]
        for one in told["statements"]:
            is_listed = one["speaker"][0][:4] in {"per:", "org:", "cty:"}
            if is_listed and one["speaker_text"] and not one["optional"]:
                words = _nearest(page.text, one["speaker_text"], one["span"])
                wanted += 1
                found += any(words.meets(span) for span in spans)
    return found / wanted


def _nearest(text: str, words: str, content: dict[str, int]) -> Span:
    places = re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    spans = [Span(*one.span()) for one in places]
    return min(
        spans, key=lambda one: min(abs(one.start - content["end"]), abs(one.end - content["start"]))
    )


def test_speakers_of_our_own_articles_are_named():
    assert _share(OWN / "gold", OWN) >= READY


def test_speakers_of_the_seeds_are_named(shared):
    assert _share(shared / "seeds" / "gold", shared / "seeds") >= READY
