"""The desk that other programs ask: lists of one day, ready to be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from entrepot.api.decided import Heard, Standing
from entrepot.api.listed import ListVersion
from entrepot.screening.check import Check, Hit
from entrepot.screening.listed import Listed, listed_parties
from entrepot.screening.party_logic import second_opinion
from entrepot.screening.party_register import Register, register
from entrepot.screening.party_search import Asked, Match, search
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Shipment
from entrepot.screening.verdict import Screened


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list with all that the list says of it.

    Args:
        listed: The party, ready to be compared.
        properties: Values by FollowTheMoney property.
    """

    listed: Listed
    properties: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is needed to answer, as of one day.

    Args:
        on: The day.
        policy: Thresholds and lists.
        register: Listed parties, ready to be asked.
        entries: Entries by id; one id may stand on several lists.
        versions: Versions of the lists that are searched; a list in parts has several.
        control_lists: Lists of goods that lines are compared with, and their versions.
        checks: Checks of shipments.
        screen: Makes the checks of a line.
        decided: Reads the decisions that stand.
        engine_version: Version of this program.
    """

    on: date
    policy: Policy
    register: Register
    entries: Mapping[str, tuple[Entry, ...]]
    versions: tuple[ListVersion, ...]
    control_lists: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]
    screen: Callable[[Shipment], Screened]
    decided: Callable[[], Standing]
    engine_version: str

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the lists that are searched."""
        return tuple(dict.fromkeys(one.dataset for one in self.versions))

    def matches(self, asked: Iterable[Asked], least: float) -> tuple[Match, ...]:
        """Listed parties that some descriptions of one party may mean.

        Args:
            asked: The descriptions, e.g. one for each kind of party it may be.
            least: Score below which nothing is told.

        Returns:
            The surest first, each once.
        """
        lower = replace(
            self.policy,
            possible_from=min(least, self.policy.possible_from),
            cross_script_from=min(least, self.policy.cross_script_from),
        )
        found = [
            match
            for one in asked
            for match in search(self.register, one, lower, second_opinion(lower))
        ]
        kept: dict[tuple[str, str], Match] = {}
        for match in sorted(found, key=lambda one: -one.score):
            kept.setdefault((match.listed.dataset, match.listed.id), match)
        order = {id(match): at for at, match in enumerate(found)}
        return tuple(
            sorted(
                (match for match in kept.values() if match.score >= least),
                key=lambda one: (one.level == "address", -one.score, order[id(one)]),
            )
        )

    def heard(self, match: Match, party: Party, decisions: Standing) -> Heard:
        """What was decided about a match.

        Args:
            match: The match.
            party: The party it was found for.
            decisions: Decisions that stand.
        """
        listed = match.listed
        hit = Hit(
            party.role,
            party.name,
            listed.id,
            listed.caption,
            listed.dataset,
            match.level,
            match.score,
        )
        return decisions.about(hit, party, self.on)


def entries_of(rows: pa.Table, on: date) -> tuple[Entry, ...]:
    """Entries that stand on a day, with all that is said of them then.

    Args:
        rows: Rows of ``listed_parties``, of one version of each list.
        on: The day.

    Returns:
        Entries in order of dataset and id.
    """
    parties = {(one.dataset, one.id): one for one in listed_parties(rows, on)}
    said: dict[tuple[str, str], dict[str, dict[str, None]]] = {key: {} for key in parties}
    names = ("dataset", "entity_id", "prop", "value", "program_id", "listing_date", "end_date")
    for row in rows.select(names).to_pylist():
        held = said.get((row["dataset"], row["entity_id"]))
        if held is None or not _stands(row, on):
            continue
        held.setdefault(row["prop"], {})[row["value"]] = None
        for program in filter(None, (row["program_id"] or "").split("; ")):
            held.setdefault("programId", {})[program] = None
    return tuple(
        Entry(parties[key], {prop: tuple(values) for prop, values in sorted(said[key].items())})
        for key in parties
    )


def _stands(row: Mapping[str, Any], on: date) -> bool:
    begins, ends = row["listing_date"], row["end_date"]
    return (begins is None or begins <= on) and (ends is None or ends >= on)


def by_id(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Entries by their id.

    Args:
        entries: Entries.
    """
    made: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        made[entry.listed.id] = (*made.get(entry.listed.id, ()), entry)
    return made


def register_of(entries: Iterable[Entry]) -> Register:
    """Entries, ready to be asked.

    Args:
        entries: Entries.
    """
    return register([entry.listed for entry in entries])
