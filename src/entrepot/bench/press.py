"""How well the press is read: texts that somebody marked by hand, read and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from entrepot.bench.press_scores import Scores, score
from entrepot.errors import SourceError
from entrepot.press.exchange import Record, as_record
from entrepot.press.reader import read_article

Report = Callable[[int, int, str], None]


def marked_texts(folder: Path) -> Iterator[tuple[Record, str]]:
    """Read a set of marked texts: ``NAME.json`` beside or below the text that it names.

    Args:
        folder: Folder of the marks; texts stand there or one folder above.

    Returns:
        Marks and text, in order of file names.

    Raises:
        SourceError: If there are no marks, or a text is missing.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SourceError(
            f"{folder}: no marks, expected a .json file for each text in the schema of "
            "`entrepot read --format json`."
        )
    for file in files:
        marks = json.loads(file.read_text(encoding="utf-8"))
        named = str(marks["source_file"])
        text = next((p for p in (folder / named, folder.parent / named) if p.is_file()), None)
        if text is None:
            raise SourceError(f"{file}: its text {named} stands neither beside nor above it.")
        with text.open(encoding="utf-8") as lines:  # one kind of line end, as spans count
            yield marks, lines.read()


def score_folder(folder: Path, on: date, report: Report) -> Scores:
    """Read every text of a set and compare it with its marks.

    Args:
        folder: Folder of the marks.
        on: Day after which no text can have been written.
        report: Told how many texts are read.

    Returns:
        The counts.

    Raises:
        SourceError: If there are no marks, or a text is missing.
    """
    scores = Scores()
    total = len(list(folder.glob("*.json")))
    for number, (marks, text) in enumerate(marked_texts(folder), 1):
        score(marks, as_record(read_article(text, on), str(marks["id"])), scores)
        report(number, total, "reading texts")
    return scores


def score_rows(scores: Scores) -> pa.Table:
    """Scores as rows for programs.

    Args:
        scores: The counts.

    Returns:
        One row for each thing scored: ``what``, ``precision``, ``recall``, ``f1`` (0 to 1) and
        the items ``right``, ``wrong``, ``missed``.
    """
    rows = [
        {
            "what": name,
            **{"precision": line.precision, "recall": line.recall, "f1": line.f1},
            **{"right": line.right, "wrong": line.wrong, "missed": line.missed},
        }
        for name, line in scores.counts.items()
    ]
    return pa.Table.from_pylist(rows)
