"""The process beside a job: ``python -m entrepot.api.jobs_run FOLDER``.

It outlives the server that started it. It starts the command, keeps its last lines, ends it where
somebody cancels it or a limit is passed, and writes down how it ended: a server that comes later
finds the process by its id and moment of birth, or its end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from entrepot.api.jobs_folder import CANCEL, EXIT, ORDER, OUTPUT, PROCESS, PROGRESS, put

LINES = 200  # of the output that are kept
_WIDE = 2_000  # bytes of one line
_LOOK = 0.2  # seconds between two looks
_GRACE = 10.0  # seconds between asking a process to end and ending it
_SECRETS = ("ENTREPOT_TOKEN",)  # no job asks the server anything


@dataclass(slots=True)
class _Tail:
    """The last lines a command printed, on the disk whenever they change."""

    path: Path
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))

    def follow(self, stream: IO[bytes]) -> None:
        """Read a stream to its end."""
        written = 0.0
        while line := stream.readline(_WIDE):
            self.lines.append(line.decode(errors="replace").rstrip("\r\n"))
            if time.monotonic() - written > _LOOK:
                self.write()
                written = time.monotonic()
        self.write()

    def write(self) -> None:
        """Put the lines on the disk."""
        put(self.path, "\n".join(self.lines))


def run(folder: Path) -> None:
    """Run the command of a job to its end, whatever end that is.

    Args:
        folder: Folder of the job, which holds the order.
    """
    order = json.loads((folder / ORDER).read_text("utf-8"))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.set())
    room = folder / "tmp"
    room.mkdir(exist_ok=True)
    child = _started(order["arguments"], folder, room)
    put(folder / PROCESS, json.dumps([_named(psutil.Process()), _named(child)]))
    tail = _Tail(folder / OUTPUT)
    stream: IO[bytes] = child.stdout
    reader = threading.Thread(target=tail.follow, args=(stream,), daemon=True)
    reader.start()
    why, most = _watched(child, folder, order, stopped)
    _ended(child)
    reader.join(_GRACE)
    shutil.rmtree(room, ignore_errors=True)
    held = {"code": child.returncode, "why": why, "most_bytes": most}
    put(folder / EXIT, json.dumps(held))


def _started(arguments: list[str], folder: Path, room: Path) -> Any:
    environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    environment["ENTREPOT_PROGRESS_FILE"] = str(folder / PROGRESS)
    environment["TMPDIR"] = str(room)
    environment["PYTHONUNBUFFERED"] = "1"
    # An argument list: no shell ever reads it.
    return psutil.Popen(
        [sys.executable, "-m", "entrepot", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
    )


def _named(process: Any) -> list[float]:
    return [process.pid, process.create_time()]


def _watched(
    child: Any, folder: Path, order: dict[str, Any], stopped: threading.Event
) -> tuple[str, int]:
    """Wait for the end of a command, or for a reason to end it."""
    until = time.monotonic() + order["seconds"]
    most = 0
    while child.poll() is None:
        most = max(most, _memory(child))
        if (folder / CANCEL).exists():
            return "cancelled", most
        if stopped.is_set():
            return "stopped", most
        if time.monotonic() > until:
            return "time", most
        if most > order["bytes"]:
            return "memory", most
        time.sleep(_LOOK)
    return "", most


def _memory(child: Any) -> int:
    """Bytes that a process and what it started hold."""
    total = 0
    try:
        for one in (child, *child.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.Error:
        return total  # it ended while we looked
    return total


def _ended(child: Any) -> None:
    """End a process and what it started: asked first, then made to."""
    try:
        family = [child, *child.children(recursive=True)]
    except psutil.Error:
        family = []
    for one in family:
        _tried(one.terminate)
    _, alive = psutil.wait_procs(family, timeout=_GRACE)
    for one in alive:
        _tried(one.kill)
    child.wait()


def _tried(act: Any) -> None:
    try:
        act()
    except psutil.Error:
        return  # it is gone already


if __name__ == "__main__":
    run(Path(sys.argv[1]))
