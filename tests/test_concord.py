"""Codes of several editions under one: nothing is guessed, and no value is lost unseen."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from both_engines import examples, rows_on_engine
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes.concordance import Correction, corrections
from entrepot.codes.high_priority import high_priority
from entrepot.errors import EstimateError
from entrepot.trade.concord import concord, edition
from entrepot.trade.families import RULES, links, names

pytestmark = pytest.mark.engines

FIX = Correction("H6", "300002", "H5", "900000", "300000", "wrong chapter", "hand")


def pairs(*rows):
    """Pairs of H6 and H5 codes: code, earlier code, relationship, whether it is the main one."""
    return pa.table(
        {
            "classification": ["H6"] * len(rows),
            "commodity": [row[0] for row in rows],
            "earlier_classification": ["H5"] * len(rows),
            "earlier_commodity": [row[1] for row in rows],
            "relationship": [row[2] for row in rows],
            "is_main": pa.array([row[3] for row in rows], pa.bool_()),
        }
    )


# 100000 stayed; 2000.. was split in two; 300001 and 300002 were drawn from two codes each.
TABLE = pairs(
    ("100000", "100000", "1:1", True),
    ("200001", "200000", "n:1", True),
    ("200002", "200000", "n:1", True),
    ("300001", "300000", "n:n", True),
    ("300001", "310000", "n:n", False),
    ("300002", "300000", "n:n", False),
    ("300002", "310000", "n:n", True),
)


def named(rule, table=TABLE, fixes=(), **how):
    found = names(links(table, ["H5", "H6"], fixes), rule, "H5", **how)
    return {(row["edition"], row["commodity"]): row["name"] for row in found.table.to_pylist()}


def test_a_code_that_stayed_keeps_its_name_under_every_rule():
    assert {named(rule)["H6", "100000"] for rule in RULES} == {"100000"}


def test_split_codes_go_back_to_the_one_code_that_held_them():
    for rule in ("exact", "main"):
        assert named(rule)["H6", "200001"] == named(rule)["H6", "200002"] == "200000"


def test_a_code_drawn_from_two_has_no_exact_name():
    assert named("exact")["H6", "300001"] is None


def test_the_main_rule_takes_the_code_the_publisher_chose():
    assert (named("main")["H6", "300001"], named("main")["H6", "300002"]) == ("300000", "310000")


def test_a_family_holds_all_codes_that_are_linked_directly_or_through_others():
    found = named("family")
    assert {found["H6", "300001"], found["H6", "300002"], found["H5", "310000"]} == {"F300000"}
    assert found["H5", "200000"] == "F200000"


def test_links_of_a_family_that_is_too_large_are_cut_but_for_the_main_ones():
    found = named("family", largest=3)
    assert found["H6", "300001"] == "F300000"
    assert found["H6", "300002"] == "F310000"
    assert names(links(TABLE, ["H5", "H6"], ()), "family", "H5", 3).cut_count == 2


def test_a_correction_replaces_the_links_of_its_code_and_is_counted():
    table = pairs(("300002", "900000", "n:n", True), ("300002", "910000", "n:n", False))
    found = links(table, ["H5", "H6"], (FIX,))
    assert found.corrected_count == 1
    assert named("main", table, (FIX,))["H6", "300002"] == "300000"


def test_a_correction_of_what_the_table_no_longer_says_changes_nothing():
    assert links(TABLE, ["H5", "H6"], (FIX,)).corrected_count == 0


def test_a_chain_of_two_editions_is_followed_to_its_end():
    older = pa.table(
        {
            "classification": ["H5"],
            "commodity": ["200000"],
            "earlier_classification": ["H4"],
            "earlier_commodity": ["250000"],
            "relationship": ["1:1"],
            "is_main": pa.array([None], pa.bool_()),
        }
    )
    whole = pa.concat_tables([TABLE, older])
    found = names(links(whole, ["H4", "H5", "H6"], ()), "exact", "H4").table.to_pylist()
    assert {r["commodity"]: r["name"] for r in found if r["edition"] == "H6"}["200001"] == "250000"


def test_editions_without_a_concordance_are_an_error_that_says_what_to_ingest():
    with pytest.raises(EstimateError, match="Ingest the UN's table"):
        links(TABLE, ["H1", "H2"], ())
    with pytest.raises(EstimateError, match="'H3', expected one of"):
        names(links(TABLE, ["H5", "H6"], ()), "exact", "H3")


@pytest.mark.parametrize(
    ("classification", "year", "expected"),
    [("HS", 2021, "H5"), ("HS", 2022, "H6"), ("CN", 2017, "H5"), ("H4", 2022, "H4")],
)
def test_edition_is_the_one_named_or_the_one_in_force(classification, year, expected):
    with rows_on_engine() as on:
        rows = pa.table({"classification": [classification], "period": [date(year, 1, 1)]})
        frame = on(rows)
        assert frame.select(edition().alias("e")).collect().rows() == [(expected,)]


CODES = ("100000", "200000", "200001", "200002", "300001", "300002", "999999", "20000110")
ROWS = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from([2021, 2022]), st.integers(1, 1000)),
    min_size=1,
    max_size=30,
)


@given(rows=ROWS, rule=st.sampled_from(RULES))
@settings(max_examples=examples(40))
def test_no_value_is_made_or_lost_whatever_the_rule(rows, rule):
    table = names(links(TABLE, ["H5", "H6"], ()), rule, "H5").table
    flows = pa.table(
        {
            "commodity": [row[0] for row in rows],
            "period": [date(row[1], 3, 1) for row in rows],
            "value": [float(row[2]) for row in rows],
            "classification": ["HS"] * len(rows),
        }
    )
    with rows_on_engine() as on:
        frame = on(flows)
        done = concord(frame, on(table), "H5").collect("pyarrow")
    found = done.to_native().to_pylist()
    assert sum(row["value"] for row in found) == sum(row[2] for row in rows)
    unnamed = {row["commodity"] for row in found if not row["is_named"]}
    assert unnamed <= ({"300001", "300002"} if rule == "exact" else set())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, unique=True))
def test_codes_share_a_family_where_and_only_where_a_path_of_links_joins_them(ends):
    rows = [(f"1{a:05d}", f"2{b:05d}", "n:n", None) for a, b in ends]
    found = named("family", pairs(*rows), largest=100)
    reached = {code: {code} for row in rows for code in row[:2]}
    for _ in rows:
        for a, b, *_ in rows:
            whole = reached[a] | reached[b]
            for code in whole:
                reached[code] = whole
    family = {code: name for (_, code), name in found.items()}
    for a in reached:
        for b in reached:
            assert (family[a] == family[b]) == (b in reached[a])


def test_every_correction_agrees_with_the_high_priority_list():
    predecessors = {row.commodity: row.hs2017_predecessor for row in high_priority()}
    assert corrections()
    for correction in corrections():
        assert correction.earlier_commodity == predecessors[correction.commodity]
        assert correction.published != correction.earlier_commodity
