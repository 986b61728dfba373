"""Which rows of ``flows`` are the partners' imports and their sales, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v2 as nw
import numpy as np

from entrepot.codes.groupings import resolve
from entrepot.diversion.cube import Bools, Cube
from entrepot.diversion.inquiry import Inquiry

# How imports were read: as asked, or by consignment where published and by origin where not.
ArrivalReading = Literal["consignment", "origin", "world", "mixed", "none"]
DownstreamReading = Literal["exporter", "importer", "none"]


@dataclass(frozen=True)
class Chosen:
    """Rows of one leg.

    Args:
        published: All its reporters published of that flow.
        counted: Those that count.
        area: Column that names the third country.
        by_origin: Third countries whose imports are read by origin though others' are not.
    """

    published: nw.LazyFrame[Any]
    counted: nw.LazyFrame[Any]
    area: str
    by_origin: tuple[str, ...] = ()


def imports_of(
    rows: nw.LazyFrame[Any], cube: Cube, inquiry: Inquiry
) -> tuple[ArrivalReading, Chosen | None]:
    """Choose the partners' imports.

    Args:
        rows: Monthly rows of ``flows`` in the months of the panel.
        cube: The panel.
        inquiry: The question.

    Returns:
        How they are read, and the rows; ``None`` where they are left out.
    """
    basis = inquiry.arrival
    if basis == "none":
        return basis, None
    coalition = sorted(resolve(inquiry.coalition, inquiry.since))
    mine = rows.filter(nw.col("flow") == "M", nw.col("reporter").is_in(cube.partners.tolist()))
    if basis == "auto":
        return _as_published(mine, coalition)
    is_whole = nw.col("partner2") == "_T"
    published = mine.filter(~is_whole if basis == "consignment" else is_whole)
    counted = {
        "consignment": published.filter(nw.col("partner2").is_in(coalition)),
        "origin": published.filter(nw.col("partner").is_in(coalition)),
        "world": published.filter(~nw.col("partner").str.starts_with("_")),
    }[basis]
    return basis, Chosen(published, counted, "reporter")


def _as_published(mine: nw.LazyFrame[Any], coalition: list[str]) -> tuple[ArrivalReading, Chosen]:
    """Consignment for the partners that publish it, origin for the others."""
    is_whole = nw.col("partner2") == "_T"
    ways = mine.with_columns(is_whole=is_whole).group_by("reporter", "is_whole").agg(nw.len())
    found = ways.collect("pyarrow").to_native().to_pylist()
    consigned = sorted({row["reporter"] for row in found if not row["is_whole"]})
    others = sorted({row["reporter"] for row in found} - set(consigned))
    by_consignment = nw.col("reporter").is_in(consigned)
    published = mine.filter((by_consignment & ~is_whole) | (~by_consignment & is_whole))
    counted = published.filter(
        (by_consignment & nw.col("partner2").is_in(coalition))
        | (~by_consignment & nw.col("partner").is_in(coalition))
    )
    basis: ArrivalReading = "origin"
    if consigned:
        basis = "mixed" if others else "consignment"
    return basis, Chosen(published, counted, "reporter", tuple(others))


def sales_of(
    rows: nw.LazyFrame[Any], cube: Cube, inquiry: Inquiry
) -> tuple[DownstreamReading, Chosen | None]:
    """Choose the partners' sales to the destination.

    Args:
        rows: Monthly rows of ``flows`` in the months of the panel.
        cube: The panel.
        inquiry: The question.

    Returns:
        Whose word tells them, and the rows; ``None`` where they are left out.
    """
    basis = inquiry.downstream
    if basis == "none":
        return basis, None
    partners = cube.partners.tolist()
    exported = rows.filter(nw.col("flow") == "X", nw.col("reporter").is_in(partners))
    sold = exported.filter(nw.col("partner") == inquiry.destination)
    imported = rows.filter(
        nw.col("flow") == "M",
        nw.col("reporter") == inquiry.destination,
        nw.col("partner2") == "_T",
        nw.col("partner").is_in(partners),
    )
    if basis == "auto":
        any_sold = sold.select(nw.len()).collect("pyarrow").item() > 0
        basis = "exporter" if any_sold else "importer"
    if basis == "exporter":
        return basis, Chosen(exported, sold, "reporter")
    return basis, Chosen(imported, imported, "partner")


def by_origin(basis: ArrivalReading, imports: Chosen | None, cube: Cube) -> Bools:
    """Partners whose imports are read by origin.

    Args:
        basis: How imports are read.
        imports: The rows.
        cube: The panel.

    Returns:
        Flags, shape [V].
    """
    if basis == "origin":
        return np.ones(cube.shape[1], dtype=bool)
    names = () if imports is None else imports.by_origin
    return np.isin(cube.partners, names)
