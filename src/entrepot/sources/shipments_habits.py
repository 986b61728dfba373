"""How a file writes what may be read in two ways, and what is said of a value that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Order = Literal["", "day_first", "month_first"]
Decimal = Literal["", ",", "."]


class Unreadable(ValueError):
    """A value that cannot be read; its words say why and what was expected."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes what could be read in two ways.

    Args:
        dates: Which comes first in ``03/04/2024``; open where the user does not say.
        decimal: Its decimal mark; open where neither the user nor the file tells.
    """

    dates: Order = ""
    decimal: Decimal = ""
