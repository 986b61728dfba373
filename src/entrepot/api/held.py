"""What the lake holds of one side of trade, and what to say where it holds something else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.lists import dataset_in
from entrepot.diversion.reconciled import refuse_reconciled
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.vintage import WHOLE_MONTHS

_WORDS = {"A": "yearly", "M": "monthly"}
SHOWN = 30  # areas that a message names before it counts the rest


@dataclass(frozen=True, slots=True)
class Side:
    """One side of mirrored trade: whose declarations, of what, by which option they were named.

    Args:
        flow: ``X`` or ``M``.
        word: ``exports`` or ``imports``.
        dataset: Dataset that must hold them.
        option: Option that names the dataset.
        areas_option: Option that names who declares.
    """

    flow: str
    word: str
    dataset: str
    option: str
    areas_option: str


def sides_asked(exports_from: str, imports_from: str) -> tuple[Side, Side]:
    """The two sides as the command line names them.

    Args:
        exports_from: Dataset with the exporters' declarations.
        imports_from: Dataset with the importers' declarations.
    """
    return (
        Side("X", "exports", exports_from, "--exports", "--exporter"),
        Side("M", "imports", imports_from, "--imports", "--importer"),
    )


def check_dataset(lake: Lake, side: Side) -> None:
    """Stop where a dataset is not in the lake, or holds nothing of the side it is named for.

    Args:
        lake: The lake.
        side: The side.

    Raises:
        LakeError: If so; the message names the datasets that do.
        EstimateError: If it holds reconciled statistics, which are nobody's declaration.
    """
    dataset_in(lake, side.dataset, option=side.option)
    refuse_reconciled(lake.table(FLOWS), side.dataset, side.option)
    names = _datasets_with(lake, side.flow)
    if side.dataset not in names:
        raise LakeError(
            f"{side.option} is {side.dataset!r}, which holds no {side.word} (flow {side.flow}), "
            f"expected one of {names}, those in the lake that do."
        )


def _datasets_with(lake: Lake, flow: str) -> list[str]:
    rows = lake.table(FLOWS).filter(nw.col("flow") == flow).group_by("dataset").agg(nw.len())
    return sorted(rows.collect("pyarrow").to_native()["dataset"].to_pylist())


def refuse_absent(lake: Lake, side: Side, absent: Collection[str], when: str) -> None:
    """Stop where declarers that are needed published nothing in the time asked for.

    Args:
        lake: The lake.
        side: Their side.
        absent: Who is absent; nothing happens where nobody is.
        when: The level and time asked for, in words.

    Raises:
        EstimateError: If anybody is absent; the message says what the dataset holds.
    """
    if not absent:
        return
    raise EstimateError(
        f"{side.dataset} holds no {side.word} (flow {side.flow}) of {listed(absent)} {when}: "
        f"silence is not nil. {inventory(lake, side)} Leave them out of {side.areas_option}, ask "
        f"for what is there, or name another dataset with {side.option}."
    )


def refuse_unknown(side: Side, partners: Collection[str], held: Collection[str], when: str) -> None:
    """Stop where nobody declared exports to a partner that is asked for.

    Args:
        side: The exporters' side.
        partners: Who is asked for.
        held: Partners that the dataset holds.
        when: The time asked for, in words.

    Raises:
        EstimateError: If one is not held; the message says who is.
    """
    absent = set(partners) - set(held)
    if absent:
        raise EstimateError(
            f"{side.dataset} holds no {side.word} (flow {side.flow}) to {listed(absent)} {when}, "
            f"expected some of {listed(held)}. Leave them out of --importer, or name another "
            f"dataset with {side.option}."
        )


def unheld_partners(
    lake: Lake, side: Side, declarers: Collection[str], partners: Collection[str]
) -> tuple[str, ...]:
    """Name the partners of whom a dataset holds nothing, in any period or goods.

    An extract that was not asked for a partner says nothing of it. A publisher's file of whole
    months does: there silence is no trade.

    Args:
        lake: The lake.
        side: The side.
        declarers: Who declares.
        partners: Who is asked for.

    Returns:
        Those of them who are not held, ascending; none where there is a file of whole months.
    """
    rows = lake.table(FLOWS).filter(
        nw.col("dataset") == side.dataset,
        nw.col("flow") == side.flow,
        nw.col("reporter").is_in(sorted(declarers)),
    )
    whole = lake.table(SOURCES).filter(nw.col("reader").is_in(WHOLE_MONTHS)).select("source_id")
    of_whole = rows.join(whole, on="source_id", how="semi")
    if of_whole.select(nw.len()).collect("pyarrow").item() > 0:
        return ()
    found = rows.group_by("partner").agg(nw.len()).collect("pyarrow").to_native()
    return tuple(sorted(set(partners) - set(found["partner"].to_pylist())))


def inventory(lake: Lake, side: Side) -> str:
    """Say what a dataset holds of one side, in a sentence.

    Args:
        lake: The lake.
        side: The side.
    """
    rows = lake.table(FLOWS).filter(nw.col("dataset") == side.dataset, nw.col("flow") == side.flow)
    found = rows.group_by("reporter", "freq").agg(
        nw.col("period").min().alias("first"), nw.col("period").max().alias("last")
    )
    parts = [
        _part(found_rows, freq)
        for freq, found_rows in _by_freq(found.collect("pyarrow").to_native()).items()
    ]
    return f"It holds {' and '.join(parts)}."


def _by_freq(found: pa.Table) -> dict[str, list[dict[str, Any]]]:
    rows = found.to_pylist()
    return {freq: [row for row in rows if row["freq"] == freq] for freq in ("A", "M")}


def _part(rows: Sequence[dict[str, Any]], freq: str) -> str:
    word, pattern = _WORDS[freq], "%Y" if freq == "A" else "%Y-%m"
    if not rows:
        return f"no {word} ones"
    first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
    names = listed({row["reporter"] for row in rows})
    return f"{word} ones of {names} between {first:{pattern}} and {last:{pattern}}"


def nothing_held(rows: nw.LazyFrame[Any], what: str, freq: str) -> EstimateError:
    """Say that nothing is held of what was asked, and whether it is at the other frequency.

    Args:
        rows: Rows of ``flows`` of what was asked, at any frequency.
        what: What was asked, in words.
        freq: Frequency that was asked for.

    Returns:
        The error.
    """
    found = (
        rows.filter(nw.col("freq") != freq)
        .group_by("dataset", "reporter", "freq")
        .agg(nw.col("period").min().alias("first"), nw.col("period").max().alias("last"))
        .collect("pyarrow")
        .to_native()
    )
    word = _WORDS[freq]
    if found.num_rows == 0:
        told = "Run `entrepot coverage` to see what it holds."
    else:
        names = sorted(set(found["dataset"].to_pylist()))
        other = found["freq"][0].as_py()
        told = f"It holds {_part(found.to_pylist(), other)} in {names}: ask with --freq {other}."
    return EstimateError(f"the lake holds no {word} {what}, expected some. {told}")


def listed(names: Collection[str]) -> str:
    """Areas as a message names them.

    Args:
        names: The areas.

    Example:
        >>> listed({"KZ", "KG"})
        "['KG', 'KZ']"
    """
    known = sorted(names)
    rest = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f"{known[:SHOWN]!r}{rest}"


def refuse_mixed(rows: nw.LazyFrame[Any], dataset: str) -> None:
    """Stop where a dataset holds the same trade in two editions of a classification.

    BACI holds all trade once more in each edition, and so may files of UN Comtrade.

    Args:
        rows: Rows of one dataset and level.
        dataset: The dataset.

    Raises:
        EstimateError: If a reporter's period is there in more than one.
    """
    found = (
        rows.group_by("reporter", "flow", "freq", "period")
        .agg(
            nw.col("classification").min().alias("first"),
            nw.col("classification").max().alias("last"),
        )
        .filter(nw.col("first") != nw.col("last"))
        .head(1)
        .collect("pyarrow")
        .to_native()
        .to_pylist()
    )
    for row in found:
        raise EstimateError(
            f"{dataset} holds {row['reporter']} in {row['period']:%Y-%m} under {row['first']} and "
            f"{row['last']}, expected one edition: each holds all trade, and both would be added. "
            "Ingest one edition into a lake of its own."
        )


def sources_of(lake: Lake, datasets: Collection[str]) -> str:
    """Name publishers, datasets and vintages, in words.

    Args:
        lake: The lake.
        datasets: The datasets.

    Returns:
        Words such as ``Eurostat (eurostat-totals, vintage 2025-01-09)``.
    """
    rows = lake.table(SOURCES).filter(nw.col("dataset").is_in(sorted(datasets)))
    found = (
        rows.group_by("publisher", "dataset")
        .agg(nw.col("vintage").min().alias("first"), nw.col("vintage").max().alias("last"))
        .collect("pyarrow")
        .to_native()
    )
    named = (
        f"{row['publisher']} ({row['dataset']}, vintage "
        f"{'–'.join(dict.fromkeys((row['first'], row['last'])))})"
        for row in found.sort_by([("dataset", "ascending"), ("publisher", "ascending")]).to_pylist()
    )
    return "; ".join(named)
