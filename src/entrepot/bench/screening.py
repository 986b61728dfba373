"""How well and how fast lists are asked: our search beside a full scan, on the same questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from rapidfuzz import fuzz, process

from entrepot.bench.screening_names import innocent_names, slips
from entrepot.screening.party_register import Register
from entrepot.screening.party_search import Asked, Scorer, search
from entrepot.screening.policy import Policy

_SCAN_FROM = 86.0  # of 100: below, a full scan tells of a fifth of all innocent names
Answer = Callable[[str], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way of asking found.

    Args:
        method: The way.
        questions: Names with a slip of the pen that were asked about.
        recall: Share of them whose party was found.
        innocent: Names of nobody in particular that were asked about.
        alerts: Share of those for which somebody was found.
        per_second: Questions a second of one core.
    """

    method: str
    questions: int
    recall: float
    innocent: int
    alerts: float
    per_second: float


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

    def ours(second: Scorer | None) -> Answer:
        def answer(name: str) -> frozenset[int]:
            matches = search(known, Asked(name), policy, second)
            return frozenset(places[id(match.listed)] for match in matches)

        return answer

    ways = [("light", ours(None)), ("rapidfuzz, every name", _scan(known))]
    if scorer is not None:
        ways.insert(1, (scorer.name, ours(scorer)))
    return tuple(_measure(method, answer, asked, innocent) for method, answer in ways)


def _scan(known: Register) -> Answer:
    texts = [name.casefold() for party in known.parties for name in party.names]
    owners = [at for at, party in enumerate(known.parties) for _ in party.names]

    def answer(name: str) -> frozenset[int]:
        found = process.extract(
            name.casefold(), texts, scorer=fuzz.token_sort_ratio, score_cutoff=_SCAN_FROM, limit=20
        )
        return frozenset(owners[place] for _, _, place in found)

    return answer


def _measure(
    method: str, answer: Answer, asked: Sequence[tuple[int, str]], innocent: Sequence[str]
) -> Measured:
    begun = time.process_time()
    right = sum(at in answer(name) for at, name in asked)
    alerts = sum(bool(answer(name)) for name in innocent)
    seconds = time.process_time() - begun
    questions = len(asked) + len(innocent)
    return Measured(
        method,
        len(asked),
        right / len(asked) if asked else 0.0,
        len(innocent),
        alerts / len(innocent) if innocent else 0.0,
        questions / seconds if seconds else 0.0,
    )


def measured_rows(found: Sequence[Measured]) -> list[dict[str, object]]:
    """Measurements as rows for programs.

    Args:
        found: The measurements.
    """
    return [asdict(one) for one in found]
