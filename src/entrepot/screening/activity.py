"""Whether goods go with what their taker is said to do."""

from __future__ import annotations

from entrepot.codes.activities import Activity, activities_said
from entrepot.screening.check import Check, Known, Result, not_assessed
from entrepot.screening.shipment import Party, Shipment

_TAKERS = ("end_user", "consignee", "buyer")
_CITED = "EAR, Supplement No. 3 to Part 732, flag on products that do not fit the buyer"
_EVIDENCE = (
    f"{_CITED} (number unverified)",
    "codes/activities.csv (NACE Rev. 2; goods own choice)",
)
_SHORTEST = 2  # digits of a chapter
_SHOWN = 80  # characters of an activity that a sentence repeats


def fits_activity(shipment: Shipment, known: Known) -> Result:
    """P10: whether the goods are among those that go with the business of who takes them.

    Who trades in anything, forwards or may need anything is not judged here; a forwarder or trader
    at the end of the way is a matter of P6. What the list does not know is not assessed.

    Args:
        shipment: The line.
        known: Not used; business and goods speak for themselves.
    """
    code = shipment.goods.commodity
    said = [party for party in shipment.in_role(*_TAKERS) if party.business_activity]
    missing = () if said else ("consignee.business_activity",)
    if code is None or not (code.isascii() and code.isdigit()) or len(code) < _SHORTEST:
        missing = (*missing, "goods.commodity")
    if missing or code is None:
        return not_assessed("P10", "review", missing)
    fields = (*(f"{party.role}.business_activity" for party in said), "goods.commodity")
    faults, in_order, unknown = [], [], []
    for party in said:
        found = activities_said(party.business_activity or "")
        words = _said(party, found)
        if not found:
            unknown.append(f"the list knows no branch of {words}")
        elif not all(one.is_judged for one in found):
            unknown.append(f"{words} may take goods of any kind, or forwards them (see P6)")
        elif any(one.takes(code) for one in found):
            in_order.append(f"{code} is among the goods that go with {words}")
        else:
            faults.append(f"{code} is not among the goods that the list has for {words}")
    rest = f" Not compared: {'; '.join(unknown)}." if unknown else ""
    if faults:
        words = f"{'; '.join(faults)}; the customer can say what they are for.{rest}"
        return Result("P10", "flagged", "review", words, fields, _EVIDENCE)
    if in_order:
        return Result("P10", "clear", "review", f"{'; '.join(in_order)}.{rest}", fields, _EVIDENCE)
    return Result("P10", "not_assessed", "review", f"Not assessed: {'; '.join(unknown)}.", fields)


def _said(party: Party, found: tuple[Activity, ...]) -> str:
    said = (party.business_activity or "")[:_SHOWN]
    branches = ", ".join(f"{one.nace} {one.title}" for one in found)
    return f"{party.role} {party.name!r}, {said!r}" + (f" ({branches})" if branches else "")


CHECKS = (
    Check(
        *("P10", 1, "Business that does not fit the goods", f"{_CITED} (number unverified)"),
        ("consignee.business_activity", "goods.commodity"),
        fits_activity,
    ),
)
