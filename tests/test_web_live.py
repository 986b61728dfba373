"""Servers as they run: killed, two of one lake, sent streams without end; jobs and memory after."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
pytest.importorskip("uvicorn", reason="needs entrepot[web].")

import httpx
from test_jobs import stand_in, until

from entrepot.api.jobs import open_jobs
from entrepot.api.jobs_folder import processes_of

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
BOUNDARY = "0" * 30


class Server:
    """A server in a process of its own."""

    def __init__(self, lake: Path, env: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = ["--lake", str(lake), "serve", "--port", str(self.port)]
        # Not `-m entrepot`: that is what the stand-in of jobs takes the place of.
        start = "import sys; from entrepot.cli import main; main(sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, *words],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        until(self.is_up, 60)

    def is_up(self) -> bool:
        assert self.process.poll() is None, "the server ended"
        with contextlib.suppress(httpx.TransportError):
            return self.web.get("/healthz").status_code == 200
        return False

    def end(self) -> None:
        self.web.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def serve(lake, monkeypatch, tmp_path):
    stand_in(
        monkeypatch,
        tmp_path,
        "import os, sys, subprocess, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'])\n"
        f"place = pathlib.Path({str(tmp_path)!r}) / f'ran-{{os.getpid()}}'\n"
        "place.write_text(str(child.pid))\n"
        "print('begun', flush=True)\n"
        "time.sleep(600)\n",
    )
    monkeypatch.setenv("ENTREPOT_UPLOAD_MEGABYTES", "20")
    monkeypatch.delenv("ENTREPOT_TOKEN", raising=False)
    made = []

    def started():
        made.append(Server(lake, dict(os.environ)))
        return made[-1]

    yield started
    for one in made:
        one.end()
    with open_jobs(lake) as book:
        for job in book.jobs():
            for pid, _ in processes_of(book.folder(job.job_id)):
                with contextlib.suppress(psutil.Error):
                    for child in psutil.Process(pid).children(recursive=True):
                        child.kill()
                    psutil.Process(pid).kill()


def runs(tmp_path):
    """Each command that was begun, with the process it began itself."""
    found = {int(one.name.partition("-")[2]): one.read_text() for one in tmp_path.glob("ran-*")}
    return {pid: int(child) for pid, child in found.items() if child}


def lives(pid):
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def state(server, place):
    found = re.search(r"<strong[^>]*>([^<]+)</strong>", server.web.get(f"{place}/state").text)
    return found.group(1) if found else ""


def test_a_job_goes_on_when_its_server_is_killed_and_the_next_one_ends_it(serve, lake, tmp_path):
    first = serve()
    place = first.web.post("/jobs/detect", data={"since": ""}).headers["location"]
    until(lambda: runs(tmp_path))
    ((pid, child),) = runs(tmp_path).items()
    first.process.kill()
    first.process.wait()
    assert lives(pid)
    second = serve()
    assert "begun" in second.web.get(f"{place}/state").text
    assert lives(pid)
    assert second.web.post(f"{place}/cancel").status_code == 303
    until(lambda: not lives(pid) and not lives(child))
    with open_jobs(lake) as book:
        until(lambda: book.jobs()[0].has_ended)
        (job,) = book.jobs()
        assert [one.state for one in job.changes] == [
            "queued",
            "running",
            "cancelling",
            "cancelled",
        ]


def test_two_servers_of_one_lake_run_a_job_once(serve, lake, tmp_path):
    one, two = serve(), serve()
    for server in (one, two):
        assert server.web.post("/jobs/detect", data={"since": ""}).status_code == 303
    until(lambda: runs(tmp_path))
    time.sleep(3)  # six turns of each
    with open_jobs(lake) as book:
        assert sorted(job.state for job in book.jobs()) == ["queued", "running"]
    assert len(runs(tmp_path)) == 1


def pieces(sent, count):
    head = 'Content-Disposition: form-data; name="file"; filename="lines.csv"'
    yield f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode()
    block = b"a,b,c\n" * 10_000
    for _ in range(count):
        sent.append(len(block))
        yield block


def test_two_gigabytes_are_refused_at_the_limit_in_little_memory(serve, lake):
    server = serve()
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    sent: list[int] = []
    kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    status = None
    with contextlib.suppress(httpx.TransportError):  # the server may hang up while we send
        told = server.web.post(
            "/screen", content=pieces(sent, 2_000_000_000 // 60_000), headers=kind
        )
        status = told.status_code
    assert status in (413, None)
    assert sum(sent) < 200 * MEGABYTE
    assert process.memory_info().rss - before < 60 * MEGABYTE
    assert not [one for one in (lake / "uploads").rglob("*") if one.is_file()]
    assert server.is_up()


def test_two_gigabytes_that_are_claimed_are_refused_before_a_byte_of_them_comes(serve):
    server = serve()
    head = (
        f"POST /screen HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        "Content-Length: 2000000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.encode())
        assert line.recv(4_096).startswith(b"HTTP/1.1 413 ")


def test_an_upload_that_is_cut_off_leaves_nothing(serve, lake):
    server = serve()
    head = (
        f"POST /screen HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        "Content-Length: 100000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.encode() + b"".join(pieces([], 1)))
        until(lambda: list((lake / "uploads").glob("*")), 30)
    until(lambda: not list((lake / "uploads").glob("*")), 30)
    assert server.is_up()


def test_a_name_that_points_at_this_machine_from_elsewhere_is_refused(serve):
    server = serve()
    told = server.web.get("/jobs", headers={"host": "rebound.example"})
    assert told.status_code == 400
