"""Articles into the lake: read one after another, written in batches, each seen whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.press_sources import raw_articles
from entrepot.finding import Finding
from entrepot.lake import Lake
from entrepot.press.article import DateBasis
from entrepot.press.article_rows import PRESS_TABLES, Origin, Row, article_rows
from entrepot.press.links import DAYS, Told, linked, told
from entrepot.press.nearby_days import days_around
from entrepot.press.reader import read_article
from entrepot.press.told import Article, Claim, Statement
from entrepot.sources.articles import RawArticle, Refused
from entrepot.tables import ARTICLES, CLAIMS, FINDINGS, QUOTES
from entrepot.transaction import Transaction

BATCH = 250  # articles written together: some ten megabytes of rows
FOLDER = Path("fetched") / "articles"  # of the lake: pages as they came, with their records
READING = "read_article"  # rule and unit of the findings about files that cannot be read

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one article.

    Args:
        origin: Where it came from; nothing where it could not be read.
        article: What was read; nothing where it could not be.
        name: Its file, or the entry of a feed.
        reason: Why it could not be read; empty where it was.
        proposed: What of it a model proposed and the text bears out.
        model: Name of that model; empty where none was asked.
    """

    origin: Origin | None
    article: Article | None
    name: str
    reason: str = ""
    proposed: frozenset[Statement | Claim] = frozenset()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written.

    Args:
        article_count: Articles.
        refused: Readings that are none, with their reasons.
        row_counts: Rows of each table, by its name.
        linked_count: Statements that an article read before, or another one, tells too.
    """

    article_count: int
    refused: tuple[Reading, ...]
    row_counts: dict[str, int]
    linked_count: int


def readings(
    where: Sequence[str], on: date, into: Path | None = None, published: date | None = None
) -> Iterator[Reading]:
    """Read articles one after another; what cannot be read says why.

    Args:
        where: Files, folders and addresses.
        on: Day after which none can have been written.
        into: Folder in which fetched pages are kept; they are not kept where open.
        published: Day of publication, for articles whose text leaves its day or year open.

    Returns:
        One record an article, in the order of the files; nothing is read ahead.

    Raises:
        SourceError: If a file or folder is not there.
    """
    for raw in raw_articles(where, into):
        if isinstance(raw, Refused):
            yield Reading(None, None, _writable(raw.name), _writable(raw.reason))
        else:
            yield _reading(raw, on, published)


def _reading(raw: RawArticle, on: date, published: date | None) -> Reading:
    known: tuple[str | None, DateBasis] = (
        raw.header_date[:10] if raw.header_date else None,
        "header",
    )
    if published is not None:
        known = published.isoformat(), "given"
    article = read_article(_writable(raw.text), on, *known)
    metadata = article.metadata
    if metadata.publisher is None and raw.publisher_hint:
        metadata = replace(metadata, publisher=_writable(raw.publisher_hint))
    title = None if raw.title_hint is None else _writable(raw.title_hint)
    url = None if raw.url is None else _writable(raw.url)
    origin = Origin(raw.source_id, _writable(raw.name), url, on, title, raw.is_summary)
    return Reading(origin, replace(article, metadata=metadata), origin.name)


def _writable(text: str) -> str:
    """The text with half characters, which no file can hold, replaced one by one."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def store_readings(lake: Lake, found: Iterable[Reading]) -> Stored:
    """Write readings into the lake, a batch at a time, in bounded memory.

    An article that is in the lake already is replaced; one statement told twice gets one
    ``statement_id``. Who is interrupted finds the batches before in the lake.

    Args:
        lake: The lake.
        found: Readings.

    Returns:
        What was written.

    Raises:
        LakeError: If another writer keeps the lake, or a row breaks its table.
    """
    counts = dict.fromkeys((table.name for table in PRESS_TABLES), 0)
    refused: list[Reading] = []
    linked_count = 0
    for batch in _batches(found):
        refused += [one for one in batch if one.reason]
        rows = _rows([one for one in batch if not one.reason])
        with lake.write() as transaction:
            linked_count += _write(lake, transaction, rows)
            _note(lake, transaction, batch)
        for name, written in rows.items():
            counts[name] += len(written)
    return Stored(counts[ARTICLES.name], tuple(refused), counts, linked_count)


