"""Which dataset answers a claim best, in which codes and months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from entrepot.api.checked_goods import TOTAL, Codes, codes_held
from entrepot.api.checked_holdings import Holding, Shelf
from entrepot.api.checked_side import UNNAMED, SideAsked, days_of, stretch_of
from entrepot.codes.datasets import order_of, treated_words
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

    def order(self, unit: str | None) -> tuple[bool, bool, bool, int, bool, int, bool, int]:
        """How well it answers: the larger, the better.

        Args:
            unit: Unit of the claim.
        """
        freq, dataset = self.holding.freq, self.holding.dataset
        now = len(days_of(self.now, freq) & self.held)
        base = len(days_of(self.base, freq) & self.held) if self.base else 0
        months = 1 if freq == "M" else YEAR
        is_own = not treated_words(dataset) and (base > 0 or self.base is None)
        is_in_unit = self.holding.currencies == {unit}
        return (
            self.codes.reach == "named",
            is_own,
            is_in_unit and not self.missing,
            now * months,
            is_in_unit,
            -order_of(dataset),
            freq == "M",
            base,
        )


def best_choice(shelf: Shelf, asked: SideAsked) -> Choice:
    """Choose a dataset that answers a claim.

    The goods themselves go before other codes; what an office published before what a third party
    converted; amounts in the claim's currency where they cover all that is asked; then most months;
    then the claim's currency, the nearness to the office, months before years.

    Args:
        shelf: What is held.
        asked: The side.

    Returns:
        The choice.

    Raises:
        EstimateError: If nothing that answers is held; the message is part of a sentence.
    """
    reasons: list[EstimateError] = []
    found: list[Choice] = []
    for holding in shelf.holdings(asked.reporters, asked.flows):
        try:
            found.append(_choice(holding, asked))
        except EstimateError as error:
            reasons.append(error)
    if not found:
        raise EstimateError(_why_none(asked, reasons))
    return max(found, key=lambda one: one.order(asked.claim.unit))


class _OtherTime(EstimateError):
    """What is held is of another time; the message names the time and the dataset."""


def _why_none(asked: SideAsked, reasons: Sequence[EstimateError]) -> str:
    """Why no dataset answers: all of what is held is named, the times of each dataset too."""
    times = [str(one) for one in reasons if isinstance(one, _OtherTime)]
    words = [str(one).rstrip(".") for one in reasons if not isinstance(one, _OtherTime)]
    if times:
        held = f"no {asked.words} are held of the time claimed, only {' and '.join(times)}"
        # That another dataset holds nothing of the kind adds nothing to it.
        words = [held, *(one for one in words if not one.startswith("no "))]
    return f"{'; '.join(dict.fromkeys(words)) or f'no {asked.words} are held'}."


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
        raise _other_time(holding, there)
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


def _other_time(holding: Holding, there: Mapping[date, set[str]]) -> EstimateError:
    if not there:
        return EstimateError(f"nothing of both flows at once is held in {holding.dataset}.")
    form = "%Y-%m" if holding.freq == "M" else "%Y"
    ends = dict.fromkeys((format(min(there), form), format(max(there), form)))
    return _OtherTime(f"{' to '.join(ends)} ({holding.dataset})")


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
