"""A claim beside what was declared: supported, contradicted or unknown, in one sentence.

Statistics show what was declared in a code, never what goods were used for or why they moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from entrepot.errors import CodeError
from entrepot.finding import Finding
from entrepot.press.check_judged import Judged, as_measured, expected_of, judged, unit_of
from entrepot.press.check_numbers import Declared
from entrepot.press.check_outcome import OPPOSITE, Tolerance, Verdict, tolerance_of
from entrepot.press.check_records import CheckOptions, ClaimOfArticle
from entrepot.press.check_sides import Conclusion, concluded
from entrepot.press.check_stretch import months_of
from entrepot.press.claim_sentences import (
    against_words,
    amount_words,
    area_name,
    claimed_words,
    declared_words,
)
from entrepot.press.products import goods
from entrepot.press.told import NOT_CHECKABLE, Claim

RULE = "declared_trade"
_BY_USE = (
    "trade in these codes is declared, and codes do not tell whether the goods were those denied"
)
_UNTIMED = "the text names no period, and the months looked at may not be those meant"
_NEEDED = "declarations of either side would be needed"
_THESE_NEEDED = "these declarations would be needed"
_NEED_VALUE = ("level", "pct_change", "ratio", "share", "rank")
_COMPARED = ("pct_change", "ratio", "increase", "decrease")
_TURNS = ("increase", "decrease")


def missing_of(claim: Claim) -> tuple[str, ...]:
    """Name what a claim lacks to be checked.

    Args:
        claim: The claim.

    Returns:
        What is missing, in words; nothing where it can be looked up.
    """
    is_level = claim.relation == "level"
    said = claim.basis.partition(NOT_CHECKABLE)[2]
    if said:
        return (said,)
    lacks = {
        "the text does not say who exports": claim.exporter is None,
        "the text does not say who imports": claim.importer is None,
        "trade statistics do not record what is claimed": not claim.is_checkable,
        "the text gives no unit": is_level and claim.value is not None and not claim.unit,
        "the text gives no number": claim.relation in _NEED_VALUE and claim.value is None,
    }
    return tuple(words for words, is_due in lacks.items() if is_due)


def is_compared(claim: Claim) -> bool:
    """Whether a claim compares two stretches of time.

    Args:
        claim: The claim.
    """
    return claim.relation in _COMPARED


def check(
    asked: ClaimOfArticle,
    sides: Sequence[Declared],
    problems: Sequence[str],
    options: CheckOptions | None = None,
) -> Finding:
    """Conclude what declared trade says of a claim.

    Args:
        asked: The claim with its article.
        sides: What each side declared, the one to go by first; how they are weighed is told in
            :mod:`entrepot.press.check_sides`.
        problems: What stood in the way, in words.
        options: Tolerances; the usual ones where open.

    Returns:
        The finding; ``unknown`` says why, and what would be needed.
    """
    claim = as_measured(asked.claim)
    tolerance = tolerance_of(claim, asked.text, options or CheckOptions())
    found = [judged(claim, side, tolerance) for side in sides]
    drawn = _drawn(asked, concluded(claim, found, problems, asked.read_on))
    first = drawn.by
    unit = first.unit if first else unit_of(claim)
    evidence = chain([f"claims claim_id={asked.claim_id}"], *(side.evidence for side in sides))
    return Finding(
        run_id=asked.source_id,
        rule=RULE,
        subject="claim",
        subject_id=asked.claim_id,
        outcome=drawn.verdict,
        detail=_detail(asked, found, drawn, tolerance),
        evidence=tuple(dict.fromkeys(evidence)),
        observed=first.observed if first else None,
        expected=expected_of(claim, unit),
        unit=unit,
        caveats=tuple(dict.fromkeys(chain.from_iterable(side.caveats for side in sides))),
    )


def _drawn(asked: ClaimOfArticle, found: Conclusion) -> Conclusion:
    """Turn a conclusion round for a denial, and leave open what names no time."""
    verdict, reason = found.verdict, found.reason
    if asked.claim.polarity == "denied":
        verdict, reason = _denied(asked.claim, verdict, reason)
    if verdict != "unknown" and not _is_answered(asked, verdict):
        verdict, reason = "unknown", _UNTIMED
    return found._replace(verdict=verdict, reason=reason)


def _denied(claim: Claim, verdict: Verdict, reason: str) -> tuple[Verdict, str]:
    """Turn a verdict round; goods told by their use are not told by a code, and stay open."""
    if claim.relation == "exists" and verdict == "supported" and _note(claim):
        return "unknown", _BY_USE
    return OPPOSITE[verdict], reason


def _is_answered(asked: ClaimOfArticle, verdict: Verdict) -> bool:
    """Whether months that we chose may answer: no text is contradicted by months it did not name.

    What is said without a time of a dated text is meant of its own day: presence is answered either
    way, a rise or fall only where it agrees with the months held.
    """
    if asked.claim.period is not None:
        return True
    if months_of((asked.said_on or "")[:7]) is None:
        return False
    relation = asked.claim.relation
    return relation == "exists" or (relation in _TURNS and verdict == "supported")


def _detail(
    asked: ClaimOfArticle,
    found: Sequence[Judged],
    drawn: Conclusion,
    tolerance: Tolerance,
) -> str:
    claim = asked.claim
    parts = [claimed_words(claim)]
    for one in found:
        told = f"; {one.told}" if one.told else ""
        parts.append(f"{declared_words(one.declared)}{against_words(one.declared)}{told}")
    parts += [drawn.note, _conclusion(claim, drawn.verdict, drawn.reason)]
    if not found and not missing_of(claim) and claim.exporter and claim.importer:
        is_one_sided = claim.relation in {"rank", "share"} or claim.flow == "re-export"
        parts.append(_THESE_NEEDED if is_one_sided else _NEEDED)
    parts += dict.fromkeys(chain.from_iterable(one.declared.notes for one in found))
    if found:
        parts += _terms(claim, found, tolerance)
    return "; ".join(part for part in parts if part) + "."


def _conclusion(claim: Claim, verdict: Verdict, reason: str) -> str:
    what = "the denial" if claim.polarity == "denied" else "the claim"
    if verdict == "unknown":
        return f"unknown, because {reason}"
    agree = "are" if verdict == "supported" else "are not"
    words = f"the declared statistics {agree} consistent with {what}"
    if claim.polarity == "denied" and claim.relation == "exists":
        words += ", read as one of declared trade in these codes"
    if _names_use(claim):
        words += "; they show codes, never what goods were used for nor under which licence"
    return words


def _names_use(claim: Claim) -> bool:
    return bool(_note(claim)) or claim.product in {"sanctioned", "weapons", "high_priority"}


def _note(claim: Claim) -> str:
    try:
        return goods(claim.product).note
    except CodeError:
        return ""


def _terms(claim: Claim, found: Sequence[Judged], tolerance: Tolerance) -> list[str]:
    """Tolerance, note on the codes, rates and sources: the same for all sides where they agree."""
    terms = []
    note = _note(claim)
    if note:
        terms.append(f"on the codes: {note}")
    off = tolerance.off if claim.comparison in {"=", "~", "~<"} else tolerance.short
    if off and claim.value is not None:
        terms.append(f"tolerance {_off_words(claim, off)}")
    terms += _rates_words(found)
    sources = dict.fromkeys(one.declared.source for one in found if one.declared.source)
    return [*terms, f"source: {'; '.join(sources)}" if sources else ""]


def _rates_words(found: Sequence[Judged]) -> list[str]:
    """Which rates were used; whose amounts they turned, where the sides differ in that."""
    used = {
        one.declared.reporter: one.declared.rates[:1].lower() + one.declared.rates[1:].rstrip(".")
        for one in found
        if one.declared.rates
    }
    if len(set(used.values())) <= 1:
        return list(dict.fromkeys(used.values()))
    return [f"what {area_name(name)} declared: {words}" for name, words in used.items()]


def _off_words(claim: Claim, off: float) -> str:
    if claim.relation not in {"level", "increase", "decrease"}:
        return f"{off:.3g} {'points' if unit_of(claim) == '%' else ''}".rstrip()
    return (
        amount_words(off * 1000, "kg") if claim.unit == "t" else amount_words(off, claim.unit or "")
    )


def not_checked(asked: ClaimOfArticle, reasons: Sequence[str]) -> Finding:
    """Conclude that a claim could not be looked up.

    Args:
        asked: The claim with its article.
        reasons: Why, in words.

    Returns:
        A finding that is ``unknown``.
    """
    return check(asked, (), (" and ".join(reasons),))
