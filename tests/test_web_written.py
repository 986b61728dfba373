"""Whatever somebody writes leaves a line in the log, and a reader writes and is offered nothing."""

from __future__ import annotations

import re
import time
from typing import get_args

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from click.testing import CliRunner
from fastapi.testclient import TestClient
from test_web_access import PASSWORD, every_route
from test_web_pages_screen import DAY, LINES, OWN

from entrepot.api.accounts_open import open_access
from entrepot.api.audit import WHAT, What
from entrepot.api.jobs import Wanted
from entrepot.cli import main
from entrepot.settings import Settings
from entrepot.web.access.audit import _WORDS
from entrepot.web.access.caller import csrf_token
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.access.limits import UPLOADS
from entrepot.web.app import make_app

HERE = "http://desk.example"
PEOPLE = {"accept": "text/html"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# They answer a question and keep nothing.
ASKED = {"/match/1", "/screen/shipment", "/api/v1/claims/check"}
LINE = "/screen/1/lines/1"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    listed = folder / "own-blocked_2024-02-01.csv"
    listed.write_text(OWN, "utf-8")
    made = CliRunner().invoke(main, ["--lake", str(folder / "lake"), "ingest", str(listed)])
    assert made.exit_code == 0, made.output
    return folder / "lake"


@pytest.fixture(scope="module")
def access(lake):
    with open_access(lake) as found:
        for role in ("reader", "analyst", "admin"):
            found.accounts.add(f"the.{role}", role, PASSWORD)
        yield found


@pytest.fixture(scope="module")
def app(lake, access):
    return make_app(
        lambda: None, Entrance(Door(None, ("desk.example",), True), access), Settings(lake=lake)
    )


@pytest.fixture(scope="module")
def running(app):
    """The server, and what looks after its jobs."""
    with TestClient(app, base_url=HERE):
        yield app


@pytest.fixture
def signed_in(running):
    def made(role="admin", name=None):
        # The server runs already; a client beside it does not start it again.
        found = TestClient(running, base_url=HERE, follow_redirects=False)
        given = {"name": name or f"the.{role}", "password": PASSWORD}
        running.state.entrance.attempts.forget(given["name"], "unknown")
        told = found.post("/login", data=given, headers={"origin": HERE})
        assert told.status_code == 303, told.text
        found.headers.update({"origin": HERE, **PEOPLE})
        found.headers["x-csrf-token"] = csrf_token(found.cookies["entrepot"])
        return found

    return made


@pytest.fixture
def log(access):
    """What was written to the log since this was asked for."""
    before = len(access.audit.rows())

    def since():
        rows = access.audit.rows()
        return [(row.who, row.what, row.about) for row in reversed(rows[: len(rows) - before])]

    return since


def uploaded(reader):
    made = reader.post("/screen", data={"as_of": DAY}, files={"file": ("l.csv", LINES)})
    assert made.status_code == 303, made.text
    return made.headers["location"]


def columns(reader, place, do):
    page = reader.get(place).text
    pairs = []
    for heading, chosen in zip(
        re.findall(r'name="heading" value="([^"]*)"', page),
        re.findall(r'<select name="field".*?</select>', page, re.DOTALL),
        strict=True,
    ):
        field = re.search(r"<option selected>([^<]+)", chosen)
        pairs += [("heading", heading), ("field", field.group(1) if field else "")]
    fields = {"as_of": DAY, "do": do}
    body = {"heading": [v for n, v in pairs if n == "heading"]}
    body["field"] = [v for n, v in pairs if n == "field"]
    return reader.post(place, data={**body, **fields})


def until(true, seconds=90.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    assert true()


@pytest.fixture(scope="module")
def place(running):
    """A file that was screened."""
    found = TestClient(running, base_url=HERE, follow_redirects=False)
    found.post("/login", data={"name": "the.admin", "password": PASSWORD}, headers={"origin": HERE})
    found.headers.update({"origin": HERE, **PEOPLE})
    found.headers["x-csrf-token"] = csrf_token(found.cookies["entrepot"])
    where = uploaded(found)
    assert columns(found, where, "screen").status_code == 303
    until(lambda: 'id="results"' in found.get(where).text)
    return where


def test_every_kind_of_line_in_the_log_has_words():
    assert set(_WORDS) == set(WHAT) == set(get_args(What))


def sign_in(reader, **_):
    given = {"name": "the.reader", "password": PASSWORD}
    return reader.post("/login", data=given)


def password(reader, **_):
    new = "gravel window eleven"
    return reader.post("/account/password", data={"current": PASSWORD, "wanted": new, "again": new})


def add_file(reader, **_):
    file = {"file": ("own.csv", OWN)}
    return reader.post(
        "/sources/add", data={"purpose": "ingest", "collection": "own", "day": DAY}, files=file
    )


def estimate(reader, **_):
    return reader.post("/jobs/detect", data={"since": "2022-03"})


def waiting(running):
    """A job that nobody starts: it is about nothing and waits behind the others."""
    return running.state.work.keeper.book.add(Wanted("detect", "x", ("--version",), "the.admin"))


def cancel(reader, running, **_):
    return reader.post(f"/jobs/{waiting(running).job_id}/cancel")


def again(reader, running, **_):
    job = waiting(running)
    running.state.work.keeper.book.say(job.job_id, "failed", "server", "")
    return reader.post(f"/jobs/{job.job_id}/again")


def decide_hit(reader, place, **_):
    page = reader.get(f"{place}/lines/0").text
    named = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1)
        for name in ("dataset", "entity_id", "party")
    }
    sent = {**named, "kind": "false_match", "reason": "another firm"}
    return reader.post(f"{place}/lines/0", data=sent)


