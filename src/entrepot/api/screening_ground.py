"""What lines of shipments are compared with: checks, lists, and what a lake knows beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.listed import ListVersion, listed_on
from entrepot.api.screening_risk import Risks, risks
from entrepot.api.screening_usual import FindUsual, usual_values
from entrepot.errors import SourceError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.screening import shipment_rows
from entrepot.screening.check import Check, Hit, ListedCode
from entrepot.screening.checks import CHECKS
from entrepot.screening.commodity_entries import control_lists
from entrepot.screening.commodity_lists import listed_codes
from entrepot.screening.listed import listed_parties
from entrepot.screening.party_hits import hits_of
from entrepot.screening.party_logic import second_opinion
from entrepot.screening.party_register import Register, register
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Route, Shipment
from entrepot.tables import CONCORDANCES, LISTED_COMMODITIES, SHIPMENTS

FindHits = Callable[[Shipment, date, Policy], tuple[Hit, ...]]
FindCodes = Callable[[Shipment, date], tuple[ListedCode, ...]]
_KEPT = 20_000  # parties and codes whose answer is kept: a file repeats its own


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A list that lines were compared with.

    Args:
        dataset: The list.
        version: Its version: the publisher's day, or a digest of what was read.
        first: First day of that version; the list says nothing of days before.
    """

    dataset: str
    version: str
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines are compared with, beside their own words.

    Args:
        checks: Checks to be made.
        lists: Control lists that are searched, with versions.
        party_lists: Lists of parties that are searched, with versions.
        hits: Finds listed parties; open where no list of parties is there.
        codes: Finds control lists; open where none is there.
        risks: What a run says, by country; open where there is no run.
        usual: Finds usual unit values; open where there are no flows.
        past: Lines of the lake that came before; open where there are none.
    """

    checks: tuple[Check, ...]
    lists: tuple[ListUsed, ...] = ()
    party_lists: tuple[ListUsed, ...] = ()
    hits: FindHits | None = None
    codes: FindCodes | None = None
    risks: Risks | None = None
    usual: FindUsual | None = None
    past: Callable[[str], Iterator[Shipment]] | None = None


def own_ground(lake: Lake | None = None) -> Ground:
    """The checks and control lists that come with the code, and those of a lake.

    Args:
        lake: A lake, whose control lists are searched too.

    Returns:
        What lines are compared with; no list of parties.
    """
    lists = control_lists(_rows(lake, LISTED_COMMODITIES), _rows(lake, CONCORDANCES))

    @lru_cache(_KEPT)
    def found(commodity: str, classification: str, on: date) -> tuple[ListedCode, ...]:
        return listed_codes(lists, commodity, classification, on)

    def codes(shipment: Shipment, on: date) -> tuple[ListedCode, ...]:
        goods = shipment.goods
        if goods.commodity is None:
            return ()
        # The eleventh digit is a country's own, below all that lists name.
        return found(goods.commodity[:10], goods.classification, on)

    versions = tuple(
        ListUsed(name, version, first) for name, (version, first) in lists.versions.items()
    )
    return Ground(CHECKS, versions, codes=codes)


def _rows(lake: Lake | None, table: Table) -> pa.Table | None:
    if lake is None or not lake.has(table):
        return None
    return lake.table(table).collect("pyarrow").to_native()


def with_parties(own: Ground, known: Register, versions: tuple[ListVersion, ...]) -> Ground:
    """Compare lines with listed parties too.

    Args:
        own: Checks and control lists.
        known: Listed parties, ready to be asked.
        versions: Versions of the lists they stand on.

    Returns:
        The ground with the lists. Who was found for a party is kept: equal parties are equal.
    """
    lists = tuple(
        ListUsed(one.dataset, " ".join((one.vintage, one.sha256[:8], *one.caveats)))
        for one in versions
    )

    @lru_cache(_KEPT)
    def of_party(party: Party, policy: Policy) -> tuple[Hit, ...]:
        line = Shipment("", 0, "", parties=(party,))
        return hits_of(known, line, policy, second_opinion(policy))

    @lru_cache(_KEPT)
    def of_ship(
        name: str | None, imo: str | None, flag: str | None, policy: Policy
    ) -> tuple[Hit, ...]:
        ship = Route(vessel_name=name, imo=imo, flag=flag)
        return hits_of(known, Shipment("", 0, "", route=ship), policy, second_opinion(policy))

    def hits(shipment: Shipment, on: date, policy: Policy) -> tuple[Hit, ...]:
        route = shipment.route
        # Kept without the role: the buyer is often the consignee too.
        parties = [
            replace(hit, role=f"{hit.role}{party.role}")
            for party in shipment.parties
            for hit in of_party(replace(party, role=""), policy)
        ]
        return (*parties, *of_ship(route.vessel_name, route.imo, route.flag, policy))

    return replace(own, party_lists=lists, hits=hits)


def ground_over(lake: Lake, on: date, policy: Policy, run_id: str | None = None) -> Ground:
    """What a lake holds to compare lines with on a day.

    Args:
        lake: The lake; it must stay open while lines are answered.
        on: The day.
        policy: Settings: which lists are searched.
        run_id: Run whose leads count; the newest of declared data where left out.

    Returns:
        Checks, control lists, usual values, leads, earlier lines and, where the lake holds any,
        lists of parties as of the day.

    Raises:
        SourceError: If the policy names a list the lake does not hold.
        LakeError: If the lake does not hold the run.
    """
    found = listed_on(lake, on, policy.lists or None)
    absent = sorted(set(policy.lists) - {one.dataset for one in found.versions})
    if absent:
        raise SourceError(
            f"policy {policy.version!r}: the lake holds no list {absent}. Ingest it, or take it "
            "out of the policy."
        )
    own = replace(
        own_ground(lake),
        risks=risks(lake, run_id),
        usual=usual_values(lake, on),
        past=_past(lake, on),
    )
    if not found.versions:
        return own
    return with_parties(own, register(listed_parties(found.rows)), found.versions)


def _past(lake: Lake, on: date) -> Callable[[str], Iterator[Shipment]] | None:
    if not lake.has(SHIPMENTS):
        return None

    def lines(but: str) -> Iterator[Shipment]:
        held = lake.table(SHIPMENTS).filter(nw.col("source_id") != but).collect("pyarrow")
        for batch in held.to_native().to_batches(max_chunksize=5_000):
            for row in batch.to_pylist():
                shipment = shipment_rows.shipment_of(row)
                if shipment.declared_on is None or shipment.declared_on <= on:
                    yield shipment

    return lines
