"""Areas as UN Comtrade numbers them: M49, with its own numbers for customs areas and remainders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepot.codes.areas import areas
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

COLUMNS = ("code", "area", "kind", "name", "source")


@dataclass(frozen=True, slots=True)
class ComtradeArea:
    """What an area code of UN Comtrade stands for.

    Args:
        code: Three digits, with leading zeros.
        area: Area for ``flows``: an area, ``_X`` not specified, ``_T`` the world; ``None`` for a
            group of countries, which never enters ``flows``.
        kind: ``country``, ``stores``, ``not_specified``, ``former`` or ``aggregate``.
        name: Comtrade's name, or ours where it agrees with M49.
    """

    code: str
    area: str | None
    kind: str
    name: str


def comtrade_area(code: str) -> ComtradeArea:
    """Say what an area code of UN Comtrade stands for.

    Args:
        code: The number, with or without leading zeros.

    Returns:
        The area or the kind of thing that is no area.

    Raises:
        CodeError: If neither Comtrade's own numbers nor M49 know it.

    Example:
        >>> comtrade_area("842").area, comtrade_area("51").area, comtrade_area("899").area
        ('US', 'AM', '_X')
    """
    known, padded = _areas(), code.zfill(3)
    if not code or padded not in known:
        raise CodeError(
            f"area code is {code!r}, expected a number of codes/comtrade_areas.csv or an M49 code "
            "of codes/areas.csv. Comtrade may have added it: add a row with its source."
        )
    return known[padded]


@cache
def _areas() -> dict[str, ComtradeArea]:
    by_m49 = {
        area.m49: ComtradeArea(area.m49, area.alpha2, "country", area.name_en)
        for area in areas()
        if area.m49
    }
    own = {
        row["code"]: ComtradeArea(row["code"], row["area"] or None, row["kind"], row["name"])
        for row in read_rows("comtrade_areas.csv", COLUMNS)
    }
    return by_m49 | own
