"""The scorer of readings: what counts as found, and floors under our own texts."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from entrepot.bench.press import marked_texts, score_folder
from entrepot.bench.press_alike import near, same_people, same_sides, spans_agree
from entrepot.bench.press_scores import Scores, score
from entrepot.cli import main
from entrepot.errors import SourceError
from entrepot.press.exchange import as_record
from entrepot.press.reader import read_article

HERE = Path(__file__).parent
GOLD = HERE / "data" / "press" / "gold"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))["press"]
ON = date(2024, 12, 31)


def span(start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": "x" * (end - start)}


def statement(start: int, end: int, **more: Any) -> dict[str, Any]:
    marks = {"speaker": ["per:a"], "act": "say", "mode": "direct", "optional": False}
    return {"span": span(start, end), **marks, **more}


def claim(**more: Any) -> dict[str, Any]:
    marks = {
        **{"exporter": "DEU", "importer": "KAZ", "flow": "export", "relation": "level"},
        **{"value": 100.0, "comparison": "=", "polarity": "asserted", "period": "2022"},
        **{"product": {"key": "total"}, "optional": False},
    }
    return {"span": span(0, 10), **marks, **more}


def reading(**more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {kind: [] for kind in ("statements", "figures", "claims", "events")}
    meta = {"title": None, "date": "2023-06-20"}
    people = [{"id": "per:a", "name": "Ada Alt", "names": []}]
    return {"lang": "en", "meta": meta, "entities": people, **empty, **more}


def counted(marked: dict[str, Any], found: dict[str, Any], name: str) -> tuple[int, int, int]:
    scores = Scores()
    score(marked, found, scores)
    line = scores.counts[name]
    return line.right, line.wrong, line.missed


def test_a_statement_is_found_where_half_of_the_words_agree() -> None:
    marked = reading(statements=[statement(0, 100)])
    half = reading(statements=[statement(50, 100)])
    less = reading(statements=[statement(51, 100)])
    assert counted(marked, half, "statement span") == (1, 0, 0)
    assert counted(marked, less, "statement span") == (0, 1, 1)


def test_another_speaker_is_found_but_wrong() -> None:
    other = statement(0, 100, speaker=["per:b"])
    found = reading(statements=[other], entities=[{"id": "per:b", "name": "Bo Neu", "names": []}])
    marked = reading(statements=[statement(0, 100)])
    assert counted(marked, found, "statement span") == (1, 0, 0)
    assert counted(marked, found, "statement span+speaker") == (0, 1, 1)


def test_optional_marks_are_neither_demanded_nor_punished() -> None:
    marked = reading(statements=[statement(0, 100, optional=True)])
    assert counted(marked, reading(), "statement span") == (0, 0, 0)
    assert counted(marked, reading(statements=[statement(0, 100)]), "statement span") == (0, 0, 0)


def test_each_mark_has_one_partner() -> None:
    twice = reading(statements=[statement(0, 100), statement(0, 90)])
    assert counted(reading(statements=[statement(0, 100)]), twice, "statement span") == (1, 1, 0)


@pytest.mark.parametrize(
    ("change", "core", "full"),
    [
        ({}, 1, 1),
        ({"value": 100.4}, 1, 1),
        ({"value": 101.0}, 0, 0),
        ({"value": -100.0}, 1, 0),
        ({"importer": "KGZ"}, 0, 0),
        ({"relation": "share"}, 0, 0),
        ({"polarity": "denied"}, 1, 0),
        ({"comparison": ">"}, 1, 0),
        ({"product": {"key": "oil"}}, 1, 0),
    ],
)
def test_a_claim_agrees_in_its_core_and_in_full(
    change: dict[str, Any], core: int, full: int
) -> None:
    found = reading(claims=[claim(**change)])
    assert counted(reading(claims=[claim()]), found, "claim core")[0] == core
    assert counted(reading(claims=[claim()]), found, "claim full")[0] == full


def test_mutual_trade_may_be_told_from_either_side() -> None:
    one, other = claim(flow="trade"), claim(flow="trade", exporter="KAZ", importer="DEU")
    assert same_sides(one, other)
    assert not same_sides(claim(), claim(exporter="KAZ", importer="DEU"))


def test_persons_agree_over_scripts_and_the_unnamed_over_words() -> None:
    ada = {"per:tokayev": {"name": "Kassym-Jomart Tokayev", "names": []}}
    cyrillic = {"per:x": {"name": "Касым-Жомарт Токаев", "names": ["Токаева"]}}
    assert same_people(["per:tokayev"], ["per:x"], ada, cyrillic)
    assert same_people(["anon:official"], ["np:a_source"], {}, {})
    assert not same_people(["per:tokayev"], ["np:a_source"], ada, {})


def test_values_and_spans_agree_as_written() -> None:
    assert near(None, None)
    assert not near(None, 0.0)
    assert spans_agree({"span": span(0, 4)}, {"span": span(4, 8)}) == 0.0


def test_marks_against_themselves_are_all_right() -> None:
    for marks, _ in marked_texts(GOLD):
        scores = Scores()
        score(marks, copy.deepcopy(marks), scores)
        assert all(line.wrong == line.missed == 0 for line in scores.counts.values())


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score_folder(GOLD, ON, lambda done, total, what: None)


@pytest.mark.parametrize("name", FLOORS)
def test_our_own_texts_are_read_no_worse_than_before(scores: Scores, name: str) -> None:
    line = scores.counts[name]
    assert round(line.f1, 3) >= FLOORS[name], f"{name}: {line}"


@pytest.fixture(scope="session")
def seeds(shared: Path) -> Path:
    return shared / "seeds"


def test_the_scorer_agrees_with_the_one_the_marks_came_with(seeds: Path, tmp_path: Path) -> None:
    scores = Scores()
    for marks, text in marked_texts(seeds / "gold"):
        found = as_record(read_article(text, ON), str(marks["id"]))
        (tmp_path / f"{marks['id']}.json").write_text(json.dumps(found), "utf-8")
        score(marks, found, scores)
    command = [sys.executable, str(seeds / "gold" / "score.py"), str(tmp_path)]
    told = subprocess.run(
        [*command, str(seeds / "gold")], capture_output=True, text=True, check=True
    )
    theirs = {line[:38].strip(): line.split() for line in told.stdout.splitlines()}
    for name, line in scores.counts.items():
        assert theirs[name][-6:] == [
            *("tp", str(line.right), "fp", str(line.wrong), "fn", str(line.missed))
        ]


TARGETS = {
    **{"statement span": 0.90, "statement span+speaker": 0.85},
    **{"figure value": 1.0, "claim core": 0.95, "claim full": 0.85, "event type": 0.80},
    **{f"meta {key}": 1.0 for key in ("title", "dateline", "place", "date", "agency")},
}


@pytest.fixture(scope="session")
def seed_scores(seeds: Path) -> Scores:
    return score_folder(seeds / "gold", ON, lambda done, total, what: None)


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_read_as_well_as_promised(seed_scores: Scores, name: str) -> None:
    assert seed_scores.counts[name].f1 >= TARGETS[name], seed_scores.counts[name]


def test_a_folder_without_marks_and_a_missing_text_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no marks"):
        list(marked_texts(tmp_path))
    (tmp_path / "a.json").write_text('{"source_file": "a.txt"}', "utf-8")
    with pytest.raises(SourceError, match="neither beside nor above"):
        list(marked_texts(tmp_path))


def test_the_command_prints_a_line_for_each_thing_scored() -> None:
    told = CliRunner().invoke(main, ["bench", "press", str(GOLD), "--on", "2024-12-31"])
    assert told.exit_code == 0, told.output
    assert "statement span+speaker" in told.output
    assert "[ru]" not in told.output
