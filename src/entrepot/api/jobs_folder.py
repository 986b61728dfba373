"""The files of a job: its order, its processes, how far it is, what it printed, how it ended."""

from __future__ import annotations

import json
import os
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ORDER, PROCESS, PROGRESS = "order.json", "process.json", "progress.jsonl"
OUTPUT, EXIT, CANCEL = "output.txt", "exit.json", "cancel"
_TAIL = 8_192  # bytes that hold the last line of progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Args:
        done: Steps that are done.
        total: Steps in all; 0 where that is not known.
        what: What is being done.
    """

    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Args:
        code: Its exit code; negative where a signal ended it.
        why: Why it was ended: ``time``, ``memory``, ``cancelled``, ``stopped``; empty where it
            ended by itself.
        most_bytes: Most memory it was seen to hold, in bytes.
    """

    code: int
    why: str
    most_bytes: int


def put(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all.

    Args:
        path: The file.
        text: What it holds.
    """
    beside = path.with_name(f".{path.name}")
    beside.write_text(text, "utf-8")
    os.replace(beside, path)


def progress_of(folder: Path) -> Progress | None:
    """How far a job is, as its command says.

    Args:
        folder: Folder of the job.

    Returns:
        The last thing it said; ``None`` where it said nothing.
    """
    path = folder / PROGRESS
    if not path.is_file():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        lines = file.read().decode(errors="replace").split("\n")
    for line in reversed(lines[:-1]):  # behind the last line end stands what is being written
        held = _object(line)
        if held is not None:
            return Progress(int(held["done"]), int(held["total"]), str(held["what"]))
    return None


def output_of(folder: Path) -> tuple[str, ...]:
    """The last lines a job printed.

    Args:
        folder: Folder of the job.
    """
    path = folder / OUTPUT
    if not path.is_file():
        return ()
    return tuple(deque(path.read_text("utf-8", "replace").splitlines(), maxlen=200))


def end_of(folder: Path) -> Ended | None:
    """How the command of a job ended.

    Args:
        folder: Folder of the job.

    Returns:
        Its end; ``None`` where none is written down.
    """
    path = folder / EXIT
    held = _object(path.read_text("utf-8")) if path.is_file() else None
    return None if held is None else Ended(held["code"], held["why"], held["most_bytes"])


def processes_of(folder: Path) -> tuple[tuple[int, float], ...]:
    """Process ids and moments of birth: of the process beside the job, then of its command.

    Args:
        folder: Folder of the job.

    Returns:
        Both; nothing where none was started.
    """
    path = folder / PROCESS
    if not path.is_file():
        return ()
    return tuple((int(pid), float(born)) for pid, born in json.loads(path.read_text("utf-8")))


def came_at(about: Path) -> datetime:
    """When an upload came, as its record says.

    Args:
        about: The record, in the folder of the upload.

    Returns:
        When, UTC; where the record is gone or damaged, when the folder last changed.
    """
    held = _object(about.read_text("utf-8", "replace")) if about.is_file() else None
    try:
        return datetime.fromisoformat(str((held or {})["sent_at"]))
    except (KeyError, ValueError):
        return datetime.fromtimestamp(about.parent.stat().st_mtime, UTC)


def _object(text: str) -> dict[str, Any] | None:
    try:
        held = json.loads(text)
    except ValueError:
        return None
    return held if isinstance(held, dict) else None
