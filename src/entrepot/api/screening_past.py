"""Earlier lines of a buyer and an exporter: of the same file, and of the lake, as far as kept."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from entrepot.screening.check import Past
from entrepot.screening.shipment import Shipment

MOST_PARTIES = 20_000  # buyers and exporters kept; some 100 MB at most
_MOST_LINES = 40  # last lines kept of a buyer: a median does not move for more
_MOST_CODES = 200  # codes kept of an exporter
_MOST_TIMES = 100  # lines of one code and destination that are counted
_WAR = date(2022, 2, 24)
Key = tuple[str, str]


@dataclass(slots=True)
class _Buyer:
    first: date
    lines: deque[tuple[date, str, str | None, float | None]] = field(
        default_factory=lambda: deque(maxlen=_MOST_LINES)
    )


@dataclass(slots=True)
class History:
    """Lines that were seen, in bounded memory; parties not met for longest are forgotten first.

    Args:
        most: Buyers, and exporters, that are kept.
        forgotten: Parties that were dropped because there were more.
    """

    most: int = MOST_PARTIES
    forgotten: int = 0
    _begin: date | None = None
    _buyers: OrderedDict[Key, _Buyer] = field(default_factory=OrderedDict)
    _codes: OrderedDict[Key, dict[str, Counter[str]]] = field(default_factory=OrderedDict)

    def before(self, shipment: Shipment) -> Past | None:
        """Earlier lines of a line's buyer and exporter.

        Lines of the same consignment are no earlier order. Values are those in the line's own
        currency.

        Args:
            shipment: The line.

        Returns:
            What is known; ``None`` where the line names no buyer or day, or where the lines that
            are there begin after the war did: then nobody can be called new.
        """
        key, on = _party(shipment, "buyer"), shipment.declared_on
        if key is None or on is None or self._begin is None or self._begin >= _WAR:
            return None
        if self.forgotten and key not in self._buyers:
            return None  # it may be one of those that were dropped
        buyer = self._buyers.get(key)
        lines = [
            one
            for one in sorted(buyer.lines if buyer else (), key=lambda one: one[0])
            if one[0] <= on and one[1] != shipment.shipment_id
        ]
        currency = shipment.goods.currency
        values = [one[3] for one in lines if one[2] == currency and one[3] is not None]
        exporter = _party(shipment, "exporter")
        codes = self._codes.get(exporter, {}) if exporter else {}
        code = shipment.goods.commodity or ""
        return Past(
            buyer.first if buyer and lines else None,
            len(lines),
            tuple(values),
            {code: tuple(codes[code].elements())} if code in codes else {},
        )

    def add(self, shipment: Shipment) -> None:
        """Remember a line.

        Args:
            shipment: The line.
        """
        on, goods = shipment.declared_on, shipment.goods
        key = _party(shipment, "buyer")
        if on is not None:
            self._begin = on if self._begin is None else min(on, self._begin)
        if key is not None and on is not None:
            buyer = self._buyers.setdefault(key, _Buyer(on))
            buyer.first = min(on, buyer.first)
            buyer.lines.append((on, shipment.shipment_id, goods.currency, goods.value))
            self._buyers.move_to_end(key)
        exporter, to = _party(shipment, "exporter"), shipment.route.destination
        if exporter is not None and goods.commodity and to:
            codes = self._codes.setdefault(exporter, {})
            if goods.commodity in codes or len(codes) < _MOST_CODES:
                times = codes.setdefault(goods.commodity, Counter())
                times[to] = min(times[to] + 1, _MOST_TIMES)
            self._codes.move_to_end(exporter)
        self._forget()

    def add_all(self, shipments: Iterable[Shipment]) -> None:
        """Remember several lines.

        Args:
            shipments: The lines.
        """
        for shipment in shipments:
            self.add(shipment)

    def _forget(self) -> None:
        for kept in (self._buyers, self._codes):
            while len(kept) > self.most:
                kept.popitem(last=False)
                self.forgotten += 1


def _party(shipment: Shipment, role: str) -> Key | None:
    for party in shipment.parties:
        if party.role == role:
            return " ".join(party.name.split()).casefold(), party.country or ""
    return None
