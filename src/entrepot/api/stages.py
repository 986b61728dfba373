"""Results of finished stages beside the lake, so that a run that was killed goes on from there.

::

    lake/.stages/<question, code, engine, files>/<stage>.npz   until the run is committed
    lake/.last/<question, code>/<what>.npz                     for the next run of the question
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cattrs.errors import BaseValidationError

from entrepot.api.code_version import version_of_code
from entrepot.api.kept import read_kept, write_kept
from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import Lake
from entrepot.manifest import read_manifest
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES

T = TypeVar("T")
STAGES, LAST = ".stages", ".last"
LEFT_DAYS = 7  # after which stages that nobody came back for are removed
_OPEN = ("until", "seed", "fdr")  # parts of a question that its sums and its fit do not rest on
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, BaseValidationError)


class KeptStages:
    """Stages of one run on one lake.

    Args:
        lake: The lake.
        inquiry: The question, with its dataset and list named.
    """

    def __init__(self, lake: Lake, inquiry: Inquiry) -> None:
        self._now = lake.path / STAGES / _digest(_run_rests_on(lake, inquiry))
        self._past = lake.path / LAST / _digest(_question(inquiry))

    def once(self, name: str, kind: Any, make: Callable[[], T]) -> T:
        """The result of a stage: kept from the run that was broken off, or made now and kept.

        Args:
            name: Name of the stage.
            kind: Type of the result.
            make: Makes it.

        Returns:
            The result.
        """
        path = self._now / f"{name}.npz"
        found: T | None = _read(path, kind)
        if found is not None:
            return found
        made = make()
        write_kept(path, made)
        return made

    def last(self, name: str, kind: type[T]) -> T | None:
        """What the last run of the same question left.

        Args:
            name: What it is.
            kind: Its type.

        Returns:
            What was left; ``None`` where there was no such run.
        """
        found: T | None = _read(self._past / f"{name}.npz", kind)
        return found

    def leave(self, name: str, value: object) -> None:
        """Leave something for the next run; it takes the place of the last at :meth:`done`.

        Args:
            name: What it is.
            value: A record of arrays, texts and numbers.
        """
        write_kept(self._now / LAST / f"{name}.npz", value)

    def done(self) -> None:
        """The run is in the lake: its stages are not needed any more."""
        left = self._now / LAST
        for path in sorted(left.glob("*.npz")) if left.is_dir() else ():
            self._past.mkdir(parents=True, exist_ok=True)
            os.replace(path, self._past / path.name)
        shutil.rmtree(self._now, ignore_errors=True)

    def forget(self) -> None:
        """Begin anew: nothing is taken from a run before this one."""
        shutil.rmtree(self._now, ignore_errors=True)
        shutil.rmtree(self._past, ignore_errors=True)

    def sweep(self) -> None:
        """Remove stages of runs that nobody came back for in a week."""
        folder = self._now.parent
        for run in folder.iterdir() if folder.is_dir() else ():
            if time.time() - run.stat().st_mtime > LEFT_DAYS * 86_400:
                shutil.rmtree(run, ignore_errors=True)


def _read(path: Path, kind: Any) -> Any:
    """What a file holds; nothing where it is not there or was cut short."""
    try:
        return read_kept(path, kind)
    except _UNREADABLE:
        return None


def _question(inquiry: Inquiry) -> str:
    asked = {name: part for name, part in inquiry.parameters().items() if name not in _OPEN}
    return json.dumps([asked, version_of_code()], sort_keys=True)


def _run_rests_on(lake: Lake, inquiry: Inquiry) -> str:
    tables = {FLOWS.name, SOURCES.name, LISTED_COMMODITIES.name}
    manifest = read_manifest(lake.path)
    files = [file.path for name in sorted(tables) for file in manifest.of(name)]
    return json.dumps([inquiry.as_json(), version_of_code(), lake.engine, sorted(files)])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
