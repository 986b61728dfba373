"""The server over a lake: which version of a list answers on which day, and who may be served."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from click.testing import CliRunner
from web_desk import rows

from entrepot.api.decided import judged, standing
from entrepot.api.decisions import Ruling, open_decisions
from entrepot.api.desk_open import Terms, desks, open_desk
from entrepot.cli import main
from entrepot.errors import LakeError
from entrepot.lake import open_lake
from entrepot.rows import arrow_rows
from entrepot.screening.party_search import Asked
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Shipment
from entrepot.screening_tables import LISTED_PARTIES
from entrepot.settings import Settings
from entrepot.tables import SOURCES

MARCH, MAY = date(2026, 3, 10), date(2026, 5, 10)
WORDS = dict.fromkeys(("licence", "path", "reader", "publisher"), "test")


def ingest(folder, source_id, vintage, statements):
    """A version of the list ``red`` into a lake."""
    source = {
        **WORDS,
        "source_id": source_id,
        "dataset": "red",
        "vintage": vintage,
        "sha256": source_id * 4,
        "retrieved_at": datetime(2026, 6, 1, tzinfo=UTC),
        "size_bytes": 1,
        "row_count": statements.num_rows,
    }
    at = statements.column_names.index("source_id")
    ids = pa.array([source_id] * statements.num_rows)
    with open_lake(folder) as lake, lake.write() as transaction:
        transaction.put(LISTED_PARTIES, statements.set_column(at, "source_id", ids), unit=source_id)
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, source), unit=source_id)


def of(*ids):
    every = rows()
    return every.filter(pa.array([one in ids for one in every["entity_id"].to_pylist()]))


@pytest.fixture
def lake(tmp_path):
    """Two versions: the person stands on both, the ship on the one of May only."""
    ingest(tmp_path, "1" * 16, "2026-03-01", of("r-2"))
    ingest(tmp_path, "2" * 16, "2026-05-01", of("r-2", "r-3"))
    return tmp_path


def desk_on(folder, on, policy=Policy()):  # noqa: B008
    with open_lake(folder) as lake, open_decisions(folder) as decisions:
        return open_desk(lake, on, policy, decisions)


def ships(desk):
    return [one.listed.id for one in desk.matches([Asked("Sea Otter Nine", "ship")], 0.7)]


def test_each_day_is_answered_from_the_newest_version_published_by_then(lake):
    march, may = desk_on(lake, MARCH), desk_on(lake, MAY)
    assert [one.vintage for one in march.versions + may.versions] == ["2026-03-01", "2026-05-01"]
    assert (ships(march), ships(may)) == ([], ["r-3"])


def test_a_day_before_every_version_is_answered_with_a_caveat(lake):
    (version,) = desk_on(lake, date(2026, 1, 1)).versions
    assert version.vintage == "2026-03-01"
    assert "only_newer_version" in version.caveats


def test_a_list_that_the_policy_names_and_the_lake_lacks_stops_it(lake):
    with pytest.raises(LakeError, match="blue"):
        desk_on(lake, MAY, Policy(lists=("blue",)))


def test_an_ingest_is_answered_from_without_a_restart(tmp_path):
    with open_decisions(tmp_path) as decisions:
        current = desks(Settings(lake=tmp_path), Terms(Policy(), MAY), decisions)
        assert current() is None
        ingest(tmp_path, "2" * 16, "2026-05-01", of("r-3"))
        desk = current()
        assert ships(desk) == ["r-3"]
        assert current() is desk


def test_a_decision_counts_from_the_next_answer_on(lake):
    party = Party("query", "Sea Otter Nine", imo="9187629")
    with open_decisions(lake) as decisions:
        desk = desks(Settings(lake=lake), Terms(Policy(), MAY), decisions)()
        (match,) = desk.matches([Asked("Sea Otter Nine", "ship")], 0.7)
        assert desk.heard(match, party, desk.decided()).sentence == ""
        decisions.append(judged(party, "red", "r-3"), Ruling("false_match", "A. Ost", "scrapped"))
        heard = desk.heard(match, party, desk.decided())
        assert heard.is_set_aside
        assert "scrapped" in heard.sentence
    assert standing(()).by_pair == {}


def test_a_line_is_screened_against_the_lists_of_the_lake(lake):
    desk = desk_on(lake, MAY)
    line = Shipment("0" * 16, 1, "S-1", parties=(Party("consignee", "Ivan Testov"),))
    answer = desk.screen(line)
    assert {check.id for check in desk.checks} >= {"F1", "G1", "C1", "R1", "T1"}
    if "P1" in {check.id for check in desk.checks}:
        assert answer.verdict in ("review", "block")


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in ("ENTREPOT_TOKEN", "ENTREPOT_DECISIONS"):
        monkeypatch.delenv(name, raising=False)
    started = []
    uvicorn = pytest.importorskip("uvicorn", reason="needs entrepot[web].")
    monkeypatch.setattr(uvicorn, "run", lambda app, **more: started.append(more))

    def invoke(*words, token=None):
        environment = {**os.environ, **({"ENTREPOT_TOKEN": token} if token else {})}
        told = CliRunner().invoke(main, ["--lake", str(tmp_path), "serve", *words], env=environment)
        return told, started

    return invoke


class TestServe:
    def test_listens_on_this_machine_and_logs_no_request(self, run):
        told, (started,) = run()
        assert told.exit_code == 0, told.output
        assert (started["host"], started["port"]) == ("127.0.0.1", 8000)
        assert started["access_log"] is False
        assert "no list of parties yet" in told.output

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "localhost.example"])
    def test_refuses_other_addresses_without_a_token(self, run, host):
        told, started = run("--host", host)
        assert (told.exit_code, started) == (2, [])
        assert "ENTREPOT_TOKEN" in told.output
        told, started = run("--host", host, token="a long enough token")
        assert (told.exit_code, len(started)) == (0, 1)
        assert "long enough" not in told.output

    def test_refuses_a_token_that_can_be_guessed(self, run):
        told, started = run(token="short")
        assert (told.exit_code, started) == (2, [])

    def test_names_the_lists_it_answers_from(self, run, lake):
        told, _ = run("--as-of", "2026-03-10")
        assert "red 2026-03-01" in told.output

    def test_a_policy_that_cannot_be_read_stops_it(self, run, tmp_path):
        (tmp_path / "policy.toml").write_text("possible_form = 0.8", "utf-8")
        told, started = run("--policy", str(tmp_path / "policy.toml"))
        assert (told.exit_code, started) == (1, [])
        assert "possible_form" in told.output
