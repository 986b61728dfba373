"""Routes that go round, by hand: lengths, usual ways, ports, late changes and free zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepot.codes.areas import areas
from entrepot.codes.places import free_zone_words, gates, places, port_places, ways_in
from entrepot.errors import CodeError
from entrepot.screening.check import Known, ListedCode, Result
from entrepot.screening.policy import Policy, read_policy
from entrepot.screening.route_length import great_circle_km, sea_km
from entrepot.screening.route_sense import CHECKS, illogical_route
from entrepot.screening.shipment import Party, Route, Shipment

DAY = date(2024, 6, 3)
KNOWN = Known(DAY)
CHIPS = ListedCode("chpl", "854231", "1", True, "Annex XL")


def ask(known: Known = KNOWN, declared: date | None = DAY, **route: object) -> Result:
    given = Route(**route)
    return illogical_route(Shipment("0" * 16, 1, "S-1", declared_on=declared, route=given), known)


def over(route: str, known: Known = KNOWN) -> Result:
    start, *passed, end = route.split()
    return ask(known, export_country=start, transit_countries=tuple(passed), destination=end)


def test_a_great_circle_is_as_long_as_geographers_say() -> None:
    berlin, ankara = places("DE")[0], places("TR")[0]
    assert great_circle_km(berlin, ankara) == pytest.approx(2_033, rel=0.01)
    assert great_circle_km(berlin, ankara) == great_circle_km(ankara, berlin)


@pytest.mark.parametrize(
    ("one", "other", "nautical_miles"),
    [
        # As seafarers count them, to the nearest fifty; here a sea is crossed in one great circle.
        ("Rotterdam", "Shanghai", 10_500),
        ("Hamburg", "Jebel Ali", 6_550),
        ("New York", "Cape Town", 6_800),
        ("Yokohama", "Los Angeles", 4_850),
        ("Antwerp", "Lagos", 4_150),
    ],
)
def test_the_way_by_sea_is_right_to_a_sixth(one: str, other: str, nautical_miles: int) -> None:
    (start,), (end,) = port_places(one), port_places(other)
    assert sea_km(start, end) / 1.852 == pytest.approx(nautical_miles, rel=1 / 6)


@pytest.mark.parametrize(
    "route",
    [
        *("DE SG CN", "DE EG SG CN", "DE MY HK CN", "DE AE IN", "US NL DE", "DE RS TR"),
        *("DE TR KG", "DE AE KG", "CZ NL US", "DE AE ZA", "DE TR GE AM", "AT SI KR"),
    ],
)
def test_a_usual_way_is_no_detour(route: str) -> None:
    told = over(route)
    assert told.answer == "clear"
    assert "no detour" in told.detail


@pytest.mark.parametrize(
    "route",
    [
        *("DE LT KZ", "DE LV KZ", "DE PL BY RU KZ", "US LT KZ", "US LV KZ", "US PL KZ", "DE RU KZ"),
        *("JP RU KZ", "JP CN KZ", "IN RU KZ", "IN IR TM", "DE CN KG", "DE SG CN MN"),
    ],
)
def test_a_country_without_a_coast_is_reached_over_its_neighbours(route: str) -> None:
    assert over(route).answer == "clear"


@pytest.mark.parametrize(
    ("route", "times"),
    [
        *[("DE HK KG", "2.7"), ("DE AE TR", "2.4"), ("DE AE AM", "2.2"), ("NL SG TR", "4.4")],
        *[("DE KG TR", "3.0"), ("FR HK GE", "4.7"), ("DE TH KZ", "3.3")],
    ],
)
def test_a_way_far_round_is_told_with_its_length_and_the_policy(route: str, times: str) -> None:
    told = over(route)
    assert (told.answer, told.severity) == ("flagged", "review")
    assert f"{times} times the shortest way" in told.detail
    assert "policy calls a detour from 2 times and 1,500 km more" in told.detail
    assert "route.transhipment_ports is not given" in told.detail


def test_the_policy_says_how_far_is_far() -> None:
    assert over("DE AE KG", replace(KNOWN, policy=Policy(detour_ratio=1.5))).answer == "flagged"
    assert over("DE HK KG", replace(KNOWN, policy=Policy(detour_km=9_000))).answer == "clear"


def test_a_policy_under_which_every_route_is_a_detour_is_refused() -> None:
    with pytest.raises(CodeError, match=r"detour_ratio is 0\.5"):
        read_policy("detour_ratio = 0.5", "own.toml")


def test_the_way_over_a_neighbour_is_named_as_usual() -> None:
    assert "shortest way over CN" in over("DE CN KZ").detail
    assert ways_in("KZ") >= {"RU", "CN", "UZ"}
    assert not ways_in("KZ") & {"HK", "AE", "TR", "LT"}


def test_ports_are_measured_as_countries_are() -> None:
    there = {"export_country": "DE", "destination": "TR"}
    assert ask(**there, transhipment_ports=("Jebel Ali",)).answer == "flagged"
    assert ask(**there, transhipment_ports=("Piraeus",)).answer == "clear"
    assert ask(**there, transhipment_ports=("Novorossiysk",)).answer == "clear"


@pytest.mark.parametrize(
    ("name", "areas_found"),
    [
        ("KLAIPEDA", {"LT"}),
        ("Klaipėda", {"LT"}),
        ("Клайпеда", {"LT"}),
        ("DEHAM", {"DE"}),
        ("AE KLF", {"AE"}),
        ("Hamburg (DE)", {"DE"}),
        ("Khor Fakkan, United Arab Emirates", {"AE"}),
        ("Hamburg, US", {"US"}),
        ("Tripoli", set()),  # of Libya or of Lebanon
        ("Tripoli, Lebanon", {"LB"}),
        ("Atlantis", set()),
        ("", set()),
    ],
)
def test_a_port_is_known_by_name_code_or_country_and_never_guessed(
    name: str, areas_found: set[str]
) -> None:
    assert {place.area for place in port_places(name)} == areas_found


def test_a_list_of_countries_is_no_route() -> None:
    told = over(" ".join(["DE", *["SG"] * 5_000, "TR"]))
    assert told.answer == "not_assessed"
    assert "5000 stops" in told.detail


def test_goods_meant_for_another_country_pass_the_declared_one() -> None:
    there = {"export_country": "DE", "destination": "AE", "transit_countries": ()}
    assert ask(**there).answer == "clear"
    told = ask(**there, final_destination="TR")
    assert told.answer == "flagged"
    assert "DE - AE - TR" in told.detail


def test_a_port_that_is_not_known_clears_nothing() -> None:
    there = {"export_country": "DE", "destination": "TR"}
    told = ask(**there, transhipment_ports=("Atlantis",))
    assert told.answer == "not_assessed"
    assert "'Atlantis'" in told.detail
    assert ask(**there, transit_countries=(), transhipment_ports=("Atlantis",)).answer == (
        "not_assessed"
    )
    both = ask(**there, transit_countries=("SG",), transhipment_ports=("Atlantis",))
    assert both.answer == "flagged"
    assert "'Atlantis'" in both.detail


@pytest.mark.parametrize("missing", ["export_country", "destination"])
def test_without_an_end_nothing_is_measured(missing: str) -> None:
    given = {"export_country": "DE", "destination": "TR", "transit_countries": ("SG",)}
    told = ask(**{**given, missing: None})
    assert told.answer == "not_assessed"
    assert f"route.{missing} is not given" in told.detail


def test_a_route_of_which_nothing_is_said_is_not_assessed() -> None:
    told = ask(export_country="DE", destination="TR")
    assert told.answer == "not_assessed"
    assert told.fields == CHECKS[0].needs


def test_no_transit_is_a_direct_route() -> None:
    told = ask(export_country="DE", destination="TR", transit_countries=())
    assert told.answer == "clear"
    assert "direct as far as route.transit_countries says" in told.detail


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        (date(2024, 5, 19), "clear"),
        (date(2024, 5, 20), "flagged"),
        (date(2024, 6, 3), "flagged"),
        (date(2024, 6, 5), "flagged"),
    ],
)
def test_a_change_within_two_weeks_of_the_declaration_or_after_is_late(
    changed: date, answer: str
) -> None:
    told = ask(changed_on=changed)
    assert told.answer == answer
    assert str(changed) in told.detail


def test_a_change_without_a_day_of_declaration_is_not_assessed() -> None:
    assert ask(declared=None, changed_on=DAY).answer == "not_assessed"


FREE_ZONE = Party("consignee", "Alpha", address="Plot S-10, Jebel Ali Free Zone, Dubai")


@pytest.mark.parametrize(
    ("party", "answer"),
    [
        (FREE_ZONE, "flagged"),
        (replace(FREE_ZONE, address="СЭЗ «Бишкек», ул. Мира 1"), "flagged"),
        (replace(FREE_ZONE, address="Mersin Serbest Bölgesi, No 3"), "flagged"),
        (replace(FREE_ZONE, address=None, name="Alpha FZE"), "flagged"),
        (replace(FREE_ZONE, address="Freezonestraat 3, Utrecht"), "not_assessed"),
        (replace(FREE_ZONE, role="exporter"), "not_assessed"),
    ],
)
def test_an_address_in_a_free_zone_is_told(party: Party, answer: str) -> None:
    told = illogical_route(Shipment("0" * 16, 1, "S-1", parties=(party,)), KNOWN)
    assert told.answer == answer


def test_a_free_zone_alone_is_a_note_where_the_goods_are_free() -> None:
    line = Shipment("0" * 16, 1, "S-1", parties=(FREE_ZONE,))
    assert illogical_route(line, Known(DAY, codes=())).severity == "note"
    assert illogical_route(line, Known(DAY, codes=(CHIPS,))).severity == "review"
    assert illogical_route(line, KNOWN).severity == "review"
    assert "'free zone'" in illogical_route(line, KNOWN).detail


def test_a_port_of_a_free_zone_is_told() -> None:
    there = {"export_country": "DE", "destination": "AE"}
    told = ask(**there, transhipment_ports=("Jebel Ali",))
    assert told.fields[0] == "route.transhipment_ports"
    assert "'jebel ali'" in told.detail


def test_every_place_lies_on_the_earth_in_a_known_country_and_on_a_known_sea() -> None:
    seas = {sea for gate in gates() for sea in gate.seas}
    for area in areas():
        for place in places(area.alpha2):
            assert -90 <= place.latitude <= 90
            assert -180 <= place.longitude <= 180
            assert place.seas <= seas
            assert place.source.startswith("GeoNames ")
    held = {area.alpha2 for area in areas() if places(area.alpha2)}
    assert held >= {"DE", "RU", "KZ", "KG", "AE", "TR", "HK", "XK", "PS", "TW"}


def test_every_port_reaches_every_other_by_sea() -> None:
    ports = [place for area in areas() for place in places(area.alpha2) if place.seas]
    assert len(ports) > 190
    assert all(sea_km(ports[0], other) < 40_000 for other in ports)
    assert all(
        great_circle_km(one, two) - 1 <= sea_km(one, two) for one in ports[:9] for two in ports
    )


def test_words_of_free_zones_count_as_whole_words_only() -> None:
    assert free_zone_words("free-trade-zone 3", "place") == "free trade zone"
    assert free_zone_words("carefree zones", "place") is None
