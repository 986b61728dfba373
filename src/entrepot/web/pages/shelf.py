"""What the pages read from: a few open lakes, and answers kept until the lake changes."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from entrepot.api.code_version import version_of_code
from entrepot.lake import Lake
from entrepot.manifest import MANIFEST
from entrepot.settings import Settings
from entrepot.web.pages.assets import version_of_looks

T = TypeVar("T")

LAKES = 2  # open at once: what two cores can use; further readers wait their turn
ENGINE_MEMORY = "1GB"  # of each, where the environment says nothing
KEPT = 512  # answers; pages have some 20 kB, gathered records some 200 kB


class Shelf:
    """Lakes that are open, and what was made from them.

    Args:
        settings: Settings with the lake.
    """

    def __init__(self, settings: Settings) -> None:
        memory = settings.memory_limit or ENGINE_MEMORY
        self.settings = replace(settings, memory_limit=memory)
        self._lakes: queue.Queue[Lake | None] = queue.LifoQueue()
        for _ in range(LAKES):
            self._lakes.put(None)
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close all lakes that are open and not in use."""
        for _ in range(self._lakes.qsize()):
            held = self._lakes.get()
            if held is not None:
                held.close()
            self._lakes.put(None)

    @property
    def tag(self) -> str:
        """Digest of the lake's manifest, of the code and of the looks: what an answer rests on."""
        manifest = self.settings.lake / MANIFEST
        held = manifest.read_bytes() if manifest.is_file() else b""
        parts = (held, version_of_code().encode(), version_of_looks().encode())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    @contextmanager
    def lake(self) -> Iterator[Lake]:
        """Borrow a lake, and wait where all are lent out."""
        held = self._lakes.get()
        try:
            if held is None:
                held = Lake(self.settings.lake, self.settings)
            yield held
        finally:
            self._lakes.put(held)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Something made before, or made now and kept.

        Args:
            key: What it is; it must carry :attr:`tag`.
            make: Makes it.

        Returns:
            What was made.
        """
        with self._lock:
            own = self._making.setdefault(key, threading.Lock())
        # One reader makes it; others who ask for the same wait for that, not for a lake.
        with own:
            try:
                found: tuple[T] | None = self._found(key)
                return found[0] if found else self._keep(key, make())
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _found(self, key: Hashable) -> tuple[Any] | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return (self._kept[key],)

    def _keep(self, key: Hashable, made: T) -> T:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def gathered(self, what: tuple[Hashable, ...], gather: Callable[[Lake], T]) -> T:
        """Something gathered from the lake as it stands, kept until the lake changes.

        Args:
            what: What it is, e.g. ``("country", "KG", run_id)``.
            gather: Gathers it.

        Returns:
            What was gathered.
        """

        def make() -> T:
            with self.lake() as lake:
                return gather(lake)

        return self.kept((self.tag, *what), make)
