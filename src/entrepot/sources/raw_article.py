"""An article before it is read: its text, where it came from, and what its wrapping says of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# Bytes of one file, and what a compressed one may unfold to; a book has a few megabytes.
LARGEST_FILE = 64 * 1024 * 1024
# Characters of one article: a page of this size is a dump.
LARGEST_ARTICLE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawArticle:
    """The text of one article, as it came.

    Args:
        source_id: SHA-256 of its bytes; in a feed or JSON lines of the entry alone, so that it
            stays the same when the entries around it change. 64 hex digits.
        name: Its file; an entry has its number or address behind a ``#``.
        text: Its text, with the line ends it came with.
        url: Its address, where it is known.
        header_date: Day of publication in the wrapping, ISO 8601; never worked out of the text.
        title_hint: Title in the wrapping.
        publisher_hint: Name of the publisher in the wrapping, as written there.
        language_hint: Language in the wrapping: ``de``.
        encoding: How the bytes were read.
        is_summary: Whether a feed gives a summary in place of the article.
    """

    source_id: str
    name: str
    text: str
    url: str | None = None
    header_date: str | None = None
    title_hint: str | None = None
    publisher_hint: str | None = None
    language_hint: str | None = None
    encoding: str = "utf-8"
    is_summary: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, or an entry of one, that is no article; it is told and never passed over.

    Args:
        name: The file or entry.
        reason: What was found, what was expected, what to do.
    """

    name: str
    reason: str


class NoArticle(Exception):
    """A content that is refused; its words are the reason."""


def digest(content: bytes) -> str:
    """Tell a content by its SHA-256.

    Args:
        content: The bytes.

    Returns:
        64 hex digits.

    Example:
        >>> digest(b"")[:16]
        'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def entry_digest(*parts: str) -> str:
    """Tell an entry by what it holds.

    Args:
        parts: Its title, address, text …

    Returns:
        64 hex digits.

    Example:
        >>> entry_digest("a", "bc") == entry_digest("ab", "c")
        False
    """
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))
