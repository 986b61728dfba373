"""Claims that a program brings, in words or in fields, checked at once; nothing is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from entrepot.api.checked import checked
from entrepot.api.claims_held import area_asked, claims_read, to_check
from entrepot.api.reading import Reading
from entrepot.dossier.record_entries import claim_words
from entrepot.dossier.records import Note
from entrepot.dossier.scene import notes
from entrepot.errors import SourceError
from entrepot.finding import Finding, Outcome
from entrepot.lake import Lake
from entrepot.press.article import Language
from entrepot.press.article_rows import Origin
from entrepot.press.check_records import CheckOptions
from entrepot.press.claim_sentences import WORLD
from entrepot.press.products import goods
from entrepot.press.reader import read_article
from entrepot.tables import CLAIMS

Row = dict[str, Any]
NAME = "request"
LONGEST = 20_000  # letters of a text: a long article


@dataclass(frozen=True, slots=True)
class TextAsked:
    """A text whose claims are checked.

    Args:
        text: The text.
        published: Day it was published, for words such as "last year"; open where not known.
        language: Language it must be in; told by its words where open.
        tolerance: Share by which a number may miss the claimed one; by its rounding where open.
    """

    text: str
    published: date | None = None
    language: Language | None = None
    tolerance: float | None = None


@dataclass(frozen=True, slots=True)
class ClaimFields:
    """One assertion about trade, field by field.

    Args:
        exporter: Who exports: ISO 3166-1 alpha-2, a grouping such as EU, or W0 for the world.
        importer: Who imports, likewise.
        via: Third country the goods are said to pass through; open for none.
        flow: export, import, trade (both) or re-export.
        product: Key of the lexicon of goods; `total` for all goods.
        relation: What is said of the amount.
        comparison: How the value is meant.
        value: The number; negative for a fall; open where only a direction is claimed.
        unit: Its unit: a currency, %, t, kg, ratio …
        period: Period it is about: year, month, day, or two of them with a slash.
        baseline: The same, of what it is compared with.
        polarity: Whether it is asserted or denied.
        said_on: Day or year it was said; open where not known.
        words: Its words, which show how a number was rounded; may be empty.
    """

    exporter: str | None
    importer: str | None
    via: str | None
    flow: str
    product: str
    relation: str
    comparison: str
    value: float | None
    unit: str | None
    period: str | None
    baseline: str | None
    polarity: str
    said_on: str | None
    words: str


@dataclass(frozen=True, slots=True)
class FindingTold:
    """What one rule found of a claim.

    Args:
        rule: The rule.
        outcome: supported, contradicted or unknown; unknown says what is missing.
        detail: One sentence with both numbers, the months held, and whose statistics they are.
        observed: What was declared, in `unit`.
        expected: What was claimed, in `unit`.
        unit: Unit of both.
        evidence: Tables and keys where it can be checked.
        caveats: What must be known before a number is used.
    """

    rule: str
    outcome: Outcome
    detail: str
    observed: float | None
    expected: float | None
    unit: str | None
    evidence: tuple[str, ...]
    caveats: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim as it was understood, and what was found of it.

    Args:
        claimant: Who makes it; empty where nobody is named.
        summary: What it asserts, in a few words.
        char_start: First character of its words in the text.
        char_end: The character behind the last one.
        fields: What was understood.
        findings: What was found.
    """

    claimant: str
    summary: str
    char_start: int
    char_end: int
    fields: ClaimFields
    findings: tuple[FindingTold, ...]


@dataclass(frozen=True, slots=True)
class ClaimsAnswer:
    """Claims, each with what was found; none where the text makes none on trade.

    Args:
        language: Language the text was read as; open for a claim in fields.
        said_on: Its day, EDTF; open where it is not known.
        read_on: Day it was checked.
        claims: The claims.
    """

    language: Language | None
    said_on: str | None
    read_on: date
    claims: tuple[ClaimTold, ...]


def answer_text(lake: Lake, asked: TextAsked) -> ClaimsAnswer:
    """Read a text and check its claims.

    Args:
        lake: The lake.
        asked: The text.

    Returns:
        Its claims, each with what was found.

    Raises:
        SourceError: If it is in another language than was said.
        LakeError: If the lake is torn.
    """
    today = date.today()
    day = None if asked.published is None else asked.published.isoformat()
    article = read_article(asked.text, today, day, "given")
    language = article.page.language
    if asked.language not in (None, language):
        raise SourceError(
            f"The text reads as {language!r}, expected {asked.language!r}. Leave the language out, "
            "or send the text it belongs to."
        )
    origin = Origin(hashlib.sha256(asked.text.encode()).hexdigest(), NAME, None, today)
    rows = claims_read([Reading(origin, article, NAME)])
    told = _told(lake, rows, CheckOptions(tolerance=asked.tolerance))
    return ClaimsAnswer(language, article.metadata.date, today, told)


def answer_claim(lake: Lake, asked: ClaimFields, tolerance: float | None) -> ClaimsAnswer:
    """Check a claim that comes in fields.

    Args:
        lake: The lake.
        asked: The claim.
        tolerance: Share by which a number may miss it; by its rounding where open.

    Returns:
        The claim with what was found.

    Raises:
        CodeError: If an area or product is not known.
        LakeError: If the lake is torn.
    """
    goods(asked.product)
    for name in (asked.exporter, asked.importer, asked.via):
        if name is not None and name != WORLD:
            area_asked(name)
    told = _told(lake, [_row(asked)], CheckOptions(tolerance=tolerance))
    return ClaimsAnswer(None, asked.said_on, date.today(), told)


def _row(asked: ClaimFields) -> Row:
    """The claim as a row of ``claims``; what only a text can say is open."""
    held = asdict(asked)
    digest = hashlib.sha256(repr(asked).encode("utf-8", "replace")).hexdigest()[:16]
    same = {name: held[name] for name in CLAIMS.column_names if name in held}
    return {
        **dict.fromkeys(CLAIMS.column_names),
        **same,
        "claim_id": f"{digest}-1",
        "source_id": digest,
        "char_start": 0,
        "char_end": len(asked.words),
        "text": asked.words,
        "claimant": "",
        "about": asked.period,
        "basis": "given",
        "is_checkable": True,
        "is_optional": False,
        "read_on": date.today(),
    }


def _told(lake: Lake, rows: Sequence[Row], options: CheckOptions) -> tuple[ClaimTold, ...]:
    found = checked(lake, to_check(rows), options=options)
    return tuple(
        ClaimTold(
            claimant=row["claimant_name"] or row["claimant"],
            summary=claim_words(row),
            char_start=row["char_start"],
            char_end=row["char_end"],
            fields=_fields(row),
            findings=tuple(_finding(one) for one in found if one.subject_id == row["claim_id"]),
        )
        for row in rows
    )


def _fields(row: Row) -> ClaimFields:
    same = ("exporter", "importer", "via", "flow", "product", "relation", "comparison", "value")
    more = ("unit", "baseline", "polarity", "said_on")
    held = {name: row[name] for name in (*same, *more)}
    return ClaimFields(**held, period=row["about"], words=row["text"])


def _finding(one: Finding) -> FindingTold:
    held = tuple(part for part in one.evidence if not part.startswith(f"{CLAIMS.name} "))
    return FindingTold(
        rule=one.rule,
        outcome=one.outcome,
        detail=one.detail,
        observed=one.observed,
        expected=one.expected,
        unit=one.unit,
        evidence=held,  # the claim itself is in no lake
        caveats=notes(one.caveats),
    )
