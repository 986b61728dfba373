"""How long to wait: between calls, after a refusal that passes, and when to give up.

Waiting and repeating is tenacity's work; here is what a publisher means by its answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import tenacity

from entrepot.errors import SourceError

ATTEMPTS = 6
LONGEST_WAIT = 60.0  # seconds between two attempts, where the publisher names no time
PATIENCE = 300.0  # seconds of waiting in all for one answer

PASSING = frozenset({429, 500, 502, 503, 504})
Sleep = Callable[[float], None]
OnWait = Callable[[str, float], None]


class NotNow(Exception):
    """An answer that may be another one later.

    Args:
        reason: What was answered.
        after: Seconds after which the publisher wants to be asked again; open where not said.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


PASSES = (NotNow, httpx.TransportError, httpx.DecodingError)
_BACK_OFF = tenacity.wait_random_exponential(multiplier=1, max=LONGEST_WAIT)


def retrying(patience: float, sleep: Sleep, on_wait: OnWait) -> tenacity.Retrying:
    """Repeat what fails in a way that passes, ever more slowly, and not without end.

    Args:
        patience: Seconds of waiting in all.
        sleep: Waits.
        on_wait: Told the reason and the seconds before each wait.

    Returns:
        The policy; it raises the last error when it gives up.
    """

    def is_enough(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= ATTEMPTS or state.idle_for + state.upcoming_sleep > patience

    def tell(state: tenacity.RetryCallState) -> None:
        on_wait(_reason(state), state.upcoming_sleep)

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(PASSES),
        wait=_wait,
        stop=is_enough,
        sleep=sleep,
        before_sleep=tell,
        reraise=True,
    )


def _wait(state: tenacity.RetryCallState) -> float:
    error = None if state.outcome is None else state.outcome.exception()
    if isinstance(error, NotNow) and error.after is not None:
        return error.after
    return float(_BACK_OFF(state))


def _reason(state: tenacity.RetryCallState) -> str:
    error = None if state.outcome is None else state.outcome.exception()
    return reason_of(error)


def reason_of(error: BaseException | None) -> str:
    """Say in a few words what went wrong.

    Args:
        error: The error; some of the network's have no words of their own.
    """
    return str(error) or type(error).__name__


def retry_after(headers: httpx.Headers) -> float | None:
    """Read ``Retry-After``.

    Args:
        headers: Headers of an answer.

    Returns:
        Seconds to wait, zero or more; ``None`` where the publisher does not say, or not in a form
        that HTTP knows (RFC 9110, 10.2.3).

    Example:
        >>> retry_after(httpx.Headers({"Retry-After": "7"}))
        7.0
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class Pace:
    """Keeps calls apart and counts them.

    Args:
        per_second: Calls a second at most; open where the publisher names none.
        per_day: Calls a day at most; open where the publisher names none.
        made_today: Calls made today before.
        sleep: Waits.
        clock: Seconds, running.
    """

    def __init__(
        self,
        per_second: float | None = None,
        per_day: int | None = None,
        *,
        made_today: int = 0,
        sleep: Sleep = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gap = 0.0 if per_second is None else 1 / per_second
        self._per_day = per_day
        self._made = made_today
        self._sleep, self._clock = sleep, clock
        self._last: float | None = None

    def take(self) -> None:
        """Wait for the turn of the next call.

        Raises:
            SourceError: If the calls of the day are used up.
        """
        if self._per_day is not None and self._made >= self._per_day:
            raise SourceError(
                f"{self._made:,} calls were made today, expected {self._per_day:,} at most. Start "
                "the command again tomorrow: it goes on with what is missing. Those with a larger "
                "quota say so with --calls-per-day."
            )
        early = 0.0 if self._last is None else self._last + self._gap - self._clock()
        if early > 0:
            self._sleep(early)
        self._last = self._clock()
        self._made += 1
