"""A run says which legs told it something, how far they reach, and what remains unknown."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from entrepot.diversion.country_findings import country_findings
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.leg_findings import (
    IDLE,
    NOT_FOUND,
    PARTIAL,
    SILENT,
    UNINFORMATIVE,
    country_reason,
    leg_findings,
    reasons,
)
from entrepot.diversion.split_totals import SplitTotal
from entrepot.diversion.totals import Total
from entrepot.diversion.window import Cells

MONTHS = np.arange("2022-01", "2022-05", dtype="datetime64[M]")
# Kazakhstan publishes, Kyrgyzstan falls silent in the window, which begins in March.
PUBLISHED = np.array([[True, True, True, True], [True, True, False, False]])
CORRIDORS = (
    # commodity, partner, declared, sent in published months, legs
    (0, 0, 5e6, 5e6, "UAD"),
    (1, 0, 0.0, 0.0, "U"),
    (2, 0, 7e6, 7e6, "U"),
    (4, 0, 2e6, 2e6, "U"),
    (4, 1, 3e6, 0.0, "U"),
    (0, 1, 4e6, 0.0, "U"),
    (1, 1, 1e6, 1e6, "UD"),
    (0, 2, 1e6, 0.0, "U"),
)


def estimated(inquiry=None, total=None):
    """Just so much of an estimate as the sentences read; the code 300000 stands twice."""
    row, column, observed, sent, legs = (np.array(part) for part in zip(*CORRIDORS, strict=True))
    nothing = np.zeros(len(row))
    cells = Cells(row, column, observed, nothing, nothing, nothing, nothing)
    table = np.zeros((5, 3))
    table[row, column] = sent
    published = np.vstack((PUBLISHED, np.ones((1, 4), dtype=bool)))
    leg = SimpleNamespace(is_reported=published)
    tally = SimpleNamespace(
        count=np.ones((3, 1)),
        total=lambda at: Total(8e6, 3e6, 4e6, 6e6, 3),
    )
    fused = SimpleNamespace(
        fusion=SimpleNamespace(legs=legs),
        mirror=SimpleNamespace(arrivals=SimpleNamespace(sent=table), sales=object()),
        tally=SimpleNamespace(total=lambda at, most: total),
    )
    return SimpleNamespace(
        inquiry=inquiry or Inquiry(),
        panel=SimpleNamespace(
            first=2,
            currency="EUR FOB",
            cube=SimpleNamespace(
                commodities=np.array(["100000", "200000", "300000", "300000", "400000"]),
                partners=np.array(["KZ", "KG", "AM"]),
                periods=MONTHS,
            ),
            design=SimpleNamespace(is_listed=np.ones(5, dtype=bool), start=np.full(5, 2)),
        ),
        legs=SimpleNamespace(
            arrival=leg,
            downstream=SimpleNamespace(is_reported=published),
            arrival_basis="consignment",
            downstream_basis="importer",
        ),
        conclusions={"common": SimpleNamespace(cells=cells, tally=tally)},
        fused={"common": fused},
    )


def split(diverted, intermediated, ghost, share=None, legs="UAD"):
    ends = [None if part is None else np.array(part) * 1e6 for part in (intermediated, ghost)]
    share = None if share is None else np.array(share)
    return SplitTotal(np.array(diverted) * 1e6, *ends, share, legs)


def told(total):
    found = country_findings(estimated(total=total), "common", "r1")
    return next(finding for finding in found if finding.rule == "country_split_common")


def test_every_corridor_without_a_second_leg_has_its_reason():
    assert reasons(estimated(), "common").tolist() == [
        *("", IDLE, PARTIAL, UNINFORMATIVE, SILENT, SILENT, "", NOT_FOUND)
    ]


def test_a_country_has_the_reason_of_most_of_its_trade():
    assert country_reason(estimated(), "common", 0) == PARTIAL  # 7 m against 2 m
    assert country_reason(estimated(), "common", 1) == SILENT


def test_a_run_says_how_each_leg_was_read_and_how_far_it_reaches():
    (found,) = leg_findings(estimated(), "r1")
    assert (found.rule, found.outcome, found.observed, found.expected) == (
        *("legs_common", "clear"),
        *(2.0, 8.0),
    )
    assert found.detail.startswith(
        "Beside declared exports: the partners' imports by the country goods were sent from "
        "(1 corridors); sales to Russia as Russia declared them (2 corridors). They tell what was "
        "diverted, and by which way, for 2 of 8 corridors; of the others: for 1, nothing was "
        "declared in the window; for 1, only part of the code is listed"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"arrival": "none"}, "the partners' imports were left out as asked; sales to Russia are"),
        ({}, "the partners' imports are not in the data; sales to Russia are not in the data"),
    ],
)
def test_a_run_on_declared_exports_says_why(asked, said):
    estimate = estimated(Inquiry(**asked))
    estimate.fused = {}
    estimate.legs.arrival = estimate.legs.downstream = None
    (found,) = leg_findings(estimate, "r1")
    assert (found.rule, found.outcome) == ("legs", "unknown")
    assert said in found.detail
    assert found.detail.endswith("What was diverted is told as a range.")


def test_a_country_is_told_with_intervals_and_the_ghost_share():
    found = told(split((50, 40, 60), (20, 15, 25), (30, 22, 38), (0.6, 0.5, 0.7)))
    assert found.outcome == "flagged"
    assert found.detail == (
        "Common path: the legs together are consistent with EUR 40 to 60 m diverted through "
        "Kazakhstan to Russia in March-April 2022: EUR 15 to 25 m that arrived there and went on, "
        "and EUR 22 to 38 m that never arrived, a ghost share of 0.50 to 0.70 (90 % intervals)."
    )
    assert (found.observed, found.unit) == (50e6, "EUR FOB")


def test_nothing_that_is_not_excluded_flags_no_country():
    found = told(split((0.5, 0, 4.2), (0.3, 0, 3.1), (0.1, 0, 1.4)))
    assert found.outcome == "unknown"
    assert "consistent with up to EUR 4.2 m diverted" in found.detail
    assert "and nothing is not excluded: up to EUR 3.1 m that arrived there" in found.detail
    assert "ghost share" not in found.detail
    nothing = told(split((0, 0, 0), (0, 0, 0), (0, 0, 0)))
    assert nothing.outcome == "clear"
    assert "consistent with nothing diverted through Kazakhstan" in nothing.detail


def test_ways_that_cannot_be_told_apart_are_unknown_with_a_reason():
    found = told(split((5, 2, 8), None, None))
    assert "EUR 2.0 to 8.0 m diverted" in found.detail
    assert "by which way is unknown, since less than 80% of it lies in products" in found.detail


def test_a_country_without_second_legs_is_unknown_with_a_reason():
    found = told(split((5, 2, 8), None, None, legs="U"))
    assert (found.outcome, found.observed) == ("unknown", None)
    assert found.detail == (
        "Common path: how much was diverted through Kazakhstan to Russia in March-April 2022, and "
        "by which way, is unknown: only part of the code is listed, and the country's records do "
        "not tell its parts apart."
    )


def test_the_excess_of_a_country_comes_first_and_names_its_premise():
    first = country_findings(estimated(total=split((5, 2, 8), None, None)), "common", "r1")[0]
    assert first.rule == "country_total_common"
    assert first.detail == (
        "EU exports of listed goods to Kazakhstan in March-April 2022 were EUR 8 m; that is EUR 4 "
        "to 6 m more than expected if its general trade had followed the partners' common path "
        "(90 % interval)."
    )
    assert Inquiry().since == date(2022, 3, 1)
