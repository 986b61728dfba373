"""The service that signs people in by OpenID Connect, as the environment names it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from entrepot.api.accounts import Identity
from entrepot.api.accounts_tables import ROLES, Role
from entrepot.errors import LakeError

_PREFIX = "ENTREPOT_OIDC_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that signs people in.

    Args:
        discovery: Address of its discovery document.
        client_id: Its name of this server.
        client_secret: What this server proves itself with.
        name_claim: Claim that says what to call a person.
        role_claim: Claim that says what they may do; everybody is a reader where open.
        roles: Role by value of that claim.
    """

    discovery: str
    client_id: str
    client_secret: str = field(repr=False)
    name_claim: str = "preferred_username"
    role_claim: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)

    def role(self, claims: Mapping[str, Any]) -> Role:
        """What a person may do: the highest role that a value of the claim names.

        Args:
            claims: What the service says about them.

        Returns:
            The role; ``reader`` where nothing names another.

        Example:
            >>> made = Provider("", "", "", role_claim="groups", roles={"desk": "analyst"})
            >>> made.role({"groups": ["staff", "desk"]}), made.role({})
            ('analyst', 'reader')
        """
        given = claims.get(self.role_claim) if self.role_claim else None
        values = given if isinstance(given, list) else [given]
        named = [self.roles[one] for one in values if isinstance(one, str) and one in self.roles]
        return max(named, key=ROLES.index, default="reader")

    def person(self, claims: Mapping[str, Any]) -> Identity:
        """Who somebody is.

        Args:
            claims: What the service says about them.

        Returns:
            The person.

        Raises:
            LakeError: If it does not say what to call them.
        """
        name = claims.get(self.name_claim)
        if not isinstance(name, str) or not name:
            raise LakeError(
                f"The service that signed you in sends no {self.name_claim!r}. Ask for it there, "
                f"or name another claim in {_PREFIX}NAME_CLAIM."
            )
        return Identity(str(claims["iss"]), str(claims["sub"]), name)


def read_provider(environment: Mapping[str, str] | None = None) -> Provider | None:
    """Read ``ENTREPOT_OIDC_*`` variables.

    Args:
        environment: Variables to read; the process environment when left out.

    Returns:
        The service; ``None`` where none is named.

    Raises:
        LakeError: If a variable is missing or cannot be read.
    """
    env = os.environ if environment is None else environment
    discovery = env.get(f"{_PREFIX}DISCOVERY", "").strip()
    if not discovery:
        return None
    parts = urlsplit(discovery)
    is_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or is_here)):
        raise LakeError(
            f"{_PREFIX}DISCOVERY is {discovery!r}, expected an https address of a discovery "
            "document, such as https://sign-in.example/.well-known/openid-configuration."
        )
    missing = [
        f"{_PREFIX}{name}"
        for name in ("CLIENT_ID", "CLIENT_SECRET")
        if not env.get(f"{_PREFIX}{name}", "").strip()
    ]
    if missing:
        raise LakeError(f"{', '.join(missing)}: not set, expected beside {_PREFIX}DISCOVERY.")
    return Provider(
        discovery,
        env[f"{_PREFIX}CLIENT_ID"].strip(),
        env[f"{_PREFIX}CLIENT_SECRET"].strip(),
        env.get(f"{_PREFIX}NAME_CLAIM", "").strip() or "preferred_username",
        env.get(f"{_PREFIX}ROLE_CLAIM", "").strip() or None,
        _roles(env.get(f"{_PREFIX}ROLES", "")),
    )


def _roles(text: str) -> dict[str, Role]:
    made: dict[str, Role] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        value, _, named = part.rpartition("=")
        role = next((one for one in ROLES if one == named.strip()), None)
        if role is None or not value.strip():
            raise LakeError(
                f"{_PREFIX}ROLES has {part!r}, expected value=role with one of {list(ROLES)}, such "
                "as desk-analysts=analyst,desk-admins=admin."
            )
        made[value.strip()] = role
    return made
