"""A publisher that is slow, busy, cut off or changed gives the whole file, or a clear error."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from misbehaving_server import MODIFIED, Entity, Fault, Server, without_versions

from entrepot.errors import SourceError
from entrepot.fetch.addresses import COMEXT, PUBLISHERS, base_url
from entrepot.fetch.call import Call
from entrepot.fetch.comext import month_calls
from entrepot.fetch.download import Manners, Visit
from entrepot.fetch.gather import gather, plan
from entrepot.fetch.record import Record, calls_of_day, read_record, record_path, write_record
from entrepot.fetch.transfer import part_path
from entrepot.fetch.waiting import ATTEMPTS, LONGEST_WAIT, Pace, retry_after

BODY = b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 8_000  # 2 MB: several chunks
OTHER = b"7z\xbc\xaf\x27\x1c" + b"another month" * 90_000


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def waits():
    """Seconds that would have been waited."""
    return []


@pytest.fixture
def call(server):
    """A call for a file that is there."""
    (found,) = month_calls(server.url, ["2024-01"])
    server.files["/files?file=comext/COMEXT_DATA/PRODUCTS/full_v2_202401.7z"] = Entity(BODY)
    return found


@pytest.fixture
def fetch(tmp_path, waits):
    def fetch_call(call, *, is_again=False, patience=300.0):
        manners = Manners(Pace(), patience, is_again=is_again, sleep=waits.append)
        with Visit(manners, lambda done, total, what: None) as visit:
            return visit.fetch(call, tmp_path)

    return fetch_call


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_kept_with_its_record(server, call, fetch, tmp_path):
    got = fetch(call)
    assert (got.outcome, got.path.read_bytes()) == ("fetched", BODY)
    assert left(tmp_path) == ["full_v2_202401.7z", "full_v2_202401.7z.record"]
    record = json.loads(record_path(got.path).read_text("utf-8"))
    age = datetime.now(UTC) - datetime.fromisoformat(record.pop("retrieved_at"))
    assert age < timedelta(minutes=1)
    assert record == {
        "url": f"{server.url}/files?file=comext%2FCOMEXT_DATA%2FPRODUCTS%2Ffull_v2_202401.7z",
        "publisher": "Eurostat",
        "licence": "Commission Decision 2011/833/EU: reuse with attribution, CC BY 4.0",
        "etag": Entity(BODY).etag,
        "last_modified": MODIFIED,
        "size_bytes": len(BODY),
        "sha256": hashlib.sha256(BODY).hexdigest(),
    }
    assert server.seen[0].headers["user-agent"].startswith("entrepot/")


def test_what_has_not_changed_is_not_downloaded_again(server, call, fetch, tmp_path):
    fetch(call)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert fetch(call).outcome == "unchanged"
    assert server.statuses() == [200, 304]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_revised_file_takes_the_place_of_the_old_one(server, call, fetch):
    fetch(call)
    server.files = dict.fromkeys(
        server.files, Entity(OTHER, modified="Fri, 15 Mar 2024 10:00:00 GMT")
    )
    got = fetch(call)
    assert (got.outcome, got.path.read_bytes()) == ("fetched", OTHER)
    assert got.record == read_record(got.path)


def test_a_file_without_a_version_is_fetched_again_only_on_demand(server, call, fetch):
    server.files = dict.fromkeys(server.files, without_versions(Entity(BODY)))
    assert [fetch(call).outcome, fetch(call).outcome] == ["fetched", "there"]
    assert fetch(call, is_again=True).outcome == "fetched"
    assert server.statuses() == [200, 200]


def test_a_changed_file_on_disk_is_not_taken_for_the_fetched_one(call, fetch):
    path = fetch(call).path
    path.write_bytes(OTHER)
    assert fetch(call).outcome == "fetched"
    assert path.read_bytes() == BODY


def test_a_cut_download_goes_on_where_it_stopped(server, call, fetch, waits):
    server.faults.append(Fault(cut_after=700_000))
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses() == [200, 206]
    asked = server.seen[1].headers
    start = int(asked["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 700_000
    assert asked["if-range"] == Entity(BODY).etag
    assert len(waits) == 1


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(server, call, fetch, tmp_path):
    server.faults.extend([Fault(cut_after=700_000)] + [Fault(status=503)] * (ATTEMPTS - 1))
    with pytest.raises(SourceError, match="answered 503 Service Unavailable"):
        fetch(call)
    assert left(tmp_path) == ["full_v2_202401.7z.part", "full_v2_202401.7z.part.record"]
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses()[-1] == 206
    assert left(tmp_path) == ["full_v2_202401.7z", "full_v2_202401.7z.record"]


RESTARTS = {
    "the server ignores Range": Fault(ignores_range=True),
    "the file changed in between": Fault(change=Entity(OTHER)),
    "the part begins elsewhere": Fault(
        headers={"Content-Range": f"bytes 5-{len(BODY) - 1}/{len(BODY)}"}
    ),
    "the part says nothing of its place": Fault(headers={"Content-Range": "bytes"}),
    "the part is of another version": Fault(headers={"ETag": '"another"'}),
}


@pytest.mark.parametrize("fault", RESTARTS.values(), ids=RESTARTS)
def test_a_download_that_cannot_go_on_starts_again_whole(server, call, fetch, fault):
    server.faults.extend([Fault(cut_after=700_000), fault])
    expected = BODY if fault.change is None else OTHER
    got = fetch(call)
    assert got.path.read_bytes() == expected
    assert got.record is not None
    assert got.record.etag == Entity(expected).etag
    assert server.statuses()[-1] == 200


def test_a_rest_that_makes_no_whole_is_not_accepted(server, call, fetch, tmp_path):
    path = tmp_path / call.name
    begun = Record(call.url, "p", "l", "2024-01-01T00:00:00+00:00", etag=Entity(BODY).etag)
    part_path(path).write_bytes(BODY[:1000])
    write_record(part_path(path), begun)
    longer = f"bytes 1000-{len(BODY)}/{len(BODY) + 1}"
    server.faults.append(Fault(headers={"Content-Range": longer}))
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses() == [206, 200]


def test_a_part_from_another_address_is_not_joined(server, call, fetch, tmp_path):
    path = part_path(tmp_path / call.name)
    path.write_bytes(OTHER[:1000])
    elsewhere = Record("http://old/address", "p", "l", "2024-01-01T00:00:00+00:00", etag='"1"')
    write_record(path, elsewhere)
    assert fetch(call).path.read_bytes() == BODY
    assert "range" not in server.seen[0].headers


def test_a_part_that_is_whole_needs_no_request(server, call, fetch, tmp_path):
    path = part_path(tmp_path / call.name)
    path.write_bytes(BODY)
    time = "2024-01-01T00:00:00+00:00"
    write_record(path, Record(call.url, "p", "l", time, etag='"1"', size_bytes=len(BODY)))
    got = fetch(call)
    assert (got.outcome, got.path.read_bytes(), server.seen) == ("fetched", BODY, [])


def test_a_part_longer_than_the_file_is_thrown_away(server, call, fetch, tmp_path):
    server.faults.append(Fault(cut_after=700_000))
    fetch(call)
    path = tmp_path / call.name
    (path).rename(part_path(path))
    record = read_record(path)
    assert record is not None
    with part_path(path).open("ab") as file:
        file.write(b"more")
    write_record(part_path(path), record)
    record_path(path).unlink()
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses()[-2:] == [416, 200]


def test_a_publisher_that_names_only_a_date_is_resumed_by_it(server, call, fetch):
    server.files = dict.fromkeys(server.files, Entity(BODY, has_etag=False))
    server.faults.append(Fault(cut_after=700_000))
    assert fetch(call).path.read_bytes() == BODY
    assert server.seen[1].headers["if-range"] == MODIFIED


def test_without_any_version_nothing_is_pieced_together(server, call, fetch):
    server.files = dict.fromkeys(server.files, without_versions(Entity(BODY)))
    server.faults.append(Fault(cut_after=700_000))
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses() == [200, 200]
    assert "range" not in server.seen[1].headers


def test_retry_after_is_honoured(server, call, fetch, waits):
    server.faults.append(Fault(status=429, headers={"Retry-After": "7"}))
    assert fetch(call).outcome == "fetched"
    assert waits == [7.0]


def test_retry_after_may_be_a_date():
    soon = datetime.now(UTC) + timedelta(seconds=90)
    found = retry_after(httpx.Headers({"Retry-After": format_datetime(soon, usegmt=True)}))
    assert found == pytest.approx(90, abs=5)
    assert retry_after(httpx.Headers({"Retry-After": "soon"})) is None
    assert retry_after(httpx.Headers()) is None


def test_errors_that_pass_are_waited_out_ever_longer(server, call, fetch, waits):
    server.faults.extend([Fault(status=500), Fault(status=502)])
    assert fetch(call).outcome == "fetched"
    assert len(waits) == 2
    assert all(0 <= wait <= LONGEST_WAIT for wait in waits)
    assert waits[0] <= 1
    assert waits[1] <= 2


def test_waiting_has_an_end_that_says_what_to_do(server, call, fetch, waits, tmp_path):
    server.faults.extend([Fault(status=503)] * ATTEMPTS)
    with pytest.raises(SourceError) as error:
        fetch(call)
    assert f"Asked {ATTEMPTS} times" in str(error.value)
    assert "Start the command again later: it goes on where it stopped." in str(error.value)
    assert len(waits) == ATTEMPTS - 1
    assert left(tmp_path) == []


def test_a_wait_longer_than_our_patience_ends_at_once(server, call, fetch, waits):
    server.faults.append(Fault(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(SourceError, match=r"asks to wait 86,400 s.*waiting up to 300 s in all"):
        fetch(call)
    assert waits == []
    assert server.statuses() == [429]


def test_a_publisher_that_cannot_be_reached_is_named(fetch, waits):
    (call,) = month_calls("http://127.0.0.1:9", ["2024-01"])
    with pytest.raises(SourceError, match="Connection refused"):
        fetch(call)
    assert len(waits) == ATTEMPTS - 1


def test_a_slow_publisher_is_given_up_on_and_asked_again(server, call, fetch, monkeypatch):
    import threading

    monkeypatch.setattr("entrepot.fetch.download.TIME_OUT", httpx.Timeout(0.2))
    server.faults.append(Fault(wait_for=threading.Event()))
    assert fetch(call).path.read_bytes() == BODY


PAGES = {
    "as a page": Fault(body=b"<html>We are at work</html>", headers={"Content-Type": "text/html"}),
    "as bytes": Fault(body=b"<!DOCTYPE html><title>We are at work</title>"),
    "of another kind": Fault(body=b"PK\x03\x04 a zip"),
}


@pytest.mark.parametrize("fault", PAGES.values(), ids=PAGES)
def test_an_answer_of_another_kind_stops_and_leaves_nothing(server, call, fetch, fault, tmp_path):
    server.faults.append(fault)
    with pytest.raises(SourceError, match=r"expected 7z.*look at the address in a browser"):
        fetch(call)
    assert left(tmp_path) == []


def test_an_answer_of_another_kind_leaves_the_old_file_alone(server, call, fetch, tmp_path):
    fetch(call)
    page = PAGES["as a page"]
    server.faults.append(Fault(status=200, body=page.body, headers=page.headers))
    with pytest.raises(SourceError, match="text/html"):
        fetch(call)
    assert (tmp_path / call.name).read_bytes() == BODY
    assert fetch(call).outcome == "unchanged"


def test_a_shorter_answer_than_announced_is_not_taken_for_whole(server, call, fetch):
    server.faults.append(Fault(headers={"Content-Length": str(len(BODY) + 1)}))
    assert fetch(call).path.read_bytes() == BODY
    # The rest is of another size than was announced: perhaps another version, so all of it again.
    assert len(server.seen) == 3


def test_a_checksum_that_differs_is_not_accepted(server, call, fetch, tmp_path):
    wrong = base64.b64encode(hashlib.sha256(b"else").digest()).decode()
    right = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    server.faults.extend(
        [
            Fault(headers={"Repr-Digest": f"sha-256=:{wrong}:"}),
            Fault(headers={"Content-MD5": base64.b64encode(bytes(16)).decode()}),
            Fault(headers={"Repr-Digest": f"sha-256=:{right}:"}),
        ]
    )
    assert fetch(call).path.read_bytes() == BODY
    assert server.statuses() == [200, 200, 200]
    server.faults.extend([Fault(headers={"Digest": f"SHA-256={wrong}"})] * ATTEMPTS)
    with pytest.raises(SourceError, match="whose sha256 is not the one it announced"):
        fetch(call, is_again=True)
    assert (tmp_path / call.name).read_bytes() == BODY


def test_a_refusal_gives_the_publishers_words(server, call, fetch):
    words = json.dumps({"statusCode": 403, "message": "Out of call volume quota."}).encode()
    server.faults.append(Fault(status=403, body=words))
    with pytest.raises(SourceError) as error:
        fetch(call)
    assert "answered 403 Forbidden: 'Out of call volume quota.'" in str(error.value)
    assert server.statuses() == [403]


def test_a_month_that_is_not_out_yet_is_said_and_the_others_are_fetched(server, call, tmp_path):
    calls = month_calls(server.url, ["2024-01", "2024-02"])
    with Visit(Manners(Pace()), lambda *_: None) as visit:
        found = gather(visit, calls, tmp_path)
        assert [got.outcome for got in found] == ["fetched", "not published"]
        with pytest.raises(SourceError, match="nothing is published there, nor at any of the 1"):
            gather(visit, calls[1:], tmp_path)


def test_two_fetches_do_not_write_into_one_folder(server, call, tmp_path):
    import filelock

    with (
        filelock.FileLock(tmp_path / ".lock"),
        Visit(Manners(Pace()), lambda *_: None) as visit,
        pytest.raises(SourceError, match="another process is fetching into this folder"),
    ):
        gather(visit, [call], tmp_path)


def test_a_plan_downloads_nothing_and_says_what_is_there(server, call, fetch, tmp_path):
    calls = month_calls(server.url, ["2024-01", "2024-02"])
    folder = tmp_path / "not there"
    with Visit(Manners(Pace()), lambda *_: None) as visit:
        found = plan(visit, calls, folder)
        assert [(p.state, p.size_bytes) for p in found] == [
            ("to fetch", len(BODY)),
            ("not published", None),
        ]
        assert not folder.exists()
        fetch(call)
        assert plan(visit, [call], tmp_path)[0].state == "unchanged"
        server.files = dict.fromkeys(server.files, Entity(OTHER))
        assert plan(visit, [call], tmp_path)[0].state == "changed"
        server.faults.append(Fault(status=405))
        assert plan(visit, [call], tmp_path)[0].state == "there"
        server.faults.append(Fault(status=405))
        (unknown,) = plan(visit, [call], tmp_path / "elsewhere")
        assert (unknown.state, unknown.size_bytes) == ("to fetch", None)
    assert {seen.method for seen in server.seen} == {"HEAD", "GET"}
    assert [seen.method for seen in server.seen].count("GET") == 1


def test_a_key_does_not_follow_a_redirection(server, call, tmp_path):
    server.faults.append(Fault(status=302, headers={"Location": "http://127.0.0.1:9/"}))
    manners = Manners(Pace(), headers={"Ocp-Apim-Subscription-Key": "secret"})
    with Visit(manners, lambda *_: None) as visit, pytest.raises(SourceError) as error:
        visit.fetch(call, tmp_path)
    assert "answered 302 Found" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_that_moved_is_followed(server, call, fetch):
    server.files["/moved"] = Entity(BODY)
    server.faults.append(Fault(status=302, headers={"Location": f"{server.url}/moved"}))
    assert fetch(call).path.read_bytes() == BODY


def test_calls_keep_their_distance_and_end_with_the_day():
    slept, clock = [], iter([0.0, 0.2, 0.2, 9.0, 9.0])
    pace = Pace(2.0, 4, made_today=1, sleep=slept.append, clock=lambda: next(clock))
    for _ in range(3):
        pace.take()
    assert slept == [pytest.approx(0.3)]
    with pytest.raises(SourceError, match=r"4 calls were made today, expected 4 at most"):
        pace.take()


def test_calls_of_a_day_are_counted_by_their_records(tmp_path):
    for name, day in {"a.json": 1, "b.json": 2, "b.json.cut": 2, "c.json.part": 2}.items():
        write_record(tmp_path / name, Record("u", "p", "l", f"2024-01-0{day}T23:59:59+00:00"))
    assert calls_of_day(tmp_path, "2024-01-02T00:00:00+00:00") == 2


def test_a_damaged_record_is_named(call, fetch, tmp_path):
    fetch(call)
    record_path(tmp_path / call.name).write_text("{", "utf-8")
    with pytest.raises(SourceError, match=r"full_v2_202401.7z.record: not the record of a fetched"):
        fetch(call)


def test_an_address_is_the_publishers_unless_another_is_chosen():
    assert base_url(COMEXT, {}) == COMEXT.base_url
    assert base_url(COMEXT, {"comext": "http://mirror/x/"}) == "http://mirror/x"
    with pytest.raises(SourceError, match="ENTREPOT_URL_COMTEX is set, expected one of"):
        base_url(COMEXT, {"comtex": "http://mirror"})
    with pytest.raises(SourceError, match="address of Eurostat is 'mirror', expected http"):
        base_url(COMEXT, {"comext": "mirror"})
    for publisher in PUBLISHERS.values():
        assert publisher.base_url.startswith("https://")
        assert publisher.checked[:4].isdigit()


def test_months_before_the_layout_are_refused():
    with pytest.raises(SourceError, match="month is '2001-12', expected none before '2002-01'"):
        month_calls("http://host", ["2001-12", "2002-01"])


def test_a_call_shows_no_key_because_it_holds_none():
    assert {"headers", "key"} & set(Call.__dataclass_fields__) == set()
