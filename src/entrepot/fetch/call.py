"""What is asked of a publisher: one address, the file its answer becomes, and what that must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from entrepot.fetch.addresses import Publisher
from entrepot.fetch.record import Record

Form = Literal["7z", "zip", "json", "xml", "csv", "article"]
Verdict = Literal["whole", "empty", "cut"]
Outcome = Literal["fetched", "unchanged", "there", "not published", "too much"]

_MARK = b"\xef\xbb\xbf"
_BEGINNINGS = {"7z": b"7z\xbc\xaf\x27\x1c", "zip": b"PK\x03\x04", "json": b"{", "xml": b"<"}
_PAGES = (b"<!doctype html", b"<html")
HEAD = 512


def _take_as_it_is(path: Path) -> Verdict:
    return "whole"


def _no_less() -> tuple[Call, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Call:
    """One address to fetch.

    Args:
        publisher: Who is asked.
        url: The address with its question; never holds a key.
        name: File name of the answer.
        form: What its bytes must be.
        is_answer: Whether it is worked out for us: then it is not resumed, and one that is there
            is not asked for again unless that is wanted.
        judge: Says of a whole answer whether it holds nothing, or was cut off at a limit.
        narrower: The same question in smaller parts; empty where it cannot be divided.
    """

    publisher: Publisher
    url: str
    name: str
    form: Form
    is_answer: bool = False
    judge: Callable[[Path], Verdict] = _take_as_it_is
    narrower: Callable[[], tuple[Call, ...]] = _no_less


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a call.

    Args:
        call: The call.
        path: The file, where there is one.
        outcome: ``fetched``; ``unchanged``, says the publisher; ``there`` from before, not asked
            about; ``not published``; or ``too much`` for one answer.
        record: Where the file came from; open where there is no file.
    """

    call: Call
    path: Path
    outcome: Outcome
    record: Record | None = None


def is_form(form: Form, head: bytes) -> bool:
    """Whether bytes begin as a form does.

    Args:
        form: The form.
        head: The first bytes of a file.

    Example:
        >>> is_form("7z", b"<!DOCTYPE html><title>Maintenance")
        False
        >>> is_form("csv", b"DATAFLOW,LAST UPDATE,freq")
        True
    """
    text = head.removeprefix(_MARK).lstrip()
    if form == "article":
        return bool(text)  # a page, a feed or a text: who reads it tells
    if text[:HEAD].lower().startswith(_PAGES):
        return False
    if form == "csv":
        return bool(text) and not text.startswith((b"<", b"{"))
    return text.startswith(_BEGINNINGS[form])
