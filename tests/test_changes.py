"""What a later run finds that an earlier one did not, worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from both_engines import rows_on_engine
from click.testing import CliRunner
from stage_lake import lake_of, month_files, question, send, world

from entrepot.api import runs
from entrepot.api.changes import changes, evidence, run_before, sentence
from entrepot.cli import main
from entrepot.diversion.changes import KINDS, lead_changes, total_changes
from entrepot.dossier.runs import read_run
from entrepot.errors import LakeError
from entrepot.lake import Lake

pytestmark = pytest.mark.engines
START = date(2022, 3, 1)
THEN, NOW = date(2022, 12, 1), date(2023, 1, 1)  # windows of ten and of eleven months
WORLD = world()


def lead(commodity, end, excess, is_flagged=True, **changed):
    """A lead of so much excess, with the ends of its interval, in EUR."""
    point, low, high = excess
    row = {
        "coalition": "EU",
        "intermediary": "KG",
        "destination": "RU",
        "bracket": "common",
        "commodity": commodity,
        "window_start": START,
        "window_end": end,
        "excess": float(point),
        "excess_low": float(low),
        "excess_high": float(high),
        "is_flagged": is_flagged,
        "probability": None,
        "q_value": 0.01,
        "unit": "EUR FOB",
    }
    return row | changed


def compared(before, now, how=lead_changes):
    schema = pa.Table.from_pylist([*before, *now]).schema
    schema = schema.set(
        schema.get_field_index("probability"), pa.field("probability", pa.float64())
    )
    with rows_on_engine() as on:
        parts = [on(pa.Table.from_pylist(rows, schema=schema)) for rows in (before, now)]
        rows = how(*parts).collect("pyarrow").to_native().to_pylist()
    return {row.get("commodity") or row["intermediary"]: row for row in rows}


def test_excess_is_compared_by_the_month_since_a_new_month_lengthens_the_window():
    # 100 in ten months and 110 in eleven: ten a month both times.
    (row,) = compared(
        [lead("870324", THEN, (100, 90, 110))], [lead("870324", NOW, (110, 99, 121))]
    ).values()
    assert (row["months_before"], row["months_now"]) == (10, 11)
    assert row["change"] == pytest.approx(0)
    # Each end lies one a month away: the root of 1 + 1.
    assert row["change_low"] == pytest.approx(-(2**0.5))
    assert row["change_high"] == pytest.approx(2**0.5)
    assert row["kind"] == "held"


def test_each_end_of_the_change_takes_the_ends_that_push_it_there():
    (row,) = compared(
        [lead("870324", THEN, (100, 70, 140))], [lead("870324", NOW, (220, 165, 330))]
    ).values()
    # 10 (7 to 14) and then 20 (15 to 30) a month.
    assert row["change"] == pytest.approx(10)
    assert row["change_low"] == pytest.approx(10 - (5**2 + 4**2) ** 0.5)
    assert row["change_high"] == pytest.approx(10 + (10**2 + 3**2) ** 0.5)
    assert row["kind"] == "grown"


@pytest.mark.parametrize(
    ("was", "is_now", "now", "kind"),
    [
        (True, True, (22, 21, 23), "grown"),
        (True, True, (5.5, 4.4, 6.6), "shrunk"),
        (True, True, (12, 9, 15), "held"),
        (False, True, (22, 21, 23), "new"),
        (True, False, (22, 21, 23), "vanished"),
    ],
)
def test_a_lead_is_told_by_its_flags_and_by_the_side_of_zero(was, is_now, now, kind):
    before = [lead("870324", THEN, (10, 9, 11), was)]
    (row,) = compared(before, [lead("870324", NOW, now, is_now)]).values()
    assert row["kind"] == kind
    assert row["reason"] is None


def test_what_was_flagged_in_neither_run_is_no_change():
    rows = compared(
        [lead("870324", THEN, (10, 9, 11), False)], [lead("870324", NOW, (99, 98, 100), False)]
    )
    assert rows == {}


def test_what_one_run_only_tested_is_not_compared_and_not_lost():
    before, now = [lead("870324", THEN, (10, 9, 11))], [lead("851713", NOW, (10, 9, 11))]
    rows = compared(before, now)
    assert {code: (row["kind"], row["reason"]) for code, row in rows.items()} == {
        "870324": ("not_compared", "not tested in the later run"),
        "851713": ("not_compared", "not tested in the earlier run"),
    }
    assert rows["851713"]["change"] is None


def test_amounts_in_two_units_are_not_compared():
    now = [lead("870324", NOW, (10, 9, 11), unit="USD FOB")]
    (row,) = compared([lead("870324", THEN, (10, 9, 11))], now).values()
    assert (row["kind"], row["reason"]) == ("not_compared", "the runs are in different units")


def test_brackets_are_compared_each_with_its_own():
    before = [
        lead("870324", THEN, (10, 9, 11)),
        lead("870324", THEN, (50, 49, 51), bracket="partner"),
    ]
    now = [lead("870324", NOW, (11, 10, 12)), lead("870324", NOW, (11, 10, 12), bracket="partner")]
    schema = pa.Table.from_pylist(before).schema
    schema = schema.set(
        schema.get_field_index("probability"), pa.field("probability", pa.float64())
    )
    with rows_on_engine() as on:
        parts = [on(pa.Table.from_pylist(rows, schema=schema)) for rows in (before, now)]
        rows = lead_changes(*parts).collect("pyarrow").to_native().to_pylist()
    assert {row["bracket"]: row["kind"] for row in rows} == {"common": "held", "partner": "shrunk"}


def test_countries_are_compared_whether_anything_is_flagged_or_not():
    def total(end, excess):
        row = lead("", end, excess, False) | {"group": "_T"}
        return {name: value for name, value in row.items() if name != "commodity"}

    rows = compared([total(THEN, (10, 9, 11))], [total(NOW, (22, 21, 23))], total_changes)
    assert rows["KG"]["kind"] == "grown"


def test_the_sentence_holds_both_excesses_their_windows_and_the_change():
    (row,) = compared(
        [lead("870324", THEN, (1e6, 7e5, 1.4e6))], [lead("870324", NOW, (2.2e6, 1.65e6, 3.3e6))]
    ).values()
    assert sentence(row) == (
        "EU-KG-RU-870324 (common path) is flagged in both runs, and its excess a month is larger: "
        "excess EUR 1.00 m (EUR 0.70–1.40 m) in March–December 2022, then EUR 2.20 m "
        "(EUR 1.65–3.30 m) in March 2022–January 2023; a month it changed by EUR 100 thousand "
        "(EUR 36–204 thousand, 90 %)."
    )
    assert evidence(row, "r1", "r2") == (
        "leads run_id=r1, bracket=common, intermediary=KG, commodity=870324; "
        "leads run_id=r2, bracket=common, intermediary=KG, commodity=870324"
    )


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A lake with three runs: to April 2023, then a month more, then of another question."""
    folder = lake_of(tmp_path_factory.mktemp("changes") / "lake", WORLD, missing=1)
    asked = question(WORLD)
    with Lake(folder) as lake:
        first = runs.detect(lake, asked)
        send(lake, month_files(WORLD)[-1:])
        second = runs.detect(lake, asked)
        third = runs.detect(lake, replace(asked, fdr=0.2))
    return folder, (first, second, third)


