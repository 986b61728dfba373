"""Aims, conditions, possibilities and questions are no facts; a mean per month is no sum."""

from datetime import date

import pytest

from entrepot.press.mood import ASKED, IMAGINED, PER_TIME, PLANNED
from entrepot.press.reader import read_article

ON = date(2024, 12, 31)


def told(text):
    return read_article(text, ON).claims


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The goal was that German exports to Kazakhstan reach 5 billion euros in 2022.", PLANNED),
        ("Germany aims to raise its exports to Kazakhstan to 5 billion euros in 2022.", PLANNED),
        ("Berlin hopes that, in time, German exports to Russia reach 5 billion euros.", PLANNED),
        ("German exports to Russia could fall by 20 percent in 2023.", PLANNED),
        ("German exports to Russia might fall in 2023.", PLANNED),
        ("The ministry expects German exports to Russia to reach 5 billion euros.", PLANNED),
        ("The target of 5 billion euros for German exports to Kazakhstan was missed.", PLANNED),
        ("If German exports to Kazakhstan had doubled in 2022, one would know.", IMAGINED),
        ("Had German exports to Kazakhstan doubled in 2022, one would know.", IMAGINED),
        ("German exports to Russia would have risen without sanctions.", IMAGINED),
        ("Did German exports to Kazakhstan rise by 40 percent in 2022?", ASKED),
        ("Asked whether German exports to Russia had risen by 4 percent, he was silent.", ASKED),
        (
            "Ziel ist es, die deutschen Ausfuhren nach Polen auf 5 Milliarden Euro zu steigern.",
            PLANNED,
        ),
        ("Berlin erwartet, dass die deutschen Ausfuhren nach Polen um 5 Prozent steigen.", PLANNED),
        ("Die deutschen Ausfuhren nach Polen sollen auf 5 Milliarden Euro steigen.", PLANNED),
        ("Deutschland wird 2023 Waren für 5 Milliarden Euro nach Russland exportieren.", PLANNED),
        ("Wenn die deutschen Ausfuhren nach Polen um 4 Prozent stiegen, ist das gut.", IMAGINED),
        (
            "Wären die deutschen Ausfuhren nach Polen um 4 Prozent gestiegen, wäre das gut.",
            IMAGINED,
        ),
        (
            "Ohne das hätten die deutschen Ausfuhren nach Russland 9 Milliarden Euro erreicht.",
            IMAGINED,
        ),
        ("Stiegen die deutschen Ausfuhren nach Kasachstan 2022 um 40 Prozent?", ASKED),
        ("Цель — увеличить экспорт Германии в Казахстан до 5 млрд евро.", PLANNED),
        (
            "Министерство ожидает, что экспорт Германии в Казахстан вырастет на 40 процентов.",
            PLANNED,
        ),
        (
            "Германия планирует, по словам министра, нарастить экспорт в Россию до 5 млрд евро.",
            PLANNED,
        ),
        ("Экспорт Германии в Казахстан мог бы вырасти в 2022 году на 40 процентов.", IMAGINED),
        ("Если экспорт Германии в Казахстан вырос на 40 процентов, это хорошо.", IMAGINED),
        ("Вырос ли экспорт Германии в Казахстан в 2022 году на 40 процентов?", ASKED),
    ],
)
def test_what_is_no_fact_cannot_be_checked_and_says_why(text, reason):
    (one,) = told(text)
    assert not one.is_checkable
    assert one.basis.endswith(f"; not checkable: {reason}")


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Russia rose by more than expected, by 40 percent, in 2022.",
        "German exports to Russia rose by 40 percent in 2022, more than planned.",
        "German exports to Russia rose in May 2022 by 40 percent.",
        "Germany, which plans to close its border, exported goods worth 5 million euros to Russia.",
        "German exports to Russia rose by 40 percent in 2022, and the ministry hopes for more.",
        "Monthly statistics show that German exports to Russia reached 5 billion euros in 2023.",
        "Die deutschen Ausfuhren nach Russland hätten 9 Milliarden Euro erreicht, sagte er.",
        "Die deutschen Ausfuhren nach Russland seien 2022 um 40 Prozent gesunken, sagte er.",
        "Die deutschen Ausfuhren nach Polen stiegen 2022 stärker als erwartet um 40 Prozent.",
        "Aus Deutschland werden Waren für 5 Milliarden Euro nach Russland exportiert.",
        "Die deutschen Ausfuhren nach Polen stiegen um 40 Prozent, die Regierung will mehr.",
        "Экспорт Германии в Казахстан вырос на 40 процентов, как и ожидалось.",
        "Экспорт готовой продукции из Германии в Казахстан вырос в 2022 году на 40 процентов.",
    ],
)
def test_what_is_told_as_a_fact_can_be_checked(text):
    (one,) = told(text)
    assert one.is_checkable, one.basis
    assert one.polarity == "asserted"


def test_a_fact_and_an_aim_of_one_sentence_are_told_apart():
    words = (
        "German exports to Russia rose by 40 percent in 2022 and are expected to double in 2023."
    )
    fact, aim = told(words)
    assert (fact.value, fact.is_checkable) == (40.0, True)
    assert (aim.value, aim.is_checkable) == (2.0, False)


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Kyrgyzstan averaged 59 million euros a month in 2023.",
        "Monthly exports from Germany to Kyrgyzstan stood at 59 million euros in 2023.",
        "Die deutschen Ausfuhren nach Polen lagen 2023 im Monatsschnitt bei 59 Millionen Euro.",
        "Deutschland exportierte 2023 monatlich Waren für 59 Millionen Euro nach Kirgisistan.",
        "Экспорт Германии в Киргизию в 2023 году составлял 59 млн евро в месяц.",
        "Среднемесячный экспорт Германии в Киргизию в 2023 году составил 59 млн евро.",
    ],
)
def test_so_much_a_month_is_no_sum_of_a_year(text):
    (one,) = told(text)
    assert (one.value, one.period) == (59e6, "2023")
    assert not one.is_checkable
    assert one.basis.endswith(PER_TIME)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        (
            "Monthly exports from Germany to Kyrgyzstan stood at 5 million euros in May 2023.",
            "2023-05",
        ),
        ("German exports to Kyrgyzstan reached 500 million euros a year in 2023.", "2023"),
        (
            "Deutschland exportierte im Monat Mai 2023 Waren für 5 Millionen Euro nach Armenien.",
            "2023-05",
        ),
        ("Экспорт Германии в Киргизию составил в мае 2023 года 59 млн евро.", "2023-05"),
    ],
)
def test_the_sum_of_one_month_or_so_much_a_year_can_be_checked(text, period):
    (one,) = told(text)
    assert (one.period, one.is_checkable) == (period, True)


def test_an_answered_question_is_a_denial_that_can_be_checked():
    (one,) = told("Der Export von Drohnen aus Serbien nach Russland? Das ist unwahr.")
    assert (one.polarity, one.is_checkable) == ("denied", True)
