"""What the server answers to clients of yente, and what it refuses in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from fastapi.testclient import TestClient
from web_desk import ON, desk

from entrepot.api.decided import Decision, judged, standing
from entrepot.screening.shipment import Party
from entrepot.web.app import Door, make_app

QUERY = {"schema": "Company", "properties": {"name": ["ООО Туламаш Трейдинг"], "country": ["ru"]}}
NOBODY = {"schema": "Company", "properties": {"name": ["Bäckerei Sonnenschein"]}}


@pytest.fixture(scope="module")
def client():
    known = desk()
    return TestClient(make_app(lambda: known), base_url="http://127.0.0.1")


def ask(client, queries, dataset="default", **params):
    return client.post(f"/match/{dataset}", json={"queries": queries}, params=params)


def detail(response, status):
    assert response.status_code == status, response.text
    # Problem details for everybody; `detail` is what clients of yente read of them.
    assert response.headers["content-type"] == "application/problem+json"
    assert list(response.json()) == ["type", "title", "status", "detail", "instance"]
    assert isinstance(response.json()["detail"], str)
    return response.json()["detail"]


class TestMatch:
    def test_every_query_is_answered_under_its_id_with_lists_and_versions(self, client):
        answer = ask(client, {"a": QUERY, "b": NOBODY})
        body = answer.json()
        assert answer.headers["x-batch-size"] == "2"
        assert list(body["responses"]) == ["a", "b"]
        assert body["responses"]["b"]["results"] == []
        assert [one["version"] for one in body["lists"]] == ["2026-02-01", "2026-02-15"]
        assert body["as_of"] == ON.isoformat()
        assert body["lists"][1]["sha256"] == "a" * 64

    def test_a_hit_explains_itself(self, client):
        first = ask(client, {"a": QUERY}).json()["responses"]["a"]["results"][0]
        assert first["id"] in ("b-1", "r/1")
        assert first["caption"] == "Tulamash Trading LLC"
        assert first["match"] is True
        assert first["explanations"]["words"]["score"] > 0
        assert "RU" in first["explanations"]["country"]["detail"]

    def test_a_number_decides_without_a_name(self, client):
        query = {"schema": "Company", "properties": {"innCode": ["7712345678"]}}
        first = ask(client, {"a": query}, "red").json()["responses"]["a"]["results"][0]
        assert first["explanations"]["identifier"]["score"] == 0.95

    def test_one_list_is_searched_where_one_is_named(self, client):
        found = ask(client, {"a": QUERY}, "red").json()["responses"]["a"]["results"]
        assert {name for one in found for name in one["datasets"]} == {"red"}
        both = ask(client, {"a": QUERY}, "red", include_dataset=["blue"]).json()
        assert len(both["responses"]["a"]["results"]) == 2
        left = ask(client, {"a": QUERY}, exclude_dataset=["red"]).json()["responses"]["a"]
        assert [one["datasets"] for one in left["results"]] == [["blue"]]

    def test_excluded_entries_and_schemas_are_left_out(self, client):
        left = ask(client, {"a": QUERY}, exclude_entity_ids=["r/1"]).json()["responses"]["a"]
        assert [one["id"] for one in left["results"]] == ["b-1"]
        none = ask(client, {"a": QUERY}, exclude_schema=["Company"]).json()["responses"]["a"]
        assert none["results"] == []

    def test_the_limit_cuts_results_and_not_their_count(self, client):
        answer = ask(client, {"a": QUERY}, limit=1).json()["responses"]["a"]
        assert (len(answer["results"]), answer["total"]["value"]) == (1, 2)

    def test_a_threshold_of_one_leaves_hits_that_are_no_match(self, client):
        query = {"schema": "Company", "properties": {"name": ["Tulamash Treding"]}}
        found = ask(client, {"a": query}, threshold=1).json()["responses"]["a"]["results"]
        assert found
        assert [one["match"] for one in found] == [False] * len(found)

    def test_a_party_listed_the_day_after_is_not_found(self, client):
        query = {"schema": "Company", "properties": {"name": ["Nordwind Kontor GmbH"]}}
        assert ask(client, {"a": query}).json()["responses"]["a"]["results"] == []

    def test_a_schema_without_a_kind_finds_ships_as_well(self, client):
        query = {"schema": "Thing", "properties": {"name": ["Sea Otter Nine"]}}
        (found,) = ask(client, {"a": query}).json()["responses"]["a"]["results"]
        assert found["schema"] == "Vessel"

    def test_what_plays_no_part_and_an_entity_id_used_twice_are_told(self, client):
        one = {**QUERY, "id": "c-1", "properties": {**QUERY["properties"], "colour": ["red"]}}
        notices = ask(client, {"a": one, "b": {**QUERY, "id": "c-1"}}).json()["notices"]
        assert any("colour" in words for words in notices)
        assert any("'c-1' is used by 2 queries" in words for words in notices)

    def test_the_same_question_has_the_same_answer(self, client):
        assert ask(client, {"a": QUERY}).content == ask(client, {"a": QUERY}).content


class TestRefused:
    def test_a_query_id_used_twice(self, client):
        body = '{"queries": {"a": {"schema": "Person", "properties": {}}, "a": {}}}'
        answer = client.post(
            "/match/default", content=body, headers={"content-type": "application/json"}
        )
        assert "'a' is there twice" in detail(answer, 400)

    def test_half_a_letter(self, client):
        body = '{"queries": {"a": {"schema": "Person", "properties": {"name": ["\\ud800x"]}}}}'
        answer = client.post(
            "/match/default", content=body, headers={"content-type": "application/json"}
        )
        assert "surrogates" in detail(answer, 400)

    def test_more_than_a_hundred_queries(self, client):
        assert "101 queries" in detail(ask(client, {str(n): NOBODY for n in range(101)}), 400)
        assert ask(client, {str(n): NOBODY for n in range(100)}).status_code == 200

    def test_no_query_at_all(self, client):
        assert "No queries" in detail(ask(client, {}), 400)

    def test_nothing_to_look_for_is_no_clearance(self, client):
        empty = {"schema": "Company", "properties": {"name": [" "], "country": ["ru"]}}
        assert "no name, number or address" in detail(ask(client, {"a": empty}), 400)

    @pytest.mark.parametrize(
        ("params", "status", "words"),
        [
            ({"algorithm": "regression-v1"}, 400, "regression-v1"),
            ({"changed_since": "2024-01-01"}, 400, "changed_since"),
            ({"include_dataset": "green"}, 404, "green"),
            ({"limit": 0}, 422, "limit"),
            ({"limit": 501}, 422, "limit"),
            ({"treshold": 0.9}, 422, "treshold"),
        ],
    )
    def test_what_would_be_left_out_in_silence(self, client, params, status, words):
        assert words in detail(ask(client, {"a": QUERY}, **params), status)

    def test_an_unknown_dataset_or_schema(self, client):
        assert "'green'" in detail(ask(client, {"a": QUERY}, "green"), 404)
        query = {"schema": "Passport", "properties": {"name": ["x"]}}
        assert "'Passport'" in detail(ask(client, {"a": query}), 400)

    def test_weights(self, client):
        sent = {"queries": {"a": QUERY}, "weights": {"name": 1}}
        assert "weights" in detail(client.post("/match/default", json=sent), 400)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"\xff", 400),
            (b"NaN", 400),
            (b"[" * 100_000, 400),
            (b"[]", 422),
            (b'{"queries": {"a": {"properties": {}}}}', 422),
            (b'{"queries": {"a": null}}', 422),
            (b'{"queries": {}, "more": 1}', 422),
        ],
    )
    def test_a_body_of_another_shape(self, client, body, status):
        headers = {"content-type": "application/json"}
        detail(client.post("/match/default", content=body, headers=headers), status)

    def test_a_body_that_is_too_large(self, client, monkeypatch):
        monkeypatch.setattr("entrepot.web.body.LARGEST", 10)
        assert "larger than 10" in detail(ask(client, {"a": QUERY}), 400)

    def test_a_type_that_a_foreign_page_may_send_unasked(self, client):
        answer = client.post("/match/default", content="{}", headers={"content-type": "text/plain"})
        assert "application/json" in detail(answer, 400)


class TestDecided:
    def answer(self, kind, query=QUERY):
        party = Party("query", "ООО Туламаш Трейдинг", country="RU")
        pair = judged(party, "red", "r/1")
        row = Decision(1, kind, pair, "A. Ost", datetime(2026, 1, 2, tzinfo=UTC), "other owner")
        known = desk(lambda: standing([row]))
        client = TestClient(make_app(lambda: known), base_url="http://localhost")
        found = ask(client, {"a": query}).json()["responses"]["a"]["results"]
        return {one["id"]: one for one in found}

    def test_a_false_match_is_shown_with_its_reason_and_is_no_match(self):
        found = self.answer("false_match")
        assert [found[name]["match"] for name in ("r/1", "b-1")] == [False, True]
        assert "other owner" in found["r/1"]["explanations"]["decision"]["detail"]
        assert found["b-1"]["decided"] == ""

    def test_a_party_with_another_number_is_not_excused(self):
        more = {**QUERY, "properties": {**QUERY["properties"], "innCode": ["7712345678"]}}
        assert self.answer("false_match", more)["r/1"]["match"] is True


class TestEntries:
    def test_an_entry_is_found_by_id_even_with_a_stroke(self, client):
        assert client.get("/entities/r%2F1").json()["properties"]["innCode"] == ["7712345678"]
        assert client.get("/entities/r-2").json()["properties"]["alias"] == ["Иван Тестов"]
        assert "'x'" in detail(client.get("/entities/x"), 404)
        assert "not kept" in detail(client.get("/entities/r-2/adjacent"), 404)

    def test_search_finds_by_words_and_counts_facets(self, client):
        body = client.get("/search/default", params={"q": "Tulamash Trading"}).json()
        assert {one["id"] for one in body["results"]} == {"r/1", "b-1"}
        assert body["facets"]["datasets"]["values"] == [
            {"name": "blue", "label": "blue", "count": 1},
            {"name": "red", "label": "red", "count": 1},
        ]

    def test_search_without_words_pages_through_all_entries(self, client):
        pages = [
            client.get("/search/default", params={"limit": 2, "offset": offset}).json()
            for offset in (0, 2)
        ]
        assert [one["id"] for page in pages for one in page["results"]] == [
            *("b-1", "r-2", "r-3", "r/1")
        ]
        people = client.get("/search/default", params={"schema": "LegalEntity"}).json()
        assert people["total"] == {"value": 3, "relation": "eq"}
        there = client.get("/search/default", params={"countries": ["ru"]}).json()
        assert there["total"]["value"] == 2

    def test_search_refuses_what_it_does_not_know(self, client):
        assert "sort" in detail(client.get("/search/default", params={"sort": "name"}), 422)
        assert "facets" in detail(client.get("/search/default", params={"facets": "x"}), 400)
        assert "Mail" in detail(client.get("/search/default", params={"schema": "Mail"}), 400)

    def test_catalogue_names_versions(self, client):
        body = client.get("/catalog").json()
        assert body["current"] == ["blue", "red"]
        assert [(one["name"], one["entity_count"]) for one in body["datasets"]] == [
            *(("blue", 1), ("red", 3), ("default", 4))
        ]


class TestDoor:
    def test_a_server_without_lists_runs_and_is_not_ready(self):
        client = TestClient(make_app(lambda: None), base_url="http://localhost")
        assert client.get("/healthz").json() == {"status": "ok"}
        assert "ingest" in detail(client.get("/readyz"), 503)
        detail(ask(client, {"a": QUERY}), 503)

    def test_another_host_name_is_refused(self, client):
        assert "Host" in detail(client.get("/healthz", headers={"host": "evil.example"}), 400)
        for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
            assert client.get("/healthz", headers={"host": host}).status_code == 200

    def test_a_token_is_asked_of_everybody_but_probes(self):
        known = desk()
        app = make_app(lambda: known, Door("secret", ()))
        client = TestClient(app, base_url="http://screening.example")
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
        detail(client.get("/catalog"), 401)
        for given in ("Bearer wrong", "Basic secret", "secret", "Bearer"):
            detail(client.get("/catalog", headers={"authorization": given}), 401)
        for given in ("Bearer secret", "ApiKey secret"):
            answer = client.get("/catalog", headers={"authorization": given})
            assert answer.status_code == 200

    def test_nothing_comes_from_elsewhere_and_nothing_is_kept(self, client):
        answer = client.get("/catalog")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        detail(client.get("/docs"), 404)
        detail(client.get("/redoc"), 404)

    def test_a_wrong_method_is_told_like_any_error(self, client):
        detail(client.get("/match/default"), 405)
