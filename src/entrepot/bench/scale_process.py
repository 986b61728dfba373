"""The process of one stage: its memory is bounded, so that a stage fails instead of the machine."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from entrepot.bench.scale_beside import fixest_beside, sql_beside
from entrepot.bench.scale_stages import STAGES

ALL = {**STAGES, "sql": sql_beside, "pyfixest": fixest_beside}


def main(words: list[str]) -> None:
    """Run one stage and print what it took as JSON.

    Args:
        words: Name of the stage, folder, live cells, seed, bytes it may hold.
    """
    name, place, cells, seed, most = words
    resource.setrlimit(resource.RLIMIT_DATA, (int(most), int(most)))
    print(json.dumps(asdict(ALL[name](Path(place), int(cells), int(seed)))))


if __name__ == "__main__":
    main(sys.argv[1:])
