"""What a form sends: files straight to the disk, counted as they come; fields bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from entrepot.api.jobs_uploads import Incoming, Said, Upload, Uploads, shown_name, too_large
from entrepot.errors import SourceError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FILE = "file"  # the one field that may hold a file of any size
_FIELDS = 4_000_000  # bytes of all fields that are no file: pasted lines, a policy
_PARTS = 40  # of a form
_HEAD = 4_096  # bytes of the headers of a part
_FORM = 1_000_000  # bytes of a form without files: a column has some 60
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent.

    Args:
        fields: Its fields by name; files other than the upload are fields too.
        upload: The file; ``None`` where none was chosen.
    """

    fields: Mapping[str, str]
    upload: Upload | None


@dataclass(frozen=True, slots=True)
class Terms:
    """Which uploads a form takes.

    Args:
        purpose: What they are for.
        sent_by: Who sends them.
        endings: Ends of names that are taken.
        most: Bytes of the largest.
    """

    purpose: str
    sent_by: str
    endings: tuple[str, ...]
    most: int


def ending_of(name: str, endings: Iterable[str]) -> str:
    """The end of a name, out of a closed list.

    Args:
        name: The name a file had.
        endings: Ends that are taken.

    Returns:
        The end, in small letters.

    Raises:
        SourceError: If it is none of them.

    Example:
        >>> ending_of("../../Mai.XLSX", (".csv", ".xlsx"))
        '.xlsx'
    """
    known = sorted(endings)
    plain = PurePosixPath(name).name.lower()
    for one in sorted(known, key=len, reverse=True):
        if plain.endswith(one):
            return one
    raise SourceError(
        f"{shown_name(name)}: the end of its name tells its kind, expected one of "
        f"{', '.join(known)}. Save it as one of these."
    )


@dataclass(slots=True)
class _Form:
    """A form that is being read: one part after the other."""

    store: Uploads
    terms: Terms
    stack: ExitStack
    fields: dict[str, str] = field(default_factory=dict)
    incoming: Incoming | None = None
    upload: Upload | None = None
    _head: dict[str, bytes] = field(default_factory=dict)
    _key: bytes = b""
    _value: bytes = b""
    _name: str = ""
    _text: bytearray = field(default_factory=bytearray)
    _is_file: bool = False
    _size: int = 0
    _count: int = 0

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        names = ("part_begin", "header_field", "header_value", "header_end", "headers_finished")
        return {f"on_{name}": getattr(self, name) for name in (*names, "part_data", "part_end")}

    def part_begin(self) -> None:
        self._count += 1
        if self._count > _PARTS:
            raise SourceError(f"The form has more than {_PARTS} parts. Send it from its page.")
        self._head, self._key, self._value = {}, b"", b""
        self._text = bytearray()
        self._is_file = False

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._key += data[start:end]
        self._bound(len(self._key))

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound(len(self._value))

    def _bound(self, size: int) -> None:
        if size > _HEAD:
            raise SourceError("The form has a part with too long a header, or too long a name.")

    def header_end(self) -> None:
        self._head[self._key.lower().decode("latin-1")] = self._value
        self._key, self._value = b"", b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._head.get("content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        if self._name != FILE or not name:
            return
        if self.incoming is not None:
            raise SourceError("The form holds two files, expected one. Send them one by one.")
        said = Said(
            name, ending_of(name, self.terms.endings), self.terms.purpose, self.terms.sent_by
        )
        self.incoming = self.stack.enter_context(self.store.incoming(said, self.terms.most))
        self._is_file = True

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file and self.incoming is not None:
            if self.incoming.size + end - start > self.terms.most:
                raise HTTPException(413, too_large(self.incoming.name, self.terms.most))
            self.incoming.take(data[start:end])
            return
        self._size += end - start
        if self._size > _FIELDS:
            raise SourceError(f"The fields of the form hold more than {_FIELDS / 1e6:.0f} MB.")
        self._text += data[start:end]

    def part_end(self) -> None:
        if self._is_file and self.incoming is not None:
            self.upload = self.incoming.keep()
        elif self._name != FILE:
            self.fields[self._name] = _text(bytes(self._text), self._name)


def _text(value: bytes, name: str) -> str:
    try:
        return value.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError(
            f"The field {shown_name(name)!r} is not UTF-8. Save it as UTF-8."
        ) from None


async def receive(request: Request, store: Uploads, terms: Terms) -> Sent:
    """Read a form with a file; the file goes to the disk as it comes.

    Args:
        request: The request.
        store: Where files go.
        terms: Which ones are taken.

    Returns:
        What was sent; a file that is refused leaves nothing behind.

    Raises:
        HTTPException: If it is no form, or larger than it may be.
        SourceError: If a part of it is not as expected.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise HTTPException(415, "A form with a file is expected: multipart/form-data.")
    claimed = request.headers.get("content-length", "")
    most = terms.most + _FIELDS + _PARTS * 2 * _HEAD
    if claimed.isdigit() and int(claimed) > most:
        # Refused before a byte of it is read.
        raise HTTPException(413, too_large("The file", terms.most))
    with ExitStack() as stack:
        form = _Form(store, terms, stack)
        parser = MultipartParser(boundary, cast("MultipartCallbacks", form.callbacks()))
        size = 0
        try:
            async for block in request.stream():
                size += len(block)
                if size > most:
                    raise HTTPException(413, too_large("The file", terms.most))
                parser.write(block)
            parser.finalize()
        except FormParserError as error:
            raise HTTPException(400, f"The form was cut short or is damaged: {error}.") from None
        if form.incoming is not None and form.upload is None:
            raise HTTPException(400, "The form was cut short: the file did not end. Send it again.")
        return Sent(form.fields, form.upload)


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Read a form without files.

    Args:
        request: The request.

    Returns:
        Its fields, in order.

    Raises:
        HTTPException: If it is no form, too large, or no UTF-8.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != _FORM_TYPE:
        raise HTTPException(415, f"Content-Type is {sent!r}, expected {_FORM_TYPE!r}.")
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > _FORM:
            raise HTTPException(413, f"The form is larger than {_FORM:,} bytes.")
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise HTTPException(400, "The form is no UTF-8. Send it from its page.") from None


def store_text(store: Uploads, terms: Terms, name: str, text: str) -> Upload:
    """Keep pasted text as a file.

    Args:
        store: Where files go.
        terms: Which ones are taken.
        name: What it is called, with the end that says its kind.
        text: The text.

    Returns:
        The upload.
    """
    said = Said(name, ending_of(name, terms.endings), terms.purpose, terms.sent_by)
    with store.incoming(said, terms.most) as file:
        file.take(text.encode())
        return file.keep()
