"""What national statistics print where the country should stand, and what they leave unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepot.codes.areas import area_from_label
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

LABEL_COLUMNS = ("reporter", "label", "area", "kind", "source")
IMPORT_COLUMNS = ("reporter", "booked_by", "partial_year", "partial_reason", "source")


@dataclass(frozen=True, slots=True)
class NationalImports:
    """What a yearly table of national imports leaves unsaid.

    Args:
        reporter: The country that publishes it.
        booked_by: ``origin``, ``consignment`` or ``not stated``: which country an import is
            declared about.
        partial_year: A year that is published and is no year; empty where there is none.
        partial_reason: What it is instead.
        source: How this is known.
    """

    reporter: str
    booked_by: str
    partial_year: str
    partial_reason: str
    source: str


def national_partner(reporter: str, label: str) -> str | None:
    """Say which area a partner label of a national table stands for.

    Args:
        reporter: The country whose table it is.
        label: The label as printed.

    Returns:
        The area, ``_X`` for a partner that is not specified or is no more, ``None`` for a sum over
        countries, which never enters ``flows``.

    Raises:
        CodeError: If neither the labels of this reporter nor the areas know it.

    Example:
        >>> national_partner("KG", "SAR-Hong Kong"), national_partner("UZ", "Other countries")
        ('HK', '_X')
        >>> national_partner("KZ", "Rest of the world") is None
        True
    """
    special = _labels()
    if (reporter, label) in special:
        return special[reporter, label]
    return area_from_label(label).alpha2


def national_imports(reporter: str) -> NationalImports:
    """Say what is known of a country's yearly table of imports.

    Args:
        reporter: Alpha-2 code of the country.

    Returns:
        How it books imports, and which of its years is none.

    Raises:
        CodeError: If nothing is known of this country's table.

    Example:
        >>> national_imports("AM").partial_year, national_imports("AM").partial_reason
        ('2023', 'January only')
    """
    known = _imports()
    if reporter not in known:
        raise CodeError(
            f"reporter of national imports is {reporter!r}, expected one of {sorted(known)}. Find "
            "out by which country its imports are booked and whether every year is whole, and add "
            "a row to codes/national_imports.csv."
        )
    return known[reporter]


@cache
def _labels() -> dict[tuple[str, str], str | None]:
    rows = read_rows("partner_labels.csv", LABEL_COLUMNS)
    return {(row["reporter"], row["label"]): row["area"] or None for row in rows}


@cache
def _imports() -> dict[str, NationalImports]:
    rows = read_rows("national_imports.csv", IMPORT_COLUMNS)
    return {row["reporter"]: NationalImports(**row) for row in rows}
