"""Whether the description of a line and its code speak of the same goods.

Words suggest and raise questions. That nothing disagrees says nothing about the lists the goods
stand on; only their code does.
"""

from __future__ import annotations

from entrepot.codes.high_priority import high_priority
from entrepot.screening.check import Check, Known, Result, not_assessed
from entrepot.screening.commodity_entries import HS_LENGTH
from entrepot.screening.description import (
    HEADING,
    Suggestion,
    headings,
    high_priority_suggestions,
    speaks_of,
    suggestions,
)
from entrepot.screening.description_words import own_words
from entrepot.screening.shipment import Shipment

TOP_HEADINGS = 10
_SURE = 8.0  # score of a best suggestion below which a heading that is not among ten says nothing
_FAR = 0.3  # share of the best score under which the declared heading is far from the words
_FIELDS = ("goods.description", "goods.commodity")
_CITED = ("own comparison of words with the headings of HS 2022; a question, no finding of fact",)
_SHOWN = 80  # characters of a description that a sentence repeats


def disagreeing_description(shipment: Shipment, known: Known) -> Result:
    """G3: whether description and code disagree.

    Flagged where the five likeliest goods hold a high priority code and the declared code is none,
    or where the declared heading is not among the ten likeliest and far from the words.

    Args:
        shipment: The line.
        known: Not used; the words and the code speak for themselves.
    """
    text, code = shipment.goods.description, shipment.goods.commodity
    missing = tuple(name for name, value in zip(_FIELDS, (text, code), strict=True) if not value)
    if text is None or code is None or missing:
        return not_assessed("G3", "review", missing)
    if not (code.isascii() and code.isdigit()) or len(code) < HEADING or len(code) in (5, 7, 9):
        return not_assessed("G3", "review", ("goods.commodity as HS or CN code",))
    if not own_words(text):
        return not_assessed("G3", "review", ("a description that says what the goods are",))
    priority = _priority_instead(text, code)
    if priority is not None:
        return priority
    return _heading_agrees(text, code)


def _priority_instead(text: str, code: str) -> Result | None:
    """A flag where words mean high priority goods and the code is none of theirs."""
    listed = tuple(entry.commodity for entry in high_priority())
    found = high_priority_suggestions(text)
    # A code short of six digits may hold the goods; it is no other code.
    open_ended = len(code) < HS_LENGTH and any(one.commodity.startswith(code) for one in found)
    if not found or code.startswith(listed) or open_ended:
        return None
    best = found[0]
    beside = [one for one in suggestions(text) if one.commodity == code[:HS_LENGTH]]
    if beside and beside[0].score > best.score:
        return None
    words = (
        f"{_quoted(text)} reads like {best.commodity} of heading {best.commodity[:HEADING]} "
        f"({_title(best.commodity)}; from the words {_words(best)}), a high priority code; "
        f"declared is {code} of heading {code[:HEADING]}."
    )
    return Result("G3", "flagged", "review", words, _FIELDS, _CITED)


def _heading_agrees(text: str, code: str) -> Result:
    heading = code[:HEADING]
    found = headings(text)
    places = [one.commodity[:HEADING] for one in found]
    if heading in places[:TOP_HEADINGS]:
        words = (
            f"Heading {heading} is among the {TOP_HEADINGS} likeliest of {_quoted(text)}; this "
            "says nothing about lists."
        )
        return Result("G3", "clear", "review", words, _FIELDS, _CITED)
    if not found or found[0].score < _SURE or not speaks_of(heading, text):
        missing = ("a description whose words we know for this heading",)
        return not_assessed("G3", "review", missing)
    best = found[0]
    if heading in places and found[places.index(heading)].score >= _FAR * best.score:
        missing = ("a description that decides between headings",)
        return not_assessed("G3", "review", missing)
    words = (
        f"{_quoted(text)} reads like heading {best.commodity[:HEADING]} (from the words "
        f"{_words(best)}); declared is {code} of heading {heading}, which is not among the "
        f"{TOP_HEADINGS} likeliest."
    )
    return Result("G3", "flagged", "review", words, _FIELDS, _CITED)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _words(one: Suggestion) -> str:
    return ", ".join(one.words[:4])


def _title(code: str) -> str:
    return next(entry.description for entry in high_priority() if entry.commodity == code)


CHECKS = (
    Check(
        *("G3", 1, "Description and code disagree", "Own comparison of words with HS 2022"),
        _FIELDS,
        disagreeing_description,
    ),
)
