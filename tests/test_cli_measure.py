"""`entrepot measure` as a user sees it: all goods, listed goods, the way onward, real totals."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from test_outflows import rows as outflow_rows
from test_outflows import trade

from entrepot import api
from entrepot.cli import main
from entrepot.diversion.measure import estimate_measure
from entrepot.diversion.measure_inquiry import MeasureInquiry
from entrepot.diversion.measure_panel import from_totals
from entrepot.diversion.measure_rows import MEASURES
from entrepot.lake import Lake, open_lake
from entrepot.rows import arrow_rows, arrow_schema
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, SOURCES

SOURCE = "a" * 16
SINCE, MEASURED = date(2022, 3, 1), date(2023, 6, 1)
PARTNERS = ("AM", "GE", "KG", "KZ", "RU", "TR", "UZ")
FIRST_YEAR, MONTHS, SANCTIONS, MEASURE = 2019, 66, 38, 53
ALL_GOODS = ("--country", "KZ", "--on", "2023-06-01", "--level", "TOTAL")


def month(index):
    return date(FIRST_YEAR + index // 12, index % 12 + 1, 1)


def totals(left=0.5):
    """Two members' exports of all goods; since the sanctions three times as much to neighbours."""
    rng = np.random.default_rng(11)
    found = []
    for partner in PARTNERS:
        values = 1e7 * rng.gamma(100.0, 1 / 100, MONTHS)
        values[SANCTIONS:] *= 0.4 if partner == "RU" else 3.0
        if partner == "KZ":
            values[MEASURE:] *= left
        for index, value in enumerate(values):
            common = {"partner": partner, "commodity": "TOTAL", "period": month(index)}
            found += [
                common | {"reporter": "DE", "value": 0.75 * value},
                common | {"reporter": "IT", "value": 0.25 * value},
            ]
    return [EVERY_TOTAL | row for row in found]


EVERY_TOTAL = {
    **{"source_id": SOURCE, "dataset": "totals", "freq": "M", "partner2": "_T", "flow": "X"},
    **{"classification": "HS", "customs_procedure": "_T", "obs_status": "A"},
    **{"currency": "EUR", "valuation": "FOB"},
}


def lake_of(folder, found):
    known = {"vintage": "2024-08-19", "publisher": "t", "licence": "t", "path": "t", "reader": "t"}
    known |= {"source_id": SOURCE, "sha256": "0" * 64, "size_bytes": 1, "row_count": 1}
    known |= {"dataset": found[0]["dataset"], "retrieved_at": datetime(2024, 8, 19, tzinfo=UTC)}
    with Lake(folder) as lake, lake.write() as transaction:
        table = pa.Table.from_pylist(found, schema=arrow_schema(FLOWS))
        transaction.put(FLOWS, table, unit=SOURCE)
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, known), unit=SOURCE)
    return folder


def asked(lake, *words):
    return CliRunner().invoke(main, ["--lake", str(lake), "measure", *words])


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return lake_of(tmp_path_factory.mktemp("measure") / "lake", totals())


def test_table_shows_effect_excess_and_outcome_with_unit_and_months(lake):
    shown = asked(lake, *ALL_GOODS)
    assert shown.exit_code == 0, shown.output
    (line,) = (line for line in shown.stdout.splitlines() if line.startswith("common path"))
    assert line.endswith("reduced")
    assert "EUR m a month" in shown.stdout
    assert "Before: 2022-06 to 2023-05; after: 2023-06 to 2023-11; EU to KZ" in shown.stdout


def test_notes_say_what_was_compared_and_what_a_change_does_not_say(lake):
    said = asked(lake, *ALL_GOODS).stdout
    assert "EUR FOB a month. Source: t (totals, vintage 2024-08-19)." in said
    assert "EU exports of all goods to Kazakhstan in 2023-06 to 2023-11 were EUR" in said
    assert "a month below what their path before 2023-06-01 and that of 5 other partners" in said
    assert "placebo windows that do not overlap" in said
    assert "this does not say that the measure is the reason" in said
    assert "Other events in these windows: EU package 6 of 2022-06-03;" in said
    assert "All goods are counted, whether a ban reaches them or not" in said


