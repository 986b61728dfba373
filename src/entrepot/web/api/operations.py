"""The description of the interface, arranged for readers: the page and the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from entrepot.web.api.words import EXAMPLES, TAGS

_SERVER = '"$ENTREPOT'
# Filters with which an example is worth running, by the end of the path.
_ASKED: dict[str, tuple[tuple[str, str], ...]] = {
    "/tables/flows": (
        *(("reporter", "DE"), ("partner", "KG"), ("commodity_prefix", "8542")),
        *(("period_from", "2022-03-01"), ("limit", "5")),
    ),
    "/leads": (("country", "KG"), ("flagged", "true"), ("limit", "5")),
    "/totals": (("group", "_T"),),
    "/search/{dataset}": (("q", "Tulamash"),),
}


@dataclass(frozen=True, slots=True)
class ParameterTold:
    """One parameter of an address.

    Args:
        name: Its name.
        kind: What it may hold, in a few words.
        place: ``path`` or ``query``.
        is_needed: Whether it must be given.
        words: What it means.
    """

    name: str
    kind: str
    place: str
    is_needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class OperationTold:
    """One address and method.

    Args:
        key: Name it is linked by.
        method: GET or POST.
        path: The path, parameters in braces.
        summary: What it does, in a few words.
        words: The same in sentences.
        parameters: Its parameters.
        kinds: Media types of its answers.
        statuses: Statuses with their meanings.
        curl: A command to try it.
    """

    key: str
    method: str
    path: str
    summary: str
    words: tuple[str, ...]
    parameters: tuple[ParameterTold, ...]
    kinds: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Section:
    """Operations of one kind."""

    name: str
    words: str
    operations: tuple[OperationTold, ...]


def sections(described: Mapping[str, Any]) -> tuple[Section, ...]:
    """Arrange a description by what its operations are about.

    Args:
        described: OpenAPI, as :func:`entrepot.web.api.description.description` makes it.

    Returns:
        One section a tag, in the order of the tags; none is empty.
    """
    found: dict[str, list[OperationTold]] = {name: [] for name in TAGS}
    for path, item in described["paths"].items():
        for method in ("get", "post"):
            if method in item:
                (tag,) = item[method].get("tags", ("more",))
                found[tag].append(_operation(path, method, item[method]))
    return tuple(
        Section(name, TAGS[name], tuple(operations))
        for name, operations in found.items()
        if operations
    )


def _operation(path: str, method: str, told: Mapping[str, Any]) -> OperationTold:
    answers = told["responses"]
    return OperationTold(
        key=re.sub(r"[^a-z0-9]+", "-", f"{method}{path}".lower()).strip("-"),
        method=method.upper(),
        path=path,
        summary=told["summary"],
        words=tuple(" ".join(part.split()) for part in told["description"].split("\n\n")),
        parameters=tuple(_parameter(one) for one in told.get("parameters", ())),
        kinds=tuple(answers["200"].get("content", {})),
        statuses=tuple((status, answers[status]["description"]) for status in sorted(answers)),
        curl=_curl(path, method, told),
    )


def _parameter(told: Mapping[str, Any]) -> ParameterTold:
    return ParameterTold(
        name=told["name"],
        kind=_kind(told["schema"]),
        place=told["in"],
        is_needed=told.get("required", False),
        words=told.get("description", ""),
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        parts = [_kind(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(parts))
    if "enum" in schema or "const" in schema:
        return ", ".join(str(one) for one in schema.get("enum", [schema.get("const")]) if one)
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])}; repeated"
    kind = str(schema.get("format", schema.get("type", "any")))
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    return kind if highest is None else f"{kind}, {lowest:,} to {highest:,}"


def _curl(path: str, method: str, told: Mapping[str, Any]) -> str:
    asked = next((pairs for end, pairs in _ASKED.items() if path.endswith(end)), ())
    if not asked and "/tables/" in path:
        asked = (("limit", "5"),)
    filled = re.sub(r"{(\w+)}", lambda found: quote(str(EXAMPLES[found[1]])), path)
    address = f'{_SERVER}{filled}{"?" + urlencode(asked) if asked else ""}"'
    if method == "get":
        return f"curl {address}"
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return f"curl -X POST {address}"
    body = json.dumps(content["application/json"].get("example"), ensure_ascii=False)
    return f"curl -H 'Content-Type: application/json' {address} -d '{body}'"
