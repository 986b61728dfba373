"""Testing from the top: countries first, then the headings and corridors of those that stand out.

A country is tested by its corridors together; within selected countries the corridors are tested
at a level that pays for the selection. Where few of many candidates divert, this spares the false
flags that are strewn over countries in which nothing happened. Holds the false discovery rate
among countries, and on average over the selected countries among their corridors.

Give the country as the only layer to flag corridors: with headings between, power fell by up to a
sixth on real trade with planted diversion. Headings are for statements about headings.

Source: Benjamini and Bogomolov (2014), Selective inference on multiple families of hypotheses;
Simes (1986); conformal p-values are positively dependent (Bates et al. 2023), where Simes holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.diagnostic import Diagnostic, Measure

HALVINGS = 45  # of the interval [0, 1] in which an adjusted p-value is sought


@dataclass(frozen=True)
class Layer:
    """One layer of the tree.

    Args:
        group: Index of the group each corridor belongs to, shape [n].
        p_value: Simes p-value of each group, shape [G].
        q_value: Smallest rate at which the group and all above it are selected, shape [G].
    """

    group: Ints
    p_value: Floats
    q_value: Floats


@dataclass(frozen=True)
class Tree:
    """Adjusted p-values from the top down.

    Args:
        layers: Groups, coarsest first.
        q_value: Smallest rate at which a corridor and all above it are selected, shape [n].
    """

    layers: tuple[Layer, ...]
    q_value: Floats


@dataclass(frozen=True)
class _Families:
    """Nodes of one layer within their parents, ready to be counted at any level."""

    parent: Ints
    q_within: Floats
    ordered: Floats
    first: Ints
    size: Ints

    def selected(self, family: Ints, level: Floats) -> Ints:
        """How many of each family are selected at each level."""
        reach = np.searchsorted(self.ordered, 2.0 * family + np.minimum(level, 1.0), side="right")
        return reach - self.first[family]


def simes(p_value: Floats, group: Ints) -> Floats:
    """p-value that nothing happened in any corridor of a group: ``min_i n p_(i) / i``.

    Args:
        p_value: p-values of corridors, shape [n].
        group: Index of each corridor's group, 0 to G - 1, none left out, shape [n].

    Returns:
        p-values of groups, shape [G].

    Example:
        >>> simes(np.array([0.01, 0.5, 0.04, 0.03]), np.array([0, 0, 1, 1])).tolist()
        [0.02, 0.04]
    """
    scaled, order = _scaled(p_value, group)
    out = np.ones(int(group.max(initial=-1)) + 1)
    np.minimum.at(out, group[order], scaled)
    return out


def _scaled(p_value: Floats, group: Ints) -> tuple[Floats, Ints]:
    """``n p_(i) / i`` within groups, ascending in group and p, and that order."""
    order = np.lexsort((p_value, group))
    size = np.bincount(group)
    first = np.cumsum(size) - size
    rank = np.arange(len(group)) - first[group[order]] + 1
    scaled: Floats = p_value[order] * size[group[order]] / rank
    return scaled, order


def adjusted_within(p_value: Floats, family: Ints) -> Floats:
    """Benjamini-Hochberg adjusted p-values, each family by itself.

    Args:
        p_value: p-values, shape [n].
        family: Index of each one's family, 0 to F - 1, none left out, shape [n].

    Returns:
        Adjusted p-values, shape [n].

    Example:
        >>> adjusted_within(np.array([0.01, 0.02, 0.9]), np.array([0, 0, 1])).tolist()
        [0.02, 0.02, 0.9]
    """
    scaled, order = _scaled(p_value, family)
    values, place = np.unique(np.minimum(scaled, 1.0), return_inverse=True)
    # Families lie far apart, so that a running minimum from the end never crosses from one over.
    offset = family[order] * len(values)
    least = values[np.minimum.accumulate((place + offset)[::-1])[::-1] - offset]
    out = np.empty_like(p_value)
    out[order] = least
    return out


def descend(p_value: Floats, groups: Sequence[Ints]) -> Tree:
    """Adjust p-values from the top of a tree down.

    The top layer is tested by Benjamini-Hochberg at ``q`` on Simes p-values. A family below a
    selected node is tested at the level of the node's own family times the share of that family
    that is selected. An adjusted p-value is the smallest ``q`` at which a node and all above it
    are selected: flag where ``q_value <= fdr``.

    Args:
        p_value: p-values of corridors, shape [n].
        groups: Groups of corridors, coarsest first and each within the one before, e.g. the
            country and then country and heading; any numbers, shape [n] each.

    Returns:
        The tree.

    Source:
        Benjamini and Bogomolov (2014), and Bogomolov, Peterson, Benjamini and Sabatti (2021),
        Hypotheses on a tree, for more than two layers. The rate selected from is monotone in
        ``q``, so that bisection finds the smallest.

    Example:
        >>> p = np.array([0.001, 0.01, 0.8, 0.9, 0.5, 0.04])
        >>> tree = descend(p, [np.array([0, 0, 0, 1, 1, 1])])
        >>> tree.layers[0].q_value.round(4).tolist(), (tree.q_value <= 0.1).tolist()
        ([0.006, 0.12], [True, True, False, False, False, False])
    """
    n = len(p_value)
    nested = [np.unique(group, return_inverse=True)[1].astype(np.int64) for group in groups]
    nested.append(np.arange(n))
    above = np.zeros(n, dtype=np.int64)
    families: list[_Families] = []
    layers: list[Layer] = []
    for group in nested:
        p = simes(p_value, group) if group is not nested[-1] else p_value
        parent = np.zeros(len(p), dtype=np.int64)
        parent[group] = above
        families.append(_family(p, parent))
        one = np.zeros(len(p), dtype=np.int64)
        one[group] = np.arange(n)  # any corridor of the group knows all groups above it
        chain = [upper[one] for upper in nested[: len(families) - 1]]
        layers.append(Layer(group, p, _smallest_rate(families, chain)))
        above = group
    return Tree(tuple(layers[:-1]), layers[-1].q_value)


def _family(p_value: Floats, parent: Ints) -> _Families:
    q_within = adjusted_within(p_value, parent)
    size = np.bincount(parent)
    ordered = np.sort(q_within + 2.0 * parent)
    return _Families(parent, q_within, ordered, np.cumsum(size) - size, size)


def _smallest_rate(families: list[_Families], chain: list[Ints]) -> Floats:
    """Bisect for the smallest rate at which each node of the last layer is selected."""
    last = families[-1]
    low, high = np.zeros(len(last.parent)), np.ones(len(last.parent))
    for _ in range(HALVINGS):
        rate = (low + high) / 2
        level = rate
        for family, node in zip(families[:-1], chain, strict=True):
            mother = family.parent[node]
            share = family.selected(mother, level) / family.size[mother]
            level = np.where(family.q_within[node] <= level, level * share, 0.0)
        is_in = last.q_within <= level
        high, low = np.where(is_in, rate, high), np.where(is_in, low, rate)
    return high


def hierarchy_diagnostic(tree: Tree, flat: Floats, fdr: float) -> Diagnostic:
    """Say how many countries, headings and corridors stand out, beside testing all at once.

    Args:
        tree: Adjusted p-values from the top down; countries first, headings below.
        flat: Benjamini-Hochberg adjusted p-values over all corridors at once, shape [n].
        fdr: False discovery rate.

    Returns:
        The check; it concludes about the corridors, never about itself.
    """
    names = ("countries", "headings")
    counts = [(names[i], layer.q_value) for i, layer in enumerate(tree.layers)]
    counts.append(("corridors", tree.q_value))
    measures = [
        Measure(f"{kind}_{what}", "_T", float(number), what)
        for what, q in counts
        for kind, number in (("selected", (q <= fdr).sum()), ("tested", len(q)))
    ]
    together = int((flat <= fdr).sum())
    measures.append(Measure("selected_corridors_flat", "_T", float(together), "corridors"))
    said = ", ".join(f"{int((q <= fdr).sum()):,} of {len(q):,} {what}" for what, q in counts)
    return Diagnostic(
        "hierarchy",
        "clear",
        f"Tested from the top down on exports alone at a false discovery rate of {fdr:.0%}, {said} "
        "stand out; "
        f"all corridors tested at once, {together:,}.",
        tuple(measures),
        observed=float((tree.q_value <= fdr).sum()),
        expected=float(together),
        unit="corridors",
    )
