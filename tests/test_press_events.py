"""What counts as an event of an article, who took part, when and where, and what does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.press.article import Mention, Metadata, Page, Span
from entrepot.press.events import events
from entrepot.press.page import read_page
from entrepot.press.told import Event

# Names a text of these tests may hold, each with its entity: events() takes mentions as given.
NAMES = {
    "Ivanova": "per:ivanova",
    "Meyer": "per:meyer",
    "Meier": "per:meyer",
    "Orlow": "per:orlow",
    "Orlov": "per:orlow",
    "Karimov": "per:karimov",
    "Karimow": "per:karimov",
    "Иванова": "per:ivanova",
    "Ивановой": "per:ivanova",
    "Орлов": "per:orlow",
    "Орлова": "per:orlow",
    "Орловым": "per:orlow",
    "Каримов": "per:karimov",
    "Каримовым": "per:karimov",
    "Germany": "cty:DE",
    "Deutschland": "cty:DE",
    "Германия": "cty:DE",
    "Georgia": "cty:GE",
    "Georgien": "cty:GE",
    "Грузия": "cty:GE",
    "Грузию": "cty:GE",
    "Turkey": "cty:TR",
    "Turkish": "cty:TR",
    "Russia": "cty:RU",
    "Russland": "cty:RU",
    "Россию": "cty:RU",
    "Kazakh": "cty:KZ",
    "USA": "cty:US",
    "США": "cty:US",
    "the EU": "org:eu",
    "EU": "org:eu",
    "ЕС": "org:eu",
    "Евросоюз": "org:eu",
    "Ukraine": "cty:UA",
}
TUESDAY = Metadata(date="2023-06-20", weekday=1)


def named(page: Page) -> tuple[Mention, ...]:
    """Mentions of the names above, the longest first where they overlap."""
    pattern = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
    found = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", page.text)
    adjectives = ("Kazakh", "Turkish")
    return tuple(
        Mention(
            Span(match.start(), match.end()),
            NAMES[match.group()],
            "demonym" if match.group() in adjectives else "name",
        )
        for match in found
    )


# A sentence alone may be too short to tell its language by.
BEHIND = {
    "en": " That was all that was said of it and there has been no more.",
    "de": " Das war alles, was es dazu gab, und mehr ist nicht bekannt.",
    "ru": " Это было все, что об этом известно на сегодня.",
}


def language(text: str) -> str:
    if re.search("[а-я]", text):
        return "ru"
    german = r"[äöüß]|\b(?:der|die|das|den|hat|hatte|traf|mit|ein|und|wird|empfing|bei|zum|von)\b"
    return "de" if re.search(german, text, re.IGNORECASE) else "en"


def told(text: str, metadata: Metadata = TUESDAY) -> list[Event]:
    page, _ = read_page(text + BEHIND[language(text)])
    return [event for event in events(page, named(page), metadata) if not event.is_optional]


def kinds(found: Iterable[Event]) -> list[str]:
    return [event.kind for event in found]


HAPPENED = [
    ("Meyer spoke by phone with Orlov on Monday.", "CONSULT", "phone_call"),
    (
        "In a telephone call with Karimov, Meyer raised the issue of transit.",
        "CONSULT",
        "phone_call",
    ),
    ("The two leaders held a video conference late on Monday.", "CONSULT", "phone_call"),
    ("Foreign Minister Meyer arrived in Tbilisi on Monday for a two-day trip.", "CONSULT", "visit"),
    ("Karimov is due to visit Berlin next week.", "CONSULT", "visit"),
    ("Meyer, on her first official visit to Tashkent, praised the reforms.", "CONSULT", "visit"),
    ("The chancellor travelled to Astana with a business delegation.", "CONSULT", "visit"),
    ("Orlov met with Kazakh officials in Almaty.", "CONSULT", "meeting"),
    ("Meyer and Karimov met in Vienna on Friday.", "CONSULT", "meeting"),
    ("Karimov hosted Meyer for dinner in Samarkand.", "CONSULT", "meeting"),
    ("Officials held talks with their Turkish colleagues in Ankara.", "CONSULT", "meeting"),
    ("EU ambassadors will discuss the draft on Wednesday.", "CONSULT", "meeting"),
    (
        "The summit of the Turkic states in Samarkand on Friday drew six presidents.",
        "CONSULT",
        "meeting",
    ),
    ("The third Central Asia business forum took place in Almaty last week.", "CONSULT", "forum"),
    ("Karimov invited Meyer to visit Tashkent.", "AGREE", "invitation"),
    ("Meyer extended an invitation to Karimov.", "AGREE", "invitation"),
    ("Germany and Georgia signed a memorandum of understanding on hydrogen.", "AGREE", "agreement"),
    ("A customs agreement was signed in Tbilisi on Monday.", "AGREE", "agreement"),
    ("Meyer and Karimov agreed to set up a working group.", "AGREE", "agreement"),
    ("The EU imposed sanctions on eleven companies on Friday.", "SANCTION", "sanction"),
    ("The USA has blacklisted two Turkish shippers.", "SANCTION", "sanction"),
    ("The EU adopted its 12th package in December.", "SANCTION", "sanction"),
    ("Four banks were added to the sanctions list by the USA.", "SANCTION", "sanction"),
    ("The USA placed nine Turkish traders under sanctions.", "SANCTION", "sanction"),
    ("Turkey has banned the export of 46 kinds of goods to Russia.", "SANCTION", "export_ban"),
    ("Georgia suspended the transit of used cars to Russia.", "SANCTION", "export_ban"),
    ("The parliament backed a resolution on the region.", "SUPPORT", "decision"),
    ("Germany sent humanitarian aid to Ukraine.", "AID", "aid"),
    ("Police arrested two men in Hamburg.", "COERCE", "arrest"),
    ("Investigators searched the offices of an exporter.", "COERCE", "raid"),
    ("Meier hat am Montag mit Orlow telefoniert.", "CONSULT", "phone_call"),
    ("In einem Telefonat mit Karimow sprach Meier den Transit an.", "CONSULT", "phone_call"),
    ("Außenministerin Meier ist am Montag nach Taschkent gereist.", "CONSULT", "visit"),
    ("Meier wird am Freitag in Astana erwartet.", "CONSULT", "visit"),
    ("Bei ihrem Besuch in Tiflis lobte Ministerin Meier die Behörden.", "CONSULT", "visit"),
    ("Meier traf am Montag in Wien ihren Kollegen Orlow.", "CONSULT", "meeting"),
    ("Nach einem Gespräch mit Karimow zeigte sich Meier zufrieden.", "CONSULT", "meeting"),
    ("Karimow empfing Meier in seinem Amtssitz.", "CONSULT", "meeting"),
    ("Die EU-Außenminister kommen am Montag in Luxemburg zusammen.", "CONSULT", "meeting"),
    ("Karimow lud Meier nach Taschkent ein.", "AGREE", "invitation"),
    ("Deutschland und Georgien haben ein Abkommen über Visa unterzeichnet.", "AGREE", "agreement"),
    ("Meier und Karimow einigten sich auf eine Arbeitsgruppe.", "AGREE", "agreement"),
    ("Die EU hat am Freitag Sanktionen gegen elf Firmen verhängt.", "SANCTION", "sanction"),
    ("Die USA setzten zwei Reedereien auf ihre Sanktionsliste.", "SANCTION", "sanction"),
    ("Die EU beschloss im Dezember ihr zwölftes Sanktionspaket.", "SANCTION", "sanction"),
    ("Georgien hat die Ausfuhr von Autos nach Russland verboten.", "SANCTION", "export_ban"),
    ("Der Bundestag verabschiedete am Freitag das Gesetz.", "SUPPORT", "decision"),
    ("Ermittler durchsuchten am Dienstag Büros in Hamburg.", "COERCE", "raid"),
    ("Орлов провел телефонный разговор с Каримовым.", "CONSULT", "phone_call"),
    ("Орлов и Каримов обсудили по телефону транзит грузов.", "CONSULT", "phone_call"),
    ("Министр Иванова прибыла в Ташкент в понедельник.", "CONSULT", "visit"),
    ("Орлов посетит Астану на следующей неделе.", "CONSULT", "visit"),
    ("В ходе визита в Тбилиси Орлов осмотрел порт.", "CONSULT", "visit"),
    ("Орлов встретился с Каримовым в Самарканде.", "CONSULT", "meeting"),
    ("После переговоров с Каримовым Орлов выступил перед депутатами.", "CONSULT", "meeting"),
    ("Каримов принял министра Иванову в пятницу.", "CONSULT", "meeting"),
    ("В Самарканде состоялся саммит тюркских государств.", "CONSULT", "meeting"),
    ("Каримов пригласил Орлова посетить Ташкент.", "AGREE", "invitation"),
    ("Стороны подписали соглашение о транзите.", "AGREE", "agreement"),
    ("Орлов и Каримов договорились создать рабочую группу.", "AGREE", "agreement"),
    ("Евросоюз ввел санкции против одиннадцати компаний.", "SANCTION", "sanction"),
    ("США внесли две компании в санкционный список.", "SANCTION", "sanction"),
    ("Двенадцатый пакет санкций был принят в декабре.", "SANCTION", "sanction"),
    ("Грузия запретила реэкспорт автомобилей.", "SANCTION", "export_ban"),
    ("Парламент одобрил законопроект в пятницу.", "SUPPORT", "decision"),
]

DID_NOT_HAPPEN = [
    "Meyer did not meet Karimov in Vienna.",
    "The company meets all requirements of the customs service.",
    "Exports met expectations in the first quarter.",
    "If the EU imposes sanctions on banks, trade will suffer.",
    "The EU could impose sanctions on Turkish banks.",
    "Sanctioned goods travel to Russia through Georgia.",
    "Western sanctions on Russia have changed trade.",
    "The two sides agreed to stay in touch.",
    "Trucks arrived in Astana without papers.",
    "The company received a letter on Monday.",
    "Karimov called for talks and urged restraint.",
    "Meyer cancelled a visit to Tashkent.",
    "Kazakh exports to Germany grew by a tenth since Russia invaded Ukraine.",
    "The bank agreed, however, that the figures were wrong.",
    "Germany supports the plan and hopes for progress.",
    "Die Firma traf keine Schuld.",
    "Meier hat Karimow nicht getroffen.",
    "Falls die EU Sanktionen verhängt, leidet der Handel.",
    "Die EU könnte Sanktionen gegen Banken verhängen.",
    "Sanktionierte Waren gelangen über Georgien nach Russland.",
    "Die Regierung traf eine Entscheidung über den Zoll.",
    "Das Abkommen mit Georgien gilt seit zehn Jahren.",
    "Die Lieferungen gingen nach Almaty.",
    "Орлов не встречался с Каримовым.",
    "Если ЕС введет санкции, торговля пострадает.",
    "ЕС может ввести санкции против банков.",
    "Санкции против России изменили торговлю.",
    "Грузовики прибыли в Астану без документов.",
    "Компания приняла участие в выставке.",
    "Astana spoke of sanctions imposed on Russia by the West.",
    "The official visit of Minister Meyer to Tashkent was postponed.",
    "Die vom Westen verhängten Sanktionen belasten den Handel.",
    "Der Besuch in Taschkent wurde abgesagt.",
    "Орлов перенёс встречу с Каримовым.",
    "Готовится солидный пакет документов.",
    "Россия и Казахстан граничат на протяжении семи тысяч километров.",
]


@pytest.mark.parametrize(("text", "plover", "kind"), HAPPENED)
def test_a_sentence_tells_of_one_event(text, plover, kind):
    assert [(event.plover, event.kind) for event in told(text)] == [(plover, kind)]


@pytest.mark.parametrize("text", DID_NOT_HAPPEN)
def test_what_is_denied_imagined_or_only_background_is_no_event(text):
    assert kinds(told(text)) == []


@pytest.mark.parametrize(
    ("text", "participants"),
    [
        ("Meyer and Karimov signed a contract.", {"per:meyer", "per:karimov"}),
        ("Meyer said after talks with Karimov that trade was safe.", {"per:meyer", "per:karimov"}),
        ("After talks with Karimov, Meyer flew home.", {"per:meyer", "per:karimov"}),
        ("Orlov, who met Karimov on Monday, left.", {"per:orlow", "per:karimov"}),
        ("The USA imposed sanctions on four Turkish companies.", {"cty:US", "cty:TR"}),
        (
            "Meier, der am Montag mit Karimow telefoniert hatte, lobte ihn.",
            {"per:meyer", "per:karimov"},
        ),
        ("Meier hatte Karimow im September in Berlin empfangen.", {"per:meyer", "per:karimov"}),
        ("Орлов после встречи с Каримовым выступил в порту.", {"per:orlow", "per:karimov"}),
        ("США ввели санкции против ЕС.", {"cty:US", "org:eu"}),
    ],
)
def test_subject_and_object_take_part(text, participants):
    (event,) = told(text)
    assert set(event.participants) == participants


def test_a_visit_to_two_countries_is_one_of_both():
    (event,) = told("Minister Meyer will travel to Georgia and Turkey in July.")
    assert event.participants == ("per:meyer", "cty:GE", "cty:TR")


def test_an_agency_in_the_dateline_takes_no_part():
    text = "BERLIN (EU) - Meyer met Karimov on Monday, officials said, and this was all."
    page, _ = read_page(text)
    (event,) = events(page, named(page), Metadata(dateline=Span(0, 13), date="2023-06-20"))
    assert event.participants == ("per:meyer", "per:karimov")


def test_both_presidents_are_those_of_the_call_told_of_before():
    _, agreed = told("Meyer spoke by phone with Orlov. Both presidents agreed to set up a hotline.")
    assert agreed.participants == ("per:meyer", "per:orlow")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Meyer met Orlov on Monday.", "2023-06-19"),
        ("Meyer met Orlov on Tuesday.", "2023-06-20"),
        ("Meyer met Orlov on Thursday.", "2023-06-15"),
        ("Meyer will meet Orlov on Thursday.", "2023-06-22"),
        ("Meyer met Orlov yesterday.", "2023-06-19"),
        ("Meyer met Orlov on June 3.", "2023-06-03"),
        ("Meyer met Orlov on November 3.", "2022-11-03"),
        ("Meyer will meet Orlov on 3 February.", "2024-02-03"),
        ("Meyer met Orlov on 3 February 2021.", "2021-02-03"),
        ("Meyer met Orlov in May.", "2023-05"),
        ("Meyer met Orlov in 2019.", "2019"),
        ("Meyer met Orlov last month.", "2023-05"),
        ("Meyer met Orlov.", None),
        ("Meyer met Orlov in the autumn.", None),
        ("Meier traf Orlow am Freitag in Wien.", "2023-06-16"),
        ("Meier traf Orlow am 3. Februar in Wien.", "2023-02-03"),
        ("Meier fliegt am Freitag mit dem Minister nach Wien.", "2023-06-23"),
        ("Орлов встретился с Каримовым в пятницу.", "2023-06-16"),
        ("Орлов встретился с Каримовым 3 февраля.", "2023-02-03"),
        ("Орлов посетит Астану в октябре.", "2023-10"),
    ],
)
def test_a_day_is_counted_from_the_article_and_else_left_open(text, on):
    (event,) = told(text)
    assert event.date == on


def test_a_year_that_the_article_does_not_give_stays_open():
    (event,) = told("Meyer met Orlov on May 16.", Metadata(date="XXXX-05-17"))
    assert event.date == "XXXX-05-16"
    (event,) = told("Meyer met Orlov on Monday.", Metadata())
    assert event.date is None
    (event,) = told("Meyer met Orlov on 31 June.", Metadata(date="2023-07-01"))
    assert event.date in {None, "2023-06-31"}


def test_a_meeting_of_the_coming_weeks_is_planned_though_no_verb_says_so():
    (event,) = told("Diplomats expect a deal before the June 24 meeting of ministers in Vienna.")
    assert (event.status, event.date, event.place) == ("planned", "2023-06-24", "Vienna")


@pytest.mark.parametrize(
    ("text", "place", "country", "status"),
    [
        ("Meyer met Orlov in Almaty.", "Almaty", "KZ", "past"),
        ("Minister Meyer will visit Georgia.", None, "GE", "planned"),
        ("Minister Meyer is in Astana this week.", "Astana", "KZ", "ongoing"),
        ("Meier wird am Freitag in Taschkent erwartet.", "Taschkent", "UZ", "planned"),
        ("Meier, die zum ersten Mal Georgien besucht, lobte das Land.", None, "GE", "ongoing"),
        ("Meier hat am Montag zum ersten Mal Georgien besucht.", None, "GE", "past"),
        ("Орлов встретился с Каримовым в Самарканде.", "Самарканде", "UZ", "past"),
        ("Орлов находится с визитом в Ташкенте.", "Ташкенте", "UZ", "ongoing"),
        ("Орлов посетит Грузию.", None, "GE", "planned"),
    ],
)
def test_place_and_status_are_what_the_clause_says(text, place, country, status):
    (event,) = told(text)
    assert (event.place, event.country, event.status) == (place, country, status)


def test_visit_and_talks_of_one_sentence_are_one_event():
    (event,) = told("Meyer will visit Tashkent on Friday, where she is to meet Karimov.")
    assert (event.kind, event.participants) == ("visit", ("per:meyer", "per:karimov"))


def test_a_meeting_agreed_on_is_an_agreement_and_no_meeting():
    (event,) = told("Meyer and Karimov agreed to meet in Vienna in the autumn.")
    assert event.plover == "AGREE"


def test_a_visit_to_which_somebody_is_invited_is_planned():
    (event,) = told("Karimov invited Meyer to visit Tashkent.")
    assert (event.kind, event.status, event.place) == ("invitation", "planned", "Tashkent")


def test_a_headline_only_repeats_what_the_body_tells():
    text = "Meyer and Orlov hold phone call\n\nMeyer spoke by phone with Orlov on Monday, he said."
    page, _ = read_page(text)
    found = events(page, named(page), Metadata(title=Span(0, 31)))
    assert [event.is_optional for event in found] == [True, False]


def test_a_headline_alone_is_no_repetition():
    text = "Meyer and Orlov hold phone call\n\nTrade between the countries grew, and that was all."
    page, _ = read_page(text)
    (event,) = events(page, named(page), Metadata(title=Span(0, 31)))
    assert not event.is_optional


def test_after_the_meeting_takes_up_the_meeting_told_before():
    (event,) = told(
        "Meyer met Karimov in Vienna on Monday. After the meeting, Meyer spoke of trust."
    )
    assert event.place == "Vienna"


def test_a_second_meeting_with_somebody_else_is_another_event():
    found = told(
        "Meyer met Karimov in Vienna on Monday. Orlov met EU diplomats in Astana on Friday."
    )
    assert [event.place for event in found] == ["Vienna", "Astana"]


def test_what_somebody_says_between_quote_marks_is_no_event():
    assert told('"We met Karimov in Vienna and signed a contract with the EU," he said.') == []


@pytest.mark.parametrize(
    "text",
    [
        "Meyer told a conference in Vienna that trade was safe.",
        "Meyer told reporters that trade was safe.",
        "Meier sagte am Rande einer Tagung in Wien, der Handel sei sicher.",
        "Орлов заявил на брифинге, что торговля растет.",
    ],
)
def test_an_occasion_on_which_somebody_only_spoke_is_optional(text):
    page, _ = read_page(text + BEHIND[language(text)])
    found = events(page, named(page), TUESDAY)
    assert found
    assert all(event.is_optional for event in found)


def test_a_talk_by_phone_and_one_face_to_face_are_told_apart():
    found = told("Meyer, who met Karimov in May, spoke by phone with Orlov on Monday.")
    assert {(event.mode, event.date) for event in found} >= {("phone", "2023-06-19")}


@given(st.text(alphabet=st.sampled_from('Meyer met Orlov in Berlin, «“"„ 31. Juni am на с \n—’')))
def test_any_text_is_read_and_spans_lie_inside(text):
    page, _ = read_page(text)
    for event in events(page, named(page), TUESDAY):
        assert 0 <= event.span.start < event.span.end <= len(page.text)


def test_line_ends_change_nothing():
    text = "Meyer met Karimov in Vienna.\n\nThe EU imposed sanctions on banks.\n"
    assert told(text) == told(text.replace("\n", "\r\n"))


def test_a_sentence_of_a_megabyte_is_read():
    text = "Meyer said " + "and imposed that " * 60_000
    page, _ = read_page(text)
    assert isinstance(events(page, (), TUESDAY), tuple)


ARTICLES = Path(__file__).parent / "data" / "press"


def described(gold: dict[str, object], page: Page) -> tuple[Mention, ...]:
    """Mentions by the names that a gold file lists, the longest first."""
    names = {name: entity["id"] for entity in gold["entities"] for name in entity["names"] if name}
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    found = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", page.text) if names else ()
    return tuple(Mention(Span(m.start(), m.end()), names[m.group()], "name") for m in found)


def agreement(folder: Path, golds: Iterable[Path]) -> float:
    """F1 of event types as the scorer of the gold counts: types agree and spans share a letter."""
    hits = wrong = missed = 0
    for path in golds:
        gold = json.loads(path.read_text("utf-8"))
        page, _ = read_page((folder / gold["source_file"]).read_text("utf-8"))
        meta = gold["meta"]
        spans = [
            Span(m["start"], m["end"]) if m else None for m in (meta["title"], meta["dateline"])
        ]
        found = events(page, described(gold, page), Metadata(*spans, date=meta["date"]))
        open_events = [event for event in found if not event.is_optional]
        for wanted in gold["events"]:
            span = Span(wanted["span"]["start"], wanted["span"]["end"])
            plover = wanted["plover"]["type"]
            match = next(
                (e for e in open_events if e.plover == plover and e.span.meets(span)), None
            )
            if match is not None:
                open_events.remove(match)
            if not wanted.get("optional"):
                hits, missed = hits + (match is not None), missed + (match is None)
        wrong += len(open_events)
    return 2 * hits / (2 * hits + wrong + missed)


def test_types_of_events_are_found_in_articles_of_our_own():
    assert agreement(ARTICLES, sorted((ARTICLES / "gold").glob("*.json"))) >= 0.9


def test_types_of_events_are_found_in_the_seeds(shared):
    seeds = shared / "seeds"
    assert agreement(seeds, sorted((seeds / "gold").glob("0*.json"))) >= 0.8
