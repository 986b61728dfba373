"""A bar on stderr for work that lasts, where somebody looks at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Protocol

PATIENCE = 1.0  # seconds; work that is done sooner shows no bar


class Report(Protocol):
    """Told how far the work is."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note that ``done`` of ``total`` steps of ``what`` are done."""


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """Show a bar while a block runs; it is gone when the block ends.

    Args:
        title: What is being done.

    Returns:
        A function to tell how far the work is; it does nothing where stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield _ignore
        return
    # Imported here: it costs a tenth of a second, and pipes do without it.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(title, total=None)

    def report(done: int, total: int, what: str) -> None:
        # A first step that has not begun to count pulses.
        bar.update(task, completed=done, total=total if done else None, description=what)

    begin = Timer(PATIENCE, bar.start)
    begin.daemon = True
    begin.start()
    try:
        yield report
    finally:
        begin.cancel()
        begin.join()
        bar.stop()


def _ignore(done: int, total: int, what: str) -> None:
    """Take no note."""
