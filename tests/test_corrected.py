"""What is known to be wrong in the UN's concordance is put right, seen and counted."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from entrepot.codes.concordance import Correction, corrections
from entrepot.codes.high_priority import high_priority
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import CONCORDANCES
from entrepot.trade.corrected import corrected
from entrepot.trade.families import links, names

pytestmark = pytest.mark.engines

TRANSDUCER = Correction("H6", "854151", "H5", "851712", "854150", "split", "hand")
COLUMNS = ("classification", "commodity", "earlier_classification", "earlier_commodity")


def pairs(*rows):
    """Pairs: edition, code, earlier edition, earlier code; ``n:n`` and no main link known."""
    columns = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    more = {
        "relationship": ["n:n"] * len(rows),
        "is_main": pa.array([None] * len(rows), pa.bool_()),
    }
    return pa.table(columns | more)


def earlier(found, code="854151"):
    rows = zip(found["commodity"].to_pylist(), found["earlier_commodity"].to_pylist(), strict=True)
    return sorted(before for later, before in rows if later == code)


def test_a_corrected_code_has_the_one_earlier_code_that_held_its_goods():
    table = pairs(
        ("H6", "854151", "H5", "851712"),
        ("H6", "854151", "H5", "902610"),
        ("H6", "854110", "H5", "854110"),
    )
    done = corrected(table, [TRANSDUCER])
    assert earlier(done.pairs) == ["854150"]
    assert earlier(done.pairs, "854110") == ["854110"]
    assert (done.removed_count, done.added_count, done.commodities) == (2, 1, ("854151",))


def test_a_table_without_main_links_is_corrected_too():
    table = pairs(("H6", "854151", "H5", "851712"), ("H6", "854151", "H5", "902610"))
    found = names(links(table, ["H5", "H6"], [TRANSDUCER]), "exact", "H5").table.to_pylist()
    assert {r["name"] for r in found if r["commodity"] == "854151"} == {"854150"}


def test_a_table_that_its_publisher_mended_is_left_as_it_is():
    table = pairs(("H6", "854151", "H5", "854150"), ("H6", "854151", "H5", "902610"))
    done = corrected(table, [TRANSDUCER])
    assert done.pairs.equals(table)
    assert (done.removed_count, done.added_count) == (0, 0)


def test_correcting_twice_is_correcting_once():
    once = corrected(pairs(("H6", "854151", "H5", "851712")), [TRANSDUCER])
    twice = corrected(once.pairs, [TRANSDUCER])
    assert (twice.pairs, twice.added_count) == (once.pairs, 0)


@pytest.fixture(scope="module")
def published(shared, tmp_path_factory):
    """The UN's consolidated table alone, which says nothing of main links."""
    path = shared / "data" / "hs-codes" / "HS_consolidated_comtrade_concordances.csv"
    with open_lake(tmp_path_factory.mktemp("hs") / "lake") as lake:
        ingest(lake, [path])
        return path, lake.table(CONCORDANCES).collect("pyarrow").to_native()


@pytest.mark.shared
def test_of_the_six_new_codes_the_un_names_four_predecessors_rightly_and_two_not_at_all(published):
    path, _ = published
    with path.open(encoding="utf-8") as file:
        step = [r for r in csv.DictReader(file) if r["adjustment"] == "2022 to 2017"]
    raw = {
        row.commodity: [r["code.before"] for r in step if r["code.after"] == row.commodity]
        for row in high_priority()
        if row.is_new
    }
    right = {c: codes for c, codes in raw.items() if len(codes) == 1}
    assert right == {
        **{"854800": ["854890"], "852589": ["852580"]},
        **{"854149": ["854140"], "880730": ["880330"]},
    }
    wrong = {c.commodity for c in corrections()}
    assert wrong == set(raw) - set(right) == {"854151", "854159"}
    assert all(len(raw[code]) == 157 and "854150" not in raw[code] for code in wrong)


@pytest.mark.shared
def test_without_the_workbook_every_high_priority_code_has_its_past_under_families(published):
    _, table = published
    done = corrected(table, corrections())
    assert (done.removed_count, done.added_count) == (2 * 157, 2)
    found = names(links(table, ["H5", "H6"], corrections()), "family", "H5")
    named = {(r["edition"], r["commodity"]): r["name"] for r in found.table.to_pylist()}
    for row in high_priority():
        assert named["H6", row.commodity] == named["H5", row.hs2017_predecessor]


@pytest.mark.shared
def test_exactly_one_high_priority_code_cannot_go_back_exactly(published):
    _, table = published
    found = names(links(table, ["H5", "H6"], corrections()), "exact", "H5").table.to_pylist()
    named = {r["commodity"]: r["name"] for r in found if r["edition"] == "H6"}
    open_codes = [row.commodity for row in high_priority() if named[row.commodity] is None]
    assert open_codes == ["852990"]  # parts of displays and cameras, drawn from 483 codes
