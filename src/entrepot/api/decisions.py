"""The database of decisions: appended to, never rewritten; SQLite by default, Postgres by URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from entrepot.api.database import NUMBER, now, open_engine, told, utc
from entrepot.api.decided import KINDS, PARTICULARS, Decision, Judged, Kind
from entrepot.errors import LakeError

_REFUSED = (
    "The decision was withdrawn already, or breaks a rule of the database ({}). `entrepot decide "
    "show` lists what stands."
)
_METADATA = sa.MetaData()
_ROWS = sa.Table(
    "decisions",
    _METADATA,
    sa.Column("decision_id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Enum(*KINDS, native_enum=False, create_constraint=True), nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("particulars", sa.Text, nullable=False),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("score", sa.Double),
    sa.Column("list_version", sa.Text),
    # Unique: a decision can be withdrawn once, whoever comes second is told.
    sa.Column("withdraws", NUMBER, sa.ForeignKey("decisions.decision_id"), unique=True),
    sa.Index("decisions_entity", "dataset", "entity_id"),
    sqlite_autoincrement=True,
)
_NEVER = "'decisions are appended to, never rewritten'"
# Append-only is the database's own rule, not only this module's. SQLite replaces a row of the same
# number without telling the trigger of deletions, hence the third one.
_LOCKS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions "
        "WHEN EXISTS (SELECT 1 FROM decisions WHERE decision_id = NEW.decision_id "
        "OR withdraws = NEW.withdraws) "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION decisions_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION " + _NEVER + "; END $$",
        "CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION decisions_stay()",
    ),
}
for _dialect, _statements in _LOCKS.items():
    for _statement in _statements:
        _ddl = sa.DDL(_statement)  # type: ignore[no-untyped-call]
        sa.event.listen(_ROWS, "after_create", _ddl.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be written down about a pair.

    Args:
        kind: ``true_match``, ``false_match`` or ``cleared``.
        decided_by: Who decides.
        reason: Why, in words.
        until: Last day a clearance holds; for clearances only.
        score: Score of the hit that was judged, where known.
        list_version: Version of the list that was looked at, where known.
    """

    kind: Kind
    decided_by: str
    reason: str
    until: date | None = None
    score: float | None = None
    list_version: str | None = None


class Decisions:
    """An open database of decisions.

    Args:
        engine: The database, with its table made.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def append(self, judged: Judged, ruling: Ruling) -> Decision:
        """Write down a decision.

        Args:
            judged: The pair it is about.
            ruling: What was decided.

        Returns:
            The decision as it stands in the database.

        Raises:
            LakeError: If something that a decision must say is missing, or the database refuses.
        """
        if ruling.kind == "withdrawn":
            raise LakeError("A decision is withdrawn by its number: use `withdraw`.")
        _check(judged, ruling)
        return self._insert(judged, ruling, None)

    def withdraw(self, decision_id: int, decided_by: str, reason: str) -> Decision:
        """Withdraw a decision by a new row; the old one stays and says what was decided.

        Args:
            decision_id: Its number.
            decided_by: Who withdraws it.
            reason: Why.

        Returns:
            The new row.

        Raises:
            LakeError: If there is no such decision, or it was withdrawn already.
        """
        found = [row for row in self.rows() if row.decision_id == decision_id]
        if not found or found[0].kind == "withdrawn":
            raise LakeError(
                f"decision {decision_id}: there is none to withdraw. `entrepot decide show` lists "
                "those there are."
            )
        ruling = Ruling("withdrawn", decided_by, reason)
        _check(found[0].judged, ruling)
        return self._insert(found[0].judged, ruling, decision_id)

    def rows(self, entity_id: str | None = None) -> tuple[Decision, ...]:
        """All decisions, oldest first, those withdrawn included.

        Args:
            entity_id: Entry they are about; all where left out.

        Raises:
            LakeError: If the database cannot be read.
        """
        wanted = sa.select(_ROWS).order_by(_ROWS.c.decision_id)
        if entity_id is not None:
            wanted = wanted.where(_ROWS.c.entity_id == entity_id)
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            return tuple(_decision(row) for row in connection.execute(wanted).mappings())

    def _insert(self, judged: Judged, ruling: Ruling, withdraws: int | None) -> Decision:
        values = {
            "kind": ruling.kind,
            "party": judged.party,
            "particulars": json.dumps(dict(judged.particulars), ensure_ascii=False),
            "dataset": judged.dataset,
            "entity_id": judged.entity_id,
            "decided_by": ruling.decided_by.strip(),
            "decided_at": now(),
            "reason": ruling.reason.strip(),
            "until": ruling.until,
            "score": ruling.score,
            "list_version": ruling.list_version,
            "withdraws": withdraws,
        }
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            made = connection.execute(sa.insert(_ROWS).values(values).returning(_ROWS)).mappings()
            return _decision(made.one())


@contextmanager
def open_decisions(lake: Path, url: str | None = None) -> Iterator[Decisions]:
    """Open the database of decisions, and make its table where there is none.

    Args:
        lake: Folder of the lake, which holds the file of the default database.
        url: Address of another database, e.g. ``postgresql+psycopg://host/name``.

    Yields:
        The database.

    Raises:
        LakeError: If it cannot be opened.
    """
    engine = open_engine(lake, url)
    try:
        with told(engine, _REFUSED), engine.begin() as connection:
            _METADATA.create_all(connection)
        yield Decisions(engine)
    finally:
        engine.dispose()


def _check(judged: Judged, ruling: Ruling) -> None:
    for name, text in (
        ("who decided", ruling.decided_by),
        ("the reason", ruling.reason),
        ("the party", judged.party),
        ("the list", judged.dataset),
        ("the entry", judged.entity_id),
    ):
        if not text.strip():
            raise LakeError(f"A decision says {name}: it is empty, expected words.")
    unknown = sorted(set(judged.particulars) - set(PARTICULARS))
    if unknown:
        raise LakeError(f"Unknown particulars {unknown}, expected some of {list(PARTICULARS)}.")
    if (ruling.kind == "cleared") != (ruling.until is not None):
        raise LakeError(
            f"A decision {ruling.kind!r} has until={ruling.until}, expected a last day where a "
            "party is cleared and none otherwise."
        )


def _decision(row: Any) -> Decision:
    return Decision(
        decision_id=row["decision_id"],
        kind=row["kind"],
        judged=Judged(
            row["party"], json.loads(row["particulars"]), row["dataset"], row["entity_id"]
        ),
        decided_by=row["decided_by"],
        decided_at=utc(row["decided_at"]),
        reason=row["reason"],
        until=row["until"],
        score=row["score"],
        list_version=row["list_version"],
        withdraws=row["withdraws"],
    )
