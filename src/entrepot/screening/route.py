"""Where the goods go: barred destinations, transit, places goods are known to go on from."""

from __future__ import annotations

from datetime import date

from entrepot.codes.annexes import annexes
from entrepot.codes.groupings import members
from entrepot.codes.routes_law import (
    BARRED_READ_UNTIL,
    barred,
    named_country,
    occupied_region,
    transit_bans,
)
from entrepot.screening.check import Check, Known, Result, Risk, Severity, not_assessed
from entrepot.screening.shipment import TAKERS, Party, Shipment

# The act, and the first day on which it barred goods.
_ACTS = {
    "RU": ("Regulation (EU) No 833/2014", date(2014, 8, 1)),
    "BY": ("Regulation (EC) No 765/2006", date(2006, 5, 20)),
}
# Countries whose towns may be called as an occupied one is: elsewhere a street may be.
_OF_REGIONS = (None, "UA", "RU")


def barred_destination(shipment: Shipment, known: Known) -> Result:
    """R1: whether the goods go to Russia, Belarus or an occupied region.

    Goods that stand on no list may still go there: where every annex of the act was searched and
    holds none of them, the line is to be looked at, not stopped.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    takers = shipment.in_role(*TAKERS)
    for party in takers:
        found = _in_region(party, known)
        if found is not None:
            return found
    places = _places(shipment)
    for field, country in places:
        act, since = _ACTS.get(country, ("", date.max))
        if since <= known.on:
            severity, goods = _barred_goods(country, shipment.goods.commodity or "", known)
            words = f"{field} is {country}; {goods}."
            return Result("R1", "flagged", severity, words, (field,), (act,))
    if shipment.route.destination is None:
        return not_assessed("R1", "block", ("route.destination",))
    addresses = [f"{party.role}.address" for party in takers if party.address]
    fields = (*(field for field, _ in places), *addresses)
    words = "Nothing that says where the goods go names Russia, Belarus or an occupied region"
    barred_later = {country for _, country in places if country in _ACTS}
    if barred_later:
        words = f"No act that bars goods to {', '.join(sorted(barred_later))} is held for that day"
    if shipment.terms.end_use_country is None:
        words += "; where the goods are used is not given"
    return Result("R1", "clear", "block", f"{words}.", tuple(dict.fromkeys(fields)))


def _in_region(party: Party, known: Known) -> Result | None:
    """Whether an address or a name puts a taker into an occupied region."""
    for field, text in (("address", party.address), ("name", party.name)):
        region = occupied_region(text or "", known.on)
        if region is None or (field == "name" and party.country not in ("UA", "RU")):
            continue
        named = f"{party.role}.{field}"
        words = f"{named} names {region.name}, which is under a regime of its own"
        # A street in Berlin may be called after Yalta.
        is_there = field == "address" and party.country in _OF_REGIONS
        words += "" if is_there else f"; {party.role}.country is {party.country or 'not given'}"
        severity: Severity = "block" if is_there else "review"
        return Result("R1", "flagged", severity, f"{words}.", (named,), (region.citation,))
    return None


def _barred_goods(country: str, commodity: str, known: Known) -> tuple[Severity, str]:
    """What is known of the goods, and how severe that makes a barred destination."""
    if known.codes is None:
        return "block", "no control list was there"
    if known.codes:
        return "block", f"the goods stand on {', '.join(code.list_id for code in known.codes)}"
    if country != "RU":
        return "block", "the annexes for goods to this country are not held"
    in_force = frozenset(name for name, one in annexes().items() if one.in_force <= known.on)
    unsearched = known.unsearched(in_force, commodity)
    if unsearched:
        return "block", f"not compared with the lists {', '.join(unsearched)}"
    return "review", "the goods stand on no list of the act"


def _places(shipment: Shipment) -> list[tuple[str, str]]:
    route = shipment.route
    given = [
        ("route.destination", route.destination),
        ("route.final_destination", route.final_destination),
        ("terms.end_use_country", shipment.terms.end_use_country),
        *((f"{party.role}.country", party.country) for party in shipment.in_role(*TAKERS)),
        *(
            (f"{party.role}.address", named_country(party.address))
            for party in shipment.in_role(*TAKERS)
            if party.address and party.country is None
        ),
    ]
    return [(field, country) for field, country in given if country]


def transit(shipment: Shipment, known: Known) -> Result:
    """R2: whether goods under a transit ban pass through Russia or Belarus.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    passed = shipment.route.transit_countries
    fields = ("route.transit_countries", "goods.commodity")
    if passed is None:
        return not_assessed("R2", "block", ("route.transit_countries",))
    bans = [ban for country in passed for ban in transit_bans(country, known.on)]
    if not bans:
        words = "The route passes through no country under a transit ban on that day."
        return Result("R2", "clear", "block", words, fields)
    if shipment.goods.commodity is None:
        return not_assessed("R2", "block", ("goods.commodity",))
    if known.codes is None:
        return not_assessed("R2", "block", ("a control list",))
    own = {code.list_id for code in known.codes}
    own |= {"DUAL_USE"} if shipment.goods.dual_use_code else set()
    hit = next((ban for ban in bans if ban.annexes & own), None)
    annexes = frozenset(name for ban in bans for name in ban.annexes)
    unsearched = known.unsearched(annexes, shipment.goods.commodity)
    if hit is None and unsearched:
        return not_assessed("R2", "block", (f"a list of {', '.join(unsearched)}",))
    if hit is None:
        words = f"The goods pass through {', '.join(passed)} and stand on no list banned there."
        return Result("R2", "clear", "block", words, fields, tuple(ban.citation for ban in bans))
    lists = ", ".join(sorted(hit.annexes & own))
    words = f"Goods on {lists} pass through {hit.country}, which is banned from {hit.applies_from}."
    return Result("R2", "flagged", "block", words, fields, (hit.citation,))


