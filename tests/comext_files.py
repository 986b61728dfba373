"""Small files in Eurostat's two layouts, made up here, for tests of the readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import py7zr
import xlsxwriter

from entrepot.sources.bulk_file import COLUMNS

MONTHS = ("2022-10", "2022-11", "2022-12")
EXTRACTED = "21/01/2023 20:35:13"
UPDATED = "13/01/2023 11:00"
CARS = "Motor cars, new, of a cylinder capacity of 1500 cm³ [87032319]"
GERMANY = "Germany (incl. German Democratic Republic 'DD' from 1991)"
KYRGYZSTAN = "Kyrgyzstan"

Cell = str | int | float | None
Cells = dict[str, list[list[Cell]]]
Values = Mapping[tuple[str, str], Sequence[Cell]]


@dataclass(frozen=True)
class Product:
    """One sheet: a product, a flow and a value for each reporter, partner and month."""

    values: Values
    label: str = CARS
    flow: str = "EXPORT"
    indicator: str = "VALUE_IN_EUROS"


def cars(*values: Cell) -> Product:
    """Germany's exports of cars to Kyrgyzstan, month by month."""
    return Product({(GERMANY, KYRGYZSTAN): values})


def write_workbook(
    path: Path,
    products: Sequence[Product],
    *,
    months: Sequence[str] = MONTHS,
    edit: Callable[[Cells], object] | None = None,
) -> Path:
    """Write a workbook as the data browser does.

    Args:
        path: Where to.
        products: Its sheets.
        months: Its columns.
        edit: Changes the cells of the sheets before they are written, to spoil them.
    """
    cells: Cells = {"Summary": _summary(products), "Structure": [["Structure"]]}
    for i, product in enumerate(products, start=1):
        cells[f"Sheet {i}"] = _sheet(product, months)
    if edit is not None:
        edit(cells)
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if value is not None:
                        sheet.write(i, j, value)
    return path


def _summary(products: Sequence[Product]) -> list[list[Cell]]:
    head: list[list[Cell]] = [
        ["EU trade since 1988 by HS2-4-6 and CN8 [DS-045409__custom_1]"],
        ["Open product page", "Open in Data Browser"],
        ["Description: ", "-"],
        [],
        ["Last update of data: ", None, None, UPDATED],
        ["Last change of data structure: ", None, None, UPDATED],
        [],
        [None, "Institutional source(s)"],
        [None, None, "Eurostat"],
        [None, "Contents", "PRODUCT [PRODUCT]", "FLOW", "INDICATORS"],
    ]
    lines: list[list[Cell]] = [
        [None, f"Sheet {i}", product.label, product.flow, product.indicator]
        for i, product in enumerate(products, start=1)
    ]
    return head + lines


def _sheet(product: Product, months: Sequence[str]) -> list[list[Cell]]:
    head: list[list[Cell]] = [
        [f"Data extracted on {EXTRACTED} from [ESTAT]"],
        ["Dataset: ", "EU trade since 1988 by HS2-4-6 and CN8 [DS-045409__custom_1]"],
        ["Last updated: ", UPDATED],
        [],
        ["PRODUCT [PRODUCT]", None, product.label],
        ["FLOW", None, product.flow],
        ["INDICATORS", None, product.indicator],
        [],
        ["TIME", "TIME", *months],
        ["FREQ (Labels)", "FREQ (Labels)", *("Monthly" for _ in months)],
        ["REPORTER (Labels)", "PARTNER (Labels)", *("" for _ in months)],
    ]
    body = [[*areas, *values] for areas, values in product.values.items()]
    return [*head, *body, [], ["Special value"], [":", "not available"]]


def bulk_line(**changed: str) -> dict[str, str]:
    """Germany's exports of cars to Kyrgyzstan in January 2024, with some columns changed."""
    line = {
        "REPORTER": "DE",
        "PARTNER": "KG",
        "TRADE_TYPE": "E",
        "PRODUCT_NC": "87032319",
        "PRODUCT_SITC": "78120",
        "PRODUCT_CPA21": "2910",
        "PRODUCT_CPA22": "2910",
        "PRODUCT_BEC": "510",
        "PRODUCT_BEC5": "622100",
        "PRODUCT_SECTION": "17",
        "FLOW": "2",
        "STAT_PROCEDURE": "1",
        "SUPPL_UNIT": "PST",
        "PERIOD": "202401",
        "VALUE_EUR": "50000",
        "VALUE_NAC": "50000",
        "QUANTITY_KG": "1400",
        "QUANTITY_SUPPL_UNIT": "1",
    }
    unknown = set(changed) - set(line)
    if unknown:
        raise KeyError(f"the bulk file has no column {sorted(unknown)}")
    return line | changed


def write_bulk(
    path: Path,
    lines: Sequence[Mapping[str, str]],
    *,
    header: str = ",".join(COLUMNS),
    newline: str = "\n",
) -> Path:
    """Write a bulk file as text or, where the name ends in ``.7z``, packed like Eurostat's.

    Args:
        path: Where to; the name carries the period.
        lines: Its lines.
        header: Its first line.
        newline: What ends a line.
    """
    text = newline.join([header, *(",".join(line.values()) for line in lines)]) + newline
    if path.suffix != ".7z":
        path.write_bytes(text.encode())
        return path
    plain = path.with_suffix(".text")
    plain.write_bytes(text.encode())
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.write(plain, f"{path.stem.replace('_v2', '')}.dat")
    plain.unlink()
    return path
