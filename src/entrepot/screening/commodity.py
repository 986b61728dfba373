"""What is shipped: codes on control lists, neighbours of such codes, descriptions that say nothing.

A code on a list is found by its longest prefix; a description may raise a question and never
answers one.
"""

from __future__ import annotations

import re
from functools import cache

from entrepot.codes.high_priority import high_priority
from entrepot.codes.rows import read_rows
from entrepot.screening.check import (
    Answer,
    Check,
    Known,
    ListedCode,
    Result,
    Severity,
    not_assessed,
)
from entrepot.screening.shipment import Shipment

CHPL = "chpl"
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d{4,10}")
_ELECTRONICS = ("8471", "8504", "8517", "8525", "8526", "8529", "8532", "8534", "8536", "854")
_HEADING = 4
_STEM = 8  # letters that tell a word in any of its forms
_BARRED = frozenset({"RU", "BY"})


@cache
def _vague_words() -> frozenset[str]:
    rows = read_rows("vague_words.csv", ("language", "words", "source"))
    return frozenset(word[:_STEM] for row in rows for word in row["words"].split())


def _unreadable(code: str | None) -> bool:
    return code is None or not _DIGITS.fullmatch(code) or len(code) % 2 == 1


def high_priority_goods(shipment: Shipment, known: Known) -> Result:
    """G1: whether the code is one of the fifty found again and again on the battlefield.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    return _on_list("G1", shipment, known, frozenset({CHPL, "XL"}), "the Common High Priority List")


def listed_goods(shipment: Shipment, known: Known) -> Result:
    """G2: whether the code stands on any other control list.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    given = {code.list_id for code in known.codes or ()} - {CHPL, "XL"}
    told = _on_list("G2", shipment, known, frozenset(given), "another control list")
    if told.answer == "not_assessed" or not shipment.goods.dual_use_code:
        return told
    entry = shipment.goods.dual_use_code
    words = f"The exporter found entry {entry} of Annex I to Regulation (EU) 2021/821 to apply."
    return Result("G2", "flagged", "block", words, ("goods.dual_use_code",), (entry,))


def _on_list(
    check: str, shipment: Shipment, known: Known, lists: frozenset[str], name: str
) -> Result:
    code = shipment.goods.commodity
    if code is None or _unreadable(code):
        return not_assessed(check, "review", ("goods.commodity",))
    if known.codes is None:
        return not_assessed(check, "review", ("a control list",))
    found = [entry for entry in known.codes if entry.list_id in lists]
    fields = ("goods.commodity",)
    if not found:
        words = f"{code} stands on no entry of {name} on {known.on}."
        return Result(check, "clear", "review", words, fields)
    best = max(found, key=lambda entry: len(entry.prefix))
    to_barred = shipment.route.destination in _BARRED
    words = f"{code} is reached by {best.prefix} of {best.list_id}{_tier(best)}"
    words += "" if best.is_whole else "; only some goods under that entry are listed"
    severity: Severity = "block" if to_barred and best.is_whole else "review"
    evidence = tuple(dict.fromkeys(entry.locator for entry in found))
    return Result(check, "flagged", severity, f"{words}.", fields, evidence)


def _tier(entry: ListedCode) -> str:
    return f", tier {entry.tier}" if entry.tier else ""


def vague_description(shipment: Shipment, known: Known) -> Result:
    """G4: whether the description says what the goods are.

    Args:
        shipment: The line.
        known: Not used; the words speak for themselves.
    """
    words = shipment.goods.description
    fields = ("goods.description",)
    if not words:
        return not_assessed("G4", "review", fields)
    said = [word.casefold() for word in _WORD.findall(words)]
    own = [word for word in said if len(word) > 1 and word[:_STEM] not in _vague_words()]
    answer: Answer = "clear" if own else "flagged"
    told = f"The description {words[:80]!r} "
    told += f"names {' '.join(own[:5])}." if own else "does not say what the goods are."
    return Result("G4", answer, "review", told, fields, ("WCO, acceptable goods descriptions",))


def neighbouring_code(shipment: Shipment, known: Known) -> Result:
    """G5: whether the code stands beside a high priority one, or the exporter uses it only there.

    A neighbour shares the heading and is not itself on the list.

    Args:
        shipment: The line.
        known: Earlier lines of the exporter.
    """
    code = shipment.goods.commodity
    fields = ("goods.commodity", "route.destination")
    if code is None or _unreadable(code):
        return not_assessed("G5", "review", ("goods.commodity",))
    listed = [entry.commodity for entry in high_priority()]
    if code.startswith(tuple(listed)) or len(code) < 6:
        words = f"{code} is on the list itself, or too short to have neighbours."
        return Result("G5", "clear", "review", words, fields)
    beside = [entry for entry in listed if entry[:_HEADING] == code[:_HEADING]]
    if not beside:
        words = f"No high priority code shares heading {code[:_HEADING]}."
        return Result("G5", "clear", "review", words, fields)
    used = () if known.past is None else known.past.commodities.get(code, ())
    words = f"{code} shares heading {code[:_HEADING]} with {', '.join(beside)} of the list"
    if used and set(used) == {shipment.route.destination}:
        words += f"; the exporter used it for {used[0]} only, {len(used)} times"
    return Result("G5", "flagged", "review", f"{words}.", fields, ("Common High Priority List",))


def missing_part_number(shipment: Shipment, known: Known) -> Result:
    """G7: whether high priority electronics carry the maker's part number.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    goods = shipment.goods
    fields = ("goods.commodity", "goods.part_number")
    if goods.commodity is None or _unreadable(goods.commodity):
        return not_assessed("G7", "review", ("goods.commodity",))
    listed = tuple(entry.commodity for entry in high_priority())
    if not goods.commodity.startswith(listed) or not goods.commodity.startswith(_ELECTRONICS):
        words = f"{goods.commodity} is no high priority electronics."
        return Result("G7", "clear", "review", words, fields)
    if goods.part_number or goods.serial_number:
        return Result("G7", "clear", "review", "A part or serial number is given.", fields)
    words = f"{goods.commodity} is high priority electronics and no part number is given."
    cited = ("Commission, questions and answers on common high priority goods",)
    return Result("G7", "flagged", "review", words, fields, cited)


CHECKS = (
    Check(
        *("G1", 1, "Common high priority goods", "Regulation (EU) No 833/2014, Annex XL"),
        ("goods.commodity",),
        high_priority_goods,
    ),
    Check(
        *("G2", 1, "Goods on other control lists", "Regulations (EU) No 833/2014 and 2021/821"),
        ("goods.commodity",),
        listed_goods,
    ),
    Check(
        *("G4", 1, "Description that says nothing", "WCO, acceptable goods descriptions"),
        ("goods.description",),
        vague_description,
    ),
    Check(
        *("G5", 1, "Neighbour of a high priority code", "Common High Priority List"),
        ("goods.commodity",),
        neighbouring_code,
    ),
    Check(
        *("G7", 1, "Part number of electronics", "Commission, questions on high priority goods"),
        ("goods.commodity", "goods.part_number"),
        missing_part_number,
    ),
)
