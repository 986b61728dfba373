"""A file of shipments, line by line: read, compared with lists and acts, and answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from entrepot.api.code_version import version_of_code
from entrepot.api.decided import Standing, honoured
from entrepot.api.screening_files import policy_file as policy_file
from entrepot.api.screening_ground import Ground as Ground
from entrepot.api.screening_ground import ListUsed as ListUsed
from entrepot.api.screening_ground import ground_over as ground_over
from entrepot.api.screening_ground import own_ground as own_ground
from entrepot.api.screening_past import History
from entrepot.errors import SourceError
from entrepot.lake_files import file_digest
from entrepot.screening import shipment_rows
from entrepot.screening.check import Known
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment
from entrepot.screening.verdict import Screened, screened
from entrepot.sources.reading import SOURCE_ID_LENGTH
from entrepot.sources.shipments import ShipmentFile, open_shipments, shipment_row
from entrepot.sources.shipments_columns import ColumnsFile

_UNREADABLE = "F1"  # no policy may switch it off


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a file.

    Args:
        path: The file.
        on: Day as of which lists and acts are read.
        policy: Settings.
        columns: What the user says of the file's columns.
        decisions: Decisions of analysts that stand; they are honoured.
    """

    path: Path
    on: date
    policy: Policy = field(default_factory=Policy)
    columns: ColumnsFile = field(default_factory=ColumnsFile)
    decisions: Standing = field(default_factory=lambda: Standing({}))


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
        seen = History()
        if self.ground.past is not None:
            seen.add_all(self.ground.past(self.source_id))
        on, policy, decided = self.order.on, self.order.policy, self.order.decisions
        for line in screen_lines(shipments, on, policy, self.ground, seen):
            yield honoured(line, decided, on, policy) if decided.by_pair else line


def _in_force(lists: Iterable[ListUsed], on: date) -> tuple[ListUsed, ...]:
    return tuple(one for one in lists if one.first is None or one.first <= on)


def shipment_of_row(row: dict[str, object]) -> Shipment:
    """One row of ``shipments`` as a record.

    Args:
        row: The row.
    """
    return shipment_rows.shipment_of(row)


def screen_lines(
    shipments: Iterable[Shipment],
    on: date,
    policy: Policy,
    ground: Ground,
    history: History | None = None,
) -> Iterator[Screened]:
    """Answer lines one by one.

    Args:
        shipments: The lines.
        on: Day as of which lists and acts are read.
        policy: Settings.
        ground: What they are compared with.
        history: Lines that came before; lines of the run join it.

    Yields:
        An answer for each.
    """
    if policy.checks and _UNREADABLE not in policy.checks:
        policy = replace(policy, checks=(_UNREADABLE, *policy.checks))
    searched = {one.dataset: one.version for one in _in_force(ground.lists, on)}
    parties = {one.dataset: one.version for one in ground.party_lists}
    base = Known(
        on,
        policy,
        has_lists=ground.hits is not None,
        searched=searched,
        party_lists=parties,
    )
    seen = History() if history is None else history
    for shipment in shipments:
        yield screened(shipment, _known(base, shipment, ground, seen), ground.checks)
        seen.add(shipment)


def _known(base: Known, shipment: Shipment, ground: Ground, seen: History) -> Known:
    """What checks may look at for one line."""
    goods, risks = shipment.goods, ground.risks
    usual = ground.usual if goods.commodity else None
    return replace(
        base,
        codes=ground.codes(shipment, base.on) if ground.codes else None,
        hits=ground.hits(shipment, base.on, base.policy) if ground.hits else (),
        # A country that the run says nothing of is not cleared by it.
        risk=risks.get(shipment.route.destination or "") if risks else None,
        past=seen.before(shipment),
        unit_values=usual(goods.commodity or "", shipment.direction) if usual else {},
    )


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
