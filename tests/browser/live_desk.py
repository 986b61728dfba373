"""A desk that runs: its lake, its process, the routes it has and the pages they lead to."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx

CHECKOUT = Path(__file__).resolve().parents[2]
PRESS = CHECKOUT / "tests" / "data" / "press"
SHIPMENTS = (
    "shipment id,HS code,description,consignee,consignee country,destination,Memo\n"
    "S1,84138100,pumps,Delta Umschlag LLC,RU,RU,first\n"
    "S2,85423190,<b>chips</b>,Alpha Trade,KG,RU,=1+1\n"
)
PARTIES = """party_id,schema,name,alias,country,innCode,listing_date,program
7,Company,Delta Umschlag LLC,DLT|Delta Trade,RU,7704730655,2023-05-01,internal
8,Person,Ivan Testov,Иван Тестов,RU,,2023-05-01,internal
"""
DESK = "entrepot.web."
# What no reader opens: files, pieces of a page, and what other programs ask.
NOT_PAGES = re.compile(
    r"^/(static/|openapi|login/oidc)|/state$|\.(csv|parquet|json|xlsx|html|arrow|pdf|{kind})$"
)


@dataclass(frozen=True)
class Live:
    """A desk that answers.

    Args:
        base: Its address.
        lake: Its lake.
        held: Values for the parameters of addresses.
    """

    base: str
    lake: Path
    held: dict[str, str]

    def address(self, route: str) -> str:
        """The address of a route, with something the lake holds in each parameter."""
        wanted = re.findall(r"{(\w+)[^}]*}", route)
        missing = [name for name in wanted if name not in self.held]
        assert not missing, f"{route}: say in live_desk.EXAMPLES where {missing} is found"
        return self.base + re.sub(r"{(\w+)[^}]*}", lambda name: self.held[name[1]], route)


# Where a value of a parameter stands: a page, and what leads to it there.
EXAMPLES = {
    "lead": ("/leads?flagged=1", r'href="/leads/([A-Z]+-[A-Z]+-[A-Z]+-\w+)"'),
    "code": ("/", r'href="/countries/(\w+)"'),
    "claim_id": ("/claims", r'href="/claims/([\w.~-]{12,})[?"]'),
    "source_id": ("/sources", r'href="/sources/([0-9a-f]{8,})[?"]'),
    "job_id": ("/jobs", r'href="/jobs/([^"/?]{8,})["?]'),
    "upload_id": ("/screen", r'href="/screen/([^"/?]{8,})["?]'),
}


def entrepot(lake: Path, *words: str | Path) -> None:
    """Run a command as a user does."""
    done = subprocess.run(
        [sys.executable, "-m", "entrepot", "--lake", str(lake), *map(str, words)],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )
    assert done.returncode == 0, f"entrepot {words[0]}: {done.stderr or done.stdout}"


def furnish(folder: Path) -> Path:
    """Make a lake with a simulated run, articles read and checked, and a list of two parties."""
    entrepot(folder / "unused", "demo", "-o", folder)
    lake = folder / "lake"
    entrepot(lake, "read", *sorted(PRESS.glob("*.txt")))
    entrepot(lake, "check")
    parties = folder / "own_2024-01-02.csv"
    parties.write_text(PARTIES, encoding="utf-8")
    entrepot(lake, "ingest", parties)
    return lake


@contextmanager
def serving(lake: Path, *words: str) -> Iterator[str]:
    """Serve a lake on a free port of this machine; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "entrepot", "--lake", str(lake), "serve", "--port", str(port)]
    log = lake.parent / f"serve-{port}.log"
    with log.open("wb") as said:
        process = subprocess.Popen([*command, *words], stdout=said, stderr=said, env=_environment())
        try:
            _wait(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(900):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{base} did not answer within 90 s: {log.read_text(encoding='utf-8')}")


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ENTREPOT_")}
    return kept | {"PYTHONPATH": str(CHECKOUT / "src"), "OPENBLAS_NUM_THREADS": "1"}


def examples(base: str) -> dict[str, str]:
    """A value for each parameter of an address, as the pages themselves link to it."""
    screen_something(base)
    held = {"place": "0"}
    for name, (page, pattern) in EXAMPLES.items():
        answer = httpx.get(base + page, headers={"accept": "text/html"})
        found = re.search(pattern, answer.text)
        if found:
            held[name] = found[1]
    return held


def screen_something(base: str) -> None:
    """Send two lines, confirm their columns as suggested, and wait for the answer."""
    words = {"accept": "text/html", "origin": base}
    with httpx.Client(base_url=base, headers=words, timeout=60) as client:
        order = {"as_of": "2024-06-03", "lines": SHIPMENTS}
        parts = {name: (None, text) for name, text in order.items()}
        sent = client.post("/screen", files=parts)
        assert sent.status_code == 303, sent.text
        where = sent.headers["location"]
        page = client.get(where).text
        headings = re.findall(r'name="heading" value="([^"]*)"', page)
        fields = [
            (re.search(r"<option selected>([^<]+)", one) or ["", ""])[1]
            for one in re.findall(r'<select name="field".*?</select>', page, re.DOTALL)
        ]
        said = [("do", "screen"), ("as_of", order["as_of"])]
        for heading, field in zip(headings, fields, strict=True):
            said += [("heading", heading), ("field", field)]
        form = {"content-type": "application/x-www-form-urlencoded"}
        client.post(where, content=urlencode(said), headers=form)
        for _ in range(600):
            if "What it was screened with" in client.get(where).text:
                return
            time.sleep(0.2)
    raise AssertionError(f"{where}: no results within two minutes")


def page_routes() -> list[str]:
    """Every route of the desk that a reader may open, from the application itself."""
    from entrepot.settings import Settings
    from entrepot.web.app import make_app

    app = make_app(lambda: None, settings=Settings(lake=Path("nowhere")))
    return sorted({path for path, module in _routes(app.routes) if _is_page(path, module)})


def _routes(routes: object) -> Iterator[tuple[str, str]]:
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path, route.endpoint.__module__


def _is_page(path: str, module: str) -> bool:
    is_ours = module.startswith((f"{DESK}pages.", f"{DESK}access."))
    return is_ours and NOT_PAGES.search(path) is None
