"""Text files of shipments: their encoding, what stands between values, and their lines.

An encoding is told by a mark, by zeros between letters, or by whether the whole file is UTF-8. What
is none of these is one of two code pages of Windows: letters beyond ASCII stand side by side in
Russian words and alone in German ones. What was taken is told, and the user may name another.
"""

from __future__ import annotations

import codecs
import csv
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from entrepot.errors import SourceError

Cell = object
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_HIGH = re.compile(rb"[\x80-\xff]+")
_ZEROS = 0.02  # share of bytes that are zero, from which text is UTF-16; other text has none
_SIDE_BY_SIDE = 0.5  # share of high bytes that have such a neighbour, from which it is Russian
_MOSTLY = 20  # letters in good UTF-8 for each bad byte, from which the file is UTF-8 with damage
_DELIMITERS = (",", ";", "\t", "|")
_MOST = 1 << 26  # characters of one value; beyond it a quotation mark was never closed
_SPAN = 1_000  # lines of the file in one record; beyond it a quotation mark was never closed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, of whatever kind.

    Args:
        row: Line of the file, or number of the record, from 1.
        cells: Its values.
        trouble: What could not be taken apart into values, and why; open where all was.
    """

    row: int
    cells: list[Cell]
    trouble: tuple[str, str] | None = None


def encoding_of(path: Path) -> str:
    """Tell the encoding of a text file.

    Args:
        path: The file.

    Returns:
        Name of a codec.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head and head.count(0) > _ZEROS * len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    good, bad = _utf8(path)
    if not bad or good > _MOSTLY * bad:
        return "utf-8"
    return _code_page(path)


def _utf8(path: Path) -> tuple[int, int]:
    """Letters beyond ASCII that are good UTF-8, and pieces that are none."""
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    good = bad = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = decode(block)
            wrong = text.count("\ufffd")
            bad += wrong
            good += 0 if text.isascii() else sum(letter > "\x7f" for letter in text) - wrong
    return good, bad + decode(b"", final=True).count("\ufffd")


def _code_page(path: Path) -> str:
    beside = alone = 0
    with path.open("rb") as file:
        while (block := file.read(_BLOCK)) and beside + alone < _SAMPLE:
            runs = [len(run) for run in _HIGH.findall(block)]
            beside += sum(run for run in runs if run > 1)
            alone += runs.count(1)
    return "cp1251" if beside >= _SIDE_BY_SIDE * (beside + alone) else "cp1252"


def delimiter_of(lines: list[str]) -> str:
    """Tell what stands between values: what splits most lines into equally many.

    Args:
        lines: The first lines.

    Returns:
        One character.

    Example:
        >>> delimiter_of(["a;b;c", "1,5;2;3"])
        ';'
    """
    for line in lines[:1]:
        if line.lower().startswith("sep=") and len(line.strip()) == 5:
            return line.strip()[4]

    def fit(mark: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        wide = [count for count in counts if count > 1]
        usual = max(set(wide), key=lambda count: (wide.count(count), count), default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=fit)


def text_lines(path: Path, encoding: str, delimiter: str | None) -> Iterator[Line]:
    """Read the lines of a text file one by one.

    Args:
        path: The file.
        encoding: Its codec.
        delimiter: What stands between values; told from the first lines where left out.

    Yields:
        Its lines, empty ones too; a value with a line break spans several lines of the file. A
        line whose quotation mark is never closed comes alone, and swallows none of those below.

    Raises:
        SourceError: If the codec is not known, or does not fit the file.
    """
    # The limit belongs to the whole process and is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), min(_MOST, sys.maxsize)))
    row = 0
    try:
        mark = delimiter or delimiter_of(_first_lines(path, encoding))
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for line in _quoted_lines(_Pieces(file), mark):
                row = line.row
                yield line
    except LookupError as error:
        raise SourceError(
            f"{path.name}: {error}, expected a codec such as 'utf-8' or 'cp1251'. Mend the file "
            "of columns."
        ) from None
    except (csv.Error, UnicodeError) as error:
        raise SourceError(
            f"{path.name}, after line {row}: {error}. The encoding may be another: name it in the "
            "file of columns."
        ) from error


class _Pieces:
    """Lines of a text as the parser takes them, with those of one record held to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.held: list[str] = []

    def __iter__(self) -> _Pieces:
        return self

    def __next__(self) -> str:
        if len(self.held) >= _SPAN:
            raise _OpenQuoteError
        line = self._again.popleft() if self._again else self._file.readline()
        if not line:
            raise StopIteration
        self.held.append(line)
        return line

    def put_back(self) -> str:
        """Give the lines below the first one of a record back, to be read again; the first one."""
        self._again.extendleft(reversed(self.held[1:]))
        return self.held[0]


class _OpenQuoteError(Exception):
    """A record runs over so many lines that a quotation mark was never closed."""


def _quoted_lines(pieces: _Pieces, mark: str) -> Iterator[Line]:
    reader = csv.reader(pieces, delimiter=mark)
    row = 1
    while True:
        pieces.held.clear()
        try:
            cells = next(reader, None)
            is_open = len(pieces.held) > 1 and sum(s.count('"') for s in pieces.held) % 2 == 1
        except _OpenQuoteError:
            cells, is_open = [], True
        if cells is None and not pieces.held:
            return
        if is_open:
            said = "a quotation mark is never closed, or stands inside a value"
            yield Line(row, [], (pieces.put_back().rstrip("\r\n"), said))
            reader = csv.reader(pieces, delimiter=mark)
            row += 1
        else:
            yield Line(row, list(cells or []))
            row += len(pieces.held)


def _first_lines(path: Path, encoding: str) -> list[str]:
    found: list[str] = []
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while len(found) < 30 and (line := file.readline(_SAMPLE)):
            found.append(line.rstrip("\r\n"))
    return [line for line in found if line.strip()]