def test_a_run_is_compared_with_the_last_before_it_that_asked_the_same(grown):
    folder, (first, second, third) = grown
    with Lake(folder) as lake:
        found = changes(lake, second)
        assert (found.before.run_id, found.now.run_id) == (first, second)
        assert (found.new_sources, found.gone_sources) == (1, 0)
        assert run_before(lake, read_run(lake, third)) is None
        kinds = found.leads["kind"].to_pylist()
        assert [KINDS.index(kind) for kind in kinds] == sorted(map(KINDS.index, kinds))
        assert sum(found.counts.values()) == len(kinds) > 0
        every = found.totals.to_pylist()
        assert {row["intermediary"] for row in every} >= {"_T", "KG", "KZ"}
        assert {row["months_now"] - row["months_before"] for row in every} == {1}


def test_runs_that_asked_different_questions_are_refused(grown):
    folder, (first, _, third) = grown
    with Lake(folder) as lake:
        with pytest.raises(LakeError, match=r"different questions \(fdr 0.1 and 0.2\)"):
            changes(lake, third, first)
        with pytest.raises(LakeError, match="no run before"):
            changes(lake)


def test_the_command_lists_changes_in_every_format(grown, tmp_path):
    folder, (_, second, _) = grown
    words = ["--lake", str(folder), "changes", "--run", second]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0, shown.output
    assert "of leads flagged in either run" in shown.output
    assert "all countries: excess a month changed by" in shown.output
    told = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
    assert {row["kind"] for row in told} <= set(KINDS)
    assert all(row["detail"].endswith(".") and second in row["evidence"] for row in told)
    held = CliRunner().invoke(main, [*words, "--kind", "held", "--format", "csv"])
    assert held.stdout.count("\n") == 1 + sum(row["kind"] == "held" for row in told)
    countries = CliRunner().invoke(main, [*words, "--by", "country", "--bracket", "common"])
    assert countries.exit_code == 0
    assert "partner  " not in countries.output
    file = tmp_path / "changes.parquet"
    done = CliRunner().invoke(main, [*words, "-o", str(file)])
    assert done.exit_code == 0
    assert file.is_file()


def test_without_an_earlier_run_the_command_says_what_to_do(grown):
    folder, _ = grown
    done = CliRunner().invoke(main, ["--lake", str(folder), "changes"])
    assert done.exit_code == 1
    assert "expected one. Run `entrepot detect` again" in done.output
