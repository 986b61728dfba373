"""Who pays and how, and whether the order fits what was ordered before."""

from __future__ import annotations

import statistics
from datetime import date

from entrepot.screening.check import Answer, Check, Known, Result, not_assessed
from entrepot.screening.shipment import Shipment

_CASH = frozenset({"cash", "bar", "barzahlung", "наличные", "crypto", "cryptocurrency", "krypto"})
_PAYING = ("consignee", "buyer", "end_user")
_WAR = date(2022, 2, 24)
_FEW = 3  # earlier lines below which nothing is usual


def unusual_payment(shipment: Shipment, known: Known) -> Result:
    """T1: whether somebody else pays, from another country, or in a way that leaves no trace.

    Args:
        shipment: The line.
        known: The policy.
    """
    terms, value = shipment.terms, shipment.goods.value
    buyers = shipment.in_role(*_PAYING)
    names = {party.name.casefold() for party in buyers}
    countries = {party.country for party in buyers if party.country}
    faults, used = [], []
    if terms.payer and names:
        used.append("terms.payer")
        if terms.payer.casefold() not in names:
            faults.append(f"{terms.payer!r} pays, who takes no goods here")
    if terms.payer_country and countries:
        used.append("terms.payer_country")
        if terms.payer_country not in countries:
            faults.append(f"the payer sits in {terms.payer_country}, the buyer elsewhere")
    is_large = value is not None and value >= known.policy.cash_from_eur
    if terms.payment_method:
        used.append("terms.payment_method")
        if terms.payment_method.casefold() in _CASH and is_large:
            faults.append(
                f"{value:,.0f} {shipment.goods.currency} are paid by {terms.payment_method}"
            )
    if not used:
        missing = ("terms.payer", "terms.payer_country", "terms.payment_method")
        return not_assessed("T1", "review", missing)
    words = "; ".join(faults) or f"nothing unusual in {', '.join(used)}"
    answer: Answer = "flagged" if faults else "clear"
    cited = ("EAR, Supplement No. 3 to Part 732", "Tri-seal compliance note, March 2023")
    return Result("T1", answer, "review", f"Payment: {words}.", tuple(used), cited)


def unusual_order(shipment: Shipment, known: Known) -> Result:
    """T2: whether the order is the first, came after the war began, or is far above earlier ones.

    Args:
        shipment: The line.
        known: Earlier lines, and the policy.
    """
    value, past = shipment.goods.value, known.past
    fields = ("goods.value", "history")
    if past is None:
        return not_assessed("T2", "review", ("earlier lines of this buyer",))
    cited = ("Commission guidance on due diligence, September 2023",)
    if past.line_count == 0 or past.first_seen is None:
        words = "It is the first line of this buyer."
        return Result("T2", "flagged", "review", words, fields, cited)
    faults = []
    if past.first_seen >= _WAR:
        faults.append(f"the buyer is known since {past.first_seen}, after {_WAR}")
    if value is not None and len(past.values) >= _FEW:
        usual = statistics.median(past.values)
        if usual > 0 and value > known.policy.order_jump * usual:
            faults.append(
                f"{value:,.0f} is {value / usual:.1f} times the median of {len(past.values)} lines"
            )
    elif value is None and not faults:
        return not_assessed("T2", "review", ("goods.value",))
    words = "; ".join(faults) or f"the order fits {past.line_count} earlier lines"
    answer: Answer = "flagged" if faults else "clear"
    return Result("T2", answer, "review", f"Orders: {words}.", fields, cited)


CHECKS = (
    Check(
        *("T1", 1, "Unusual payment", "EAR, Supplement No. 3 to Part 732, flag 2"),
        ("terms.payer", "terms.payer_country", "terms.payment_method"),
        unusual_payment,
    ),
    Check(
        *("T2", 1, "Unusual order", "Commission guidance on due diligence, September 2023"),
        ("goods.value",),
        unusual_order,
    ),
)
