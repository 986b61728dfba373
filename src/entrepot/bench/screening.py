"""How well and how fast lists are asked: our search beside others, on the same questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from rapidfuzz import fuzz, process

from entrepot.bench import screening_ftm
from entrepot.bench.screening_names import innocent_names, slips
from entrepot.screening.listed import Kind
from entrepot.screening.party_register import Register
from entrepot.screening.party_search import Asked, Scorer, search
from entrepot.screening.policy import Policy

_SCAN_FROM = 86.0  # of 100: below, a full scan tells of a fifth of all innocent names
LIGHT, KINDS_TOLD, SCAN = "light", "light, person or firm told", "rapidfuzz, every name"
_NO_KINDS: Mapping[str, Kind] = {}
_TICK = 1e-6  # seconds: shorter than any question takes
Answers = Callable[[Sequence[str]], list[frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way of asking found.

    Args:
        method: The way.
        questions: Names with a slip of the pen that were asked about.
        recall: Share of them whose party was found.
        innocent: Names of nobody in particular that were asked about.
        alerts: Share of those for which somebody was found.
        per_second: Questions a second of processor time.
        per_second_wall: Questions a second of the clock.
        times_scan: ``per_second`` over that of the full scan of the same run.
    """

    method: str
    questions: int
    recall: float
    innocent: int
    alerts: float
    per_second: float
    per_second_wall: float
    times_scan: float = 1.0


def measured(
    known: Register, policy: Policy, count: int, seed: int, scorer: Scorer | None = None
) -> tuple[Measured, ...]:
    """Ask the lists about names with a slip, and about names of nobody in particular.

    Args:
        known: Listed parties.
        policy: Thresholds.
        count: Names of each sort, at most.
        seed: The same seed asks the same.
        scorer: Second opinion, measured as a way of its own where given.

    Returns:
        One record a way of asking.
    """
    named = [at for at, party in enumerate(known.parties) if party.names]
    some = named[:: max(1, len(named) // max(1, count))][:count]
    asked = [
        (some[place], name)
        for place, name in slips([known.parties[at].names[0] for at in some], seed)
    ]
    innocent = innocent_names(count, seed)
    places = {id(party): at for at, party in enumerate(known.parties)}
    kinds: dict[str, Kind] = dict.fromkeys(innocent, "person")
    kinds |= {name: known.parties[at].kind for at, name in asked}

    def ours(second: Scorer | None, kinds: Mapping[str, Kind] = _NO_KINDS) -> Answers:
        def answers(names: Sequence[str]) -> list[frozenset[int]]:
            questions = [Asked(name, kinds.get(name)) for name in names]
            return [
                frozenset(places[id(one.listed)] for one in search(known, question, policy, second))
                for question in questions
            ]

        return answers

    ways: list[tuple[str, Answers]] = [
        (LIGHT, ours(None)),
        (KINDS_TOLD, ours(None, kinds)),
        (SCAN, _scan(known)),
    ]
    if scorer is None:
        return _compared([_measure(method, way, asked, innocent) for method, way in ways])
    ways.insert(2, (scorer.name, ours(scorer)))
    index = screening_ftm.BatchIndex(known)
    ways.append((screening_ftm.METHOD, index))
    found = [_measure(method, way, asked, innocent) for method, way in ways]
    index.close()
    return _compared(found)


def _compared(found: Sequence[Measured]) -> tuple[Measured, ...]:
    """Speeds of one run over that of its scan: machines and moments differ, ratios hardly."""
    (scan,) = [one for one in found if one.method == SCAN]
    return tuple(replace(one, times_scan=one.per_second / scan.per_second) for one in found)


def _scan(known: Register) -> Answers:
    texts = [name.casefold() for party in known.parties for name in party.names]
    owners = [at for at, party in enumerate(known.parties) for _ in party.names]

    def answer(name: str) -> frozenset[int]:
        found = process.extract(
            name.casefold(), texts, scorer=fuzz.token_sort_ratio, score_cutoff=_SCAN_FROM, limit=20
        )
        return frozenset(owners[place] for _, _, place in found)

    return lambda names: list(map(answer, names))


def _measure(
    method: str, answers: Answers, asked: Sequence[tuple[int, str]], innocent: Sequence[str]
) -> Measured:
    clock, begun = time.perf_counter(), time.process_time()
    told = answers([name for _, name in asked])
    false = answers(innocent)
    seconds, passed = time.process_time() - begun, time.perf_counter() - clock
    questions = len(asked) + len(innocent)
    right = sum(at in found for (at, _), found in zip(asked, told, strict=True))
    return Measured(
        method,
        len(asked),
        right / len(asked) if asked else 0.0,
        len(innocent),
        sum(map(bool, false)) / len(innocent) if innocent else 0.0,
        questions / max(seconds, _TICK),
        questions / max(passed, _TICK),
    )


def measured_rows(found: Sequence[Measured]) -> list[dict[str, object]]:
    """Measurements as rows for programs.

    Args:
        found: The measurements.
    """
    return [asdict(one) for one in found]
