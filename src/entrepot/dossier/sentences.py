"""Sentences of the dossier: numbers with unit, period and interval, and never an accusation."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.dossier.leg_sentences import split_sentence, split_verdict
from entrepot.dossier.records import Conclusion, Estimate, Total
from entrepot.dossier.scene import BRACKET_NAMES, Scene
from entrepot.dossier.wording import amount, counted, interval, listing, ratio, valuation

NOT_A_FIRM = (
    "This is a statistical excess about flows between countries, never about a named firm; "
    "ordinary growth can look the same."
)


def with_point(found: Estimate) -> str:
    """A range before its point, its kind and its point in brackets.

    Args:
        found: The estimate.
    """
    has_range = found.low is not None and found.high is not None
    words = f"{found.text} (90 % interval; point estimate {found.point_text})"
    return words if has_range else found.point_text


def shortfall(found: Estimate, unit: str) -> str:
    """An excess in words, naming its sign.

    Args:
        found: The excess.
        unit: Its unit.
    """
    if found.low is None or found.high is None:
        return f"an excess of {found.point_text}, without an interval"
    if found.high < 0:
        return f"{interval(-found.high, -found.low, unit)} less than expected (90 % interval)"
    return f"an excess of {with_point(found)}"


def headline(scene: Scene, totals: Sequence[Total]) -> tuple[str, ...]:
    """What was declared, and what each bracket expected.

    Args:
        scene: Whom, where and when.
        totals: The country's totals, one per bracket.

    Returns:
        Sentences.
    """
    observed = totals[0].conclusion.observed.point_text
    first = f"{scene.trade} in {scene.window} were {observed} ({valuation(scene.unit)})."
    found = [total.conclusion for total in totals]
    return (
        first,
        *(bracket_sentence(scene, row) for row in found),
        *(split_sentence(scene, row) for row in found if scene.has_second_leg),
    )


def bracket_sentence(scene: Scene, found: Conclusion) -> str:
    """What one bracket expected and how far the declared trade lies above it.

    Args:
        scene: Whom, where and when.
        found: The bracket's conclusion.
    """
    premise = {
        "common": f"Had {scene.country}'s trade followed the path that all partners share",
        "partner": f"Had it followed {scene.country}'s own trade in goods that are not listed",
    }[found.bracket]
    if found.expected.point is None:
        return f"{premise}: no expected value could be formed for {scene.window}."
    return (
        f"{premise}, {found.expected.text} were expected in {scene.window}: "
        f"{shortfall(found.excess, scene.unit)}."
    )


def verdict(scene: Scene, found: Sequence[Conclusion]) -> str:
    """What the intervals are consistent with, one sentence.

    Args:
        scene: Whom, where and when.
        found: Conclusions, one per bracket.

    Returns:
        A sentence that never claims more than that.
    """
    split = [row for row in found if row.is_split]
    if split:
        return split_verdict(scene, split)
    above = [row for row in found if row.excess.low is not None and row.excess.low > 0]
    names = listing(f"“{row.name.lower()}”" for row in above)
    if all(row.excess.low is None for row in found):
        return f"No interval could be formed for {scene.window}, so nothing can be concluded."
    if not above:
        return (
            f"No excess beyond the 90 % interval was found in {scene.window}: the declared trade "
            f"is consistent with no diversion to {scene.destination}."
        )
    gone = _gone(above, scene.unit)
    if len(above) == len(found):
        return (
            f"The excess is consistent with diversion to {scene.destination}: with declared "
            f"exports alone, {gone} of it may have gone on, and the data cannot say how much."
        )
    return (
        f"Only in the bracket {names} does the interval lie above zero; there the excess is "
        f"consistent with diversion of {gone} to {scene.destination}, in the other it cannot be "
        "told from ordinary variation."
    )


def _gone(above: Sequence[Conclusion], unit: str) -> str:
    """What may have gone on, over the brackets, in words."""
    lows = [row.diverted.low for row in above if row.diverted.low is not None]
    highs = [row.diverted.high for row in above if row.diverted.high is not None]
    if not lows or not highs:
        return "an unknown amount"
    if min(lows) <= 0:
        return f"anything from nothing to {amount(max(highs), unit)}"
    return interval(min(lows), max(highs), unit)


def flagged(scene: Scene, totals: Sequence[Total], fdr: float) -> str:
    """How many products are flagged, one sentence.

    Args:
        scene: Whom, where and when.
        totals: The country's totals, one per bracket.
        fdr: False discovery rate of the run.
    """
    rate = f"at a false discovery rate of {ratio(fdr).rstrip('0')}"
    if not any(total.cell_count for total in totals):
        return f"No product was tested in {scene.window}: nothing listed was traded."
    if not any(total.flagged_count for total in totals):
        tested = counted(totals[0].cell_count, "product", "products")
        return (
            f"Nothing found product by product: none of {tested} is flagged {rate} in "
            f"{scene.window}. That is a result: single products of a small country vary a lot."
        )
    parts = listing(
        f"{total.flagged_count:,} of {counted(total.cell_count, 'product', 'products')} "
        f"({BRACKET_NAMES[total.conclusion.bracket].lower()})"
        for total in totals
    )
    return f"Flagged {rate} in {scene.window}: {parts}."


def can_say(scene: Scene, is_split: bool) -> tuple[str, ...]:
    """What the estimate can say about a country.

    Args:
        scene: Whom, where and when.
        is_split: Whether a second leg tells what was diverted.
    """
    ways = (
        f"Which part of it is consistent with goods that arrived in {scene.country} and went on to "
        f"{scene.destination}, and which with goods that never arrived, as ranges."
    )
    return (
        f"That {scene.trade} rose in {scene.window} beyond what was expected without diversion, "
        "and by how much, as a range.",
        *([ways] if is_split else []),
        "That so large an excess is rarer than the stated error rate among comparable corridors "
        "where nothing was diverted.",
        "In which month the excess of a product most likely began.",
    )


def cannot_say(scene: Scene, is_split: bool) -> tuple[str, ...]:
    """What the estimate cannot say about a country.

    Args:
        scene: Whom, where and when.
        is_split: Whether a second leg tells what was diverted.
    """
    alone = (
        f"That the goods went on to {scene.destination}: from declared exports alone, what was "
        "diverted lies anywhere between nothing and the excess."
    )
    together = (
        f"That the very goods that arrived are those that went on to {scene.destination}: the legs "
        "are sums of declarations, and goods from elsewhere can stand in one of them."
    )
    return (
        "Who did it: statistics hold no firms, and no firm is named or meant here.",
        together if is_split else alone,
        f"That demand of {scene.country}'s own did not grow: new projects, firms and people look "
        "the same in these numbers.",
        "One number: the two brackets answer different questions and neither is the truth.",
        "Much about single products: totals are far more precise than one six-digit code.",
    )
