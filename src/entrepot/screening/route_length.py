"""How long a route is: by great circles, and by sea round the land; both to compare routes only.

A country is its capital or any of its main ports, whichever makes the route shortest. By sea, ships
go from sea to sea through straits, canals and round capes (``codes/sea_gates.csv``); within one sea
a great circle stands for the way. A country without a held port is reached over land.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from entrepot.codes.places import Place, gates

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
Stop = tuple[Place, ...]
Length = Callable[[Place, Place], float]


@dataclass(frozen=True, slots=True)
class Detour:
    """A route beside the shortest way between its ends.

    Args:
        length_km: Length of the route, km.
        direct_km: Length of the shortest way, measured alike, km.
        measure: ``great circles`` or ``sea``.
    """

    length_km: float
    direct_km: float
    measure: str

    @property
    def ratio(self) -> float:
        """How many times as long as the shortest way; 1 where both ends are one point."""
        return self.length_km / self.direct_km if self.direct_km > 0 else 1.0


@cache
def great_circle_km(one: Place, other: Place) -> float:
    """Length of the great circle between two points (haversine formula).

    ``2 R asin sqrt(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2))``, in km.

    Args:
        one: A point.
        other: Another.

    Example:
        >>> pole, equator = (Place("", "", at, 0.0, frozenset(), "") for at in (90.0, 0.0))
        >>> round(great_circle_km(pole, equator))
        10008
    """
    up, to = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((to - up) / 2) ** 2
    half += math.cos(up) * math.cos(to) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


@cache
def _between_gates() -> dict[tuple[Place, Place], float]:
    """Shortest ways between gates, each step within one sea (Floyd and Warshall)."""
    known = gates()
    ways = {
        (one, other): great_circle_km(one, other) if one.seas & other.seas else math.inf
        for one in known
        for other in known
    }
    for by in known:
        for one in known:
            for other in known:
                ways[one, other] = min(ways[one, other], ways[one, by] + ways[by, other])
    return ways


@cache
def sea_km(one: Place, other: Place) -> float:
    """Length of the way between two ports by sea; over land where one is no port.

    Args:
        one: A port or capital.
        other: Another.

    Returns:
        Kilometres, rather too few than too many: a sea is crossed in one great circle.
    """
    if not one.seas or not other.seas or one.seas & other.seas:
        return great_circle_km(one, other)
    ways = _between_gates()
    return min(
        great_circle_km(one, first) + ways[first, last] + great_circle_km(last, other)
        for first in gates()
        if first.seas & one.seas
        for last in gates()
        if last.seas & other.seas
    )


def _ports_first(stop: Stop) -> Stop:
    return tuple(place for place in stop if place.seas) or stop


def _length(stops: Sequence[Stop], leg: Length) -> float:
    """Length of the shortest way that takes in one point of each stop, in order."""
    reached = dict.fromkeys(stops[0], 0.0)
    for stop in stops[1:]:
        reached = {
            place: min(so_far + leg(before, place) for before, so_far in reached.items())
            for place in stop
        }
    return min(reached.values())


def detour(stops: Sequence[Stop], usual: Sequence[Stop]) -> Detour:
    """Compare a route with the shortest usual way between its ends.

    Both are measured by great circles and, where ships reach every stop that is not usual, by sea;
    always between the same two points of the ends. The comparison in which the route looks least
    like a detour is told.

    Args:
        stops: Points of each stop, from the country of export to the last; none empty.
        usual: The stops of them that a usual way has: both ends, and countries over which goods
            reach an end that has no coast.

    Returns:
        The comparison.
    """
    found = []
    for measure, leg in (("great circles", great_circle_km), ("sea", sea_km)):
        if measure == "sea" and not _can_sail(stops, usual):
            continue
        route, way = (
            [_ports_first(one) if measure == "sea" else one for one in part]
            for part in (stops, usual)
        )
        for start in route[0]:
            for end in route[-1]:
                length = _length(((start,), *route[1:-1], (end,)), leg)
                direct = _length(((start,), *way[1:-1], (end,)), leg)
                found.append(Detour(length, direct, measure))
    return min(found, key=lambda one: one.ratio)


def _can_sail(stops: Sequence[Stop], usual: Sequence[Stop]) -> bool:
    """Whether ships reach every stop that is not usual, and both ends, if over land at the last."""
    ends = (stops[0], stops[-1])
    others = [stop for stop in stops if stop not in usual]
    ends_at_sea = len(usual) > len(ends) or all(map(_has_port, ends))
    return ends_at_sea and all(map(_has_port, others))


def _has_port(stop: Stop) -> bool:
    return any(place.seas for place in stop)
