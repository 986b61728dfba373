"""The environment, read once at the edge into one frozen record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from entrepot.errors import LakeError

DEFAULT_LAKE = Path("lake")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says: where the lake is and how much the engine may take.

    Args:
        lake: Folder of the lake.
        threads: Threads the engine may use; ``None`` leaves the choice to the engine.
        memory_limit: Memory the engine may use, in DuckDB's words (``"1GB"``).
        lock_timeout: Seconds a writer waits for another writer of the same lake.
    """

    lake: Path = DEFAULT_LAKE
    threads: int | None = None
    memory_limit: str | None = None
    lock_timeout: float = 30.0


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read ``ENTREPOT_*`` variables.

    Args:
        environment: Variables to read; the process environment when left out.

    Returns:
        One frozen record.

    Raises:
        LakeError: If a variable that must be a number is none.

    Example:
        >>> read_settings({"ENTREPOT_LAKE": "elsewhere"}).lake.name
        'elsewhere'
    """
    env = os.environ if environment is None else environment
    threads = _number(env, "ENTREPOT_THREADS")
    timeout = _number(env, "ENTREPOT_LOCK_TIMEOUT")
    return Settings(
        lake=Path(env.get("ENTREPOT_LAKE") or DEFAULT_LAKE),
        threads=None if threads is None else int(threads),
        memory_limit=env.get("ENTREPOT_MEMORY") or None,
        lock_timeout=30.0 if timeout is None else timeout,
    )


def _number(env: Mapping[str, str], name: str) -> float | None:
    text = env.get(name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise LakeError(f"{name} is {text!r}, expected a number. Correct or unset it.") from error
