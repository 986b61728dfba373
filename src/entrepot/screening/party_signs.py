"""What the papers say of a party that calls for a second look, listed or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.screening.check import Answer, Check, Known, Result, not_assessed
from entrepot.screening.fold import is_mixed, latin, readable, words_of
from entrepot.screening.name_form import WORDS, latin_share
from entrepot.screening.shipment import Party, Shipment

_WAR = date(2022, 2, 24)
_LAST = ("end_user", "consignee", "buyer")
_ORIGINAL_SCRIPT = frozenset(
    {
        *("AE", "AM", "BG", "BY", "CN", "EG", "GE", "GR", "HK", "IL", "IQ", "IR", "JO", "JP", "KG"),
        *("KP", "KR", "KW", "KZ", "LB", "MN", "OM", "QA", "RU", "SA", "SY", "TH", "TJ", "TW", "UA"),
        "YE",
    }
)
_CHPL = "chpl"


@cache
def _words(kind: str) -> frozenset[str]:
    rows = read_rows("party_words.csv", ("kind", "words", "source"), WORDS)
    return frozenset(word for row in rows if row["kind"] == kind for word in row["words"].split())


@cache
def _dialling_codes() -> dict[str, frozenset[str]]:
    rows = read_rows("dialling_codes.csv", ("prefix", "countries", "source"), WORDS)
    return {row["prefix"]: frozenset(row["countries"].split()) for row in rows}


def _told(check: str, faults: list[str], used: Iterable[str], basis: str) -> Result:
    fields = tuple(dict.fromkeys(used))
    answer: Answer = "flagged" if faults else "clear"
    words = "; ".join(faults) or f"nothing unusual in {', '.join(fields)}"
    return Result(check, answer, "review", f"{words[0].upper()}{words[1:]}.", fields, (basis,))


_P5 = "Tri-seal compliance note, March 2023"


def mixed_script(shipment: Shipment, known: Known) -> Result:
    """P5: whether a name mixes scripts or hides signs, or is not given in its own script.

    A name that is only lacking in its own script is a note: most papers leave it out.

    Args:
        shipment: The line.
        known: Not used.
    """
    if not shipment.parties:
        return not_assessed("P5", "review", ("party.name",))
    faults, lacking, used = [], [], []
    for party in shipment.parties:
        for field, name in (("name", party.name), ("name_original", party.name_original)):
            if name:
                used.append(f"{party.role}.{field}")
            if name and is_mixed(name):
                seen = readable(name)
                faults.append(
                    f"{party.role}.{field} mixes scripts or hides signs; it reads {seen!r}"
                )
        if _lacks_original(party):
            lacking.append(
                f"{party.role}.name_original is not given; names in {party.country} are written "
                "in another script, and lists may have only that"
            )
    told = _told("P5", [*faults, *lacking], used, _P5)
    return told if faults else replace(told, severity="note")


def _lacks_original(party: Party) -> bool:
    is_latin = latin_share(words_of(party.name)) >= 0.5
    return party.country in _ORIGINAL_SCRIPT and party.name_original is None and is_latin


_P6 = "EAR, Supplement No. 3 to Part 732"


def no_end_user(shipment: Shipment, known: Known) -> Result:
    """P6: whether goods end with a forwarder or trader, with no end user named.

    Args:
        shipment: The line.
        known: Not used.
    """
    last = (
        shipment.in_role("end_user") or shipment.in_role("consignee") or shipment.in_role("buyer")
    )
    if not last:
        return not_assessed("P6", "review", ("end_user.name", "consignee.name"))
    faults, used = [], []
    for party in last:
        used += [f"{party.role}.name"]
        used += [f"{party.role}.business_activity"] if party.business_activity else []
        said = f"{party.name} {party.business_activity or ''}"
        words = {one for word in words_of(readable(said)) for one in (word, latin(word))}
        for kind, name in (("forwarder", "forwarder"), ("trader", "trader")):
            found = sorted(words & _words(kind))
            if found:
                faults.append(
                    f"{party.role} {party.name!r} may be a {name} (word {found[0]!r}), and goods "
                    "seem to end there"
                )
                break
    forwarders = {party.name.casefold() for party in shipment.in_role("freight_forwarder")}
    faults += [
        f"{party.role} {party.name!r} is the forwarder too"
        for party in last
        if party.name.casefold() in forwarders
    ]
    if not shipment.in_role("end_user") and not faults:
        return not_assessed("P6", "review", ("end_user.name",))
    return _told("P6", faults, used, _P6)


_P7 = "FinCEN and BIS joint alerts (unverified); EAR, Supplement No. 3 to Part 732"


def new_customer(shipment: Shipment, known: Known) -> Result:
    """P7: whether high priority goods go to a company founded since the war began, or lately.

    Args:
        shipment: The line.
        known: Lists the goods stand on, day and policy.
    """
    receivers = shipment.in_role(*_LAST)
    dated = [party for party in receivers if party.incorporated_on is not None]
    missing: tuple[str, ...] = () if dated else ("consignee.incorporated_on",)
    missing += () if known.codes is not None else ("goods.commodity on control lists",)
    if missing or known.codes is None:
        return not_assessed("P7", "review", missing)
    is_priority = any(code.list_id == _CHPL for code in known.codes)
    faults = []
    for party in dated:
        begun = party.incorporated_on
        if begun is None or not is_priority:
            continue
        age = (known.on - begun).days
        if begun >= _WAR or age < known.policy.new_customer_days:
            faults.append(
                f"{party.role} {party.name!r} was founded on {begun}, {age} days before "
                f"{known.on}, and the goods have high priority"
            )
    used = [*(f"{party.role}.incorporated_on" for party in dated), "goods.commodity"]
    return _told("P7", faults, used, _P7)


_P8 = "Tri-seal compliance note, March 2023"


def faint_presence(shipment: Shipment, known: Known) -> Result:
    """P8: free mail, no site, an address of a home or shared desk, a telephone of elsewhere.

    Args:
        shipment: The line.
        known: Not used.
    """
    faults: list[str] = []
    used: list[str] = []
    for party in shipment.in_role(*_LAST):
        given = [name for name in ("email", "phone", "address") if getattr(party, name)]
        used += [f"{party.role}.{name}" for name in given]
        faults += _faint(party)
        if party.website == "":
            faults.append(f"{party.role} {party.name!r} is said to have no site")
        if party.website is not None:
            used.append(f"{party.role}.website")
    if not used:
        return not_assessed("P8", "review", ("consignee.email", "consignee.website"))
    return _told("P8", faults, used, _P8)


def _faint(party: Party) -> list[str]:
    faults = []
    domain = (party.email or "").rpartition("@")[2].casefold()
    if domain in _words("free_mail"):
        faults.append(f"{party.role} {party.name!r} writes from {domain}, which is open to anybody")
    shared = sorted(set(words_of(party.address or "")) & _words("shared_address"))
    if shared:
        faults.append(f"{party.role}.address holds {shared[0]!r}, a home or a shared desk")
    countries = _dialled(party.phone or "")
    if countries and party.country and party.country not in countries:
        there = " or ".join(sorted(countries))
        faults.append(f"{party.role}.phone is of {there}, its country {party.country}")
    return faults


def _dialled(phone: str) -> frozenset[str]:
    """Countries of a telephone number with its international prefix; empty where unknown."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if not phone.strip().startswith(("+", "00")):
        return frozenset()
    number = digits.removeprefix("00") if phone.strip().startswith("00") else digits
    for size in (3, 2, 1):
        found = _dialling_codes().get(f"+{number[:size]}")
        if found is not None:
            return found
    return frozenset()


CHECKS = (
    Check("P5", 1, "Name in mixed script", _P5, ("party.name",), mixed_script),
    Check("P6", 1, "No end user", _P6, ("end_user.name", "consignee.name"), no_end_user),
    Check("P7", 1, "New customer", _P7, ("consignee.incorporated_on",), new_customer),
    Check("P8", 1, "Faint presence", _P8, ("consignee.email",), faint_presence),
)
