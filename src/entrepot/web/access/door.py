"""The door: under which names the server is reached, by which way, and from which address."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROBES = ("/healthz", "/readyz")  # say nothing about anybody
_HEADER_BYTES = 16_000  # of all headers; browsers send about 2,000
_NETWORK = 64  # bits of an IPv6 address that one subscriber has


@dataclass(frozen=True, slots=True)
class Door:
    """Who may ask.

    Args:
        token: What programs must present; nobody needs to where open and no account is demanded.
        hosts: Names under which the server is reached; any where empty.
        demands_accounts: Whether nobody is served without an account or the token.
        is_behind_tls: Whether a server with TLS stands in front, which alone reaches this one and
            says so by ``X-Forwarded-Proto`` and ``X-Forwarded-For``. Where not, nobody is believed
            who sends them.
    """

    token: str | None = None
    hosts: tuple[str, ...] = LOOPBACK
    demands_accounts: bool = False
    is_behind_tls: bool = False

    @property
    def is_open(self) -> bool:
        """Whether everybody who reaches it may do everything."""
        return self.token is None and not self.demands_accounts

    def check(self, request: Request) -> None:
        """Look at how a request came, whoever sent it.

        Args:
            request: The request.

        Raises:
            HTTPException: If it came by another name or way, or its headers are too large.
        """
        # A page from elsewhere may point a name of its own at this machine.
        host = bare(request.headers.get("host", ""))
        if self.hosts and host not in self.hosts:
            raise HTTPException(400, f"Host is {host!r}, expected one of {list(self.hosts)}.")
        size = sum(len(name) + len(value) for name, value in request.headers.raw)
        if size > _HEADER_BYTES:
            raise HTTPException(431, f"Headers take {size:,} bytes, expected {_HEADER_BYTES:,}.")
        way = request.headers.get("x-forwarded-proto", "")
        if self.is_behind_tls and way != "https" and request.url.path not in PROBES:
            raise HTTPException(
                400,
                f"X-Forwarded-Proto is {way!r}, expected 'https': the server in front must take "
                "requests by TLS only, and say so.",
            )

    def knows(self, token: str) -> bool:
        """Whether a token is the one that programs present.

        Args:
            token: The token.
        """
        return self.token is not None and hmac.compare_digest(token.encode(), self.token.encode())

    def origin(self, request: Request) -> str:
        """The address of this server as the caller's browser has it.

        Args:
            request: The request.

        Returns:
            Scheme, name and port.
        """
        scheme = "https" if self.is_behind_tls else request.url.scheme
        return f"{scheme}://{request.headers.get('host', '').lower()}"

    def address(self, request: Request) -> str:
        """The network address a request came from.

        Args:
            request: The request.

        Returns:
            An address; of IPv6 the network, because one subscriber has all addresses in it.
        """
        given = request.client.host if request.client else ""
        if self.is_behind_tls:
            # Each server adds the address it was reached from at the end; before it stands what
            # the caller made up.
            given = request.headers.get("x-forwarded-for", given).rpartition(",")[2].strip()
        try:
            known = ipaddress.ip_address(given)
        except ValueError:
            return "unknown"
        if known.version == 6:
            return str(ipaddress.ip_network((known, _NETWORK), strict=False))
        return str(known)


def bare(host: str) -> str:
    """A host without its port.

    Args:
        host: The host.

    Example:
        >>> bare("[::1]:8000"), bare("Desk.Example:8000")
        ('::1', 'desk.example')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def same_origin(given: str, own: str) -> bool:
    """Whether an ``Origin`` is this server.

    Args:
        given: The header.
        own: Address of this server.

    Example:
        >>> same_origin("https://desk.example", "https://desk.example:443")
        True
        >>> same_origin("null", "http://127.0.0.1:8000")
        False
    """
    return _where(given) is not None and _where(given) == _where(own)


def _where(address: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)
