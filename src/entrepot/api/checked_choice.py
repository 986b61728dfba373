"""Which dataset answers a claim best, in which codes and months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from entrepot.api.checked_goods import TOTAL, Codes, codes_held
from entrepot.api.checked_holdings import Holding, Shelf
from entrepot.api.checked_side import UNNAMED, SideAsked, days_of, stretch_of
from entrepot.errors import EstimateError
from entrepot.press.check_stretch import YEAR, base_of
from entrepot.press.claim_sentences import WORLD, area_name, period_list
from entrepot.trade.summary import Stretch

_SHOWN = 5  # names a sentence gives before it counts the rest


@dataclass(frozen=True, slots=True)
class Choice:
    """The dataset that covers a side best, and how it is read.

    Args:
        holding: The dataset.
        codes: Codes that stand for the goods.
        now: The stretch of interest.
        base: The stretch it is compared with; open where none is.
        notes: How the stretches were chosen, and who is silent.
        held: Periods that every reporter declared of whom anything is held.
        short: Why sums are too low apart from missing periods and codes.
    """

    holding: Holding
    codes: Codes
    now: Stretch
    base: Stretch | None
    notes: tuple[str, ...]
    held: frozenset[date]
    short: tuple[str, ...]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches that are read."""
        return (self.now,) if self.base is None else (self.now, self.base)

    @property
    def missing(self) -> frozenset[date]:
        """Periods of either stretch that are not held in full."""
        asked = (days_of(stretch, self.holding.freq) for stretch in self.stretches)
        return frozenset().union(*asked) - self.held

    @property
    def reach(self) -> tuple[bool, int, bool, int]:
        """How much of what is asked it covers: the larger, the better."""
        freq = self.holding.freq
        now = len(days_of(self.now, freq) & self.held)
        base = len(days_of(self.base, freq) & self.held) if self.base else 0
        months = 1 if freq == "M" else YEAR
        return self.codes.reach == "named", now * months, freq == "M", base


def best_choice(shelf: Shelf, asked: SideAsked) -> Choice:
    """Choose a dataset: the goods themselves before other codes, then most months held.

    Args:
        shelf: What is held.
        asked: The side.

    Returns:
        The choice.

    Raises:
        EstimateError: If nothing that answers is held; the message is part of a sentence.
    """
    reasons: list[str] = []
    found: list[Choice] = []
    for holding in shelf.holdings(asked.reporters, asked.flows):
        try:
            found.append(_choice(holding, asked))
        except EstimateError as error:
            reasons.append(str(error))
    if not found:
        raise EstimateError(reasons[0] if reasons else f"no {asked.words} are held.")
    return max(found, key=lambda one: one.reach)


def _choice(holding: Holding, asked: SideAsked) -> Choice:
    codes = _codes(holding, asked)
    partners = {name for flow in asked.flows for name in holding.partners[flow]}
    if asked.partners and not holding.is_whole and not partners & asked.partners:
        whom = area_name(asked.partner)
        raise EstimateError(f"no {asked.words} about {whom} are held.")
    lengths = {0 if code == TOTAL else len(code) for code in codes.codes}
    there = holding.held(asked.flows, lengths)
    now, note = stretch_of(asked, there, holding.freq)
    days = days_of(now, holding.freq)
    if not days & there.keys():
        ends = f", only {min(there):%Y-%m} to {max(there):%Y-%m}" if there else ""
        raise EstimateError(f"no {asked.words} are held of the time claimed{ends}.")
    base, base_note = base_of(now, asked.baseline) if asked.is_compared else (None, "")
    if base is not None:
        days |= days_of(base, holding.freq)
    silent = _silent(holding, asked, days & there.keys())
    words = [f"{name} is silent in {period_list(on, holding.freq)}" for name, on in silent.items()]
    return Choice(
        holding=holding,
        codes=codes,
        now=now,
        base=base,
        notes=tuple(filter(None, (note, base_note, _some(words)))),
        held=frozenset(there.keys() - {day for on in silent.values() for day in on}),
        short=_short(holding, asked, there),
    )


def _codes(holding: Holding, asked: SideAsked) -> Codes:
    both = []
    for flow in asked.flows:
        codes = codes_held(asked.meant, holding.codes[flow], is_whole=holding.is_whole)
        if codes is None:
            raise EstimateError(f"no {asked.words} are held in {asked.meant.words}.")
        both.append(codes)
    worst = next((codes for codes in both if codes.reach != "named"), both[0])
    return replace(worst, codes=frozenset[str]().union(*(codes.codes for codes in both)))


def _silent(
    holding: Holding, asked: SideAsked, days: frozenset[date] | set[date]
) -> dict[str, list[date]]:
    """Reporters that declared nothing at all in a period that others filled."""
    lengths = {length for _, _, length, _ in holding.periods}
    anything = holding.held(asked.flows, lengths)
    known = _reporters(anything) & asked.reporters
    found = {
        name: [day for day in sorted(days) if name not in anything.get(day, known)]
        for name in sorted(known)
    }
    return {name: on for name, on in found.items() if on}


def _reporters(held: Mapping[date, set[str]]) -> set[str]:
    return set().union(*held.values())


def _short(holding: Holding, asked: SideAsked, there: Mapping[date, set[str]]) -> tuple[str, ...]:
    """Why sums are too low, apart from periods and codes that are missing."""
    absent = sorted(asked.reporters - _reporters(there)) if not holding.is_whole else []
    known = {name for flow in asked.flows for name in holding.partners[flow]}
    others = asked.partners - known - asked.reporters
    unheld = [] if holding.is_whole else sorted(n for n in others if not n.endswith(UNNAMED))
    is_open = asked.partner == WORLD and not holding.is_whole
    words = {
        f"nothing is held of {_some(absent)}": bool(absent),
        f"nothing is held about {_some(unheld)}": bool(unheld),
        "the data are not known to hold all partners": is_open,
    }
    return tuple(text for text, is_due in words.items() if is_due)


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"
