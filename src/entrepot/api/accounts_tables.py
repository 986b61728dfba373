"""The tables of accounts and of their sessions, in the database of decisions."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from entrepot.api.database import NUMBER

Role = Literal["reader", "analyst", "admin"]
ROLES: tuple[Role, ...] = ("reader", "analyst", "admin")  # each may do what those before it may

METADATA = sa.MetaData()
ACCOUNTS = sa.Table(
    "accounts",
    METADATA,
    sa.Column("account_id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.Enum(*ROLES, native_enum=False, create_constraint=True), nullable=False),
    # Open where another service knows the person: then issuer and subject are given.
    sa.Column("password_hash", sa.Text),
    sa.Column("issuer", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("disabled_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("issuer", "subject"),
    sa.CheckConstraint("(password_hash IS NULL) <> (issuer IS NULL)"),
    sa.CheckConstraint("(issuer IS NULL) = (subject IS NULL)"),
    sqlite_autoincrement=True,
)
SESSIONS = sa.Table(
    "sessions",
    METADATA,
    # Whoever reads the database cannot become somebody: it holds no session, only its digest.
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column(
        "account_id", NUMBER, sa.ForeignKey(ACCOUNTS.c.account_id), nullable=False, index=True
    ),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
)
