"""What we correct in published concordances, each correction with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from entrepot.codes.rows import read_rows


@dataclass(frozen=True, slots=True)
class Correction:
    """One code whose trade a published table sends to the wrong earlier code.

    Args:
        classification: Edition of the code.
        commodity: The code.
        earlier_classification: The edition before.
        published: Earlier code the table names.
        earlier_commodity: Earlier code that held the goods.
        reason: Why.
        source: Where it can be checked.
    """

    classification: str
    commodity: str
    earlier_classification: str
    published: str
    earlier_commodity: str
    reason: str
    source: str


COLUMNS = tuple(field.name for field in fields(Correction))


@cache
def corrections() -> tuple[Correction, ...]:
    """All corrections.

    Returns:
        One record per code.

    Example:
        >>> [(c.commodity, c.published, c.earlier_commodity) for c in corrections()][0]
        ('854151', '851712', '854150')
    """
    return tuple(Correction(**row) for row in read_rows("concordance_corrections.csv", COLUMNS))
