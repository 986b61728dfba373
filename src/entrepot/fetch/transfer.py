"""A file on its way: what of it is there, whether that can go on, and the last steps to whole.

Bytes are gathered in ``<name>.part`` with a record of the version they belong to. Whole, they are
forced to disk, described in ``<name>.record`` and renamed: whoever is killed between the two finds
the same bytes and the same record again.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from entrepot.errors import SourceError
from entrepot.fetch.call import HEAD, Call, Fetched, is_form
from entrepot.fetch.record import Record, now, read_record, record_path, write_record
from entrepot.fetch.waiting import NotNow
from entrepot.lake_files import file_digest, make_durable

CHUNK = 1 << 18
OnBytes = Callable[[int, int], None]

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_SHA256 = re.compile(r"sha-256=:?([A-Za-z0-9+/]+=*):?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file is there.

    Args:
        path: Where the bytes are.
        begun: The version they belong to; open where nothing is there that can go on.
        size: How many.
    """

    path: Path
    begun: Record | None
    size: int


def part_path(file: Path) -> Path:
    """Name what is gathered of a file.

    Args:
        file: The file.
    """
    return file.with_name(file.name + ".part")


def was_cut(file: Path) -> bool:
    """Whether an answer was found to be cut off before; what is kept of it is a record.

    Args:
        file: The file the answer would have become.

    Raises:
        SourceError: If the record is damaged.
    """
    return read_record(_cut(file)) is not None


def _cut(file: Path) -> Path:
    return file.with_name(file.name + ".cut")


def discard(file: Path) -> None:
    """Remove what was gathered of a file.

    Args:
        file: The file.
    """
    part = part_path(file)
    record_path(part).unlink(missing_ok=True)
    part.unlink(missing_ok=True)


def known_record(file: Path) -> Record | None:
    """The record of a file that is there whole.

    Args:
        file: The file.

    Returns:
        Its record; ``None`` where the file is not there, or is not what its record describes.

    Raises:
        SourceError: If the record is damaged.
    """
    record = read_record(file)
    return record if record is not None and _is_described(file, record) else None


def settle(file: Path) -> None:
    """End what a run that was killed between record and renaming had all but ended.

    Args:
        file: The file.

    Raises:
        SourceError: If the record is damaged.
    """
    record, part = read_record(file), part_path(file)
    if record is not None and _is_described(part, record):
        _rename(part, file)


def _is_described(path: Path, record: Record) -> bool:
    is_size = path.is_file() and path.stat().st_size == record.size_bytes
    return is_size and file_digest(path) == record.sha256


def part_of(call: Call, file: Path) -> Part:
    """Look at what of a file is there.

    Args:
        call: Where it comes from.
        file: The file.

    Returns:
        The part; an empty one where it is of another address, or of no version that the publisher
        can be asked to go on with.

    Raises:
        SourceError: If the record is damaged.
    """
    path = part_path(file)
    begun = read_record(path)
    size = path.stat().st_size if path.is_file() else 0
    # An answer of an interface may come compressed, so that its bytes cannot be counted.
    can_go_on = (
        not call.is_answer
        and begun is not None
        and begun.url == call.url
        and condition(begun) is not None
    )
    return Part(path, begun, size) if can_go_on and size else Part(path, None, 0)


def condition(begun: Record) -> str | None:
    """What names a version so surely that its rest may be asked for (RFC 9110, 13.1.5).

    Args:
        begun: Record of the part.

    Returns:
        A strong entity tag, else the date; ``None`` where there is neither.
    """
    is_strong = begun.etag is not None and not begun.etag.startswith("W/")
    return begun.etag if is_strong else begun.last_modified


def receive(call: Call, part: Part, response: httpx.Response, on_bytes: OnBytes) -> Record:
    """Write an answer behind what is there, or in its place.

    Args:
        call: The call.
        part: What is there.
        response: The answer, 200 or 206, its body not read yet.
        on_bytes: Told how many bytes are there, and of how many, zero where not announced.

    Returns:
        The version the bytes belong to, with the size announced.

    Raises:
        NotNow: If the answer is a part that does not fit, or shorter or longer than announced.
    """
    begun = (
        _rest_of(part, response) if response.status_code == httpx.codes.PARTIAL_CONTENT else None
    )
    if begun is None:
        begun = _begin(call, part, response)
    size = part.path.stat().st_size if part.path.is_file() else 0
    with part.path.open("ab") as file:
        for chunk in response.iter_bytes(CHUNK):
            file.write(chunk)
            size += len(chunk)
            on_bytes(size, begun.size_bytes or 0)
    if begun.size_bytes is not None and size != begun.size_bytes:
        part.path.unlink()
        raise NotNow(f"sent {size:,} bytes and announced {begun.size_bytes:,}")
    return begun


