"""Signing in by OpenID Connect: authorization code with PKCE, state and nonce, by Authlib."""

from __future__ import annotations

from typing import Any

import httpx2
from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import APIRouter, HTTPException, Request, Response
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool

from entrepot.api.accounts import Account
from entrepot.errors import LakeError
from entrepot.web.access.entrance import AccessDep, Entrance, EntranceDep
from entrepot.web.access.login import begun, login_page, place
from entrepot.web.access.oidc_pending import KEPT
from entrepot.web.access.oidc_provider import Provider
from entrepot.web.pages.answer import READ

router = APIRouter()
_PATH = "/.well-known/openid-configuration"
# Signed with a key that only the service has; never `none`, never a shared secret.
_SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_TIMEOUT = 10.0  # seconds that a person waits
_UNCLEAR = (
    "The service that signs people in could not be asked, or its answer could not be read ({}). "
    "Try again; if it stays so, an admin compares ENTREPOT_OIDC_* with what the service says."
)


def oidc_client(provider: Provider) -> Any:
    """Make what speaks to the service.

    Args:
        provider: The service.

    Returns:
        Authlib's client.
    """
    made = OAuth()
    return made.register(
        "desk",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.discovery,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "timeout": _TIMEOUT,
        },
    )


@router.api_route("/login/oidc", **READ)
async def ask(request: Request, entrance: EntranceDep) -> Response:
    """Lead to the service, and remember who was led there."""
    provider = _provider(entrance)
    request.scope["session"] = {}
    try:
        await _metadata(request, provider)
        back = f"{entrance.door.origin(request)}/login/oidc/back"
        response: Response = await _client(request).authorize_redirect(request, back)
    except (OAuthError, httpx2.HTTPError, ValueError, KeyError) as error:
        return login_page(entrance, "/", _UNCLEAR.format(type(error).__name__), 503)
    after = place(request.query_params.get("next", "/"))
    response.set_cookie(
        _cookie(entrance),
        entrance.pending.keep(after, request.session),
        max_age=int(KEPT),
        path="/",
        secure=entrance.door.is_behind_tls,
        httponly=True,
        samesite="lax",
    )
    return response


@router.api_route("/login/oidc/back", **READ)
async def back(request: Request, entrance: EntranceDep, access: AccessDep) -> Response:
    """What the service says about whoever comes back from it."""
    provider = _provider(entrance)
    asked = entrance.pending.take(request.cookies.get(_cookie(entrance), ""))
    if asked is None:
        return login_page(entrance, "/", "This sign-in took too long. Begin again.", 400)
    request.scope["session"] = asked.state
    try:
        claims = await _claims(request, provider)
        account: Account = await run_in_threadpool(
            access.accounts.of_identity, provider.person(claims), provider.role(claims)
        )
    except (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError, RuntimeError) as error:
        await run_in_threadpool(_note_failure, request, entrance)
        return login_page(entrance, "/", _UNCLEAR.format(type(error).__name__), 401)
    except LakeError as error:
        await run_in_threadpool(_note_failure, request, entrance)
        return login_page(entrance, "/", str(error), 403)
    if account.disabled_at is not None:
        await run_in_threadpool(_note_failure, request, entrance)
        return login_page(entrance, "/", "This account was closed.", 403)
    response = await run_in_threadpool(begun, request, entrance, account, asked.after)
    response.delete_cookie(_cookie(entrance), path="/", secure=entrance.door.is_behind_tls)
    return response


async def _claims(request: Request, provider: Provider) -> dict[str, Any]:
    """What a signed token says, once signature, issuer, audience, nonce and time were compared."""
    issuer = await _metadata(request, provider)
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
    }
    token = await _client(request).authorize_access_token(request, claims_options=options)
    if "userinfo" not in token:
        raise ValueError("no id_token")
    return dict(token["userinfo"])


async def _metadata(request: Request, provider: Provider) -> str:
    """The service's own name; its document must stand where that name says it does."""
    metadata = await _client(request).load_server_metadata()
    issuer = str(metadata["issuer"])
    if issuer.rstrip("/") + _PATH != provider.discovery:
        raise ValueError("issuer and address of the discovery document differ")
    named = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    taken = [one for one in named if one in _SIGNED]
    if not taken:
        raise ValueError("no signature that can be compared")
    metadata["id_token_signing_alg_values_supported"] = taken
    return issuer


def _note_failure(request: Request, entrance: Entrance) -> None:
    if entrance.access is not None:
        address = entrance.door.address(request)
        entrance.access.audit.append("unknown", "login_failed", "oidc", address)


def _client(request: Request) -> Any:
    return request.app.state.oidc


def _provider(entrance: Entrance) -> Provider:
    if entrance.provider is None:
        raise HTTPException(404, "No service signs people in here.")
    return entrance.provider


def _cookie(entrance: Entrance) -> str:
    return "__Host-entrepot-oidc" if entrance.door.is_behind_tls else "entrepot_oidc"
