"""Caveats: a short code in the tables, a sentence for the reader."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a reader must know before using a number.

    Args:
        code: Short code, as in the column ``caveats``.
        sentence: One sentence.
        applies_to: ``corridor``, ``country`` or ``run``.
        source: Whose wording it is.
    """

    code: str
    sentence: str
    applies_to: str
    source: str


COLUMNS = tuple(field.name for field in fields(Caveat))


@cache
def caveats() -> tuple[Caveat, ...]:
    """All caveats, in the order they should be read."""
    return tuple(Caveat(**row) for row in read_rows("caveats.csv", COLUMNS))


@cache
def _by_code() -> dict[str, Caveat]:
    return {caveat.code: caveat for caveat in caveats()}


def caveat(code: str) -> Caveat:
    """Look one caveat up.

    Args:
        code: Its code.

    Returns:
        The caveat.

    Raises:
        CodeError: If there is none with this code.

    Example:
        >>> caveat("simulated").applies_to
        'run'
    """
    if code not in _by_code():
        raise CodeError(
            f"caveat is {code!r}, expected one of {sorted(_by_code())!r}. "
            "Add a new caveat to codes/caveats.csv before using it."
        )
    return _by_code()[code]


def sentences(codes: str) -> tuple[str, ...]:
    """The sentences of a column ``caveats``.

    Args:
        codes: Caveat codes separated by spaces; may be empty.

    Returns:
        Their sentences, in the order of ``caveats.csv``, each once.

    Raises:
        CodeError: If one of the codes is not known.

    Example:
        >>> len(sentences("simulated small_base")), sentences("")
        (2, ())
    """
    wanted = {caveat(code).code for code in codes.split()}
    return tuple(row.sentence for row in caveats() if row.code in wanted)
