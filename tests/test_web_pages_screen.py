"""The screen page: a file in, columns confirmed, a job, results, decisions, files to take away."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile

import pyarrow.parquet
import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
pytest.importorskip("python_multipart", reason="needs entrepot[web].")

from click.testing import CliRunner
from fastapi.testclient import TestClient

from entrepot.api.jobs_uploads import Uploads
from entrepot.cli import main
from entrepot.settings import Settings
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}
OWN = "party_id,schema,name,country,listing_date\n7,Company,Tulamash Trading LLC,ru,2024-01-10\n"
LINES = (
    "shipment id,HS code,description,consignee,consignee country,destination,Memo\n"
    "S1,84138100,pumps,Tulamash Trading LLC,KG,KG,a\n"
    "S2,85423190,<b>chips</b>,Alpha Trade,KG,RU,=1+1\n"
    'S3,84138100,pumps,"=HYPERLINK(""x"")",DE,DE,c\n'
)
DAY = "2024-06-03"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake with one list of one party."""
    folder = tmp_path_factory.mktemp("lake")
    listed = folder / "own-blocked_2024-02-01.csv"
    listed.write_text(OWN, "utf-8")
    made = CliRunner().invoke(main, ["--lake", str(folder / "lake"), "ingest", str(listed)])
    assert made.exit_code == 0, made.output
    return folder / "lake"


@pytest.fixture(scope="module")
def client(lake):
    app = make_app(lambda: None, settings=Settings(lake=lake))
    with TestClient(app, headers=READER, base_url="http://localhost") as found:
        yield found


def send(client, content=LINES, name="lines.csv", **fields):
    files = {"file": (name, content)} if content is not None else {"none": ("", b"")}
    return client.post(
        "/screen", data={"as_of": DAY, **fields}, files=files, follow_redirects=False
    )


