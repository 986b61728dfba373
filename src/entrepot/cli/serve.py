"""``entrepot serve``: pages for people, and lists, checks and decisions for other programs."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from entrepot.api.accounts_open import Access
    from entrepot.api.desk import Desk

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LIBRARIES = ("argon2", "authlib", "fastapi", "joserfc", "uvicorn")
_FORM_AROUND_FILES = 1_000_000  # bytes
_SHORTEST = 16  # letters of a token that is not guessed


@click.command(
    "serve",
    epilog="""Examples:

\b
entrepot serve
entrepot serve --port 8800 --policy policy.toml
entrepot --lake trade serve --as-of 2024-05-01
entrepot account add a.ost --role admin
entrepot serve --behind-tls --name desk.example
ENTREPOT_TOKEN=$(cat token.txt) entrepot serve --host 0.0.0.0 --name screening.example

Exit codes: 0 stopped, 1 an error in the input or the data, 2 wrong use.
""",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond this machine only with accounts (`entrepot account add`, "
    "or ENTREPOT_OIDC_DISCOVERY), or with a token in ENTREPOT_TOKEN.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Name under which the server is reached; others are refused. May be repeated; needed "
    "for none on this machine. Whoever uses a name needs an account.",
)
@click.option(
    "--behind-tls",
    is_flag=True,
    help="A server with TLS stands in front, which alone reaches this one and sets "
    "X-Forwarded-Proto and X-Forwarded-For; cookies then travel by TLS only. Demands accounts.",
)
@click.option(
    "--accounts",
    "is_guarded",
    is_flag=True,
    help="Demand accounts on this machine too.",
)
@click.option(
    "--policy",
    "policy_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Policy file with thresholds, lists and checks; defaults where left out.",
)
@click.option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d",)),
    help="Day as of which lists and acts are read; each day's own where left out.",
)
@click.pass_obj
def command(
    settings: Settings,
    /,
    host: str,
    names: tuple[str, ...],
    policy_path: Path | None,
    as_of: datetime | None,
    **asked: Any,
) -> None:
    """Show pages to people, and answer other programs over HTTP: parties, shipments, checks.

    A browser finds the overview of the latest run, all leads, each lead, each country and the
    sources at the address that is printed; `entrepot demo` makes a lake to try it on.

    Programs written for yente find `/match`, `/search`, `/entities`, `/catalog` and `/algorithms`;
    `POST /screen/shipment` screens lines of shipments, and `GET /checks` lists what is checked.
    Every answer names the lists and their versions, and honours the decisions that `entrepot
    decide` wrote down. Nothing is fetched from elsewhere and no request is logged.

    Callers on this machine need neither account nor token unless --accounts, --name,
    --behind-tls or ENTREPOT_TOKEN says so. Everybody else signs in at `/login`; programs send
    the token of ENTREPOT_TOKEN. Passwords and answers travel as they are: beyond this machine
    put a server with TLS in front and say --behind-tls.
    """
    closed = host not in _LOOPBACK or bool(names) or asked["behind_tls"] or asked["is_guarded"]
    if settings.token is not None and len(settings.token) < _SHORTEST:
        raise click.UsageError(
            f"ENTREPOT_TOKEN has {len(settings.token)} letters, expected at least {_SHORTEST}."
        )
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(f"{', '.join(missing)}: not installed. Install entrepot[web].")
    from entrepot.api.accounts_open import open_access
    from entrepot.api.decisions import open_decisions
    from entrepot.api.desk_open import Terms, desks
    from entrepot.api.screening import policy_file
    from entrepot.screening.policy import Policy

    policy = Policy() if policy_path is None else policy_file(policy_path)
    terms = Terms(policy, None if as_of is None else as_of.date())
    with (
        open_decisions(settings.lake, settings.decisions) as decisions,
        open_access(settings.lake, settings.decisions) as access,
    ):
        if closed:
            _check_somebody(access, settings, host)
        desk = desks(settings, terms, decisions)
        _tell(desk())
        door = _Door(host, asked["port"], names, closed, asked["behind_tls"])
        _run(desk, settings, door, access)


@dataclass(frozen=True, slots=True)
class _Door:
    host: str
    port: int
    names: tuple[str, ...]
    is_closed: bool
    is_behind_tls: bool


def _check_somebody(access: Access, settings: Settings, host: str) -> None:
    """A server that nobody can sign in to is a mistake."""
    from entrepot.api.accounts import usable
    from entrepot.web.access.oidc_provider import read_provider

    if settings.token is None and read_provider() is None and not usable(access.accounts.rows()):
        raise click.UsageError(
            f"--host is {host!r}: where others reach the server, somebody must be able to sign in. "
            "Make an account with `entrepot account add`, name a service in "
            "ENTREPOT_OIDC_DISCOVERY, put a token into ENTREPOT_TOKEN, or listen on 127.0.0.1 "
            "without --name, --behind-tls and --accounts."
        )


def _tell(ready: Desk | None) -> None:
    if ready is None:
        click.echo("The lake holds no list of parties yet: /readyz says so until one is there.")
        return
    lists = ", ".join(f"{one.dataset} {one.vintage}" for one in ready.versions)
    click.echo(f"As of {ready.on}: {len(ready.register.parties):,} parties of {lists}.")


def _run(desk: Callable[[], Desk | None], settings: Settings, at: _Door, access: Access) -> None:
    import uvicorn

    from entrepot.web.access.oidc_provider import read_provider
    from entrepot.web.app import LOOPBACK, Door, Entrance, make_app
    from entrepot.web.pages.warm import gathering_ahead

    hosts = (*LOOPBACK, *(name.lower() for name in at.names))
    # Beyond this machine accounts guard; a name is checked where one is given.
    is_here = at.host in LOOPBACK and not at.is_behind_tls
    door = Door(
        settings.token, hosts if is_here or at.names else (), at.is_closed, at.is_behind_tls
    )
    shown = f"[{at.host}]" if ":" in at.host else at.host
    click.echo(f"Listening on http://{shown}:{at.port}. Stop: Ctrl+C.")
    provider = read_provider() if at.is_closed else None
    upload = int(settings.limits.upload_megabytes * 1e6) + _FORM_AROUND_FILES
    entrance = Entrance(door, access, provider, upload)
    app = make_app(desk, entrance, settings)
    with gathering_ahead(app.state.shelf, click.echo, app.openapi):
        uvicorn.run(
            app,
            host=at.host,
            port=at.port,
            log_level="warning",
            access_log=False,  # addresses hold names of customers
            server_header=False,
            proxy_headers=False,
        )
