"""Sign-ins that another service is asked about, until the browser comes back from there."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KEPT = 600.0  # seconds: long enough for a second factor
_MOST = 1_000  # of which the oldest goes first


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that was begun.

    Args:
        after: Where to go once signed in.
        begun: When, in seconds of the clock.
        state: State, nonce and verifier of the code, as the library keeps them.
    """

    after: str
    begun: float
    state: dict[str, Any] = field(repr=False)


class Pending:
    """Sign-ins under way, each for the one browser that holds its cookie.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def keep(self, after: str, state: dict[str, Any]) -> str:
        """Keep a sign-in that was begun.

        Args:
            after: Where to go once signed in.
            state: What the library must have back.

        Returns:
            256 random bits, for the cookie.
        """
        made = secrets.token_urlsafe(32)
        self._asked[made] = Asked(after, self._clock(), state)
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)
        return made

    def take(self, cookie: str) -> Asked | None:
        """A sign-in that was begun, once.

        Args:
            cookie: What the browser sends.

        Returns:
            The sign-in; ``None`` where there is none, or it took too long.
        """
        found = self._asked.pop(cookie, None)
        if found is None or self._clock() - found.begun > KEPT:
            return None
        return found
