"""Which lines of a page are furniture: told by their words, their shape, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.language import LEXICON

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_ENDING = re.compile("[.!?…:;,–][)\\]»“”\"’']*\\s*$")
_LINK_ENDING = re.compile("[.…:;,][)\\]»“”\"’']*\\s*$")
_TAIL = 24  # characters of a line that show how it ends
_BULLET = re.compile(r"[–•*·▪-]\s*\S")
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_PLACE_BEFORE = re.compile(r"[^\W\d_]+(?:[ –-][^\W\d_]+)*, ")
_LABEL_WORDS = 3
_LONGEST_LABEL = 80  # characters; a longer line is never furniture by its shape
_LONGEST_FURNITURE = 300  # characters; a longer line is never furniture by its words
_LONGEST_LINK = 140  # characters
_LONGEST_STAMP = 70  # characters
_STAMP_STRANGERS = 3  # words of a time stamp that are a paper's or a section's name
_LINK_HEADING = "link heading"
_LABEL = "label"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_rows("furniture.csv", ("reason", "pattern", "source"), LEXICON)
    return tuple((row["reason"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)


@cache
def _stamp_words() -> frozenset[str]:
    """Words that stand beside a day and an hour, months and weekdays with them."""
    rows = read_rows("page_words.csv", ("kind", "language", "words", "source"), LEXICON)
    known = [row["words"] for row in rows if row["kind"] == "stamp"]
    return frozenset(" ".join(known).split()) | _named_days("month") | _named_days("weekday")


@cache
def _named_days(kind: str) -> frozenset[str]:
    rows = read_rows("days.csv", ("kind", "language", "number", "words", "source"), LEXICON)
    return frozenset(" ".join(row["words"] for row in rows if row["kind"] == kind).lower().split())


def reasons(lines: Sequence[str]) -> list[str]:
    """Say of each line of a page why it is furniture.

    Args:
        lines: The lines that hold anything, in order, without the space around them.

    Returns:
        A few words each; empty where a line belongs to the article.

    Example:
        >>> reasons(["12.05.2023, 10:15 Uhr", "Read more:", "Oil falls", "Trade grew, he said."])
        ['time stamp', 'link heading', 'related links', '']
    """
    found = [_reason(line) for line in lines]
    lead = next((n for n, line in enumerate(lines) if not found[n] and _is_prose(line)), len(lines))
    for number in range(min(lead, len(lines))):
        if not found[number] and _is_stamp(lines[number], _STAMP_STRANGERS):
            found[number] = "time stamp"
    _mark_links(lines, found)
    _keep_title(lines, found, lead)
    return found


def _reason(line: str) -> str:
    if len(line) > _LONGEST_FURNITURE:
        return ""
    for reason, pattern in _patterns():
        if pattern.fullmatch(line):
            return reason
    if _is_stamp(line, 0):
        return "time stamp"
    if len(line) > _LONGEST_LABEL or _ENDING.search(line[-_TAIL:]) or _BULLET.match(line):
        return ""
    words = _WORD.findall(line)
    has_digit = any(letter.isdigit() for letter in line)
    if len(words) <= _LABEL_WORDS and not has_digit:
        return _LABEL
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) == len(words) and len(set(words)) < len(words) and not has_digit:
        return "list of sections"
    return ""


def _is_prose(line: str) -> bool:
    return len(line) > _LONGEST_LABEL and bool(_ENDING.search(line[-_TAIL:]))


def _is_stamp(line: str, strangers: int) -> bool:
    """Whether a line holds a day or an hour and, but for a few words, nothing else."""
    if len(line) > _LONGEST_STAMP or "(" in line or line.endswith((":", "–", "-")):
        return False
    pieces = [piece.lower() for piece in _PIECE.findall(line)]
    words = [piece for piece in pieces if not piece.isdigit()]
    is_dated = bool(_DAY.search(line)) or (
        any(word in _named_days("month") for word in words) and len(words) < len(pieces)
    )
    unknown = [word for word in words if word not in _stamp_words()]
    if not unknown:
        return is_dated or bool(_CLOCK.search(line))
    has_year = any(len(piece) == len("2024") for piece in pieces if piece.isdigit())
    is_dateline = _PLACE_BEFORE.match(line) is not None and words[0] in unknown
    return len(unknown) <= strangers and is_dated and has_year and not is_dateline


def _mark_links(lines: Sequence[str], found: list[str]) -> None:
    """Lines below a heading of links are links, up to the first one that is a sentence."""
    is_inside = False
    for number, line in enumerate(lines):
        if found[number] and found[number] != _LABEL:
            is_inside = found[number] == _LINK_HEADING or is_inside
        elif is_inside:
            is_inside = len(line) <= _LONGEST_LINK and not _LINK_ENDING.search(line[-_TAIL:])
            found[number] = "related links" if is_inside else found[number]


def _keep_title(lines: Sequence[str], found: list[str], lead: int) -> None:
    """Keep a title of three words: the last label in a row of them, with no other line below."""
    if lead == len(lines):
        return
    titles = [number for number in range(lead) if _could_be_title(lines[number], found[number])]
    if not titles:
        return
    last = titles[0]
    while last + 1 in titles:
        last += 1
    if all(found[number] for number in range(last + 1, lead)):
        found[last] = ""


def _could_be_title(line: str, reason: str) -> bool:
    """Whether a label has three words, and is no name of a person or section."""
    words = _WORD.findall(line)
    is_name = all(word[0].isupper() for word in words)
    return reason == _LABEL and len(words) == _LABEL_WORDS and not is_name
