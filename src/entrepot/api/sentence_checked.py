"""One sentence, read and checked at once; nothing of it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from entrepot.api.checked import checked
from entrepot.api.claim_evidence import Evidence, evidence_of
from entrepot.api.claim_told import Checked, checked_in_words, fields_of
from entrepot.api.claims_held import ClaimFilter, asked, claims_read, to_check
from entrepot.api.reading import Reading
from entrepot.dossier.record_entries import claim_words
from entrepot.finding import Finding
from entrepot.lake import Lake
from entrepot.press.article_rows import Origin
from entrepot.press.reader import read_article
from entrepot.tables import CLAIMS

LONGEST = 2_000  # letters, which an address can hold; whole articles are for `entrepot check`
NAME = "the text"


@dataclass(frozen=True, slots=True)
class ClaimChecked:
    """A claim of a text, and what was found.

    Args:
        who: Who makes it.
        words: The words.
        what: What they assert, in a few words.
        fields: What was read out of them, by name.
        checks: What was found.
    """

    who: str
    words: str
    what: str
    fields: tuple[tuple[str, str], ...]
    checks: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class SentenceChecked:
    """A text that was read and checked.

    Args:
        language: Language it was read as.
        day: Its day, EDTF; empty where it is open.
        claims: Its claims.
    """

    language: str
    day: str
    claims: tuple[ClaimChecked, ...]


def check_sentence(lake: Lake, text: str, published: date | None) -> SentenceChecked:
    """Read a text and check its claims against the lake.

    Args:
        lake: The lake.
        text: The text.
        published: Day it was published, for words such as "last year"; open where not known.

    Returns:
        Its claims, each with what was found; nothing is written.

    Raises:
        LakeError: If the lake is torn.
    """
    today = date.today()
    day = None if published is None else published.isoformat()
    article = read_article(text, today, day, "given")
    digest = hashlib.sha256(text.encode()).hexdigest()
    reading = Reading(Origin(digest, NAME, None, today), article, NAME)
    rows = asked(claims_read([reading]), ClaimFilter())
    found = checked(lake, to_check(rows))
    return SentenceChecked(
        language=article.page.language,
        day=article.metadata.date or "",
        claims=tuple(
            ClaimChecked(
                who=row["claimant_name"] or row["claimant"] or "nobody named",
                words=" ".join(row["text"].split()),
                what=claim_words(row),
                fields=fields_of(row),
                checks=tuple(
                    checked_in_words(one.row(), _evidence(lake, one))
                    for one in found
                    if one.subject_id == row["claim_id"]
                ),
            )
            for row in rows
        ),
    )


def _evidence(lake: Lake, found: Finding) -> tuple[Evidence, ...]:
    """Evidence that is in the lake: the claim itself is not."""
    held = [one for one in found.evidence if not one.startswith(f"{CLAIMS.name} ")]
    return evidence_of(lake, "; ".join(held))
