"""A publisher on this machine that speaks the protocols of the real ones, and misbehaves on demand.

Files have an entity tag and a date, may be asked for in part and conditionally. Questions to the
interfaces of UN Comtrade and Eurostat are answered in the layouts of the real ones from records
made up here. A fault stands for one request; the next one is served well.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from entrepot.sources.comtrade_layout import CURRENT

MODIFIED = "Thu, 15 Feb 2024 10:00:00 GMT"
SDMX_HEADER = (
    "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
)


@dataclass(frozen=True)
class Entity:
    """One version of a file."""

    body: bytes
    kind: str = "application/octet-stream"
    modified: str | None = MODIFIED
    has_etag: bool = True

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    def versions(self) -> dict[str, str]:
        tag = {"ETag": self.etag} if self.has_etag else {}
        return tag | ({"Last-Modified": self.modified} if self.modified else {})


@dataclass
class Fault:
    """How one request is served badly.

    Args:
        status: Answer with this status and nothing else.
        headers: Headers to add, or to put in place of the right ones.
        body: Body in place of the right one.
        cut_after: Close the connection after so many bytes of the body.
        ignores_range: Send the whole file though a part was asked for.
        change: Put this file in place of the old one before the request is served.
        wait_for: Wait for this before the body is sent.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_after: int | None = None
    ignores_range: bool = False
    change: Entity | None = None
    wait_for: threading.Event | None = None


@dataclass(frozen=True)
class Seen:
    """A request that came in, and the status it was answered with."""

    method: str
    path: str
    headers: dict[str, str]
    status: int


@dataclass
class Trade:
    """One record of the interfaces: what a reporter declared."""

    period: str  # 202201
    reporter: int
    partner: int
    flow: str
    goods: str
    value: float = 1000.0


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up: some are killed."""


Answer = Callable[[str, dict[str, str]], Entity | int]


class Server:
    """The publisher; use it as a context manager."""

    def __init__(self) -> None:
        self.files: dict[str, Entity] = {}
        self.answers: dict[str, Answer] = {}
        self.faults: deque[Fault] = deque()
        self.seen: list[Seen] = []
        self._http = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"publisher": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def statuses(self) -> list[int]:
        return [seen.status for seen in self.seen]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def entity(self, path: str) -> Entity | int:
        """What stands at an address, or the status that says why nothing does."""
        split = urlsplit(path)
        for prefix, answer in self.answers.items():
            if split.path.startswith(prefix):
                query = {name: values[0] for name, values in parse_qs(split.query).items()}
                return answer(unquote(split.path), query)
        return self.files.get(unquote(path), 404)


def comtrade(trades: list[Trade], limit: int) -> Answer:
    """UN Comtrade's interface over some records; it never says that it left some out."""

    def answer(path: str, query: dict[str, str]) -> Entity:
        wanted = {name: set(value.split(",")) for name, value in query.items()}
        most = min(limit, int(query["maxRecords"]))
        goods = wanted["cmdCode"]
        found = [
            trade
            for trade in trades
            if trade.period in wanted["period"]
            and str(trade.reporter) in wanted["reporterCode"]
            and str(trade.partner) in wanted.get("partnerCode", {str(trade.partner)})
            and trade.flow in wanted["flowCode"]
            and (trade.goods in goods or f"AG{len(trade.goods)}" in goods)
        ]
        records = [comtrade_record(trade) for trade in found[:most]]
        body = {"elapsedTime": "0.03 secs", "count": len(records), "data": records, "error": ""}
        return Entity(json.dumps(body).encode(), "application/json", None, has_etag=False)

    return answer


def comtrade_record(trade: Trade) -> dict[str, Any]:
    """A record as ``/data/v1/get`` writes it, 47 fields."""
    is_month = len(trade.period) == 6
    return {
        **dict.fromkeys(CURRENT),
        **{"typeCode": "C", "freqCode": "M" if is_month else "A", "period": trade.period},
        **{"refYear": int(trade.period[:4]), "refMonth": int(trade.period[4:] or 52)},
        **{"reporterCode": trade.reporter, "partnerCode": trade.partner, "partner2Code": 0},
        **{"flowCode": trade.flow, "classificationCode": "H6", "cmdCode": trade.goods},
        **{"customsCode": "C00", "mosCode": "0", "motCode": 0, "qtyUnitCode": 5, "qty": 2.0},
        **{"isQtyEstimated": False, "netWgt": 3000.0, "isNetWgtEstimated": False},
        **{"cifvalue": trade.value if trade.flow == "M" else None},
        **{"fobvalue": trade.value if trade.flow != "M" else None, "primaryValue": trade.value},
    }


