"""What nobody expected is told by a number, never by a word of the code."""

from __future__ import annotations

import logging
import re
from errno import EIO, ENOSPC

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from fastapi.testclient import TestClient

from entrepot.settings import Settings
from entrepot.web.app import make_app

PEOPLE = {"accept": "text/html"}


@pytest.fixture
def broken(tmp_path):
    """A server one of whose pages breaks."""

    def made(error):
        app = make_app(lambda: None, settings=Settings(lake=tmp_path / "lake"))

        @app.get("/broken")
        def page():
            raise error

        return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    return made


@pytest.mark.parametrize("error", [KeyError("secret"), OSError(EIO, "secret")])
def test_an_error_nobody_expected_is_a_number_that_the_log_has_too(broken, error, caplog):
    with caplog.at_level(logging.ERROR, "entrepot.web"):
        page = broken(error).get("/broken?name=Tulamash", headers=PEOPLE)
        program = broken(error).get("/broken")
    assert (page.status_code, program.status_code) == (500, 500)
    for told, record in zip((page, program), caplog.records, strict=True):
        number = re.search(r"under ([0-9a-f]{8})", told.text).group(1)
        assert number in record.getMessage()
        assert record.exc_info[1] is error
        assert "Tulamash" not in record.getMessage()
        assert not re.search(r"secret|Traceback|KeyError|OSError|\.py", told.text)
        assert told.headers["x-content-type-options"] == "nosniff"
    assert program.headers["content-type"] == "application/problem+json"
    assert "<h1>Something went wrong here</h1>" in page.text


def test_a_full_disk_is_told_as_that(broken):
    page = broken(OSError(ENOSPC, "No space left")).get("/broken", headers=PEOPLE)
    assert page.status_code == 507
    assert "The disk of this server is full" in page.text
