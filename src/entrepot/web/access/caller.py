"""Who asks: what pages know of a caller, which role a page needs, and the field its forms carry.

A page that only reads takes nothing from here: nobody gets to it who may not read. A page that
writes names the role it needs, and its form begins with the field::

    @router.post("/jobs", dependencies=[Depends(needs("analyst"))])
    def start(request: Request, caller: CallerDep) -> Response: ...

    <form method="post">{{ csrf }} …          with render(…, {"csrf": csrf_field(request)})

The field stands first in the form: an upload is looked at before it is read to its end.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Request
from markupsafe import Markup

from entrepot.api.accounts_tables import ROLES, Role

Kind = Literal["loopback", "session", "token"]
FIELD = "csrf"  # of a form
HEADER = "x-csrf-token"  # of a script


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Args:
        name: Name of the account; ``local`` on this machine, ``program`` by the token.
        role: What they may do.
        kind: How they came: from this machine without account, by a session, by the token.
        csrf: What their forms must send back; empty where they carry no cookie.

    Example:
        >>> Caller("a.ost", "analyst", "session").may("reader")
        True
        >>> Caller("a.ost", "analyst", "session").may("admin")
        False
    """

    name: str
    role: Role
    kind: Kind
    csrf: str = field(default="", repr=False)

    def may(self, role: Role) -> bool:
        """Whether they may do what a role may.

        Args:
            role: The role.
        """
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = Caller("local", "admin", "loopback")
PROGRAM = Caller("program", "analyst", "token")


# Of the request that is being answered: pages leave out what its caller may not do.
ASKING: ContextVar[Caller | None] = ContextVar("caller", default=None)


def may_here(role: Role) -> bool:
    """Whether the caller of the request that is being answered may do what a role may.

    Args:
        role: The role.

    Returns:
        The answer; no while nobody is known.
    """
    caller = ASKING.get()
    return caller is not None and caller.may(role)


def the_caller(request: Request) -> Caller:
    """Who asks.

    Args:
        request: The request.

    Returns:
        The caller.

    Raises:
        HTTPException: If nobody is signed in; pages that are open to all do not ask.
    """
    found: Caller | None = getattr(request.state, "caller", None)
    if found is None:
        raise HTTPException(401, "Nobody is signed in. Sign in at /login.")
    return found


CallerDep = Annotated[Caller, Depends(the_caller)]


def needs(role: Role) -> Callable[[Caller], Caller]:
    """Make what a route depends on where it needs a role.

    Args:
        role: The least role that may.

    Returns:
        A dependency: ``Depends(needs("analyst"))``.

    Raises:
        HTTPException: Where the caller's role is less (when the route is called, not here).
    """

    def permitted(caller: CallerDep) -> Caller:
        if not caller.may(role):
            raise HTTPException(
                403,
                f"{caller.name} is {caller.role}, expected {role}. An admin changes roles with "
                "`entrepot account role`.",
            )
        return caller

    return permitted


def csrf_token(session: str) -> str:
    """What the forms of a session send back, so that a page from elsewhere cannot write.

    Args:
        session: The session, as its cookie has it.

    Returns:
        A token that only this session has and that does not give the session away.

    Example:
        >>> csrf_token("a") == csrf_token("a") != csrf_token("b")
        True
    """
    return hmac.new(session.encode(), b"entrepot form", hashlib.sha256).hexdigest()


def csrf_field(request: Request) -> Markup:
    """The hidden field that a form begins with; nothing where callers carry no cookie.

    Args:
        request: The request that the page answers.

    Returns:
        HTML.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or not caller.csrf:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, caller.csrf)
