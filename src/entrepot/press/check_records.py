"""A claim with the article it stands in, and how strictly it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepot.press.told import Claim
from entrepot.trade.mirror import Rate


@dataclass(frozen=True, slots=True)
class ClaimOfArticle:
    """A claim, and what its article says of when it was made.

    Args:
        claim: The claim.
        claim_id: Its id in the table ``claims``.
        source_id: Source id of the article.
        said_on: Day of the article, EDTF; open where the text does not say.
        read_on: Day after which it cannot have been written.
        text: The claim's words; they show how a number was rounded.
    """

    claim: Claim
    claim_id: str
    source_id: str
    said_on: str | None
    read_on: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How claims are checked.

    Args:
        dataset: Dataset of ``flows`` to use; ``auto`` takes the one that covers a claim best.
        rates: Exchange rates to use and no others; empty leaves it to those of the lake.
        about: How far a number called approximate may lie off, as a fraction of it.
        slack: How far a number may fall short of a bound before it contradicts it, as a fraction.
        revision: How far declarations are revised, as a fraction: a number that close to the
            claimed one beyond its tolerance is left open.
        tolerance: How far a number may lie off, as a fraction of it, in place of its rounding;
            open takes half a unit of its last significant digit.
        lag: Where a text names no period, how many months before it the data may end.
    """

    dataset: str = "auto"
    rates: tuple[Rate, ...] = ()
    about: float = 0.1
    slack: float = 0.01
    revision: float = 0.05
    tolerance: float | None = None
    lag: int = 12
