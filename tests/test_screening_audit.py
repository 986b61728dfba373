"""The record of an answer, by hand: what it must hold, and the text for an authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from entrepot.screening.audit import Record, report_text, reproducible
from entrepot.screening.check import Hit, Known, ListedCode, Result
from entrepot.screening.checks import CHECKS
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Owner, Party, Route, Shipment, Terms, Unread
from entrepot.screening.verdict import Screened, screened

DAY = date(2024, 6, 3)
CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL, tier 1")
HIT = Hit(
    *("buyer", "Alpha LLC", "17", "ALFA OOO", "eu-fsf", "possible", 0.81),
    explanations={"words": {"share": 0.8}},
    program_id="EU-RUS",
    listing_date=date(2022, 3, 15),
)
KNOWN = Known(
    DAY,
    codes=(CHIPS,),
    hits=(HIT,),
    has_lists=True,
    searched={"chpl": "2024-02-23", "eu-fsf": "2024-05-31 0a1b2c3d"},
)
LINE = Shipment(
    "0123456789abcdef",
    7,
    "S-1",
    parties=(Party("buyer", "Alpha LLC", country="KG", owners=(Owner("Beta", None),)),),
    goods=Goods(commodity="854231", description='chips "new"\nWhat was found: nothing'),
    route=Route(destination="KG", transit_countries=("PL", "BY")),
    terms=Terms(no_russia_clause=False),
    unread=(Unread("goods.value", "12,5.7", "no number"),),
)


def test_an_answer_with_versions_of_lists_and_policy_is_recorded() -> None:
    told = reproducible(LINE, KNOWN)
    assert told.answer == "clear"
    assert "eu-fsf 2024-05-31 0a1b2c3d" in told.detail
    assert "file 0123456789abcdef, record 7" in told.detail
    assert "policy 'default 1'" in told.detail


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (replace(KNOWN, searched={**KNOWN.searched, "eu-fsf": " "}), "list eu-fsf has no version"),
        (replace(KNOWN, searched={**KNOWN.searched, "own": "unknown"}), "list own has no version"),
        (replace(KNOWN, searched={"chpl": "2024-02-23"}), "a hit is on list eu-fsf"),
        (replace(KNOWN, searched={}, hits=()), "lists of parties were searched and none is named"),
        (replace(KNOWN, policy=Policy(version="")), "the policy has no version"),
        (replace(KNOWN, policy=Policy(match_from=0.9)), "'default 1' and its settings are others"),
        (
            replace(KNOWN, codes=(replace(CHIPS, list_id="own-goods", locator=""),)),
            "entry 854231 of own-goods has neither version nor locator",
        ),
    ],
)
def test_what_could_not_be_given_again_is_told(known: Known, words: str) -> None:
    told = reproducible(LINE, known)
    assert (told.answer, told.severity) == ("flagged", "note")
    assert words in told.detail


def test_a_line_without_the_digest_of_its_file_is_told() -> None:
    assert "no digest" in reproducible(replace(LINE, source_id=""), KNOWN).detail


def test_a_named_policy_may_have_settings_of_its_own() -> None:
    own = Policy(version="house 3", match_from=0.9)
    assert reproducible(LINE, replace(KNOWN, policy=own)).answer == "clear"


def test_where_no_list_was_searched_nothing_is_recorded() -> None:
    assert reproducible(LINE, Known(DAY)).answer == "not_assessed"


def test_a_record_that_is_not_whole_does_not_decide_a_line() -> None:
    known = replace(KNOWN, hits=(), policy=Policy(version="", required=()))
    a1 = tuple(check for check in CHECKS if check.id == "A1")
    assert screened(LINE, known, a1).verdict == "clear"


RECORD = Record(
    made_by="Compliance, Alpha GmbH",
    made_at=datetime(2024, 6, 4, 9, 30, tzinfo=UTC),
    engine="0.6.0",
    file="june.csv",
    sha256="ab" * 32,
    reason="hit on a list",
)


def text_of(known: Known = KNOWN, record: Record = RECORD) -> str:
    return report_text(screened(LINE, known, CHECKS), known, CHECKS, record)


def test_a_report_says_who_when_what_and_against_what() -> None:
    text = text_of()
    for words in (
        "Information under Article 6b of Regulation (EU) No 833/2014",
        'From: "Compliance, Alpha GmbH"',
        "Made on: 2024-06-04T09:30+00:00",
        'Consignment "S-1", goods line 1, record 7 of the file',
        'buyer.name: "Alpha LLC"',
        'buyer.owners: "Beta (share not given)"',
        'route.transit_countries: "PL", "BY"',
        "terms.no_russia_clause: no",
        'goods.value: not read, "12,5.7" (no number)',
        'buyer "Alpha LLC" is like "ALFA OOO", eu-fsf 17, programme "EU-RUS", listed on 2022-03-15',
        "G1 version 1",
        "List eu-fsf, version 2024-05-31 0a1b2c3d",
        "Entry 854231 of chpl: Annex XL, tier 1",
        'Policy "default 1"',
        "Entrepôt 0.6.0",
        f'File: "june.csv", sha256 {"ab" * 32}',
    ):
        assert words in text


def test_a_report_names_every_check_with_its_answer_once() -> None:
    lines = text_of().splitlines()
    for check in CHECKS:
        assert sum(line.startswith(f"{check.id} version {check.version}, ") for line in lines) == 1


def test_words_of_the_papers_cannot_pass_for_words_of_the_report() -> None:
    text = text_of()
    assert r'goods.description: "chips \"new\"\nWhat was found: nothing"' in text
    assert text.splitlines().count("What was found") == 1
    assert not any(line.startswith("What was found:") for line in text.splitlines())


def test_a_hit_stands_in_the_report_once_though_several_checks_tell_it() -> None:
    flagged = Result("P1", "flagged", "review", "A hit.", ("buyer.name",), hits=(HIT,))
    line = Screened(LINE, "review", (flagged, replace(flagged, check_id="P2")), ("P1", "P2"))
    assert report_text(line, KNOWN, CHECKS, RECORD).count("is like") == 1


def test_what_a_person_must_add_is_marked_and_nothing_is_made_up() -> None:
    text = text_of(Known(DAY), Record())
    assert text.count("[to be filled in]") == 6
    assert "No list of parties was searched." in text
    assert "No control list was searched for the goods." in text


@pytest.mark.parametrize(
    "word", ["violat", "guilty", "suspect", "evad", "circumvent", "illegal", "fraud", "crim"]
)
def test_a_report_accuses_nobody(word: str) -> None:
    assert word not in text_of().casefold()
