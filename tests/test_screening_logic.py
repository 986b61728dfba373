"""The second opinion on a pair, ``logic-v2``: used where installed, and asked anew every time."""

from __future__ import annotations

import importlib
import importlib.util

import pytest

from entrepot.errors import CodeError
from entrepot.screening.listed import Listed
from entrepot.screening.party_logic import LogicScore
from entrepot.screening.party_register import register
from entrepot.screening.party_search import Asked, search
from entrepot.screening.policy import Policy

HAS_FTM = importlib.util.find_spec("nomenklatura") is not None
needs_ftm = pytest.mark.skipif(not HAS_FTM, reason="needs the extra ftm: make test-ftm.")

PLANT = Listed("1", "own", "Company", ("Tulamash Trading LLC",))
MAN = Listed("2", "own", "Person", ("Ivan Sample",))
LISTS = register((PLANT, MAN))


@pytest.fixture(scope="module")
def logic() -> LogicScore:
    return LogicScore()


@pytest.mark.skipif(HAS_FTM, reason="says what happens without the extra ftm.")
def test_without_the_extra_the_message_says_what_to_install() -> None:
    with pytest.raises(CodeError, match=r"entrepot\[ftm\]"):
        LogicScore()


@needs_ftm
@pytest.mark.ftm
def test_the_second_opinion_is_shown_beside_our_own(logic: LogicScore) -> None:
    (match,) = search(LISTS, Asked("OOO Tulamash Trading"), Policy(), logic)
    assert match.listed.id == "1"
    told = match.explanations["logic-v2"]
    assert isinstance(told["score"], float)
    assert told["score"] > 0.7
    assert told["features"]
    assert "words" in match.explanations


@needs_ftm
@pytest.mark.ftm
def test_a_second_opinion_never_lowers_a_score(logic: LogicScore) -> None:
    for name in ("Tulamash Trading", "Ivan Sampel", "Туламаш Трейд"):
        (alone,) = search(LISTS, Asked(name), Policy())
        (beside,) = search(LISTS, Asked(name), Policy(), logic)
        assert beside.score >= alone.score


@needs_ftm
@pytest.mark.ftm
def test_every_question_has_an_id_of_its_own_so_that_the_order_changes_no_answer(
    logic: LogicScore,
) -> None:
    names = ("Tulamash Trading LLC", "Quite Another Company GmbH", "Tulamash Trading LLC")
    first, other, again = (logic.score(Asked(name), PLANT)[0] for name in names)
    assert first == again > 0.7 > other
    # The second name is the first that another scorer of this process is asked.
    assert LogicScore().score(Asked(names[1]), PLANT)[0] == other


@needs_ftm
@pytest.mark.ftm
def test_an_id_used_again_is_answered_for_the_name_it_had_first(logic: LogicScore) -> None:
    # The trap itself, as nomenklatura has it: why no id may be used twice.
    matching = importlib.import_module("nomenklatura.matching")
    entity = importlib.import_module("followthemoney").ValueEntity
    compare = matching.get_algorithm("logic-v2").compare
    config = matching.ScoringConfig.defaults()

    def scored(number: str, name: str) -> float:
        data = {"id": number, "schema": "Company", "properties": {"name": [name]}}
        listed = logic._entry(PLANT)
        return float(compare(entity.from_dict(data, cleaned=False), listed, config).score)

    first = scored("used-twice", "Tulamash Trading LLC")
    again = scored("used-twice", "Quite Another Company GmbH")
    own = scored("used-once", "Quite Another Company GmbH")
    assert first == again > 0.7 > own


@needs_ftm
@pytest.mark.ftm
def test_two_lists_may_use_one_id_for_two_parties(logic: LogicScore) -> None:
    here = Listed("7", "one", "Company", ("Grimalkin Forwarding OOO",))
    there = Listed("7", "two", "Company", ("Zenit Repair Plant",))
    asked = Asked("Zenit Repair Plant")
    assert logic.score(asked, here)[0] < 0.5 < logic.score(asked, there)[0]
    newer = Listed("7", "one", "Company", ("Zenit Repair Plant",))
    assert logic.score(asked, newer)[0] > 0.5
