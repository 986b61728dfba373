"""Articles out of files: text, web pages, feeds, JSON, and folders of them, one after another.

A file is told by what it holds; the end of its name decides only where that leaves a choice. What
cannot be read becomes a :class:`Refused` with its reason: no file of a folder is lost.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.sources.article_text import decoded, unpacked
from entrepot.sources.articles_feed import feed_articles, is_feed
from entrepot.sources.articles_html import html_article
from entrepot.sources.articles_json import json_articles, json_line_articles
from entrepot.sources.raw_article import (
    LARGEST_ARTICLE,
    LARGEST_FILE,
    NoArticle,
    RawArticle,
    Refused,
    digest,
)

__all__ = ["RawArticle", "Refused", "articles", "articles_in"]

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p)[\s>]", re.IGNORECASE)
_HTML_NAMES = frozenset((".html", ".htm", ".xhtml"))
_LINE_NAMES = frozenset((".jsonl", ".ndjson"))
_HEAD = 2048
_LONGEST_LINE = LARGEST_ARTICLE * 4  # bytes; a letter has four at most
_NOT_ARTICLES = frozenset((".record", ".part", ".cut"))  # what fetching leaves beside its files


def articles(path: Path) -> Iterator[RawArticle | Refused]:
    """Go through the articles of a file, or of all files of a folder.

    Args:
        path: A file, or a folder; a folder is searched to the bottom, in the order of names. Hidden
            files, and the records that fetching leaves, are no articles.

    Yields:
        Articles, and what is none with its reason; one file is held at a time.

    Raises:
        SourceError: If nothing is there.
    """
    if path.is_dir():
        for file in _files(path):
            yield from [file] if isinstance(file, Refused) else _of_file(file)
        return
    if not path.exists():
        raise SourceError(f"{path}: no file or folder is there, expected articles.")
    yield from _of_file(path)


def articles_in(
    content: bytes, name: str, url: str | None = None
) -> Iterator[RawArticle | Refused]:
    """Go through the articles of a content that is held already.

    Args:
        content: The bytes: text, HTML, a feed or JSON, perhaps compressed with gzip.
        name: What to call it.
        url: Its address.

    Yields:
        Articles, and what is none with its reason.

    Example:
        >>> [one.text for one in articles_in(b"Trade grew.", "one.txt")]
        ['Trade grew.']
        >>> [one.reason for one in articles_in(b" ", "two.txt")]
        ['is empty, expected an article.']
    """
    try:
        yield from _told(unpacked(content), name, url)
    except NoArticle as error:
        yield Refused(name, str(error))


def _told(content: bytes, name: str, url: str | None) -> Iterator[RawArticle | Refused]:
    if not content.strip():
        raise NoArticle("is empty, expected an article.")
    ending = Path(name.removesuffix(".gz")).suffix.lower()
    if ending in _LINE_NAMES:
        yield from json_line_articles(content.splitlines(), name)
    elif is_feed(content):
        yield from feed_articles(content, name)
    elif ending in _HTML_NAMES or _HTML.match(_beginning(content)):
        yield html_article(content, name, url)
    else:
        text, encoding = decoded(content)
        if ending == ".json" or text.lstrip().startswith(('{"', "[{")):
            yield from json_articles(text, name)
            return
        if len(text) > LARGEST_ARTICLE:
            raise NoArticle(
                f"is a text of {len(text):,} letters, expected {LARGEST_ARTICLE:,} at most. Divide "
                "it into articles."
            )
        yield RawArticle(digest(content), name, text, url, encoding=encoding)


def _beginning(content: bytes) -> bytes:
    """The first bytes without marks, comments and what XML puts above a page."""
    head = content[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return re.sub(rb"^(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)+", b"", head, flags=re.DOTALL)


def _of_file(path: Path) -> Iterator[RawArticle | Refused]:
    name = str(path)
    try:
        if not path.is_file():
            yield Refused(name, "is no regular file, expected an article.")
        elif path.suffix.lower() in _LINE_NAMES:
            with path.open("rb") as file:
                yield from json_line_articles(iter(lambda: file.readline(_LONGEST_LINE), b""), name)
        elif path.stat().st_size > LARGEST_FILE:
            yield Refused(name, f"is larger than {LARGEST_FILE:,} bytes, expected an article.")
        else:
            yield from articles_in(path.read_bytes(), name)
    except OSError as error:
        yield Refused(name, f"cannot be opened ({error.strerror or error}).")


def _files(folder: Path) -> Iterator[Path | Refused]:
    failed: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix not in _NOT_ARTICLES:
                yield Path(where) / name
        while failed:
            error = failed.pop()
            yield Refused(str(error.filename), f"cannot be opened ({error.strerror}).")
    for error in failed:
        yield Refused(str(error.filename), f"cannot be opened ({error.strerror}).")
