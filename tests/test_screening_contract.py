"""What a contract must say, by hand: flagged, clear and not assessed for each check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entrepot.screening.check import Known, ListedCode, Result
from entrepot.screening.contract import CHECKS
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Party, Route, Shipment

CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL")
LINE = Shipment(
    "0" * 16,
    1,
    "S-1",
    parties=(Party("consignee", "Alpha Trade LLC"),),
    goods=Goods(commodity="854231"),
    route=Route(destination="KG"),
)
DAY = date(2024, 6, 3)


def ask(check: str, line: Shipment = LINE, known: Known | None = None, **terms: Any) -> Result:
    run = next(one.run for one in CHECKS if one.id == check)
    known = known or Known(DAY, codes=(CHIPS,))
    return run(replace(line, terms=replace(line.terms, **terms)), known)


def test_high_priority_goods_to_a_third_country_without_the_clause_are_flagged() -> None:
    told = ask("C1", no_russia_clause=False)
    assert (told.answer, told.severity) == ("flagged", "block")
    assert "12g of Regulation (EU) No 833/2014" in told.detail
    assert "chpl 854231" in told.evidence


def test_a_clause_without_remedies_is_flagged() -> None:
    assert ask("C1", no_russia_clause=True, has_remedies=False).answer == "flagged"


def test_a_clause_with_remedies_is_clear() -> None:
    assert ask("C1", no_russia_clause=True, has_remedies=True).answer == "clear"


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        ({}, "terms.no_russia_clause"),
        ({"no_russia_clause": True}, "terms.has_remedies"),
    ],
)
def test_an_open_field_of_the_contract_clears_nothing(terms: dict[str, bool], missing: str) -> None:
    told = ask("C1", **terms)
    assert told.answer == "not_assessed"
    assert told.fields == (missing,)


def test_without_a_control_list_nothing_is_clear() -> None:
    told = ask("C1", known=Known(DAY), no_russia_clause=False)
    assert told.detail == "Not assessed: a control list is not given."


@pytest.mark.parametrize(
    ("day", "concluded", "answer"),
    [
        (date(2024, 3, 19), None, "clear"),
        (date(2024, 3, 20), None, "flagged"),
        (date(2024, 12, 20), date(2023, 12, 18), "clear"),
        (date(2024, 12, 20), date(2023, 12, 19), "flagged"),
        (date(2024, 12, 21), date(2023, 12, 18), "flagged"),
    ],
)
def test_the_clause_is_demanded_from_its_day_and_old_contracts_have_time(
    day: date, concluded: date | None, answer: str
) -> None:
    told = ask(
        "C1", known=Known(day, codes=(CHIPS,)), no_russia_clause=False, contract_date=concluded
    )
    assert told.answer == answer


def test_a_contract_of_no_day_is_told_who_has_time() -> None:
    assert "When it was concluded is not given" in ask("C1", no_russia_clause=False).detail
    later = Known(date(2024, 12, 21), codes=(CHIPS,))
    assert "is not given" not in ask("C1", known=later, no_russia_clause=False).detail


@pytest.mark.parametrize("destination", ["CH", "DE", "JP"])
def test_partners_and_member_states_are_spared(destination: str) -> None:
    line = replace(LINE, route=Route(destination=destination))
    assert ask("C1", line, no_russia_clause=False).answer == "clear"


def test_a_public_buyer_is_spared_and_other_goods_are_free() -> None:
    assert ask("C1", no_russia_clause=False, is_public=True).answer == "clear"
    all_held = dict.fromkeys(("XI", "XX", "XXXV", "chpl"), "of a day")
    free = Known(DAY, codes=(), searched=all_held)
    assert ask("C1", known=free, no_russia_clause=False).answer == "clear"


def test_goods_are_not_free_while_a_list_of_the_article_was_not_searched() -> None:
    told = ask("C1", known=Known(DAY, codes=(), searched={"chpl": "x"}), no_russia_clause=False)
    assert told.answer == "not_assessed"
    assert told.fields == ("a list of XI, XX, XXXV",)


def test_an_unknown_destination_is_not_assessed() -> None:
    assert ask("C1", replace(LINE, route=Route())).fields == ("route.destination",)


def test_the_clause_against_belarus_has_its_own_days() -> None:
    assert ask("C2", no_belarus_clause=False).answer == "clear"
    later = Known(date(2025, 2, 3), codes=(CHIPS,))
    told = ask("C2", known=later, no_belarus_clause=False)
    assert (told.answer, told.severity) == ("flagged", "block")
    assert ask("C2", known=later).answer == "not_assessed"


LATER = Known(date(2025, 1, 7), codes=(CHIPS,))


@pytest.mark.parametrize(
    ("check", "terms", "answer"),
    [
        ("C3", {"transfers_know_how": True}, "flagged"),
        ("C3", {"transfers_know_how": True, "no_russia_clause": True}, "clear"),
        ("C3", {"transfers_know_how": False}, "clear"),
        ("C3", {}, "not_assessed"),
        ("C4", {"risk_assessed_on": date(2025, 1, 8)}, "flagged"),
        ("C4", {"risk_assessed_on": date(2025, 1, 6)}, "clear"),
        ("C4", {}, "not_assessed"),
    ],
)
def test_know_how_and_risk_assessment(check: str, terms: dict[str, Any], answer: str) -> None:
    assert ask(check, known=LATER, **terms).answer == answer


@pytest.mark.parametrize("check", ["C3", "C4"])
def test_duties_of_december_2024_are_not_demanded_before(check: str) -> None:
    assert ask(check, known=Known(date(2024, 12, 25), codes=(CHIPS,))).answer == "clear"
    day = date(2025, 1, 7)
    assert ask(check, known=Known(day, codes=(), searched={"chpl": "x"})).answer == "clear"
    assert ask(check, known=Known(day, codes=())).answer == "not_assessed"
    assert ask(check, known=Known(date(2025, 1, 7))).answer == "not_assessed"


@pytest.mark.parametrize(
    ("signed_on", "signer", "answer"),
    [
        (date(2024, 5, 1), "Alpha Trade LLC, Director", "clear"),
        (date(2024, 5, 1), "Beta Import", "flagged"),
        (date(2023, 6, 3), "Alpha Trade", "flagged"),
        (date(2023, 6, 4), "Alpha Trade", "clear"),
        (date(2024, 6, 4), "Alpha Trade", "flagged"),
        (None, "Alpha Trade", "not_assessed"),
        (date(2024, 5, 1), None, "not_assessed"),
    ],
)
def test_a_certificate_is_of_age_and_signed_by_who_takes_the_goods(
    signed_on: date | None, signer: str | None, answer: str
) -> None:
    told = ask("C5", end_use_certificate_on=signed_on, end_use_signed_by=signer)
    assert told.answer == answer


def test_the_policy_says_how_old_a_certificate_may_be() -> None:
    strict = Known(DAY, Policy(certificate_days=20))
    told = ask(
        "C5", known=strict, end_use_certificate_on=date(2024, 5, 1), end_use_signed_by="Alpha Trade"
    )
    assert "33 days old, more than 20" in told.detail


def test_every_check_names_its_act_and_the_fields_it_needs() -> None:
    assert [check.id for check in CHECKS] == ["C1", "C2", "C3", "C4", "C5"]
    assert all(check.legal_reference and check.needs for check in CHECKS)
