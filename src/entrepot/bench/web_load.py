"""Many readers at once, each going from page to page."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import numpy as np

from entrepot.bench.web import Served, Timed, timed

_HEADERS = {"accept": "text/html", "accept-encoding": "gzip"}
_PATIENCE = 30.0  # seconds after which a reader gives up


@dataclass(frozen=True, slots=True)
class Crowd:
    """How readers read.

    Args:
        readers: Readers at once.
        seconds: How long they go on.
        pause: Seconds a reader looks at a page before the next.
        seed: Seed of who reads what.
    """

    readers: int = 50
    seconds: float = 60.0
    pause: float = 1.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class LoadTrial:
    """What a crowd met with.

    Args:
        crowd: How they read.
        took: How long answers took.
        errors: Answers of 400 and above, and connections that failed, by name.
        pages_per_second: Answers a second, all readers together.
        peak_mb: Resident memory of the server at its peak, MB; ``None`` where it is not known.
    """

    crowd: Crowd
    took: Timed
    errors: dict[str, int]
    pages_per_second: float
    peak_mb: float | None


@dataclass(slots=True)
class _Seen:
    milliseconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


def read_at_once(served: Served, addresses: Sequence[str], crowd: Crowd) -> LoadTrial:
    """Let a crowd read.

    Args:
        served: The desk.
        addresses: Pages; each reader takes one after the other by chance.
        crowd: How they read.

    Returns:
        What they met with.
    """
    seen = _Seen()
    begun = time.monotonic()
    asyncio.run(_all_read(served.address, addresses, crowd, seen))
    passed = time.monotonic() - begun
    return LoadTrial(
        crowd,
        timed(seen.milliseconds or [0.0]),
        dict(seen.errors),
        len(seen.milliseconds) / passed,
        served.peak_mb(),
    )


async def _all_read(base: str, addresses: Sequence[str], crowd: Crowd, seen: _Seen) -> None:
    limits = httpx.Limits(max_connections=crowd.readers, max_keepalive_connections=crowd.readers)
    until = time.monotonic() + crowd.seconds
    async with httpx.AsyncClient(
        base_url=base, headers=_HEADERS, timeout=_PATIENCE, limits=limits
    ) as client:
        drawn = np.random.default_rng(crowd.seed).spawn(crowd.readers)
        await asyncio.gather(
            *(_read(client, addresses, (one, crowd, until), seen) for one in drawn)
        )


async def _read(
    client: httpx.AsyncClient,
    addresses: Sequence[str],
    how: tuple[np.random.Generator, Crowd, float],
    seen: _Seen,
) -> None:
    drawn, crowd, until = how
    await asyncio.sleep(float(drawn.uniform(0, crowd.pause)))  # nobody opens the door in step
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            answer = await client.get(addresses[int(drawn.integers(len(addresses)))])
        except httpx.TransportError as error:
            seen.errors[type(error).__name__] += 1
        else:
            seen.milliseconds.append((time.perf_counter() - begun) * 1000)
            if answer.is_error:
                seen.errors[f"status {answer.status_code}"] += 1
        await asyncio.sleep(crowd.pause)
