"""The environment, read once at the edge into one frozen record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from entrepot.errors import LakeError, SourceError

DEFAULT_LAKE = Path("lake")
DUCKDB = "duckdb"
_URL = "ENTREPOT_URL_"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server lets others do.

    Args:
        jobs: Long jobs that run at once.
        hours: Longest time of a job, in hours.
        gigabytes: Most memory of a job, in GB.
        upload_megabytes: Largest upload, in MB.
        keep_days: Days after which uploads and their results are removed.
    """

    jobs: int = 1
    hours: float = 6.0
    gigabytes: float = 6.0
    upload_megabytes: float = 200.0
    keep_days: int = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says: where the lake is and how much the engine may take.

    Args:
        lake: Folder of the lake.
        threads: Threads the engine may use; ``None`` leaves the choice to the engine.
        memory_limit: Memory the engine may use, in DuckDB's words (``"1GB"``).
        lock_timeout: Seconds a writer waits for another writer of the same lake.
        base_urls: Addresses to ask in place of the publishers' own, by short name of the publisher.
        decisions: Address of the database of decisions; a file of the lake where open.
        token: What callers of the server must present; nobody beyond this machine where open.
        limits: How much the server lets others do.
        engine: ``duckdb``, or the address of a Spark cluster.
        cluster_lake: Where the cluster sees the lake; at the same path where open.
    """

    lake: Path = DEFAULT_LAKE
    threads: int | None = None
    memory_limit: str | None = None
    lock_timeout: float = 30.0
    base_urls: Mapping[str, str] = field(default_factory=dict)
    # Both may hold a secret, which belongs in no message.
    decisions: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)
    engine: str = field(default=DUCKDB, repr=False)  # may hold a token
    cluster_lake: str | None = None


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
        base_urls={
            name.removeprefix(_URL).lower(): value
            for name, value in env.items()
            if name.startswith(_URL) and value
        },
        decisions=env.get("ENTREPOT_DECISIONS") or None,
        token=(env.get("ENTREPOT_TOKEN") or "").strip() or None,
        limits=_limits(env),
        engine=env.get("ENTREPOT_ENGINE") or DUCKDB,
        cluster_lake=env.get("ENTREPOT_CLUSTER_LAKE") or None,
    )


def read_key(variable: str, environment: Mapping[str, str] | None = None) -> str:
    """Read a key to a publisher's interface, which belongs in no command, address or file.

    Args:
        variable: Name of the variable that holds it.
        environment: Variables to read; the process environment when left out.

    Returns:
        The key.

    Raises:
        SourceError: If the variable is not set.

    Example:
        >>> read_key("COMTRADE_KEY", {"COMTRADE_KEY": " abc "})
        'abc'
    """
    key = (os.environ if environment is None else environment).get(variable, "").strip()
    if not key:
        raise SourceError(
            f"{variable} is not set, expected a key. Put the key into this variable, or leave out "
            "--key-env to ask without one."
        )
    return key


def _limits(env: Mapping[str, str]) -> Limits:
    names = {
        "jobs": "ENTREPOT_JOBS",
        "hours": "ENTREPOT_JOB_HOURS",
        "gigabytes": "ENTREPOT_JOB_GIGABYTES",
        "upload_megabytes": "ENTREPOT_UPLOAD_MEGABYTES",
        "keep_days": "ENTREPOT_KEEP_DAYS",
    }
    said = {key: _number(env, name) for key, name in names.items()}
    for key, value in said.items():
        if value is not None and not 0 < value < float("inf"):
            raise LakeError(
                f"{names[key]} is {env[names[key]]!r}, expected a number above 0. Correct or unset "
                "it."
            )
    whole = ("jobs", "keep_days")
    given = {key: value for key, value in said.items() if value is not None}
    made = {key: max(1, int(value)) if key in whole else value for key, value in given.items()}
    return replace(Limits(), **made)  # type: ignore[arg-type]


def _number(env: Mapping[str, str], name: str) -> float | None:
    text = env.get(name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise LakeError(f"{name} is {text!r}, expected a number. Correct or unset it.") from error
