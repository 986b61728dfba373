"""What every test may ask for."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from entrepot import lake
from entrepot.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
# The same tests on another engine: `make test-spark` names its address.
ENGINE = os.environ.get("ENTREPOT_TEST_ENGINE", "duckdb")
os.environ["ENTREPOT_ENGINE"] = ENGINE
lake.Settings = partial(Settings, engine=ENGINE)

# No deadline: a loaded machine is not a wrong program. In CI the examples are the same every time.
settings.register_profile(
    "entrepot",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("entrepot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for the public data, so that `-m "not shared"` leaves it out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the public data, read only; the test is skipped where it is absent."""
    folder = Path(os.environ.get("ENTREPOT_SHARED") or CHECKOUT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(
            "needs the public data: put them in ../shared beside the checkout "
            "or set ENTREPOT_SHARED."
        )
    return folder
