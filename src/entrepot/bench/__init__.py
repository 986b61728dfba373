"""The benchmark: our methods, simple ones and other people's, where the truth is known."""

from entrepot.bench.arena import Arena, panel_of_world
from entrepot.bench.arena import arena_of_panel as _arena_of_panel
from entrepot.bench.arena import before_the_war as _before_the_war
from entrepot.bench.run import run_bench, run_real_bench
from entrepot.bench.trial import Trial, long_rows

__all__ = [
    "Arena",
    "Trial",
    "_arena_of_panel",
    "_before_the_war",
    "long_rows",
    "panel_of_world",
    "run_bench",
    "run_real_bench",
]
