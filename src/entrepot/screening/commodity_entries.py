"""Control lists made ready to be searched: entries by code, and codes of other editions.

Three things are searched: the Common High Priority List, the prefixes that the EU's packages are
known to reach, and lists of the user's own lake.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from entrepot.codes.concordance import corrections
from entrepot.codes.high_priority import high_priority
from entrepot.codes.packages import packages
from entrepot.trade.concord import EDITIONS
from entrepot.trade.corrected import corrected

CHPL = "chpl"
HS_LENGTH = 6
_OUR_EDITION = "H6"
_NAMED = re.compile(r"H[0-6]")
_YEAR = re.compile(r"(?:HS|CN)\s?(\d{4})")
LEVELS = (2, 4, 6, 8, 10)
_REMAINDER = ""  # codes that took over the rest of an earlier one; no table of ours names them

Code = tuple[str, str]  # edition and six digits


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one list.

    Args:
        list_id: The list.
        edition: Edition of HS its code is meant in; open where not said.
        prefix: Code or prefix.
        tier: Its tier, where the list has tiers.
        is_whole: Whether all goods under the prefix are listed.
        valid_from: First day; open where not said.
        valid_to: Last day; open while it stands.
        locator: Where it can be checked.
    """

    list_id: str
    edition: str | None
    prefix: str
    tier: str | None
    is_whole: bool
    valid_from: date | None
    valid_to: date | None
    locator: str

    def stands_on(self, day: date) -> bool:
        """Whether it stood on the list on a day.

        Args:
            day: The day.
        """
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ControlLists:
    """Lists ready to be searched.

    Args:
        reaching: Entries by their prefix.
        within: Entries by each shorter prefix.
        later: For a code of an edition, codes of later editions that share goods with it.
        earlier: The same of earlier editions.
        versions: Lists held as a whole, with version and first day of that version.
    """

    reaching: Mapping[str, tuple[Entry, ...]]
    within: Mapping[str, tuple[Entry, ...]]
    later: Mapping[Code, tuple[Code, ...]]
    earlier: Mapping[Code, tuple[Code, ...]]
    versions: Mapping[str, tuple[str, date | None]]


def control_lists(listed: pa.Table | None, pairs: pa.Table | None) -> ControlLists:
    """Make lists ready to be searched.

    Args:
        listed: Rows of ``listed_commodities``; open where the lake holds none.
        pairs: Rows of ``concordances``; open where the lake holds none, and then only high
            priority codes are followed into HS 2017.

    Returns:
        The lists.
    """
    own = list(_own(listed)) if listed is not None else []
    entries = tuple(dict.fromkeys((*_priority(), *_packages(), *own)))
    reaching: dict[str, list[Entry]] = defaultdict(list)
    within: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        reaching[entry.prefix].append(entry)
        for length in LEVELS:
            if length < len(entry.prefix):
                within[entry.prefix[:length]].append(entry)
    first = min(date.fromisoformat(code.version) for code in high_priority())
    versions: dict[str, tuple[str, date | None]] = {CHPL: (first.isoformat(), first)}
    if listed is not None:
        for row in listed.select(["list_id", "source_id"]).to_pylist():
            versions.setdefault(row["list_id"], (f"source {row['source_id']}", None))
    later, earlier = _links(pairs)
    return ControlLists(_frozen(reaching), _frozen(within), later, earlier, versions)


def _frozen(rows: Mapping[str, list[Entry]]) -> dict[str, tuple[Entry, ...]]:
    return {key: tuple(found) for key, found in rows.items()}


def _priority() -> Iterator[Entry]:
    for code in high_priority():
        since = date.fromisoformat(code.version)
        yield Entry(CHPL, _OUR_EDITION, code.commodity, code.tier, True, since, None, code.locator)


def _packages() -> Iterator[Entry]:
    for measure in packages():
        if measure.direction != "export" or not measure.annex:
            continue
        locator = f"Annex {measure.annex}, Article {measure.article} of Regulation (EU) No "
        locator += f"833/2014, by {measure.act}, {measure.locator}"
        locator += "" if measure.is_checked else " (row not checked against the act)"
        for prefix in measure.prefixes:
            yield Entry(
                measure.annex,
                edition_of(None, measure.applies_from),
                prefix,
                None,
                measure.coverage == "whole",
                measure.applies_from,
                None,
                locator,
            )


def _own(listed: pa.Table) -> Iterator[Entry]:
    for row in listed.to_pylist():
        since = row["valid_from"]
        named = row["classification"]
        is_dated = _NAMED.fullmatch(named) or _YEAR.match(named)
        edition = edition_of(named, since or date.max) if is_dated or since else None
        yield Entry(
            row["list_id"],
            edition,
            row["commodity"],
            row["tier"],
            True,
            since,
            row["valid_to"],
            row["locator"],
        )


def edition_of(classification: str | None, on: date) -> str:
    """The edition of HS that a classification means on a day.

    Args:
        classification: ``H5``, ``HS2017``, ``CN2024``; undated or open for the one in force.
        on: The day.

    Returns:
        ``H0`` to ``H6``.

    Example:
        >>> edition_of("CN2021", date(2024, 1, 1)), edition_of(None, date(2024, 1, 1))
        ('H5', 'H6')
    """
    if classification is not None and _NAMED.fullmatch(classification):
        return classification
    dated = _YEAR.match(classification or "")
    year = int(dated[1]) if dated else on.year
    return next((name for first, name in EDITIONS if year >= first), EDITIONS[-1][1])


def _links(pairs: pa.Table | None) -> tuple[dict[Code, tuple[Code, ...]], ...]:
    """Codes of other editions by code: later ones, earlier ones."""
    later: dict[Code, list[Code]] = defaultdict(list)
    earlier: dict[Code, list[Code]] = defaultdict(list)
    for new, old in _pairs(pairs):
        later[old].append(new)
        earlier[new].append(old)
    return tuple(
        {code: tuple(sorted(set(found))) for code, found in rows.items()}
        for rows in (later, earlier)
    )


def _pairs(pairs: pa.Table | None) -> Iterator[tuple[Code, Code]]:
    for entry in high_priority():
        yield (_OUR_EDITION, entry.commodity), ("H5", entry.hs2017_predecessor)
        if entry.is_new and pairs is None:
            yield (_OUR_EDITION, _REMAINDER), ("H5", entry.hs2017_predecessor)
    if pairs is None:
        return
    names = ("classification", "commodity", "earlier_classification", "earlier_commodity")
    done = corrected(pairs, corrections()).pairs
    for new, code, old, held in zip(*(done[name].to_pylist() for name in names), strict=True):
        if len(code) == len(held) == HS_LENGTH:
            yield (new, code), (old, held)
