"""Articles in feeds, RSS 2.0 and 1.0 and Atom: one an entry, summaries told apart.

A feed is parsed without its document type: whoever declares entities is refused, because a few
lines of them unfold to gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from entrepot.sources.articles_html import plain_text, with_title
from entrepot.sources.raw_article import NoArticle, RawArticle, Refused, entry_digest

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOTS = re.compile(rb"<(?:[A-Za-z]+:)?(?:rss|feed|RDF)[\s>]")
_HEAD = 4096
_PICTURES = "{http://search.yahoo.com/mrss/"
_CONTENT = ("encoded", "content", "body", "full-text")  # in the order in which they are preferred
_SUMMARY = ("description", "summary")
_DAYS = ("pubDate", "published", "date", "issued", "updated")


def is_feed(content: bytes) -> bool:
    """Whether bytes begin as a feed does.

    Args:
        content: The bytes.

    Example:
        >>> is_feed(b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>')
        True
    """
    head = content[:_HEAD].replace(b"\0", b"")
    return bool(_ROOTS.search(head)) and b"<html" not in head.lower()


def feed_articles(content: bytes, name: str) -> Iterator[RawArticle | Refused]:
    """Go through the entries of a feed.

    Args:
        content: The feed.
        name: Its file.

    Yields:
        An article an entry, or why it is none.

    Raises:
        NoArticle: If it is no feed, or one that declares entities.
    """
    root = _root(content)
    channel = next((node for node in root.iter() if _tag(node) == "channel"), root)
    publisher = _child_text(channel, ("title",))
    language = _child_text(channel, ("language",)) or root.get(
        "{http://www.w3.org/XML/1998/namespace}lang", ""
    )
    entries = (node for node in root.iter() if _tag(node) in ("item", "entry"))
    count = 0
    for count, entry in enumerate(entries, 1):
        where = f"{name}#{count}"
        try:
            yield _article(entry, where, publisher or None, language[:2].lower() or None)
        except NoArticle as error:
            yield Refused(where, str(error))
    if not count:
        raise NoArticle("is a feed without entries, expected one at least.")


def _root(content: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoArticle(f"is a feed that is damaged ({error}), expected XML.") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and list(declared.iterentities()):
        raise NoArticle("is a feed that declares entities, expected none: they may unfold.")
    return root


def _article(
    entry: _Element, where: str, publisher: str | None, language: str | None
) -> RawArticle:
    title = plain_text(_child_text(entry, ("title",))) or None
    content, summary = _child_text(entry, _CONTENT), _child_text(entry, _SUMMARY)
    body = plain_text(content or summary)
    if not body and title is None:
        raise NoArticle("is an entry without title and text.")
    address = _address(entry)
    return RawArticle(
        source_id=entry_digest(title or "", address or "", body),
        name=where,
        text=with_title(body, title).strip(),
        url=address,
        header_date=_day(_child_text(entry, _DAYS)),
        title_hint=title,
        publisher_hint=publisher,
        language_hint=language,
        is_summary=not content,
    )


def _tag(node: _Element) -> str:
    """A tag without its namespace; empty for comments, and for pictures, which have titles too."""
    space, _, name = node.tag.rpartition("}") if isinstance(node.tag, str) else ("", "", "")
    return "" if space == _PICTURES else name


def _child_text(node: _Element, names: tuple[str, ...]) -> str:
    """Text of the first child of these names, markup inside it included."""
    from lxml import etree

    for name in names:
        for child in node:
            if _tag(child) != name:
                continue
            if len(child):  # XHTML, as Atom allows it, stands there as elements
                inside = "".join(etree.tostring(part, encoding="unicode") for part in child)
                return f"{child.text or ''}{inside}".strip()
            if child.text and child.text.strip():
                return str(child.text).strip()
    return ""


def _address(entry: _Element) -> str | None:
    links = [child for child in entry if _tag(child) == "link"]
    found = [
        link.get("href") or (link.text or "").strip()
        for link in links
        if link.get("rel", "alternate") == "alternate"
    ]
    return next((url for url in found if url.startswith(("http://", "https://"))), None)


def _day(text: str) -> str | None:
    """Day of ISO 8601 (Atom, RSS 1.0) or RFC 822 (RSS 2.0)."""
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return None
