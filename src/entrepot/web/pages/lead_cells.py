"""Leads as cells of a table: ranges before points, both brackets beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from entrepot.corridor import Corridor
from entrepot.dossier import wording
from entrepot.dossier.ranges import chance
from entrepot.dossier.scene import BRACKET_NAMES, country_name, description
from entrepot.dossier.wording import Scale
from entrepot.tables import BRACKETS
from entrepot.web.pages.listing import Cell, Heading, Sorted, query_of
from entrepot.web.pages.page import Page

Row = Mapping[str, Any]
NOTHING = "–"
_LEGS = {
    "U": "exports",
    "UA": "exports, arrivals",
    "UD": "exports, sales on",
    "UAD": "exports, arrivals, sales on",
}
_AMOUNTS = ("observed", *(f"excess_high_{bracket}" for bracket in BRACKETS))


def scale_words(rows: pa.Table) -> tuple[Scale, str]:
    """The scale of a table of leads, and what it holds.

    Args:
        rows: From :func:`entrepot.api.leads_shown.leads_asked`.

    Returns:
        The scale, and the caption; the caption is empty where there is no row.
    """
    values = [value for name in _AMOUNTS for value in rows[name].to_pylist()]
    scale = wording.table_scale(values)
    if not rows.num_rows:
        return scale, ""
    first = rows.slice(0, 1).to_pylist()[0]
    months = wording.window(
        min(rows["window_start"].to_pylist()), max(rows["window_end"].to_pylist())
    )
    unit = f"{scale.unit(first['unit'])} {wording.valuation(first['unit'])}".strip()
    return scale, f"Amounts in {unit}, {months}; ranges are 90 % intervals"


def headings(
    given: Mapping[str, object], sorting: tuple[str, str], *, is_split: bool
) -> tuple[Heading, ...]:
    """Heads of the columns, each with the address that sorts by it.

    Args:
        given: What the address asks for.
        sorting: What the table is sorted by, and how.
        is_split: Whether a second leg tells about any row.
    """

    def head(label: str, sort: str, group: str = "", *, is_number: bool = True) -> Heading:
        is_own = sorting[0] == sort
        order: Sorted = ""
        if is_own:
            order = "descending" if sorting[1] == "down" else "ascending"
        turned = "up" if is_own and sorting[1] == "down" else None
        asked = {name: value for name, value in given.items() if name != "order"}
        href = f"/leads{query_of(asked, sort=sort, order=turned, page=None)}"
        return Heading(label, is_number=is_number, href=href, order=order, group=group)

    made = [
        head("Product", "commodity", is_number=False),
        head("Through", "intermediary", is_number=False),
        head("Declared", "observed"),
    ]
    for bracket in BRACKETS:
        group, last = BRACKET_NAMES[bracket], "probability" if is_split else "q_value"
        made.append(head("Excess", f"excess_{bracket}", group))
        if is_split:
            made.append(head("Diverted", f"diverted_{bracket}", group))
        made.append(head("P" if is_split else "q", f"{last}_{bracket}", group))
        made.append(head("Onset", f"onset_{bracket}", group))
    return (*made, Heading("Legs that tell"))


def corridor_of(row: Row) -> Corridor:
    """The corridor and commodity of a row of leads.

    Args:
        row: The row.
    """
    return Corridor(row["coalition"], row["intermediary"], row["destination"], row["commodity"])


def lead_row(row: Row, scale: Scale, page: Page, *, is_split: bool) -> tuple[Cell, ...]:
    """One lead.

    Args:
        row: The row.
        scale: Scale of the table.
        page: The page, for its addresses.
        is_split: Whether a second leg tells about any row.

    Returns:
        Its cells, one per heading.
    """
    corridor = corridor_of(row)
    words = [description(row["commodity"])]
    if row["kind"] != "tested":
        words.append(f"{row['kind']} country: not asked about")
    cells = [
        Cell(
            row["commodity"],
            href=page.at(f"/leads/{corridor}"),
            small="; ".join(filter(None, words)),
        ),
        Cell(country_name(row["intermediary"]), href=page.at(f"/countries/{row['intermediary']}")),
        Cell(scale.number(row["observed"]), is_number=True),
    ]
    for bracket in BRACKETS:
        cells += _bracket(row, bracket, scale, is_split=is_split)
    legs = dict.fromkeys(
        _LEGS[row[f"legs_{bracket}"]] for bracket in BRACKETS if row[f"legs_{bracket}"]
    )
    return (*cells, Cell("; ".join(legs)))


def _bracket(row: Row, bracket: str, scale: Scale, *, is_split: bool) -> list[Cell]:
    if row[f"legs_{bracket}"] is None:
        return [Cell("not computed", is_number=True)] + [Cell(NOTHING)] * (3 if is_split else 2)
    is_flagged = bool(row[f"is_flagged_{bracket}"])
    has_second = row[f"legs_{bracket}"] != "U"
    made = [_range(row, "excess", bracket, scale)]
    test = f"q {wording.ratio(row[f'q_value_{bracket}'])}"
    if is_split:
        made.append(_range(row, "diverted", bracket, scale) if has_second else Cell(NOTHING, True))
        test = chance(row[f"probability_{bracket}"]) if has_second else test
    else:
        test = test.removeprefix("q ")
    day = row[f"onset_{bracket}"]
    small = "flagged" if is_flagged else ""
    return [
        *made,
        Cell(test, is_number=True, small=small, is_flag=is_flagged),
        Cell(NOTHING if day is None else f"{day:%Y-%m}", is_number=True),
    ]


def _range(row: Row, name: str, bracket: str, scale: Scale) -> Cell:
    low, high = row[f"{name}_low_{bracket}"], row[f"{name}_high_{bracket}"]
    if low is None or high is None:
        return Cell(wording.NOT_ESTIMATED, is_number=True)
    return Cell(scale.range(low, high), is_number=True)
