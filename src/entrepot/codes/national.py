"""What national statistics print where the country should stand, and what they leave unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import name as letter_name

from entrepot.codes.areas import area_from_label
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

LABEL_COLUMNS = ("reporter", "label", "area", "kind", "source")
IMPORT_COLUMNS = (
    *("reporter", "booked_by", "covers", "partial_year", "partial_reason"),
    "source",
)

# Latin letters that nobody can tell from the Cyrillic ones below them.
_SAME_SHAPE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


@dataclass(frozen=True, slots=True)
class NationalImports:
    """What a yearly table of national imports leaves unsaid.

    Args:
        reporter: The country that publishes it.
        booked_by: ``origin``, ``consignment`` or ``not stated``: which country an import is
            declared about.
        covers: ``goods``, or ``goods and services`` where services cannot be told apart.
        partial_year: A year that is published and is no year; empty where there is none.
        partial_reason: What it is instead.
        source: How this is known.
    """

    reporter: str
    booked_by: str
    covers: str
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
    key = (reporter, label.casefold())
    if key in special:
        return special[key]
    return area_from_label(label).alpha2


def counts_services(reporter: str) -> bool:
    """Whether a country's table of imports counts services with goods.

    Args:
        reporter: Alpha-2 code of the country.

    Example:
        >>> counts_services("UZ"), counts_services("KZ")
        (True, False)
    """
    known = _imports().get(reporter)
    return known is not None and known.covers != "goods"


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


def one_alphabet(label: str) -> str:
    """Write a Russian label in Cyrillic letters throughout.

    Only a word that holds a Cyrillic letter is changed, and only letters of one shape; a word of
    Latin letters stays what it is.

    Args:
        label: The label, white space squeezed.

    Returns:
        The label.

    Raises:
        CodeError: If a word holds a Cyrillic and a Latin letter that no Cyrillic one looks like.

    Example:
        >>> one_alphabet("Республикa Корея") == "Республика Корея"
        True
    """
    words = [
        word.translate(_SAME_SHAPE) if "CYRILLIC" in _alphabets(word) else word
        for word in label.split(" ")
    ]
    mixed = [word for word in words if {"CYRILLIC", "LATIN"} <= _alphabets(word)]
    if mixed:
        raise CodeError(
            f"label is {label!r}, expected one alphabet per word; {mixed[0]!r} holds a Latin "
            "letter that no Cyrillic one looks like. Compare it with the publisher's page."
        )
    return " ".join(words)


def _alphabets(word: str) -> set[str]:
    return {letter_name(letter).split(" ")[0] for letter in word if letter.isalpha()}


@cache
def _labels() -> dict[tuple[str, str], str | None]:
    rows = read_rows("partner_labels.csv", LABEL_COLUMNS)
    return {(row["reporter"], row["label"].casefold()): row["area"] or None for row in rows}


@cache
def _imports() -> dict[str, NationalImports]:
    rows = read_rows("national_imports.csv", IMPORT_COLUMNS)
    return {row["reporter"]: NationalImports(**row) for row in rows}
