"""Where goods go, by hand: flagged, clear and not assessed for each check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepot.codes.annexes import annexes
from entrepot.screening.check import Known, ListedCode, Result, Risk
from entrepot.screening.route import CHECKS
from entrepot.screening.shipment import Goods, Party, Route, Shipment, Terms

CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL")
CHAIRS = Goods(commodity="940130")
LINE = Shipment("0" * 16, 1, "S-1", goods=Goods(commodity="854231"), route=Route(destination="KG"))
DAY = date(2024, 6, 3)
LISTED, FREE, BLIND = Known(DAY, codes=(CHIPS,)), Known(DAY, codes=()), Known(DAY)


def ask(check: str, line: Shipment = LINE, known: Known = LISTED) -> Result:
    return next(one.run for one in CHECKS if one.id == check)(line, known)


def going(line: Shipment = LINE, **route: object) -> Shipment:
    return replace(line, route=replace(line.route, **route))


COMPARED = Known(DAY, codes=(), searched=dict.fromkeys(annexes(), "of a day"))


@pytest.mark.parametrize(
    ("known", "severity"),
    [(LISTED, "block"), (FREE, "block"), (BLIND, "block"), (COMPARED, "review")],
)
def test_goods_for_russia_are_stopped_unless_all_lists_were_searched_and_hold_none(
    known: Known, severity: str
) -> None:
    told = ask("R1", going(destination="RU"), known)
    assert (told.answer, told.severity) == ("flagged", severity)


def test_belarus_has_lists_of_its_own_that_are_not_held() -> None:
    told = ask("R1", going(destination="BY"), COMPARED)
    assert (told.answer, told.severity) == ("flagged", "block")
    assert "annexes for goods to this country are not held" in told.detail


def test_end_use_in_belarus_and_a_consignee_there_are_flagged() -> None:
    assert ask("R1", replace(LINE, terms=Terms(end_use_country="BY"))).answer == "flagged"
    there = replace(LINE, parties=(Party("consignee", "Alpha", country="BY"),))
    assert ask("R1", there).fields == ("consignee.country",)


@pytest.mark.parametrize(
    ("address", "day", "answer"),
    [
        ("ul. Lenina 1, Simferopol", DAY, "flagged"),
        ("г. Мариуполь, пр. Мира 5", DAY, "flagged"),
        ("Simferopol", date(2014, 6, 24), "clear"),
        ("Melitopol", date(2022, 10, 6), "clear"),
        ("Melitopol", date(2022, 10, 7), "flagged"),
        ("Crimean Street 5, Bishkek", DAY, "clear"),
    ],
)
def test_an_address_in_an_occupied_region_is_flagged_from_its_day(
    address: str, day: date, answer: str
) -> None:
    line = replace(LINE, parties=(Party("consignee", "Alpha", address=address),))
    assert ask("R1", line, Known(day, codes=(CHIPS,))).answer == answer


def test_a_clear_destination_says_that_end_use_is_open() -> None:
    told = ask("R1")
    assert told.answer == "clear"
    assert "where the goods are used is not given" in told.detail
    assert ask("R1", going(destination=None)).answer == "not_assessed"


@pytest.mark.parametrize(
    ("day", "answer"), [(date(2023, 6, 23), "not_assessed"), (date(2023, 6, 24), "flagged")]
)
def test_high_priority_goods_may_not_pass_russia_from_the_eleventh_package(
    day: date, answer: str
) -> None:
    told = ask("R2", going(transit_countries=("PL", "RU")), Known(day, codes=(CHIPS,)))
    assert told.answer == answer


def test_free_goods_may_pass_and_an_unsaid_route_clears_nothing() -> None:
    lists = ("DUAL_USE", "VII", "XI", "XX", "XXXV", "XXXVII", "XL")
    free = Known(DAY, codes=(), searched=dict.fromkeys(lists, "of a day"))
    assert ask("R2", going(transit_countries=("RU",)), free).answer == "clear"
    told = ask("R2", going(transit_countries=("RU",)), FREE)
    assert told.fields == ("a list of DUAL_USE, VII, XI, XL, XX, XXXV, XXXVII, chpl",)
    assert ask("R2", going(transit_countries=())).answer == "clear"
    assert ask("R2").fields == ("route.transit_countries",)
    assert ask("R2", going(transit_countries=("RU",)), BLIND).answer == "not_assessed"


def test_dual_use_goods_by_the_exporters_own_finding_may_not_pass() -> None:
    line = replace(LINE, goods=replace(LINE.goods, dual_use_code="3A001"))
    told = ask("R2", going(line, transit_countries=("RU",)), Known(date(2023, 3, 1), codes=()))
    assert told.answer == "flagged"


LEAD = Risk("r1", "KG", "8542", 5.2e6, 3.1e6, 7.4e6, "EUR", True)


def test_a_lead_of_a_run_is_told_with_its_interval_and_run() -> None:
    told = ask("R3", known=replace(LISTED, risk=(LEAD,)))
    assert told.answer == "flagged"
    assert "EUR 5,200,000 [3,100,000, 7,400,000], 90 % interval" in told.detail
    assert told.evidence == ("leads run_id=r1 intermediary=KG commodity=8542",)


def test_without_a_run_the_authorities_alert_is_told() -> None:
    told = ask("R3")
    assert told.answer == "flagged"
    assert "no run of ours" in told.detail


def test_elsewhere_a_run_is_needed_to_clear() -> None:
    there = going(destination="BR")
    assert ask("R3", there).answer == "not_assessed"
    assert ask("R3", there, replace(LISTED, risk=(LEAD,))).answer == "clear"
    assert ask("R3", replace(LINE, goods=CHAIRS), FREE).answer == "clear"
    assert ask("R3", known=BLIND).answer == "not_assessed"


def test_the_longest_code_of_the_leads_counts() -> None:
    total = Risk("r1", "BR", "", 9e9, 1e9, 2e10, "EUR", False)
    narrow = Risk("r1", "BR", "854231", 1e6, 5e5, 2e6, "EUR", True)
    told = ask("R3", going(destination="BR"), replace(LISTED, risk=(total, narrow)))
    assert "854231" in told.detail


def test_no_recorded_bar_clears_only_as_far_as_acts_were_read() -> None:
    assert ask("R4").answer == "clear"
    assert ask("R4", known=Known(date(2026, 3, 1))).answer == "not_assessed"
    assert ask("R4", replace(LINE, goods=Goods())).fields == ("goods.commodity",)


def test_a_recorded_bar_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.screening.route.barred", lambda *given: "An act, Article 12f")
    told = ask("R4")
    assert (told.answer, told.evidence) == ("flagged", ("An act, Article 12f",))


def test_countries_that_disagree_are_named() -> None:
    told = ask("R6", replace(LINE, terms=Terms(payer_country="AE")))
    assert told.detail == "Countries disagree: route.destination KG, terms.payer_country AE."
    assert ask("R6", going(final_destination="KG")).answer == "clear"
    assert ask("R6").answer == "not_assessed"
