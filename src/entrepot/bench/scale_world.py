"""Trade of any size, drawn from the model, as a panel and in Comext's monthly layout."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from entrepot.codes.areas import areas
from entrepot.codes.groupings import members
from entrepot.diversion.cube import Cube, Floats
from entrepot.diversion.evidence import Material
from entrepot.diversion.folds import Design
from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.sources.bulk_file import COLUMNS
from entrepot.tables import LISTED_COMMODITIES, SOURCES

MONTHS, FIRST, EVENT = 84, np.datetime64("2017-01", "M"), 62  # the event is March 2022
MOST_PARTNERS, MOST_CELLS = 200, 100e6
LISTED_SHARE, CANDIDATES = 0.3, 8
REPORTER, TARGET = "DE", "RU"
_CHAPTERS = [chapter for chapter in range(1, 98) if chapter != 77]  # 77 is reserved
_LUMP = 20_000.0  # mean value of a shipment, EUR
_SHIPMENTS = 0.12  # a month and cell in the median; most months of most cells are then empty


def shape_of(cells: int) -> tuple[int, int, int]:
    """Commodities, partners and months of a panel of at least so many live cells.

    Partners grow with the cube root of the cells, up to 200; months are always 84.

    Args:
        cells: Live cells.

    Returns:
        Its shape.

    Example:
        >>> shape_of(100_000_000)
        (5953, 200, 84)
    """
    partners = max(20, round(MOST_PARTNERS * min(cells / MOST_CELLS, 1.0) ** (1 / 3)))
    return -(-cells // (partners * MONTHS)), partners, MONTHS


def scale_cube(cells: int, seed: int) -> Cube:
    """Draw a panel chapter by chapter: ``a g d`` with log-normal parts, in whole shipments.

    Args:
        cells: Live cells.
        seed: Seed.

    Returns:
        The panel, EUR FOB; every code is in force and every month reported.
    """
    k, v, t = shape_of(cells)
    codes = _codes(k)
    rng = np.random.default_rng(seed)
    partner = np.exp(rng.normal(0.0, 1.2, v))
    path = np.exp(np.cumsum(rng.normal(0.0, 0.03, (v, t)), axis=1))
    parts = [
        _block(np.random.default_rng((seed, at)), (at, min(at + 64, k)), partner, path)
        for at in range(0, k, 64)
    ]
    values, rows, columns, months = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Cube(
        commodities=codes,
        partners=np.array(_partners(v), dtype=np.str_),
        periods=FIRST + np.arange(t),
        values=values,
        rows=rows,
        columns=columns,
        months=months,
        is_alive=np.ones((k, t), dtype=bool),
        is_reported=np.ones((v, t), dtype=bool),
    )


def _block(
    rng: np.random.Generator, span: tuple[int, int], partner: Floats, path: Floats
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Values of a run of commodities that are not zero, with their indices."""
    size, (v, t) = span[1] - span[0], path.shape
    pair = np.exp(rng.normal(np.log(_SHIPMENTS), 1.5, (size, v))) * partner
    own = np.exp(np.cumsum(rng.normal(0.0, 0.05, (size, t)), axis=1))
    count = rng.poisson(np.minimum(pair[:, :, None] * own[:, None, :] * path, 1e6))
    row, column, month = np.nonzero(count)
    value = np.ceil(rng.gamma(count[row, column, month], _LUMP))
    return value, row + span[0], column.astype(np.int64), month.astype(np.int64)