def test_csv_and_json_hold_every_column(lake):
    (row,) = csv.DictReader(io.StringIO(asked(lake, *ALL_GOODS, "--format", "csv").stdout))
    assert tuple(row) == MEASURES.column_names
    (again,) = json.loads(asked(lake, *ALL_GOODS, "--format", "json").stdout)
    assert again["measured_on"] == "2023-06-01"
    assert again["unit"] == "EUR FOB a month"
    assert again["compared"] == "AM GE KG TR UZ"  # neither the country nor the destination
    assert again["observed"] == pytest.approx(15e6, rel=0.1)  # three times ten, halved
    assert again["effect_low"] < -15e6 < again["effect_high"] < 0


def test_partners_can_be_left_out_and_typed_in_small_letters(lake):
    words = ("--country", "kz", *ALL_GOODS[2:], "--without", "tr,uz", "--format", "json")
    (row,) = json.loads(asked(lake, *words).stdout)
    assert row["compared"] == "AM GE KG"


def test_a_month_stands_for_its_first_day_and_any_other_day_leaves_its_month_out(lake):
    def after_start(on):
        words = ("--country", "KZ", "--on", on, "--level", "TOTAL", "--format", "json")
        return json.loads(asked(lake, *words).stdout)[0]["after_start"]

    assert after_start("2023-06") == "2023-06-01"
    assert after_start("2023-06-20") == "2023-07-01"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--on", "2023-06-31"), 2, "'2023-06-31' is no day"),
        (("--on", "2024-06-01"), 1, "1 months lie after the measure of 2024-06-01"),
        (("--country", "BY"), 1, "'BY' is no partner in dataset 'totals'"),
        (("--list", "x"), 1, "--level 'TOTAL', which counts all goods"),
        (("--level", "HS6"), 1, "expected exactly one. Ingest a control list"),
        (("--leg", "downstream"), 1, "expected goods by code or list"),
        (("--dataset", "x"), 1, "--dataset is 'x'"),
        (("--coalition", "US"), 1, "no monthly exports of all goods of US"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_do(lake, words, code, message):
    shown = asked(lake, *ALL_GOODS, *words)
    assert shown.exit_code == code
    assert message in shown.output


def test_listed_goods_are_asked_about_in_both_brackets(tmp_path):
    world = simulate(replace(small(SCENARIOS["strong"]), month_count=60), 1)
    with open_lake(tmp_path / "world") as lake:
        api.write_world(lake, world)
        question = MeasureInquiry(
            "KG",
            MEASURED,
            SINCE,
            intermediaries=",".join(world.destinations[world.is_candidate].tolist()),
        )
        steps = []
        rows = api.measure(lake, question, lambda *step: steps.append(step)).to_pylist()
    assert [row["bracket"] for row in rows] == ["common", "partner"]
    assert {row["outcome"] for row in rows} == {"not shown"}
    assert all(row["goods"] == "simulated" and row["goods_count"] > 10 for row in rows)
    assert all(row["rivals"] == "" for row in rows)  # no real event lies in an invented world
    assert "simulated" in rows[0]["caveats"].split()
    place = world.destinations.tolist().index("KG")
    listed = world.is_sanctioned & (world.listing_month <= 29)  # by June 2022
    assert rows[0]["observed"] == pytest.approx(world.upstream[listed, place, 41:47].sum() / 6)
    assert steps[-1][0] <= steps[-1][1]


def test_a_simulated_cut_names_the_question_it_answers(tmp_path):
    words = ("simulate", "--small", "--seed", "3", "--cut", "kg", "2022-12", "0.9")
    made = CliRunner().invoke(main, ["--lake", str(tmp_path / "cut"), *words])
    assert made.exit_code == 0, made.output
    (line,) = (line for line in made.stdout.splitlines() if line.startswith("Then: "))
    _, question = line.split(" measure ")
    shown = asked(tmp_path / "cut", *question.split())
    assert shown.exit_code == 0, shown.output
    assert "EU exports of listed goods to Kyrgyzstan in 2022-12 to 2023-05" in shown.stdout
    assert "The data come from a simulated world" in shown.stdout


def test_the_way_onward_is_compared_with_sales_to_other_partners(tmp_path):
    values, names, codes = trade({"KZ": 10.0})
    values[:, names.index("KZ"), 27:] *= 0.1  # a measure in April 2023
    found = outflow_rows(values, names, codes)
    path = lake_of(tmp_path / "cars", found)
    words = ("--country", "GE", "--on", "2023-04-01", "--leg", "downstream", "--destination", "KZ")
    shown = asked(path, *words, "--list", "8703", "--level", "HS4", "--format", "json")
    assert shown.exit_code == 0, shown.output
    (row,) = json.loads(shown.stdout)
    assert (row["exporter"], row["importer"], row["outcome"]) == ("GE", "KZ", "reduced")
    assert row["detail"].startswith("Exports of 8703 from Georgia to Kazakhstan in 2023-04 to")
    assert "source_unknown" in row["caveats"].split()
    assert row["share"] == pytest.approx(-1.0, abs=0.15)


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    """A lake with the member states' exports of all goods to six neighbours, 2019-01 to 2024-08."""
    path = tmp_path_factory.mktemp("real") / "lake"
    folder = shared / "data" / "eurostat-totals-national"
    with open_lake(path) as lake:
        ingest(lake, [folder / "eurostat_total_monthly.csv"])
    return path


def test_kazakhstans_measure_of_april_2023_shows_in_no_total(real):
    shown = asked(
        real, "--country", "KZ", "--on", "2023-04-01", "--level", "TOTAL", "--format", "json"
    )
    (row,) = json.loads(shown.stdout)
    assert row["compared"] == "AM GE KG UZ"
    assert row["outcome"] == "not shown"
    assert row["observed"] == pytest.approx(997.2e6, abs=0.1e6)  # EUR a month, summed by hand
    assert row["effect_low"] < 0 < row["effect_high"]
    assert row["excess_before_low"] > 3e8
    assert row["rival_count"] == 6
    assert {"few_compared", "all_goods", "growth_in_excess"} <= set(row["caveats"].split())


@pytest.mark.slow
def test_on_real_dates_before_the_sanctions_a_tenth_of_p_values_lies_below_a_tenth(real):
    first, end, span = date(2019, 1, 1), 38, 3
    question = MeasureInquiry("KZ", MEASURED, SINCE, level="TOTAL", dataset="eurostat-totals")
    with open_lake(real) as lake:
        panel = from_totals(lake.table(FLOWS), lake.table(SOURCES), question)
    before = replace(
        panel,
        values=panel.values[:, :, :end],
        periods=panel.periods[:end],
        is_complete=panel.is_complete[:end],
        event=0,
    )
    p_value, outcomes = [], set()
    for place, country in enumerate(panel.partners.tolist()):
        for at in range(12, end - span + 1):
            on = before.periods[at].astype("datetime64[D]").astype(object)
            asked = replace(question, country=country, on=on, since=first, settled=0, after=span)
            (found,) = estimate_measure(replace(before, asked=place), asked).found
            p_value.append(found.effect.p_value)
            outcomes.add(found.outcome)
    assert len(p_value) == 120
    assert 0.05 <= np.mean(np.array(p_value) <= 0.1) <= 0.15
    assert 0.4 <= np.mean(np.array(p_value) <= 0.5) <= 0.6
    assert outcomes == {"not shown", "reduced", "increased"}


def test_products_end_before_kazakhstans_measure_and_that_is_said(shared, tmp_path):
    folder = shared / "data" / "comext-sanctioned"
    with open_lake(tmp_path / "lake") as lake:
        ingest(lake, sorted(folder.glob("03_*.xlsx")))
    shown = asked(tmp_path / "lake", "--country", "KZ", "--on", "2023-04-01", "--list", "all")
    assert shown.exit_code == 1
    assert "0 months lie after the measure of 2023-04-01" in shown.output
    assert "--level TOTAL" in shown.output
