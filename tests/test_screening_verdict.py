"""One verdict from many answers; nothing is clear because nothing could be looked at."""

from __future__ import annotations

from datetime import date

import pytest

from entrepot.screening.check import Answer, Check, Hit, Known, Result, Severity
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment
from entrepot.screening.verdict import in_order, screened

LINE = Shipment("0" * 16, 1, "S-1")
DAY = date(2024, 6, 3)


def saying(name: str, answer: Answer, severity: Severity, hits: tuple[Hit, ...] = ()) -> Check:
    def run(shipment: Shipment, known: Known) -> Result:
        return Result(name, answer, severity, "A sentence.", ("goods.commodity",), (), hits)

    return Check(name, 1, "A check", "An act", (), run)


FLAGGED = saying("A1", "flagged", "review")
STOPPED = saying("B1", "flagged", "block")
NOTED = saying("N1", "flagged", "note")
CLEAR = saying("C1", "clear", "block")
OPEN = saying("D1", "not_assessed", "block")


@pytest.mark.parametrize(
    ("checks", "verdict", "deciding"),
    [
        ([CLEAR, FLAGGED, STOPPED], "block", ("B1",)),
        ([CLEAR, FLAGGED, OPEN], "review", ("A1",)),
        ([CLEAR, OPEN], "clear", ("C1",)),
        ([NOTED, OPEN], "clear", ("N1",)),
        ([OPEN], "not_assessed", ()),
        ([], "not_assessed", ()),
    ],
)
def test_the_severest_flag_decides(
    checks: list[Check], verdict: str, deciding: tuple[str, ...]
) -> None:
    told = screened(LINE, Known(DAY, Policy(required=())), checks)
    assert (told.verdict, told.deciding) == (verdict, deciding)


def test_a_line_is_not_clear_while_a_required_check_is_open() -> None:
    told = screened(LINE, Known(DAY, Policy(required=("C1", "D1"))), [CLEAR, OPEN])
    assert (told.verdict, told.deciding) == ("not_assessed", ("D1",))
    assert screened(LINE, Known(DAY, Policy(required=("C1",))), [CLEAR, OPEN]).verdict == "clear"
    assert screened(LINE, Known(DAY), [CLEAR, FLAGGED, OPEN]).verdict == "review"


def test_a_required_check_that_the_policy_leaves_out_is_open() -> None:
    policy = Policy(checks=("C1",), required=("D1",))
    assert screened(LINE, Known(DAY, policy), [CLEAR, OPEN]).deciding == ("D1",)


def test_open_checks_are_named() -> None:
    assert screened(LINE, Known(DAY), [CLEAR, OPEN]).open_checks == ("D1",)


def test_the_policy_chooses_checks_and_what_blocks() -> None:
    some = Known(DAY, Policy(checks=("A1",)))
    assert [one.check_id for one in screened(LINE, some, [FLAGGED, STOPPED]).results] == ["A1"]
    strict = Known(DAY, Policy(block=("A1",)))
    assert screened(LINE, strict, [FLAGGED]).verdict == "block"


def hit(entity: str, score: float, **explanations: dict[str, object]) -> Hit:
    return Hit("buyer", "Alpha", entity, "ALPHA", "own", "match", score, explanations)


def test_hits_are_ordered_by_severity_score_identifier_and_name() -> None:
    review = saying("A1", "flagged", "review", (hit("1", 1.0),))
    block = saying(
        "B1",
        "flagged",
        "block",
        (
            hit("4", 0.9),
            hit("3", 0.9, words={"share": 0.8}),
            hit("2", 0.9, identifier={"score": 1.0}),
            hit("5", 0.95),
        ),
    )
    told = screened(LINE, Known(DAY), [review, block])
    assert [one.entity_id for _, one in in_order(told.results)] == ["5", "2", "3", "4", "1"]
