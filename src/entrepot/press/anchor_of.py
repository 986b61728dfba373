"""Which word of trade a figure hangs on."""

from __future__ import annotations

import re

from entrepot.press.anchors import Anchor, is_ranked
from entrepot.press.around import gap
from entrepot.press.line import Line
from entrepot.press.told import Figure

_BEYOND = 90  # characters to an anchor behind the figure
_RANK_NEAR = 45
_PARTED = re.compile(r",|;| while | während ")


def anchor_of(at: Line, figure: Figure) -> Anchor | None:
    """The word a figure hangs on: around it, else before it, else close behind.

    Args:
        at: The sentence.
        figure: One of its figures.

    Returns:
        The word, or nothing where the sentence has none for it.
    """
    inside = [one for one in at.anchors if one.span.meets(figure.span)]
    if inside:
        return inside[0]
    ranked = [one for one in at.anchors if is_ranked(one)]
    if figure.kind == "rank" and ranked:
        behind = [x for x in ranked if 0 <= x.span.start - figure.span.end < _RANK_NEAR]
        return behind[0] if behind else min(ranked, key=lambda x: gap(x.span, figure.span))
    found = [x for x in at.anchors if x.role != "moves"] or list(at.anchors)
    found = [x for x in found if not is_ranked(x)]
    left = next((x for x in reversed(found) if x.span.end <= figure.span.start), None)
    right = next((x for x in found if x.span.start >= figure.span.end), None)
    return _nearer(at, figure, left, right)


def _nearer(at: Line, figure: Figure, left: Anchor | None, right: Anchor | None) -> Anchor | None:
    far = right.span.start - figure.span.end if right else _BEYOND
    is_beside = left is not None and figure.span.start - left.span.end < 15
    if figure.kind == "share" and right and far < 40 and not is_beside:
        return right
    if left and ";" not in at.text[left.span.end : figure.span.start]:
        return left
    if right is None or far >= _BEYOND:
        return left
    between = at.text[figure.span.end : right.span.start]
    return left if _PARTED.search(between) else right
