"""The book of long jobs: what was asked for and what became of it, appended to, never rewritten.

A job is work that outlasts a request. It runs in a process of its own on this machine, so its book
is a file beside the lake: a process id means nothing elsewhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from entrepot.api.database import now, utc
from entrepot.errors import LakeError

FILE = "jobs.sqlite"
FOLDER = "jobs"
State = Literal["queued", "running", "cancelling", "done", "failed", "cancelled", "lost"]
ENDS: tuple[State, ...] = ("done", "failed", "cancelled", "lost")
_METADATA = sa.MetaData()
_JOBS = sa.Table(
    "jobs",
    _METADATA,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("upload_id", sa.Text),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
)
_STATES = sa.Table(
    "job_states",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.job_id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    # Unique beside open ones: a job ends once, whoever comes second is told.
    sa.Column("is_end", sa.Integer),
    # Two servers may look after one lake: only one of them takes a job.
    sa.UniqueConstraint("job_id", "state"),
    sa.UniqueConstraint("job_id", "is_end"),
    sqlite_autoincrement=True,
)
_NEVER = "'jobs are appended to, never rewritten'"
for _table in (_JOBS, _STATES):
    for _verb in ("UPDATE", "DELETE"):
        _ddl = sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER {_table.name}_no_{_verb.lower()} BEFORE {_verb} ON {_table.name} "
            "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END"
        )
        sa.event.listen(_table, "after_create", _ddl)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Args:
        kind: ``screen``, ``ingest``, ``read`` or ``detect``.
        title: What it is, in words for people.
        arguments: What follows ``entrepot``; made by the server, never by a shell.
        asked_by: Who asks.
        upload_id: The upload it is about, where there is one.
    """

    kind: str
    title: str
    arguments: tuple[str, ...]
    asked_by: str
    upload_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One state a job came into.

    Args:
        state: The state.
        said_at: When, UTC.
        said_by: Who brought it about; ``server`` where nobody did.
        detail: One sentence; empty where nothing is to be said.
    """

    state: State
    said_at: datetime
    said_by: str
    detail: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job and all that became of it.

    Args:
        job_id: Its id.
        wanted: What was asked for.
        asked_at: When, UTC.
        changes: Its states, oldest first.
    """

    job_id: str
    wanted: Wanted
    asked_at: datetime
    changes: tuple[Change, ...]

    @property
    def last(self) -> Change:
        """The state it is in."""
        return self.changes[-1]

    @property
    def state(self) -> State:
        """The name of the state it is in."""
        return self.last.state

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in ENDS


class JobBook:
    """An open book of jobs.

    Args:
        engine: Its database, with the tables made.
        lake: Folder of the lake.
    """

    def __init__(self, engine: sa.Engine, lake: Path) -> None:
        self._engine = engine
        self.lake = lake

    def folder(self, job_id: str) -> Path:
        """Where the files of a job are.

        Args:
            job_id: The job.
        """
        return self.lake / FOLDER / job_id

    def add(self, wanted: Wanted) -> Job:
        """Put a job into the queue.

        Args:
            wanted: What is asked for.

        Returns:
            The job.
        """
        job_id = secrets.token_hex(8)
        values = {
            "job_id": job_id,
            "kind": wanted.kind,
            "title": wanted.title,
            "arguments": json.dumps(wanted.arguments),
            "upload_id": wanted.upload_id,
            "asked_by": wanted.asked_by,
            "asked_at": now(),
        }
        with _told(), self._engine.begin() as connection:
            connection.execute(sa.insert(_JOBS).values(values))
            connection.execute(_change(job_id, "queued", wanted.asked_by, ""))
        return self.job(job_id)

    def say(self, job_id: str, state: State, said_by: str, detail: str = "") -> bool:
        """Write down that a job came into a state.

        Args:
            job_id: The job.
            state: The state.
            said_by: Who brought it about.
            detail: One sentence.

        Returns:
            Whether it did; not where it was in that state or had ended already.
        """
        with _told():
            try:
                with self._engine.begin() as connection:
                    ended = sa.select(_STATES.c.number).where(
                        _STATES.c.job_id == job_id, _STATES.c.is_end == 1
                    )
                    if connection.execute(ended).first() is not None:
                        return False
                    connection.execute(_change(job_id, state, said_by, detail))
            except IntegrityError:
                return False
        return True

    def job(self, job_id: str) -> Job:
        """One job.

        Args:
            job_id: Its id.

        Raises:
            LakeError: If there is no such job.
        """
        found = self._read(_JOBS.c.job_id == job_id)
        if not found:
            raise LakeError(f"There is no job {job_id!r}. /jobs lists those there are.")
        return found[0]

    def jobs(self) -> tuple[Job, ...]:
        """All jobs, in the order in which they were asked for."""
        return self._read(sa.true())

    def open_jobs(self) -> tuple[Job, ...]:
        """Jobs that have not ended, in the order in which they were asked for."""
        ended = sa.select(_STATES.c.job_id).where(_STATES.c.is_end == 1)
        return self._read(_JOBS.c.job_id.not_in(ended))

    def of_upload(self, upload_id: str) -> tuple[Job, ...]:
        """Jobs about an upload, oldest first.

        Args:
            upload_id: The upload.
        """
        return self._read(_JOBS.c.upload_id == upload_id)

    def _read(self, wanted: sa.ColumnElement[bool]) -> tuple[Job, ...]:
        rows = sa.select(_JOBS, _STATES).join(_STATES).where(wanted).order_by(_STATES.c.number)
        with _told(), self._engine.connect() as connection:
            held: dict[str, list[Any]] = {}
            for row in connection.execute(rows):
                held.setdefault(row.job_id, []).append(row)
        return tuple(_job(rows) for rows in held.values())


@contextmanager
def open_jobs(lake: Path) -> Iterator[JobBook]:
    """Open the book of jobs of a lake, and make it where there is none.

    Args:
        lake: Folder of the lake.

    Yields:
        The book.

    Raises:
        LakeError: If it cannot be opened.
    """
    lake.mkdir(parents=True, exist_ok=True)
    address = sa.URL.create("sqlite", database=str(lake / FILE))
    engine = sa.create_engine(address, connect_args={"timeout": 30})
    try:
        with _told(), engine.begin() as connection:
            _METADATA.create_all(connection)
        yield JobBook(engine, lake)
    finally:
        engine.dispose()


def _change(job_id: str, state: State, said_by: str, detail: str) -> sa.Insert:
    is_end = 1 if state in ENDS else None
    return sa.insert(_STATES).values(
        job_id=job_id, state=state, said_at=now(), said_by=said_by, detail=detail, is_end=is_end
    )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise LakeError(_silent(error)) from error


def _silent(error: DBAPIError) -> str:
    return f"The book of jobs ({FILE}) does not answer: {error.orig}. Check its folder and disk."


def _job(rows: list[Any]) -> Job:
    first = rows[0]
    wanted = Wanted(
        first.kind, first.title, tuple(json.loads(first.arguments)), first.asked_by, first.upload_id
    )
    changes = tuple(
        Change(_state(row.state), utc(row.said_at), row.said_by, row.detail) for row in rows
    )
    return Job(first.job_id, wanted, utc(first.asked_at), changes)


def _state(text: str) -> State:
    return next(one for one in get_args(State) if one == text)
