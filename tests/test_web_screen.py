"""Shipments over HTTP: every line comes back, and what could not be read or checked is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from fastapi.testclient import TestClient
from web_desk import desk

from entrepot.api.decided import Decision, judged, standing
from entrepot.screening.shipment import Party
from entrepot.web.app import make_app

HELD = {"shipment_id": "S-1", "consignee": {"name": "Tulamash Trading LLC", "country": "KG"}}
FREE = {"shipment_id": "S-2", "consignee": {"name": "Bäckerei Sonnenschein", "country": "DE"}}
BARE = {"shipment_id": "S-3", "goods": {"commodity": "854231"}}


def client_of(*decisions):
    known = desk(lambda: standing(decisions))
    return TestClient(make_app(lambda: known), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def client():
    return client_of()


def screen(client, body):
    answer = client.post("/screen/shipment", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_one_shipment_is_answered_with_its_hits_rules_and_lists(client):
    body = screen(client, HELD)
    assert (body["shipment_id"], body["verdict"], body["deciding"]) == ("S-1", "review", ["P1"])
    assert {hit["entity_id"] for hit in body["hits"]} == {"r/1", "b-1"}
    assert body["checks"][0]["rule"] == {"id": "P1", "version": 1, "legal_reference": "invented"}
    assert [one["dataset"] for one in body["lists"]] == ["blue", "red"]
    assert body["as_of"] == "2026-03-01"


def test_many_come_back_in_their_order(client):
    body = screen(client, {"shipments": [HELD, FREE, BARE]})
    assert [one["shipment_id"] for one in body["responses"]] == ["S-1", "S-2", "S-3"]
    assert [one["verdict"] for one in body["responses"]] == ["review", "clear", "not_assessed"]
    assert screen(client, [HELD])["responses"][0]["verdict"] == "review"


def test_a_missing_field_is_never_clear(client):
    assert screen(client, BARE)["not_assessed"] == ["P1"]


def test_what_cannot_be_read_comes_back_with_its_reason(client):
    body = screen(client, {**FREE, "route": {"destination": "Atlantis"}})
    (unread,) = body["unread"]
    assert (unread["field"], unread["value"]) == ("route.destination", "Atlantis")


def test_a_shipment_there_twice_is_told(client):
    twice = {**FREE, "line": 1}
    body = screen(client, [twice, twice])
    assert len(body["responses"]) == 2
    assert "already" in body["responses"][1]["unread"][0]["reason"]


def test_a_decision_is_honoured_and_shown():
    party = Party("consignee", "Tulamash Trading LLC", country="KG")
    when = datetime(2026, 1, 2, tzinfo=UTC)
    made = [
        Decision(n, "false_match", judged(party, name, key), "A. Ost", when, "other owner")
        for n, (name, key) in enumerate([("red", "r/1"), ("blue", "b-1")], 1)
    ]
    assert screen(client_of(made[0]), HELD)["verdict"] == "review"
    body = screen(client_of(*made), HELD)
    assert body["verdict"] == "clear"
    assert all("other owner" in hit["decided"] for hit in body["hits"])
    moved = {**HELD, "consignee": {**HELD["consignee"], "country": "TR"}}
    assert screen(client_of(*made), moved)["verdict"] == "review"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ([], 400, "0 lines"),
        ([FREE] * 1_001, 400, "1001 lines"),
        ("text", 422, "Expected an object"),
        ([FREE, 3], 422, "Expected an object"),
        ({"shipments": [FREE], "policy": "x"}, 422, "policy"),
        ({"nothing": "we know"}, 422, "nothing"),
    ],
)
def test_a_body_that_is_no_shipment_is_refused_in_words(client, body, status, words):
    answer = client.post("/screen/shipment", json=body)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]


def test_checks_say_what_they_rest_on(client):
    (check,) = client.get("/checks").json()["checks"]
    assert check == {
        "id": "P1",
        "version": 1,
        "title": "Party on a list",
        "legal_reference": "invented",
        "needs": ["consignee.name"],
    }
