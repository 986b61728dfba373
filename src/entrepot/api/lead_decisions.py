"""What analysts decided about leads: appended to, never rewritten, beside decisions about hits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import sqlalchemy as sa

from entrepot.api.database import FILE, NUMBER, now, open_engine, told, utc
from entrepot.corridor import Corridor
from entrepot.errors import LakeError

Verdict = Literal["true_lead", "false_lead", "needs_work"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WITHDRAWN = "withdrawn"
WORDS = {
    "true_lead": "True lead, worth pursuing",
    "false_lead": "False lead, explained otherwise",
    "needs_work": "Needs work before anything can be said",
    WITHDRAWN: "Withdrawn",
}
LONGEST = 2_000  # letters of a reason
_REFUSED = (
    "The decision was withdrawn already, or breaks a rule of the database ({}). Load the lead "
    "again: its history lists what stands."
)
_METADATA = sa.MetaData()
_KIND = sa.Enum(*VERDICTS, WITHDRAWN, native_enum=False, create_constraint=True)
_ROWS = sa.Table(
    "lead_decisions",
    _METADATA,
    sa.Column("decision_id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("kind", _KIND, nullable=False),
    sa.Column("lead", sa.Text, nullable=False, index=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    # Unique: a decision can be withdrawn once, whoever comes second is told.
    sa.Column("withdraws", NUMBER, sa.ForeignKey("lead_decisions.decision_id"), unique=True),
    sqlite_autoincrement=True,
)
_NEVER = "'decisions are appended to, never rewritten'"
# SQLite replaces a row of the same number without telling the trigger of deletions: the third one.
_LOCKS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER lead_decisions_no_update BEFORE UPDATE ON lead_decisions "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER lead_decisions_no_delete BEFORE DELETE ON lead_decisions "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
        "CREATE TRIGGER lead_decisions_no_replace BEFORE INSERT ON lead_decisions "
        "WHEN EXISTS (SELECT 1 FROM lead_decisions WHERE decision_id = NEW.decision_id "
        "OR withdraws = NEW.withdraws) "
        "BEGIN SELECT RAISE(ABORT, " + _NEVER + "); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION lead_decisions_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION " + _NEVER + "; END $$",
        "CREATE TRIGGER lead_decisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "lead_decisions FOR EACH STATEMENT EXECUTE FUNCTION lead_decisions_stay()",
    ),
}
for _dialect, _statements in _LOCKS.items():
    for _statement in _statements:
        _ddl = sa.DDL(_statement)  # type: ignore[no-untyped-call]
        sa.event.listen(_ROWS, "after_create", _ddl.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True)
class LeadDecision:
    """A row of ``lead_decisions``: who decided what about a lead, when and why.

    Args:
        decision_id: Its number.
        kind: One of :data:`VERDICTS`, or ``withdrawn``.
        lead: The lead, as ``EU-KG-RU-870324``.
        run_id: The run whose numbers were looked at.
        decided_by: Who decided.
        decided_at: When, UTC.
        reason: Why, in words.
        withdraws: Number of the decision that this row withdraws.
    """

    decision_id: int
    kind: str
    lead: str
    run_id: str
    decided_by: str
    decided_at: datetime
    reason: str
    withdraws: int | None = None

    @property
    def words(self) -> str:
        """What was decided, in words."""
        if self.withdraws is not None:
            return f"Decision {self.withdraws} withdrawn"
        return WORDS[self.kind]


def standing(rows: tuple[LeadDecision, ...]) -> LeadDecision | None:
    """The decision that stands: the newest that nobody withdrew, if none came after it.

    Where the newest was withdrawn nothing stands, not even what had been decided before it.

    Args:
        rows: Decisions about one lead, oldest first.

    Returns:
        The decision; nothing where the lead is open.
    """
    made = [row for row in rows if row.withdraws is None]
    withdrawn = {row.withdraws for row in rows}
    newest = made[-1] if made else None
    return None if newest is None or newest.decision_id in withdrawn else newest


class LeadDecisions:
    """An open database of decisions about leads.

    Args:
        engine: The database, with its table made.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def append(
        self, lead: Corridor, run_id: str, verdict: Verdict, by: tuple[str, str]
    ) -> LeadDecision:
        """Write down a decision.

        Args:
            lead: The lead.
            run_id: The run whose numbers were looked at.
            verdict: What was decided.
            by: Who decides, and why.

        Returns:
            The decision as it stands in the database.

        Raises:
            LakeError: If something that a decision must say is missing, or the database refuses.
        """
        if verdict not in VERDICTS:
            raise LakeError(f"A decision is {verdict!r}, expected one of {list(VERDICTS)}.")
        return self._insert({"kind": verdict, "lead": str(lead), "run_id": run_id}, by)

    def withdraw(self, lead: Corridor, decision_id: int, by: tuple[str, str]) -> LeadDecision:
        """Withdraw a decision by a new row; the old one stays and says what was decided.

        Args:
            lead: The lead.
            decision_id: Its number.
            by: Who withdraws it, and why.

        Returns:
            The new row.

        Raises:
            LakeError: If there is no such decision about the lead, or it was withdrawn already.
        """
        rows = self.about(lead)
        found = next((row for row in rows if row.decision_id == decision_id), None)
        if found is None or found.withdraws is not None:
            raise LakeError(f"Decision {decision_id} about {lead}: there is none to withdraw.")
        values = {"kind": WITHDRAWN, "lead": str(lead), "run_id": found.run_id}
        return self._insert({**values, "withdraws": decision_id}, by)

    def about(self, lead: Corridor) -> tuple[LeadDecision, ...]:
        """All decisions about a lead, oldest first, those withdrawn included.

        Args:
            lead: The lead.

        Raises:
            LakeError: If the database cannot be read.
        """
        wanted = sa.select(_ROWS).where(_ROWS.c.lead == str(lead)).order_by(_ROWS.c.decision_id)
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            return tuple(_decision(row) for row in connection.execute(wanted).mappings())

    def _insert(self, what: dict[str, Any], by: tuple[str, str]) -> LeadDecision:
        who, why = (text.strip() for text in by)
        for name, text in (("who decided", who), ("the reason", why)):
            if not text:
                raise LakeError(f"A decision says {name}: it is empty, expected words.")
        if len(why) > LONGEST:
            raise LakeError(f"The reason has {len(why):,} letters, expected at most {LONGEST:,}.")
        values = {**what, "decided_by": who, "decided_at": now(), "reason": why}
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            made = connection.execute(sa.insert(_ROWS).values(values).returning(_ROWS)).mappings()
            return _decision(made.one())


@contextmanager
def open_lead_decisions(lake: Path, url: str | None = None) -> Iterator[LeadDecisions]:
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
        yield LeadDecisions(engine)
    finally:
        engine.dispose()


def decisions_about(lake: Path, url: str | None, lead: Corridor) -> tuple[LeadDecision, ...]:
    """All decisions about a lead, without making a database where there is none.

    Args:
        lake: Folder of the lake.
        url: Address of another database.
        lead: The lead.

    Returns:
        Oldest first; none where nobody decided anything yet.

    Raises:
        LakeError: If the database cannot be read.
    """
    if url is None and not (lake / FILE).is_file():
        return ()
    with open_lead_decisions(lake, url) as decisions:
        return decisions.about(lead)


def _decision(row: Any) -> LeadDecision:
    names = ("decision_id", "kind", "lead", "run_id", "decided_by", "reason", "withdraws")
    return LeadDecision(**{name: row[name] for name in names}, decided_at=utc(row["decided_at"]))
