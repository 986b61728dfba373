"""Where countries and ports lie, which countries have no coast, and through which straits ships go.

Coordinates give lengths to compare one route with another, not distances to steer by.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from entrepot.codes.areas import areas
from entrepot.codes.rows import read_rows
from entrepot.codes.shipment_words import folded

_PLACES = ("area", "kind", "name", "other_names", "latitude", "longitude", "seas", "source")
_LANDLOCKED = ("area", "neighbours", "source")
_GATES = ("gate", "latitude", "longitude", "seas", "source")
_ZONES = ("kind", "words", "language", "source")
_LOCODE = re.compile(r"([A-Z]{2}) ?[A-Z2-9]{3}", re.ASCII)
_REMARK = re.compile(r"[,(/;]")


@dataclass(frozen=True, slots=True)
class Place:
    """A point that stands for a country, a port or a strait.

    Args:
        area: The country, ISO 3166-1 alpha-2; empty for a strait.
        name: Its name.
        latitude: Degrees north.
        longitude: Degrees east.
        seas: Seas it lies on; none for a capital.
        source: Where the coordinates come from.
    """

    area: str
    name: str
    latitude: float
    longitude: float
    seas: frozenset[str]
    source: str


@cache
def _places() -> tuple[tuple[Place, tuple[str, ...]], ...]:
    return tuple(
        (
            Place(
                *(row["area"], row["name"], float(row["latitude"]), float(row["longitude"])),
                *(frozenset(row["seas"].split()), row["source"]),
            ),
            (row["name"], *filter(None, row["other_names"].split("|"))),
        )
        for row in read_rows("places.csv", _PLACES)
    )


@cache
def places(area: str) -> tuple[Place, ...]:
    """The capital and main ports of a country.

    Args:
        area: ISO 3166-1 alpha-2.

    Returns:
        Its points; none where none is held.

    Example:
        >>> [place.name for place in places("KZ")]
        ['Astana']
    """
    return tuple(place for place, _ in _places() if place.area == area)


@cache
def gates() -> tuple[Place, ...]:
    """Straits, canals and capes that join one sea to another."""
    return tuple(
        Place(
            *("", row["gate"], float(row["latitude"]), float(row["longitude"])),
            *(frozenset(row["seas"].split()), row["source"]),
        )
        for row in read_rows("sea_gates.csv", _GATES)
    )


@cache
def _ports() -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    for place, names in _places():
        for name in names if place.seas else ():
            held = found.get(_plain(name), ())
            found[_plain(name)] = held if place in held else (*held, place)
    return found


@cache
def _labels() -> dict[str, str]:
    return {
        _plain(label): area.alpha2
        for area in areas()
        for label in (area.name_en, area.name_de, area.name_ru)
    }


def port_places(port: str) -> tuple[Place, ...]:
    """Where a port lies, by its name, its UN/LOCODE or a country named with it.

    A port that is not held, but whose country is said, is as near as any point of that country.
    Of a name that several countries' ports bear nothing is guessed.

    Args:
        port: As the papers have it: ``Riga``, ``DEHAM``, ``Khorfakkan, AE``.

    Returns:
        The port alone, the points of its country, or nothing where it is not known.

    Example:
        >>> [place.area for place in port_places("KLAIPEDA")], port_places("Atlantis")
        (['LT'], ())
        >>> {place.area for place in port_places("Somewhere, Kasachstan")}
        {'KZ'}
    """
    parts = [part.strip(" )") for part in _REMARK.split(port) if part.strip(" )")]
    known = {area.alpha2 for area in areas()}
    said = {part for part in parts[1:] if part in known}
    said |= {_labels()[key] for key in map(_plain, parts) if key in _labels()}
    found = [place for part in parts for place in _ports().get(_plain(part), ())]
    found = [place for place in found if not said or place.area in said]
    if len(found) == 1:
        return tuple(found)
    locode = _LOCODE.fullmatch(port.strip())
    said |= {locode[1]} & known if locode and not found else set()
    return places(said.pop()) if len(said) == 1 else ()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("’", "").replace("й", "\0"))
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return folded(bare.replace("\0", "й"))


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    rows = read_rows("landlocked.csv", _LANDLOCKED)
    return {row["area"]: frozenset(row["neighbours"].split()) for row in rows}


def is_landlocked(area: str) -> bool:
    """Whether a country has no coast on a sea that joins the oceans.

    Args:
        area: ISO 3166-1 alpha-2.

    Example:
        >>> is_landlocked("KZ"), is_landlocked("LT")
        (True, False)
    """
    return area in _neighbours()


@cache
def ways_in(area: str) -> frozenset[str]:
    """Countries over which goods reach a landlocked country by land.

    Every country that adjoins it or adjoins landlocked countries around it without a coast
    between, and those landlocked countries themselves.

    Args:
        area: ISO 3166-1 alpha-2.

    Returns:
        Those countries; none for a country with a coast.

    Example:
        >>> sorted(ways_in("MN"))
        ['CN', 'RU']
        >>> "RU" in ways_in("KG"), "HK" in ways_in("KG"), ways_in("TR")
        (True, False, frozenset())
    """
    block, met = {area} & set(_neighbours()), set[str]()
    while block - met:
        inner = block - met
        met |= inner
        block |= {other for one in inner for other in _neighbours()[one] if is_landlocked(other)}
    around = {other for one in met for other in _neighbours()[one]}
    return frozenset((met | around) - {area})


@cache
def _zones(kind: str) -> tuple[str, ...]:
    rows = read_rows("free_zones.csv", _ZONES)
    return tuple(
        folded(word) for row in rows if row["kind"] == kind for word in row["words"].split("|")
    )


def free_zone_words(text: str, kind: str) -> str | None:
    """Words of a text that mean a free zone.

    Args:
        text: An address or port; for legal forms the name of a company.
        kind: ``place`` or ``form``.

    Returns:
        The words as the list has them, or nothing.

    Example:
        >>> free_zone_words("Plot S-10, Jebel Ali Free Zone, Dubai", "place")
        'free zone'
        >>> free_zone_words("Freezoneville 3", "place") is None
        True
    """
    held = f" {folded(text)} "
    return next((word for word in _zones(kind) if f" {word} " in held), None)
