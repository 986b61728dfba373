"""Negated claims: what is denied, what is not, and what stays open."""

from datetime import date

import pytest

from entrepot.press.reader import read_article

ON = date(2024, 12, 31)


def told(text):
    return read_article(text, ON).claims


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("German exports to Russia did not fall in 2023.", "decrease"),
        ("German exports to Russia have not fallen in 2023, the ministry said.", "decrease"),
        ("German exports to Russia by no means rose in 2023.", "increase"),
        ("There was no increase in German exports to Russia in 2023.", "increase"),
        ("German exports to Russia neither rose nor fell in 2023.", "increase"),
        ("German exports to Kyrgyzstan did not rise by 121 percent in 2023.", "pct_change"),
        ("German exports to Russia were not 8.9 billion euros in 2023.", "level"),
        ("German exports to Russia never exceeded 9 billion euros in 2023.", "level"),
        ("German exports to Kazakhstan failed to reach 9 billion euros in 2023.", "level"),
        ("Germany was not Kazakhstan's largest trade partner in 2023.", "rank"),
        ("Die deutschen Exporte nach Russland sind 2023 nicht gesunken.", "decrease"),
        ("Die deutschen Ausfuhren nach Russland stiegen 2023 nicht.", "increase"),
        (
            "Die deutschen Ausfuhren nach Russland stiegen 2023 keineswegs um 9 Prozent.",
            "pct_change",
        ),
        ("Die deutschen Ausfuhren nach Kasachstan haben sich 2023 nicht verdoppelt.", "ratio"),
        ("Die deutschen Ausfuhren nach Russland lagen 2023 nicht bei 9 Milliarden Euro.", "level"),
        ("Экспорт Германии в Россию в 2023 году не сократился.", "decrease"),
        ("Роста экспорта Германии в Россию в 2023 году не было.", "increase"),
        ("Экспорт Германии в Россию в 2023 году не вырос на 121 процент.", "pct_change"),
        ("Экспорт Германии в Россию в 2023 году никогда не достигал 9 млрд евро.", "level"),
        ("Экспорт Германии в Россию в 2023 году не удвоился.", "ratio"),
    ],
)
def test_a_negation_at_the_verb_denies(text, relation):
    (one,) = told(text)
    assert (one.polarity, one.relation, one.period) == ("denied", relation, "2023")
    assert one.is_checkable


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Russia not only rose in 2023 but soared.",
        "There is no doubt that German exports to Russia doubled in 2023.",
        "German exports to Russia rose by no less than 12 percent in 2023.",
        "German exports to Russia rose by 5 percent in 2023, not adjusted for inflation.",
        "German exports to Russia, which are not subject to the ban, rose by 5 percent in 2023.",
        "German exports to Russia rose in 2023, whether or not the goods were listed.",
        "Not surprisingly, German exports to Russia doubled in 2023.",
        "Although Berlin did not expect it, German exports to Russia rose by 5 percent in 2023.",
        "Germany did not join them and exported goods worth 5 million euros to Russia in 2023.",
        "German exports to Russia rose by 5 percent in 2023, but nobody noticed.",
        "Die deutschen Ausfuhren nach Russland stiegen 2023 nicht nur um 40 Prozent.",
        "Nicht zuletzt deshalb stiegen die deutschen Ausfuhren nach Russland 2023 um 40 Prozent.",
        "Die deutschen Ausfuhren nach Russland stiegen 2023 um nicht weniger als 40 Prozent.",
        "Die deutschen Ausfuhren nach Russland stiegen 2023 um 4 Prozent, was niemand erwartete.",
        "Die deutschen Ausfuhren nach Russland stiegen 2023 um 4 Prozent und die Einfuhren nicht.",
        "Экспорт Германии в Россию вырос в 2023 году не только на 40 процентов.",
        "Экспорт Германии в Россию вырос в 2023 году не менее чем на 40 процентов.",
        "Тем не менее экспорт Германии в Россию вырос в 2023 году на 40 процентов.",
        "Хотя Берлин не ждал этого, экспорт Германии в Россию вырос в 2023 году на 40 процентов.",
        "Экспорт Германии в Россию вырос в 2023 году едва ли не вдвое.",
    ],
)
def test_a_negation_of_something_else_denies_nothing(text):
    (one,) = told(text)
    assert (one.polarity, one.period) == ("asserted", "2023")
    assert one.is_checkable, one.basis


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Kazakhstan hardly doubled in 2022.",
        "German exports to Kazakhstan were nowhere near 9 billion euros in 2022.",
        "There was no significant increase in German exports to Russia in 2023.",
        "Nobody believes that German exports to Russia rose in 2023.",
        "The ministry did not say that German exports to Kazakhstan doubled in 2022.",
        "German exports of goods not covered by sanctions to Russia rose by 5 percent in 2023.",
        "Die deutschen Ausfuhren nach Kasachstan haben sich 2022 kaum verdoppelt.",
        "Das Ministerium sagte nicht, dass die deutschen Ausfuhren nach Kasachstan 2022 stiegen.",
        "Die deutschen Ausfuhren nicht sanktionierter Waren nach Polen stiegen 2023 um 5 Prozent.",
        "Экспорт Германии в Казахстан в 2022 году едва вырос на 5 процентов.",
        "Экспорт Германии в Казахстан в 2022 году вряд ли удвоился.",
        "Экспорт Германии в Казахстан в 2022 году далеко не удвоился.",
        "Экспорт Германии в Россию в 2023 году почти не вырос.",
        "Никто не верит, что экспорт Германии в Россию в 2023 году вырос на 40 процентов.",
    ],
)
def test_what_a_negation_leaves_open_cannot_be_checked(text):
    (one,) = told(text)
    assert not one.is_checkable
    assert one.basis.endswith("not checkable: its negation or reserve leaves open what is denied")


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("German exports to Kazakhstan did not reach 9 billion euros in 2022.", ">="),
        ("German exports to Kazakhstan did not rise to 9 billion euros in 2022.", ">="),
        ("German exports to Russia did not fall to 5 billion euros in 2023.", "<="),
        ("German exports to Russia did not fall below 8 billion euros in 2023.", "<"),
        ("German exports to Kazakhstan were not doubled in 2022.", ">="),
        ("German exports to Russia were not halved in 2022.", "<="),
        ("Die deutschen Ausfuhren nach Kasachstan erreichten 2022 nicht 9 Milliarden Euro.", ">="),
        ("Die deutschen Ausfuhren nach Russland fielen 2023 nicht auf 5 Milliarden Euro.", "<="),
        ("Die Ausfuhren aus Berlin nach Russland stiegen 2023 nicht um 5 Prozent.", "="),
        ("Экспорт Германии в Россию в 2023 году не упал до 5 млрд евро.", "<="),
        ("Экспорт Германии в Россию в 2023 году составил не 9 млрд евро.", "="),
    ],
)
def test_what_is_denied_is_to_have_come_that_far(text, comparison):
    (one,) = told(text)
    assert (one.polarity, one.comparison) == ("denied", comparison)


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Kyrgyzstan did not exceed 300 million euros in 2023.",
        "Экспорт Германии в Киргизию в 2023 году не превысил 300 млн евро.",
        "German exports to Kyrgyzstan reached not more than 300 million euros in 2023.",
        "Die deutschen Ausfuhren nach Polen lagen 2023 bei nicht mehr als 300 Millionen Euro.",
    ],
)
def test_a_bound_is_not_denied_a_second_time(text):
    (one,) = told(text)
    assert (one.polarity, one.comparison, one.value) == ("asserted", "<=", 300e6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "German exports to Russia were not 8.9 billion euros in 2023 but 20 billion euros.",
            [(8.9e9, "denied"), (20e9, "asserted")],
        ),
        (
            "German exports to Russia fell to 8.9 billion euros in 2023, not 9.8 billion euros.",
            [(8.9e9, "asserted"), (9.8e9, "denied")],
        ),
        (
            "Die deutschen Ausfuhren nach Russland sanken 2023 nicht um 30 Prozent, "
            "sondern um 38 Prozent.",
            [(-30.0, "denied"), (-38.0, "asserted")],
        ),
        (
            "Экспорт Германии в Казахстан в 2022 году составил не 9 млрд евро, а 3 млрд евро.",
            [(9e9, "denied"), (3e9, "asserted")],
        ),
    ],
)
def test_of_two_numbers_only_the_negated_one_is_denied(text, said):
    assert [(one.value, one.polarity) for one in told(text)] == said
    assert all(one.is_checkable for one in told(text))


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("German exports to Russia did not rise but fell in 2023.", "decrease"),
        ("German exports to Russia did not fall but rose in 2023.", "increase"),
    ],
)
def test_what_came_instead_is_claimed(text, relation):
    (one,) = told(text)
    assert (one.relation, one.polarity) == (relation, "asserted")


