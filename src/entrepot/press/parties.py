"""Sides of trade that are no one country: a region, or several countries together.

"Exports to Central Asia" is nobody's trade with one country, and what "Germany and Lithuania
exported" is the trade of neither: such a side stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.anchors import lead_of
from entrepot.press.around import Around
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON
from entrepot.press.line import Line
from entrepot.press.sides import Named

REGION = "several countries"
_LEADS = ("via", "source", "destination", "with", "between", "inside")
_LEFT, _NOUN_NEAR = 45, 3
_COUNTED = frozenset({"share", "rank"})
_JOINT = frozenset({"subject", "owner", "destination", "source", "with", "between"})
_JOINED = re.compile(
    r"\s*(?:,|,?\s*(?:and|as well as|&|und|sowie|и|а также))\s*"
    r"(?:(?:the|to|from|with|die|der|den|nach|aus|mit|в|во|на|из|с|со)\s+){0,2}"
)
_OWN = {"export": "exporter", "re-export": "exporter", "import": "importer"}
_ENDS = {"destination": "importer", "source": "exporter", "with": "importer"}
_GROUPS = frozenset({"grp:eu_members", "grp:reporters"})  # the Union, and no group of countries


@cache
def _regions(language: Language) -> re.Pattern[str]:
    rows = read_rows("regions.csv", ("language", "pattern", "source"), LEXICON)
    words = next(row["pattern"] for row in rows if row["language"] == language)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


def open_sides(around: Around, flow: str) -> frozenset[str]:
    """Tell which sides of a trade are no one country.

    Args:
        around: Countries around a figure and the word it hangs on.
        flow: Which way the goods go.

    Returns:
        ``exporter`` and ``importer``, as far as a region or several countries together stand in
        their place.
    """
    at, figure = around.at, around.figure
    if around.matched is not None or figure.kind in _COUNTED or around.anchor is None:
        return frozenset()
    regions = [one for one in _named_regions(at) if around.reach.holds(one.span)]
    found = {one.role for one in regions if _is_nearest(around, one)}
    found |= set(_joint_roles(around, flow))
    return frozenset(filter(None, (_end(role, flow) for role in found)))


def _end(role: str, flow: str) -> str:
    if flow == "trade":
        return "importer" if role in {"with", "between", "destination", "source", "owner"} else ""
    if role in {"owner", "subject"}:
        return _OWN[flow]
    return "" if role == "with" else _ENDS.get(role, "")


def _named_regions(at: Line) -> Iterator[Named]:
    """Regions and groups of countries of a sentence, with what each is to its trade."""
    spans = [
        Span(*match.span())
        for match in _regions(at.scene.language).finditer(at.text, at.span.start, at.span.end)
    ]
    spans += [
        one.span
        for one in at.scene.mentions
        if one.entity.startswith("grp:") and one.entity not in _GROUPS and at.span.holds(one.span)
    ]
    for span in spans:
        if all(span.holds(one.span) or not one.span.meets(span) for one in at.areas):
            yield Named(span, REGION, _role(at, span))


def _role(at: Line, span: Span) -> str:
    left = at.text[max(at.span.start, span.start - _LEFT) : span.start]
    for kind in _LEADS:
        if lead_of(at.scene.language, kind).search(left):
            return kind
    before = [one for one in at.areas if one.span.end <= span.start]
    if before and _JOINED.fullmatch(at.text[before[-1].span.end : span.start]):
        return before[-1].role
    behind = [one for one in at.anchors if 0 <= one.span.start - span.end < _NOUN_NEAR]
    if behind:
        return "owner" if behind[0].role == "noun" else "subject"
    return "other"


def _is_nearest(around: Around, region: Named) -> bool:
    """Whether no country in the same place stands nearer to the figure, joined ones left aside."""
    figure, at = around.figure.span, around.at
    rivals = [one for one in around.near if one.role == region.role]
    far = _far(region.span, figure)
    for one in rivals:
        first, last = sorted([one.span, region.span])
        is_joined = _JOINED.fullmatch(at.text[first.end : last.start]) is not None
        if not is_joined and _far(one.span, figure) < far:
            return False
    return True


def _far(one: Span, figure: Span) -> int:
    """Distance to a figure; what stands behind it is farther than all that stands before."""
    return figure.start - one.end if one.end <= figure.start else 10_000 + one.start


def _joint_roles(around: Around, flow: str) -> Iterator[str]:
    """Roles that several countries share, with no number for each."""
    alike = [one for one in around.at.figures if one.kind == around.figure.kind]
    pool = around.own or around.near
    runs: list[list[Named]] = []
    for one in pool:
        last = runs[-1][-1] if runs else None
        is_joined = last is not None and last.role == one.role
        if last and is_joined and _JOINED.fullmatch(around.at.text[last.span.end : one.span.start]):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        count, role = len({one.area for one in run}), run[0].role
        is_pair = flow == "trade" and role in {"between", "subject", "owner"} and count == 2
        if count > 1 and role in _JOINT and not is_pair and count != len(alike):
            yield role
