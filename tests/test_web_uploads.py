"""Hostile uploads are refused with a sentence or shown as text, and leave nothing behind."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
pytest.importorskip("python_multipart", reason="needs entrepot[web].")

from fastapi.testclient import TestClient

from entrepot.api.jobs_uploads import Said, Uploads, shown_name
from entrepot.errors import LakeError, SourceError
from entrepot.settings import Limits, Settings
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.app import make_app

READER = {"accept": "text/html", "host": "localhost"}
LINES = b"shipment id,HS code,consignee\nS1,84138100,Alpha\n"
BOUNDARY = "0" * 30
MEGABYTE = 1_000_000


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def client(lake):
    settings = Settings(lake=lake, limits=Limits(upload_megabytes=20))
    app = make_app(lambda: None, Entrance(Door(), upload=40 * MEGABYTE), settings)
    with TestClient(app, headers=READER, base_url="http://localhost") as found:
        yield found


def send(client, content, name="lines.csv"):
    files = {"file": (name, content)}
    return client.post("/screen", data={"as_of": "2024-06-03"}, files=files, follow_redirects=False)


def left(lake):
    folder = lake / "uploads"
    return sorted(folder.rglob("*")) if folder.is_dir() else []


def form(block=None, count=0, name="lines.csv"):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    yield head.encode()
    for _ in range(count):
        yield block
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def stream(client, pieces, **headers):
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return client.post(
        "/screen", content=pieces, headers={"content-type": kind, **headers}, follow_redirects=False
    )


def test_two_gigabytes_that_are_claimed_are_refused_before_they_come(client, lake):
    taken = []

    def pieces():
        for piece in form(b"a" * MEGABYTE, 2_000):
            taken.append(len(piece))
            yield piece

    answer = stream(client, pieces(), **{"content-length": str(2_000 * MEGABYTE)})
    assert answer.status_code == 413
    assert "larger than" in answer.text
    assert left(lake) == []


def test_two_gigabytes_that_are_not_claimed_are_refused_on_their_way(client, lake):
    answer = stream(client, form(b"a" * MEGABYTE, 2_000))
    assert answer.status_code == 413
    assert left(lake) == []


def test_a_stream_that_never_ends_is_cut_where_the_limit_is(lake):
    store = Uploads(lake)
    with store.incoming(Said("a.csv", ".csv", "screen", "a.ost"), MEGABYTE) as file:
        for _ in range(10):
            file.take(b"a" * 100_000)
        with pytest.raises(SourceError, match="larger than 1 MB"):
            file.take(b"a")
    assert left(lake) == []


def test_a_form_that_breaks_off_leaves_nothing(client, lake):
    pieces = list(form(LINES, 1))[:-1]
    assert stream(client, iter(pieces)).status_code == 400
    assert left(lake) == []


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(client, lake):
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(300):
            sheet.write(b"0" * MEGABYTE)
    answer = send(client, packed.getvalue(), "bomb.xlsx")
    assert answer.status_code == 422
    assert "unpack to" in answer.text
    assert "bomb.xlsx" in answer.text
    assert left(lake) == []


def test_a_workbook_whose_cells_reach_to_the_end_is_refused(client):
    sheet = (
        '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    answer = send(client, packed.getvalue(), "far.xlsx")
    assert answer.status_code == 422
    assert "expected at most" in answer.text


def test_an_empty_file_is_refused(client, lake):
    answer = send(client, b"")
    assert answer.status_code == 422
    assert "empty (0 bytes)" in answer.text
    assert left(lake) == []


@pytest.mark.parametrize(
    "name", ["../../x.csv", "/etc/x.csv", "..\\..\\x.csv", "C:\\x.csv", "a\x00b.csv", "CON.csv"]
)
def test_a_name_is_never_a_path(client, lake, name):
    answer = send(client, LINES, name)
    assert answer.status_code in (303, 422)
    names = {path.name for path in left(lake) if path.is_file()}
    assert names <= {"file.csv", "upload.json", "order.json", "layout.json"}
    assert [path for path in lake.parent.rglob("x.csv")] == []


def test_html_in_a_name_is_shown_as_text(client):
    name = "<script>alert(1)<-script>.csv"
    answer = send(client, LINES, name)
    assert answer.status_code == 303
    for path in (answer.headers["location"], "/screen"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_html_in_headings_and_values_is_shown_as_text(client):
    held = b"HS code,consignee,<img src=x onerror=1>\n84138100,Alpha,<script>1</script>\n"
    page = client.get(send(client, held).headers["location"]).text
    assert "<img src=x" not in page
    assert "<script>1" not in page


def test_a_file_of_bytes_that_are_no_text_is_refused_with_a_sentence(client, lake):
    answer = send(client, b"\0" * 1_000)
    assert answer.status_code == 422
    assert "expected such as" in answer.text
    assert left(lake) == []


def test_nul_bytes_between_good_lines_are_told_and_not_lost(client):
    answer = send(client, LINES + b"S2,84138100,Be\0ta\n" + b"S3,84138100,Gamma\n" * 20)
    assert answer.status_code == 303


@pytest.mark.parametrize("name", ["x.exe", "x", "x.csv.exe", ".csv/..", "x.html"])
def test_a_kind_that_is_not_read_is_refused(client, name):
    answer = send(client, LINES, name)
    assert answer.status_code == 422
    assert "expected one of" in answer.text


def test_a_form_of_many_parts_or_long_headers_is_refused(client):
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = stream(client, iter([part.encode() * 50, f"--{BOUNDARY}--\r\n".encode()]))
    assert answer.status_code == 422
    assert "more than 40 parts" in answer.text
    answer = stream(client, form(name="a" * 9_000 + ".csv"))
    assert answer.status_code in (400, 422)


def test_a_body_that_is_no_form_is_refused(client):
    assert client.post("/screen", json={}).status_code == 415
    assert stream(client, iter([b"nonsense"])).status_code == 400


def test_uploads_are_for_the_owner_of_the_server_only(client, lake):
    send(client, LINES)
    folders = [path for path in left(lake) if path.is_dir()]
    assert folders
    assert {path.stat().st_mode & 0o077 for path in folders} == {0}


def test_an_upload_is_removed_after_so_many_days(lake):
    store = Uploads(lake)
    with store.incoming(Said("a.csv", ".csv", "screen", "a.ost"), MEGABYTE) as file:
        file.take(LINES)
        upload = file.keep()
    assert store.sweep(30) == ()
    about = store.folder(upload.upload_id) / "upload.json"
    old = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    about.write_text(about.read_text("utf-8").replace(upload.sent_at, old), "utf-8")
    assert store.sweep(30, frozenset({upload.upload_id})) == ()
    assert store.sweep(30) == (upload.upload_id,)
    with pytest.raises(LakeError, match="There is no upload"):
        store.folder(upload.upload_id)


def test_what_never_came_whole_is_swept_after_a_day(lake):
    folder = lake / "uploads" / ".coming-x"
    folder.mkdir(parents=True)
    Uploads(lake).sweep(30)
    assert folder.exists()
    os.utime(folder, (0, 0))
    Uploads(lake).sweep(30)
    assert not folder.exists()


@pytest.mark.parametrize("upload_id", ["..", "../..", "a/b", "", "." * 16, "A" * 16])
def test_an_id_is_no_path(lake, upload_id):
    with pytest.raises(LakeError, match="There is no upload"):
        Uploads(lake).folder(upload_id)


def test_a_name_is_shown_without_signs_that_nobody_sees():
    assert shown_name("a\u202egpj.csv") == "a\N{REPLACEMENT CHARACTER}gpj.csv"
    assert len(shown_name("a" * 1_000)) == 150
