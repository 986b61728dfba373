"""One visit to a publisher: calls kept apart, repeated where that helps, resumed where possible."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

import httpx

from entrepot.errors import SourceError
from entrepot.fetch.call import Call, Fetched, Outcome
from entrepot.fetch.record import Record
from entrepot.fetch.transfer import (
    Part,
    condition,
    discard,
    finish,
    known_record,
    part_of,
    receive,
    settle,
    was_cut,
)
from entrepot.fetch.waiting import (
    PASSES,
    PASSING,
    PATIENCE,
    NotNow,
    Pace,
    Sleep,
    reason_of,
    retry_after,
    retrying,
)

# Seconds. Large answers are worked out before their first byte: Comtrade's own client waits 120.
TIME_OUT = httpx.Timeout(120.0, connect=20.0)
_PAGE = "text/html"
_WORDS = 4096
_T = TypeVar("_T")
_FAULT = re.compile(r"<faultstring>(.*?)</faultstring>", re.DOTALL)


class Report(Protocol):
    """Told how far the work is."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note that ``done`` of ``total`` bytes of ``what`` are there; 0 is not known."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a publisher is asked.

    Args:
        pace: Keeps calls apart and counts them.
        patience: Seconds of waiting in all for one answer.
        headers: Headers of every call; a key belongs here and nowhere else.
        is_again: Whether to fetch what is there already.
        sleep: Waits.
    """

    pace: Pace
    patience: float = PATIENCE
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    is_again: bool = False
    sleep: Sleep = time.sleep


class Visit:
    """An open connection to a publisher.

    Args:
        manners: How it is asked.
        report: Told how far the work is.
    """

    def __init__(self, manners: Manners, report: Report) -> None:
        self._manners, self._report = manners, report
        named = {"User-Agent": f"entrepot/{version('entrepot')}"}
        self._client = httpx.Client(
            headers={**named, **(manners.headers or {})},
            timeout=TIME_OUT,
            # A key must not follow a redirection to another host.
            follow_redirects=not manners.headers,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def fetch(self, call: Call, folder: Path) -> Fetched:
        """Fetch one answer, unless it is there and has not changed.

        Args:
            call: The call.
            folder: Folder of the file.

        Returns:
            What became of it.

        Raises:
            SourceError: If the publisher refuses, cannot be reached, or sends something else.
        """
        file = folder / call.name
        settle(file)
        known = known_record(file)
        if not self._manners.is_again:
            if was_cut(file):
                return Fetched(call, file, "too much")
            if known is not None and (call.is_answer or not known.has_version):
                return Fetched(call, file, "there", known)
        asked_about = None if self._manners.is_again else known
        return self._patiently(call, lambda: self._attempt(call, file, asked_about))

    def head(self, call: Call) -> httpx.Response:
        """Ask for the headers of a file alone.

        Args:
            call: The call.

        Returns:
            The answer; what it says of size and version is the publisher's word.

        Raises:
            SourceError: If the publisher cannot be reached.
        """

        def ask() -> httpx.Response:
            self._manners.pace.take()
            response = self._client.head(call.url, headers={"Accept-Encoding": "identity"})
            if response.status_code in PASSING:
                raise NotNow(_answered(response), retry_after(response.headers))
            return response

        return self._patiently(call, ask)

    def _patiently(self, call: Call, work: Callable[[], _T]) -> _T:
        def tell(reason: str, seconds: float) -> None:
            self._report(0, 0, f"{call.name}: {reason}; again in {seconds:.0f} s")

        policy = retrying(self._manners.patience, self._manners.sleep, tell)
        try:
            return policy(work)
        except PASSES as error:
            wait = getattr(error, "after", None)
            asked = f", and asks to wait {wait:,.0f} s" if wait else ""
            raise SourceError(
                f"{call.url}: {reason_of(error)}{asked}; expected {call.name}. Asked "
                f"{policy.statistics['attempt_number']} times, waiting up to "
                f"{self._manners.patience:,.0f} s in all. Start the command again later: it goes "
                "on where it stopped."
            ) from error

    def _attempt(self, call: Call, file: Path, known: Record | None) -> Fetched:
        part = part_of(call, file)
        if part.begun is not None and part.begun.size_bytes == part.size:
            return finish(call, file, part.begun, httpx.Headers())
        self._manners.pace.take()
        with self._client.stream("GET", call.url, headers=_headers(call, part, known)) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and known is not None:
                return Fetched(call, file, "unchanged", known)
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                discard(file)
                raise NotNow(_answered(response), after=0)
            refused = _refusal(call, response)
            if refused is not None:
                discard(file)
                return Fetched(call, file, refused)
            begun = receive(call, part, response, self._on_bytes(call))
        return finish(call, file, begun, response.headers)

    def _on_bytes(self, call: Call) -> Callable[[int, int], None]:
        return lambda done, total: self._report(done, max(done, total), call.name)


def _headers(call: Call, part: Part, known: Record | None) -> dict[str, str]:
    headers = {} if call.is_answer else {"Accept-Encoding": "identity"}
    if part.begun is not None:
        return headers | {
            "Range": f"bytes={part.size}-",
            "If-Range": condition(part.begun) or "",
        }
    if known is not None and known.etag is not None:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified is not None:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _refusal(call: Call, response: httpx.Response) -> Outcome | None:
    """Say what an answer means that is not the file: nothing, later, too much, or an error."""
    status = response.status_code
    kind = response.headers.get("content-type", "")
    if status in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        if kind.startswith(_PAGE) and call.form != "article":
            raise SourceError(
                f"{call.url}: answered with {kind!r}, a page for people, expected {call.form}. The "
                "publisher may be at work on its site, or may have moved the file: look at the "
                "address in a browser."
            )
        return None
    if status in PASSING:
        raise NotNow(_answered(response), retry_after(response.headers))
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        return "not published"
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return "too much"
    raise SourceError(
        f"{call.url}: {_answered(response)}: {_words(response)!r}; expected {call.name}. Put the "
        "question right; where a key is needed, check it and what is left of its quota."
    )


def _answered(response: httpx.Response) -> str:
    return f"answered {response.status_code} {response.reason_phrase}".rstrip()


def _words(response: httpx.Response) -> str:
    """What an error says, out of JSON or SOAP where it is wrapped in one."""
    text = ""
    for chunk in response.iter_text(_WORDS):
        text += chunk
        if len(text) >= _WORDS:
            break
    fault = _FAULT.search(text)
    if fault:
        return fault[1].strip()
    try:
        found = json.loads(text)
    except ValueError:
        return text[:200].strip()
    said = found.get("message") or found.get("error") if isinstance(found, dict) else found
    return str(said)[:200]
