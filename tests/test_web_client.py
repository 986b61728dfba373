"""A client of yente, as published, against a live server of ours."""

from __future__ import annotations

import socket
import threading
import time

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
uvicorn = pytest.importorskip("uvicorn", reason="needs entrepot[web].")
yente_client = pytest.importorskip("yente_client", reason="needs the dev requirements.")

from web_desk import desk  # noqa: E402

from entrepot.web.app import Door, make_app  # noqa: E402

TOKEN = "a token of the test"


@pytest.fixture(scope="module")
def address():
    """Address of a live server that asks for a token."""
    known = desk()
    app = make_app(lambda: known, Door(TOKEN))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def client(address):
    with yente_client.Client(base_url=address, api_key=TOKEN) as found:
        yield found


def test_probes_catalogue_and_algorithms_are_understood(client):
    assert client.healthz().status == client.readyz().status == "ok"
    held = {one.name: one for one in client.datasets().datasets}
    assert held["red"].version == "2026-02-15"
    assert held["red"].load
    assert held["default"].children == ["blue", "red"]
    found = client.algorithms()
    assert found.best in {one.name for one in found.algorithms}


def test_a_company_is_matched_and_the_score_explained(client):
    company = yente_client.Company(name="OOO Tulamash Trading", innCode="7712345678")
    answer = client.match(company, datasets=["red"], limit=3)
    assert answer.top is not None
    assert (answer.top.id, answer.top.match) == ("r/1", True)
    assert answer.top.explanations["identifier"].score == 0.95
    assert answer.limit == 3


def test_a_person_in_another_script_is_found(client):
    answer = client.match(yente_client.Person(name="Иван Тестов"))
    assert [one.id for one in answer.results] == ["r-2"]


def test_many_are_matched_in_a_stream(client):
    asked = [(str(n), yente_client.Company(name="Tulamash Trading")) for n in range(12)]
    answers = dict(client.match_iter(asked))
    assert sorted(answers) == sorted(key for key, _ in asked)
    assert {one.top.id for one in answers.values()} <= {"r/1", "b-1"}


def test_entries_are_searched_and_fetched(client):
    answer = client.search("Sea Otter", facets=["countries"])
    assert [one.id for one in answer.results] == ["r-3"]
    assert answer.facets["countries"].values[0].name == "pa"
    assert client.fetch("r/1").properties["country"] == ["ru"]


def test_errors_arrive_as_the_client_knows_them(client, address):
    with pytest.raises(yente_client.NotFoundError, match="no entry"):
        client.fetch("nobody")
    with pytest.raises(yente_client.BadRequestError, match="algorithm"):
        client.match(yente_client.Company(name="x"), algorithm="logic-v1")
    with (
        yente_client.Client(base_url=address, api_key="wrong") as stranger,
        pytest.raises(yente_client.AuthenticationError),
    ):
        stranger.datasets()
