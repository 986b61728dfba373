"""Every check, one line each that it flags, clears and cannot assess; and the register of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from entrepot.screening.check import Known, ListedCode, Past, UsualRange
from entrepot.screening.checks import CHECKS, ORDER
from entrepot.screening.listed import Listed
from entrepot.screening.party_hits import hits_of
from entrepot.screening.party_register import register
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Owner, Party, Route, Shipment, Terms, Unread
from entrepot.screening.verdict import screened

DAY = date(2025, 3, 3)
CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL, tier 1")
PUMPS = ListedCode("XXIII", "841381", None, True, "Annex XXIII")
SEARCHED = {
    **dict.fromkeys(("XI", "XX", "XXXV"), "2024-12-16"),
    **{"chpl": "2024-02-23", "eu-export-ban": "source 01", "eu-fsf": "2025-03-01"},
}
LISTS = register(
    (
        Listed(
            *("1", "eu-fsf", "Company", ("Tulamash Trading LLC",)),
            identifiers={"innCode": ("7104002774",)},
            addresses=("ul. Mosina 2, 300002 Tula, Russia",),
            countries=("RU",),
        ),
        Listed("2", "own-blocked", "Company", ("Grimalkin Forwarding OOO",)),
    )
)
BLIND = Known(DAY)
CHIP_LINE = Known(DAY, codes=(CHIPS,), searched=SEARCHED)
FREE_LINE = Known(DAY, codes=(), searched=SEARCHED)
EMPTY = Shipment("0" * 16, 1, "S-1")
BUYER = Party("buyer", "Bishkek Dairy")
Case = tuple[Shipment, Known]


def line(*parties: Party, **groups: dict[str, Any]) -> Shipment:
    """A line with what is said, and nothing else."""
    goods, route, terms = (groups.get(name, {}) for name in ("goods", "route", "terms"))
    return replace(
        EMPTY, parties=parties, goods=Goods(**goods), route=Route(**route), terms=Terms(**terms)
    )


def on_lists(shipment: Shipment) -> Case:
    hits = hits_of(LISTS, shipment, Policy())
    return shipment, Known(DAY, has_lists=True, hits=hits, searched=SEARCHED)


def buyer(**said: Any) -> Shipment:
    return line(replace(BUYER, **said))


def chips(**groups: dict[str, Any]) -> Shipment:
    return line(goods={"commodity": "854231"}, **groups)


OWNED = (Owner("Tulamash Trading LLC", 0.5),)
USUAL = {("854231", "EUR/kg"): UsualRange(100.0, 400.0, 40, "EUR/kg", "by hand")}
WEIGHED = {"commodity": "854231", "currency": "EUR", "net_mass_kg": 1.0}
VIA = {"export_country": "DE", "destination": "TR"}
KG, RU = {"destination": "KG"}, {"destination": "RU"}
CLAUSE = {"no_russia_clause": True, "no_belarus_clause": True, "has_remedies": True}
WITHOUT = {"no_russia_clause": False, "no_belarus_clause": False}
SIGNED = {"end_use_certificate_on": date(2025, 2, 3), "end_use_signed_by": "Bishkek Dairy"}
OLD = Past(date(2019, 5, 1), 4, (3_000.0, 4_000.0, 5_000.0, 6_000.0))
UNREAD = Unread("goods.value", "12,5.7", "no number")

CASES: dict[str, tuple[Case, Case, Case | None]] = {
    "F1": ((replace(EMPTY, unread=(UNREAD,)), BLIND), (EMPTY, BLIND), None),
    "P1": (
        on_lists(buyer(name="Tulamash Trading LLC")),
        on_lists(buyer()),
        (buyer(name="Tulamash Trading LLC"), BLIND),
    ),
    "P2": (
        on_lists(buyer(tax_id="7104002774")),
        on_lists(buyer(tax_id="7104002775")),
        on_lists(buyer()),
    ),
    "P3": (
        on_lists(buyer(address="Mosina 2, 300002 Tula, Russia")),
        on_lists(buyer(address="Mira 9, 720000 Bishkek")),
        on_lists(buyer()),
    ),
    "P4": (
        on_lists(buyer(owners=OWNED)),
        on_lists(buyer(owners=(Owner("Nobody Known", 1.0),))),
        on_lists(buyer()),
    ),
    "P5": (
        (buyer(name="Аlpha LLC", country="DE"), BLIND),
        (buyer(country="DE"), BLIND),
        (EMPTY, BLIND),
    ),
    "P6": (
        (line(Party("consignee", "Silk Road Forwarding OsOO")), BLIND),
        (line(Party("end_user", "Bishkek Dairy")), BLIND),
        (line(Party("consignee", "Bishkek Dairy")), BLIND),
    ),
    "P7": (
        (buyer(incorporated_on=date(2022, 2, 24)), CHIP_LINE),
        (buyer(incorporated_on=date(2012, 2, 24)), CHIP_LINE),
        (buyer(), CHIP_LINE),
    ),
    "P8": (
        (buyer(email="dairy@gmail.com"), BLIND),
        (buyer(email="office@dairy.kg"), BLIND),
        (buyer(), BLIND),
    ),
    "P9": (on_lists(buyer(name="Grimalkin Forwarding OOO")), on_lists(buyer()), (buyer(), BLIND)),
    "P10": (
        (replace(buyer(business_activity="dairy"), goods=Goods("854231")), BLIND),
        (replace(buyer(business_activity="dairy"), goods=Goods("843420")), BLIND),
        (replace(buyer(), goods=Goods("854231")), BLIND),
    ),
    "G1": (
        (chips(), CHIP_LINE),
        (line(goods={"commodity": "940130"}), FREE_LINE),
        (chips(), BLIND),
    ),
    "G2": (
        (line(goods={"commodity": "841381"}), replace(FREE_LINE, codes=(PUMPS,))),
        (line(goods={"commodity": "940130"}), FREE_LINE),
        (line(goods={"commodity": "940130"}), BLIND),
    ),
    "G3": (
        (line(goods={"commodity": "940130", "description": "STM32 microcontroller"}), BLIND),
        (line(goods={"commodity": "854231", "description": "STM32 microcontroller"}), BLIND),
        (line(goods={"commodity": "854231"}), BLIND),
    ),
    "G4": (
        (line(goods={"description": "spare parts"}), BLIND),
        (line(goods={"description": "microcontroller"}), BLIND),
        (EMPTY, BLIND),
    ),
    "G5": (
        (line(goods={"commodity": "854370"}), FREE_LINE),
        (line(goods={"commodity": "940130"}), FREE_LINE),
        (EMPTY, FREE_LINE),
    ),
    "G6": (
        (line(goods={**WEIGHED, "value": 4.0}), replace(BLIND, unit_values=USUAL)),
        (line(goods={**WEIGHED, "value": 200.0}), replace(BLIND, unit_values=USUAL)),
        (line(goods={**WEIGHED, "value": 200.0}), BLIND),
    ),
    "G7": (
        (chips(), CHIP_LINE),
        (line(goods={"commodity": "854231", "part_number": "STM32F407"}), CHIP_LINE),
        (EMPTY, CHIP_LINE),
    ),
    "R1": ((chips(route=RU), CHIP_LINE), (chips(route=KG), CHIP_LINE), (chips(), CHIP_LINE)),
    "R2": (
        (chips(route={"transit_countries": ("PL", "RU")}), CHIP_LINE),
        (chips(route={"transit_countries": ("PL",)}), CHIP_LINE),
        (chips(), CHIP_LINE),
    ),
    "R3": ((chips(route=KG), CHIP_LINE), (chips(route=KG), FREE_LINE), (chips(), CHIP_LINE)),
    "R4": ((chips(route=KG), CHIP_LINE), (chips(route=KG), CHIP_LINE), (chips(), CHIP_LINE)),
    "R5": (
        (line(route={**VIA, "transit_countries": ("SG",)}), BLIND),
        (line(route={**VIA, "transit_countries": ("RS",)}), BLIND),
        (line(route=VIA), BLIND),
    ),
    "R6": (
        (line(route=KG, terms={"payer_country": "AE"}), BLIND),
        (line(route=KG, terms={"payer_country": "KG"}), BLIND),
        (line(route=KG), BLIND),
    ),
    **{
        check: (
            (chips(route=KG, terms=WITHOUT), CHIP_LINE),
            (chips(route=KG, terms=CLAUSE), CHIP_LINE),
            (chips(route=KG), CHIP_LINE),
        )
        for check in ("C1", "C2")
    },
    "C3": (
        (chips(terms={"transfers_know_how": True}), CHIP_LINE),
        (chips(terms={"transfers_know_how": False}), CHIP_LINE),
        (chips(), CHIP_LINE),
    ),
    "C4": (
        (chips(terms={"risk_assessed_on": date(2025, 3, 4)}), CHIP_LINE),
        (chips(terms={"risk_assessed_on": date(2025, 3, 2)}), CHIP_LINE),
        (chips(), CHIP_LINE),
    ),
    "C5": (
        (line(BUYER, terms={**SIGNED, "end_use_signed_by": "Somebody Else"}), BLIND),
        (line(BUYER, terms=SIGNED), BLIND),
        (line(BUYER), BLIND),
    ),
    "T1": (
        (line(BUYER, terms={"payer": "Beta Holding"}), BLIND),
        (line(BUYER, terms={"payer": "Bishkek Dairy"}), BLIND),
        (line(BUYER), BLIND),
    ),
    "T2": (
        (line(goods={"value": 23_000.0, "currency": "EUR"}), replace(BLIND, past=OLD)),
        (line(goods={"value": 6_000.0, "currency": "EUR"}), replace(BLIND, past=OLD)),
        (line(goods={"value": 6_000.0, "currency": "EUR"}), BLIND),
    ),
    "A1": (
        (EMPTY, replace(FREE_LINE, searched={"eu-fsf": ""})),
        (EMPTY, FREE_LINE),
        (EMPTY, BLIND),
    ),
}
BY_ID = {check.id: check for check in CHECKS}
ANSWERS = ("flagged", "clear", "not_assessed")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("check", ORDER)
def test_every_check_flags_a_line_clears_one_and_leaves_one_open(
    check: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[check][ANSWERS.index(answer)]
    if case is None:
        assert check == "F1"  # a line is always read or not: there is nothing to leave open
        return
    bar = "An act, Article 12f" if answer == "flagged" else None
    monkeypatch.setattr("entrepot.screening.route.barred", lambda *given: bar)
    told = BY_ID[check].run(*case)
    assert (told.check_id, told.answer) == (check, answer), told.detail
    assert told.detail.endswith(".")
    assert answer == "flagged" or told.hits == ()


@pytest.mark.parametrize("check", ORDER)
def test_an_open_answer_names_what_is_open_and_cites_nothing(check: str) -> None:
    case = CASES[check][2]
    if case is not None:
        told = BY_ID[check].run(*case)
        assert told.fields
        assert told.evidence == ()


@pytest.mark.parametrize("check", ORDER)
def test_a_line_that_says_nothing_is_clear_by_no_check_of_its_fields(check: str) -> None:
    assert BY_ID[check].run(EMPTY, BLIND).answer == ("clear" if check == "F1" else "not_assessed")


def test_the_register_holds_each_check_once_and_in_order() -> None:
    assert tuple(check.id for check in CHECKS) == ORDER
    assert len(set(ORDER)) == len(ORDER) == len(CASES)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_a_version_a_title_a_reference_and_needs(check: Any) -> None:
    assert check.version >= 1
    assert check.title
    assert check.legal_reference
    # Only that of unread values needs nothing: it looks at whatever there is.
    assert bool(check.needs) == (check.id != "F1")


def test_the_register_holds_the_checks_of_the_notes(shared: Path) -> None:
    notes = (shared / "notes/screening.md").read_text("utf-8")
    rows = re.findall(r"^\| ([PGRCTA]\d+) \|", notes, re.MULTILINE)
    assert ("F1", *rows) == ORDER


def test_a_line_that_says_nothing_is_never_clear_as_a_whole() -> None:
    told = screened(EMPTY, BLIND, CHECKS)
    assert told.verdict == "not_assessed"
    assert told.deciding == Policy().required
