"""Both brackets of one conclusion in a table: side by side, or below each other with the split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from entrepot.cli.output import Column
from entrepot.dossier import wording
from entrepot.dossier.scene import BRACKET_NAMES
from entrepot.dossier.wording import Scale

Row = Mapping[str, Any]
NOTHING = "–"
LEGEND = (
    "legs: U declared exports, A imports the country recorded, D its sales to the destination. "
    "diverted is intermediated (it arrived and went on) and ghost (it never arrived); – where no "
    "second leg tells."
)


def side_by_side(rows: Iterable[Row], keys: tuple[str, ...]) -> list[list[Row]]:
    """Rows of one thing together; they must stand next to each other.

    Args:
        rows: Rows of ``leads`` or ``totals``.
        keys: Columns that name a thing whatever the bracket.

    Returns:
        For each thing its rows, one per bracket.
    """
    return [list(same) for _, same in groupby(rows, key=lambda row: [row[key] for key in keys])]


def scale_of(rows: Iterable[Row]) -> Scale:
    """One scale for all amounts of a table.

    Args:
        rows: Rows of ``leads`` or ``totals``.
    """
    names = ("observed", "expected", "excess_low", "excess_high")
    return wording.table_scale(row[name] for row in rows for name in names)


def columns(brackets: Sequence[str], unit: str, *last: str) -> list[Column]:
    """Columns of every bracket: expected, excess, and what else the table shows.

    Args:
        brackets: Brackets of the run.
        unit: Scale and currency of the amounts.
        *last: Name of a further column.

    Returns:
        Columns, bracket by bracket.
    """
    found = []
    for bracket in brackets:
        name = BRACKET_NAMES[bracket].lower()
        found += [
            Column(f"{name}\nexpected\n{unit}", is_number=True, is_expendable=True),
            Column(f"{name}\nexcess, 90 %\n{unit}", is_number=True),
            # It stands beside the excess of its bracket, and is too narrow for the name.
            *(Column(f"\n{other}\n", is_number=True) for other in last),
        ]
    return found


def amounts(row: Row, scale: Scale) -> tuple[str, str]:
    """Expected value and range of the excess of one bracket.

    Args:
        row: A row of ``leads`` or ``totals``.
        scale: Scale of the table.

    Returns:
        Both in words; the point where the excess has no interval.
    """
    return _number(row["expected"], scale), excess(row, scale)


def across(
    found: Sequence[Row], names: Sequence[str], scale: Scale, last: Callable[[Row], str]
) -> list[str]:
    """The cells of all brackets of one thing, side by side, empty where a bracket has none.

    Args:
        found: The rows of one thing, one per bracket.
        names: Brackets of the table, in order.
        scale: Scale of the table.
        last: Third cell of a bracket.

    Returns:
        Three cells per bracket.
    """
    by_bracket = {row["bracket"]: row for row in found}
    cells: list[str] = []
    for name in names:
        row = by_bracket.get(name)
        cells += ["", "", ""] if row is None else [*amounts(row, scale), last(row)]
    return cells


def excess(row: Row, scale: Scale) -> str:
    """The range of the excess, its point where there is no range.

    Args:
        row: A row of ``leads`` or ``totals``.
        scale: Scale of the table.
    """
    low, high = row["excess_low"], row["excess_high"]
    if low is None or high is None:
        return _number(row["excess"], scale)
    return scale.range(low, high)


def _number(value: float | None, scale: Scale) -> str:
    return NOTHING if value is None else scale.number(value)


def split_columns(unit: str, *last: str) -> list[Column]:
    """Columns of a table with one row per bracket, for runs that have a second leg.

    On a narrow terminal the expected trade goes first, then what else the exports alone say, then
    the two ways.

    Args:
        unit: Scale and currency of the amounts.
        *last: Name of a further column after the legs.

    Returns:
        Columns: bracket, observed, expected, excess, legs, further ones, diverted and its ways.
    """
    return [
        Column("\npath", is_whole=True),
        Column(f"observed\n{unit}", is_number=True, is_expendable=True, turn=2),
        Column(f"expected\n{unit}", is_number=True, is_expendable=True),
        Column(f"excess, 90 %\n{unit}", is_number=True, is_expendable=True, turn=2),
        Column("\nlegs", is_whole=True),
        *(Column(f"\n{other}", is_number=True) for other in last),
        Column(f"diverted, 90 %\n{unit}", is_number=True),
        Column(f"intermediated\n{unit}", is_number=True, is_expendable=True, turn=3),
        Column(f"ghost\n{unit}", is_number=True, is_expendable=True, turn=3),
    ]


def split_cells(row: Row, scale: Scale, *last: str) -> list[str]:
    """The cells of :func:`split_columns`.

    Args:
        row: A row of ``leads`` or ``totals``.
        scale: Scale of the table.
        *last: Cells of the further columns.

    Returns:
        Words; dashes for what went on where no second leg tells.
    """
    is_told = row["legs"] != "U"
    ways = [
        interval(row, name, scale) if is_told else NOTHING
        for name in ("diverted", "intermediated", "ghost")
    ]
    path = BRACKET_NAMES[row["bracket"]].split()[0].lower()
    amounts_of_exports = (scale.number(row["observed"]), *amounts(row, scale))
    return [path, *amounts_of_exports, row["legs"], *last, *ways]


def interval(row: Row, name: str, scale: Scale) -> str:
    """The range of a number of a row.

    Args:
        row: A row of ``leads`` or ``totals``.
        name: Column of the point.
        scale: Scale of the table.

    Returns:
        The range; a dash where it is open.
    """
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return NOTHING if low is None or high is None else scale.range(low, high)


def caveat_letters(rows: Iterable[Row]) -> tuple[dict[str, str], list[str]]:
    """Caveats of some rows: a letter for each that not all rows share.

    Args:
        rows: Rows with ``caveats``.

    Returns:
        Caveat code to letter, and notes that name both kinds.
    """
    said = [row["caveats"].split() for row in rows]
    every = list(dict.fromkeys(code for codes in said for code in codes))
    shared = [code for code in every if all(code in codes for codes in said)]
    own = [code for code in every if code not in shared]
    letters = dict(zip(own, ascii_lowercase, strict=False))
    notes = []
    if shared:
        notes.append(f"Caveats of all rows: {', '.join(shared)}.")
    if letters:
        legend = ", ".join(f"{letter} {code}" for code, letter in letters.items())
        notes.append(f"Notes: {legend}.")
    return letters, notes


def lettered(rows: Iterable[Row], letters: Mapping[str, str]) -> str:
    """The letters of the caveats of one thing, over its brackets.

    Args:
        rows: Its rows.
        letters: Caveat code to letter.
    """
    codes = {code for row in rows for code in row["caveats"].split()}
    return "".join(sorted(letters[code] for code in codes if code in letters))
