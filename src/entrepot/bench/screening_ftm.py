"""nomenklatura's own index, asked the same questions: candidates of a whole batch, not scored."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from entrepot.screening.party_register import Register

METHOD = "nomenklatura's index, unscored"
_SCHEMAS = {"person": "Person", "ship": "Vessel", "body": "LegalEntity"}
_ASKED = "LegalEntity"  # what may be a person or a body


def is_installed() -> bool:
    """Whether the extra ``ftm`` is there."""
    return find_spec("nomenklatura") is not None


class BatchIndex:
    """Candidates of nomenklatura's index for many names at once.

    Args:
        known: Listed parties.
    """

    def __init__(self, known: Register) -> None:
        self._kept = tempfile.TemporaryDirectory()
        followthemoney = import_module("followthemoney")
        self._entity = followthemoney.StatementEntity
        self._dataset = followthemoney.Dataset.make({"name": "bench", "title": "bench"})
        linker = import_module("nomenklatura.resolver").Linker({})
        store = import_module("nomenklatura.store").MemoryStore(self._dataset, linker)
        with store.writer() as writer:
            for at, party in enumerate(known.parties):
                writer.add_entity(self._made(f"l-{at}", _SCHEMAS[party.kind], party.names))
        index = import_module("nomenklatura.blocker").Index
        self._index: Any = index(store.default_view(external=True), Path(self._kept.name))
        self._index.build()

    def __call__(self, names: Sequence[str]) -> list[frozenset[int]]:
        """Candidates of some names.

        Args:
            names: The names.

        Returns:
            Places of listed parties, for each name.
        """
        asked = (self._made(f"q-{at}", _ASKED, (name,)) for at, name in enumerate(names))
        found: list[frozenset[int]] = [frozenset()] * len(names)
        for subject, matches in self._index.match_entities(asked):
            found[_place(subject)] = frozenset(_place(one) for one, _ in matches)
        return found

    def close(self) -> None:
        """Leave nothing behind."""
        self._index.close()
        self._kept.cleanup()

    def _made(self, number: str, schema: str, names: Sequence[str]) -> Any:
        data = {"id": number, "schema": schema, "properties": {"name": list(names)}}
        return self._entity.from_data(self._dataset, data, cleaned=False)


def _place(number: object) -> int:
    return int(str(number).partition("-")[2])
