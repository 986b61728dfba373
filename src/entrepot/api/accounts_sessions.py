"""Sessions: who is signed in, for how long; the database holds their digests only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from entrepot.api.accounts import Account, account_of
from entrepot.api.accounts_tables import ACCOUNTS, SESSIONS
from entrepot.api.database import now, told, utc

# As OWASP's cheat sheet has it for a desk used all day: an hour unused, a working day in all.
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
_NOTED = timedelta(minutes=1)  # how exactly the last use is written down
_REFUSED = "The session breaks a rule of the database ({}). Sign in again."


class Sessions:
    """Sessions in the database.

    Args:
        engine: The database, with its tables made.
        clock: Gives this moment, UTC.
    """

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def start(self, account: Account) -> str:
        """Begin a session, under a name that nobody had before.

        Args:
            account: Whose.

        Returns:
            256 random bits, for the cookie.

        Raises:
            LakeError: If the database refuses.
        """
        made, moment = secrets.token_urlsafe(32), self._clock()
        row = {
            "digest": _digest(made),
            "account_id": account.account_id,
            "created_at": moment,
            "seen_at": moment,
            "ends_at": moment + LONGEST,
        }
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.ends_at <= moment))
            connection.execute(sa.insert(SESSIONS).values(row))
        return made

    def found(self, session: str) -> Account | None:
        """Whose session it is.

        Args:
            session: What the cookie holds.

        Returns:
            The account as it is now; ``None`` where the session ended or never was, or the account
            is closed.

        Raises:
            LakeError: If the database cannot be read.
        """
        this, moment = SESSIONS.c.digest == _digest(session), self._clock()
        both = SESSIONS.join(ACCOUNTS, SESSIONS.c.account_id == ACCOUNTS.c.account_id)
        wanted = sa.select(ACCOUNTS, SESSIONS.c.seen_at, SESSIONS.c.ends_at).select_from(both)
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            row = connection.execute(wanted.where(this)).mappings().first()
        if row is None:
            return None
        unused = moment - utc(row["seen_at"])
        if moment >= utc(row["ends_at"]) or unused >= IDLE or row["disabled_at"] is not None:
            self.end(session)
            return None
        if unused >= _NOTED:
            with told(self._engine, _REFUSED), self._engine.begin() as connection:
                connection.execute(sa.update(SESSIONS).where(this).values(seen_at=moment))
        return account_of(row)

    def end(self, session: str) -> None:
        """End a session.

        Args:
            session: What the cookie holds.

        Raises:
            LakeError: If the database refuses.
        """
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.digest == _digest(session)))

    def end_all(self, account: Account) -> int:
        """End every session of an account.

        Args:
            account: Whose.

        Returns:
            How many there were.

        Raises:
            LakeError: If the database refuses.
        """
        this = SESSIONS.c.account_id == account.account_id
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            return connection.execute(sa.delete(SESSIONS).where(this)).rowcount


def _digest(session: str) -> str:
    # A plain digest is enough: 256 random bits cannot be tried out, as passwords can.
    return hashlib.sha256(session.encode()).hexdigest()
