"""Who said what: contents, speakers, acts and modes, and what is no statement at all."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.press.article import Metadata, Page, Span
from entrepot.press.cue_places import hits
from entrepot.press.cues import cues, source_phrases
from entrepot.press.mentions import mentions
from entrepot.press.page import read_page
from entrepot.press.passages import passages
from entrepot.press.statements import statements
from entrepot.press.told import Statement

HERE = Path(__file__).parent
PRESS = HERE / "data" / "press"


def read(text: str, title: str = "") -> tuple[Page, tuple[Statement, ...]]:
    """Statements of a text, whose title may be given."""
    page, quoted = read_page(text)
    entities, named = mentions(page)
    at = page.text.find(title) if title else -1
    told = Metadata(title=Span(at, at + len(title)) if at >= 0 else None)
    found, _ = statements(page, quoted, entities, named, told)
    return page, found


def said(text: str, title: str = "") -> list[tuple[str, str, str]]:
    """Speaker, act and content of every statement of a text."""
    page, found = read(text, title)
    return [("+".join(one.speaker), one.act, one.span.of(page.text)) for one in found]


def one(text: str) -> Statement:
    """The only statement of a text."""
    _, found = read(text)
    assert len(found) == 1, found
    return found[0]


def test_speech_before_its_speaker_is_one_direct_statement():
    text = "“We follow the rules. Nobody is above them,” said Olaf Scholz in Berlin."
    assert said(text) == [("per:scholz", "say", "We follow the rules. Nobody is above them,")]
    assert one(text).mode == "direct"


def test_speech_that_its_speaker_interrupts_is_one_statement():
    text = "“We follow the rules,” Olaf Scholz said. “Nobody in this house is above them.”"
    found = one(text)
    assert [quote.of(text) for quote in found.quotes] == [
        "We follow the rules,",
        "Nobody in this house is above them.",
    ]
    assert found.span.of(text).startswith("We follow")
    assert found.span.of(text).endswith("them.")


def test_russian_speech_is_interrupted_inside_its_marks():
    text = "«Мы соблюдаем правила, — сказал Токаев. — Это наша позиция»."
    found = one(text)
    assert found.speaker == ("per:tokayev",)
    assert [quote.of(text) for quote in found.quotes] == [
        "Мы соблюдаем правила,",
        "Это наша позиция",
    ]


def test_words_in_marks_inside_a_clause_make_a_mixed_statement():
    text = "Olaf Scholz said the talks were “open and honest” in every respect."
    assert said(text) == [
        ("per:scholz", "say", "the talks were “open and honest” in every respect")
    ]
    assert one(text).mode == "mixed"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Olaf Scholz said on Tuesday that trade would grow.", "trade would grow"),
        ("Olaf Scholz told reporters in Berlin that trade would grow.", "trade would grow"),
        ("Trade would grow, Olaf Scholz said on Tuesday.", "Trade would grow"),
        ("According to Olaf Scholz, trade would grow.", "trade would grow"),
        ("Trade would grow, according to Olaf Scholz.", "Trade would grow"),
        ("Olaf Scholz sagte am Dienstag in Berlin, der Handel werde wachsen.", "der Handel werde"),
        ("Der Handel werde wachsen, sagte Olaf Scholz am Dienstag.", "Der Handel werde wachsen"),
        ("Laut Olaf Scholz wird der Handel wachsen.", "wird der Handel wachsen"),
        ("Wie Olaf Scholz mitteilte, wird der Handel wachsen.", "wird der Handel wachsen"),
        ("Олаф Шольц заявил во вторник, что торговля вырастет.", "торговля вырастет"),
        ("Торговля вырастет, заявил Олаф Шольц.", "Торговля вырастет"),
        ("По словам Олафа Шольца, торговля вырастет.", "торговля вырастет"),
        ("Как сообщил Олаф Шольц, торговля вырастет.", "торговля вырастет"),
    ],
)
def test_the_same_words_are_found_in_every_order(text: str, content: str):
    ((speaker, _, found),) = said(text)
    assert speaker == "per:scholz"
    assert found.startswith(content)


@pytest.mark.parametrize(
    ("text", "act", "content"),
    [
        ("Olaf Scholz urged Kazakhstan to stop it.", "call_for", "Kazakhstan to stop it"),
        ("Olaf Scholz called for a full inquiry.", "call_for", "a full inquiry"),
        ("Olaf Scholz denied the report.", "deny", "the report"),
        ("Olaf Scholz warned of new sanctions.", "warn", "new sanctions"),
        ("Olaf Scholz accused Russia of a lie.", "accuse", "Russia of a lie"),
        ("Olaf Scholz expressed hope that it would end.", "hope", "hope that it would end"),
        ("Olaf Scholz wies die Vorwürfe zurück.", "reject", "die Vorwürfe"),
        ("Olaf Scholz kündigte ein neues Gesetz an.", "pledge", "ein neues Gesetz"),
        ("Der Kanzler Olaf Scholz warnte am Montag vor neuen Umwegen.", "warn", "neuen Umwegen"),
        ("Олаф Шольц призвал Казахстан усилить контроль.", "call_for", "Казахстан усилить"),
        ("Олаф Шольц опроверг эти сообщения.", "deny", "эти сообщения"),
    ],
)
def test_a_verb_tells_the_act_and_what_is_asked(text: str, act: str, content: str):
    ((_, found, words),) = said(text)
    assert found == act
    assert words.startswith(content)


def test_a_parted_german_verb_is_no_part_of_the_content():
    text = "Olaf Scholz hat die Regierung in Astana aufgefordert, den Transit zu prüfen."
    ((speaker, act, content),) = said(text)
    assert (speaker, act) == ("per:scholz", "call_for")
    assert content.endswith("den Transit zu prüfen")


def test_a_linked_verb_goes_on_with_the_subject_of_the_first():
    text = "Olaf Scholz said that trade had grown but warned that controls were weak."
    assert said(text) == [
        ("per:scholz", "say", "trade had grown"),
        ("per:scholz", "warn", "controls were weak"),
    ]


def test_a_participle_adds_a_statement_of_the_same_speaker():
    text = "“We follow the rules,” Olaf Scholz said, adding that Berlin expected the same."
    assert [entry[::2] for entry in said(text)] == [
        ("per:scholz", "We follow the rules,"),
        ("per:scholz", "Berlin expected the same"),
    ]


def test_a_subject_is_found_across_a_relative_clause():
    text = "Olaf Scholz, who visited Astana in September, said that trade would grow."
    assert said(text) == [("per:scholz", "say", "trade would grow")]


def test_who_passes_a_statement_on_is_not_its_speaker():
    text = "Trade would grow, Olaf Scholz said at a briefing, the dpa agency reported."
    found = one(text)
    assert found.speaker == ("per:scholz",)
    assert found.via == ("org:dpa",)


def test_a_source_that_is_cited_is_the_speaker():
    text = "Агентство Reuters со ссылкой на Олафа Шольца сообщило, что торговля вырастет."
    found = one(text)
    assert found.speaker == ("per:scholz",)
    assert found.via == ("org:reuters",)


def test_a_sentence_may_attribute_the_one_before():
    text = "Deutschland will den Handel ausbauen. Das sagte Olaf Scholz am Mittwoch in Berlin."
    assert said(text) == [("per:scholz", "say", "Deutschland will den Handel ausbauen")]


def test_konjunktiv_goes_on_with_a_report():
    text = "Die Lage sei ernst, sagte Olaf Scholz. Man müsse die Kontrollen verschärfen."
    assert [entry[::2] for entry in said(text)] == [
        ("per:scholz", "Die Lage sei ernst"),
        ("per:scholz", "Man müsse die Kontrollen verschärfen"),
    ]
    indicative = "Die Lage sei ernst, sagte Olaf Scholz. Die Straße ist zwei Kilometer lang."
    assert len(said(indicative)) == 1


def test_two_who_speak_together_are_both_speakers():
    text = "Olaf Scholz and Kassym-Jomart Tokayev said that trade would grow."
    assert one(text).speaker == ("per:scholz", "per:tokayev")


def test_a_phrase_that_no_list_knows_becomes_a_speaker():
    page, quoted = read_page("The shop owner said that trade would grow.")
    entities, named = mentions(page)
    found, others = statements(page, quoted, entities, named, Metadata())
    assert found[0].speaker == (others[0].id,)
    assert others[0].id.startswith("np:")


def test_a_headline_is_optional():
    title = "Scholz calls for stricter control"
    page, found = read(f"{title}\n\nThe road is long and it leads through the mountains.", title)
    assert [(one.is_in_title, one.is_optional) for one in found] == [(True, True)]
    assert found[0].span.of(page.text) == "stricter control"


@pytest.mark.parametrize(
    "text",
    [
        "Exports rose by 5 percent. The government published a statement about its demands.",
        "The agreement calls for a commission. The road leads through three countries.",
        "Olaf Scholz did not say when he would travel. The ministry declined to comment.",
        "The claims and reports were collected in a book, and the calls went unanswered.",
        "Die Ausfuhren stiegen um 5 Prozent. Über die Forderungen wurde lange verhandelt.",
        "Gemäß dem Vertrag wird die Straße gebaut. Der Minister schwieg dazu.",
        "Экспорт вырос на 5 процентов. Правительство опубликовало заявление.",
        "Олаф Шольц не сказал, когда он поедет. Дорога проходит через три страны.",
    ],
)
def test_a_text_in_which_nobody_says_anything_holds_no_statement(text: str):
    assert said(text) == []


def test_every_language_has_cues_and_phrases():
    assert cues("en")["urged"][0].act == "call_for"
    assert cues("de")["sagte"][0].act == "say"
    assert cues("ru")["заявила"][0].act == "say"
    assert source_phrases("ru")["по"]


def test_a_noun_is_no_cue():
    page, quoted = read_page("The claims were false. The minister claims it is so.")
    first, second = passages(page, quoted, (), Metadata())
    assert hits(first) == ()
    assert [second.text(hit.first, hit.last) for hit in hits(second)] == ["claims"]


def _share(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / (max(one.end, other.end) - min(one.start, other.start))


def _found(gold: Path) -> tuple[int, int, int]:
    """Demanded statements of one record, how many of them are found, and how many too many."""
    record = json.loads(gold.read_text("utf-8"))
    _, found = read((gold.parent.parent / record["source_file"]).read_text("utf-8"))
    wanted = record["statements"]
    hit = {
        number
        for number, one in enumerate(wanted)
        for other in found
        if _share(Span(one["span"]["start"], one["span"]["end"]), other.span) >= 0.5
    }
    demanded = [number for number, one in enumerate(wanted) if not one.get("optional")]
    return len(demanded), len(hit & set(demanded)), max(0, len(found) - len(hit))


@pytest.mark.parametrize("language", ["de", "en", "ru"])
def test_nine_of_ten_statements_of_our_own_texts_are_found(language: str):
    counts = [_found(gold) for gold in sorted((PRESS / "gold").glob(f"{language}_*.json"))]
    demanded, hit, wrong = (sum(column) for column in zip(*counts, strict=True))
    assert hit / demanded >= 0.88
    assert hit / (hit + wrong) >= 0.9


PIECES = [
    *("said", "sagte", "заявил", "that", "dass", "что", ", ", ". ", "\n", '"', "“", "”", "«", "»"),
    *("according to", "laut", "по словам", "hieß es", "quoted him as saying", "как сообщил", "so"),
    *("Scholz", "Tokayev", "Токаев", "das Ministerium", "— ", "; ", ": ", "(", ")", "er", "она"),
    *("und", "and", "и", "wies", "zurück", "hat", "gesagt", "told reporters", "was", "by", "5,2"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_any_text_is_read_and_every_span_lies_in_it(text: str):
    page, found = read(text)
    for one in found:
        for span in (one.span, *one.quotes, *([one.cue] if one.cue else [])):
            assert 0 <= span.start <= span.end <= len(page.text)
        assert one.speaker
        assert one.span.start < one.span.end


@pytest.mark.parametrize(
    "piece",
    ["he said, ", "„a“ ", '" ', "und der wies X ", "according to ", "заявил он, что ", "( "],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str):
    page, quoted = read_page(piece * (40_000 // len(piece)))
    start = process_time()
    statements(page, quoted, (), (), Metadata())
    assert process_time() - start < 15
