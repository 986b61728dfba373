"""What was done to the amounts of a dataset between the office that collected them and the lake."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

Treatment = Literal["office", "compiled", "converted", "reconciled", "simulated"]
# The nearer to what the office published, the sooner a dataset answers.
TREATMENTS: tuple[Treatment, ...] = ("office", "compiled", "converted", "reconciled", "simulated")
_OWN: frozenset[Treatment] = frozenset(("office", "compiled", "simulated"))


@dataclass(frozen=True, slots=True)
class Collection:
    """What is known of a dataset as a whole.

    Args:
        dataset: Its name.
        treatment: ``office`` as the reporter's office or its union publishes it, ``compiled`` by an
            organisation that offices send their data to, ``converted`` into another currency by a
            third party, ``reconciled`` from both sides, ``simulated``.
        words: What was done to the amounts, for a sentence; empty where nothing was.
        source: How this is known.
        checked: ``yes`` where the source was seen to say so.
    """

    dataset: str
    treatment: Treatment
    words: str
    source: str
    checked: str

    @property
    def is_derived(self) -> bool:
        """Whether a third party changed the amounts."""
        return self.treatment not in _OWN

    @property
    def place(self) -> int:
        """Its place among the treatments: the smaller, the nearer to the office."""
        return TREATMENTS.index(self.treatment)


COLUMNS = tuple(field.name for field in fields(Collection))


@cache
def _by_name() -> dict[str, Collection]:
    found: dict[str, Collection] = {}
    for row in read_rows("datasets.csv", COLUMNS):
        if row["treatment"] not in TREATMENTS:
            raise CodeError(
                f"codes/datasets.csv: treatment of {row['dataset']!r} is {row['treatment']!r}, "
                f"expected one of {list(TREATMENTS)!r}."
            )
        treatment = row["treatment"]
        found[row["dataset"]] = Collection(
            row["dataset"], treatment, row["words"], row["source"], row["checked"]
        )
    return found


def order_of(dataset: str) -> int:
    """Order datasets by how near they are to the office; those nothing is known of come last.

    Args:
        dataset: Its name.

    Example:
        >>> sorted(("national-imports", "stat-kz"), key=order_of)
        ['stat-kz', 'national-imports']
    """
    known = _by_name().get(dataset)
    return len(TREATMENTS) if known is None else known.place


def treated_words(dataset: str) -> str:
    """Say what a third party did to the amounts of a dataset.

    Args:
        dataset: Its name.

    Returns:
        The words; empty where they are as the office published them or nothing is known of it.

    Example:
        >>> treated_words("stat-kz")
        ''
    """
    known = _by_name().get(dataset)
    return known.words if known is not None and known.is_derived else ""
