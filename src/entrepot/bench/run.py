"""Run the benchmark: worlds by methods, in several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import product
from multiprocessing import get_context

from entrepot.bench.arena import arena_of_panel, arena_of_world, before_the_war
from entrepot.bench.methods import USUAL, chosen, trials
from entrepot.bench.trial import Trial
from entrepot.diversion.panel import Panel
from entrepot.lake import Lake
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.semi_synthetic import Strength
from entrepot.simulate.world import simulate

OnWorld = Callable[[int, int, str], None]
# Read by the libraries that multiply matrices when they are loaded.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_bench(
    scenarios: Iterable[str],
    seeds: Iterable[int],
    on_progress: OnWorld | None = None,
    *,
    methods: Collection[str] = USUAL,
    jobs: int = 1,
) -> list[Trial]:
    """Score methods on simulated worlds.

    Args:
        scenarios: Names of scenarios.
        seeds: Seeds; 100 and up are for reporting, 0 to 3 for tuning.
        on_progress: Told which world is done.
        methods: Names of methods or of groups of them.
        jobs: Processes to share the worlds between.

    Returns:
        One trial per world and method, in the order of worlds and methods.

    Raises:
        EstimateError: If a method is not known, or needs a library that is not installed.
    """
    names = chosen(methods)
    tasks = [(name, seed, names) for name, seed in product(scenarios, seeds)]
    return _all(_on_world, tasks, [f"{name} {seed}" for name, seed, _ in tasks], on_progress, jobs)


def run_real_bench(
    lake: Lake,
    strengths: Iterable[Strength],
    seeds: Iterable[int],
    on_progress: OnWorld | None = None,
    *,
    methods: Collection[str] = USUAL,
    jobs: int = 1,
) -> list[Trial]:
    """Score the same on diversion planted in real trade from before the war.

    The event is put in June 2021 and the data end in February 2022; a random half of the products
    counts as listed, Armenia, Kyrgyzstan and Kazakhstan as candidates, Russia as one of the
    controls. Strength ``null`` plants nothing: every rejection is false.

    Args:
        lake: A lake with monthly CN8 exports of the EU.
        strengths: How much to plant.
        seeds: Seeds of halves and planting.
        on_progress: Told which panel is done.
        methods: Names of methods or of groups of them; those that need more than the upstream leg
            do not apply.
        jobs: Processes to share the panels between.

    Returns:
        One trial per panel and method, in the order of panels and methods.

    Raises:
        EstimateError: If a method is not known, or needs a library that is not installed.
    """
    names, panel = chosen(methods), before_the_war(lake)
    tasks = [(panel, strength, seed, names) for strength, seed in product(strengths, seeds)]
    labels = [f"{strength} {seed}" for _, strength, seed, _ in tasks]
    return _all(_on_panel, tasks, labels, on_progress, jobs)


def _on_world(name: str, seed: int, methods: Sequence[str]) -> list[Trial]:
    arena = arena_of_world(simulate(SCENARIOS[name], seed))
    return list(trials(name, seed, arena, methods))


def _on_panel(panel: Panel, strength: Strength, seed: int, methods: Sequence[str]) -> list[Trial]:
    arena = arena_of_panel(panel, strength, seed)
    return list(trials(f"real-{strength}", seed, arena, methods))


def _all(
    work: Callable[..., list[Trial]],
    tasks: Sequence[tuple[object, ...]],
    labels: Sequence[str],
    on_progress: OnWorld | None,
    jobs: int,
) -> list[Trial]:
    """Do all tasks and put their trials in the order of tasks, whichever is done first."""
    tell = on_progress or _ignore
    tell(0, len(tasks), labels[0] if labels else "")
    if min(jobs, len(tasks)) < 2:
        found = []
        for done, task in enumerate(tasks, start=1):
            found += work(*task)
            tell(done, len(tasks), labels[done - 1])
        return found
    # Spawned, not forked: the lake's engine has threads, which do not survive a fork.
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
    with _few_threads(jobs), pool:
        running = {
            pool.submit(work, *task): label for task, label in zip(tasks, labels, strict=True)
        }
        try:
            for done, one in enumerate(as_completed(running), start=1):
                one.result()
                tell(done, len(tasks), running[one])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        return [trial for one in running for trial in one.result()]


def _ignore(done: int, total: int, what: str) -> None:
    """Take no note."""


@contextmanager
def _few_threads(jobs: int) -> Iterator[None]:
    """Let each process take its share of the cores; what the user has set stays."""
    share = str(max((os.cpu_count() or 1) // jobs, 1))
    added = [name for name in _THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, share))
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
