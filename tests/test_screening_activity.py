"""Business and goods, by hand: what a text names, and which goods go with it."""

from __future__ import annotations

from datetime import date

import pytest

from entrepot.codes.activities import Activity, activities, activities_said
from entrepot.screening.activity import fits_activity
from entrepot.screening.check import Known, Result
from entrepot.screening.shipment import Goods, Party, Shipment

DAY = date(2024, 6, 3)
CHIP, CHAIR = "854231", "940130"


def ask(said: str | None, code: str | None = CHIP, role: str = "consignee") -> Result:
    party = Party(role, "Alpha LLC", business_activity=said)
    line = Shipment("0" * 16, 1, "S-1", parties=(party,), goods=Goods(commodity=code))
    return fits_activity(line, Known(DAY))


@pytest.mark.parametrize(
    ("said", "nace"),
    [
        ("26.11", ["26"]),
        ("2611", ["26"]),
        ("C26.11 Manufacture of electronic components", ["26"]),
        ("NACE Rev. 2 26.11", ["26"]),
        ("ISIC 2610", ["26"]),
        ("ОКВЭД 62.01", ["62"]),
        ("G46.52", ["46.5"]),
        ("46.90", ["46"]),
        ("01.11, 26.11", ["01", "26"]),
        ("flowers (46.22)", ["46.2"]),
        ("florist", ["01"]),
        ("Blumenhandel", ["01"]),
        ("производство мебели", ["31"]),
        ("Bäckerei", ["10"]),
        ("freight forwarding", ["52"]),
        ("founded 1995", []),
        ("since 2011, 20 people", []),
        ("consultancy to nobody", []),
    ],
)
def test_a_business_is_known_by_its_code_or_by_words(said: str, nace: list[str]) -> None:
    assert [one.nace for one in activities_said(said)] == nace


@pytest.mark.parametrize(
    ("said", "code", "answer"),
    [
        ("florist", CHIP, "flagged"),
        ("florist", "060311", "clear"),
        ("florist", "847130", "clear"),  # a computer is what every business buys
        ("Bäckerei", "88073000", "flagged"),
        ("Bäckerei", "841720", "clear"),
        ("производство мебели", CHIP, "flagged"),
        ("производство мебели", "846510", "clear"),
        ("furniture", "845710", "flagged"),  # a machining centre for metal
        ("toolmaking", "845710", "clear"),
        ("semiconductor design", CHIP, "clear"),
        ("Krankenhaus", "901890", "clear"),
        ("Krankenhaus", "901420", "clear"),
        ("restaurant", "930200", "flagged"),
        ("NACE 47.11", CHIP, "not_assessed"),
        ("general trading", CHIP, "not_assessed"),
        ("Spedition", CHIP, "not_assessed"),
        ("university", CHIP, "not_assessed"),
        ("works of all kinds of widgets", CHIP, "not_assessed"),
        (None, CHIP, "not_assessed"),
        ("florist", None, "not_assessed"),
        ("florist", "8", "not_assessed"),
    ],
)
def test_goods_are_compared_with_the_business(said: str | None, code: str, answer: str) -> None:
    told = ask(said, code)
    assert (told.answer, told.severity) == (answer, "review")


def test_a_flag_names_words_branch_and_code_and_asks() -> None:
    told = ask("florist")
    assert (
        "854231 is not among the goods that the list has for consignee 'Alpha LLC', 'florist'"
        in (told.detail)
    )
    assert "01 Farming" in told.detail
    assert told.detail.endswith("the customer can say what they are for.")
    assert told.fields == ("consignee.business_activity", "goods.commodity")


def test_who_trades_in_anything_is_left_to_the_check_of_traders() -> None:
    assert "see P6" in ask("general trading and flowers").detail


def test_the_business_of_the_exporter_is_no_matter() -> None:
    assert ask("florist", role="exporter").answer == "not_assessed"


def test_one_taker_that_fits_does_not_excuse_another() -> None:
    takers = (
        Party("end_user", "Chip Works", business_activity="26.11"),
        Party("buyer", "Alpha LLC", business_activity="florist"),
        Party("consignee", "Beta", business_activity="widgets"),
    )
    line = Shipment("0" * 16, 1, "S-1", parties=takers, goods=Goods(commodity=CHIP))
    told = fits_activity(line, Known(DAY))
    assert told.answer == "flagged"
    assert "'Alpha LLC'" in told.detail
    assert "Not compared: the list knows no branch of consignee 'Beta'" in told.detail


def test_a_short_code_fits_where_any_code_below_it_may() -> None:
    farm = activities()["01"]
    assert farm.takes("84")
    assert not farm.takes("88")
    assert Activity("x", "x", True, (("8408", "8410"),)).takes("84091000")
    assert not Activity("x", "x", True, (("8408", "8410"),)).takes("84111000")


def test_every_branch_that_is_judged_has_goods_and_no_other_has() -> None:
    for one in activities().values():
        assert bool(one.goods) == one.is_judged, one.title
        for first, last in one.goods:
            assert len(first) == len(last)
            assert first <= last


def test_no_business_is_flagged_for_what_every_business_buys() -> None:
    for one in activities().values():
        if one.is_judged:
            assert one.takes("847130")
            assert one.takes("851713")
            assert one.takes("940130")
