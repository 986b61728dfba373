"""Payment and orders, by hand: flagged, clear and not assessed for each check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepot.screening.check import Known, Past, Result
from entrepot.screening.payment import CHECKS
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Party, Shipment, Terms

BUYER = Party("buyer", "Alpha Trade LLC", country="KG")
LINE = Shipment("0" * 16, 1, "S-1", parties=(BUYER,), goods=Goods(value=20_000.0, currency="EUR"))
NOTHING = Terms()
KNOWN = Known(date(2024, 6, 3))


def ask(check: str, terms: Terms = NOTHING, known: Known = KNOWN, line: Shipment = LINE) -> Result:
    return next(one.run for one in CHECKS if one.id == check)(replace(line, terms=terms), known)


@pytest.mark.parametrize(
    ("terms", "answer", "words"),
    [
        (Terms(payer="Alpha Trade LLC"), "clear", "nothing unusual in terms.payer"),
        (Terms(payer="Beta Holding"), "flagged", "'Beta Holding' pays"),
        (Terms(payer_country="KG"), "clear", "nothing unusual"),
        (Terms(payer_country="AE"), "flagged", "sits in AE"),
        (Terms(payment_method="cash"), "flagged", "20,000 EUR are paid by cash"),
        (Terms(payment_method="transfer"), "clear", "nothing unusual"),
        (Terms(), "not_assessed", "terms.payer and terms.payer_country"),
    ],
)
def test_payment(terms: Terms, answer: str, words: str) -> None:
    told = ask("T1", terms)
    assert told.answer == answer
    assert words in told.detail


def test_a_small_sum_in_cash_is_no_matter() -> None:
    small = replace(LINE, goods=Goods(value=9_999.0, currency="EUR"))
    assert ask("T1", Terms(payment_method="Bar"), line=small).answer == "clear"
    strict = replace(KNOWN, policy=Policy(cash_from_eur=5_000))
    assert ask("T1", Terms(payment_method="Bar"), strict, small).answer == "flagged"


OLD = Past(date(2019, 5, 1), 4, (3_000.0, 4_000.0, 5_000.0, 6_000.0))


@pytest.mark.parametrize(
    ("past", "value", "answer", "words"),
    [
        (OLD, 20_000.0, "clear", "fits 4 earlier lines"),
        (OLD, 23_000.0, "flagged", "5.1 times the median of 4 lines"),
        (OLD, None, "not_assessed", "goods.value"),
        (replace(OLD, first_seen=date(2022, 3, 1)), 4_000.0, "flagged", "known since 2022-03-01"),
        (Past(), 4_000.0, "flagged", "first line of this buyer"),
        (None, 4_000.0, "not_assessed", "earlier lines"),
    ],
)
def test_orders(past: Past | None, value: float | None, answer: str, words: str) -> None:
    line = replace(LINE, goods=Goods(value=value, currency="EUR"))
    told = ask("T2", known=replace(KNOWN, past=past), line=line)
    assert told.answer == answer
    assert words in told.detail
