"""What is shipped, by hand: flagged, clear and not assessed for each check; lists as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from entrepot.codes.annexes import annexes
from entrepot.codes.packages import packages
from entrepot.screening.check import Known, ListedCode, Past, Result
from entrepot.screening.commodity import CHECKS
from entrepot.screening.commodity_entries import ControlLists, control_lists
from entrepot.screening.commodity_lists import listed_codes, searched_on
from entrepot.screening.shipment import Goods, Route, Shipment

CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL, tier 1")
PUMPS = ListedCode("XXIII", "8413", None, False, "Annex XXIII")
DAY = date(2024, 6, 3)
BEFORE = date(2022, 6, 1)
LINE = Shipment("0" * 16, 1, "S-1", goods=Goods(commodity="854231"), route=Route(destination="KG"))


def ask(check: str, known: Known | None = None, **goods: object) -> Result:
    line = replace(LINE, goods=replace(LINE.goods, **goods))
    run = next(one.run for one in CHECKS if one.id == check)
    return run(line, known or Known(DAY, codes=(CHIPS,)))


def listed(*rows: tuple[str, str, str, date | None, date | None]) -> pa.Table:
    """Rows of ``listed_commodities``: list, classification, code, first and last day."""
    return pa.Table.from_pylist(
        [
            {
                "source_id": "0123456789abcdef",
                "list_id": name,
                "classification": edition,
                "commodity": code,
                "tier": None,
                "description": None,
                "valid_from": since,
                "valid_to": until,
                "locator": f"{name}, {code}",
            }
            for name, edition, code, since, until in rows
        ]
    )


def pairs(*rows: tuple[str, str, str, str]) -> pa.Table:
    """Rows of ``concordances``: edition, code, earlier edition, earlier code."""
    names = ("classification", "commodity", "earlier_classification", "earlier_commodity")
    made = [dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(
        [
            {"source_id": "0" * 16, "dataset": "un", **row, "relationship": None, "is_main": None}
            for row in made
        ],
        schema=pa.schema(
            [
                *((name, pa.string()) for name in ("source_id", "dataset", *names)),
                ("relationship", pa.string()),
                ("is_main", pa.bool_()),
            ]
        ),
    )


def on_lists(
    lists: ControlLists, code: str, on: date = DAY, classification: str | None = None
) -> list[tuple[str, str, bool]]:
    found = listed_codes(lists, code, classification, on)
    return [(one.list_id, one.prefix, one.is_whole) for one in found]


def test_a_high_priority_code_is_flagged_with_its_tier() -> None:
    told = ask("G1")
    assert told.detail == "854231 is reached by 854231 of chpl, tier 1."
    assert (told.answer, told.severity, told.evidence) == (
        "flagged",
        "review",
        ("Annex XL, tier 1",),
    )


@pytest.mark.parametrize(("country", "severity"), [("RU", "block"), ("BY", "review")])
def test_the_same_code_to_russia_blocks_and_belarus_has_lists_of_its_own(
    country: str, severity: str
) -> None:
    line = replace(LINE, route=Route(destination=country))
    assert CHECKS[0].run(line, Known(DAY, codes=(CHIPS,))).severity == severity


@pytest.mark.parametrize("check", ["G1", "G2", "G5", "G7"])
@pytest.mark.parametrize("code", [None, "", "85423", "12a4", "854", "٨٥٤٢٣١"])
def test_a_code_that_cannot_be_read_is_not_assessed(check: str, code: str | None) -> None:
    assert ask(check, commodity=code).answer == "not_assessed"


@pytest.mark.parametrize("check", ["G1", "G2"])
def test_without_a_list_nothing_is_clear(check: str) -> None:
    assert ask(check, Known(DAY)).answer == "not_assessed"


def test_no_entry_of_the_high_priority_list_is_clear_and_names_the_version() -> None:
    told = ask("G1", Known(DAY, codes=()), commodity="940130")
    assert told.answer == "clear"
    assert "version 2024-02-23, on 2024-06-03" in told.detail


def test_before_the_version_we_hold_a_code_of_it_is_a_note_and_no_other_is_clear() -> None:
    assert ask("G1", Known(BEFORE, codes=())).severity == "note"
    assert "later than 2022-06-01" in ask("G1", Known(BEFORE, codes=())).detail
    assert ask("G1", Known(BEFORE, codes=()), commodity="940130").answer == "not_assessed"


def test_other_lists_are_clear_only_where_one_was_searched_as_a_whole() -> None:
    assert ask("G2", Known(DAY, codes=())).answer == "not_assessed"
    assert ask("G2", Known(DAY, codes=(), searched={"chpl": "2024-02-23"})).answer == "not_assessed"
    told = ask("G2", Known(DAY, codes=(), searched={"eu-export-ban": "source 01"}))
    assert told.answer == "clear"
    assert "eu-export-ban (source 01)" in told.detail
    assert "Annex VII" in told.detail


def test_an_entry_that_reaches_some_goods_only_says_so_and_never_blocks() -> None:
    told = ask("G2", Known(DAY, codes=(PUMPS,)), commodity="84138100")
    assert told.detail.endswith("where only some goods are listed.")
    line = replace(LINE, goods=Goods(commodity="84138100"), route=Route(destination="RU"))
    assert CHECKS[1].run(line, Known(DAY, codes=(PUMPS,))).severity == "review"


def test_a_code_on_two_lists_names_both() -> None:
    other = ListedCode("eu-export-ban", "84138100", None, True, "own list, line 4")
    told = ask("G2", Known(DAY, codes=(PUMPS, other)), commodity="84138100")
    assert told.evidence == ("own list, line 4", "Annex XXIII")
    assert "eu-export-ban" in told.detail
    assert "8413 of XXIII" in told.detail


def test_the_exporters_own_dual_use_finding_blocks_whatever_the_code() -> None:
    told = ask("G2", dual_use_code="3A001", commodity=None)
    assert (told.answer, told.severity) == ("flagged", "block")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("spare parts", "flagged"),
        ("Ersatzteile, diverse", "flagged"),
        ("запчасти для оборудования", "flagged"),
        ("запчасти для насосов", "clear"),
        ("прочие товары", "flagged"),
        ("electronic components", "flagged"),
        ("Elektronische Bauteile, 20 Stück", "flagged"),
        ("samples of goods", "flagged"),
        ("Parts (excl. bearings)", "flagged"),
        ("Hydraulic pumps for tractors", "clear"),
        ("IC STM32F407VGT6", "clear"),
        ("1234", "flagged"),
        ("   ", "not_assessed"),
        ("", "not_assessed"),
        (None, "not_assessed"),
    ],
)
def test_a_description_must_say_what_the_goods_are(words: str | None, answer: str) -> None:
    assert ask("G4", description=words).answer == answer


def test_a_neighbour_one_digit_away_is_to_be_looked_at_and_a_farther_one_is_a_note() -> None:
    near = ask("G5", commodity="854290")  # two digits from 8542.31 to .39
    assert (near.answer, near.severity) == ("flagged", "note")
    told = ask("G5", commodity="84824000")  # 8482.10 to .50 differ from 8482.40 in one digit
    assert (told.answer, told.severity) == ("flagged", "review")
    assert "848210, 848220, 848230, 848250 in one digit" in told.detail


def test_a_code_of_the_list_and_a_foreign_heading_have_no_neighbours() -> None:
    assert ask("G5", commodity="85423990").answer == "clear"
    assert ask("G5", commodity="940130").answer == "clear"
    assert ask("G5", commodity="8542").answer == "not_assessed"


def test_a_neighbour_used_for_this_destination_only_says_so() -> None:
    past = Past(line_count=3, commodities={"854290": ("KG", "KG", "KG")})
    told = ask("G5", Known(DAY, codes=(), past=past), commodity="854290")
    assert told.severity == "review"
    assert "for KG only, 3 times" in told.detail
    mixed = Past(line_count=2, commodities={"854290": ("KG", "DE")})
    assert ask("G5", Known(DAY, codes=(), past=mixed), commodity="854290").severity == "note"


@pytest.mark.parametrize(
    ("goods", "answer"),
    [
        ({}, "flagged"),
        ({"part_number": "STM32F405"}, "clear"),
        ({"serial_number": "77"}, "clear"),
        ({"commodity": "848210"}, "clear"),
        ({"commodity": "8542"}, "not_assessed"),
        ({"commodity": None}, "not_assessed"),
    ],
)
def test_high_priority_electronics_need_a_part_number(goods: dict[str, str], answer: str) -> None:
    assert ask("G7", **goods).answer == answer


@pytest.mark.parametrize("code", ["854231", "848240"])
def test_hints_of_the_list_are_notes_on_days_before_its_version(code: str) -> None:
    check = "G7" if code == "854231" else "G5"
    for on, severity in ((BEFORE, "note"), (DAY, "review")):
        told = ask(check, Known(on, codes=()), commodity=code)
        assert (told.answer, told.severity) == ("flagged", severity)


def test_the_longest_entry_of_each_list_reaches_a_code_on_its_days_only() -> None:
    rows = listed(
        ("own", "HS", "8413", date(2022, 3, 1), None),
        ("own", "CN", "84138100", date(2023, 3, 1), date(2024, 3, 1)),
    )
    lists = control_lists(rows, None)
    assert on_lists(lists, "84138100", date(2022, 2, 28)) == []
    assert on_lists(lists, "84138100", date(2022, 6, 1)) == [("own", "8413", True)]
    assert on_lists(lists, "84138100", date(2024, 3, 1)) == [("own", "84138100", True)]
    assert on_lists(lists, "84138100", date(2024, 3, 2)) == [("own", "8413", True)]


def test_a_code_shorter_than_the_entry_is_reached_in_part() -> None:
    lists = control_lists(listed(("own", "CN", "84138100", date(2023, 1, 1), None)), None)
    assert on_lists(lists, "841381") == [("own", "84138100", False)]
    assert on_lists(lists, "841370") == []


def test_a_chapter_of_a_package_is_reached_from_the_day_of_its_act() -> None:
    lists = control_lists(None, None)
    assert on_lists(lists, "88024000", date(2022, 2, 25)) == []
    assert ("XI", "88", True) in on_lists(lists, "88024000", date(2022, 2, 26))


def test_bans_on_imports_do_not_reach_what_is_exported() -> None:
    lists = control_lists(None, None)
    assert on_lists(lists, "27090090", date(2024, 1, 1)) == []  # crude oil, Annex XXV


def test_a_code_of_the_edition_before_is_followed_to_what_took_its_goods() -> None:
    lists = control_lists(None, None)
    # 8542.31 stayed; 8541.40 of HS 2017 was split, so only some of it is 8541.49.
    assert on_lists(lists, "85423190", classification="CN2021") == [("chpl", "854231", True)]
    assert on_lists(lists, "854140", classification="H5") == [("chpl", "854149", False)]
    assert on_lists(lists, "854140", classification="H6") == []


def test_a_concordance_carries_a_list_into_another_edition() -> None:
    rows = listed(("own", "H5", "850110", date(2020, 1, 1), None))
    whole = control_lists(rows, pairs(("H6", "850199", "H5", "850110")))
    assert on_lists(whole, "850199") == [("own", "850110", True)]
    split = pairs(("H6", "850199", "H5", "850110"), ("H6", "850199", "H5", "850120"))
    assert on_lists(control_lists(rows, split), "850199") == [("own", "850110", False)]
    assert on_lists(control_lists(rows, None), "850199") == []


def test_a_code_that_kept_its_number_is_the_same_although_waste_was_taken_out_of_it() -> None:
    moved = pairs(
        ("H6", "854231", "H5", "854231"),
        ("H6", "854921", "H5", "854231"),
        ("H6", "852990", "H5", "880330"),
        ("H6", "880730", "H5", "880330"),
    )
    lists = control_lists(None, moved)
    assert ("chpl", "854231", True) in on_lists(lists, "854231", classification="H5")
    assert ("chpl", "880730", False) in on_lists(lists, "880330", classification="H5")


def test_lists_held_in_part_are_never_among_those_searched() -> None:
    lists = control_lists(listed(("own", "HS", "8413", None, None)), None)
    assert searched_on(lists, DAY) == {"chpl": "2024-02-23", "own": "source 0123456789abcdef"}
    assert "chpl" not in searched_on(lists, BEFORE)


def test_every_annex_of_a_package_that_bars_exports_to_russia_is_described() -> None:
    known = {
        part
        for one in packages()
        if one.direction == "export" and "Annex I" not in one.annex
        for part in one.annex.split()
    }
    assert known - set(annexes()) == {"XXIIIE", "XXIIIF"}
    for one in packages():
        if one.annex in annexes() and one.direction == "export":
            assert annexes()[one.annex].article == one.article


@pytest.mark.parametrize(
    ("country", "severity"), [("GB", "note"), ("FR", "note"), ("KZ", "review")]
)
def test_listed_goods_that_stay_with_partners_are_a_note(country: str, severity: str) -> None:
    run = next(one.run for one in CHECKS if one.id == "G1")
    line = replace(LINE, route=Route(destination=country))
    told = run(line, Known(DAY, codes=(CHIPS,)))
    assert (told.answer, told.severity) == ("flagged", severity)