def _rest_of(part: Part, response: httpx.Response) -> Record:
    """Check that a partial answer goes on where the part ends, in the same version."""
    begun, headers = part.begun, response.headers
    found = _RANGE.fullmatch(headers.get("content-range", ""))
    is_next = begun is not None and found is not None and int(found[1]) == part.size
    if not (begun and found and is_next and _is_same(begun, headers, int(found[3]))):
        part.path.unlink(missing_ok=True)
        raise NotNow("sent another part than was asked for", after=0)
    return replace(begun, size_bytes=int(found[3]))


def _is_same(begun: Record, headers: httpx.Headers, size: int) -> bool:
    """Whether a part is of the version begun, by all that the publisher says of it.

    A publisher that ignores the condition of the question would send the rest of another version.
    """
    return (
        headers.get("etag", begun.etag) == begun.etag
        and headers.get("last-modified", begun.last_modified) == begun.last_modified
        and begun.size_bytes in {None, size}
    )


def _begin(call: Call, part: Part, response: httpx.Response) -> Record:
    headers = response.headers
    is_plain = headers.get("content-encoding", "identity") == "identity"
    length = headers.get("content-length", "")
    begun = Record(
        url=call.url,
        publisher=call.publisher.name,
        licence=call.publisher.licence,
        retrieved_at=now(),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        size_bytes=int(length) if is_plain and length.isdigit() else None,
    )
    part.path.unlink(missing_ok=True)
    write_record(part.path, begun)
    return begun


def finish(call: Call, file: Path, begun: Record, headers: httpx.Headers) -> Fetched:
    """Check what was gathered and make it the file.

    Args:
        call: The call.
        file: The file.
        begun: The version the bytes belong to.
        headers: Headers of the last answer, for a checksum where the publisher sends one.

    Returns:
        What became of the call.

    Raises:
        NotNow: If the checksum differs: the bytes may be right another time.
        SourceError: If the bytes are not what was asked for; nothing of them is left.
    """
    part = part_path(file)
    try:
        _check_sum(part, headers)
        verdict = call.judge(part)
        if verdict != "cut":
            _check_form(call, part)
    except (NotNow, SourceError):
        discard(file)
        raise
    size, sha256 = part.stat().st_size, file_digest(part)
    record = replace(begun, retrieved_at=now(), size_bytes=size, sha256=sha256)
    if verdict == "cut":
        discard(file)
        write_record(_cut(file), record)
        return Fetched(call, file, "too much")
    if verdict == "empty":
        discard(file)
        return Fetched(call, file, "not published")
    make_durable(part)
    write_record(file, record)
    _rename(part, file)
    return Fetched(call, file, "fetched", record)


def _rename(part: Path, file: Path) -> None:
    os.replace(part, file)
    record_path(part).unlink(missing_ok=True)
    make_durable(file.parent)


def _check_form(call: Call, part: Path) -> None:
    with part.open("rb") as file:
        head = file.read(HEAD)
    if not is_form(call.form, head):
        raise SourceError(
            f"{call.url}: the answer begins {head[:60]!r}, expected {call.form}. The publisher may "
            "be at work on its site, or may have moved the file: look at the address in a browser."
        )


def _check_sum(part: Path, headers: httpx.Headers) -> None:
    """Compare with ``Repr-Digest`` (RFC 9530), its forerunner ``Digest``, or ``Content-MD5``."""
    found = _SHA256.search(headers.get("repr-digest", headers.get("digest", "")))
    said = {"sha256": found[1] if found else None}
    if "content-range" not in headers:
        said["md5"] = headers.get("content-md5")
    for name, expected in said.items():
        if expected is None:
            continue
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, name).digest()
        if base64.b64encode(digest).decode() != expected.strip():
            raise NotNow(f"sent bytes whose {name} is not the one it announced")
