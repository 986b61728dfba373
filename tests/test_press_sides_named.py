"""A region, or several countries together, is no one country's trade."""

from datetime import date

import pytest

from entrepot.press.reader import read_article

ON = date(2024, 3, 4)


def sides(text):
    (one,) = read_article(text, ON).claims
    return one.exporter, one.importer, one.is_checkable


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Central Asia reached 5 billion euros in 2023.",
        "German exports to the Caucasus reached 1 billion euros in 2023.",
        "Die deutschen Exporte nach Zentralasien lagen 2023 bei 5 Milliarden Euro.",
        "Экспорт Германии в Центральную Азию составил в 2023 году 5 млрд евро.",
        "Экспорт Германии в страны СНГ составил в 2023 году 5 млрд евро.",
        "German exports to Armenia and Georgia reached 1 billion euros in 2023.",
    ],
)
def test_a_destination_of_several_countries_stays_open(text):
    assert sides(text) == ("DE", None, False)


@pytest.mark.parametrize(
    "text",
    [
        "Germany and Lithuania exported goods worth 3.9 billion euros to Kazakhstan in 2023.",
        "The EU, Germany and Poland exported goods worth 12 billion euros to Kazakhstan in 2023.",
        "Deutschland und Litauen exportierten 2023 Waren im Wert von 3,9 Milliarden Euro nach "
        "Kasachstan.",
        "Германия и Литва поставили в Казахстан товаров на 3,9 млрд евро в 2023 году.",
    ],
)
def test_an_exporter_of_several_countries_stays_open(text):
    assert sides(text) == (None, "KZ", False)


@pytest.mark.parametrize(
    ("text", "exporter", "importer"),
    [
        (
            "German exports to Kazakhstan, the largest economy in Central Asia, reached 5 billion "
            "euros in 2023.",
            "DE",
            "KZ",
        ),
        ("German exports to the EU reached 5 billion euros in 2023.", "DE", "EU"),
        ("Exports from Germany reached 5 billion euros in 2023.", "DE", "W0"),
        ("Trade between Germany and Kazakhstan reached 5 billion euros in 2023.", "DE", "KZ"),
        ("Der Handel zwischen Deutschland und Kasachstan lag 2023 bei 5 Mrd. Euro.", "DE", "KZ"),
        ("Экспорт Германии в Казахстан составил в 2023 году 5 млрд евро.", "DE", "KZ"),
    ],
)
def test_one_country_on_each_side_is_kept(text, exporter, importer):
    assert sides(text) == (exporter, importer, True)


def test_a_number_for_each_country_leaves_no_side_open():
    text = "German exports to Armenia and Georgia rose by 10 and 20 percent respectively in 2023."
    found = [(one.importer, one.value) for one in read_article(text, ON).claims]
    assert found == [("AM", 10.0), ("GE", 20.0)]


def test_a_subject_behind_its_verb_is_the_exporter():
    text = (
        "BERLIN, 4. März 2024 (dpa) - Im Jahr 2023 exportierte Litauen Waren im Wert von 689 "
        "Millionen Euro nach Kasachstan."
    )
    assert sides(text) == ("LT", "KZ", True)


def test_what_is_open_is_told_with_its_reason():
    (one,) = read_article("German exports to Asia reached 300 bn euros in 2023.", ON).claims
    assert "who imports is told as a region or as several countries" in one.basis
