"""One claim with all that the lake says of it: its words, its check, who else said it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.claim_evidence import evidence_of
from entrepot.api.claim_told import NEVER_CHECKED, Checked, checked_in_words, fields_of
from entrepot.api.claims_held import ClaimFilter, claims_held
from entrepot.api.claims_shown import (
    articles_of,
    findings_of,
    outcome_of,
    publisher_words,
    title_words,
)
from entrepot.dossier.record_entries import claim_words
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.press.article_rows import claim_of
from entrepot.press.claim_sentences import claimed_words
from entrepot.tables import ARTICLES, QUOTES

Row = dict[str, Any]
AROUND = 280  # letters shown on either side of the words: a sentence or two
SHOWN = 40  # other statements of a speaker that a page shows
# What a claim is made of: two that share it speak of the same trade in the same way.
_SAME = ("exporter", "importer", "via", "flow", "product", "relation")


@dataclass(frozen=True, slots=True)
class Told:
    """Words in an article, with where they stand.

    Args:
        key: Id of the claim; empty for a statement.
        who: Who said it.
        when: Day, in words.
        words: The words.
        what: What they assert or do, in a few words.
        outcome: Outcome of the check; empty for a statement.
        source: Publisher, title and language.
        source_id: The article.
        place: First and last character.
    """

    key: str
    who: str
    when: str
    words: str
    what: str
    outcome: str
    source: str
    source_id: str
    place: str


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """One claim with all that the lake says of it.

    Args:
        title: What is claimed, in words.
        told: The claim itself.
        before: Words of the article before it.
        after: Words of the article behind it.
        article: What the article says of itself, by name.
        fields: What was read out of the words, by name.
        checks: What was found.
        same: The same trade claimed in the same way elsewhere.
        others: Other statements of the same speakers.
        left_out: How many of those are not shown.
    """

    title: str
    told: Told
    before: str
    after: str
    article: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    checks: tuple[Checked, ...]
    same: tuple[Told, ...]
    others: tuple[Told, ...]
    left_out: int


def claim_shown(lake: Lake, claim_id: str) -> ClaimShown:
    """Gather all that the lake says of one claim.

    Args:
        lake: The lake.
        claim_id: Its id in the table ``claims``.

    Returns:
        Its words, what was read out of them, what was found, and what stands beside it.

    Raises:
        LakeError: If the lake holds no such claim.
    """
    rows = claims_held(lake, ClaimFilter())
    row = next((one for one in rows if one["claim_id"] == claim_id), None)
    if row is None:
        raise LakeError(
            f"The lake holds no claim {claim_id!r}, expected one of the {len(rows):,} that /claims "
            "lists."
        )
    found, articles = findings_of(lake), articles_of(lake)
    about = articles[row["source_id"]]
    before, after = _around(lake, row)
    quotes = _quotes(lake, row)
    told = [_claim_told(one, outcome_of(found.get(one["claim_id"], ())), articles) for one in rows]
    by_id = {one.key: one for one in told}
    return ClaimShown(
        title=claimed_words(claim_of(row)),
        told=by_id[claim_id],
        before=before,
        after=after,
        article=_article_fields(about),
        fields=fields_of(row),
        checks=tuple(_checked(lake, one) for one in found.get(claim_id, ())) or (NEVER_CHECKED,),
        same=tuple(by_id[one["claim_id"]] for one in rows if _is_same(one, row)),
        others=tuple(_quote_told(one, articles) for one in quotes[:SHOWN]),
        left_out=max(0, len(quotes) - SHOWN),
    )


def _checked(lake: Lake, row: Row) -> Checked:
    return checked_in_words(row, evidence_of(lake, row["evidence"]))


def _around(lake: Lake, row: Row) -> tuple[str, str]:
    asked = lake.table(ARTICLES).filter(nw.col("source_id") == row["source_id"]).select("text")
    (text,) = asked.collect()["text"].to_list()
    start, end = row["char_start"], row["char_end"]
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = f"… {before.partition(' ')[2]}"
    if end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    return before, after


def _article_fields(told: Row) -> tuple[tuple[str, str], ...]:
    return (
        ("Title", told["title"] or "none"),
        ("Publisher", publisher_words(told)),
        ("Day", told["date"] or "left open"),
        ("Language", told["language"]),
        ("File", told["name"]),
        ("Address", told["url"] or "not fetched from one"),
        ("Digest", told["source_id"]),
    )


def _source_words(told: Row) -> str:
    return f"{publisher_words(told)}, {title_words(told)} ({told['language']})"


def _claim_told(row: Row, check: Row, articles: Any) -> Told:
    return Told(
        key=row["claim_id"],
        who=row["claimant_name"] or "nobody named",
        when=row["said_on"] or "day left open",
        words=_on_one_line(row["text"]),
        what=claim_words(row),
        outcome=check["outcome"],
        source=_source_words(articles[row["source_id"]]),
        source_id=row["source_id"],
        place=f"characters {row['char_start']:,} to {row['char_end']:,}",
    )


def _quote_told(row: Row, articles: Any) -> Told:
    return Told(
        key="",
        who=row["speaker_name"] or row["speaker_text"],
        when=row["said_on"] or "day left open",
        words=_on_one_line(row["text"]),
        what=row["act"].replace("_", " "),
        outcome="",
        source=_source_words(articles[row["source_id"]]),
        source_id=row["source_id"],
        place=f"characters {row['char_start']:,} to {row['char_end']:,}",
    )


def _is_same(one: Row, row: Row) -> bool:
    is_other = one["claim_id"] != row["claim_id"]
    return is_other and all(one[name] == row[name] for name in _SAME)


def _quotes(lake: Lake, row: Row) -> list[Row]:
    """What the same speakers said elsewhere, each statement once, the newest first."""
    keys = row["claimant_key"].split()
    if not keys or not lake.has(QUOTES):
        return []
    rows = lake.table(QUOTES).filter(
        nw.any_horizontal(
            *(nw.col("speaker_key").str.contains(key, literal=True) for key in keys),
            ignore_nulls=True,
        ),
        ~nw.col("is_optional"),
    )
    found = rows.collect("pyarrow").to_native().to_pylist()
    mine = [one for one in found if not set(keys).isdisjoint(one["speaker_key"].split())]
    return _each_once(mine, row)


def _each_once(rows: Iterable[Row], row: Row) -> list[Row]:
    kept: dict[str, Row] = {}
    for one in sorted(rows, key=lambda one: (one["source_id"], one["char_start"])):
        is_here = one["source_id"] == row["source_id"]
        overlaps = one["char_start"] < row["char_end"] and row["char_start"] < one["char_end"]
        if not (is_here and overlaps):
            kept.setdefault(one["statement_id"], one)
    return _newest_first(list(kept.values()))


def _newest_first(rows: Sequence[Row]) -> list[Row]:
    dated = [one for one in rows if (one["said_on"] or "X")[0].isdigit()]
    rest = [one for one in rows if one not in dated]
    return [*sorted(dated, key=lambda one: one["said_on"], reverse=True), *rest]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
