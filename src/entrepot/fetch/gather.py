"""All calls of a question, one after the other; those too large for one answer in smaller parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock
import httpx

from entrepot.errors import SourceError
from entrepot.fetch.call import Call, Fetched
from entrepot.fetch.download import Visit
from entrepot.fetch.transfer import known_record, was_cut

State = Literal["to fetch", "there", "unchanged", "changed", "not published"]

_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a call.

    Args:
        call: The call.
        state: ``to fetch``; ``there``, and not known whether it changed; ``unchanged`` or
            ``changed`` since it was fetched, or ``not published``, as the publisher says.
        size_bytes: Size of what would be fetched; open where the publisher does not say.
    """

    call: Call
    state: State
    size_bytes: int | None = None


def gather(visit: Visit, calls: Iterable[Call], folder: Path) -> list[Fetched]:
    """Fetch the answers to some calls.

    Args:
        visit: The connection.
        calls: The calls.
        folder: Folder of the files; it is made where it is missing.

    Returns:
        What became of each call, in order; of a divided one, its parts.

    Raises:
        SourceError: If the publisher refuses or cannot be reached, an answer is too large and its
            question cannot be divided, another process fetches into the folder, or nothing was
            published of all that was asked for. Files fetched before stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting, found = deque(calls), list[Fetched]()
    try:
        with filelock.FileLock(folder / _LOCK, timeout=0):
            while waiting:
                got = visit.fetch(waiting.popleft(), folder)
                if got.outcome == "too much":
                    waiting.extendleft(reversed(_parts(got.call)))
                else:
                    found.append(got)
    except filelock.Timeout as error:
        raise SourceError(
            f"{folder}: another process is fetching into this folder, expected none. Wait for it, "
            "or name another folder with --into."
        ) from error
    if found and all(got.outcome == "not published" for got in found):
        raise SourceError(
            f"{found[0].call.url}: nothing is published there, nor at any of the {len(found):,} "
            "addresses asked, expected data. Check periods and codes, and --base-url where given."
        )
    return found


def plan(visit: Visit, calls: Iterable[Call], folder: Path) -> list[Planned]:
    """Say what fetching would do, and download nothing.

    Args:
        visit: The connection; only headers are asked for, and only of files, because a question to
            an interface counts as a call however small its answer.
        calls: The calls.
        folder: Folder of the files; it need not exist.

    Returns:
        What would become of each call; those known to be too large for one answer in parts.

    Raises:
        SourceError: If the publisher cannot be reached.
    """
    waiting, found = deque(calls), list[Planned]()
    while waiting:
        call = waiting.popleft()
        if was_cut(folder / call.name):
            waiting.extendleft(reversed(_parts(call)))
        else:
            found.append(_planned(visit, call, folder / call.name))
    return found


def _parts(call: Call) -> tuple[Call, ...]:
    parts = call.narrower()
    if not parts:
        raise SourceError(
            f"{call.url}: too much for one answer, and the question cannot be divided further, "
            "expected fewer rows. Name partners and goods, or use a key with a larger limit."
        )
    return parts


def _planned(visit: Visit, call: Call, file: Path) -> Planned:
    known = known_record(file)
    if call.is_answer or (known is not None and not known.has_version):
        return Planned(call, "to fetch" if known is None else "there")
    response = visit.head(call)
    if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        return Planned(call, "not published")
    headers = response.headers if response.is_success else httpx.Headers()
    length = headers.get("content-length", "")
    size = int(length) if length.isdigit() else None
    if known is None:
        return Planned(call, "to fetch", size)
    said = headers.get("etag"), headers.get("last-modified")
    if said == (None, None):
        return Planned(call, "there")
    is_same = said == (known.etag, known.last_modified)
    return Planned(call, "unchanged" if is_same else "changed", None if is_same else size)
