"""What is shipped, by hand: flagged, clear and not assessed for each check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepot.screening.check import Known, ListedCode, Past, Result
from entrepot.screening.commodity import CHECKS
from entrepot.screening.shipment import Goods, Route, Shipment

CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL, tier 1")
PUMPS = ListedCode("XXIII", "8413", None, False, "Annex XXIII")
DAY = date(2024, 6, 3)
LINE = Shipment("0" * 16, 1, "S-1", goods=Goods(commodity="854231"), route=Route(destination="KG"))


def ask(check: str, known: Known | None = None, **goods: object) -> Result:
    line = replace(LINE, goods=replace(LINE.goods, **goods))
    run = next(one.run for one in CHECKS if one.id == check)
    return run(line, known or Known(DAY, codes=(CHIPS,)))


def test_a_high_priority_code_is_flagged_with_its_tier() -> None:
    told = ask("G1")
    assert told.detail == "854231 is reached by 854231 of chpl, tier 1."
    assert (told.answer, told.severity, told.evidence) == (
        "flagged",
        "review",
        ("Annex XL, tier 1",),
    )


def test_the_same_code_to_russia_blocks() -> None:
    run = CHECKS[0].run
    line = replace(LINE, route=Route(destination="RU"))
    assert run(line, Known(DAY, codes=(CHIPS,))).severity == "block"


@pytest.mark.parametrize("check", ["G1", "G2"])
@pytest.mark.parametrize("code", [None, "85423", "12a4", "854"])
def test_a_code_that_cannot_be_read_is_not_assessed(check: str, code: str | None) -> None:
    assert ask(check, commodity=code).answer == "not_assessed"


@pytest.mark.parametrize("check", ["G1", "G2"])
def test_without_a_list_nothing_is_clear(check: str) -> None:
    assert ask(check, Known(DAY)).answer == "not_assessed"
    assert ask(check, Known(DAY, codes=())).answer == "clear"


def test_an_entry_that_reaches_some_goods_only_says_so() -> None:
    told = ask("G2", Known(DAY, codes=(PUMPS,)), commodity="84138100")
    assert told.detail.endswith("only some goods under that entry are listed.")
    assert told.severity == "review"


def test_the_exporters_own_dual_use_finding_blocks() -> None:
    told = ask("G2", dual_use_code="3A001")
    assert (told.answer, told.severity) == ("flagged", "block")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("spare parts", "flagged"),
        ("Ersatzteile, diverse", "flagged"),
        ("запчасти для оборудования", "flagged"),
        ("запчасти для насосов", "clear"),
        ("прочие товары", "flagged"),
        ("Hydraulic pumps for tractors", "clear"),
        ("1234", "flagged"),
        ("", "not_assessed"),
        (None, "not_assessed"),
    ],
)
def test_a_description_must_say_what_the_goods_are(words: str | None, answer: str) -> None:
    assert ask("G4", description=words).answer == answer


def test_a_neighbour_of_a_high_priority_code_is_flagged_with_the_codes_beside_it() -> None:
    told = ask("G5", commodity="85423990")
    assert told.answer == "clear"
    beside = ask("G5", commodity="854290")
    assert beside.answer == "flagged"
    assert "854231" in beside.detail


def test_a_neighbour_used_for_one_country_only_says_so() -> None:
    past = Past(line_count=3, commodities={"854290": ("KG", "KG", "KG")})
    told = ask("G5", Known(DAY, codes=(), past=past), commodity="854290")
    assert "for KG only, 3 times" in told.detail


def test_other_headings_have_no_neighbours() -> None:
    assert ask("G5", commodity="940130").answer == "clear"
    assert ask("G5", commodity=None).answer == "not_assessed"


@pytest.mark.parametrize(
    ("goods", "answer"),
    [
        ({}, "flagged"),
        ({"part_number": "STM32F405"}, "clear"),
        ({"serial_number": "77"}, "clear"),
        ({"commodity": "848210"}, "clear"),
        ({"commodity": None}, "not_assessed"),
    ],
)
def test_high_priority_electronics_need_a_part_number(goods: dict[str, str], answer: str) -> None:
    assert ask("G7", **goods).answer == answer
