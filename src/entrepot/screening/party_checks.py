"""Whether a party stands on a list: by name, by number, by address, through an owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from entrepot.screening.check import Answer, Check, Hit, Known, Result, Severity, not_assessed
from entrepot.screening.party_hits import OWNER, VESSEL
from entrepot.screening.shipment import TAKERS, Shipment

OWN_LISTS = "own"  # beginning of the name of a list that is the user's
_MAJORITY = 0.5
_EU, _US = "Regulation (EU) No 269/2014, Article 2", "OFAC, Specially Designated Nationals List"
_LISTS = "lists of parties"
_MOST_TOLD = 3
Test = Callable[[Hit], bool]


def _is_own(hit: Hit) -> bool:
    return hit.dataset.split("-")[0] == OWN_LISTS


def _by_number(hit: Hit) -> bool:
    return "identifier" in hit.explanations


def _by_name(hit: Hit) -> bool:
    return hit.level != "address" and ("words" in hit.explanations or not _by_number(hit))


def _of_owner(hit: Hit) -> bool:
    return hit.role.startswith(OWNER)


def _told(hits: Sequence[Hit]) -> str:
    """Hits in words: who may be whom, on which list, how sure."""
    told = [
        f"{hit.role} {hit.party!r} may be {hit.caption!r} ({hit.dataset} {hit.entity_id}, "
        f"{hit.level.replace('_', ' ')}, {hit.score:.2f})"
        for hit in hits[:_MOST_TOLD]
    ]
    more = len(hits) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def _evidence(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{hit.dataset} {hit.entity_id}" for hit in hits))


def _result(
    check: str, hits: Sequence[Hit], fields: tuple[str, ...], nothing: str, severity: Severity
) -> Result:
    """Flagged where there are hits, clear where not."""
    answer: Answer = "flagged" if hits else "clear"
    detail = f"{_told(hits)}." if hits else nothing
    return Result(check, answer, severity, detail, fields, _evidence(hits), tuple(hits))


def _severity(hits: Sequence[Hit]) -> Severity:
    return "block" if any(hit.level == "match" for hit in hits) else "review"


def listed_by_name(shipment: Shipment, known: Known) -> Result:
    """P1: whether the name of somebody who takes part is that of a listed party.

    Args:
        shipment: The line.
        known: Listed parties found for it.
    """
    if not known.has_lists:
        return not_assessed("P1", "block", (_LISTS,))
    hits = [hit for hit in known.hits if _by_name(hit) and not _is_own(hit) and not _of_owner(hit)]
    fields = _fields(shipment, "name")
    if not hits and (missing := _nameless(shipment)):
        return not_assessed("P1", "block", missing)
    nothing = f"No name on the lists is like {', '.join(fields)}."
    return _result("P1", hits, fields, nothing, _severity(hits) if hits else "block")


def _nameless(shipment: Shipment) -> tuple[str, ...]:
    """What lacks a name, where nobody has one whom the goods go to."""
    takers = shipment.in_role(*TAKERS)
    if any(party.name or party.name_original or party.aliases for party in takers):
        return ()
    return tuple(f"{party.role}.name" for party in takers) or ("consignee.name",)


def _fields(shipment: Shipment, field: str) -> tuple[str, ...]:
    named = [f"{party.role}.{field}" for party in shipment.parties if getattr(party, field)]
    ship = [f"route.{VESSEL}_name"] if field == "name" and shipment.route.vessel_name else []
    return tuple(dict.fromkeys((*named, *ship)))


_NUMBERS = ("registration_number", "tax_id", "lei", "imo", "bic")


def listed_by_number(shipment: Shipment, known: Known) -> Result:
    """P2: whether a number of somebody who takes part is that of a listed party.

    Args:
        shipment: The line.
        known: Listed parties found for it.
    """
    fields = tuple(field for name in _NUMBERS for field in _fields(shipment, name))
    if shipment.route.imo:
        fields = (*fields, "route.imo")
    missing = (*(() if known.has_lists else (_LISTS,)), *(() if fields else ("party numbers",)))
    if missing:
        return not_assessed("P2", "block", missing)
    hits = [hit for hit in known.hits if _by_number(hit) and not _is_own(hit)]
    nothing = f"No number on the lists is one of {', '.join(fields)}."
    return _result("P2", hits, fields, nothing, _severity(hits) if hits else "block")


def listed_by_address(shipment: Shipment, known: Known) -> Result:
    """P3: whether an address is that of a listed party, where the name is not.

    Args:
        shipment: The line.
        known: Listed parties found for it.
    """
    fields = _fields(shipment, "address")
    missing = (*(() if known.has_lists else (_LISTS,)), *(() if fields else ("party.address",)))
    if missing:
        return not_assessed("P3", "review", missing)
    hits = [hit for hit in known.hits if hit.level == "address" and not _is_own(hit)]
    nothing = f"No address on the lists is that of {', '.join(fields)}."
    return _result("P3", hits, fields, nothing, "review")


def listed_owner(shipment: Shipment, known: Known) -> Result:
    """P4: whether a listed party holds half of somebody who takes part, or may.

    Args:
        shipment: The line.
        known: Listed parties found for the owners.
    """
    fields = _fields(shipment, "owners")
    missing = (*(() if known.has_lists else (_LISTS,)), *(() if fields else ("party.owners",)))
    if missing:
        return not_assessed("P4", "block", missing)
    hits = [hit for hit in known.hits if _of_owner(hit) and not _is_own(hit)]
    shares = {
        (f"{OWNER}{party.role}", owner.name): owner.share
        for party in shipment.parties
        for owner in party.owners or ()
    }
    held = [shares.get((hit.role, hit.party)) for hit in hits]
    total = sum(share or 0.0 for share in dict(zip(_parties(hits), held, strict=True)).values())
    is_half = total >= _MAJORITY and any(hit.level == "match" for hit in hits)
    result = _result(
        *("P4", hits, fields, f"No owner in {', '.join(fields)} is on the lists."),
        "block" if is_half or not hits else "review",
    )
    if not hits:
        return result
    unsaid = " A share is not given." if any(share is None for share in held) else ""
    words = f"{result.detail} Shares of owners found: {total:.0%}.{unsaid}"
    return Result("P4", result.answer, result.severity, words, fields, result.evidence, result.hits)


def _parties(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    return [(hit.role, hit.party) for hit in hits]


def on_own_list(shipment: Shipment, known: Known) -> Result:
    """P9: whether somebody who takes part is on a list of the user's own.

    Args:
        shipment: The line.
        known: Listed parties found for it.
    """
    if not known.has_lists:
        return not_assessed("P9", "review", (_LISTS,))
    hits = [hit for hit in known.hits if _is_own(hit)]
    fields = _fields(shipment, "name")
    if not hits and (missing := _nameless(shipment)):
        return not_assessed("P9", "review", missing)
    nothing = f"No entry of a list of one's own is like {', '.join(fields)}."
    return _result("P9", hits, fields, nothing, _severity(hits) if hits else "review")


CHECKS = (
    Check("P1", 1, "Name on a list", f"{_EU}; {_US}", ("party.name",), listed_by_name),
    Check("P2", 1, "Number on a list", f"{_EU}; {_US}", ("party.tax_id",), listed_by_number),
    Check(
        *("P3", 1, "Address on a list", "BIS Entity List, entries by address (unverified)"),
        *(("party.address",), listed_by_address),
    ),
    Check(
        *("P4", 1, "Owner on a list", "EU Best Practices on restrictive measures (unverified)"),
        *(("party.owners",), listed_owner),
    ),
    Check(
        *("P9", 1, "On a list of one's own", "BIS guidance of 10 July 2024"),
        *(("party.name",), on_own_list),
    ),
)
