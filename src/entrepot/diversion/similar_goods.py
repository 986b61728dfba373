"""Goods of the same heading that are not listed: do they rise where listed ones are flagged?

Goods may be declared under a sibling code that is not listed, or the heading may be growing as a
whole. Either way the siblings of flagged corridors then rise beyond expectation in the same
country, more often than the country's other goods that are not listed.

Source: Fisman and Wei (2004), Tax rates and tax evasion: evidence from "missing imports" in China,
on mislabelling among similar goods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, gammaln, logsumexp

from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.conformal import pooled_p
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.evidence import Evidence, Material
from entrepot.diversion.score import score, standard_excess
from entrepot.diversion.window import Cells

SMALL_P = 0.05
FEWEST_SIBLINGS = 10  # fewer cannot show a share of small p-values that differs from 0.05


@dataclass(frozen=True)
class SimilarGoods:
    """Siblings of flagged corridors: goods of the same heading and country that are not listed.

    Args:
        siblings: They, predicted as held-out controls, shape [n].
        p_value: Conformal p-value of a rise, among control countries, shape [n].
        p_value_fall: The same of a fall, shape [n].
        rise_count: Siblings with ``p_value < 0.05``.
        fall_count: Siblings with ``p_value_fall < 0.05``.
        other_count: The same countries' other goods that are not listed.
        other_rise_count: Those of them with ``p_value < 0.05``.
        p_binomial: Chance of as many rises if each has 5 %.
        p_compared: Fisher's exact p-value that siblings rise no more often than the others.
    """

    siblings: Cells
    p_value: Floats
    p_value_fall: Floats
    rise_count: int
    fall_count: int
    other_count: int
    other_rise_count: int
    p_binomial: float
    p_compared: float

    @property
    def excess(self) -> float:
        """Sum of observed less expected, in the unit of the panel."""
        return float((self.siblings.observed - self.siblings.mean).sum())


def similar_goods(
    material: Material, evidence: Evidence, found: Conclusion, is_flagged: Bools
) -> SimilarGoods:
    """Test the siblings of flagged corridors against controls and against their countrymen.

    Rises are ranked by the run's own score, falls by ``-z``, among held-out goods of control
    countries. The comparison with the same countries' other goods takes out what a country bought
    more of altogether.

    Args:
        material: The panel and the question.
        evidence: Corridors and controls of one bracket.
        found: What the bracket concluded.
        is_flagged: Corridors the run flags, shape [n].

    Returns:
        Counts and p-values; no sibling where goods that are not listed were no controls.
    """
    known = evidence.control.take(evidence.control.mean > 0).scaled(found.growth)
    is_candidate = material.design.is_candidate[known.column]
    is_other = is_candidate & ~material.design.is_listed[known.row]
    mine, control = known.take(is_other), known.take(~is_candidate)
    if not len(mine) or not len(control):
        return _counted(mine, np.ones((2, len(mine))), np.zeros(len(mine), dtype=bool))
    p_rise = score(mine, control, found.scales).p_value
    z, control_z = standard_excess(mine, found.scales), standard_excess(control, found.scales)
    flagged = found.cells.take(is_flagged)
    is_sibling = np.isin(_headings(material, mine), _headings(material, flagged))
    return _counted(mine, np.stack((p_rise, pooled_p(-z, -control_z))), is_sibling)


def _headings(material: Material, cells: Cells) -> Ints:
    """One number for each country and heading."""
    numbers: Ints = material.cube.headings[cells.row] * material.cube.shape[1] + cells.column
    return numbers


def _counted(mine: Cells, p_values: Floats, is_sibling: Bools) -> SimilarGoods:
    rises, falls = p_values < SMALL_P
    siblings, others = int(is_sibling.sum()), int((~is_sibling).sum())
    up, other_up = int(rises[is_sibling].sum()), int(rises[~is_sibling].sum())
    compared = _at_least(up, (siblings, others), up + other_up)
    # Chance of as many or more; `bdtrc` gives that of more.
    binomial = float(bdtrc(up - 1, siblings, SMALL_P)) if up else 1.0
    return SimilarGoods(
        siblings=mine.take(is_sibling),
        p_value=p_values[0, is_sibling],
        p_value_fall=p_values[1, is_sibling],
        rise_count=up,
        fall_count=int(falls[is_sibling].sum()),
        other_count=others,
        other_rise_count=other_up,
        p_binomial=binomial,
        p_compared=compared,
    )


def _at_least(mine: int, sizes: tuple[int, int], rises: int) -> float:
    """Fisher's exact test: chance of so many of all rises, or more, in the first of two groups."""
    first, second = sizes
    most = min(first, rises)
    if most < mine:
        return 1.0
    count = np.arange(mine, most + 1)
    count = count[rises - count <= second]
    logs = (
        _log_choose(first, count)
        + _log_choose(second, rises - count)
        - _log_choose(first + second, np.array([rises]))
    )
    return float(min(np.exp(logsumexp(logs)), 1.0)) if len(count) else 1.0


def _log_choose(n: int, k: Ints) -> Floats:
    out: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return out


def similar_goods_diagnostic(found: SimilarGoods, unit: str) -> Diagnostic:
    """Say whether siblings of flagged goods rose.

    Args:
        found: Counts and p-values.
        unit: Unit of the panel.

    Returns:
        The check; flagged where siblings rise more often than chance and than their countrymen.
    """
    tested = len(found.siblings)
    if tested < FEWEST_SIBLINGS:
        detail = (
            f"Similar goods could not be tested: {tested} goods that are not listed share a "
            f"heading and country with a flagged one, and {FEWEST_SIBLINGS} are needed."
        )
        return Diagnostic("similar_goods", "unknown", detail, ())
    numbers = (
        ("tested", float(tested), "corridors"),
        ("rises_below_05", float(found.rise_count), "corridors"),
        ("falls_below_05", float(found.fall_count), "corridors"),
        ("others_tested", float(found.other_count), "corridors"),
        ("others_rises_below_05", float(found.other_rise_count), "corridors"),
        ("p_binomial", found.p_binomial, "1"),
        ("p_compared", found.p_compared, "1"),
        ("excess", found.excess, unit),
    )
    rose = max(found.p_binomial, found.p_compared) < SMALL_P
    share = found.other_rise_count / max(found.other_count, 1)
    reading = (
        "consistent with goods declared under a sibling code, or with growth of whole headings"
        if rose
        else "no sign of goods declared under a sibling code"
    )
    return Diagnostic(
        "similar_goods",
        "flagged" if rose else "clear",
        f"Of {tested:,} goods that are not listed but share heading and country with a flagged "
        f"one, {found.rise_count:,} rose and {found.fall_count:,} fell beyond expectation at "
        f"p < 0.05 ({found.excess:+,.0f} {unit} in all), against {share:.1%} rises of the same "
        f"countries' other goods (p = {found.p_compared:.3f}): {reading}.",
        tuple(Measure(name, "_T", value, of) for name, value, of in numbers),
        observed=float(found.rise_count),
        expected=SMALL_P * tested,
        unit="corridors",
    )
