"""Areas: their codes, their names in three languages and the labels Eurostat prints."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError


@dataclass(frozen=True, slots=True)
class Area:
    """One country or territory that statistics name as reporter or partner.

    Args:
        alpha2: ISO 3166-1 alpha-2, or the Geonomenclature's code where ISO has none (``XK``).
        alpha3: ISO 3166-1 alpha-3; empty where ISO has none.
        m49: UN M49 number, three digits; empty where the UN has none.
        name_en: English name.
        name_de: German name.
        name_ru: Russian name.
        comext_label: The label of Eurostat's Comext, with its historical remarks.
        status: ``iso``, or ``geonomenclature`` for areas that only Eurostat's list knows.
        part_of: The area it is a part of in other statistics; empty for most.
        source: Where codes, names and label come from.
    """

    alpha2: str
    alpha3: str
    m49: str
    name_en: str
    name_de: str
    name_ru: str
    comext_label: str
    status: str
    part_of: str
    source: str


@dataclass(frozen=True, slots=True)
class ComextPartner:
    """What a partner code of Comext stands for.

    Args:
        code: The code in the file.
        area: Area for ``flows``: an area, ``_X`` not specified, ``_T`` the world; ``None`` for
            an aggregate of some countries, which never enters ``flows``.
        kind: ``country``, ``stores`` (and high seas), ``not_specified``, ``confidential`` or
            ``aggregate``.
        name: Eurostat's label.
    """

    code: str
    area: str | None
    kind: str
    name: str


AREA_COLUMNS = tuple(field.name for field in fields(Area))
ALIAS_COLUMNS = ("alias", "alpha2", "language", "source")
PARTNER_COLUMNS = ("code", "area", "kind", "name", "other_labels", "source")
CLOSE_COUNT = 3


@cache
def areas() -> tuple[Area, ...]:
    """All areas, in the order of their codes."""
    return tuple(Area(**row) for row in read_rows("areas.csv", AREA_COLUMNS))


@cache
def _areas_by_code() -> dict[str, Area]:
    return {area.alpha2: area for area in areas()}


def area(code: str) -> Area:
    """Look an area up by its code.

    Args:
        code: Alpha-2 in capitals.

    Returns:
        The area.

    Raises:
        CodeError: If no area has this code.

    Example:
        >>> area("KG").name_de
        'Kirgisistan'
    """
    known = _areas_by_code()
    if code not in known:
        hint = _close(code.upper(), known)
        raise CodeError(
            f"area is {code!r}, expected an alpha-2 code in capitals of codes/areas.csv{hint}. "
            "Use the ISO 3166-1 code, e.g. 'KG'."
        )
    return known[code]


def area_from_label(label: str) -> Area:
    """Look an area up by a name, a Comext label or an alias, in any of the languages.

    Letters may differ in case and in how accents are composed, in nothing else: a new spelling
    is a row of ``area_aliases.csv``, never a guess.

    Args:
        label: The label as printed.

    Returns:
        The area.

    Raises:
        CodeError: If no area has this label; the message names the closest ones.

    Example:
        >>> area_from_label("Belarus (Belorussia)").alpha2
        'BY'
        >>> area_from_label("КАЗАХСТАН").alpha2
        'KZ'
    """
    codes = _codes_by_label()
    key = _fold(label)
    if key not in codes:
        raise CodeError(
            f"area label is {label!r}, expected a label of codes/areas.csv or "
            f"codes/area_aliases.csv{_close(key, codes)}. If it is a new spelling of an area, "
            "add it to codes/area_aliases.csv with its source."
        )
    return area(codes[key])


def area_labels() -> frozenset[str]:
    """Labels of areas in all languages that are known, folded.

    Example:
        >>> {"kirgistan", "казахстан"} <= area_labels()
        True
    """
    return frozenset(_codes_by_label())


def comext_partner(code: str) -> ComextPartner:
    """Say what a partner code of Comext stands for.

    Args:
        code: The code as the bulk file or the data browser has it.

    Returns:
        The area or the kind of thing that is no area.

    Raises:
        CodeError: If neither Eurostat's special codes nor the areas know it.

    Example:
        >>> comext_partner("QZ").kind, comext_partner("XS").area, comext_partner("1011").area
        ('confidential', 'RS', None)
    """
    special, known = _special_partners(), _areas_by_code()
    if code in special:
        return special[code]
    if code in known:
        return _country(known[code])
    raise CodeError(
        f"Comext partner is {code!r}, expected a code of codes/areas.csv or "
        f"codes/comext_partners.csv{_close(code.upper(), (*known, *special))}. "
        "Eurostat may have added it: look it up in the Geonomenclature and add a row."
    )


def comext_partner_from_label(label: str) -> ComextPartner:
    """Say what a partner label of the Comext data browser stands for.

    Args:
        label: The label as printed, e.g. of an area, of stores, or of an aggregate.

    Returns:
        The same record as :func:`comext_partner`.

    Raises:
        CodeError: If no partner has this label.

    Example:
        >>> comext_partner_from_label("Extra-EU27 (from 2020)").kind
        'aggregate'
    """
    special = _special_partners_by_label()
    key = _fold(label)
    return special[key] if key in special else _country(area_from_label(label))


def _country(found: Area) -> ComextPartner:
    return ComextPartner(found.alpha2, found.alpha2, "country", found.comext_label)


def _fold(label: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold())


def _close(text: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(text, list(known), n=CLOSE_COUNT, cutoff=0.6)
    return f"; close to it: {found!r}" if found else ""


@cache
def _codes_by_label() -> dict[str, str]:
    own = {
        _fold(label): area.alpha2
        for area in areas()
        for label in (area.name_en, area.name_de, area.name_ru, area.comext_label)
    }
    aliases = read_rows("area_aliases.csv", ALIAS_COLUMNS)
    return own | {_fold(row["alias"]): row["alpha2"] for row in aliases}


@cache
def _special_partners() -> dict[str, ComextPartner]:
    return {
        row["code"]: ComextPartner(row["code"], row["area"] or None, row["kind"], row["name"])
        for row in read_rows("comext_partners.csv", PARTNER_COLUMNS)
    }


@cache
def _special_partners_by_label() -> dict[str, ComextPartner]:
    return {
        _fold(label): _special_partners()[row["code"]]
        for row in read_rows("comext_partners.csv", PARTNER_COLUMNS)
        if row["kind"] != "country"
        for label in (row["name"], *filter(None, row["other_labels"].split(" | ")))
    }