def eurostat(lines: list[tuple[str, str, str, str, str, float]], most_cells: int) -> Answer:
    """Eurostat's SDMX interface over lines of reporter, partner, product, flow, period, euro."""

    def answer(path: str, query: dict[str, str]) -> Entity | int:
        freq, *key = path.rsplit("/", 1)[1].split(".")
        places = [set(place.split("+")) if place else None for place in key[:4]]
        found = [
            line
            for line in lines
            if all(
                place is None or value in place
                for place, value in zip(places, line[:4], strict=True)
            )
            and query["startPeriod"] <= line[4] <= query["endPeriod"]
        ]
        if len(found) > most_cells:
            return 413
        text = [SDMX_HEADER]
        for reporter, partner, product, flow, period, value in found:
            text.append(
                f"ESTAT:DS-045409(1.0),15/02/24 11:00:00,{freq},{reporter},{partner},{product},"
                f"{flow},VALUE_IN_EUROS,{period},{value}"
            )
        body = "\r\n".join(text).encode()
        return Entity(body, "application/vnd.sdmx.data+csv", None, has_etag=False) if found else 404

    return answer


class _Handler(BaseHTTPRequestHandler):
    """Serves one request, well or badly."""

    protocol_version = "HTTP/1.1"
    publisher: Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        fault = self.publisher.faults.popleft() if self.publisher.faults else Fault()
        if fault.change is not None:
            self.publisher.files = dict.fromkeys(self.publisher.files, fault.change)
        status, headers, body = self._right(fault)
        if fault.status is not None:
            status, headers, body = fault.status, {}, fault.body or b""
        elif fault.body is not None:
            body = fault.body
        headers = {"Content-Length": str(len(body)), **headers, **fault.headers}
        asked = {name.lower(): value for name, value in self.headers.items()}
        self.publisher.seen.append(Seen(self.command, self.path, asked, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault.wait_for is not None:
            fault.wait_for.wait(20)
        if self.command == "HEAD" or status == 304:
            return
        self.wfile.write(body if fault.cut_after is None else body[: fault.cut_after])
        if fault.cut_after is not None or len(body) != int(headers["Content-Length"]):
            self.wfile.flush()
            self.close_connection = True

    def _right(self, fault: Fault) -> tuple[int, dict[str, str], bytes]:
        entity = self.publisher.entity(self.path)
        if isinstance(entity, int):
            return entity, {"Content-Type": "application/xml"}, b"<S:Fault/>"
        headers = {"Content-Type": entity.kind, **entity.versions()}
        if self._is_known(entity):
            return 304, headers, b""
        start = self._start(entity)
        if start is None or fault.ignores_range:
            return 200, headers, entity.body
        end = len(entity.body) - 1
        if start > end:
            return 416, {"Content-Range": f"bytes */{end + 1}"}, b""
        part = {"Content-Range": f"bytes {start}-{end}/{end + 1}"}
        return 206, headers | part, entity.body[start:]

    def _is_known(self, entity: Entity) -> bool:
        tag = self.headers.get("If-None-Match")
        if tag is not None and entity.has_etag:
            return tag == entity.etag
        since = self.headers.get("If-Modified-Since")
        return since is not None and since == entity.modified

    def _start(self, entity: Entity) -> int | None:
        wanted = self.headers.get("Range")
        if wanted is None:
            return None
        condition = self.headers.get("If-Range")
        if condition not in {None, entity.etag if entity.has_etag else "", entity.modified}:
            return None
        return int(wanted.removeprefix("bytes=").removesuffix("-"))


def without_versions(entity: Entity) -> Entity:
    """The same file of a publisher that names no version."""
    return replace(entity, modified=None, has_etag=False)
