"""Asking a language model behind an OpenAI-compatible address; off unless somebody names one."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

import httpx

from entrepot.errors import SourceError
from entrepot.fetch.waiting import PASSES, PASSING, NotNow, OnWait, Sleep, retrying

_PATIENCE = 120.0  # seconds of waiting in all for one answer
_LONGEST = 2_000_000  # bytes of an answer
_TIMEOUT = httpx.Timeout(120.0, connect=10.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked.

    Args:
        url: Address of the interface, up to the version: ``https://host/v1``.
        model: The model's name there.
        key: Key sent as a bearer token; empty for none. It is never printed.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)


def ask(
    endpoint: Endpoint,
    instruction: str,
    text: str,
    sleep: Sleep = time.sleep,
    on_wait: OnWait = lambda reason, seconds: None,
) -> object:
    """Ask a model for one JSON object.

    Args:
        endpoint: Where.
        instruction: What it shall do.
        text: What with.
        sleep: Waits between attempts.
        on_wait: Told the reason and the seconds before each wait.

    Returns:
        The object it answers with; nothing where its answer is no JSON.

    Raises:
        SourceError: If it cannot be reached, refuses, or answers what no such interface answers.
    """
    where = f"{_address(endpoint)}/chat/completions"
    question = {
        "model": endpoint.model,
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [
            {"role": "system", "content": instruction},
            {"role": "user", "content": text.encode("utf-8", "replace").decode()},
        ],
    }
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    with httpx.Client(timeout=_TIMEOUT, headers=headers) as client:
        try:
            answer = retrying(_PATIENCE, sleep, on_wait)(_answer, client, where, question)
        except PASSES as error:
            raise SourceError(
                f"{where}: no answer ({error}). Run the command again later, or without a model."
            ) from error
    return _object(where, answer)


def _address(endpoint: Endpoint) -> str:
    """The address, if it and the key can be sent; neither a key nor a password is ever said."""
    try:
        url = httpx.URL(endpoint.url)
        url.host.encode("idna" if not url.host.isascii() else "ascii")
    except (httpx.InvalidURL, UnicodeError):
        raise SourceError("the model's address cannot be read, expected https://host/v1.") from None
    if url.userinfo:
        raise SourceError(
            f"the model's address at {url.host} holds a user or password, expected none. "
            "Give a key by --key-env."
        )
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError("the model's address has no host, expected https://host/v1.")
    if not endpoint.key.isascii() or not endpoint.key.isprintable():
        raise SourceError("the model's key holds letters that cannot be sent, expected ASCII.")
    return endpoint.url.rstrip("/")


def _answer(client: httpx.Client, where: str, question: dict[str, object]) -> bytes:
    with client.stream("POST", where, json=question) as response:
        if response.status_code in PASSING:
            raise NotNow(f"HTTP {response.status_code}")
        if response.status_code != httpx.codes.OK:
            raise SourceError(
                f"{where}: HTTP {response.status_code}, expected 200. "
                "Check the address, the model's name and the key."
            )
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _LONGEST:
                raise SourceError(f"{where}: an answer of more than {_LONGEST:,} bytes.")
        return bytes(body)


def _object(where: str, answer: bytes) -> object:
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise SourceError(
            f"{where}: an answer without choices, expected an OpenAI-compatible interface."
        ) from error
    try:
        return json.loads(content)
    except (ValueError, TypeError):
        return None
