"""One statement told in two articles or languages has one id; different statements stay apart."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.press.acts import acts
from entrepot.press.links import Told, likeness, linked
from entrepot.press.nearby_days import days_apart, days_around

WORDS = "We will not allow our territory to be used for the circumvention of sanctions"


def telling(name: str, text: str = WORDS, **changed: object) -> Told:
    """One telling of a Kyrgyz minister in an article of its own."""
    made = Told(
        quote_id=f"{name}-q1",
        statement_id=f"{name}-q1",
        source_id=name,
        speaker_key="per:sdrv",
        country="KG",
        language="en",
        said_on="2023-05-11",
        plover="CONSULT",
        text=text,
        named=frozenset(),
        numbers=frozenset(),
        goods=frozenset(),
    )
    return replace(made, **changed)


FIRST = telling("a")


def are_one(one: Told, other: Told) -> bool:
    return len(set(linked([one, other], []).values())) == 1


def test_the_same_words_in_two_articles_are_one_statement():
    assert linked([FIRST, telling("b")], []) == {"a-q1": "a-q1", "b-q1": "a-q1"}


def test_two_translations_of_one_sentence_are_one_statement():
    other = "Our territory will not be allowed to be used to circumvent any sanctions"
    assert are_one(FIRST, telling("b", other))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"speaker_key": "per:dbrv"}, "another speaker"),
        ({"country": "UZ"}, "a namesake of another country"),
        ({"said_on": "2023-06-11"}, "a month later"),
        ({"said_on": None}, "a day that nobody knows"),
        ({"said_on": "2023"}, "a year only"),
        ({"text": WORDS.replace("will not", "may")}, "without the negation"),
        (
            {"plover": "REJECT", "text": WORDS.replace("not ", "")},
            "",
        ),
    ],
)
def test_tellings_that_differ_in_one_thing_that_matters_stay_apart(changed, why):
    assert are_one(FIRST, telling("b", **changed)) is (why == "")


def test_numbers_that_differ_keep_statements_apart():
    text = "Trade between the two countries reached {} million dollars in the first half"
    one = telling("a", text.format(80), numbers=frozenset({"8e+07 USD"}))
    other = telling("b", text.format(90), numbers=frozenset({"9e+07 USD"}))
    assert not are_one(one, other)
    assert are_one(one, replace(other, text=one.text, numbers=one.numbers))


def test_countries_that_differ_keep_statements_apart():
    text = "We intend to strengthen economic cooperation and mutual trade with {} this year"
    one = telling("a", text.format("Germany"), named=frozenset({"cty:DE"}))
    other = telling("b", text.format("France"), named=frozenset({"cty:FR"}))
    assert not are_one(one, other)


def test_different_statements_of_one_speaker_on_one_day_stay_apart():
    said = [
        "Customs officers check every lorry at the border with Kazakhstan",
        "The ministry publishes statistics of foreign trade each month",
        "Companies that break the rules lose their licences at once",
        "We invite European inspectors to visit our customs posts",
    ]
    found = linked([telling(str(n), text) for n, text in enumerate(said)], [])
    assert len(set(found.values())) == len(said)


def test_one_article_never_tells_a_statement_twice():
    twice = [replace(FIRST, quote_id=f"a-q{n}", statement_id=f"a-q{n}") for n in (1, 2)]
    assert len(set(linked(twice, []).values())) == 2


def test_speakers_without_a_name_are_never_one():
    assert not are_one(
        replace(FIRST, speaker_key="anon:official"), telling("b", speaker_key="anon:official")
    )


def test_a_half_that_is_quoted_belongs_to_the_whole():
    whole = f"{WORDS}, and whoever tries will lose the licence to trade and face a court"
    assert are_one(telling("a", whole), telling("b"))


def test_over_languages_numbers_names_and_goods_decide_and_not_words():
    shared = {
        "numbers": frozenset({"5 %"}),
        "named": frozenset({"cty:DE", "org:eu"}),
        "goods": frozenset({"machinery"}),
    }
    one = telling("a", "Imports of machines from Germany grew by 5 percent in the EU", **shared)
    other = telling(
        "b", "Die Einfuhr von Maschinen aus Deutschland wuchs um 5 Prozent", language="de", **shared
    )
    assert are_one(one, other)
    assert not are_one(one, replace(other, numbers=frozenset({"7 %"})))
    assert not are_one(replace(one, numbers=frozenset(), goods=frozenset()), other)
    assert not are_one(one, replace(other, plover="REQUEST"))


def test_a_telling_joins_a_statement_that_is_known_and_moves_nobody():
    known = telling("b", statement_id="b-q1")
    assert linked([FIRST], [known]) == {"a-q1": "b-q1"}


def test_two_statements_told_apart_before_are_not_joined_later():
    known = [telling("b", statement_id="b-q1"), telling("c", statement_id="c-q1")]
    found = linked([FIRST], known)
    assert found["a-q1"] in {"b-q1", "c-q1"}


def test_the_first_telling_gives_the_name_in_whatever_order_pairs_are_found():
    tellings = [telling(name) for name in "dcab"]
    assert set(linked(tellings, []).values()) == {"d-q1"}


@given(st.permutations("abcd"))
def test_the_groups_do_not_depend_on_the_order(order):
    texts = dict(
        zip("abcd", (WORDS, WORDS, "Customs officers check every lorry", WORDS), strict=True)
    )
    found = linked([telling(name, texts[name]) for name in order], [])
    assert found["a-q1"] == found["b-q1"] == found["d-q1"] != found["c-q1"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_of_any_two_texts_lies_between_nothing_and_one(left, right):
    assert 0 <= likeness(telling("a", left), telling("b", right)) <= 1


def test_an_open_year_is_that_of_the_other_day():
    assert days_apart("2023-12-31", "XXXX-12-30") == 1
    assert days_apart("XXXX-06-20", "XXXX-06-20") == 0
    assert days_apart("2023-02-30", "2023-02-28") is None


def test_days_around_the_end_of_a_year_reach_into_the_next():
    assert days_around("2023-12-31", 1) == {"12-30", "12-31", "01-01"}
    assert days_around("2023-06", 1) == frozenset()


def gold_tellings(folder):
    for path in sorted((folder / "seeds" / "gold").glob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        for one in record["statements"]:
            act = acts().get(one["act"])
            name = f"{record['id']}-{one['id']}"
            yield telling(
                record["id"],
                one["span"]["text"],
                quote_id=name,
                statement_id=name,
                speaker_key=" ".join(one["speaker"]),
                country=None,
                language=record["lang"],
                said_on=record["meta"]["date"],
                plover=act.plover if act else None,
            )


def test_one_sentence_in_two_translations_of_two_seeds_is_one_statement(shared):
    tellings = list(gold_tellings(shared))
    found = linked(tellings, [])
    together = {
        frozenset((one.source_id, other.source_id)): (one.text, other.text)
        for one, other in combinations(tellings, 2)
        if found[one.quote_id] == found[other.quote_id] and "peace" in one.text
    }
    ((left, right),) = together.values()
    assert set(together) == {frozenset(("001", "003"))}
    assert "cease-fire" in left
    assert "ceasefire" in right


def test_few_other_statements_of_the_seeds_are_joined(shared):
    found = linked(list(gold_tellings(shared)), [])
    assert sum(key != group for key, group in found.items()) <= 2
