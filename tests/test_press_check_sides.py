"""Whose declarations a claim goes by, and when the other side's may decide."""

from __future__ import annotations

from datetime import date

import pytest
from test_press_check import DECEMBER, asked, claim, declared, mirror

from entrepot.press.check import check
from entrepot.press.check_sides import side_to_go_by

DAY = date(2023, 7, 1)
MISSING = ["no exports declared by Germany are held"]


@pytest.mark.parametrize(
    ("changed", "side"),
    [
        ({"flow": "export"}, "DE"),
        ({"flow": "re-export"}, "DE"),
        ({"flow": "import"}, "KZ"),
        ({"flow": "trade"}, "DE"),  # whose view it is stands first
        ({"flow": "trade", "reporter": "KZ"}, "KZ"),
        ({"flow": "export", "reporter": "KZ"}, "KZ"),
        ({"flow": "import", "reporter": "DE"}, "DE"),
        ({"exporter": "W0"}, "KZ"),
        ({"flow": "import", "importer": "W0"}, "DE"),
        ({"reporter": "EU"}, "DE"),  # Eurostat publishes what Germany declares
        ({"reporter": "RU"}, None),
    ],
)
def test_a_claim_goes_by_the_reporter_named_else_by_the_side_of_its_flow(changed, side):
    assert side_to_go_by(claim(**changed), DAY) == side


@pytest.mark.parametrize("reporter", [None, "DE"])
@pytest.mark.parametrize("value", [0.5e6, 2e6])
def test_an_open_first_side_is_never_outvoted(reporter, value):
    sides = [declared(without=DECEMBER), mirror(value)]
    found = check(asked(value=11.5e6, reporter=reporter), sides, [])
    assert (found.outcome, found.observed) == ("unknown", 11e6)
    assert f"EUR {value * 12 / 1e6:g} m CIF" in found.detail


@pytest.mark.parametrize("reporter", [None, "DE"])
def test_the_denial_of_an_open_claim_is_open(reporter):
    sides = [declared(without=DECEMBER), mirror(0.5e6)]
    found = check(asked(value=11.5e6, reporter=reporter, polarity="denied"), sides, [])
    assert found.outcome == "unknown"


@pytest.mark.parametrize(("polarity", "word"), [("asserted", "claimed"), ("denied", "denied")])
def test_two_whole_sides_that_differ_are_open_and_it_is_said_which_agrees(polarity, word):
    found = check(asked(polarity=polarity), [declared(1e6), mirror(0.5e6)], [])
    assert found.outcome == "unknown"
    agrees = f"what Germany declared agrees with what is {word}, what Kazakhstan declared does not"
    assert agrees in found.detail
    turned = check(asked(polarity=polarity), [declared(0.5e6), mirror(1e6)], [])
    assert f"what Kazakhstan declared agrees with what is {word}" in turned.detail


@pytest.mark.parametrize(
    ("reporter", "outcome", "observed"), [("DE", "supported", 12e6), ("KZ", "contradicted", 6e6)]
)
def test_the_reporter_named_decides_and_the_other_side_is_said_to_differ(
    reporter, outcome, observed
):
    found = check(asked(reporter=reporter), [declared(1e6), mirror(0.5e6)], [])
    assert (found.outcome, found.observed) == (outcome, observed)
    assert "declared answers it differently" in found.detail


def test_the_mirror_decides_where_nothing_of_the_first_side_answers_and_says_so():
    found = check(asked(), [mirror(1e6)], MISSING)
    assert (found.outcome, found.observed) == ("supported", 12e6)
    said = "this is the mirror, declared by Kazakhstan, as no exports declared by Germany are held"
    assert said in found.detail


def test_the_mirror_does_not_stand_in_for_the_reporter_named():
    found = check(asked(reporter="DE"), [mirror(1e6)], MISSING)
    assert found.outcome == "unknown"
    assert "the text goes by the statistics of Germany, and those do not answer" in found.detail
    assert "EUR 12 m CIF" in found.detail


def test_a_reporter_on_neither_side_leaves_it_open():
    found = check(asked(reporter="RU"), [declared(1e6), mirror(1e6)], [])
    assert found.outcome == "unknown"
    assert "Russia, which is on neither side of this trade" in found.detail


@pytest.mark.parametrize("value", [10e6, 20e6])
@pytest.mark.parametrize("polarity", ["asserted", "denied"])
def test_without_a_time_a_number_is_neither_supported_nor_contradicted(value, polarity):
    found = check(asked(value=value, period=None, polarity=polarity), [declared()], [])
    assert found.outcome == "unknown"
    assert "the text names no period" in found.detail
