"""What decides who gets in, in one record, and how pages get at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from entrepot.api.accounts_open import Access
from entrepot.web.access.door import Door
from entrepot.web.access.limits import UPLOAD, Attempts, Window
from entrepot.web.access.oidc_pending import Pending
from entrepot.web.access.oidc_provider import Provider


@dataclass(frozen=True, slots=True)
class Entrance:
    """What decides who gets in.

    Args:
        door: By which names and ways the server is reached, and whether it is open.
        access: Accounts, sessions and log; open where nothing of the kind is kept.
        provider: Service that signs people in; open where only passwords do.
        upload: Bytes that a form with files may have.
        window: How often each caller asked.
        attempts: Who tried to sign in.
        pending: Who was led to the service and did not come back yet.
    """

    door: Door
    access: Access | None = None
    provider: Provider | None = None
    upload: int = UPLOAD
    window: Window = field(default_factory=Window)
    attempts: Attempts = field(default_factory=Attempts)
    pending: Pending = field(default_factory=Pending)


def the_entrance(request: Request) -> Entrance:
    """What decides who gets in.

    Args:
        request: The request.
    """
    found: Entrance = request.app.state.entrance
    return found


def the_access(request: Request) -> Access:
    """Accounts, sessions and log.

    Args:
        request: The request.

    Returns:
        All three.

    Raises:
        HTTPException: If this server keeps none.
    """
    access = the_entrance(request).access
    if access is None:
        raise HTTPException(404, "This server keeps no accounts.")
    return access


EntranceDep = Annotated[Entrance, Depends(the_entrance)]
AccessDep = Annotated[Access, Depends(the_access)]
