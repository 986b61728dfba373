"""Files of shipments in JSON lines: one object a line, one record for each of its goods lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.sources.shipments_text import Cell, Line

_LINES = "lines"
_DEEPEST = 12  # objects and lists inside one another; papers of trade need three
_HALF = re.compile(r"[\ud800-\udfff]")  # half a letter, which no file can hold
_SAID = "no JSON object, expected one a line"


class _UnclearError(ValueError):
    """An object of which it is not clear what it says; its words say why."""


def record_lines(path: Path, encoding: str) -> Iterator[Line]:
    """Read the records of a file of JSON lines one by one.

    Args:
        path: The file.
        encoding: Its codec.

    Yields:
        First a line of all names in the file, then its records; what is no object comes as it
        stands, with the reason.

    Raises:
        SourceError: If the codec is not known, or does not fit the file.
    """
    names: dict[str, None] = {}
    try:
        for line in _objects(path, encoding):
            names.update(dict.fromkeys(line[1]))
        yield Line(0, list(names))
        for row, record, trouble in _objects(path, encoding):
            yield Line(row, [record.get(name) for name in names], trouble)
    except LookupError as error:
        raise SourceError(f"{path.name}: {error}, expected a codec such as 'utf-8'.") from None
    except UnicodeError as error:
        raise SourceError(
            f"{path.name}: {error}. The encoding may be another: name it in the file of columns."
        ) from error


def _objects(
    path: Path, encoding: str
) -> Iterator[tuple[int, dict[str, Cell], tuple[str, str] | None]]:
    """Objects with their line; one with ``lines`` is as many as it has goods lines."""
    with path.open(encoding=encoding, errors="replace") as file:
        for row, text in enumerate(file, start=1):
            bare = text.strip()
            if not bare:
                continue
            try:
                records = [_flat(one) for one in _goods_lines(_object(bare))]
            except (ValueError, RecursionError) as error:
                said = str(error) if isinstance(error, _UnclearError) else _SAID
                yield row, {}, (bare, said)
                continue
            for record in records:
                yield row, record, None


def _object(text: str) -> dict[str, Cell]:
    record = json.loads(text, object_pairs_hook=_once)
    if "\\ud" in text.lower():  # may be half a letter, which becomes a mark
        whole = _HALF.sub("\ufffd", json.dumps(record, ensure_ascii=False))
        record = json.loads(whole, object_pairs_hook=_once)
    if not isinstance(record, dict):
        raise ValueError(_SAID)
    if _is_deep(record):
        raise _UnclearError(f"values stand more than {_DEEPEST} deep inside one another")
    lines = record.get(_LINES)
    if lines and not (isinstance(lines, list) and all(isinstance(one, dict) for one in lines)):
        raise _UnclearError(f"{_LINES!r} holds something else than objects")
    return record


def _once(pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for name, value in pairs:
        if name in made:
            raise _UnclearError(f"the name {name[:50]!r} stands in it twice")
        made[name] = value
    return made


def _is_deep(record: Cell) -> bool:
    """Whether values stand too deep inside one another; without going down by recursion."""
    level: list[Cell] = [record]
    for _ in range(_DEEPEST):
        inner: list[Cell] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        if not inner:
            return False
        level = inner
    return any(isinstance(one, dict | list) for one in level)


def _goods_lines(record: dict[str, Cell]) -> list[dict[str, Cell]]:
    lines = record.get(_LINES)
    if not isinstance(lines, list) or not lines:
        return [record]
    shared = {name: value for name, value in record.items() if name != _LINES}
    return [{"line": number, **shared, **one} for number, one in enumerate(lines, start=1)]


def _flat(record: Mapping[str, Cell], before: str = "") -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for name, value in record.items():
        inner = value if isinstance(value, dict) else None
        found = {f"{before}{name}": value} if inner is None else _flat(inner, f"{before}{name}.")
        twice = next((one for one in found if one in made), None)
        if twice is not None:
            raise _UnclearError(f"the name {twice[:50]!r} stands in it twice")
        made.update(found)
    return made
