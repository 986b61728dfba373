"""``entrepot account``: who may use a server that others reach, and what they did there."""

from __future__ import annotations

import getpass
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from entrepot.api.accounts import Account
    from entrepot.api.accounts_open import Access
    from entrepot.api.audit import Entry

_ROLES = ("reader", "analyst", "admin")


@click.group(
    "account",
    epilog="""Examples:

\b
entrepot account add a.ost --role admin
entrepot account add b.west --role reader --password-stdin < password.txt
entrepot account role b.west analyst
entrepot account list --format csv
entrepot account log --most 50

Exit codes: 0 done, 1 refused, 2 wrong use.
""",
)
@click.pass_obj
def command(settings: Settings) -> None:
    """Make and close accounts for `entrepot serve`, and read the log of access.

    On this machine the server asks nobody for an account. Where others reach it (--host, --name,
    --behind-tls, --accounts), a reader reads, an analyst also decides, screens and starts jobs, and
    an admin also adds files and reads the log. Accounts, sessions and log are in the database of
    decisions: a file of the lake, or what ENTREPOT_DECISIONS names.

    Changing a role or password, or closing an account, ends its sessions at once. Nothing that
    somebody did is deleted with their account.
    """
    if importlib.util.find_spec("argon2") is None:
        raise click.ClickException("argon2: not installed. Install entrepot[web].")


_stdin = click.option(
    "--password-stdin",
    "from_stdin",
    is_flag=True,
    help="Read the password from the first line of stdin; asked for where left out.",
)


@command.command(
    "add", epilog="Example: `entrepot account add a.ost --role analyst`. Asks for the password."
)
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What the account may do.")
@_stdin
@click.pass_obj
def add(settings: Settings, name: str, role: str, from_stdin: bool) -> None:
    """Make an account. NAME is a word such as a.ost or an e-mail address."""
    from entrepot.api.accounts import plain_name

    plain_name(name)  # before somebody thinks of a password
    password = _password(from_stdin)
    with _opened(settings) as access:
        made = access.accounts.add(name, _role(role), password)
        _noted(access, "account_added", made)
    click.echo(f"{made.name}: {made.role}.")


@command.command("list", epilog="Example: `entrepot account list --format csv`.")
@row_options
@click.pass_obj
def listed(settings: Settings, how: Format | None, output: Path | None) -> None:
    """List accounts, closed ones too."""
    to = destination(how, output)
    with _opened(settings) as access:
        rows = access.accounts.rows()
    import pyarrow as pa

    table = pa.table(
        {
            "name": pa.array([row.name for row in rows], pa.string()),
            "role": pa.array([row.role for row in rows], pa.string()),
            "issuer": pa.array([row.issuer for row in rows], pa.string()),
            "created_at": pa.array([row.created_at.isoformat() for row in rows], pa.string()),
            "disabled_at": pa.array(
                [row.disabled_at and row.disabled_at.isoformat() for row in rows], pa.string()
            ),
        }
    )
    show(table, lambda: _accounts(rows), to)


@command.command("role", epilog="Example: `entrepot account role b.west analyst`.")
@click.argument("name")
@click.argument("role", type=click.Choice(_ROLES))
@click.pass_obj
def change_role(settings: Settings, name: str, role: str) -> None:
    """Change what an account may do. Its sessions end."""
    with _opened(settings) as access:
        made = access.accounts.change(name, role=_role(role))
        _noted(access, "role_changed", made, made.role)
    click.echo(f"{made.name}: {made.role}.")


@command.command("password", epilog="Example: `entrepot account password b.west`.")
@click.argument("name")
@_stdin
@click.pass_obj
def password(settings: Settings, name: str, from_stdin: bool) -> None:
    """Give an account another password. Its sessions end."""
    with _opened(settings) as access:
        access.accounts.named(name)  # before somebody thinks of a password
        made = access.accounts.set_password(name, _password(from_stdin))
        _noted(access, "password_changed", made)
    click.echo(f"{made.name}: the password was changed.")


@command.command("disable", epilog="Example: `entrepot account disable b.west`.")
@click.argument("name")
@click.pass_obj
def disable(settings: Settings, name: str) -> None:
    """Close an account. Its sessions end; what it did stays."""
    with _opened(settings) as access:
        made = access.accounts.disable(name)
        _noted(access, "account_disabled", made)
    click.echo(f"{made.name}: closed.")


@command.command("enable", epilog="Example: `entrepot account enable b.west`.")
@click.argument("name")
@click.pass_obj
def enable(settings: Settings, name: str) -> None:
    """Open an account again."""
    with _opened(settings) as access:
        made = access.accounts.enable(name)
        _noted(access, "account_enabled", made)
    click.echo(f"{made.name}: {made.role}.")


@command.command("log", epilog="Example: `entrepot account log --most 50 --format csv`.")
@click.option("--most", type=click.IntRange(min=1), help="Newest entries only; all if left out.")
@row_options
@click.pass_obj
def log(settings: Settings, most: int | None, how: Format | None, output: Path | None) -> None:
    """Print who did what, newest first."""
    to = destination(how, output)
    with _opened(settings) as access:
        rows = access.audit.rows(most)
    import pyarrow as pa

    text = ("who", "what", "about", "address")
    table = pa.table(
        {
            "entry_id": pa.array([row.entry_id for row in rows], pa.int64()),
            "at": pa.array([row.at.isoformat() for row in rows], pa.string()),
            **{name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in text},
        }
    )
    show(table, lambda: _entries(rows), to)


def _opened(settings: Settings) -> Any:
    from entrepot.api.accounts_open import open_access

    return open_access(settings.lake, settings.decisions)


def _role(role: str) -> Any:
    from entrepot.api.accounts_tables import ROLES

    return next(one for one in ROLES if one == role)


def _noted(access: Access, what: Any, account: Account, more: str = "") -> None:
    """Write down who changed an account here: the user of this machine."""
    about = f"{account.name}={more}" if more else account.name
    access.audit.append(f"{getpass.getuser()} (command line)", what, about)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


def _accounts(rows: Sequence[Account]) -> Grid:
    columns = tuple(map(Column, ("name", "role", "signs in by", "made", "closed")))
    cells = [
        (
            row.name,
            row.role,
            row.issuer or "password",
            f"{row.created_at:%Y-%m-%d}",
            "" if row.disabled_at is None else f"{row.disabled_at:%Y-%m-%d}",
        )
        for row in rows
    ]
    notes = () if rows else ("There is no account yet. `entrepot account add` makes one.",)
    return Grid(columns, cells, notes)


def _entries(rows: Sequence[Entry]) -> Grid:
    names = ("when, UTC", "who", "what", "about", "address")
    columns = (Column("entry", is_number=True), *map(Column, names))
    cells = [
        (
            str(row.entry_id),
            f"{row.at:%Y-%m-%d %H:%M:%S}",
            row.who,
            row.what,
            row.about,
            row.address,
        )
        for row in rows
    ]
    return Grid(columns, cells, () if rows else ("Nothing was written down yet.",))
