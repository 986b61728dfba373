"""Ranges of what was diverted, chances and shares in words: never certain, and nothing said so."""

from __future__ import annotations

from entrepot.dossier.wording import DASH, amount, interval, ratio


def up_to(low: float | None, high: float | None, unit: str) -> str:
    """A range that cannot be negative, with its unit: one that begins at nothing says so.

    Args:
        low: Lower end; may be open.
        high: Upper end; may be open.
        unit: Their unit.

    Example:
        >>> up_to(0.0, 34e6, "EUR FOB"), up_to(3e6, 34e6, "EUR FOB"), up_to(0.0, 0.0, "EUR FOB")
        ('up to EUR 34.0 m', 'EUR 3.0–34.0 m', 'nothing')
    """
    if low is None or high is None or low > 0:
        return interval(low, high, unit)
    return f"up to {amount(high, unit)}" if high > 0 else "nothing"


def chance(value: float | None) -> str:
    """A probability that something was diverted: never said to be certain.

    Args:
        value: The probability; may be open.

    Example:
        >>> chance(0.9997), chance(0.82), chance(None)
        ('>0.999', '0.820', 'not estimated')
    """
    return ">0.999" if value is not None and value >= 0.9995 else ratio(value)


def share(low: float | None, high: float | None) -> str:
    """A range of shares: fractions with two digits.

    Args:
        low: Lower end; may be open.
        high: Upper end; may be open.

    Returns:
        Words such as ``0.21–0.32``; empty where it is open.

    Example:
        >>> share(0.212, 0.317), share(None, None)
        ('0.21–0.32', '')
    """
    return "" if low is None or high is None else f"{low:.2f}{DASH}{high:.2f}"
