"""All methods the benchmark knows, by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from entrepot.bench.arena import Arena
from entrepot.bench.memory import peak_since
from entrepot.bench.own import OWN_METHODS, own_methods
from entrepot.bench.ppml import ppml, ppml_own_past
from entrepot.bench.trial import Trial
from entrepot.errors import EstimateError
from entrepot.simulate.baselines import robust_z, seasonal_naive, year_on_year
from entrepot.simulate.cell_estimates import CellEstimates
from entrepot.simulate.curves import curves
from entrepot.simulate.discount_filter import discount_filter
from entrepot.simulate.isolation_forest import isolation_forest
from entrepot.simulate.matrix_completion import matrix_completion
from entrepot.simulate.score import score_cells
from entrepot.simulate.synthetic_control import synthetic_control

Method = Callable[[Arena], CellEstimates]

BASELINES: Mapping[str, Method] = MappingProxyType(
    {
        "year on year": lambda arena: year_on_year(arena.values, arena.start),
        "robust z": lambda arena: robust_z(arena.values, arena.start, arena.tested),
        "seasonal naive": lambda arena: seasonal_naive(arena.values, arena.start, arena.tested),
        "isolation forest": lambda arena: isolation_forest(arena.values, arena.start),
        "ppml own past": ppml_own_past,
        "discount filter": lambda arena: discount_filter(arena.values, arena.start, arena.tested),
        "synthetic control": lambda arena: synthetic_control(
            arena.values, arena.start, arena.material.design.is_candidate, arena.tested
        ),
        "matrix completion": lambda arena: matrix_completion(
            arena.values, arena.start, arena.tested
        ),
        "ppml": ppml,
    }
)
SIMPLE = ("year on year", "robust z", "seasonal naive")
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"ours": OWN_METHODS, "simple": SIMPLE, "all": (*OWN_METHODS, *BASELINES)}
)
USUAL = ("ours", "simple")


def chosen(names: Collection[str]) -> tuple[str, ...]:
    """Settle which methods to run.

    Args:
        names: Names of methods, in capitals or not, hyphens read as blanks, and of groups:
            ``ours``, ``simple``, ``all``.

    Returns:
        Names of methods, each once, in the order they run.

    Raises:
        EstimateError: If a name is not known.

    Example:
        >>> chosen(["simple", "robust-z"])
        ('year on year', 'robust z', 'seasonal naive')
    """
    known: dict[str, tuple[str, ...]] = {name.lower(): (name,) for name in GROUPS["all"]}
    known.update(GROUPS)
    wanted: set[str] = set()
    for name in names:
        plain = name.lower().replace("-", " ")
        if plain not in known:
            raise EstimateError(
                f"method is {name!r}, expected one of {sorted(GROUPS)} or of {GROUPS['all']}."
            )
        wanted.update(known[plain])
    return tuple(name for name in GROUPS["all"] if name in wanted)


def trials(world: str, seed: int, arena: Arena, methods: Collection[str]) -> Iterator[Trial]:
    """Let methods loose on one arena and score them.

    Args:
        world: Its name.
        seed: Its seed.
        arena: Panel and truth.
        methods: Names of methods, as :func:`chosen` returns them.

    Returns:
        One trial per method, as it is done.
    """
    # What our methods share is fitted once: each one's peak counts from the first one's start.
    peak = peak_since()
    for name, cells, seconds in own_methods(arena, [m for m in methods if m in OWN_METHODS]):
        yield _scored((world, seed, name), arena, cells, (seconds, peak()))
    for name, method in BASELINES.items():
        if name not in methods:
            continue
        peak, begun = peak_since(), time.perf_counter()
        cells = method(arena).at(arena.tested)
        spent = time.perf_counter() - begun
        yield _scored((world, seed, name), arena, cells, (spent, peak()))


def _scored(
    where: tuple[str, int, str],
    arena: Arena,
    cells: CellEstimates,
    cost: tuple[float, float | None],
) -> Trial:
    world, seed, method = where
    return Trial(
        world=world,
        seed=seed,
        method=method,
        seconds=cost[0],
        score=score_cells(arena.planted, cells, arena.parts),
        memory_mb=cost[1],
        curves=curves(arena.planted, cells),
    )
