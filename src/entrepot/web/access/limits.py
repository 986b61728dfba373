"""Limits: how often somebody may ask or try a password, and how much they may send."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from fastapi import HTTPException, Request
from starlette.types import Message, Receive

from entrepot.web.body import LARGEST

MINUTE = 60.0
ANYBODY = 120  # requests a minute and address of callers nobody knows
UPLOADS = 30  # files a minute and caller: each is kept for days and read by a process
KNOWN = 3_000  # requests a minute and caller: a program that screens line by line needs many
_FREE = 3  # attempts at one account without waiting
_FREE_ADDRESS = 20  # attempts from one address: an office has one for all
_LONGEST_WAIT = 900.0  # seconds; a person who was locked out on purpose gets in again
_FORGOTTEN = 3_600.0  # seconds after which attempts no longer count
_MOST = 20_000  # callers and accounts remembered, so that nobody fills the memory
FORM = 1_000_000  # bytes of a form without files
UPLOAD = 200_000_000  # bytes of a form with files, where nothing else is set

Clock = Callable[[], float]


class Window:
    """How often each caller asked within the last minute.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, caller: str, most: int) -> float:
        """Count a request.

        Args:
            caller: Who asks.
            most: How often they may in a minute.

        Returns:
            Seconds to wait; 0 where they may ask now.
        """
        moment = self._clock()
        asked = self._asked.setdefault(caller, deque())
        self._asked.move_to_end(caller)
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)
        while asked and asked[0] <= moment - MINUTE:
            asked.popleft()
        if len(asked) >= most:
            return asked[0] + MINUTE - moment
        asked.append(moment)
        return 0.0


@dataclass(slots=True)
class _Tried:
    count: int = 0
    last: float = 0.0


class Attempts:
    """Attempts to sign in: each one that fails doubles the time until the next is looked at.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[str, _Tried] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, account: str, address: str) -> float:
        """Count an attempt before the password is looked at, so that many at once count too.

        Args:
            account: Name of the account, whether or not there is one.
            address: Network address it comes from.

        Returns:
            Seconds to wait, and the attempt does not count; 0 where it may be looked at.
        """
        with self._lock:
            pairs = ((f"account {account}", _FREE), (f"address {address}", _FREE_ADDRESS))
            seconds = max(self._left(key, free) for key, free in pairs)
            if seconds > 0:
                return seconds
            for key, _ in pairs:
                tried = self._tried.setdefault(key, _Tried())
                tried.count += 1
                tried.last = self._clock()
                self._tried.move_to_end(key)
            while len(self._tried) > _MOST:
                self._tried.popitem(last=False)
            return 0.0

    def forget(self, account: str, address: str) -> None:
        """Take back what was counted for an attempt that was right.

        Args:
            account: Name of the account: all its attempts are forgotten.
            address: Network address: this attempt is, those that failed still count.
        """
        with self._lock:
            self._tried.pop(f"account {account}", None)
            tried = self._tried.get(f"address {address}")
            if tried is not None:
                tried.count = max(tried.count - 1, 0)

    def _left(self, key: str, free: int) -> float:
        tried = self._tried.get(key)
        if tried is None:
            return 0.0
        since = self._clock() - tried.last
        if since >= _FORGOTTEN:
            del self._tried[key]
            return 0.0
        if tried.count < free:
            return 0.0
        # No larger power than needed: 2.0**1024 is none.
        return min(2.0 ** min(tried.count - free, 20), _LONGEST_WAIT) - since


def too_often(seconds: float) -> HTTPException:
    """What somebody is told who asks too often.

    Args:
        seconds: How long to wait.
    """
    whole = max(ceil(seconds), 1)
    unit = "second" if whole == 1 else "seconds"
    words = f"Too many requests or attempts. Try again in {whole:,} {unit}."
    return HTTPException(429, words, {"Retry-After": str(whole)})


def has_files(request: Request) -> bool:
    """Whether a request says that it brings files.

    Args:
        request: The request.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "multipart/form-data"


def largest(request: Request, upload: int) -> int:
    """How large the body of a request may be.

    Args:
        request: The request.
        upload: Bytes of a form with files.

    Returns:
        Bytes.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_files(request):
        return upload
    return FORM if kind == "application/x-www-form-urlencoded" else LARGEST


def bounded(request: Request, receive: Receive, most: int) -> Receive:
    """Receive a body up to a size: as declared, and as it comes.

    Args:
        request: The request.
        receive: Receives the next piece.
        most: Bytes.

    Returns:
        Receives the next piece, and refuses the one that goes beyond.

    Raises:
        HTTPException: If the declared size goes beyond, or is none.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared[:20]) > most:
        raise _too_large(most)
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise _too_large(most)
        return message

    return counted


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"The body is larger than {most:,} bytes: send it in parts.")