def known_passage(shipment: Shipment, known: Known) -> Result:
    """R3: whether listed goods go to a country from which such goods are known to go on.

    What is known is the excess that a run of ours found for the product and country, with its
    interval; without a run the alerts of authorities, which name countries only.

    Args:
        shipment: The line.
        known: Lists, and leads and totals of a run.
    """
    country, commodity = shipment.route.destination, shipment.goods.commodity
    fields = ("route.destination", "goods.commodity")
    missing = tuple(
        name for name, value in zip(fields, (country, commodity), strict=True) if value is None
    )
    if country is None or commodity is None:
        return not_assessed("R3", "review", missing)
    if known.codes is None:
        return not_assessed("R3", "review", ("a control list",))
    if not known.codes:
        return Result(
            "R3", "clear", "review", "The goods stand on no list that was searched.", fields
        )
    told = [_passed_on(place, commodity, known) for place in shipment.ends()]
    return next((one for one in told if one.answer == "flagged"), told[0])


def _passed_on(country: str, commodity: str, known: Known) -> Result:
    """What is known of listed goods that go to one country."""
    fields = ("route.destination", "goods.commodity")
    found = _risk(country, commodity, known.risk or ())
    if found is not None and found.is_flagged:
        return Result("R3", "flagged", "review", _sentence(found), fields, (_cited(found),))
    if country in members("INTERMEDIARY", known.on):
        words = f"Listed goods go to {country}, which authorities name as a point of transshipment"
        words += f"; {_sentence(found)}" if found else "; no run of ours says how much goes on."
        cited = "FinCEN and BIS, joint alert of 28 June 2022, and later notes (codes/groupings.csv)"
        return Result("R3", "flagged", "review", words, fields, (cited,))
    if known.risk is None:
        return not_assessed("R3", "review", ("a run of detect",))
    words = _sentence(found) if found else f"No lead of the run goes through {country}."
    return Result("R3", "clear", "review", words, fields)


