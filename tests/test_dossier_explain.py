"""One lead explained: numbers that add up, months on a terminal, and a hint where it is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dossier_lake import EVENT, MONTHS, Tale, dossier_lake
from hypothesis import given
from hypothesis import strategies as st

from entrepot.corridor import Corridor
from entrepot.dossier.explain import explain_lead
from entrepot.dossier.terminal import NARROWEST, OBSERVED, ROWS, terminal_chart
from entrepot.errors import CodeError, LakeError

CARS = Corridor("EU", "KG", "RU", "870324")


def explained(folder, tale=None, corridor=CARS):
    with dossier_lake(folder, tale) as lake:
        return explain_lead(lake, corridor, None)


@pytest.fixture(scope="module")
def cars(tmp_path_factory):
    return explained(tmp_path_factory.mktemp("cars"))


def test_observed_minus_expected_is_the_excess(cars):
    # Nine months: 9 m declared, 1 m expected in `common` and 2 m in `partner`.
    assert [found.formula for found in cars.brackets] == [
        "observed 81,000,000 − expected 9,000,000 = excess 72,000,000 (EUR FOB)",
        "observed 81,000,000 − expected 18,000,000 = excess 63,000,000 (EUR FOB)",
    ]


def test_a_lead_carries_onset_caveats_and_evidence(cars):
    assert cars.onset == "The excess most likely began: March–May 2022, most likely April 2022."
    assert [note.code for note in cars.caveats] == [*("upstream_only", "listing_date_unknown")]
    assert cars.evidence == (
        "leads run_id=r1, bracket=common, intermediary=KG, commodity=870324",
        "leads run_id=r1, bracket=partner, intermediary=KG, commodity=870324",
        "source 00112233aabbccdd (eu-exports.xlsx)",
        "source ffeeddccbbaa0099 (list.csv)",
    )
    assert cars.event == EVENT
    assert len(cars.months) == 2 * len(MONTHS)


def test_sentences_give_both_brackets_and_accuse_nobody(cars):
    words = " ".join(cars.sentences)
    assert "an excess of EUR 69.8–73.8 m" in words
    assert "an excess of EUR 58.5–66.6 m" in words
    assert "Common path: flagged, q = 0.020 at a false discovery rate of 0.1" in words
    assert "consistent with diversion to Russia" in words
    assert "never about a named firm" in words


def test_a_lead_in_one_bracket_says_that_the_other_is_missing(tmp_path):
    found = explained(tmp_path, Tale(brackets=("common",)))
    assert len(found.brackets) == 1
    assert "not computed" in found.absent[0]
    assert terminal_chart(found, 80, color=False).count("└") == 1


def test_an_unknown_lead_names_those_near_it(tmp_path):
    with dossier_lake(tmp_path) as lake:
        with pytest.raises(LakeError) as error:
            explain_lead(lake, Corridor("EU", "KG", "RU", "870323"), None)
        assert "holds no lead 'EU-KG-RU-870323'" in str(error.value)
        assert "'EU-KG-RU-870324'" in str(error.value)
        with pytest.raises(CodeError, match="area is 'ZQ'"):
            explain_lead(lake, Corridor("EU", "ZQ", "RU", "870324"), None)
        with pytest.raises(LakeError, match="EU-KG-RU-870324"):
            explain_lead(lake, Corridor("EU", "KG", "BY", "870324"), None)


def test_a_simulated_lead_says_so(tmp_path):
    found = explained(tmp_path, Tale(is_simulated=True))
    assert "simulated" in [note.code for note in found.caveats]
    assert terminal_chart(found, 80, color=False).startswith("SIMULATED DATA\n")


@given(width=st.integers(NARROWEST, 200))
def test_a_terminal_chart_fits_the_terminal(cars, width):
    lines = terminal_chart(cars, width, color=False).splitlines()
    assert max(map(len, lines)) <= width


def test_without_colour_no_control_character_is_written(cars):
    plain, painted = (terminal_chart(cars, 80, color=color) for color in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1m" in painted
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[2;36m"):
        painted = painted.replace(code, "")
    assert painted == plain


def test_the_jump_is_seen_in_the_terminal(cars):
    lines = terminal_chart(cars, 80, color=False).splitlines()
    panel = lines[1 : 1 + ROWS]
    assert panel[0].count(OBSERVED) == 9  # the nine months of the window, at the top
    assert sum(line.count(OBSERVED) for line in panel[ROWS // 2 :]) == len(MONTHS) - 9
    assert "EUR m a month, FOB" in lines[0]
    assert lines[-1].endswith("window from March 2022")


def test_months_that_do_not_fit_are_counted(cars):
    assert "the latest 24 of 35 months" in terminal_chart(cars, NARROWEST, color=False)


def test_a_lead_without_months_says_so(cars):
    bare = terminal_chart(replace(cars, months=()), 80, color=False)
    assert bare == "The run stored no months for this lead."


def test_a_terminal_too_narrow_for_an_axis_is_refused(cars):
    with pytest.raises(ValueError, match="expected at least"):
        terminal_chart(cars, NARROWEST - 1, color=False)
