"""Articles in JSON: an object, a list, or an object a line, each with ``text`` and its origin."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from entrepot.sources.raw_article import (
    LARGEST_ARTICLE,
    NoArticle,
    RawArticle,
    Refused,
    entry_digest,
)

_NAMES = {
    "text": ("text", "body", "content"),
    "title": ("title", "headline"),
    "url": ("url", "link"),
    "day": ("date", "published", "published_at"),
    "publisher": ("publisher", "source", "site"),
    "language": ("language", "lang"),
}


def json_articles(text: str, name: str) -> Iterator[RawArticle | Refused]:
    """Go through the articles of a JSON document.

    Args:
        text: The document: an object or a list of objects.
        name: Its file.

    Yields:
        An article an object, or why it is none.

    Raises:
        NoArticle: If it is no JSON, or neither of the two.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoArticle(f"is JSON that cannot be read ({error}).") from error
    if not isinstance(found, list):
        yield _article(found, name)
        return
    for number, record in enumerate(found, 1):
        yield _told(record, f"{name}#{number}")


def json_line_articles(lines: Iterable[bytes], name: str) -> Iterator[RawArticle | Refused]:
    """Go through JSON lines, one at a time.

    Args:
        lines: The lines; empty ones are passed over.
        name: Their file.

    Yields:
        An article a line, or why it is none.
    """
    for number, line in enumerate(lines, 1):
        where = f"{name}#{number}"
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Refused(where, f"is a line that is no JSON ({error}).")
            continue
        yield _told(record, where)


def _told(record: object, where: str) -> RawArticle | Refused:
    try:
        return _article(record, where)
    except NoArticle as error:
        return Refused(where, str(error))


def _article(record: object, where: str) -> RawArticle:
    """An article out of an object; its text stays letter for letter, so that spans count in it."""
    if not isinstance(record, dict):
        raise NoArticle(f"is JSON of a {type(record).__name__}, expected an object with 'text'.")
    values = {
        key: next((record[name] for name in names if isinstance(record.get(name), str)), None)
        for key, names in _NAMES.items()
    }
    text, title, url = values["text"], values["title"], values["url"]
    if not text or not text.strip():
        raise NoArticle(f"is JSON without 'text', expected one of {list(_NAMES['text'])}.")
    if len(text) > LARGEST_ARTICLE:
        raise NoArticle(
            f"is a text of {len(text):,} letters, expected {LARGEST_ARTICLE:,} at most."
        )
    language = values["language"] or ""
    return RawArticle(
        source_id=entry_digest(title or "", url or "", text),
        name=where,
        text=text,
        url=url,
        header_date=_day(values["day"] or ""),
        title_hint=title,
        publisher_hint=values["publisher"],
        language_hint=language[:2].lower() or None,
    )


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[: len("2023-06-20")]).isoformat()
    except ValueError:
        return None
