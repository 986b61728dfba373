"""How fast the desk answers: each kind of page alone, then many readers at once.

The server runs in a process of its own, over a lake that is not written to. Times differ between
machines and hours; budgets stand beside what was measured, and the ratio tells how far off it is.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import httpx
import numpy as np

from entrepot.bench.memory import peak_of
from entrepot.errors import LakeError

STARTS = 3  # of the server, for pages that are there once: each start gives one first answer
OF_A_KIND = 20  # addresses of one kind that are asked for: enough for a tail
AGAIN = 40  # times a kind is asked for when it is kept already
_READER = {"accept": "text/html", "accept-encoding": "gzip"}
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
_NO_PAGE = re.compile(
    r"^/(static/|openapi|logout)|\.(csv|parquet|json|xlsx|html|arrow|pdf|png|svg)(\?|$)"
)
_GATHERED = b"Gathered ahead"  # what the server says when it has made ready
_VALUE = re.compile(r"[A-Z0-9]")
_READY_SECONDS = 120.0
_PATIENCE = 120.0  # seconds for one answer: a slow page is a figure, not an end


@dataclass(frozen=True, slots=True)
class Served:
    """A desk that answers, for the time of a measurement.

    Args:
        address: Where.
        process: Number of its process.
    """

    address: str
    process: int

    def peak_mb(self) -> float | None:
        """Resident memory at its peak, MB; ``None`` where the system keeps no count."""
        return peak_of(self.process)


@dataclass(frozen=True, slots=True)
class Timed:
    """How long answers of one kind took, in milliseconds.

    Args:
        count: Answers measured.
        p50: Half of them came sooner.
        p95: Of a hundred, ninety-five came sooner.
    """

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class PageTrial:
    """One kind of page.

    Args:
        kind: Its address, with ``{}`` for what differs.
        cold: Answers made anew: the first after a start, or of an address nobody had asked for.
        warm: Answers that were kept.
        kilobytes: The largest answer as it travels, compressed, kB of a thousand bytes.
        error_count: Answers that were no page.
    """

    kind: str
    cold: Timed
    warm: Timed
    kilobytes: float
    error_count: int


@contextmanager
def serving(lake: Path) -> Iterator[Served]:
    """Serve a lake on a free port of this machine, and wait until it has gathered ahead.

    Args:
        lake: The lake.

    Yields:
        Where it answers.

    Raises:
        LakeError: If the server does not come up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "entrepot", "--lake", str(lake), "serve", "--port", str(port)]
    env = {key: value for key, value in os.environ.items() if key != "ENTREPOT_TOKEN"}
    with NamedTemporaryFile() as said:
        process = subprocess.Popen([sys.executable, *words], stdout=said, stderr=said, env=env)
        try:
            served = Served(f"http://127.0.0.1:{port}", process.pid)
            if not _is_ready(served, process, Path(said.name)):
                said.seek(0)
                raise LakeError(
                    f"{lake.name}: the server did not answer within {_READY_SECONDS:.0f} s. It "
                    f"said: {said.read().decode(errors='replace')[-500:]}"
                )
            yield served
        finally:
            process.terminate()
            process.wait(30)


def _is_ready(served: Served, process: subprocess.Popen[bytes], said: Path) -> bool:
    """Whether the server answers and has gathered what it gathers ahead."""
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.TransportError):
            is_up = httpx.get(f"{served.address}/healthz").status_code == httpx.codes.OK
            if is_up and _GATHERED in said.read_bytes():
                return True
        time.sleep(0.05)
    return False


def kinds_of(served: Served) -> dict[str, list[str]]:
    """Follow the links of the pages, and gather addresses by kind.

    Args:
        served: The desk.

    Returns:
        Up to ``OF_A_KIND`` addresses of each kind, in the order they were met.
    """
    found: dict[str, list[str]] = {"/": ["/"]}
    waiting, seen = ["/"], {"/"}
    with httpx.Client(base_url=served.address, headers=_READER, timeout=_PATIENCE) as client:
        while waiting:
            for link in _LINK.findall(client.get(waiting.pop(0), follow_redirects=True).text):
                where = link.replace("&amp;", "&")
                if where in seen or _NO_PAGE.search(where):
                    continue
                seen.add(where)
                addresses = found.setdefault(kind_of(where), [])
                if len(addresses) < OF_A_KIND:
                    addresses.append(where)
                    # One page of a kind leads to the same places as all others.
                    waiting += [where] if len(addresses) == 1 else []
    return found


def kind_of(address: str) -> str:
    """The kind of page an address is of.

    Args:
        address: Path and query.

    Returns:
        The path with ``{}`` for what names one thing, and ``?`` where something is asked.

    Example:
        >>> kind_of("/leads/EU-KG-RU-870324"), kind_of("/leads?sort=q"), kind_of("/jobs/detect")
        ('/leads/{}', '/leads?', '/jobs/detect')
    """
    path, _, query = address.partition("?")
    parts = [
        "{}" if place > 0 and _VALUE.search(part) else part
        for place, part in enumerate(path.strip("/").split("/"))
    ]
    return f"/{'/'.join(parts)}{'?' if query else ''}"


def pages_timed(lake: Path, kinds: dict[str, list[str]]) -> list[PageTrial]:
    """Measure every kind of page, cold and warm, one reader at a time.

    Args:
        lake: The lake.
        kinds: Addresses by kind, as :func:`kinds_of` gives them.

    Returns:
        One trial a kind.
    """
    cold: dict[str, list[float]] = {kind: [] for kind in kinds}
    warm: dict[str, list[float]] = {kind: [] for kind in kinds}
    sizes: dict[str, float] = dict.fromkeys(kinds, 0.0)
    errors = dict.fromkeys(kinds, 0)
    for start in range(STARTS):
        with (
            serving(lake) as served,
            httpx.Client(base_url=served.address, timeout=_PATIENCE) as client,
        ):
            for kind, addresses in kinds.items():
                # What is there many times was measured often enough after one start.
                for address in addresses if start == 0 else addresses[:1]:
                    took, size, is_page = _asked(client, address)
                    cold[kind].append(took)
                    sizes[kind] = max(sizes[kind], size)
                    errors[kind] += not is_page
                if start == 0:
                    again = [addresses[n % len(addresses)] for n in range(AGAIN)]
                    warm[kind] = [_asked(client, address)[0] for address in again]
    return [
        PageTrial(kind, timed(cold[kind]), timed(warm[kind]), sizes[kind], errors[kind])
        for kind in kinds
    ]


def _asked(client: httpx.Client, address: str) -> tuple[float, float, bool]:
    begun = time.perf_counter()
    with client.stream("GET", address, headers=_READER) as answer:
        size = sum(len(part) for part in answer.iter_raw())
    return (time.perf_counter() - begun) * 1000, size / 1000, answer.is_success


def timed(milliseconds: Sequence[float]) -> Timed:
    """Median and tail of some times.

    Args:
        milliseconds: The times; at least one.

    Returns:
        Both, with how many there were.

    Example:
        >>> timed([1.0, 2.0, 3.0])
        Timed(count=3, p50=2.0, p95=2.9)
    """
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return Timed(len(milliseconds), round(float(p50), 3), round(float(p95), 3))
