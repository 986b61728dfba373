"""Articles in web pages: the text by trafilatura, the rest from what the page says of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from entrepot.sources.article_text import decoded
from entrepot.sources.raw_article import LARGEST_ARTICLE, NoArticle, RawArticle, digest

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Only encodings of texts: Python knows others by name, and some of them take their time.
_CHARSET = re.compile(
    rb"charset\s*=\s*[\"']?\s*(utf-?8|(?:windows-|cp)(?:125\d|866)|iso-?8859-\d{1,2}|koi8-[ru]"
    rb"|latin-?1|gb\w{1,8}|big5|shift_jis|euc-\w{2})\b",
    re.IGNORECASE,
)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
_HEAD = 4096
_TITLE_WITHIN = 2000  # characters of the text that are searched for the title
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate")
_TITLES = ("og:title", "twitter:title", "dc.title")
_PUBLISHERS = ("og:site_name", "application-name", "dc.publisher")
_BLOCKS = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"),
        *("tr", "table", "article", "section", "header", "footer"),
    )
)
_UNREAD = frozenset(("script", "style", "noscript", "template"))


@dataclass(frozen=True, slots=True)
class _Said:
    """What the head of a page says of it."""

    title: str | None
    day: str | None
    publisher: str | None
    language: str | None
    url: str | None


def html_article(content: bytes, name: str, url: str | None) -> RawArticle:
    """Find the article in a web page.

    Args:
        content: The page.
        name: Its file.
        url: Its address.

    Returns:
        The article; its title stands above its text where the text does not begin with it.

    Raises:
        NoArticle: If it is too large, is no text, or holds no article.
    """
    if len(content) > LARGEST_ARTICLE:
        raise NoArticle(
            f"is a page of {len(content):,} bytes, expected {LARGEST_ARTICLE:,} at most. Save the "
            "article alone."
        )
    found = _CHARSET.search(content, 0, _HEAD)
    text, encoding = decoded(content, found[1].decode("ascii") if found else None)
    tree = _tree(text)
    said = _said(tree)
    return RawArticle(
        source_id=digest(content),
        name=name,
        text=with_title(_main_text(text), said.title),
        url=url or said.url,
        header_date=said.day,
        title_hint=said.title,
        publisher_hint=said.publisher,
        language_hint=said.language,
        encoding=encoding,
    )


def with_title(text: str, title: str | None) -> str:
    r"""Put a title above a text that does not hold it.

    Args:
        text: The text.
        title: The title.

    Example:
        >>> with_title("It grew.", "Trade grows"), with_title("Growth\nIt grew.", "Growth")
        ('Trade grows\n\nIt grew.', 'Growth\nIt grew.')
    """
    is_there = title is None or _words(title) in _words(text[:_TITLE_WITHIN])
    return text if is_there else f"{title}\n\n{text}"


def plain_text(html: str) -> str:
    r"""Write a piece of HTML, as feeds have it, as text.

    Args:
        html: The piece; plain text is one too.

    Returns:
        The words, a line for each block.

    Raises:
        NoArticle: If it cannot be read.

    Example:
        >>> plain_text("<p>Trade <b>grew</b>.</p><p>It did &amp; does.</p>")
        'Trade grew.\n\nIt did & does.'
    """
    if "<" not in html and "&" not in html:
        return html.strip()
    # Soft hyphens are hints for a browser; in a text they would part words.
    found = "".join(_pieces(_tree(f"<div>{html}</div>"))).replace("\u00ad", "")
    lines = [re.sub(" +", " ", line).strip() for line in found.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(tree: HtmlElement) -> Iterator[str]:
    """Texts of a tree, without calling itself: a page may be nested a thousand times."""
    from lxml import etree

    skipped = 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        is_start, tag = event == "start", node.tag
        if event in ("comment", "pi"):
            yield "" if skipped else node.tail or ""
            continue
        skipped += (1 if is_start else -1) if tag in _UNREAD else 0
        if tag in _BLOCKS:
            yield "" if tag == "br" and not is_start else "\n"
        if not skipped:
            yield ((node.text if is_start else node.tail) or "").replace("\n", " ")


def _tree(text: str) -> HtmlElement:
    from lxml import etree, html

    try:
        # A declared encoding was used already, and is refused in text.
        tree: HtmlElement = html.document_fromstring(_XML_HEAD.sub("", text, count=1))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NoArticle(f"is no HTML that can be read ({error}).") from error
    return tree


def _main_text(text: str) -> str:
    from trafilatura import extract

    try:
        found = extract(
            text, include_comments=False, include_links=False, include_images=False, fast=False
        )
    except (RecursionError, ValueError, AttributeError) as error:
        raise NoArticle(f"the article cannot be told from its page ({error}).") from error
    if not found or not found.strip():
        raise NoArticle("no article is found in the page. Save its text.")
    return found


def _said(tree: HtmlElement) -> _Said:
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop")
        value = meta.get("content")
        if key and value and value.strip():
            named.setdefault(key.lower(), value.strip())
    linked = _linked_data(tree)
    language = (tree.get("lang") or tree.get("xml:lang") or named.get("og:locale") or "")[:2]
    canonical = [link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"]
    address = named.get("og:url") or (canonical[0] if canonical else None)
    publisher = linked.get("publisher")
    return _Said(
        title=_first(named, _TITLES) or _text(linked.get("headline")) or _heading(tree),
        day=_day(_first(named, _DATES[:2]))
        or _day(linked.get("datePublished"))
        or _day(_first(named, _DATES[2:])),
        publisher=_first(named, _PUBLISHERS)
        or _text(publisher.get("name") if isinstance(publisher, dict) else publisher),
        language=language.lower() if language.isalpha() and len(language) == 2 else None,
        url=address if address and address.startswith(("http://", "https://")) else None,
    )


def _first(named: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((named[key] for key in keys if key in named), None)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: object) -> str | None:
    """A day in ISO 8601; other ways of writing one are ambiguous, and left open."""
    found = _DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]).isoformat()
    except ValueError:
        return None


def _heading(tree: HtmlElement) -> str | None:
    headings = [node for tag in ("h1", "title") for node in tree.iter(tag)]
    words = (" ".join("".join(node.itertext()).split()) for node in headings)
    return next((found for found in words if found), None)


def _linked_data(tree: HtmlElement) -> dict[str, Any]:
    """The first record of schema.org that tells when the article was published."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = found.get("@graph", [found]) if isinstance(found, dict) else found
        for record in graph if isinstance(graph, list) else ():
            if isinstance(record, dict) and "datePublished" in record:
                return record
    return {}


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
