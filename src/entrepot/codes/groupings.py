"""Groupings of areas, with the days their members came and went."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.areas import area, areas
from entrepot.codes.rows import open_day, read_rows
from entrepot.errors import CodeError

UNNAMED = "_X"  # after the name of a grouping: a member of it that is not named
COLUMNS = ("grouping", "area", "member_from", "member_to", "source", "locator", "checked")


@dataclass(frozen=True, slots=True)
class Membership:
    """One stay of one area in one grouping.

    Args:
        grouping: Name of the grouping, e.g. ``EU``.
        area: Alpha-2.
        member_from: First day.
        member_to: Last day; ``None`` while it lasts.
        source: Who says so.
        locator: Where it can be checked.
        is_checked: Whether the day was found on a page of the source, or quoting it, when the
            row was written.
    """

    grouping: str
    area: str
    member_from: date
    member_to: date | None
    source: str
    locator: str
    is_checked: bool


@cache
def memberships() -> tuple[Membership, ...]:
    """Every stay of every area in every grouping."""
    return tuple(
        Membership(
            grouping=row["grouping"],
            area=row["area"],
            member_from=date.fromisoformat(row["member_from"]),
            member_to=open_day(row["member_to"]),
            source=row["source"],
            locator=row["locator"],
            is_checked=row["checked"] == "yes",
        )
        for row in read_rows("groupings.csv", COLUMNS)
    )


@cache
def grouping_names() -> tuple[str, ...]:
    """Names of all groupings, in alphabetical order."""
    return tuple(sorted({stay.grouping for stay in memberships()}))


def members(grouping: str, on: date) -> frozenset[str]:
    """Who belonged to a grouping on a day.

    Args:
        grouping: Name of the grouping.
        on: The day.

    Returns:
        Alpha-2 codes; empty before the grouping began.

    Raises:
        CodeError: If there is no such grouping.

    Example:
        >>> sorted(members("EAEU", date(2022, 3, 1)))
        ['AM', 'BY', 'KG', 'KZ', 'RU']
    """
    if grouping not in grouping_names():
        raise CodeError(
            f"grouping is {grouping!r}, expected one of {list(grouping_names())!r}. "
            "Name a grouping, or areas separated by commas."
        )
    return frozenset(
        stay.area
        for stay in memberships()
        if stay.grouping == grouping
        and stay.member_from <= on
        and (stay.member_to is None or on <= stay.member_to)
    )


def unnamed_members(areas_asked: Collection[str], on: date) -> frozenset[str]:
    """Name members that are not named, of groupings whose every member is asked for.

    Args:
        areas_asked: Alpha-2 codes.
        on: The day on which groupings are read.

    Returns:
        Codes as in the column ``partner``; none where no grouping is asked for in full.

    Example:
        >>> "EAEU_X" in unnamed_members(members("EAEU", date(2022, 3, 1)), date(2022, 3, 1))
        True
        >>> unnamed_members({"AM", "KZ"}, date(2022, 3, 1))
        frozenset()
    """
    at_the_time = {name: members(name, on) for name in grouping_names()}
    return frozenset(
        f"{name}{UNNAMED}"
        for name, areas in at_the_time.items()
        if areas and areas <= frozenset(areas_asked)
    )


def resolve(names: str, on: date) -> frozenset[str]:
    """Read what a user typed: groupings and areas, separated by commas.

    Args:
        names: ``"EU"``, ``"AM,KZ"``, ``"EU,GB"`` …
        on: The day on which groupings are read.

    Returns:
        Alpha-2 codes, at least one.

    Raises:
        CodeError: If a name is neither a grouping nor an area, or a grouping had no member.

    Example:
        >>> sorted(resolve("AM, KZ", date(2022, 3, 1)))
        ['AM', 'KZ']
    """
    found: set[str] = set()
    for name in (part.strip() for part in names.split(",")):
        found |= _resolve_one(name, on)
    return frozenset(found)


def _resolve_one(name: str, on: date) -> frozenset[str]:
    if name in grouping_names():
        at_the_time = members(name, on)
        if not at_the_time:
            first = min(stay.member_from for stay in memberships() if stay.grouping == name)
            raise CodeError(
                f"grouping {name!r} has no member on {on}, expected {first} or later. "
                "Choose a later day or name the areas."
            )
        return at_the_time
    if any(name == known.alpha2 for known in areas()):
        return frozenset({name})
    close = difflib.get_close_matches(name.upper(), grouping_names(), n=1)
    if close or len(name) != 2:
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise CodeError(
            f"{name!r} is neither a grouping nor an area, expected one of "
            f"{list(grouping_names())!r} or alpha-2 codes separated by commas.{hint}"
        )
    return frozenset({area(name).alpha2})