@pytest.mark.parametrize(
    "text",
    [
        "The rumour that German exports to Russia rose in 2023 is wrong.",
        '"It is false that German exports to Russia rose in 2023," Economy Minister Ada Alt said.',
        "It is not true that German exports to Russia rose by 5 percent in 2023.",
        "Economy Minister Ada Alt denied that German exports to Russia rose by 5 percent in 2023.",
        "Es ist falsch, dass die deutschen Ausfuhren nach Russland 2023 um 5 Prozent stiegen.",
        "Неправда, что экспорт Германии в Россию в 2023 году вырос на 5 процентов.",
    ],
)
def test_words_of_untruth_deny_rises_and_figures_alike(text):
    (one,) = told(text)
    assert one.polarity == "denied"
    assert one.is_checkable


def test_a_denied_negation_is_left_open():
    (one,) = told("It is untrue that German exports to Russia did not fall in 2023.")
    assert not one.is_checkable


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Russia lie at 5 billion euros in 2023.",
        "Goods under false codes worth 5 million euros were exported from Germany to Russia.",
        "Falsch deklarierte Waren für 5 Millionen Euro wurden aus Berlin nach Russland geliefert.",
    ],
)
def test_words_of_untruth_about_papers_deny_nothing(text):
    assert [one.polarity for one in told(text)] == ["asserted"]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Serbia doesn't supply drones to Russia.", ["denied"]),
        ("Serbia not only supplies drones to Russia, it says.", []),
        ("Deutschland exportiert keine Maschinen mehr nach Russland.", ["denied"]),
    ],
)
def test_goods_that_go_nowhere_are_denied_and_not_what_only_looks_so(text, polarity):
    assert [one.polarity for one in told(text)] == polarity


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("German exports to Russia rose in 2023.", "2023"),
        ("Die deutschen Ausfuhren nach Russland sanken im Mai 2023.", "2023-05"),
        ("Экспорт Германии в Россию в 2023 году вырос.", "2023"),
        ("BERLIN, March 4, 2024 (dpa) - German exports to Russia rose in 2023.", "2023"),
        ("BERLIN, March 4, 2024 (dpa) - German exports to Russia rose.", None),
        ("Serbia did not supply drones to Russia in 2022.", "2022"),
        ("German exports to Russia fell between 2021 and 2023.", "2023"),
    ],
)
def test_a_rise_without_a_number_has_the_period_of_its_sentence(text, period):
    (one,) = told(text)
    assert one.period == period