def _codes(count: int) -> NDArray[np.str_]:
    """Codes of six digits, spread over the chapters."""
    each = -(-count // len(_CHAPTERS))
    names = [
        f"{chapter:02d}{1 + place // 10:02d}{place % 10}0"
        for chapter in _CHAPTERS
        for place in range(each)
    ]
    return np.array(names[:count], dtype=np.str_)


def _partners(count: int) -> list[str]:
    union = members("EU", (FIRST + EVENT).astype("datetime64[D]").item())
    here = {REPORTER, TARGET, *union}
    known = sorted(area.alpha2 for area in areas() if area.alpha2 not in here)
    first = [name for name in ("AM", "KG", "KZ", "UZ", "GE", "AE", "TR", "RS") if name in known]
    return sorted([*first, *(name for name in known if name not in first)][:count])


def scale_material(cube: Cube, seed: int) -> Material:
    """What is asked of it: three tenths of the goods are listed, eight partners are candidates.

    Args:
        cube: The panel.
        seed: Seed of the choice and of the folds.

    Returns:
        The panel and the question.
    """
    k, v, _ = cube.shape
    listed = _listed(k, seed)
    candidate = np.isin(cube.partners, ["AM", "KG", "KZ", "UZ", "GE", "AE", "TR", "RS"])
    if candidate.sum() < min(CANDIDATES, v // 2):
        candidate = np.arange(v) < min(CANDIDATES, v // 2)
    design = Design(listed, candidate, np.full(k, EVENT))
    return Material(cube, design, None, EVENT, seed)


def _listed(count: int, seed: int) -> NDArray[np.bool_]:
    """Three tenths of the goods."""
    return np.random.default_rng(seed).random(count) < LISTED_SHARE


def write_list(lake: Lake, cells: int, seed: int) -> Inquiry:
    """Put the list of goods into a lake, and ask of all partners at once.

    Args:
        lake: The lake with the panel's rows.
        cells: Live cells.
        seed: Seed of the choice.

    Returns:
        The question of a world run: every partner may be an intermediary, so that none is left to
        learn from and each corridor's own history has to do.
    """
    k, v, _ = shape_of(cells)
    codes = np.char.add(_codes(k)[_listed(k, seed)], "00")
    since = FIRST + EVENT
    about = {"source_id": "b" * 16, "list_id": "scale", "classification": "CN", "locator": "row"}
    goods = about | {"commodity": codes, "valid_from": np.full(len(codes), since)}
    file: dict[str, object] = {**about, "dataset": "lists", "vintage": "2022-03-01"}
    file |= {"publisher": "drawn", "licence": "none", "path": "drawn", "sha256": "0" * 64}
    file |= {"size_bytes": 1, "reader": "drawn", "row_count": len(codes)}
    file |= {"retrieved_at": datetime.now(UTC)}
    row = {column: [file.get(column)] for column in SOURCES.column_names}
    with lake.write() as transaction:
        transaction.put(
            LISTED_COMMODITIES, arrow_rows(LISTED_COMMODITIES, len(codes), goods), unit="scale"
        )
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, row), unit="scale")
    return Inquiry(
        coalition=REPORTER,
        intermediaries=",".join(_partners(v)),
        dataset="comext",
        goods="scale",
        since=since.astype("datetime64[D]").item(),
    )


def write_months(cube: Cube, folder: Path) -> int:
    """Write the panel as Comext's monthly files.

    Args:
        cube: The panel.
        folder: Where to; files are named ``full_v2_YYYYMM.dat``.

    Returns:
        Bytes written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for period, rows in _months(cube):
        path = folder / f"full_v2_{period}.dat"
        with path.open("wb") as file:
            file.write((",".join(COLUMNS) + "\n").encode())  # the library would quote the names
            csv.write_csv(rows, file, csv.WriteOptions(include_header=False, quoting_style="none"))
        size += path.stat().st_size
    return size


def _months(cube: Cube) -> Iterator[tuple[str, pa.Table]]:
    order = np.argsort(cube.months, kind="stable")
    ends = np.searchsorted(cube.months[order], np.arange(cube.shape[2] + 1))
    for month, period in enumerate(cube.periods):
        which = order[ends[month] : ends[month + 1]]
        name = str(period).replace("-", "")
        yield name, _lines(cube, which, name)


def _lines(cube: Cube, which: NDArray[np.int64], period: str) -> pa.Table:
    """Lines of one month: exports of one reporter, by partner and eight digits."""
    codes = pa.array(np.char.add(cube.commodities, "00"))
    value = pa.array(cube.values[which].astype(np.int64))
    texts = {
        "REPORTER": REPORTER,
        "TRADE_TYPE": "E",
        "PRODUCT_SITC": "00000",
        "PRODUCT_CPA21": "0000",
        "PRODUCT_CPA22": "0000",
        "PRODUCT_BEC": "000",
        "PRODUCT_BEC5": "000000",
        "PRODUCT_SECTION": "16",
        "FLOW": "2",
        "STAT_PROCEDURE": "1",
        "SUPPL_UNIT": "NO_SU",
        "PERIOD": period,
        "QUANTITY_SUPPL_UNIT": "0",
    }
    columns = {name: pa.repeat(text, len(which)) for name, text in texts.items()}
    columns |= {
        "PARTNER": pa.array(cube.partners).take(pa.array(cube.columns[which])),
        "PRODUCT_NC": codes.take(pa.array(cube.rows[which])),
        "VALUE_EUR": value,
        "VALUE_NAC": value,
        "QUANTITY_KG": pa.array((cube.values[which] // 7).astype(np.int64)),
    }
    return pa.table({name: columns[name] for name in COLUMNS})
