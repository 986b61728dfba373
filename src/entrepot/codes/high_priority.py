"""The Common High Priority List: fifty HS 2022 codes found again and again on the battlefield."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError


@dataclass(frozen=True, slots=True)
class HighPriorityCode:
    """One code of the list.

    Args:
        commodity: HS 2022 code, six digits.
        tier: ``1``, ``2``, ``3A``, ``3B``, ``4A`` or ``4B``.
        version: Day of the list's version, ISO 8601.
        description: What it is, in our words.
        hs2017_predecessor: The code that held the goods before 2022; the same where it stayed.
        note: Why the code changed; empty where it stayed.
        locator: Where it can be checked.
    """

    commodity: str
    tier: str
    version: str
    description: str
    hs2017_predecessor: str
    note: str
    locator: str

    @property
    def is_new(self) -> bool:
        """Whether the code did not exist before HS 2022, so that its older baseline is empty."""
        return self.commodity != self.hs2017_predecessor


COLUMNS = tuple(field.name for field in fields(HighPriorityCode))


@cache
def high_priority() -> tuple[HighPriorityCode, ...]:
    """The fifty codes, tier by tier."""
    return tuple(HighPriorityCode(**row) for row in read_rows("chpl.csv", COLUMNS))


def predecessor(code: str) -> str:
    """The HS 2017 code that held the goods of a code of the list.

    Args:
        code: HS 2022 code, six digits.

    Returns:
        HS 2017 code, six digits.

    Raises:
        CodeError: If the code is not on the list.

    Example:
        >>> predecessor("854159"), predecessor("854231")
        ('854150', '854231')
    """
    found = {row.commodity: row.hs2017_predecessor for row in high_priority()}
    if code not in found:
        raise CodeError(
            f"commodity is {code!r}, expected one of the {len(found)} six-digit codes of "
            "codes/chpl.csv. Cut a longer code to six digits."
        )
    return found[code]