def confirm(reader, **_):
    return columns(reader, uploaded(reader), "screen")


def remove(reader, **_):
    return reader.post(f"{uploaded(reader)}/remove")


WRITES = {
    "/login": (sign_in, {"login"}),
    "/logout": (lambda reader, **_: reader.post("/logout"), {"logout"}),
    "/account/password": (password, {"password_changed"}),
    "/account/sessions": (lambda reader, **_: reader.post("/account/sessions"), {"logout"}),
    "/sources/add": (add_file, {"upload", "job_started"}),
    "/jobs/detect": (estimate, {"job_started"}),
    "/jobs/1/cancel": (cancel, {"job_cancelled"}),
    "/jobs/1/again": (again, {"job_started"}),
    "/screen": (lambda reader, **_: reader.get(uploaded(reader)), {"upload"}),
    "/screen/1": (confirm, {"upload", "job_started"}),
    "/screen/1/remove": (remove, {"upload", "upload_removed"}),
    LINE: (decide_hit, {"decision"}),
}
ELSEWHERE = {"/leads/1/decisions"}  # needs a run; tests/test_web_pages_lead.py writes it down


def test_every_route_that_writes_is_one_whose_line_in_the_log_is_tested(app):
    writing = {path for path, method in every_route(app) if method in UNSAFE}
    assert writing == {*WRITES, *ASKED, *ELSEWHERE}


@pytest.mark.parametrize("path", sorted(WRITES))
def test_what_somebody_writes_leaves_a_line_with_their_name(
    signed_in, running, access, place, log, path
):
    act, kinds = WRITES[path]
    name = f"p{sorted(WRITES).index(path)}"
    access.accounts.add(name, "admin", PASSWORD)
    reader = signed_in(name=name)
    made = act(reader, running=running, place=place)
    assert made.status_code in (200, 303), made.text
    expected = {("the.reader" if path == "/login" else name, kind) for kind in kinds}
    rows = log()
    assert expected <= {(who, what) for who, what, _ in rows}
    assert not any("l.csv" in about or "own.csv" in about for _, _, about in rows)


def test_what_is_refused_is_not_written_down_as_done(signed_in, log):
    reader = signed_in()
    assert reader.post("/jobs/detect", data={"since": "last year"}).status_code == 422
    assert reader.post("/screen", data={"as_of": DAY}, files={"file": ("x", b"")}).status_code > 399
    assert {what for _, what, _ in log()} == {"login"}


def test_a_download_is_written_down_and_a_look_at_its_headers_is_not(signed_in, place, log):
    reader = signed_in("analyst")
    reader.head(f"{place}/result.csv")
    assert reader.get(f"{place}/result.csv").status_code == 200
    assert [row for row in log() if row[1] == "download"] == [
        ("the.analyst", "download", f"{place.rpartition('/')[2]}.csv")
    ]


ADMINS = {"/sources/add", "/jobs/detect", "/audit"}


def test_an_analyst_does_nothing_that_is_the_admins(signed_in):
    reader = signed_in("analyst")
    for path in sorted(ADMINS):
        assert reader.get(path).status_code == 403
    for path in ("/sources/add", "/jobs/detect"):
        assert reader.post(path, data={"since": "2022-03"}).status_code == 403


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("reader", {"/screen", "/jobs", "/sources/add"}),
        ("analyst", {"/sources/add", "/jobs/detect"}),
        ("admin", set()),
    ],
)
def test_a_page_links_only_to_where_its_reader_may_go(signed_in, role, hidden):
    reader = signed_in(role)
    pages = ["/", "/sources", "/account", "/none", *(["/jobs"] if role != "reader" else [])]
    for path in pages:
        links = set(re.findall(r'href="([^"?#]+)', reader.get(path).text))
        assert "/sources" in links
        assert links & hidden == set(), path
    if role == "admin":
        links = set(re.findall(r'href="([^"?#]+)', reader.get("/jobs").text))
        assert {"/screen", "/jobs", "/sources/add", "/jobs/detect"} <= links


def test_files_that_come_too_often_are_refused_and_told_when_to_come_back(signed_in):
    reader = signed_in("analyst")
    told = [
        reader.post("/screen", data={"as_of": DAY}, files={"file": ("x.exe", b"x")})
        for _ in range(UPLOADS + 1)
    ]
    assert told[0].status_code == 422
    assert told[-1].status_code == 429
    assert int(told[-1].headers["retry-after"]) > 0
