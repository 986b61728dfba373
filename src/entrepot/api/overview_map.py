"""The map of a run: third countries with their excess, where they lie, and how it reads."""

from __future__ import annotations

from functools import cache

from entrepot.api.overview import CountryLine, Overview
from entrepot.codes.rows import read_rows
from entrepot.dossier import wording
from entrepot.dossier.figure import DataTable
from entrepot.dossier.map_specs import CorridorMap, Line, Place
from entrepot.dossier.scene import country_name

_POINTS = ("area", "name", "longitude", "latitude")
BOUNDARIES = (
    "Land and boundaries are Natural Earth's, as published there, and take no position. Lines "
    "join label points: they show who and whom, not the road that goods take."
)


@cache
def label_points() -> dict[str, tuple[float, float]]:
    """Where the name of an area is written.

    Returns:
        Longitude and latitude by ISO alpha-2; ``EU`` for a mark between the members.

    Raises:
        CodeError: If the file is not the one of this version.

    Example:
        >>> 41 < label_points()["KG"][1] < 42
        True
    """
    rows = read_rows("label_points.csv", _POINTS, "web/static/vendor")
    return {row["area"]: (float(row["longitude"]), float(row["latitude"])) for row in rows}


def map_of(shown: Overview) -> CorridorMap:
    """What the map of a run shows.

    Args:
        shown: The overview.

    Returns:
        Lines as wide as the point estimate of the first bracket; countries without a label point
        are left to the table.

    Raises:
        CodeError: If the destination is not known.
    """
    held = [(line, point) for line in shown.countries if (point := label_points().get(line.code))]
    scale = wording.scale(_excess(line) for line in shown.countries)
    lines = []
    for line, point in held:
        excess = _excess(line)
        scaled = None if excess is None else excess / scale.factor
        words = line.totals[0].conclusion.excess.text
        lines.append(Line(Place(line.name, *point), scaled, words))
    origin = label_points().get(shown.coalition)
    end = label_points().get(shown.destination)
    return CorridorMap(
        origin=Place(shown.coalition, *origin) if origin else None,
        destination=Place(country_name(shown.destination), *end) if end else None,
        lines=tuple(lines),
        unit=scale.unit(shown.scene.unit),
        mark=shown.scene.mark,
    )


def map_words(shown: Overview) -> tuple[str, str]:
    """What the map says, for readers who do not see it, and how it is read.

    Args:
        shown: The overview.

    Returns:
        The facts, and the line below the map.
    """
    found = [f"{line.name} {line.totals[0].conclusion.excess.text}" for line in shown.countries[:8]]
    bracket = shown.countries[0].totals[0].conclusion.name.lower()
    rest = " The table below holds every country." if len(shown.countries) > len(found) else ""
    facts = (
        f"Map of third countries between {shown.scene.coalition} and {shown.scene.destination}. "
        f"Excess by country ({bracket}, 90 % intervals): {'; '.join(found)}.{rest}"
    )
    how = (
        f"Line width: point estimate of the excess, {bracket}, {shown.scene.window}; countries "
        "without an excess have a dot only. Dashed: where it may have gone on, how much is not "
        f"drawn. {shown.scene.source}. {BOUNDARIES}"
    )
    return facts, how


def map_table(shown: Overview) -> DataTable:
    """The numbers behind the map.

    Args:
        shown: The overview.

    Returns:
        One row per country and bracket, the largest excess first.
    """
    return DataTable(
        caption=f"Excess by third country, {shown.scene.window}, "
        f"{wording.valuation(shown.scene.unit)}",
        header=("Country", "Bracket", "Excess, 90 % interval", "Point estimate"),
        rows=tuple(
            (line.name, row.name, row.excess.text, row.excess.point_text)
            for line in shown.countries
            for row in (total.conclusion for total in line.totals)
        ),
    )


def _excess(line: CountryLine) -> float | None:
    return line.totals[0].conclusion.excess.point
