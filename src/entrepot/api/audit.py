"""The log of what people did: appended to, never rewritten, by a rule of the database itself.

It holds who, what, when and the number or digest of what it was about. Names of uploaded files and
of customers are not written here: a log is kept for years and read by people who may not see them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from entrepot.api.database import NUMBER, now, told, utc
from entrepot.errors import LakeError

What = Literal[
    "login",
    "login_failed",
    "logout",
    "account_added",
    "account_disabled",
    "account_enabled",
    "role_changed",
    "password_changed",
    "decision",
    "job_started",
    "job_cancelled",
    "download",
    "upload",
    "upload_removed",
]
WHAT: tuple[What, ...] = get_args(What)
# Numbers, digests and the names of accounts, never the words of a file: no blank, no long text.
_ABOUT = re.compile(r"[\w.@+:=/>-]{0,100}", re.ASCII)
_REFUSED = "The log of access breaks a rule of the database ({}). Nothing was written."
METADATA = sa.MetaData()
_ROWS = sa.Table(
    "audit",
    METADATA,
    sa.Column("entry_id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Enum(*WHAT, native_enum=False, create_constraint=True), nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
_NEVER = "'the log is appended to, never rewritten'"
# SQLite replaces a row of the same number without telling the trigger of deletions: the third one.
_LOCKS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE entry_id = NEW.entry_id) "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION " + _NEVER + "; END $$",
        "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()",
    ),
}
for _dialect, _statements in _LOCKS.items():
    for _statement in _statements:
        _ddl = sa.DDL(_statement)  # type: ignore[no-untyped-call]
        sa.event.listen(_ROWS, "after_create", _ddl.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of ``audit``.

    Args:
        entry_id: Its number; 0 while it is not written.
        at: When, UTC.
        who: Name of the account; ``local`` and ``program`` have none.
        what: What was done.
        about: What it was done to: a number, a digest, an account.
        address: Network address they came from; empty on the command line.
    """

    entry_id: int
    at: datetime
    who: str
    what: What
    about: str = ""
    address: str = ""


class Audit:
    """The log.

    Args:
        engine: The database, with its table made.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def append(self, who: str, what: What, about: str = "", address: str = "") -> Entry:
        """Write down what was done.

        Args:
            who: Name of the account.
            what: What was done.
            about: What it was done to: a number, a digest or the name of an account.
            address: Network address they came from.

        Returns:
            The row.

        Raises:
            LakeError: If ``about`` holds words, or the database refuses.
        """
        if not _ABOUT.fullmatch(about):
            raise LakeError(
                "What a row of the log is about is no number, digest or account. Words of files "
                "and names of customers do not belong in it."
            )
        row = {"at": now(), "who": who, "what": what, "about": about, "address": address}
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            made = connection.execute(sa.insert(_ROWS).values(row).returning(_ROWS)).mappings()
            return _entry(made.one())

    def rows(self, most: int | None = None, before: int | None = None) -> tuple[Entry, ...]:
        """Rows of the log, newest first.

        Args:
            most: How many; all where left out.
            before: Only rows with a lower number.

        Raises:
            LakeError: If the database cannot be read.
        """
        wanted = sa.select(_ROWS).order_by(_ROWS.c.entry_id.desc()).limit(most)
        if before is not None:
            wanted = wanted.where(_ROWS.c.entry_id < before)
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            return tuple(map(_entry, connection.execute(wanted).mappings()))


def _entry(row: Any) -> Entry:
    return Entry(
        row["entry_id"], utc(row["at"]), row["who"], row["what"], row["about"], row["address"]
    )
