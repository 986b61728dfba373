"""Where things stand in one article: its page, what it says of itself, whom it names and where.

A span counts code points of the text as it was read, ``[start, end)``; the text is never altered.
Stages make these records one after another and none of them changes what an earlier one made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "de", "ru")
EntityType = Literal["person", "org", "country", "group"]
DateBasis = Literal["dateline", "dateline+weekday", "header", "body", "given", "none"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Some characters of a text.

    Args:
        start: First code point.
        end: The one behind the last.

    Example:
        >>> Span(0, 6).of("ASTANA – Kazakhstan")
        'ASTANA'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters themselves.

        Args:
            text: The text the span counts in.
        """
        return text[self.start : self.end]

    def meets(self, other: Span) -> bool:
        """Whether the two share a character.

        Args:
            other: Another span of the same text.
        """
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether the other lies inside.

        Args:
            other: Another span of the same text.
        """
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is page furniture.

    Args:
        span: The line.
        reason: Why, in a few words.
    """

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """An article's text with its furniture set aside.

    Args:
        text: The text as read.
        shadow: The same with spaces, quote marks and apostrophes in one form each, of equal length;
            stages search in it and take their spans from it.
        language: Its language.
        paragraphs: Paragraphs that are kept, in order.
        sentences: Sentences of the paragraphs, in order; quote insides do not end one.
        dropped: Lines that are not kept.
    """

    text: str
    shadow: str
    language: Language
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an article says of itself.

    Args:
        title: Its title.
        dateline: Place, day and agency at its head.
        place: Place of the dateline, as written.
        country: Where that is, ISO 3166-1 alpha-2.
        date: EDTF: ``2023-06-20``, ``XXXX-06-20`` where the year is open, ``2023-09``.
        date_basis: What the date rests on; a year is never guessed.
        weekday: Weekday the text names beside its day, 0 for Monday.
        agency: Entity id of the agency.
        publisher: Entity id of the publisher.
        origin_language: Language it was translated from, where that shows.
    """

    title: Span | None = None
    dateline: Span | None = None
    place: str | None = None
    country: str | None = None
    date: str | None = None
    date_basis: DateBasis = "none"
    weekday: int | None = None
    agency: str | None = None
    publisher: str | None = None
    origin_language: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, body, country or group that the text names.

    Args:
        id: ``per:tokayev``, ``org:eu``, ``cty:KZ``, ``grp:the-west``, ``anon:official``,
            ``np:<head>`` for a noun phrase that no list knows.
        type: What it is.
        name: Its fullest name in the text.
        offices: Offices it is given, as written.
        country: Its country, ISO 3166-1 alpha-2.
        names: Every form of its name in the text.
    """

    id: str
    type: EntityType
    name: str
    offices: tuple[str, ...] = ()
    country: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where the text names an entity.

    Args:
        span: The words.
        entity: Its id.
        form: ``name``, ``office``, ``demonym``, ``capital`` or ``pronoun``.
    """

    span: Span
    entity: str
    form: Literal["name", "office", "demonym", "capital", "pronoun"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quote marks.

    Args:
        outer: With the marks.
        inner: Without them.
        is_open: Whether the closing mark is missing.
        is_utterance: Whether somebody speaks; else a word or a name in marks.
    """

    outer: Span
    inner: Span
    is_open: bool
    is_utterance: bool