def sent(client, *words, **fields):
    answer = send(client, *words, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def confirm(client, place, do="screen", **changed):
    """Send the form of columns as it stands, but for what is changed."""
    page = client.get(place).text
    headings = re.findall(r'name="heading" value="([^"]*)"', page)
    chosen = [
        (re.search(r"<option selected>([^<]+)", one) or [None, ""])[1]
        for one in re.findall(r'<select name="field".*?</select>', page, re.DOTALL)
    ]
    pairs = [
        pair
        for heading, field in zip(headings, chosen, strict=True)
        for pair in (("heading", heading), ("field", changed.pop(heading, field)))
    ]
    body = "&".join(
        f"{name}={client.build_request('GET', '/', params={'q': value}).url.query.decode()[2:]}"
        for name, value in [*pairs, ("as_of", DAY), ("do", do), *changed.items()]
    )
    head = {"content-type": "application/x-www-form-urlencoded"}
    return client.post(place, content=body, headers=head, follow_redirects=False)


def finished(client, place, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        page = client.get(place)
        if 'id="results"' in page.text or "failed" in page.text:
            return page
        time.sleep(0.1)
    raise AssertionError(page.text)


@pytest.fixture(scope="module")
def place(client):
    """A file that was screened."""
    found = sent(client)
    assert confirm(client, found).status_code == 303
    assert 'id="results"' in finished(client, found).text
    return found


def counts(page):
    rows = re.findall(r"\?verdict=(\w+)\">[^<]*</a></th><td>(\d+)</td>", page)
    return {name: int(number) for name, number in rows}


def test_the_form_names_day_policy_file_and_lines_by_labels(client):
    page = client.get("/screen").text
    for name in ("as_of", "policy", "file", "lines"):
        assert f'<label for="{name}">' in page
    assert "for 30 days" in page


def test_what_was_recognised_is_shown_before_anything_is_screened(client):
    page = client.get(sent(client)).text
    assert "<option selected>consignee.name</option>" in page
    assert "on the written list" in page
    assert "not known" in page
    assert "utf-8" in page


def test_a_column_is_what_the_user_says_it_is(client):
    found = sent(client)
    answer = confirm(client, found, "look", Memo="buyer.name")
    assert answer.status_code == 303
    page = client.get(found).text
    assert "as you said" in page
    assert "<option selected>buyer.name</option>" in page


def test_a_field_there_is_not_is_refused(client):
    found = sent(client)
    assert confirm(client, found, "look", Memo="buyer.evil").status_code == 422


def test_every_line_is_answered_and_counted(client, place):
    page = client.get(place).text
    assert counts(page) == {"block": 2, "review": 0, "clear": 1, "not_assessed": 0}
    for words in ("own-blocked 2024-02-01", f"as of {DAY}", "Legal reference", "sha256"):
        assert words in page


def test_filters_by_answer_and_check_narrow_the_table(client, place):
    every = client.get(place).text
    blocked = client.get(f"{place}?verdict=block").text
    assert f'role="status">{counts(every)["block"]} line' in blocked
    listed = client.get(f"{place}?check=P9").text
    assert 'role="status">1 line,' in listed
    assert "Tulamash" in listed
    assert 'role="status">0 lines' in client.get(f"{place}?check=P9&verdict=clear").text


def test_a_filter_there_is_not_is_refused(client, place):
    assert client.get(f"{place}?verdict=evil").status_code == 422
    assert client.get(f"{place}?sort=<script>").status_code == 422


def test_rows_are_sorted_as_asked(client, place):
    def rows(query):
        return re.findall(r'/lines/(\d+)">', client.get(f"{place}?sort={query}").text)

    assert rows("row") == ["0", "1", "2"]
    assert rows("score")[0] == "0"


def test_a_line_explains_its_hits_and_checks(client, place):
    page = client.get(f"{place}/lines/0").text
    for words in ("Tulamash Trading LLC", "own-blocked", "2024-02-01", "tulamash", "833/2014"):
        assert words in page
    assert client.get(f"{place}/lines/99").status_code == 404


def test_html_of_a_line_is_shown_as_text(client, place):
    for path in (place, f"{place}/lines/1"):
        page = client.get(path).text
        assert "<b>chips" not in page
    assert "&lt;b&gt;chips" in client.get(f"{place}/lines/1").text


def decide(client, place, kind, **more):
    said = {"dataset": "own-blocked", "entity_id": "7", "party": "Tulamash Trading LLC"}
    form = {**said, "kind": kind, "reason": "other tax number", **more}
    return client.post(f"{place}/lines/0", data=form, follow_redirects=False)


def test_a_decision_counts_at_once_and_can_be_withdrawn(client, place, lake):
    before = client.get(f"{place}?check=P9").text
    assert 'role="status">1 line,' in before
    answer = decide(client, place, "false_match")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}/lines/0#hit-0")
    page = client.get(f"{place}/lines/0").text
    assert "False match, decided by local" in page
    assert "It stands." in page
    assert 'role="status">0 lines' in client.get(f"{place}?check=P9").text
    assert "other tax number" in client.get(f"{place}/result.csv").text
    shown = CliRunner().invoke(main, ["--lake", str(lake), "decide", "show", "--format", "csv"])
    assert '"false_match","local","other tax number","2024-02-01' in shown.output
    assert decide(client, place, "withdrawn", reason="a slip").status_code == 303
    assert 'role="status">1 line,' in client.get(f"{place}?check=P9").text


def test_a_decision_without_reason_or_day_is_refused(client, place):
    assert decide(client, place, "false_match", reason=" ").status_code == 422
    assert decide(client, place, "cleared").status_code == 422
    assert decide(client, place, "evil").status_code == 422
    assert decide(client, place, "true_match", entity_id="8").status_code == 404
    assert decide(client, place, "withdrawn").status_code == 409


def test_files_are_those_that_the_command_line_writes(client, place, lake, tmp_path):
    (tmp_path / "lines.csv").write_text(LINES, "utf-8")
    for kind in ("csv", "json", "html"):
        words = ["screen", tmp_path / "lines.csv", "--as-of", DAY, "-o", tmp_path / f"r.{kind}"]
        made = CliRunner().invoke(main, ["--lake", str(lake), *map(str, words)])
        assert made.exit_code == 0, made.output
        own = client.get(f"{place}/result.{kind}")
        assert own.headers["content-disposition"].startswith("attachment")
        assert own.text == (tmp_path / f"r.{kind}").read_bytes().decode("utf-8")


def test_formulas_are_escaped_where_spreadsheets_would_run_them(client, place):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{place}/result.csv").text)))
    assert len(rows) == 3
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{place}/result.xlsx").content))
    assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())
    parquet = client.get(f"{place}/result.parquet").content
    assert pyarrow.parquet.read_table(io.BytesIO(parquet)).num_rows == 3
    assert len(json.loads(client.get(f"{place}/result.json").text)["lines"]) == 3


