"""What arrived and what went on: sentences, charts and tables of runs that have second legs.

The run of `dossier_lake` with two further legs: of cars (870324) a month's EUR 9 m declared,
1.1 times as much is usually recorded, but only EUR 4.5 m are; in July nothing was published. Sales
to Russia are 5 m a month where 2 m (common) or 3 m (partner) were expected.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date

import pytest
from dossier_lake import EVENT, MONTHS, RUN, Tale, dossier_lake

from entrepot.corridor import Corridor
from entrepot.dossier.draw import to_svg
from entrepot.dossier.explain import explain_lead
from entrepot.dossier.gather import gather_country
from entrepot.dossier.render import render_country
from entrepot.tables import LEADS, RUNS, SERIES, TOTALS

CARS, CHIPS = "870324", "854231"
SILENT = date(2022, 7, 1)
SPLIT = {
    "legs": "UAD",
    "diverted": 66e6,
    "diverted_low": 60e6,
    "diverted_high": 72e6,
    "intermediated": 22e6,
    "intermediated_low": 20e6,
    "intermediated_high": 24e6,
    "ghost": 44e6,
    "ghost_low": 40e6,
    "ghost_high": 48e6,
}
NOTHING_CERTAIN = {name: 0.0 for name in SPLIT if name.endswith("_low")}
SHARE = {"ghost_share": 0.67, "ghost_share_low": 0.62, "ghost_share_high": 0.71}


@contextmanager
def lake_with_legs(folder, lead=SPLIT, total=SPLIT, arrival="consignment"):
    """The lake of the dossier, its cars and totals told by three legs."""
    with dossier_lake(folder, Tale()) as lake:
        held = {
            table: lake.table(table).collect("pyarrow").to_native().to_pylist()
            for table in (RUNS, SERIES, LEADS, TOTALS)
        }
        for row in held[RUNS]:
            parameters = json.loads(row["parameters"])
            parameters |= {"arrival": arrival, "downstream": "exporter"}
            row["parameters"] = json.dumps(parameters, sort_keys=True)
        for row in held[LEADS]:
            if row["commodity"] == CARS:
                row |= {"probability": 0.9999, **lead}
        for row in held[TOTALS]:
            row |= {**total, **SHARE}
        held[SERIES] += [
            row
            for code in (CARS, "_T")
            for row in (
                *_leg(held[SERIES], code, "arrival", "common", 4.5e6, 9.9e6),
                *_leg(held[SERIES], code, "downstream", "common", 5e6, 2e6),
                *_leg(held[SERIES], code, "downstream", "partner", 5e6, 3e6),
            )
        ]
        with lake.write() as tx:
            for table, rows in held.items():
                tx.put(table, rows, unit=RUN)
        yield lake


def _leg(rows, code, leg, bracket, observed, expected):
    like = next(r for r in rows if r["commodity"] == code and r["bracket"] == bracket)
    return [
        like
        | {
            "leg": leg,
            "period": month,
            "observed": None if month == SILENT else observed if month >= EVENT else expected,
            "expected": None if month == SILENT else expected,
            "expected_low": 0.8 * expected if EVENT <= month != SILENT else None,
            "expected_high": 1.3 * expected if EVENT <= month != SILENT else None,
            "unit": "EUR" if leg == "arrival" else "EUR FOB",
        }
        for month in MONTHS
    ]


def explained(folder, commodity=CARS, **told):
    with lake_with_legs(folder, **told) as lake:
        return explain_lead(lake, Corridor("EU", "KG", "RU", commodity), None)


@pytest.fixture(scope="module")
def cars(tmp_path_factory):
    return explained(tmp_path_factory.mktemp("cars"))


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    with lake_with_legs(tmp_path_factory.mktemp("page")) as lake:
        return gather_country(lake, "KG", None)


@pytest.fixture(scope="module")
def page(dossier):
    return render_country(dossier).replace("\N{NO-BREAK SPACE}", " ")


def test_what_was_recorded_stands_beside_what_is_usual_in_the_months_published(cars):
    # Eight of nine months: 8 x 9 m declared, 8 x 4.5 m recorded, 8 x 9.9 m usual.
    (arrived,) = [line for line in cars.sentences if "as arrived" in line]
    assert arrived == (
        "Of EUR 72.0 m declared in March–November 2022, in months that Kyrgyzstan published, "
        "EUR 36.0 m were recorded there as arrived (by the country goods were sent from); usual "
        "would be EUR 79.2 m, 1.10 of what was declared, so it is EUR 43.2 m less than usual."
    )


def test_imports_from_all_origins_are_not_called_a_share(tmp_path):
    (arrived,) = [
        line for line in explained(tmp_path, arrival="world").sentences if "recorded EUR" in line
    ]
    assert arrived == (
        "With EUR 72.0 m declared to it and what others usually send, Kyrgyzstan would record "
        "imports of EUR 79.2 m from all origins in March–November 2022; it recorded EUR 36.0 m, "
        "EUR 43.2 m less than usual."
    )


def test_sales_stand_beside_what_either_bracket_expected(cars):
    (sold,) = [line for line in cars.sentences if "sales of it" in line]
    assert sold == (
        "Kyrgyzstan's sales of it to Russia in March–November 2022 were EUR 40.0 m, as Kyrgyzstan "
        "declared them, where EUR 16.0 m (common path) or EUR 24.0 m (own path) were expected."
    )


def test_the_split_is_told_by_bracket_and_accuses_nobody(cars):
    split = [line for line in cars.sentences if "the legs together" in line]
    assert split == [
        f"{path} path: the legs together are consistent with EUR 60.0–72.0 m diverted to Russia in "
        "March–November 2022: EUR 20.0–24.0 m arrived in Kyrgyzstan and went on, EUR 40.0–48.0 m "
        "never arrived (90 % intervals)."
        for path in ("Common", "Own")
    ]
    assert (
        "All legs together are consistent with diversion of EUR 60.0–72.0 m to Russia in "
        "March–November 2022."
    ) in cars.sentences
    assert "declared exports alone" not in " ".join(cars.sentences)


def test_a_chance_is_never_certain_and_q_is_said_to_be_of_exports_alone(cars):
    chances = [line for line in cars.sentences if "probability" in line]
    assert chances[0] == (
        "Common path: flagged at a false discovery rate of 0.1 over all leads; the probability "
        "that something was diverted is >0.999. On exports alone q = 0.020."
    )
    assert len(chances) == 2


def test_nothing_that_is_not_excluded_is_said(tmp_path):
    found = " ".join(explained(tmp_path, lead=SPLIT | NOTHING_CERTAIN).sentences)
    assert "consistent with up to EUR 72.0 m diverted to Russia" in found
    assert "up to EUR 48.0 m never arrived" in found
    assert (
        "That nothing was diverted to Russia in March–November 2022 is not excluded: all legs "
        "together are consistent with up to EUR 72.0 m."
    ) in found


def test_a_lead_without_a_second_leg_is_unknown_and_says_why(tmp_path):
    found = explained(tmp_path / "none", commodity=CHIPS).sentences
    assert sum("is unknown: no record of Kyrgyzstan's own" in line for line in found) == 2
    assert not any("probability" in line for line in found)
    mute = {"legs": "U", "probability": None, "caveats": "mirror_not_informative"}
    (tmp_path / "mute").mkdir()
    found = explained(tmp_path / "mute", lead=mute).sentences
    assert sum("recorded too little of what was declared to it" in line for line in found) == 2


def test_the_terminal_still_draws_what_was_declared(cars):
    assert {month.bracket for month in cars.months} == {"common", "partner"}
    assert len(cars.months) == 2 * len(MONTHS)


def test_a_page_draws_every_leg_and_the_split(dossier):
    assert [figure.key for figure in dossier.figures] == [
        *("country", "arrival", "downstream", "split", "leads", "direct", "groups", "placebo")
    ]
    by_key = {figure.key: figure for figure in dossier.figures}
    # Eight published months of 4.5 m against 9.9 m; sales of 5 m against 2 and 3.
    assert by_key["arrival"].title == (
        "March–November 2022: EUR 36.0 m recorded as arrived, EUR 79.2 m would be usual"
    )
    assert by_key["downstream"].title == (
        "March–November 2022: EUR 40.0 m sold on to Russia, EUR 16.0 m (common path) or "
        "EUR 24.0 m (own path) expected"
    )
    assert by_key["split"].title == (
        "Consistent with EUR 60.0–72.0 m diverted: EUR 20.0–24.0 m arrived and went on, "
        "EUR 40.0–48.0 m never arrived, a ghost share of 0.62–0.71 (common path)"
    )
    for key in ("arrival", "downstream", "split"):
        assert "Source: Eurostat (comext), vintage 2023-01-16" in by_key[key].subtitle
        assert by_key[key].table.rows


def test_a_month_nobody_published_is_a_gap_and_not_a_zero(dossier):
    figure = next(figure for figure in dossier.figures if figure.key == "arrival")
    points = [point for point in figure.panels[0].points if point.period == SILENT]
    assert [(point.value, point.low, point.high) for point in points] == [(None, None, None)] * 2
    (row,) = [row for row in figure.table.rows if row[0] == "2022-07"]
    assert row[3:] == ("open", "open", "open", "open")


def test_the_split_chart_has_an_interval_for_each_way_and_bracket(dossier):
    figure = next(figure for figure in dossier.figures if figure.key == "split")
    whiskers = figure.panels[0].whiskers
    assert len(whiskers) == 6
    ghost = [(w.low, w.point, w.high) for w in whiskers if w.label == "Never arrived"]
    assert ghost == [(40.0, 44.0, 48.0)] * 2
    drawn = to_svg(figure.panels[0], figure, 0)
    assert all(word in drawn for word in ("Diverted", "Arrived, went on", "Never arrived"))


def test_a_page_shows_legs_ways_and_ghost_share(page):
    assert (
        "Legs: EU exports as declared, the imports Kyrgyzstan recorded (by the country goods were "
        "sent from) and its sales to Russia as Kyrgyzstan declared them."
    ) in page
    assert page.count("<dt>Ghost share</dt><dd>0.62–0.71</dd>") == 2
    assert page.count("<dt>… never arrived</dt><dd>EUR 40.0–48.0 m</dd>") == 2
    assert "May have gone on" not in page
    assert "arrived first 20.00–24.00" in page
    assert "&gt;0.999" in page
    assert page.count("no second leg") == 2 * 6  # the other six goods, in both brackets


def test_a_run_on_declared_exports_shows_no_split(tmp_path):
    with dossier_lake(tmp_path) as lake:
        found = gather_country(lake, "KG", None)
    page = render_country(found)
    assert {"arrival", "downstream", "split"} & {figure.key for figure in found.figures} == set()
    assert found.legs == "Legs: EU exports as declared."
    assert "no second leg" not in page
    assert "Ghost share" not in page
    assert "May have gone on" in page


def test_ways_that_cannot_be_told_apart_are_said_to_be_unknown(tmp_path):
    ways = [name for name in SPLIT if name.startswith(("intermediated", "ghost"))]
    with lake_with_legs(tmp_path, total=SPLIT | dict.fromkeys(ways)) as lake:
        found = gather_country(lake, "KG", None)
    assert "split" not in {figure.key for figure in found.figures}
    assert sum("by which way is unknown" in line for line in found.headline) == 2
