"""The description of the interface (OpenAPI 3.1), made complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from entrepot.web.api.claims import BODIES
from entrepot.web.api.shapes import Problem
from entrepot.web.api.words import (
    ABOUT,
    CLAIM,
    ERRORS,
    EXAMPLES,
    MATCH,
    OPERATIONS,
    PARAMETERS,
    PROBLEM,
    SHIPMENT,
    TAGS,
)
from entrepot.web.problem_details import API, KIND

Described = dict[str, Any]
_METHODS = ("get", "post")
_REF = "#/components/schemas/{model}"
_ALWAYS = (400, 401, 403, 422, 429)  # a door, a rate and a shape stand before everything
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n     +.*)*)", re.MULTILINE)


def describe(app: FastAPI) -> None:
    """Let a server answer ``/openapi.json`` with a description that leaves nothing open.

    Args:
        app: The server, all routes included.
    """

    def openapi() -> Described:
        if app.openapi_schema is None:
            app.openapi_schema = description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def description(app: FastAPI) -> Described:
    """Describe the addresses of a server that programs ask.

    Args:
        app: The server.

    Returns:
        OpenAPI 3.1.
    """
    made = get_openapi(
        title="Entrepôt",
        version=version("entrepot"),
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        servers=[{"url": "/", "description": "This server."}],
    )
    # FastAPI writes paths of any length with ":path"; the description must not.
    made["paths"] = {path.replace(":path}", "}"): item for path, item in made["paths"].items()}
    schemas: Described = made.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    models = [(model, "validation") for model in (*BODIES, Problem)]
    _, held = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]
    schemas |= {**held["$defs"], "MatchBody": MATCH, "ShipmentBody": SHIPMENT}
    for schema in schemas.values():
        _tell_fields(schema)
    for path, method, operation in _operations(made):
        _tell(path, method, operation)
    made["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "ENTREPOT_TOKEN; `ApiKey` instead of `Bearer` is understood too. On "
            "this machine none is needed unless it is set.",
        }
    }
    made["security"] = [{}, {"token": []}]
    return made


def _operations(made: Described) -> Iterator[tuple[str, str, Described]]:
    for path, item in made["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _tell_fields(schema: Described) -> None:
    """Give the fields of a record the sentences of its docstring."""
    words, _, arguments = schema.get("description", "").partition("\n\nArgs:\n")
    told = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(arguments)}
    if arguments:
        schema["description"] = words
    for name, field in schema.get("properties", {}).items():
        if name in told:
            field.setdefault("description", told[name].replace("``", "`"))


def _tell(path: str, method: str, operation: Described) -> None:
    known = OPERATIONS.get((method, path))
    if known is not None:
        tag, operation["summary"], operation["description"] = known
        operation["tags"] = [tag]
    for parameter in operation.get("parameters", ()):
        _tell_parameter(path, parameter)
    body = _body(path)
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body[0], "example": body[1]}},
        }
    _tell_errors(path, method, operation)


def _tell_parameter(path: str, parameter: Described) -> None:
    name, schema = parameter["name"], parameter["schema"]
    words = PARAMETERS.get(name)
    if words is not None and "description" not in parameter:
        parameter["description"] = words
    example = EXAMPLES.get(name)
    is_list = schema.get("type") == "array"
    if name == "run_id" and not path.endswith("{run_id}"):
        return
    if example is not None and not is_list and not isinstance(example, list):
        parameter["example"] = example
    elif example is not None and is_list:
        parameter["example"] = example if isinstance(example, list) else [example]


def _body(path: str) -> tuple[Described, object] | None:
    """Schema of what is sent to an address, with an example."""
    if path.startswith("/match/"):
        return {"$ref": _REF.format(model="MatchBody")}, MATCH["example"]
    if path == "/screen/shipment":
        return {"$ref": _REF.format(model="ShipmentBody")}, SHIPMENT["example"]
    if path == f"{API}/claims/check":
        names = [model.__name__ for model in BODIES]
        return {"oneOf": [{"$ref": _REF.format(model=name)} for name in names]}, CLAIM
    return None


def _tell_errors(path: str, method: str, operation: Described) -> None:
    told = operation["responses"]["200"]
    if told["description"] == "Successful Response":
        told["description"] = "The answer."
    statuses = {*_ALWAYS}
    is_ours = path.startswith(f"{API}/")
    if "{" in path or is_ours:
        statuses.add(404)
    if "/tables/" in path:
        statuses.add(406)
    if path != "/healthz":
        statuses.add(503)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {
            "description": ERRORS[status],
            "content": {KIND: {"schema": {"$ref": _REF.format(model="Problem")}}},
        }
    if is_ours and method == "get":
        operation["responses"]["304"] = {"description": "Nothing changed since the ETag was given."}
        operation["responses"]["200"].setdefault("headers", {})["ETag"] = {
            "description": "Version of the answer, for If-None-Match.",
            "schema": {"type": "string"},
        }
    operation["responses"]["422"]["content"][KIND]["example"] = {
        **PROBLEM,
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "query.limit: Input should be less than or equal to 10000.",
        "instance": path,
    }
    if 404 in statuses:
        operation["responses"]["404"]["content"][KIND]["example"] = PROBLEM
