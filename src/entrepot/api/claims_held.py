"""Claims to be checked, out of the lake or out of articles, and their findings back into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.reading import Reading
from entrepot.codes.areas import area
from entrepot.codes.groupings import grouping_names
from entrepot.dossier.record import last_day
from entrepot.dossier.record_entries import claim_words
from entrepot.finding import Finding
from entrepot.lake import Lake
from entrepot.press.article import LANGUAGES
from entrepot.press.article_rows import article_rows, claim_of
from entrepot.press.check_records import ClaimOfArticle
from entrepot.press.names import skeletons
from entrepot.tables import ARTICLES, CLAIMS, FINDINGS

Row = dict[str, Any]
UNIT = "claims"  # of the findings about claims in the lake
NOT_STORED = "not stored"
_SUBJECT = "claim"
_PARTIES = ("exporter", "importer", "via", "reporter", "partner")

CHECKED_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("claim_id", "rule", "outcome", "claimant", "text")),
        *((name, pa.string()) for name in ("claim", "polarity", "said_on", "detail")),
        *((name, pa.float64()) for name in ("observed", "expected")),
        *((name, pa.string()) for name in ("unit", "evidence", "caveats", "article", "source_id")),
        *((name, pa.int64()) for name in ("char_start", "char_end")),
    ]
)


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are asked for.

    Args:
        speaker: Name of who makes them, in any spelling or script, or an entity; all where empty.
        country: Area on either side, between, or whose statistics are meant; all where empty.
        since: First day of the article; a claim of an article whose year is open is kept.
        article: Beginning of the source id, or part of the file's name; all where empty.
    """

    speaker: str = ""
    country: str = ""
    since: date | None = None
    article: str = ""


def area_asked(name: str) -> str:
    """Say which area or grouping is asked for.

    Args:
        name: ISO 3166-1 alpha-2 or a grouping, in letters of either case; empty for all.

    Returns:
        Its code; empty for all.

    Raises:
        CodeError: If it is not known.

    Example:
        >>> area_asked(" kz"), area_asked("")
        ('KZ', '')
    """
    code = name.strip().upper()
    if code and code not in grouping_names():
        area(code)
    return code


def claims_held(lake: Lake, wanted: ClaimFilter) -> list[Row]:
    """Take claims out of the lake.

    Args:
        lake: The lake.
        wanted: Which.

    Returns:
        Rows of ``claims`` with ``article``, the file it came in, and ``read_on``; those that only
        repeat are left out.

    Raises:
        LakeError: If the lake is torn.
    """
    if not lake.has(CLAIMS):
        return []
    names = lake.table(ARTICLES).select("source_id", "read_on", nw.col("name").alias("article"))
    rows = lake.table(CLAIMS).join(names, on="source_id", how="inner")
    found: list[Row] = rows.collect("pyarrow").to_native().to_pylist()
    return asked(found, wanted)


def claims_read(found: Iterable[Reading]) -> list[Row]:
    """Take claims out of articles that are being read.

    Args:
        found: Readings.

    Returns:
        The same as :func:`claims_held`.
    """
    return [
        {**row, "article": one.origin.name, "read_on": one.origin.read_on}
        for one in found
        if one.article is not None and one.origin is not None
        for row in article_rows(one.article, one.origin, NOT_STORED)[CLAIMS.name]
    ]


def asked(rows: Iterable[Row], wanted: ClaimFilter) -> list[Row]:
    """Keep the claims that are asked for, in the order of the articles.

    Args:
        rows: Rows of ``claims`` with ``article``.
        wanted: Which.

    Returns:
        Those kept.
    """
    kept = [row for row in rows if not row["is_optional"] and _is_asked(row, wanted)]
    return sorted(kept, key=lambda row: (row["article"], row["char_start"], row["claim_id"]))


def _is_asked(row: Row, wanted: ClaimFilter) -> bool:
    if wanted.country and wanted.country not in {row[name] for name in _PARTIES}:
        return False
    if wanted.speaker and not _is_speaker(row, wanted.speaker):
        return False
    is_named = row["source_id"].startswith(wanted.article) or wanted.article in row["article"]
    last = last_day(row["said_on"])
    is_late = wanted.since is None or last is None or last >= wanted.since
    return is_named and is_late


def _is_speaker(row: Row, name: str) -> bool:
    if name in row["claimant"].split() or name.lower() in (row["claimant_name"] or "").lower():
        return True
    spelled = {f"per:{one}" for language in LANGUAGES for one in _skeletons(name, language)}
    return not spelled.isdisjoint(row["claimant_key"].split())


def _skeletons(name: str, language: Any) -> frozenset[str]:
    words = name.split()
    return skeletons(words[-1], language) if words else frozenset()


def to_check(rows: Iterable[Row]) -> list[ClaimOfArticle]:
    """Hand claims to the check.

    Args:
        rows: Rows of ``claims``.

    Returns:
        The claims as they were read, each with its article.
    """
    return [
        ClaimOfArticle(
            claim=claim_of(row),
            **{name: row[name] for name in ("claim_id", "source_id", "said_on", "read_on", "text")},
        )
        for row in rows
    ]


def keep_findings(lake: Lake, rows: Sequence[Row], found: Sequence[Finding]) -> None:
    """Write what was found; what was found of the same claims before is replaced.

    Args:
        lake: The lake.
        rows: The claims that were checked.
        found: Findings about them.

    Raises:
        LakeError: If another writer keeps the lake, or a row breaks the table.
    """
    names = sorted({row["claim_id"] for row in rows})
    with lake.write() as transaction:
        older: list[Row] = []
        if UNIT in lake.units(FINDINGS):
            mine = nw.col("subject") == _SUBJECT
            others = lake.table(FINDINGS).filter(mine, ~nw.col("subject_id").is_in(names))
            held = set(_claim_ids(lake))
            kept = others.collect("pyarrow").to_native().to_pylist()
            # A claim that was read away leaves no finding behind.
            older = [row for row in kept if row["subject_id"] in held]
        transaction.put(FINDINGS, [*older, *(one.row() for one in found)], unit=UNIT)


def _claim_ids(lake: Lake) -> list[str]:
    if not lake.has(CLAIMS):
        return []
    ids: list[str] = lake.table(CLAIMS).select("claim_id").collect("pyarrow")["claim_id"].to_list()
    return ids


def checked_rows(rows: Sequence[Row], found: Sequence[Finding]) -> pa.Table:
    """Lay findings beside the claims they are about.

    Args:
        rows: The claims.
        found: Findings about them.

    Returns:
        One row a finding: what was claimed and by whom, outcome, numbers and sentence.
    """
    by_id = {row["claim_id"]: row for row in rows}
    laid = [_laid(by_id[one.subject_id], one) for one in found]
    return pa.Table.from_pylist(laid, schema=CHECKED_SCHEMA)


def _laid(row: Row, one: Finding) -> Row:
    same = ("claim_id", "text", "polarity", "said_on", "article", "source_id")
    return {
        **{name: row[name] for name in (*same, "char_start", "char_end")},
        "claimant": row["claimant_name"] or row["claimant"] or None,
        "claim": claim_words(row),
        **{
            name: value
            for name, value in one.row().items()
            if name in ("rule", "outcome", "detail", "observed", "expected", "unit", "evidence")
        },
        "caveats": " ".join(one.caveats),
    }
