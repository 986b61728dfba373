"""Claims of the press as a reader asks for them, each with the outcome of its newest check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.checked_runs import RULE as BESIDE
from entrepot.api.claims_held import ClaimFilter, claims_held
from entrepot.dossier.record import first_day
from entrepot.dossier.record_entries import claim_words
from entrepot.lake import Lake
from entrepot.tables import ARTICLES, CLAIMS, FINDINGS

Row = dict[str, Any]
Outcome = Literal["", "supported", "contradicted", "unknown", "not assessed"]
Order = Literal["down", "up"]

UNCHECKED = "not assessed"
NOT_CHECKED = "The claim was not checked yet: run `entrepot check`."
NEWEST = "said_on"
# What a reader may sort by; claims of an open year come last either way.
SORTS = (NEWEST, "claimant", "product", "outcome", "article")

_OF_CLAIM = (
    *("claim_id", "claimant_name", "text", "polarity", "exporter", "importer", "via", "flow"),
    *("product", "product_text", "commodities", "relation", "comparison"),
)
_BEHIND = ("about", "baseline", "said_on", "basis", "extractor", "source_id")
CLAIMS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("outcome", "claim", *_OF_CLAIM)),
        ("value", pa.float64()),
        ("unit", pa.string()),
        *((name, pa.string()) for name in _BEHIND),
        *((name, pa.int64()) for name in ("char_start", "char_end")),
        *((name, pa.string()) for name in ("article", "title", "publisher", "language", "url")),
        ("detail", pa.string()),
        ("observed", pa.float64()),
        ("expected", pa.float64()),
        *((name, pa.string()) for name in ("checked_unit", "evidence", "caveats")),
    ]
)


@dataclass(frozen=True, slots=True)
class ClaimsAsked:
    """Which claims a reader asks for.

    Args:
        country: Area on either side, between, or whose statistics are meant; all where empty.
        product: Key of the lexicon of goods; all where empty.
        claimant: Name of who makes them, in any spelling or script; all where empty.
        outcome: Outcome of the newest check; any where empty.
        since: First day of the article; a claim of an open year is kept.
        until: Last day of the article; a claim of an open year is kept.
        sort: One of :data:`SORTS`.
        order: ``down`` begins with the newest, or the last in the alphabet.
    """

    country: str = ""
    product: str = ""
    claimant: str = ""
    outcome: Outcome = ""
    since: date | None = None
    until: date | None = None
    sort: str = NEWEST
    order: Order = "down"


def claims_asked(lake: Lake, asked: ClaimsAsked) -> pa.Table:
    """Claims with the outcome of their newest check.

    Args:
        lake: The lake.
        asked: Which, and in which order.

    Returns:
        One row a claim, columns of :data:`CLAIMS_SCHEMA`; those that only repeat are left out.

    Raises:
        LakeError: If the lake is torn.
    """
    wanted = ClaimFilter(speaker=asked.claimant, country=asked.country, since=asked.since)
    held = [row for row in claims_held(lake, wanted) if _is_asked(row, asked)]
    found, told = findings_of(lake), articles_of(lake)
    rows = [_laid(row, found.get(row["claim_id"], ()), told) for row in held]
    kept = [row for row in rows if asked.outcome in ("", row["outcome"])]
    return pa.Table.from_pylist(_sorted(kept, asked), schema=CLAIMS_SCHEMA)


def products_claimed(lake: Lake) -> tuple[str, ...]:
    """Goods that claims are about.

    Args:
        lake: The lake.

    Returns:
        Keys of the lexicon, sorted; none where the lake holds no claim.
    """
    if not lake.has(CLAIMS):
        return ()
    kept = lake.table(CLAIMS).filter(~nw.col("is_optional")).select("product").unique()
    return tuple(sorted(kept.collect()["product"].to_list()))


def findings_of(lake: Lake) -> Mapping[str, tuple[Row, ...]]:
    """What the newest check found of each claim.

    Args:
        lake: The lake.

    Returns:
        Rows of ``findings`` by claim; the check of the claim itself first.
    """
    if not lake.has(FINDINGS):
        return {}
    rows = lake.table(FINDINGS).filter(nw.col("subject") == "claim")
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows.collect("pyarrow").to_native().to_pylist():
        found[row["subject_id"]].append(row)
    return {
        name: tuple(sorted(same, key=lambda row: (row["rule"] == BESIDE, row["rule"])))
        for name, same in found.items()
    }


def articles_of(lake: Lake) -> Mapping[str, Row]:
    """What articles say of themselves, without their text.

    Args:
        lake: The lake.

    Returns:
        Rows of ``articles`` by source id.
    """
    if not lake.has(ARTICLES):
        return {}
    columns = ("source_id", "name", "title", "publisher", "language", "url", "date", "read_on")
    rows = lake.table(ARTICLES).select(*columns).collect("pyarrow").to_native().to_pylist()
    return {row["source_id"]: row for row in rows}


def outcome_of(findings: Iterable[Row]) -> Row:
    """The outcome of a claim's own check.

    Args:
        findings: Findings about it.

    Returns:
        The finding of the check; a row that says so where it was not checked.

    Example:
        >>> outcome_of([])["outcome"]
        'not assessed'
    """
    unchecked: Row = {
        "outcome": UNCHECKED,
        "detail": NOT_CHECKED,
        **dict.fromkeys(("observed", "expected", "unit")),
        "evidence": "",
        "caveats": "",
    }
    return next((row for row in findings if row["rule"] != BESIDE), unchecked)


def publisher_words(told: Row) -> str:
    """The publisher of an article in words: an entity is told by its name.

    Args:
        told: Row of ``articles``.

    Example:
        >>> publisher_words({"publisher": "org:tass"}), publisher_words({"publisher": None})
        ('TASS', 'publisher not named')
    """
    name = told["publisher"] or "publisher not named"
    if not name.startswith("org:"):
        return str(name)
    words = name.removeprefix("org:").replace("_", " ")
    return words.upper() if len(words) <= 4 else words.title()


def title_words(told: Row) -> str:
    """The title of an article; the name of its file where it has none.

    Args:
        told: Row of ``articles``.

    Example:
        >>> title_words({"title": None, "name": "press/one.txt"})
        'one.txt'
    """
    return str(told["title"] or told["name"].rsplit("/")[-1])


def _is_asked(row: Row, asked: ClaimsAsked) -> bool:
    if asked.product and row["product"] != asked.product:
        return False
    first = first_day(row["said_on"])
    return asked.until is None or first is None or first <= asked.until


def _laid(row: Row, findings: Iterable[Row], told: Mapping[str, Row]) -> Row:
    check, article = outcome_of(findings), told[row["source_id"]]
    same = (*_OF_CLAIM, "value", "unit", *_BEHIND, "char_start", "char_end", "article")
    return {
        **{name: row[name] for name in same},
        "claim": claim_words(row),
        **{name: article[name] for name in ("language", "url")},
        "title": title_words(article),
        "publisher": publisher_words(article),
        **{name: check[name] for name in ("outcome", "detail", "observed", "expected")},
        **{name: check[name] for name in ("evidence", "caveats")},
        "checked_unit": check["unit"],
    }


def _sorted(rows: list[Row], asked: ClaimsAsked) -> list[Row]:
    """Sort by one column; what is open stands last either way."""
    names = {"claimant": "claimant_name"}
    by = names.get(asked.sort, asked.sort)

    def value(row: Row) -> str:
        if by == NEWEST:
            day = first_day(row[by])
            return "" if day is None else day.isoformat()
        return str(row[by] or "").casefold()

    rows = sorted(rows, key=lambda row: (row["article"], row["char_start"]))
    held = [row for row in rows if value(row)]
    return [
        *sorted(held, key=value, reverse=asked.order == "down"),
        *(row for row in rows if not value(row)),
    ]
