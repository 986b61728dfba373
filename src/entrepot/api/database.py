"""The database beside the lake that people write to: SQLite by default, Postgres by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from entrepot.errors import LakeError

FILE = "decisions.sqlite"
BACKENDS = ("postgresql", "sqlite")
# SQLite counts up only with this type; Postgres takes the wide one.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def open_engine(lake: Path, url: str | None) -> sa.Engine:
    """Open the database.

    Args:
        lake: Folder of the lake, which holds the file of the default database.
        url: Address of another database, e.g. ``postgresql+psycopg://host/name``.

    Returns:
        The database; nothing was asked of it yet.

    Raises:
        LakeError: If the address is none, or its driver is not installed.
    """
    if url is None:
        lake.mkdir(parents=True, exist_ok=True)
        address: sa.URL = sa.URL.create("sqlite", database=str(lake / FILE))
    else:
        try:
            address = sa.make_url(url)
        except ArgumentError:  # the message would repeat the address, and a password in it
            raise LakeError(
                "The address of the decisions database is none, expected such as "
                "postgresql+psycopg://host/name. Correct ENTREPOT_DECISIONS."
            ) from None
    if address.get_backend_name() not in BACKENDS:
        raise LakeError(
            f"The decisions database is {address.get_backend_name()!r}, expected one of "
            f"{sorted(BACKENDS)}."
        )
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(address, pool_pre_ping=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LakeError(
            f"The decisions database needs a driver that is not installed ({error}). Install "
            "entrepot[postgres]."
        ) from error


@contextmanager
def told(engine: sa.Engine, refused: str) -> Iterator[None]:
    """Turn errors of the database into ours, without its address.

    Args:
        engine: The database.
        refused: What it means, and what to do, where a rule of the database was broken; ``{}``
            stands for the rule.

    Raises:
        LakeError: If the database refuses or does not answer.
    """
    try:
        yield
    except IntegrityError as error:
        raise LakeError(refused.format(_first_line(error))) from error
    except DBAPIError as error:
        raise LakeError(
            f"The decisions database ({engine.dialect.name}) does not answer: "
            f"{_first_line(error)}. Check ENTREPOT_DECISIONS and that it is running."
        ) from error


def utc(moment: datetime) -> datetime:
    """A moment of the database in UTC: SQLite forgets the zone.

    Args:
        moment: The moment.

    Example:
        >>> utc(datetime(2026, 3, 1, 12)).isoformat()
        '2026-03-01T12:00:00+00:00'
    """
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def now() -> datetime:
    """This moment, UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")
