"""Opening what decides who may do what, and remembers what they did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from entrepot.api import accounts_tables, audit
from entrepot.api.accounts import Accounts
from entrepot.api.accounts_sessions import Sessions
from entrepot.api.audit import Audit
from entrepot.api.database import open_engine, told

_REFUSED = "The tables of accounts cannot be made: a rule of the database refuses ({})."


@dataclass(frozen=True, slots=True)
class Access:
    """Accounts, their sessions, and the log.

    Args:
        accounts: The accounts.
        sessions: Who is signed in.
        audit: What was done.
    """

    accounts: Accounts
    sessions: Sessions
    audit: Audit


@contextmanager
def open_access(lake: Path, url: str | None = None) -> Iterator[Access]:
    """Open accounts, sessions and log in the database of decisions.

    Tables that an older database lacks are made; those that are there stay as they are.

    Args:
        lake: Folder of the lake, which holds the file of the default database.
        url: Address of another database, e.g. ``postgresql+psycopg://host/name``.

    Yields:
        All three.

    Raises:
        LakeError: If the database cannot be opened.
    """
    engine = open_engine(lake, url)
    try:
        with told(engine, _REFUSED), engine.begin() as connection:
            accounts_tables.METADATA.create_all(connection)
            audit.METADATA.create_all(connection)
        yield Access(Accounts(engine), Sessions(engine), Audit(engine))
    finally:
        engine.dispose()
