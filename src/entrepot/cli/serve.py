"""``entrepot serve``: pages for people, and lists, checks and decisions for other programs."""

from __future__ import annotations

import importlib.util
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from entrepot.api.desk import Desk

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST = 16  # letters of a token that is not guessed


@click.command(
    "serve",
    epilog="""Examples:

\b
entrepot serve
entrepot serve --port 8800 --policy policy.toml
entrepot --lake trade serve --as-of 2024-05-01
ENTREPOT_TOKEN=$(cat token.txt) entrepot serve --host 0.0.0.0 --name screening.example

Exit codes: 0 stopped, 1 an error in the input or the data, 2 wrong use.
""",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond this machine only with a token in ENTREPOT_TOKEN.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Name under which the server is reached; others are refused. May be repeated; needed "
    "for none on this machine.",
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
    host: str,
    port: int,
    names: tuple[str, ...],
    policy_path: Path | None,
    as_of: datetime | None,
) -> None:
    """Show pages to people, and answer other programs over HTTP: parties, shipments, checks.

    A browser finds the overview of the latest run, all leads, each lead, each country and the
    sources at the address that is printed; `entrepot demo` makes a lake to try it on.

    Programs written for yente find `/match`, `/search`, `/entities`, `/catalog` and `/algorithms`;
    `POST /screen/shipment` screens lines of shipments, and `GET /checks` lists what is checked.
    Every answer names the lists and their versions, and honours the decisions that `entrepot
    decide` wrote down. Nothing is fetched from elsewhere and no request is logged.

    Callers on this machine need no token unless ENTREPOT_TOKEN is set. Tokens and answers travel
    as they are: beyond this machine put a server with TLS in front.
    """
    if host not in _LOOPBACK and settings.token is None:
        raise click.UsageError(
            f"--host is {host!r}: beyond this machine a token is needed. Put one into "
            "ENTREPOT_TOKEN, or listen on 127.0.0.1."
        )
    if settings.token is not None and len(settings.token) < _SHORTEST:
        raise click.UsageError(
            f"ENTREPOT_TOKEN has {len(settings.token)} letters, expected at least {_SHORTEST}."
        )
    missing = [name for name in ("fastapi", "uvicorn") if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(f"{', '.join(missing)}: not installed. Install entrepot[web].")
    from entrepot.api.decisions import open_decisions
    from entrepot.api.desk_open import Terms, desks
    from entrepot.api.screening import policy_file
    from entrepot.screening.policy import Policy

    policy = Policy() if policy_path is None else policy_file(policy_path)
    terms = Terms(policy, None if as_of is None else as_of.date())
    with open_decisions(settings.lake, settings.decisions) as decisions:
        desk = desks(settings, terms, decisions)
        ready = desk()
        if ready is None:
            click.echo("The lake holds no list of parties yet: /readyz says so until one is there.")
        else:
            lists = ", ".join(f"{one.dataset} {one.vintage}" for one in ready.versions)
            click.echo(f"As of {ready.on}: {len(ready.register.parties):,} parties of {lists}.")
        _run(desk, settings, (host, port), names)


def _run(
    desk: Callable[[], Desk | None], settings: Settings, at: tuple[str, int], names: tuple[str, ...]
) -> None:
    import uvicorn

    from entrepot.web.app import LOOPBACK, Door, make_app

    host, port = at
    hosts = (*LOOPBACK, *(name.lower() for name in names))
    # Beyond this machine the token guards; a name is checked where one is given.
    door = Door(settings.token, hosts if host in LOOPBACK or names else ())
    click.echo(f"Listening on http://{f'[{host}]' if ':' in host else host}:{port}. Stop: Ctrl+C.")
    uvicorn.run(
        make_app(desk, door, settings),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses hold names of customers
        server_header=False,
        proxy_headers=False,
    )
