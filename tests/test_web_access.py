"""Who gets in: nobody without a session, no writing without its token, no role beyond its own."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import Request
from fastapi.testclient import TestClient

from entrepot.api import accounts_passwords
from entrepot.api.accounts_open import open_access
from entrepot.api.accounts_sessions import LONGEST
from entrepot.settings import Settings
from entrepot.web.access import guard
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import Caller, csrf_token
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.access.limits import Attempts, Window
from entrepot.web.app import make_app

PASSWORD = "tide lantern orchard"
TOKEN = "a token that is long enough"
HERE = "http://desk.example"
PEOPLE = {"accept": "text/html"}
OWN = {"origin": HERE}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("access") / "lake"


@pytest.fixture(scope="module")
def access(folder):
    with open_access(folder) as found, pytest.MonkeyPatch.context() as patched:
        # Hashing is slow on purpose; tests/test_accounts.py has it as it is.
        quick = PasswordHasher(time_cost=1, memory_cost=64)
        patched.setattr(accounts_passwords, "_HASHER", quick)
        patched.setattr(accounts_passwords, "_NOBODY", quick.hash("nobody has this password"))
        for role in ("reader", "analyst", "admin"):
            found.accounts.add(f"the.{role}", role, PASSWORD)
        yield found


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(folder, access, clock):
    """A server that others reach; nothing of it is started but what answers."""

    def made(door=Door(TOKEN, ("desk.example",), True), **more):  # noqa: B008
        entrance = Entrance(door, access, window=Window(clock), attempts=Attempts(clock), **more)
        app = make_app(lambda: None, entrance, Settings(lake=folder))

        @app.post("/written")
        async def written(request: Request) -> dict[str, object]:
            form = await request.body()
            audited(request, "download", "1")
            return {"by": request.state.caller.name, "size": len(form)}

        return app

    return made


def client(app, base_url=HERE, **more):
    return TestClient(app, base_url=base_url, follow_redirects=False, **more)


@pytest.fixture
def stranger(server):
    return client(server())


def signed_in(app, role="analyst", base_url=HERE, **more):
    found = client(app, base_url, **more)
    given = {"name": f"the.{role}", "password": PASSWORD}
    made = found.post("/login", data=given, headers={"origin": base_url})
    assert made.status_code == 303, made.text
    return found


def token_of(reader):
    return csrf_token(reader.cookies["entrepot"])


def every_route(app):
    """Each route with a method, its parameters filled in."""
    found = set(walked(app.routes))
    described = {
        (path, method.upper())
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert described <= found, "a route is described that the walk does not find"
    assert len(found) > 40
    return sorted((re.sub(r"{[^}]*}", "1", path), method) for path, method in found)


def walked(routes):
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from walked(inner.routes)
        else:
            path = route.path.replace(":path}", "}")
            yield from ((path, method) for method in route.methods)


class TestNobody:
    def test_sees_no_route_but_those_to_sign_in(self, server, stranger, clock):
        seen = []
        for path, method in every_route(server()):
            clock.now += 1  # not so many that they would be refused for that
            told = stranger.request(method, path, headers=OWN)
            if path not in guard.OPEN and told.status_code != 401:
                seen.append((method, path))
        assert seen == []

    def test_is_led_to_the_page_to_sign_in_where_a_page_is_asked_for(self, server, stranger, clock):
        for path, method in every_route(server()):
            clock.now += 1
            if method == "GET" and path not in guard.OPEN:
                page = stranger.get(path, headers=PEOPLE)
                assert (page.status_code, page.text) == (303, "")
                assert page.headers["location"].startswith("/login")
        far = stranger.get("/leads?country=KG&x=a%26b", headers=PEOPLE).headers["location"]
        assert far == "/login?next=/leads%3Fcountry%3DKG%26x%3Da%2526b"

    def test_does_not_learn_which_addresses_there_are(self, stranger):
        assert stranger.get("/none-of-ours").status_code == 401
        assert stranger.get("/leads").status_code == 401
        assert stranger.get("/static/charts.js").status_code == 401

    def test_a_script_is_led_to_sign_in_as_a_whole_page(self, stranger):
        asked = {"hx-request": "true", "hx-current-url": f"{HERE}/leads?page=2", **PEOPLE}
        part = stranger.get("/leads", headers=asked)
        assert (part.status_code, part.headers["hx-redirect"]) == (
            401,
            "/login?next=/leads%3Fpage%3D2",
        )

    def test_sees_the_page_to_sign_in_with_what_it_needs(self, stranger):
        page = stranger.get("/login", headers=PEOPLE)
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        needed = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
        assert needed
        assert [one for one in needed if stranger.get(one).status_code != 200] == []
        assert not re.search(r"<script|<style|\sstyle=", page.text)
        for name in ("name", "password"):
            assert f'<label for="{name}">' in page.text

    def test_probes_answer_anybody(self, stranger):
        assert stranger.get("/healthz").status_code == 200

    @pytest.mark.parametrize("given", ["Bearer wrong", f"Basic {TOKEN}", "Bearer", "Bearer ÿ"])
    def test_a_wrong_token_is_none(self, stranger, given):
        told = stranger.get("/catalog", headers={"authorization": given.encode("latin-1")})
        assert (told.status_code, told.headers["www-authenticate"]) == (401, "Bearer")


class TestSession:
    def test_a_page_is_seen_after_signing_in_and_not_after_signing_out(self, server, access):
        reader = signed_in(server(), "reader")
        session = reader.cookies["entrepot"]
        assert reader.get("/account").status_code == 200
        gone = reader.post("/logout", data={"csrf": token_of(reader)}, headers=OWN)
        assert (gone.status_code, gone.headers["location"]) == (303, "/login")
        assert "entrepot" not in reader.cookies
        assert access.sessions.found(session) is None
        reader.cookies.set("entrepot", session)
        assert reader.get("/account").status_code == 401

    def test_signing_in_gives_another_session_and_ends_the_one_before(self, server, access):
        reader = signed_in(server(), "reader")
        before = reader.cookies["entrepot"]
        given = {"name": "the.admin", "password": PASSWORD}
        again = reader.post("/login", data=given, headers=OWN)
        assert again.status_code == 303
        assert reader.cookies["entrepot"] != before
        assert access.sessions.found(before) is None

    def test_a_session_that_somebody_else_chose_is_never_taken(self, server):
        reader = client(server())
        reader.cookies.set("entrepot", "chosen-by-somebody-else", domain="desk.example")
        given = {"name": "the.reader", "password": PASSWORD}
        made = reader.post("/login", data=given, headers=OWN)
        assert "chosen-by-somebody-else" not in made.headers["set-cookie"]

    def test_a_cookie_is_out_of_reach_of_scripts_and_of_other_sites(self, server):
        given = {"name": "the.reader", "password": PASSWORD}
        made = client(server()).post("/login", data=given, headers=OWN).headers["set-cookie"]
        assert made.startswith("entrepot=")
        for part in (
            "HttpOnly",
            "SameSite=lax",
            "Path=/",
            f"Max-Age={LONGEST // timedelta(seconds=1)}",
        ):
            assert part in made
        assert "Domain" not in made
        assert "Secure" not in made

    def test_behind_tls_a_cookie_never_travels_without(self, server):
        door = Door(None, ("desk.example",), True, is_behind_tls=True)
        reader = client(server(door), headers={"x-forwarded-proto": "https"})
        given = {"name": "the.reader", "password": PASSWORD}
        made = reader.post("/login", data=given, headers={"origin": "https://desk.example"})
        assert made.headers["set-cookie"].startswith("__Host-entrepot=")
        assert "Secure" in made.headers["set-cookie"]
        # The name without the prefix is one that a page of a neighbour could set.
        session = re.search("entrepot=([^;]+)", made.headers["set-cookie"]).group(1)
        assert reader.get("/account", headers={"cookie": f"entrepot={session}"}).status_code == 401
        asked = {"cookie": f"__Host-entrepot={session}"}
        assert reader.get("/account", headers=asked).status_code == 200

    def test_behind_tls_a_request_without_is_refused(self, server):
        door = Door(None, ("desk.example",), True, is_behind_tls=True)
        reader = client(server(door))
        for way in ({}, {"x-forwarded-proto": "http"}):
            told = reader.get("/login", headers=way)
            assert told.status_code == 400
            assert "X-Forwarded-Proto" in told.text
        assert reader.get("/healthz").status_code == 200

    @pytest.mark.parametrize("after", ["//evil.example", "https://evil.example", "/\\evil.example"])
    def test_signing_in_leads_nowhere_else(self, server, after):
        given = {"name": "the.reader", "password": PASSWORD, "next": after}
        made = client(server()).post("/login", data=given, headers=OWN)
        assert made.headers["location"] == "/"

    def test_a_closed_account_is_out_at_once(self, server, access):
        access.accounts.add("was.here", "reader", PASSWORD)
        app = server()
        reader = client(app)
        reader.post("/login", data={"name": "was.here", "password": PASSWORD}, headers=OWN)
        assert reader.get("/account").status_code == 200
        access.accounts.disable("was.here")
        assert reader.get("/account").status_code == 401

    def test_a_form_kept_for_one_session_is_not_sent_to_another(self, server):
        app = server()
        one, two = signed_in(app), signed_in(app)
        first, second = one.get("/sources").headers, two.get("/sources").headers
        assert first["etag"] != second["etag"]
        assert one.get("/sources").headers["etag"] == first["etag"]


class TestWriting:
    @pytest.fixture
    def analyst(self, server):
        return signed_in(server(), "analyst")

    def test_the_field_of_the_session_lets_a_form_write(self, analyst):
        sent = {"csrf": token_of(analyst), "x": "1"}
        made = analyst.post("/written", data=sent, headers=OWN)
        assert made.json() == {"by": "the.analyst", "size": len("csrf=&x=1") + 64}

    def test_a_script_sends_it_in_a_header(self, analyst):
        asked = {**OWN, "x-csrf-token": token_of(analyst)}
        assert analyst.post("/written", json={}, headers=asked).status_code == 200

    def test_an_upload_names_it_first_and_arrives_whole(self, analyst):
        body = b"line\n" * 40_000
        sent = analyst.build_request(
            "POST", "/written", data={"csrf": token_of(analyst)}, files={"f": body}, headers=OWN
        )
        made = analyst.send(sent)
        assert made.status_code == 200, made.text
        assert made.json()["size"] == int(sent.headers["content-length"])
        late = {"a": "1", "csrf": token_of(analyst)}
        told = analyst.post("/written", data=late, files={"f": b"x"}, headers=OWN)
        assert told.status_code == 403

    @pytest.mark.parametrize("field", ["", "0" * 64, "short"])
    def test_another_token_does_not(self, analyst, field):
        assert analyst.post("/written", data={"csrf": field}, headers=OWN).status_code == 403
        asked = {**OWN, "x-csrf-token": field}
        assert analyst.post("/written", json={}, headers=asked).status_code == 403
        files = {"f": b"x"}
        told = analyst.post("/written", data={"csrf": field}, files=files, headers=OWN)
        assert told.status_code == 403

    def test_nor_the_token_of_another_session(self, server, analyst):
        other = token_of(signed_in(server(), "admin"))
        assert analyst.post("/written", data={"csrf": other}, headers=OWN).status_code == 403

    def test_nor_two_of_them(self, analyst):
        twice = f"csrf={token_of(analyst)}&csrf={token_of(analyst)}"
        asked = {**OWN, "content-type": "application/x-www-form-urlencoded"}
        assert analyst.post("/written", content=twice, headers=asked).status_code == 403

    @pytest.mark.parametrize(
        "whence",
        [
            {},
            {"origin": "http://evil.example"},
            {"origin": "https://desk.example"},
            {"origin": "http://desk.example:8000"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"origin": HERE, "sec-fetch-site": "cross-site"},
            {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        ],
    )
    def test_a_page_from_elsewhere_does_not_even_with_the_token(self, analyst, whence):
        sent = {"csrf": token_of(analyst)}
        assert analyst.post("/written", data=sent, headers=whence).status_code == 403

    @pytest.mark.parametrize(
        "whence",
        [
            {"origin": "http://desk.example:80"},
            {"sec-fetch-site": "same-origin"},
            {"origin": "null", "sec-fetch-site": "same-origin"},
        ],
    )
    def test_a_page_of_this_server_does_however_its_browser_says_so(self, analyst, whence):
        sent = {"csrf": token_of(analyst)}
        assert analyst.post("/written", data=sent, headers=whence).status_code == 200

    def test_signing_in_from_elsewhere_is_refused(self, stranger):
        given = {"name": "the.reader", "password": PASSWORD}
        for whence in ({}, {"origin": "http://evil.example"}):
            assert stranger.post("/login", data=given, headers=whence).status_code == 403


class TestRoles:
    def test_a_reader_writes_nowhere(self, server):
        app = server()
        reader = signed_in(app, "reader")
        asked = {**OWN, "x-csrf-token": token_of(reader)}
        written = [
            (method, path)
            for path, method in every_route(app)
            if method in UNSAFE
            and path not in (*guard.OPEN, *guard.OWN)
            and reader.request(method, path, headers=asked).status_code != 403
        ]
        assert written == []

    def test_the_log_is_for_admins(self, server):
        app = server()
        expected = {"reader": 403, "analyst": 403, "admin": 200}
        got = {role: signed_in(app, role).get("/audit").status_code for role in expected}
        assert got == expected

    def test_the_token_asks_and_does_not_write(self, server):
        program = client(server(), headers={"authorization": f"Bearer {TOKEN}"})
        assert program.get("/catalog").status_code == 503  # no list is there
        assert program.post("/match/default", json={"queries": {}}).status_code != 403
        assert program.post("/written").status_code == 403
        assert program.get("/audit").status_code == 403

    def test_the_token_needs_no_origin_and_no_field_and_ignores_cookies(self, server):
        app = server()
        program = signed_in(app, "admin")
        asked = {"authorization": f"Bearer {TOKEN}"}
        assert program.post("/match/default", json={}, headers=asked).status_code in (422, 503)
        assert program.get("/audit", headers=asked).status_code == 403
        wrong = {"authorization": "Bearer wrong"}
        assert program.get("/audit", headers=wrong).status_code == 401


class TestThisMachine:
    @pytest.fixture
    def local(self, server):
        return client(server(Door()), "http://127.0.0.1:8000")

    def test_needs_no_account_and_may_everything(self, local):
        assert local.get("/audit").status_code == 200
        assert local.post("/written").json()["by"] == "local"
        assert (
            "no account" in local.get("/account").text
            or "asks nobody" in local.get("/account").text
        )

    def test_a_page_from_elsewhere_does_not_write(self, local):
        for whence in (
            {"origin": "http://evil.example"},
            {"origin": "http://127.0.0.1:9000"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
        ):
            assert local.post("/written", headers=whence).status_code == 403
        own = {"origin": "http://127.0.0.1:8000"}
        assert local.post("/written", headers=own).status_code == 200

    def test_a_name_from_elsewhere_is_refused(self, local):
        assert local.get("/account", headers={"host": "evil.example"}).status_code == 400


class TestPassword:
    def test_changing_it_ends_every_session(self, server, access):
        access.accounts.add("chang.er", "reader", PASSWORD)
        app = server()
        reader, other = client(app), client(app)
        for one in (reader, other):
            one.post("/login", data={"name": "chang.er", "password": PASSWORD}, headers=OWN)
        wanted = "gravel window eleven"
        sent = {"csrf": token_of(reader), "current": PASSWORD, "wanted": wanted, "again": wanted}
        wrong = reader.post("/account/password", data={**sent, "current": "no"}, headers=OWN)
        assert wrong.status_code == 422
        apart = reader.post("/account/password", data={**sent, "again": "no"}, headers=OWN)
        assert apart.status_code == 422
        weak = {**sent, "wanted": "short", "again": "short"}
        assert reader.post("/account/password", data=weak, headers=OWN).status_code == 422
        assert reader.post("/account/password", data=sent, headers=OWN).status_code == 303
        assert other.get("/account").status_code == 401
        assert access.accounts.check("chang.er", wanted) is not None


class TestLog:
    def test_logins_failures_and_logouts_are_written_down_without_passwords(self, server, access):
        app = server()
        before = len(access.audit.rows())
        nobody = client(app)
        for name in ("the.admin", "tide lantern orchard"):
            nobody.post("/login", data={"name": name, "password": "wrong"}, headers=OWN)
        admin = signed_in(app, "admin")
        admin.post("/written", data={"csrf": token_of(admin)}, headers=OWN)
        admin.post("/logout", data={"csrf": token_of(admin)}, headers=OWN)
        rows = access.audit.rows(len(access.audit.rows()) - before)
        assert [(row.who, row.what) for row in reversed(rows)] == [
            ("the.admin", "login_failed"),
            ("unknown", "login_failed"),
            ("the.admin", "login"),
            ("the.admin", "download"),
            ("the.admin", "logout"),
        ]
        assert not any(PASSWORD in str(row) for row in rows)

    def test_the_page_shows_them_to_admins(self, server):
        page = signed_in(server(), "admin").get("/audit", headers=PEOPLE)
        assert "signed in" in page.text
        assert "the.admin" in page.text
        assert page.headers["cache-control"] == "no-store"


def test_what_a_caller_may_is_what_those_below_may_too():
    assert [
        (role, wanted)
        for role in ("reader", "analyst", "admin")
        for wanted in ("reader", "analyst", "admin")
        if Caller("x", role, "session").may(wanted)
    ] == [
        *(("reader", "reader"), ("analyst", "reader"), ("analyst", "analyst")),
        *(("admin", "reader"), ("admin", "analyst"), ("admin", "admin")),
    ]
