"""Pages of jobs: what runs is shown, goes on without the page, and ends where somebody says so."""

from __future__ import annotations

import re
import time

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
pytest.importorskip("python_multipart", reason="needs entrepot[web].")

from fastapi.testclient import TestClient
from test_jobs import stand_in

from entrepot.api.jobs import Wanted
from entrepot.api.jobs_folder import processes_of
from entrepot.api.jobs_uploads import Uploads
from entrepot.lake import open_lake
from entrepot.screening_tables import LISTED_PARTIES
from entrepot.settings import Settings
from entrepot.web.access.caller import Caller, the_caller
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}
OWN = b"party_id,schema,name,country,listing_date\n7,Company,Tulamash Trading LLC,ru,2024-01-10\n"
SLOW = (
    "import json, os, time\n"
    "with open(os.environ['ENTREPOT_PROGRESS_FILE'], 'a') as file:\n"
    "    file.write(json.dumps({'done': 3, 'total': 8, 'what': 'sheet <3>'}) + '\\n')\n"
    "print('<b>begun</b>', flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def app(lake):
    return make_app(lambda: None, settings=Settings(lake=lake))


@pytest.fixture
def client(app):
    with TestClient(app, headers=READER, base_url="http://localhost") as found:
        yield found
        keeper = app.state.work.keeper
        for job in keeper.book.open_jobs():
            keeper.cancel(job, "test")
        until(lambda: not keeper.book.open_jobs())


def until(true, seconds=40.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def ask(app, title="A <file>", by="local", kind="screen"):
    return app.state.work.keeper.ask(Wanted(kind, title, ("x",), by))


def running(app, client, **other):
    job = ask(app, **other)
    until(lambda: "begun" in client.get(f"/jobs/{job.job_id}/state").text)
    return job


def test_no_job_is_a_page_that_says_where_to_start_one(client):
    page = client.get("/jobs").text
    assert "No job was started yet" in page
    assert 'href="/screen"' in page


def test_a_job_shows_how_far_it_is_and_what_it_printed_as_text(client, app, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, SLOW)
    job = running(app, client)
    page = client.get(f"/jobs/{job.job_id}").text
    assert '<progress id="how-far" max="8" value="3">' in page
    assert '<label for="how-far">sheet &lt;3&gt;: 3 of 8</label>' in page
    assert "&lt;b&gt;begun&lt;/b&gt;" in page
    assert "<b>begun" not in page
    assert 'role="status" aria-live="polite"' in page
    assert f'hx-get="/jobs/{job.job_id}/state?seen=' in page


def test_what_did_not_change_is_not_sent_again(client, app, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, SLOW)
    job = running(app, client)
    time.sleep(0.5)
    part = client.get(f"/jobs/{job.job_id}/state").text
    assert "<html" not in part
    seen = re.search(r"seen=(\w+)", part).group(1)
    assert client.get(f"/jobs/{job.job_id}/state?seen={seen}").status_code == 204


def test_the_button_cancels_and_the_page_says_who_did(client, app, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, SLOW)
    job = running(app, client)
    assert "Cancel this job" in client.get(f"/jobs/{job.job_id}").text
    answer = client.post(f"/jobs/{job.job_id}/cancel", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/jobs/{job.job_id}")
    until(lambda: "Cancelled while it ran" in client.get(f"/jobs/{job.job_id}").text)
    page = client.get(f"/jobs/{job.job_id}").text
    assert "Cancel this job" not in page
    assert "Start it again" in page
    assert 'hx-trigger="every 1s"' not in page


def test_a_job_is_there_after_the_server_was_started_anew(client, app, lake, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, SLOW)
    job = running(app, client)
    app.state.work.keeper.close()
    (beside, _) = processes_of(lake / "jobs" / job.job_id)
    again = make_app(lambda: None, settings=Settings(lake=lake))
    with TestClient(again, headers=READER, base_url="http://localhost") as later:
        time.sleep(1.0)
        assert 'value="3"' in later.get(f"/jobs/{job.job_id}").text
        assert processes_of(lake / "jobs" / job.job_id)[0] == beside
        later.post(f"/jobs/{job.job_id}/cancel")
        until(lambda: "Cancelled while it ran" in later.get(f"/jobs/{job.job_id}").text)


def test_a_job_that_failed_can_be_started_again(client, app, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "import os\nos._exit(1)\n")
    job = ask(app)
    until(lambda: "failed" in client.get(f"/jobs/{job.job_id}").text)
    answer = client.post(f"/jobs/{job.job_id}/again", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] != f"/jobs/{job.job_id}"


def test_an_analyst_cancels_own_jobs_and_an_admin_all(client, app, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, SLOW)
    job = running(app, client, by="b.west")
    app.dependency_overrides[the_caller] = lambda: Caller("a.ost", "analyst", "session")
    assert "Cancel this job" not in client.get(f"/jobs/{job.job_id}").text
    assert client.post(f"/jobs/{job.job_id}/cancel").status_code == 403
    app.dependency_overrides[the_caller] = lambda: Caller("a.ost", "admin", "session")
    answer = client.post(f"/jobs/{job.job_id}/cancel", follow_redirects=False)
    assert answer.status_code == 303


def test_a_reader_sees_no_jobs_and_an_analyst_adds_no_files(client, app):
    app.dependency_overrides[the_caller] = lambda: Caller("c.sud", "reader", "session")
    for path in ("/jobs", "/screen", "/sources/add", "/jobs/detect"):
        assert client.get(path).status_code == 403
    assert client.post("/jobs/detect", data={"since": ""}).status_code == 403
    app.dependency_overrides[the_caller] = lambda: Caller("a.ost", "analyst", "session")
    assert client.get("/jobs").status_code == 200
    assert client.get("/sources/add").status_code == 403
    files = {"file": ("a.csv", OWN)}
    assert client.post("/sources/add", data={"purpose": "ingest"}, files=files).status_code == 403


def test_a_job_there_is_not_is_a_page_that_says_so(client):
    page = client.get("/jobs/0123456789abcdef")
    assert page.status_code == 404
    assert "There is no job" in page.text
    assert client.post("/jobs/x/cancel").status_code == 404


def add(client, content, name, **fields):
    files = {"file": (name, content)}
    return client.post("/sources/add", data=fields, files=files, follow_redirects=False)


def test_an_admin_adds_a_list_and_it_is_in_the_lake_under_its_collection(client, lake):
    answer = add(
        client, OWN, "../../x.csv", purpose="ingest", collection="own-blocked", day="2024-02-01"
    )
    assert answer.status_code == 303, answer.text
    until(lambda: "1 ingested" in client.get(answer.headers["location"]).text)
    with open_lake(lake) as held:
        rows = held.table(LISTED_PARTIES).collect().to_native()
    assert set(rows["dataset"].to_pylist()) == {"own-blocked"}
    assert "own-blocked" in client.get("/sources").text


def test_an_article_is_read_into_the_lake(client):
    text = b"BISHKEK, June 3, 2024\n\nExports of machines to Kyrgyzstan grew by 20% in 2023.\n"
    answer = add(client, text, "visit.txt", purpose="read")
    assert answer.status_code == 303, answer.text
    until(lambda: "1 article read" in client.get(answer.headers["location"]).text)


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("a.csv", {}, "Say what the file is"),
        ("a.txt", {"purpose": "ingest"}, "expected one of"),
        ("a.exe", {"purpose": "ingest"}, "expected one of"),
        ("a.csv", {"purpose": "ingest", "collection": "../x"}, "small letters"),
        ("a.csv", {"purpose": "ingest", "day": "yesterday"}, "expected such as 2024-06-03"),
    ],
)
def test_what_is_not_said_well_is_refused_and_leaves_nothing(client, lake, name, fields, words):
    answer = add(client, OWN, name, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert not [one for kind in ("ingest", "read", "add") for one in Uploads(lake).all(kind)]


@pytest.mark.parametrize("value", ["--help", "2022-13", "2022-03; ls", "$(ls)"])
def test_an_estimate_takes_no_argument_that_is_none(client, value):
    answer = client.post("/jobs/detect", data={"since": value})
    assert answer.status_code == 422


def test_an_estimate_is_started_with_the_arguments_of_the_form(client, app):
    form = {"since": "2022-03", "intermediaries": "AM,KG", "list": ""}
    answer = client.post("/jobs/detect", data=form, follow_redirects=False)
    job = app.state.work.keeper.book.job(answer.headers["location"].rpartition("/")[2])
    assert job.wanted.arguments == ("detect", "--intermediaries", "AM,KG", "--since", "2022-03")
