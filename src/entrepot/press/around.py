"""Countries around a figure: which belongs to it, and which is nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepot.press.anchors import Anchor
from entrepot.press.article import Span
from entrepot.press.line import Line
from entrepot.press.sides import Named
from entrepot.press.told import Figure


def nearest(areas: Iterable[Named], roles: Sequence[str], to: Span | None = None) -> Named | None:
    """The country of some role nearest to some words.

    Args:
        areas: Countries in order.
        roles: Roles of interest.
        to: The words; without them the first is taken.
    """
    found = [one for one in areas if one.role in roles]
    if not found:
        return None
    return found[0] if to is None else min(found, key=lambda one: gap(one.span, to))


def gap(one: Span, other: Span) -> int:
    """Characters between the nearer ends of two spans, as far as they are apart.

    Args:
        one: A span.
        other: Another.
    """
    return min(abs(one.start - other.end), abs(other.start - one.end))


def first_but(areas: Iterable[str], *but: str | None) -> str | None:
    """The first of some countries that is none of some others.

    Args:
        areas: Countries.
        but: The others.
    """
    return next((area for area in areas if area not in but), None)


class Around:
    """Countries around a figure and its anchor, by what they are near to.

    Args:
        at: The sentence.
        figure: The figure.
        anchor: The word it hangs on, where there is one.
    """

    def __init__(self, at: Line, figure: Figure, anchor: Anchor | None) -> None:
        self.at, self.figure, self.anchor = at, figure, anchor
        self.word = anchor.span if anchor else figure.span
        both = Span(min(figure.span.start, self.word.start), max(figure.span.end, self.word.end))
        self.reach = at.stretch(both)
        self.near = [
            one
            for one in at.areas
            if self.reach.start <= one.span.start < self.reach.end and one.role != "behind"
        ]
        self.ahead = [one for one in self.near if one.span.end <= figure.span.start]
        self.left = [one for one in self.near if one.span.end <= self.word.start]
        self.own = self._own()
        self.matched = self._matched()

    def _own(self) -> list[Named]:
        """Countries between the figure before and this one belong to this one."""
        ends = [one.span.end for one in self.at.figures if one.span.end <= self.figure.span.start]
        last = max(ends, default=0)
        if not ends or last <= (self.anchor.span.end if self.anchor else self.reach.start):
            return []
        return [one for one in self.near if last <= one.span.start < self.figure.span.start]

    def _matched(self) -> Named | None:
        """Which of several countries a figure belongs to where "respectively" says so."""
        if not self.at.has("respectively"):
            return None
        alike = [one for one in self.at.figures if one.kind == self.figure.kind]
        for role in ("destination", "source", "subject"):
            ahead = [
                one
                for one in self.at.areas
                if one.role == role and one.span.end <= alike[0].span.start
            ]
            if len(ahead) == len(alike) > 1:
                return ahead[alike.index(self.figure)]
        return None

    def get(
        self, *roles: str, to: Span | None = None, of: Sequence[Named] | None = None
    ) -> str | None:
        """The country of some role.

        Args:
            roles: Roles of interest.
            to: Words it shall be near to; the word the figure hangs on where left out.
            of: Countries to choose from; those of the same clause where left out.
        """
        if self.matched is not None and self.matched.role in roles:
            return self.matched.area
        if self.own and {"destination", "source"} & set(roles):
            one = nearest(self.own, roles, self.figure.span)
            if one is not None:
                return one.area
        one = nearest(self.near if of is None else of, roles, to or self.word)
        return one.area if one else None

    def subject(self, *more: str, of: Sequence[Named] | None = None) -> str | None:
        """Who stands as the subject nearest to the figure.

        Args:
            more: Further roles that will do.
            of: Countries to choose from.
        """
        return self.get("subject", *more, to=self.figure.span, of=of)
