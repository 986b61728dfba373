"""The record of a country's relations: what was said, done and decided, beside its trade."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["statement", "event", "measure", "claim"]
KINDS: tuple[Kind, ...] = ("statement", "event", "claim", "measure")

_EDTF = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """Whose record, with whom and when.

    Args:
        country: The country, ISO 3166-1 alpha-2.
        beside: Areas or groupings whose relations with it are asked; all where empty.
        since: First day; open for all.
        until: Last day; open for all.
    """

    country: str
    beside: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline.

    Args:
        day: EDTF.
        kind: What it is.
        is_of_article: Whether the day is the article's, since the text gives none of its own.
        who: Who speaks, takes part, claims or decides, in words.
        what: What was done, in a few words.
        text: The exact words; our words for a measure.
        outcome: What was found where a claim was checked, with its sentence; may be empty.
        telling_count: Articles that tell it.
        source: Article or act, in words.
        source_id: The article; empty for a measure.
        char_start: First character of the words in the article.
        char_end: The one behind the last.
        detail: Key of a claim, quote or event; act for a measure.
    """

    day: str | None
    kind: Kind
    is_of_article: bool
    who: str
    what: str
    text: str
    outcome: str
    telling_count: int
    source: str
    source_id: str
    char_start: int | None
    char_end: int | None
    detail: str

    @property
    def place(self) -> tuple[bool, str]:
        """Where it stands in the timeline: open years last."""
        is_open = self.day is None or not self.day[:4].isdigit()
        return is_open, self.day or ""


@dataclass(frozen=True, slots=True)
class LegMonth:
    """One month of a leg, or one year where it is held by year only.

    Args:
        month: Its first day.
        value: What was declared.
        reporter_count: Reporters that declared anything.
    """

    month: date
    value: float
    reporter_count: int


@dataclass(frozen=True, slots=True)
class Leg:
    """Declared trade one way, month by month, or year by year where no months are held.

    Args:
        exporter: Area or grouping that exports.
        importer: Area or grouping that imports.
        reporter: Whose declarations these are.
        unit: Currency and valuation.
        freq: ``M`` or ``A``; a year is never shown as one of its months.
        goods: What goods, in words.
        months: The months or years held, ascending.
        source: Publisher, dataset and vintage, in words.
    """

    exporter: str
    importer: str
    reporter: str
    unit: str
    freq: Literal["M", "A"]
    goods: str
    months: tuple[LegMonth, ...]
    source: str

    @property
    def name(self) -> str:
        """Who sends to whom, and who says so where it is the importer."""
        by = "" if self.reporter == self.exporter else f", as {self.reporter} imports"
        return f"{self.exporter} to {self.importer}{by}"

    def period(self, month: LegMonth) -> str:
        """Name one of its months or years, EDTF.

        Args:
            month: One of ``months``.
        """
        return f"{month.month:%Y-%m}" if self.freq == "M" else f"{month.month:%Y}"

    @property
    def usual_count(self) -> int:
        """Reporters of the fullest month."""
        return max(month.reporter_count for month in self.months)


@dataclass(frozen=True, slots=True)
class CountryRecord:
    """The record of one country.

    Args:
        question: What was asked.
        country: The country's name.
        entries: The timeline, ascending; open years last.
        legs: Trade beside it.
        absent: Sentences about trade that the lake does not hold.
        left_out: Entries left out because their year is open, where days were asked.
    """

    question: RecordQuestion
    country: str
    entries: tuple[Entry, ...]
    legs: tuple[Leg, ...]
    absent: tuple[str, ...]
    left_out: int = 0


def first_day(edtf: str | None) -> date | None:
    """The first day of an EDTF day, month, year or interval.

    Args:
        edtf: ``2023-06-20``, ``2023-06``, ``2023``, ``2023-01/2023-05``.

    Returns:
        The day; nothing where the year is open.

    Example:
        >>> first_day("2023-06"), first_day("XXXX-06-20")
        (datetime.date(2023, 6, 1), None)
    """
    found = _EDTF.match(edtf or "")
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def last_day(edtf: str | None) -> date | None:
    """The last day of an EDTF day, month, year or interval.

    Args:
        edtf: As for :func:`first_day`.

    Returns:
        The day; nothing where the year is open.

    Example:
        >>> last_day("2023-06"), last_day("2023")
        (datetime.date(2023, 6, 30), datetime.date(2023, 12, 31))
    """
    end = (edtf or "").split("/")[-1]
    found, first = _EDTF.match(end), first_day(end)
    if found is None or first is None:
        return None
    if found[3]:
        return first
    month = int(found[2] or 12)
    after = date(first.year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)


def within(entries: Iterable[Entry], question: RecordQuestion) -> tuple[list[Entry], int]:
    """Keep what may lie in the days asked for.

    Args:
        entries: Entries.
        question: The question.

    Returns:
        Those kept, and how many were left out because their year is open.
    """
    kept, left_out = [], 0
    for entry in entries:
        first, last = first_day(entry.day), last_day(entry.day)
        if first is None or last is None:
            if question.since is None and question.until is None:
                kept.append(entry)
            else:
                left_out += 1
        elif not (
            (question.since is not None and last < question.since)
            or (question.until is not None and first > question.until)
        ):
            kept.append(entry)
    return kept, left_out