def _risk(country: str, commodity: str, known: tuple[Risk, ...]) -> Risk | None:
    """The lead with the longest code that begins the line's, else the country's total."""
    fitting = [
        risk for risk in known if risk.country == country and commodity.startswith(risk.commodity)
    ]
    return max(fitting, key=lambda risk: len(risk.commodity), default=None)


def _sentence(risk: Risk) -> str:
    goods = risk.commodity or "listed goods"
    if risk.excess is None or risk.low is None or risk.high is None:
        return f"The run has no estimate for {goods} through {risk.country}."
    return (
        f"Excess of {goods} through {risk.country} is {risk.unit} {risk.excess:,.0f} "
        f"[{risk.low:,.0f}, {risk.high:,.0f}], 90 % interval."
    )


def _cited(risk: Risk) -> str:
    return f"leads run_id={risk.run_id} intermediary={risk.country} commodity={risk.commodity}"


def barred_pair(shipment: Shipment, known: Known) -> Result:
    """R4: whether an act bars these goods to this country.

    Args:
        shipment: The line.
        known: The day.
    """
    country, commodity = shipment.route.destination, shipment.goods.commodity
    fields = ("route.destination", "goods.commodity")
    if country is None or commodity is None:
        given = zip(fields, (country, commodity), strict=True)
        return not_assessed("R4", "block", tuple(name for name, value in given if value is None))
    cited = barred(country, commodity, known.on)
    if cited is not None:
        words = f"{commodity} may not go to {country}."
        return Result("R4", "flagged", "block", words, fields, (cited,))
    if known.on > BARRED_READ_UNTIL:
        words = f"acts under Article 12f after {BARRED_READ_UNTIL}"
        return not_assessed("R4", "block", (words,))
    words = f"No act up to {known.on} is recorded that bars {commodity} to {country}."
    return Result("R4", "clear", "block", words, fields)


def disagreeing_countries(shipment: Shipment, known: Known) -> Result:
    """R6: whether destination, consignee, end use and payer name different countries.

    Args:
        shipment: The line.
        known: Not used; the countries speak for themselves.
    """
    given = {
        "route.destination": shipment.route.destination,
        "route.final_destination": shipment.route.final_destination,
        "terms.end_use_country": shipment.terms.end_use_country,
        "terms.payer_country": shipment.terms.payer_country,
        **{
            f"{party.role}.country": party.country
            for party in shipment.in_role("consignee", "buyer", "end_user")
        },
    }
    said = {field: country for field, country in given.items() if country}
    if len(said) < 2:
        open_fields = tuple(field for field, country in given.items() if not country)
        return not_assessed("R6", "review", open_fields)
    words = ", ".join(f"{field} {country}" for field, country in said.items())
    if len(set(said.values())) > 1:
        words = f"Countries disagree: {words}."
        return Result("R6", "flagged", "review", words, tuple(said))
    return Result("R6", "clear", "review", f"Countries agree: {words}.", tuple(said))


CHECKS = (
    Check(
        *("R1", 1, "Barred destination", "Regulations (EU) No 833/2014, 692/2014, 2022/263"),
        ("route.destination",),
        barred_destination,
    ),
    Check(
        *("R2", 1, "Transit through Russia or Belarus", "Regulation (EU) No 833/2014, Article 2"),
        ("route.transit_countries", "goods.commodity"),
        transit,
    ),
    Check(
        *("R3", 1, "Known passage", "Commission notice 2022/C 145 I/01; FIN-2022-Alert003"),
        ("route.destination", "goods.commodity"),
        known_passage,
    ),
    Check(
        *("R4", 1, "Goods barred to the country", "Regulation (EU) No 833/2014, Article 12f"),
        ("route.destination", "goods.commodity"),
        barred_pair,
    ),
    Check(
        *("R6", 1, "Countries that disagree", "Tri-seal compliance note, March 2023"),
        ("route.destination", "consignee.country", "terms.payer_country"),
        disagreeing_countries,
    ),
)
