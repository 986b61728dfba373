"""The description of the interface against the server: no error of ours, no status untold."""

from __future__ import annotations

from contextlib import suppress

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")
schemathesis = pytest.importorskip("schemathesis", reason="needs the dev requirements.")

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_demo import demo_lake  # noqa: E402
from web_desk import desk  # noqa: E402

from entrepot.settings import Settings  # noqa: E402
from entrepot.tables import TABLES  # noqa: E402
from entrepot.web.app import make_app  # noqa: E402

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
HOST = {"host": "localhost"}
V1 = "/api/v1"
READ = (
    *(f"{V1}/tables/{name}" for name in TABLES),
    *(f"{V1}/{name}" for name in ("tables", "runs", "leads", "totals", "sources")),
    *(f"{V1}/runs/{{run_id}}", f"{V1}/leads/{{corridor}}", f"{V1}/countries/{{code}}"),
    *(f"{V1}/sources/{{source_id}}", "/search/{dataset}", "/entities/{entity_id}"),
    *("/entities/{entity_id}/adjacent", "/catalog", "/algorithms", "/checks"),
    *("/healthz", "/readyz"),
)
SENT = (f"{V1}/claims/check", "/match/{dataset}", "/screen/shipment")
PLACES = [*(("get", path) for path in READ), *(("post", path) for path in SENT)]


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The description, as the server over a small world gives it."""
    known = desk()
    lake = demo_lake(tmp_path_factory.mktemp("world"))
    app = make_app(lambda: known, settings=Settings(lake=lake))
    return schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)


def test_every_address_that_is_described_is_tried(described):
    made = described.raw_schema["paths"]
    ours = {(method, path) for path, item in made.items() for method in item}
    assert ours - set(PLACES) == set()
    assert set(PLACES) - ours == set()


def test_description_leaves_nothing_unsaid(described):
    silent = []
    for path, item in described.raw_schema["paths"].items():
        for method, told in item.items():
            silent += [
                f"{method} {path}: {one['name']}"
                for one in told.get("parameters", ())
                if not one.get("description")
            ]
            if not (told.get("summary") and told.get("description") and told.get("tags")):
                silent.append(f"{method} {path}")
            if method == "post" and "requestBody" not in told:
                silent.append(f"{method} {path}: body")
    assert silent == []


def tried(operation, mode, count):
    """Send what the description allows, or what it does not, and look at the answers."""

    @settings(
        max_examples=count,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        deadline=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case):
        case.call_and_validate(checks=CHECKS, headers=HOST)

    answered()


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_answers_are_as_described(described, method, path):
    operation = described[path][method]
    tried(operation, GenerationMode.POSITIVE, 5)
    with suppress(Unsatisfiable):  # some addresses take any text
        tried(operation, GenerationMode.NEGATIVE, 3)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), PLACES)
def test_answers_are_as_described_to_many(described, method, path):
    tried(described[path][method], GenerationMode.POSITIVE, 150)