def test_a_kind_of_file_there_is_not_is_refused(client, place):
    assert client.get(f"{place}/result.exe").status_code == 404


def test_pasted_lines_are_screened_like_a_file(client):
    answer = client.post(
        "/screen",
        data={"as_of": DAY, "lines": LINES},
        files={"file": ("", b"")},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    assert "pasted lines.csv" in client.get(answer.headers["location"]).text


def test_a_policy_that_is_sent_is_the_one_that_counts(client):
    files = {"file": ("lines.csv", LINES), "policy": ("own.toml", 'version = "house 7"')}
    answer = client.post("/screen", data={"as_of": DAY}, files=files, follow_redirects=False)
    found = answer.headers["location"]
    confirm(client, found)
    assert "house 7" in finished(client, found).text


def test_a_policy_that_cannot_be_read_is_refused_with_a_sentence(client, lake):
    before = len(Uploads(lake).all("screen"))
    files = {"file": ("lines.csv", LINES), "policy": ("own.toml", "nonsense = 1")}
    answer = client.post("/screen", data={"as_of": DAY}, files=files)
    assert answer.status_code == 422
    assert "unknown settings" in answer.text
    assert len(Uploads(lake).all("screen")) == before


def test_file_and_results_are_removed_by_a_button(client, lake):
    found = sent(client)
    assert client.post(f"{found}/remove", follow_redirects=False).status_code == 303
    assert client.get(found).status_code == 404
    assert not (lake / "uploads" / found.rpartition("/")[2]).exists()


def test_a_day_is_never_guessed(client):
    assert send(client, as_of="").status_code == 422
    assert send(client, as_of="03/06/2024").status_code == 422


def test_every_page_holds_no_script_or_style_of_its_own(client, place):
    for path in ("/screen", place, f"{place}/lines/0", "/jobs", "/jobs/detect", "/sources/add"):
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.text.count("<h1>") == 1
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text) == []


def test_who_holds_only_the_token_sends_no_file(lake):
    app = make_app(lambda: None, Entrance(Door("a" * 16, ())), Settings(lake=lake))
    with TestClient(app, headers=READER, base_url="http://localhost") as stranger:
        assert stranger.get("/screen").status_code == 401
        assert send(stranger).status_code in (401, 403)
        key = {"authorization": f"Bearer {'a' * 16}"}
        files = {"file": ("a.csv", LINES)}
        answer = stranger.post("/screen", data={"as_of": DAY}, files=files, headers=key)
        assert answer.status_code == 403


def test_a_file_whose_headings_nobody_knows_is_screened_once_they_are_named(client):
    found = sent(client, "aaa,bbb,ccc\n84138100,Tulamash Trading LLC,KG\n")
    page = client.get(found).text
    assert "No heading is known. Line 1 is taken to be the header" in page
    named = {"aaa": "goods.commodity", "bbb": "consignee.name", "ccc": "route.destination"}
    assert confirm(client, found, **named).status_code == 303
    assert counts(finished(client, found).text)["block"] == 1


def test_columns_that_are_left_as_they_stand_clear_nothing(client):
    found = sent(client, "aaa,bbb,ccc\n84138100,Tulamash Trading LLC,KG\n")
    assert confirm(client, found).status_code == 303
    assert counts(finished(client, found).text)["not_assessed"] == 1
