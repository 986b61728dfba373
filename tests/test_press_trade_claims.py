"""Claims: who is said to trade what with whom, how much, and when."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.press.reader import read_article

ON = date(2023, 12, 31)


def told(text):
    return read_article(text, ON).claims


@pytest.mark.parametrize(
    ("text", "exporter", "importer"),
    [
        ("Exports from Germany to Kyrgyzstan reached 742 million euros in 2022.", "DE", "KG"),
        ("Die deutschen Ausfuhren nach Armenien lagen 2022 bei 742 Millionen Euro.", "DE", "AM"),
        ("Экспорт Турции в Россию составил в 2022 году 742 млн евро.", "TR", "RU"),
    ],
)
def test_goods_go_from_the_exporter_to_the_importer(text, exporter, importer):
    (one,) = told(text)
    assert (one.exporter, one.importer, one.flow) == (exporter, importer, "export")
    assert (one.relation, one.value, one.unit) == ("level", 742e6, "EUR")
    assert one.period == "2022"


def test_an_import_goes_to_the_country_that_owns_it():
    (one,) = told("Serbia's imports from China fell by 12% in 2022.")
    assert (one.exporter, one.importer, one.flow) == ("CN", "RS", "import")
    assert (one.relation, one.value) == ("pct_change", -12.0)


def test_a_change_and_a_level_are_two_claims():
    found = told("Trade between Armenia and Russia grew by 88% to $4.7 billion in 2022.")
    assert [(one.relation, one.value) for one in found] == [
        ("pct_change", 88.0),
        ("level", 4.7e9),
    ]


def test_each_destination_of_one_sentence_has_its_own_number():
    found = told("Поставки из ЕС в Сербию выросли в 2022 году на 140%, в Грузию - на 85%.")
    assert [(one.importer, one.value) for one in found] == [("RS", 140.0), ("GE", 85.0)]


def test_goods_that_are_not_sold_are_a_denied_claim():
    (one,) = told("Kazakhstan does not export drones to Russia.")
    assert (one.exporter, one.importer, one.product) == ("KZ", "RU", "drones")
    assert (one.relation, one.polarity, one.value) == ("exists", "denied", None)


def test_a_number_without_a_word_of_trade_is_no_claim():
    assert told("Germany granted Armenia 12 million euros in 2022.") == ()


@pytest.mark.parametrize(
    ("text", "sides", "says"),
    [
        (
            "Kazakhstan, one of Germany's top four oil suppliers, met Berlin.",
            ("KZ", "DE", "import", "crude_oil"),
            ("rank", 4.0, "<="),
        ),
        (
            "The EU is Kazakhstan's largest trade partner.",
            ("KZ", "EU", "trade", "total"),
            ("rank", 1.0, "="),
        ),
        (
            "Kasachstans Anteil an den Ausfuhren der EU liegt bei 0,5 Prozent.",
            ("EU", "KZ", "export", "total"),
            ("share", 0.5, "="),
        ),
        (
            "Russia supplied 41 per cent of Turkey's crude oil in September.",
            ("RU", "TR", "export", "crude_oil"),
            ("share", 41.0, "="),
        ),
        (
            "Die deutschen Maschinenlieferungen in die Türkei stiegen 2022 um 38 Prozent.",
            ("DE", "TR", "export", "machinery"),
            ("pct_change", 38.0, "="),
        ),
        (
            "Товарооборот между Арменией и Россией превысил в 2022 году 5 млрд долларов.",
            ("AM", "RU", "trade", "total"),
            ("level", 5e9, ">"),
        ),
        (
            "Ввоз автомобилей из Грузии в Казахстан вырос более чем в шесть раз.",
            ("GE", "KZ", "import", "cars"),
            ("ratio", 6.0, ">"),
        ),
        (
            "Kazakhstan has stepped in, increasing its deliveries of oil to Germany.",
            ("KZ", "DE", "export", "crude_oil"),
            ("increase", None, "="),
        ),
        (
            "Exports from Serbia to Russia went up by $210 million in 2022.",
            ("RS", "RU", "export", "total"),
            ("increase", 210e6, "="),
        ),
    ],
)
def test_what_is_said_of_a_trade_is_told_with_its_sides_and_goods(text, sides, says):
    (one,) = told(text)
    assert (one.exporter, one.importer, one.flow, one.product) == sides
    assert (one.relation, one.value, one.comparison) == says


def test_goods_on_a_way_have_a_country_in_between():
    (one,) = told("Japanese bearings reach Russia via Kyrgyzstan.")
    assert (one.exporter, one.importer, one.via) == ("JP", "RU", "KG")
    assert (one.relation, one.polarity, one.flow) == ("exists", "asserted", "re-export")


def test_a_denial_in_the_sentence_behind_denies():
    (one,) = told("Der Export von Drohnen aus Serbien nach Russland? Das ist unwahr.")
    assert (one.exporter, one.importer, one.product) == ("RS", "RU", "drones")
    assert one.polarity == "denied"


def test_who_denies_is_the_claimant():
    words = 'BISHKEK, Oct 12 (TASS) - "Kyrgyzstan does not export drones to Russia," '
    (one,) = told(words + "Economy Minister Bakyt Sydykov said.")
    assert one.polarity == "denied"
    assert one.claimant == ("per:sydykov",)


def test_a_list_goes_on_with_its_head():
    head = "BRUSSELS, Oct 12 (Reuters) - EU exports of machinery grew in 2022 to these countries:"
    found = told(f"{head}\n\n- Armenia: 66 million euros\n\n- Georgia: 31 million euros\n")
    assert [(x.exporter, x.importer, x.product, x.value) for x in found] == [
        ("EU", "AM", "machinery", 66e6),
        ("EU", "GE", "machinery", 31e6),
    ]
    assert {x.basis for x in found} == {"previous sentence"}


def test_countries_and_numbers_are_paired_where_respectively_says_so():
    found = told("Exports from Georgia to Armenia and Kazakhstan rose 5% and 9% respectively.")
    assert [(x.importer, x.value) for x in found] == [("AM", 5.0), ("KZ", 9.0)]


def test_imports_behind_exports_turn_the_sides_round():
    found = told("Exports from Turkey to Russia rose 9% in 2022, imports 4%.")
    assert [(x.exporter, x.importer, x.value) for x in found] == [
        ("TR", "RU", 9.0),
        ("RU", "TR", 4.0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Turkey may not sell drones to Russia.",
        "Goods from Serbia may no longer be exported to Russia via Georgia.",
        "The fine of 5 million dollars was paid by a bank in Dubai.",
        "Inflation in Armenia rose 5% in 2022.",
        "One of the largest partners is Armenia.",
    ],
)
def test_bans_and_amounts_that_are_no_trade_are_no_claims(text):
    assert told(text) == ()


def test_what_is_only_planned_cannot_be_checked():
    (one,) = told("Kazakhstan will supply 1.2 million tons of oil to Germany in 2025.")
    assert not one.is_checkable
    (one,) = told("Kazakhstan supplied 1.2 million tons of oil to Germany in 2022.")
    assert one.is_checkable


def test_a_question_is_optional():
    (one,) = told("Did exports from Turkey to Russia rise by 40% in 2022?")
    assert one.is_optional


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="Exports to Russia 5%.\n«»“”Китай в из на nach aus $"))
def test_spans_stand_in_any_text(text):
    article = read_article(text, ON)
    assert all(one.span.of(article.page.text) for one in article.claims)
