"""Whether a route makes sense: how far it goes round, when it was changed, and free zones on it.

The usual way is the direct one. Where an end has no coast, a way over any country from which land
leads there is usual too (:func:`entrepot.codes.places.ways_in`): goods for Kazakhstan that come
over Russia or China are measured against a way over that country, and those that come by sea over
Latvia, Lithuania or Poland make no detour on the map. Lengths are approximate; see
:mod:`entrepot.screening.route_length`. A detour is a question to the forwarder: lines of
ships, cheap freight and groupage make some routes long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from entrepot.codes.places import free_zone_words, places, port_places, ways_in
from entrepot.screening.check import Check, Known, Result, Severity, not_assessed
from entrepot.screening.route_length import Detour, detour
from entrepot.screening.shipment import Route, Shipment

_TAKERS = ("consignee", "buyer", "end_user", "notify_party", "intermediary")
_CITED = "EAR, Supplement No. 3 to Part 732, flags on routes and forwarders (numbers unverified)"
_NOTE = "Tri-seal compliance note, March 2023"
_EVIDENCE = (_CITED, _NOTE, "codes/places.csv (GeoNames), codes/sea_gates.csv")
_MOST_STOPS = 30  # own choice: more is a list of countries, not a route
_SAID = ("route.transit_countries", "route.transhipment_ports", "route.changed_on")


@dataclass(slots=True)
class _Looked:
    """What was found so far: faults, what is in order, and what could not be compared."""

    faults: list[str]
    in_order: list[str]
    unknown: list[str]
    used: list[str]


def illogical_route(shipment: Shipment, known: Known) -> Result:
    """R5: whether the route goes far round, was changed late, or touches a free zone.

    A free zone alone is a note where the goods stand on no list. Not assessed where neither
    transit nor transhipment nor a change is said, or what is said cannot be compared.

    Args:
        shipment: The line.
        known: The policy, and the lists the goods stand on.
    """
    looked = _Looked([], [], [], [])
    _measure(shipment.route, known, looked)
    _changed(shipment, known, looked)
    zones = dict(_free_zones(shipment))
    if zones:
        is_note = not looked.faults and known.codes == ()
        severity: Severity = "note" if is_note else "review"
        looked.faults += zones.values()
        looked.used += zones
    else:
        severity = "review"
    open_ones = [
        field for field in _SAID if getattr(shipment.route, field.removeprefix("route.")) is None
    ]
    rest = [*looked.unknown, *(f"{field} is not given" for field in open_ones)]
    told = f" Not compared: {'; '.join(rest)}." if rest else ""
    fields = tuple(dict.fromkeys(looked.used))
    if looked.faults:
        words = f"The route is to be explained: {'; '.join(looked.faults)}.{told}"
        return Result("R5", "flagged", severity, words, fields, _EVIDENCE)
    if looked.unknown:
        words = f"Not assessed: {'; '.join(looked.unknown)}."
        return Result("R5", "not_assessed", "review", words, fields)
    if not looked.in_order:
        return not_assessed("R5", "review", _SAID)
    words = f"The route is {'; '.join(looked.in_order)}.{told}"
    return Result("R5", "clear", "review", words, fields, _EVIDENCE)


def _measure(route: Route, known: Known, looked: _Looked) -> None:
    """Compare what is said of transit, and what is said of ports, with the usual way.

    How countries and ports follow one another is not said, so that each is measured by itself.
    """
    end = route.final_destination or route.destination
    passed = route.transit_countries
    # Goods that are declared to one country and meant for another pass the first.
    past = (route.destination,) if route.destination and route.destination != end else ()
    if passed is not None or past:
        field = "route.transit_countries" if passed is not None else "route.final_destination"
        looked.used.append(field)
        _compare(field, (route.export_country, *(passed or ()), *past, end), known, looked)
    if route.transhipment_ports is not None:
        field = "route.transhipment_ports"
        looked.used.append(field)
        stops = (route.export_country, *route.transhipment_ports, end)
        _compare(field, stops, known, looked)


def _compare(field: str, stops: tuple[str | None, ...], known: Known, looked: _Looked) -> None:
    names = tuple(name for name in stops if name is not None)
    if len(stops) == 2:  # only the ends
        looked.in_order.append(f"direct as far as {field} says")
        return
    if len(names) < len(stops):
        name = "route.export_country" if stops[0] is None else "route.destination"
        looked.unknown.append(f"{name} is not given, so that {field} cannot be measured")
        return
    if len(stops) > _MOST_STOPS:
        looked.unknown.append(f"{field} names {len(stops) - 2} stops, more than can be a route")
        return
    looked.used += ["route.export_country", "route.destination"]
    found = _way(names, "port" if field == "route.transhipment_ports" else "country")
    if isinstance(found, str):
        looked.unknown.append(found)
        return
    measured = found.measured
    is_far = measured.ratio >= known.policy.detour_ratio
    is_far &= measured.length_km - measured.direct_km >= known.policy.detour_km
    words = _told(names, found)
    if is_far:
        asked = f"a detour from {known.policy.detour_ratio:g} times and "
        asked += f"{known.policy.detour_km:,.0f} km more"
        looked.faults.append(f"{words}; policy calls {asked}")
    else:
        looked.in_order.append(f"no detour: {words}")


@dataclass(frozen=True, slots=True)
class _Way:
    """A route beside the usual one, and countries that the usual one may lead over."""

    measured: Detour
    over: tuple[str, ...]


@lru_cache(maxsize=4096)
def _way(names: tuple[str, ...], kind: Literal["country", "port"]) -> _Way | str:
    """Compare a route from country to country over countries or ports; or say what is unknown."""
    start, *between, end = names
    look_up = port_places if kind == "port" else places
    points = [places(start), *map(look_up, between), places(end)]
    unknown = [repr(name) for name, found in zip(names, points, strict=True) if not found]
    if unknown:
        return f"where {', '.join(unknown)} lies is not known here"
    ways = (ways_in(start) | ways_in(end)) - {start, end}
    usual = [points[0], *(found for found in points[1:-1] if found[0].area in ways), points[-1]]
    return _Way(detour(points, usual), tuple(stop[0].area for stop in usual[1:-1]))


def _told(names: tuple[str, ...], found: _Way) -> str:
    way = f"shortest way over {', '.join(found.over)}" if found.over else "shortest way"
    measured = found.measured
    return (
        f"{' - '.join(names)} is about {measured.length_km:,.0f} km by {measured.measure}, "
        f"{measured.ratio:.1f} times the {way} ({measured.direct_km:,.0f} km)"
    )


def _changed(shipment: Shipment, known: Known, looked: _Looked) -> None:
    """Whether the route was changed shortly before the declaration, or after it."""
    changed, declared = shipment.route.changed_on, shipment.declared_on
    if changed is None:
        return
    looked.used.append("route.changed_on")
    if declared is None:
        looked.unknown.append("declared_on is not given, so that route.changed_on is not compared")
        return
    looked.used.append("declared_on")
    days, late = (declared - changed).days, known.policy.route_change_days
    when = f"{days} days before" if days > 0 else f"{-days} days after" if days < 0 else "on"
    words = f"changed on {changed}, {when} the declaration of {declared}"
    if days <= late:
        looked.faults.append(f"it was {words}; policy calls late what is within {late} days")
    else:
        looked.in_order.append(words)


def _free_zones(shipment: Shipment) -> Iterator[tuple[str, str]]:
    """Fields that name a free zone, and what they name."""
    route = shipment.route
    texts = [("route.loading_port", route.loading_port, "place")]
    texts += [
        ("route.transhipment_ports", port, "place") for port in route.transhipment_ports or ()
    ]
    for party in shipment.in_role(*_TAKERS):
        texts.append((f"{party.role}.address", party.address, "place"))
        texts.append((f"{party.role}.name", party.name, "form"))
    for field, text, kind in texts:
        words = free_zone_words(text, kind) if text else None
        if words is not None:
            what = "a free zone" if kind == "place" else "a legal form of free zones"
            yield field, f"{field} names {what} ({words!r})"


CHECKS = (
    Check(
        *("R5", 1, "Route that goes round", f"{_CITED}; {_NOTE}"),
        _SAID,
        illogical_route,
    ),
)
