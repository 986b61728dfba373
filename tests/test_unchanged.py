"""Lists of changes of the Combined Nomenclature, followed over years in which a code stayed."""

from __future__ import annotations

import pyarrow as pa
import pytest

from entrepot.trade.families import links, names
from entrepot.trade.unchanged import steps_missing, with_unchanged

pytestmark = pytest.mark.engines

YEARS = ("CN2021", "CN2022", "CN2023")
COLUMNS = ("classification", "commodity", "earlier_classification", "earlier_commodity")


def changes(*rows):
    """``(later edition, code, code before, relationship)``."""
    table = [
        dict(zip(COLUMNS, (later, code, f"CN{int(later[2:]) - 1}", before), strict=True))
        | {"relationship": relationship, "is_main": None}
        for later, code, before, relationship in rows
    ]
    kinds = [(name, pa.string()) for name in (*COLUMNS, "relationship")]
    return pa.Table.from_pylist(table, schema=pa.schema([*kinds, ("is_main", pa.bool_())]))


LISTS = changes(
    ("CN2022", "85414100", "85414010", "1:1"),  # and unchanged in 2023
    ("CN2023", "87032400", "87032410", "n:1"),
    ("CN2023", "87032500", "87032410", "n:1"),
)


def named(rule, to):
    found = names(links(with_unchanged(LISTS, YEARS), YEARS, ()), rule, to)
    return {(row["edition"], row["commodity"]): row["name"] for row in found.table.to_pylist()}


def test_a_code_that_stayed_itself_in_later_years_goes_back_to_the_code_before_its_change():
    assert named("exact", "CN2021")["CN2023", "85414100"] == "85414010"
    assert named("exact", "CN2023")["CN2021", "85414010"] == "85414100"


def test_a_code_is_not_linked_with_itself_over_the_change_that_ended_it():
    pairs = with_unchanged(LISTS, YEARS).to_pylist()
    own = {
        (row["classification"], row["commodity"])
        for row in pairs
        if row["commodity"] == row["earlier_commodity"]
    }
    assert ("CN2022", "87032410") in own
    assert ("CN2023", "87032410") not in own
    assert ("CN2022", "85414010") not in own


def test_codes_that_came_out_of_one_are_a_family_in_all_years():
    found = named("family", "CN2021")
    keys = (("CN2021", "87032410"), ("CN2022", "87032410"), ("CN2023", "87032500"))
    assert {found[key] for key in keys} == {"F87032410"}


def test_a_change_of_year_without_a_list_is_named():
    assert steps_missing(LISTS, ("CN2020", *YEARS)) == ("CN2020 to CN2021",)
    assert steps_missing(LISTS, YEARS) == ()
