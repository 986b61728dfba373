"""A bar is for people who wait at a terminal, and for nobody else."""

from __future__ import annotations

import io
import time

import pytest

from entrepot.cli import progress as module
from entrepot.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_pipe_sees_nothing(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(module.sys, "stderr", stream)
    with progress("reading") as report:
        report(1, 2, "sheet 1")
    assert stream.getvalue() == ""


def test_work_that_is_done_soon_shows_no_bar(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(module.sys, "stderr", stream)
    with progress("reading") as report:
        report(1, 2, "sheet 1")
    assert "sheet 1" not in stream.getvalue()


def test_work_that_lasts_shows_what_is_being_done(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(module.sys, "stderr", stream)
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    with progress("reading") as report:
        report(1, 2, "sheet 1")
        time.sleep(0.3)
    assert "sheet 1" in stream.getvalue()


def test_an_error_ends_the_bar_and_goes_on(monkeypatch):
    monkeypatch.setattr(module.sys, "stderr", Terminal())
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with pytest.raises(KeyError), progress("reading"):
        raise KeyError
