"""Goods that the lexicon does not know are not taken for all goods."""

from datetime import date

import pytest

from entrepot.press.claim_goods import UNREAD
from entrepot.press.products import prefixes
from entrepot.press.reader import read_article

ON = date(2024, 3, 4)


def goods(text):
    (one,) = read_article(text, ON).claims
    return one.product, one.product_text, one.is_checkable


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("German exports of hazelnuts to Russia reached 8.9 billion euros in 2023.", "hazelnuts"),
        ("The value of German sieve exports to Russia was 8.9 billion euros in 2023.", "sieve"),
        ("German service exports to Russia reached 8.9 billion euros in 2023.", "service"),
        ("Sieve exports from Germany to Russia reached 5 million euros in 2023.", "Sieve"),
        ("Germany exported hazelnuts worth 5 million euros to Russia in 2023.", "hazelnuts"),
        (
            "Die deutschen Exporte von Haselnüssen nach Russland lagen 2023 bei 5 Millionen Euro.",
            "Haselnüssen",
        ),
        ("Die deutschen Siebexporte nach Russland lagen 2023 bei 5 Mio. Euro.", "Siebexporte"),
        (
            "Deutschland lieferte 2023 Haselnüsse im Wert von 5 Millionen Euro nach Russland.",
            "Haselnüsse",
        ),
        ("Экспорт фундука из Германии в Россию составил в 2023 году 5 млн евро.", "фундука"),
        ("Экспорт услуг из Германии в Россию составил в 2023 году 5 млн евро.", "услуг"),
        ("Германия поставила в Россию фундука на 5 млн евро в 2023 году.", "фундука"),
    ],
)
def test_goods_without_a_code_keep_their_words_and_cannot_be_checked(text, words):
    assert goods(text) == (UNREAD, words, False)


@pytest.mark.parametrize(
    "text",
    [
        "Exports of goods from Germany to Russia reached 5 million euros in 2023.",
        "Exports of all kinds from Germany to Russia reached 5 million euros in 2023.",
        "The value of exports from Germany to Russia reached 5 million euros in 2023.",
        "Exports of Germany to Russia reached 5 million euros in 2023.",
        "Total exports from Germany to Russia reached 5 million euros in 2023.",
        "Overall exports from Germany to Russia reached 5 million euros in 2023.",
        "Germany's annual exports to Russia reached 5 million euros in 2023.",
        "Germany had exports of EUR 5 bn to Russia in 2023.",
        "Germany exported goods worth 5 million euros to Russia in 2023.",
        "Die Exporte der Bundesrepublik Deutschland nach Russland lagen 2023 bei 5 Mio. Euro.",
        "Die Exporte von Deutschland nach Russland lagen 2023 bei 5 Millionen Euro.",
        "Die Gesamtexporte Deutschlands nach Russland lagen 2023 bei 5 Millionen Euro.",
        "Die Warenausfuhren Deutschlands nach Russland lagen 2023 bei 5 Millionen Euro.",
        "Deutschland lieferte 2023 Waren im Wert von 5 Millionen Euro nach Russland.",
        "Экспорт Германии в Россию составил в 2023 году 5 млн евро.",
        "Экспорт товаров из Германии в Россию составил в 2023 году 5 млн евро.",
        "Экспорт из Германии в Россию вырос до 5 млн евро в 2023 году.",
        "Германия поставила в Россию товаров на 5 млн евро в 2023 году.",
        "Торговля двух стран, Германии и России, составила 5 млн евро в 2023 году.",
    ],
)
def test_words_that_name_no_goods_leave_all_goods(text):
    assert goods(text) == ("total", "", True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("German exports of cars to Russia reached 5 million euros in 2023.", "cars"),
        ("Die deutschen Maschinenexporte nach Russland lagen 2023 bei 5 Mio. Euro.", "machinery"),
        ("Экспорт немецких автомобилей в Россию составил в 2023 году 5 млн евро.", "cars"),
    ],
)
def test_goods_of_the_lexicon_are_read_as_before(text, key):
    assert goods(text)[0] == key


def test_unread_goods_are_not_those_of_the_sentence_before():
    text = (
        "Germany exported cars worth 200 million euros to Kyrgyzstan in 2023. German exports of "
        "hazelnuts to Kazakhstan reached 5 million euros in 2022."
    )
    cars, nuts = read_article(text, ON).claims
    assert (cars.product, cars.is_checkable) == ("cars", True)
    assert (nuts.product, nuts.product_text) == (UNREAD, "hazelnuts")
    assert "'hazelnuts', are no goods we know by code" in nuts.basis


def test_unread_goods_have_no_codes():
    assert prefixes(UNREAD) == ()
