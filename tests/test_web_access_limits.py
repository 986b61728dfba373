"""Limits: how soon a password may be tried again, how often anybody may ask, how much is taken."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from test_web_access import (  # noqa: F401
    HERE,
    OWN,
    PASSWORD,
    Clock,
    access,
    client,
    clock,
    folder,
    server,
    signed_in,
    token_of,
)

from entrepot.web.access.door import Door
from entrepot.web.access.limits import ANYBODY, FORM, Attempts, Window


class TestAttempts:
    def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(self):
        ticks = Clock()
        attempts = Attempts(ticks)
        waits = []
        for _ in range(16):
            wait = attempts.wait("a.ost", "192.0.2.7")
            waits.append(wait)
            ticks.now += wait
            if wait:
                assert attempts.wait("a.ost", "192.0.2.7") == 0.0
        assert waits[:7] == [0, 0, 0, 1, 2, 4, 8]
        assert max(waits) == 900

    def test_a_wait_is_for_one_account_and_right_attempts_are_forgotten(self):
        attempts = Attempts(Clock())
        for _ in range(3):
            attempts.wait("a.ost", "192.0.2.7")
        assert attempts.wait("a.ost", "192.0.2.8") == 1.0
        assert attempts.wait("b.west", "192.0.2.7") == 0.0
        attempts.forget("a.ost", "192.0.2.7")
        assert attempts.wait("a.ost", "192.0.2.8") == 0.0

    def test_one_address_cannot_try_many_accounts(self):
        attempts = Attempts(Clock())
        waits = [attempts.wait(f"account{one}", "192.0.2.7") for one in range(25)]
        assert waits[:20] == [0.0] * 20
        assert min(waits[20:]) > 0

    def test_after_an_hour_all_is_forgotten(self):
        ticks = Clock()
        attempts = Attempts(ticks)
        for _ in range(3):
            attempts.wait("a.ost", "192.0.2.7")
        ticks.now += 3_600
        assert attempts.wait("a.ost", "192.0.2.7") == 0.0

    def test_many_names_do_not_fill_the_memory(self):
        attempts = Attempts(Clock())
        for one in range(30_000):
            attempts.wait(f"account{one}", f"address{one}")
        assert len(attempts._tried) <= 20_000


def test_a_window_slides():
    ticks = Clock()
    window = Window(ticks)
    assert [window.wait("a", 2) for _ in range(2)] == [0.0, 0.0]
    ticks.now += 20
    assert window.wait("a", 2) == 40.0
    assert window.wait("b", 2) == 0.0
    ticks.now += 40
    assert window.wait("a", 2) == 0.0


class TestServer:
    def test_a_right_password_waits_like_a_wrong_one(self, server, clock):  # noqa: F811
        guesser = client(server())
        given = {"name": "the.reader", "password": "wrong"}
        told = [guesser.post("/login", data=given, headers=OWN).status_code for _ in range(4)]
        assert told == [401, 401, 401, 429]
        right = {**given, "password": PASSWORD}
        waits = guesser.post("/login", data=right, headers=OWN)
        assert (waits.status_code, waits.headers["retry-after"]) == (429, "1")
        assert "Try again in 1 second." in waits.text
        clock.now += 1
        assert guesser.post("/login", data=right, headers=OWN).status_code == 303

    def test_other_letters_of_a_name_are_the_same_account(self, server):  # noqa: F811
        guesser = client(server())
        names = ("the.reader", "THE.reader", " the.reader", "ｔhe.reader")
        given = [{"name": name, "password": "wrong"} for name in names]
        told = [guesser.post("/login", data=one, headers=OWN).status_code for one in given]
        assert told == [401, 401, 401, 429]

    def test_an_unknown_caller_who_asks_too_often_waits(self, server, clock):  # noqa: F811
        asker = client(server())
        told = [asker.get("/leads").status_code for _ in range(ANYBODY + 1)]
        assert told == [401] * ANYBODY + [429]
        assert asker.get("/leads").headers["retry-after"] == "60"
        assert asker.get("/healthz").status_code == 200
        clock.now += 60
        assert asker.get("/leads").status_code == 401

    def test_a_server_without_accounts_counts_nothing(self, server):  # noqa: F811
        local = client(server(Door()), "http://127.0.0.1")
        assert {local.get("/healthz").status_code for _ in range(ANYBODY + 5)} == {200}


class TestSize:
    @pytest.fixture
    def analyst(self, server):  # noqa: F811
        return signed_in(server(upload=100_000), "analyst")

    def test_a_declared_size_is_refused_before_a_byte_is_read(self, analyst):
        def pieces():
            yield b"x"
            pytest.fail("more was read than the headers")

        asked = {
            **OWN,
            "x-csrf-token": token_of(analyst),
            "content-type": "multipart/form-data; boundary=b",
            "content-length": "2000000000",
        }
        told = analyst.post("/written", content=b"", headers=asked)
        assert told.status_code == 413
        assert "100,000 bytes" in told.text

    @pytest.mark.parametrize(
        ("kind", "most"),
        [
            ("multipart/form-data; boundary=b", 100_000),
            ("application/x-www-form-urlencoded", FORM),
            ("text/csv", 16_000_000),
        ],
    )
    def test_a_stream_that_does_not_say_its_size_is_cut_off(self, analyst, kind, most):
        asked = {**OWN, "x-csrf-token": token_of(analyst), "content-type": kind}
        for size, status in ((most, 200), (most + 1, 413)):
            pieces = iter([b"x" * (size // 2), b"x" * (size - size // 2)])
            told = analyst.post("/written", content=pieces, headers=asked)
            assert told.status_code == status

    def test_the_form_that_is_looked_at_for_its_token_is_bounded_too(self, analyst):
        asked = {**OWN, "content-type": "application/x-www-form-urlencoded"}
        told = analyst.post("/written", content=iter([b"a=" + b"x" * FORM]), headers=asked)
        assert told.status_code == 413

    @pytest.mark.parametrize("size", ["-1", "x", "1e3", ""])
    def test_a_size_that_is_none_is_refused(self, analyst, size):
        asked = {**OWN, "x-csrf-token": token_of(analyst), "content-length": size}
        assert analyst.post("/written", content=b"", headers=asked).status_code == 413

    def test_headers_are_bounded(self, analyst):
        assert analyst.get("/account", headers={"x-long": "x" * 20_000}).status_code == 431


class TestAddress:
    def test_only_what_the_server_in_front_adds_is_believed(self, server, access):  # noqa: F811
        made_up = {"x-forwarded-for": "203.0.113.9, 198.51.100.4", "x-forwarded-proto": "https"}
        wrong = {"name": "the.reader", "password": "wrong"}
        app = server(Door(None, ("desk.example",), True, is_behind_tls=True))
        client(app, "http://desk.example").post(
            "/login", data=wrong, headers={"origin": "https://desk.example", **made_up}
        )
        assert access.audit.rows(1)[0].address == "198.51.100.4"
        bare = TestClient(server(), base_url=HERE, client=("192.0.2.9", 1), follow_redirects=False)
        bare.post("/login", data=wrong, headers={**OWN, **made_up})
        assert access.audit.rows(1)[0].address == "192.0.2.9"

    def test_a_subscriber_of_ipv6_is_one_address(self, server, access):  # noqa: F811
        app = server()
        far = TestClient(app, base_url=HERE, client=("2001:db8:1:2:3::4", 1))
        far.post("/login", data={"name": "x", "password": "wrong"}, headers=OWN)
        assert access.audit.rows(1)[0].address == "2001:db8:1:2::/64"