def _batches(found: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Readings in batches, each article once."""
    held: dict[str, Reading] = {}
    for one in found:
        held.setdefault(one.origin.sha256 if one.origin else one.name, one)
        if len(held) == BATCH:
            yield list(held.values())
            held = {}
    if held:
        yield list(held.values())


def _rows(batch: Sequence[Reading]) -> dict[str, list[Row]]:
    joined = " ".join(one.origin.source_id for one in batch if one.origin)
    batch_id = "press-" + hashlib.sha256(joined.encode()).hexdigest()[:16]
    rows: dict[str, list[Row]] = {table.name: [] for table in PRESS_TABLES}
    for one in batch:
        for name, written in reading_rows(one, batch_id).items():
            rows[name] += written
    return rows


def reading_rows(one: Reading, batch_id: str) -> dict[str, list[Row]]:
    """Write a reading as rows, each saying what found it.

    Args:
        one: The reading.
        batch_id: The articles it is written with.

    Returns:
        Rows of each table of the press by its name; none where it could not be read.
    """
    if one.article is None or one.origin is None:
        return {}
    rows = article_rows(one.article, one.origin, batch_id)
    found: tuple[tuple[str, Sequence[Statement | Claim]], ...] = (
        (QUOTES.name, one.article.statements),
        (CLAIMS.name, one.article.claims),
    )
    for name, items in found:
        for row, item in zip(rows[name], items, strict=True):
            row["extractor"] = one.model if item in one.proposed else row["extractor"]
    return rows


def _write(lake: Lake, transaction: Transaction, rows: dict[str, list[Row]]) -> int:
    if not rows[ARTICLES.name]:
        return 0
    batch_id = rows[ARTICLES.name][0]["batch_id"]
    names = [row["source_id"] for row in rows[ARTICLES.name]]
    _make_room(lake, transaction, names, batch_id)
    count = _link(lake, rows, names)
    for table in PRESS_TABLES:
        transaction.put(table, rows[table.name], unit=batch_id)
    return count


def _make_room(lake: Lake, transaction: Transaction, names: list[str], batch_id: str) -> None:
    """Write older batches again without the articles that are now read anew."""
    if not lake.has(ARTICLES):
        return
    articles = lake.table(ARTICLES).select("source_id", "batch_id")
    held = _collected(articles)
    members: dict[str, list[str]] = {}
    for row in held:
        members.setdefault(row["batch_id"], []).append(row["source_id"])
    new = set(names)
    for older, inside in members.items():
        if older == batch_id or not new & set(inside):
            continue
        kept = [name for name in inside if name not in new]
        for table in PRESS_TABLES:
            if kept:
                rows = lake.table(table).filter(nw.col("source_id").is_in(kept))
                transaction.put(table, rows.collect("pyarrow").to_native(), unit=older)
            else:
                transaction.drop(table, unit=older)


def _link(lake: Lake, rows: dict[str, list[Row]], names: list[str]) -> int:
    """Give one statement one id; returns how many quotes share theirs."""
    languages = {row["source_id"]: row["language"] for row in rows[ARTICLES.name]}
    quotes = rows[QUOTES.name]
    new = [told(row, languages[row["source_id"]]) for row in quotes]
    known = _known(lake, new, names)
    found = linked(new, known)
    shares: dict[str, int] = {one.statement_id: 1 for one in known}
    for row in quotes:
        row["statement_id"] = found[row["quote_id"]]
        shares[row["statement_id"]] = shares.get(row["statement_id"], 0) + 1
    return sum(shares[row["statement_id"]] > 1 for row in quotes)


def _known(lake: Lake, new: Sequence[Told], names: list[str]) -> list[Told]:
    """Quotes in the lake of the same speakers on days close by."""
    if not lake.has(QUOTES) or not new:
        return []
    speakers = sorted({one.speaker_key for one in new})
    near = {day for one in new for day in days_around(one.said_on, DAYS)}
    languages = lake.table(ARTICLES).select("source_id", "language")
    close = (
        lake.table(QUOTES)
        .filter(
            nw.col("speaker_key").is_in(speakers),
            nw.col("said_on").str.slice(5).is_in(sorted(near)),
            ~nw.col("source_id").is_in(names),
        )
        .join(languages, on="source_id", how="inner")
    )
    same = ("statement_id", "speaker_key", "said_on", "language", "text")  # a text reprinted
    first = close.group_by(*same).agg(nw.col("quote_id").min()).select("quote_id")
    rows = _collected(close.join(first, on="quote_id", how="semi"))
    return [told(row, row["language"]) for row in sorted(rows, key=_order)]


def _order(row: Row) -> str:
    return str(row["quote_id"])


def _note(lake: Lake, transaction: Transaction, batch: Sequence[Reading]) -> None:
    """Keep why a file could not be read; forget it where it now can."""
    names = {one.name for one in batch}
    older = []
    if READING in lake.units(FINDINGS):
        mine = lake.table(FINDINGS).filter(nw.col("rule") == READING)
        older = [row for row in _collected(mine) if row["subject_id"] not in names]
    now = [_finding(one).row() for one in batch if one.reason]
    if older or now or READING in lake.units(FINDINGS):
        transaction.put(FINDINGS, [*older, *now], unit=READING)


def _finding(one: Reading) -> Finding:
    digest = hashlib.sha256(one.name.encode("utf-8", "replace")).hexdigest()[:16]
    detail = one.reason if one.reason.endswith(".") else f"{one.reason}."
    return Finding(digest, READING, "file", one.name, "unknown", detail, (f"file {one.name}",))


def _collected(rows: nw.LazyFrame[Any]) -> list[Row]:
    found: list[Row] = rows.collect("pyarrow").to_native().to_pylist()
    return found
