"""Eurostat's monthly Comext files: one 7z archive a month with every reporter, partner and CN code.

A month is published about six weeks after its end and revised in later months under the same
address: a file whose version the publisher names is asked about again at every fetch.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from entrepot.errors import SourceError
from entrepot.fetch.addresses import COMEXT
from entrepot.fetch.call import Call

FOLDER = "comext/COMEXT_DATA/PRODUCTS"
FIRST_MONTH = "2002-01"


def month_calls(base: str, months: Iterable[str]) -> tuple[Call, ...]:
    """The files of some months.

    Args:
        base: Address of the publisher.
        months: Months, ``2022-03``.

    Returns:
        One call a month.

    Raises:
        SourceError: If a month is before the first one published in this layout.

    Example:
        >>> month_calls("https://host", ["2024-01"])[0].url
        'https://host/files?file=comext%2FCOMEXT_DATA%2FPRODUCTS%2Ffull_v2_202401.7z'
    """
    wanted = tuple(months)
    early = [month for month in wanted if month < FIRST_MONTH]
    if early:
        raise SourceError(
            f"month is {early[0]!r}, expected none before {FIRST_MONTH!r}: files of this layout "
            "begin there. Correct --from."
        )
    return tuple(_call(base, month) for month in wanted)


def _call(base: str, month: str) -> Call:
    name = f"full_v2_{month.replace('-', '')}.7z"
    return Call(COMEXT, f"{base}/files?file={quote(f'{FOLDER}/{name}', safe='')}", name, "7z")
