"""The benchmark of screening: ways of asking beside each other, on names of nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrepot.bench import screening_ftm
from entrepot.bench.screening import KINDS_TOLD, SCAN, measured
from entrepot.bench.screening_names import invented_parties
from entrepot.cli import main
from entrepot.screening.listed import Listed
from entrepot.screening.party_logic import LogicScore
from entrepot.screening.party_register import register
from entrepot.screening.policy import Policy


def test_invented_parties_are_half_people_and_half_companies() -> None:
    made = invented_parties(200, 1)
    assert [one.kind for one in made].count("person") == 100
    assert len({one.names for one in made}) > 190
    assert made != invented_parties(200, 2)


def test_names_with_a_slip_are_found_and_names_of_nobody_are_not() -> None:
    light, told, scan = measured(register(invented_parties(300, 1)), Policy(), 60, 1)
    assert [one.method for one in (light, told, scan)] == ["light", KINDS_TOLD, SCAN]
    assert (told.recall, told.alerts) == (light.recall, light.alerts)
    assert light.recall >= 0.98
    assert light.alerts <= 0.02
    assert scan.times_scan == 1.0
    assert light.times_scan == pytest.approx(light.per_second / scan.per_second)


def test_lists_without_the_party_find_nobody() -> None:
    known = register([Listed("1", "own", "Vessel", ("OCEAN SAMPLE",))])
    light, told, _ = measured(known, Policy(), 5, 1)
    assert light.recall == 0.0  # a ship is not looked for among people and bodies
    assert told.recall == 1.0


def test_a_lake_without_lists_is_measured_on_invented_parties(tmp_path: Path) -> None:
    asked = ["--lake", str(tmp_path / "none"), "bench", "screen", "--names", "20"]
    answer = CliRunner().invoke(
        main, [*asked, "--parties", "100", "--no-logic", "--format", "json"]
    )
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    assert [row["method"] for row in rows] == ["light", KINDS_TOLD, SCAN]
    assert not (tmp_path / "none").exists()


@pytest.mark.ftm
@pytest.mark.skipif(not screening_ftm.is_installed(), reason="needs the extra ftm: make test-ftm.")
def test_the_second_opinion_and_the_index_of_nomenklatura_stand_beside_ours() -> None:
    known = register(invented_parties(200, 1))
    found = measured(known, Policy(), 20, 1, LogicScore())
    assert [one.method for one in found] == [
        "light",
        KINDS_TOLD,
        "logic-v2",
        SCAN,
        screening_ftm.METHOD,
    ]
    assert all(one.recall >= 0.85 for one in found)
