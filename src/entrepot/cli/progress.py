"""A bar on stderr for work that lasts, where somebody looks at a terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Protocol, TextIO

FILE = "ENTREPOT_PROGRESS_FILE"  # names a file for programs that wait
PATIENCE = 1.0  # seconds; work that is done sooner shows no bar
_PAUSE = 0.5  # seconds between two lines that differ only in a number


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
        A function to tell how far the work is. Where ENTREPOT_PROGRESS_FILE names a file, it
        appends lines of JSON there; else it does nothing where stderr is no terminal.
    """
    if path := os.environ.get(FILE):
        with open(path, "a", encoding="utf-8") as file:
            yield _written(file, title)
        return
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


def _written(file: TextIO, title: str) -> Report:
    """Tell a file how far the work is: what is new at once, what only counts on a few times."""
    last: tuple[float, str] = (0.0, "")

    def report(done: int, total: int, what: str) -> None:
        nonlocal last
        if what == last[1] and done < total and time.monotonic() - last[0] < _PAUSE:
            return
        if time.monotonic() - last[0] < _PAUSE / 10:
            return  # thousands of small files would make a long file
        last = (time.monotonic(), what)
        # A first step that has not begun to count has no total yet.
        held = {"done": done, "total": total if done else 0, "what": what}
        file.write(f"{json.dumps(held)}\n")
        file.flush()

    report(0, 0, title)
    return report


def _ignore(done: int, total: int, what: str) -> None:
    """Take no note."""
