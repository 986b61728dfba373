"""Accounts: who may use a server that others can reach, and what they may do there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from entrepot.api.accounts_passwords import hashed, matches, renewed
from entrepot.api.accounts_tables import ACCOUNTS, ROLES, SESSIONS, Role
from entrepot.api.database import now, told, utc
from entrepot.errors import LakeError

_NAME = re.compile(r"[\w.@+-]{1,100}")
_TAKEN = ("local", "program")  # callers without an account
_REFUSED = "An account of this name, or for this person, is there already ({})."


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without its password.

    Args:
        account_id: Its number.
        name: Its name, in small letters.
        role: What it may do.
        created_at: When it was made, UTC.
        disabled_at: When it was closed, UTC; open where it may be used.
        issuer: Service that knows the person; open where a password does.
    """

    account_id: int
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as another service knows them.

    Args:
        issuer: The service.
        subject: Its own name of the person, which never changes.
        name: What to call them.
    """

    issuer: str
    subject: str
    name: str


class Accounts:
    """Accounts in the database.

    Args:
        engine: The database, with its tables made.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, name: str, role: Role, password: str) -> Account:
        """Make an account.

        Args:
            name: Its name.
            role: What it may do.
            password: Its password.

        Returns:
            The account.

        Raises:
            LakeError: If the name is taken or none, or the password can be guessed.
        """
        known = plain_name(name)
        return self._insert(
            name=known, role=_role(role), password_hash=hashed(known, password), created_at=now()
        )

    def rows(self) -> tuple[Account, ...]:
        """All accounts, those that were closed included."""
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            wanted = sa.select(ACCOUNTS).order_by(ACCOUNTS.c.name)
            return tuple(map(account_of, connection.execute(wanted).mappings()))

    def named(self, name: str) -> Account:
        """One account.

        Args:
            name: Its name.

        Returns:
            The account.
        """
        return account_of(self._row(name))

    def change(self, name: str, *, role: Role) -> Account:
        """Change what an account may do; its sessions end.

        Args:
            name: Its name.
            role: What it may do from now on.

        Returns:
            The account.
        """
        return self._update(self._row(name), role=_role(role))

    def disable(self, name: str) -> Account:
        """Close an account; its sessions end, and nothing it did is deleted.

        Args:
            name: Its name.

        Returns:
            The account.
        """
        return self._update(self._row(name), disabled_at=now())

    def enable(self, name: str) -> Account:
        """Open an account again.

        Args:
            name: Its name.

        Returns:
            The account.
        """
        return self._update(self._row(name), disabled_at=None)

    def set_password(self, name: str, password: str) -> Account:
        """Give an account another password; its sessions end.

        Args:
            name: Its name.
            password: The password.

        Returns:
            The account.

        Raises:
            LakeError: If there is none of that name, another service knows the person, or the
                password can be guessed.
        """
        row = self._row(name)
        if row["issuer"] is not None:
            raise LakeError(
                f"{row['name']!r} has no password: {row['issuer']} says who they are. Change it "
                "there."
            )
        return self._update(row, password_hash=hashed(row["name"], password))

    def check(self, name: str, password: str) -> Account | None:
        """Look whether somebody is who they say; takes as long where there is no such account.

        Args:
            name: Name of the account.
            password: What they gave.

        Returns:
            The account; ``None`` where name or password is wrong, or the account is closed.
        """
        row = self._found(name)
        known = None if row is None else row["password_hash"]
        is_right = matches(known, password)
        if not is_right or known is None or row["disabled_at"] is not None:
            return None
        better = renewed(known, password)
        if better is not None:
            with told(self._engine, _REFUSED), self._engine.begin() as connection:
                this = ACCOUNTS.c.account_id == row["account_id"]
                connection.execute(sa.update(ACCOUNTS).where(this).values(password_hash=better))
        return account_of(row)

    def of_identity(self, person: Identity, role: Role) -> Account:
        """The account of a person whom another service knows; made where there is none.

        Args:
            person: The person.
            role: What the service says they may do; it counts from now on.

        Returns:
            The account, which may be closed.

        Raises:
            LakeError: If their name is that of another account, or none.
        """
        this = sa.and_(ACCOUNTS.c.issuer == person.issuer, ACCOUNTS.c.subject == person.subject)
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            row = connection.execute(sa.select(ACCOUNTS).where(this)).mappings().first()
        if row is None:
            return self._insert(
                name=plain_name(person.name),
                role=_role(role),
                issuer=person.issuer,
                subject=person.subject,
                created_at=now(),
            )
        return account_of(row) if row["role"] == role else self._update(row, role=_role(role))

    def _found(self, name: str) -> Any:
        wanted = sa.select(ACCOUNTS).where(ACCOUNTS.c.name == folded(name))
        with told(self._engine, _REFUSED), self._engine.connect() as connection:
            return connection.execute(wanted).mappings().first()

    def _row(self, name: str) -> Any:
        row = self._found(name)
        if row is None:
            raise LakeError(f"There is no account {name!r}. `entrepot account list` names them.")
        return row

    def _insert(self, **values: object) -> Account:
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            wanted = sa.insert(ACCOUNTS).values(values).returning(ACCOUNTS)
            return account_of(connection.execute(wanted).mappings().one())

    def _update(self, row: Any, **values: object) -> Account:
        this = ACCOUNTS.c.account_id == row["account_id"]
        with told(self._engine, _REFUSED), self._engine.begin() as connection:
            connection.execute(
                sa.delete(SESSIONS).where(SESSIONS.c.account_id == row["account_id"])
            )
            wanted = sa.update(ACCOUNTS).where(this).values(values).returning(ACCOUNTS)
            return account_of(connection.execute(wanted).mappings().one())


def plain_name(name: str) -> str:
    """A name of an account as it is kept.

    Args:
        name: The name as given.

    Raises:
        LakeError: If it is none.

    Example:
        >>> plain_name("A.Ost@Example.org")
        'a.ost@example.org'
    """
    known = folded(name)
    if not _NAME.fullmatch(known) or known in _TAKEN:
        raise LakeError(
            f"The name is {name[:100]!r}, expected 1 to 100 letters, digits or any of . _ - @ +, "
            f"and none of {list(_TAKEN)}."
        )
    return known


def account_of(row: Any) -> Account:
    """A record of a row of ``accounts``.

    Args:
        row: The row, by name of column.
    """
    closed = row["disabled_at"]
    return Account(
        row["account_id"],
        row["name"],
        row["role"],
        utc(row["created_at"]),
        None if closed is None else utc(closed),
        row["issuer"],
    )


def usable(accounts: Sequence[Account]) -> tuple[Account, ...]:
    """Accounts that are not closed.

    Args:
        accounts: Accounts.
    """
    return tuple(one for one in accounts if one.disabled_at is None)


def folded(name: str) -> str:
    """A name as names are compared, so that one account has one.

    Args:
        name: The name as given.
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _role(role: str) -> str:
    if role not in ROLES:
        raise LakeError(f"The role is {role!r}, expected one of {list(ROLES)}.")
    return role
