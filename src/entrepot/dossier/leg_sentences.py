"""Sentences on the second legs: what arrived, what went on, by which way, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.dossier.ranges import up_to
from entrepot.dossier.records import Conclusion, LeadBracket
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene
from entrepot.dossier.wording import amount, interval, listing, ratio

READ = {
    "consignment": "by the country goods were sent from",
    "origin": "by country of origin",
    "world": "from all origins",
    "mixed": "by the country goods were sent from where published, else by country of origin",
}
UNINFORMATIVE = "mirror_not_informative"


@dataclass(frozen=True, slots=True)
class LegSum:
    """One leg of one corridor over its window, in months in which it was published.

    Args:
        observed: What was recorded.
        expected: What was expected.
        declared: What the coalition declared in the same months.
        unit: Unit of the three.
    """

    observed: float
    expected: float
    declared: float
    unit: str


def legs_words(scene: Scene, found: Sequence[Conclusion]) -> str:
    """Which legs a conclusion rests on, and how they were read, one sentence.

    Args:
        scene: Whom, where and when.
        found: Conclusions, one per bracket.
    """
    letters = set("".join(row.legs for row in found))
    by_whom = scene.destination if scene.downstream == "importer" else scene.country
    legs = [f"{scene.coalition} exports as declared"]
    if "A" in letters:
        how = f" ({READ[scene.arrival]})" if scene.arrival in READ else ""
        legs.append(f"the imports {scene.country} recorded{how}")
    if "D" in letters:
        legs.append(f"its sales to {scene.destination} as {by_whom} declared them")
    return f"Legs: {listing(legs)}."


def leg_sum(
    months: Sequence[Row], declared: Mapping[date, float | None], window: tuple[date, date]
) -> LegSum | None:
    """Add up one leg over a window.

    Args:
        months: Rows of ``series`` of one leg and bracket.
        declared: Declared exports by month.
        window: First and last month.

    Returns:
        The sums over months with both an observation and an expectation; ``None`` where there is
        none.
    """
    first, last = window
    known = [
        row
        for row in months
        if first <= row["period"] <= last
        and row["observed"] is not None
        and row["expected"] is not None
    ]
    if not known:
        return None
    return LegSum(
        observed=sum(row["observed"] for row in known),
        expected=sum(row["expected"] for row in known),
        declared=sum(declared.get(row["period"]) or 0.0 for row in known),
        unit=known[0]["unit"],
    )


def arrival_sentence(scene: Scene, found: LegSum) -> str:
    """What the country recorded of what was declared to it, and what it usually records.

    Args:
        scene: Whom, where and when.
        found: The arrival leg.
    """
    recorded, usual = amount(found.observed, found.unit), amount(found.expected, found.unit)
    less = found.expected - found.observed
    gap = f"{amount(abs(less), found.unit)} {'less' if less > 0 else 'more'} than usual"
    declared = amount(found.declared, found.unit)
    if scene.arrival == "world":
        return (
            f"With {declared} declared to it and what others usually send, {scene.country} would "
            f"record imports of {usual} from all origins in {scene.window}; it recorded "
            f"{recorded}, {gap}."
        )
    # What it books of other goods under the code is in the share, as it is in the record.
    ratio_to = found.expected / found.declared if found.declared > 0 else None
    share = "" if ratio_to is None else f", {ratio_to:.2f} of what was declared"
    how = f" ({READ[scene.arrival]})" if scene.arrival in READ else ""
    return (
        f"Of {declared} declared in {scene.window}, in months that {scene.country} published, "
        f"{recorded} were recorded there as arrived{how}; usual would be {usual}{share}, so it is "
        f"{gap}."
    )


def sales_sentence(scene: Scene, found: Mapping[str, LegSum]) -> str:
    """What the country sold on to the destination, and what was expected of it.

    Args:
        scene: Whom, where and when.
        found: The downstream leg by bracket.
    """
    first = next(iter(found.values()))
    by_whom = scene.destination if scene.downstream == "importer" else scene.country
    expected = listing(
        (
            f"{amount(part.expected, part.unit)} ({BRACKET_NAMES[bracket].lower()})"
            for bracket, part in found.items()
        ),
        "or",
    )
    return (
        f"{scene.country}'s sales of it to {scene.destination} in {scene.window} were "
        f"{amount(first.observed, first.unit)}, as {by_whom} declared them, where {expected} were "
        "expected."
    )


def split_sentence(scene: Scene, found: Conclusion) -> str:
    """What the legs together say was diverted, and by which way; or that it is unknown, and why.

    Args:
        scene: Whom, where and when.
        found: The bracket's conclusion.
    """
    if not found.is_split:
        return f"{found.name}: what was diverted, and by which way, is unknown: " + (
            f"{scene.country} recorded too little of what was declared to it before the event, or "
            "several times as much (mirror not informative)."
            if UNINFORMATIVE in found.caveats
            else f"no record of {scene.country}'s own in {scene.window} tells about it."
        )
    low, high, unit = found.diverted.low, found.diverted.high, scene.unit
    whole = (
        f"{found.name}: the legs together are consistent with {up_to(low, high, unit)} diverted "
        f"to {scene.destination} in {scene.window}"
    )
    if found.intermediated.low is None or found.ghost.low is None:
        return (
            f"{whole} (90 % interval); by which way is unknown, since too much of it lies in "
            "products about which no other leg tells."
        )
    arrived = up_to(found.intermediated.low, found.intermediated.high, unit)
    ghost = up_to(found.ghost.low, found.ghost.high, unit)
    share = f", a ghost share of {found.ghost_share}" if found.ghost_share else ""
    return (
        f"{whole}: {arrived} arrived in {scene.country} and went on, {ghost} never arrived"
        f"{share} (90 % intervals)."
    )


def split_verdict(scene: Scene, found: Sequence[Conclusion]) -> str:
    """What the legs together are consistent with, one sentence.

    Args:
        scene: Whom, where and when.
        found: Conclusions with a second leg, one per bracket.

    Returns:
        A sentence that never claims more than that.
    """
    lows = [row.diverted.low or 0.0 for row in found]
    highs = [row.diverted.high or 0.0 for row in found]
    if max(highs) <= 0:
        return (
            f"All legs together are consistent with no diversion to {scene.destination} in "
            f"{scene.window}."
        )
    if min(lows) > 0:
        return (
            f"All legs together are consistent with diversion of "
            f"{interval(min(lows), max(highs), scene.unit)} to {scene.destination} in "
            f"{scene.window}."
        )
    where = ""
    if max(lows) > 0:
        name = next(row.name for row, low in zip(found, lows, strict=True) if low > 0)
        where = f" outside the bracket “{name.lower()}”"
    return (
        f"That nothing was diverted to {scene.destination} in {scene.window} is not excluded"
        f"{where}: all legs together are consistent with up to {amount(max(highs), scene.unit)}."
    )


def chance_sentence(found: LeadBracket, fdr: float) -> str:
    """Whether a lead is flagged by all legs, and how likely diversion is.

    Args:
        found: The bracket's conclusion.
        fdr: False discovery rate of the run.
    """
    name, rate = BRACKET_NAMES[found.conclusion.bracket], ratio(fdr).rstrip("0")
    q = f"q = {found.q_value}".replace("= <", "< ")
    flag = "flagged" if found.is_flagged else "not flagged"
    return (
        f"{name}: {flag} at a false discovery rate of {rate} over all leads; the probability that "
        f"something was diverted is {found.probability}. On exports alone {q}."
    )
