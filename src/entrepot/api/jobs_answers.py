"""Every answer of a screening, kept so that pages can show any line and honour later decisions.

``answers.bin`` holds each answer as JSON, packed alone, ``index.parquet`` where it stands and what
is filtered and sorted by, ``heading.json`` what holds for all. Decisions are not in it: they are
honoured whenever a line is shown, so that a decision counts at once.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from entrepot.dossier.screen_rows import Heading
from entrepot.errors import LakeError
from entrepot.screening.check import Check, Hit, Result
from entrepot.screening.verdict import Screened, in_order

FOLDER = "answers"
_LINES, _INDEX, _HEADING = "answers.bin", "index.parquet", "heading.json"
_BATCH = 2_000
_SCHEMA = pa.schema(
    [
        ("offset", pa.int64()),
        ("size", pa.int64()),
        ("row", pa.int64()),
        ("verdict", pa.string()),
        ("flagged", pa.list_(pa.string())),
        ("not_assessed", pa.list_(pa.string())),
        ("score", pa.float64()),
        ("pairs", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class CheckMade:
    """A check as a result names it.

    Args:
        id: ``P1``, ``G3`` …
        version: Its version.
        title: What it asks.
        legal_reference: Act and article, or the guidance it follows.
    """

    id: str
    version: int
    title: str
    legal_reference: str


@dataclass(frozen=True, slots=True)
class About:
    """What holds for all answers.

    Args:
        heading: File, day, lists, checks, policy.
        checks: The checks that were made.
    """

    heading: Heading
    checks: tuple[CheckMade, ...]


@cache
def _lines() -> Any:
    # Imported here: it comes with the extra `web`, which nothing else of screening needs.
    from pydantic import TypeAdapter

    return TypeAdapter(Screened)


@cache
def _about() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(About)


def pair_of(dataset: str, entity_id: str) -> str:
    """A list and its entry as one text.

    Args:
        dataset: The list.
        entity_id: The entry.
    """
    return f"{dataset} {entity_id}"


def write_answers(
    folder: Path, heading: Heading, checks: Sequence[Check], lines: Iterable[Screened]
) -> None:
    """Write all answers; they are there whole or not at all.

    Args:
        folder: Folder to be made; one that is there is replaced.
        heading: What holds for all lines.
        checks: The checks that were made.
        lines: The answers, without decisions.
    """
    staged = folder.with_name(f".{folder.name}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    rows: list[dict[str, Any]] = []
    offset = 0
    with (
        (staged / _LINES).open("wb") as file,
        pq.ParquetWriter(staged / _INDEX, _SCHEMA, compression="zstd") as index,
    ):
        for line in lines:
            packed = zlib.compress(_lines().dump_json(line), 1)
            file.write(packed)
            rows.append(_row(line, offset, len(packed)))
            offset += len(packed)
            if len(rows) == _BATCH:
                index.write_table(pa.Table.from_pylist(rows, _SCHEMA))
                rows.clear()
        index.write_table(pa.Table.from_pylist(rows, _SCHEMA))
    made = tuple(CheckMade(one.id, one.version, one.title, one.legal_reference) for one in checks)
    (staged / _HEADING).write_bytes(_about().dump_json(About(heading, made)))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(staged, folder)


def _row(line: Screened, offset: int, size: int) -> dict[str, Any]:
    hits = [hit for _, hit in in_order(line.results)]
    return {
        "offset": offset,
        "size": size,
        "row": line.shipment.row,
        **answer_cells(line),
        "pairs": sorted({pair_of(hit.dataset, hit.entity_id) for hit in hits}),
    }


def answer_cells(line: Screened) -> dict[str, Any]:
    """What decisions can change in the index.

    Args:
        line: The answer.
    """
    return {
        "verdict": line.verdict,
        "flagged": [one.check_id for one in line.results if one.answer == "flagged"],
        "not_assessed": list(line.open_checks),
        "score": max((hit.score for one in line.results for hit in one.hits), default=None),
    }


class Answers:
    """The answers of one screening.

    Args:
        folder: Their folder.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / _HEADING).is_file():
            raise LakeError("The results of this screening are not there. Screen the file again.")
        self._folder = folder

    def about(self) -> About:
        """What holds for all lines."""
        made: About = _about().validate_json((self._folder / _HEADING).read_bytes())
        settings = {name: _tupled(one) for name, one in made.heading.settings.items()}
        return replace(made, heading=replace(made.heading, settings=settings))

    def index(self) -> pa.Table:
        """One row for each line, in the order of the file."""
        return pq.read_table(self._folder / _INDEX)

    def at(self, places: Iterable[tuple[int, int]]) -> Iterator[Screened]:
        """Answers by where they stand.

        Args:
            places: Offset and size of each.

        Yields:
            The answers, without decisions.
        """
        with (self._folder / _LINES).open("rb") as file:
            for offset, size in places:
                file.seek(offset)
                yield _line(zlib.decompress(file.read(size)))

    def all(self) -> Iterator[Screened]:
        """All answers, in the order of the file, without decisions.

        Returns:
            The answers, read as they are taken.
        """
        index = self.index()
        where = zip(index["offset"].to_pylist(), index["size"].to_pylist(), strict=True)
        return self.at(where)


def _line(text: bytes) -> Screened:
    line: Screened = _lines().validate_json(text)
    if not any(one.hits for one in line.results):
        return line
    return replace(line, results=tuple(map(_result, line.results)))


def _result(result: Result) -> Result:
    def told(hit: Hit) -> Hit:
        parts = {
            part: {name: _tupled(one) for name, one in what.items()}
            for part, what in hit.explanations.items()
        }
        return replace(hit, explanations=parts)

    return replace(result, hits=tuple(map(told, result.hits)))


def _tupled(value: object) -> object:
    """A value with tuples again, which JSON cannot tell from lists: words are made from it."""
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
