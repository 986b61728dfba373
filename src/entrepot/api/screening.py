"""A file of shipments, line by line: read, compared with lists and acts, and answered."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from entrepot.api.runs import version_of_code
from entrepot.api.screening_files import policy_file as policy_file
from entrepot.errors import SourceError
from entrepot.lake import Lake
from entrepot.lake_files import file_digest
from entrepot.schema import Table
from entrepot.screening import contract, payment, route, shipment_rows
from entrepot.screening.check import Check, Hit, Known, ListedCode
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment
from entrepot.screening.verdict import Screened, screened
from entrepot.sources.reading import SOURCE_ID_LENGTH
from entrepot.sources.shipments import ShipmentFile, open_shipments, shipment_row
from entrepot.sources.shipments_columns import ColumnsFile
from entrepot.tables import CONCORDANCES, LISTED_COMMODITIES

_REGISTER = "entrepot.screening.checks"  # holds the checks of all kinds of evidence
FindHits = Callable[[Shipment, date, Policy], tuple[Hit, ...]]
FindCodes = Callable[[Shipment, date], tuple[ListedCode, ...]]


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
    """

    checks: tuple[Check, ...]
    lists: tuple[ListUsed, ...] = ()
    party_lists: tuple[ListUsed, ...] = ()
    hits: FindHits | None = None
    codes: FindCodes | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a file.

    Args:
        path: The file.
        on: Day as of which lists and acts are read.
        policy: Settings.
        columns: What the user says of the file's columns.
    """

    path: Path
    on: date
    policy: Policy = field(default_factory=Policy)
    columns: ColumnsFile = field(default_factory=ColumnsFile)


@dataclass(frozen=True, slots=True)
class Screening:
    """A file being screened: what was understood, and its lines as they are answered.

    Args:
        order: What was asked.
        source_id: The file: first digits of its sha256.
        sha256: Digest of the file.
        engine: Version of Entrepôt.
        ground: What lines are compared with.
        file: The file.
        policy_digest: Digest of the settings.
    """

    order: Order
    source_id: str
    sha256: str
    engine: str
    ground: Ground
    file: ShipmentFile
    policy_digest: str

    def lists_used(self) -> tuple[ListUsed, ...]:
        """Lists that say something of the day asked for."""
        used = (*self.ground.lists, *self.ground.party_lists)
        return _in_force(used, self.order.on)

    def lines(self) -> Iterator[Screened]:
        """Answer the lines one by one; it can be done once.

        Yields:
            Every line that holds anything, in the order of the file.
        """
        rows = (shipment_row(self.source_id, record) for record in self.file.records())
        shipments = (shipment_of_row(row) for row in rows)
        return screen_lines(shipments, self.order.on, self.order.policy, self.ground)


def _in_force(lists: Iterable[ListUsed], on: date) -> tuple[ListUsed, ...]:
    return tuple(one for one in lists if one.first is None or one.first <= on)


def shipment_of_row(row: dict[str, object]) -> Shipment:
    """One row of ``shipments`` as a record.

    Args:
        row: The row.
    """
    return shipment_rows.shipment_of(row)


def screen_lines(
    shipments: Iterable[Shipment], on: date, policy: Policy, ground: Ground
) -> Iterator[Screened]:
    """Answer lines one by one.

    Args:
        shipments: The lines.
        on: Day as of which lists and acts are read.
        policy: Settings.
        ground: What they are compared with.

    Yields:
        An answer for each.
    """
    for shipment in shipments:
        known = Known(
            on,
            policy,
            codes=ground.codes(shipment, on) if ground.codes else None,
            hits=ground.hits(shipment, on, policy) if ground.hits else (),
            has_lists=ground.hits is not None,
            searched={one.dataset: one.version for one in _in_force(ground.lists, on)},
            party_lists={one.dataset: one.version for one in ground.party_lists},
        )
        yield screened(shipment, known, ground.checks)


def screen_file(order: Order, ground: Ground | None = None) -> Screening:
    """Begin to screen a file.

    Args:
        order: What is asked.
        ground: What to compare with; what this installation has where left out.

    Returns:
        The screening; its lines are answered as they are taken.

    Raises:
        SourceError: If the file cannot be read, or the policy names checks there are not.
    """
    file = open_shipments(order.path, order.columns)
    used = own_ground() if ground is None else ground
    known = [check.id for check in used.checks]
    policy = order.policy
    unknown = sorted({*policy.checks, *policy.block, *policy.required} - set(known))
    if unknown:
        raise SourceError(
            f"policy {order.policy.version!r}: no such checks: {unknown}, expected some of {known}."
        )
    sha256 = file_digest(order.path)
    settings = repr(sorted(order.policy.as_settings().items()))
    digest = hashlib.sha256(settings.encode()).hexdigest()[:8]
    short = sha256[:SOURCE_ID_LENGTH]
    return Screening(order, short, sha256, version_of_code(), used, file, digest)


def all_checks() -> tuple[Check, ...]:
    """Every check there is, that of unreadable values first.

    Returns:
        The checks.
    """
    from entrepot.screening import (
        commodity,
        description_check,
        party_checks,
        party_signs,
        price,
    )

    if importlib.util.find_spec(_REGISTER) is not None:
        made: Sequence[Check] = import_module(_REGISTER).CHECKS
    else:
        parties = (*party_checks.CHECKS, *party_signs.CHECKS)
        goods = (*commodity.CHECKS, *description_check.CHECKS, *price.CHECKS)
        made = (*parties, *goods, *route.CHECKS, *contract.CHECKS, *payment.CHECKS)
    own = tuple(one for one in shipment_rows.CHECKS if one.id not in {x.id for x in made})
    return (*own, *made)


def own_ground(lake: Lake | None = None) -> Ground:
    """The checks and control lists that come with the code, and those of a lake.

    Args:
        lake: A lake, whose control lists are searched too.

    Returns:
        What lines are compared with; no list of parties.
    """
    from entrepot.screening.commodity_entries import control_lists
    from entrepot.screening.commodity_lists import listed_codes

    lists = control_lists(_rows(lake, LISTED_COMMODITIES), _rows(lake, CONCORDANCES))

    def codes(shipment: Shipment, on: date) -> tuple[ListedCode, ...]:
        goods = shipment.goods
        if goods.commodity is None or len(goods.commodity) % 2:
            return ()
        return listed_codes(lists, goods.commodity, goods.classification, on)

    versions = tuple(
        ListUsed(name, version, first) for name, (version, first) in lists.versions.items()
    )
    return Ground(all_checks(), versions, codes=codes)


def _rows(lake: Lake | None, table: Table) -> pa.Table | None:
    if lake is None or not lake.has(table):
        return None
    return lake.table(table).collect("pyarrow").to_native()


def ground_over(lake: Lake, on: date, policy: Policy) -> Ground:
    """What a lake holds to compare lines with on a day.

    Args:
        lake: The lake.
        on: The day.
        policy: Settings: which lists are searched.

    Returns:
        Checks, control lists and, where the lake holds any, lists of parties as of the day.

    Raises:
        SourceError: If the policy names a list the lake does not hold.
    """
    from entrepot.api.listed import listed_on
    from entrepot.screening.listed import listed_parties
    from entrepot.screening.party_hits import hits_of
    from entrepot.screening.party_register import register

    own = own_ground(lake)
    found = listed_on(lake, on, policy.lists or None)
    absent = sorted(set(policy.lists) - {one.dataset for one in found.versions})
    if absent:
        raise SourceError(
            f"policy {policy.version!r}: the lake holds no list {absent}. Ingest it, or take it "
            "out of the policy."
        )
    if not found.versions:
        return own
    known = register(listed_parties(found.rows))
    lists = tuple(
        ListUsed(one.dataset, " ".join((one.vintage, one.sha256[:8], *one.caveats)))
        for one in found.versions
    )

    def hits(shipment: Shipment, on: date, policy: Policy) -> tuple[Hit, ...]:
        return hits_of(known, shipment, policy)

    return replace(own, party_lists=lists, hits=hits)
