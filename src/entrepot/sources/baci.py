"""BACI, the yearly bilateral trade of CEPII: ``BACI_HS17_Y2022_V202401b.csv``, alone or in its zip.

Six columns: ``t`` year, ``i`` exporter, ``j`` importer, ``k`` product of six digits, ``v`` thousand
US dollars FOB, ``q`` metric tons. Some eleven million lines a year.

What the data are that a reader must know:

- CEPII takes what the exporter and the importer declared to UN Comtrade, takes freight off imports
  and puts one figure in the place of both, weighed by how reliable each is. Rows are estimates
  (``obs_status`` E), and nobody's declaration: what two declarations disagree about is gone, so
  that BACI never serves as a mirror (:mod:`entrepot.diversion.reconciled`).
- Year, edition of the HS and version stand in the file's name only; the year is compared with
  ``t``. The letter of a version (``202401b``) tells a correction of it; the version is the vintage.
- Each edition of the HS holds all trade once more: ``classification`` tells them apart.
- Amounts are padded with spaces; ``q`` may be ``NA`` or nothing.
- Products keep their leading zeros. A file that went through software that takes codes for numbers
  has five digits where a zero was lost: as all products have six, it is put back.
- Areas are numbered as in UN Comtrade: 251 France, 842 the United States, 490 "Other Asia, nes".
- Trade of nil, and with few exceptions below a thousand dollars, has no line.

Layout checked against CEPII's description and the head of ``BACI_HS22_Y2022_V202401b.csv``, areas
against ``country_codes_V202301.csv`` (238 codes, all known here).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from entrepot.codes.comtrade import ComtradeArea, comtrade_area
from entrepot.errors import CodeError, SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.baci_file import COLUMNS, Year, text_of, years_of
from entrepot.sources.coded import Coded, coded, groups_of, has_repeats, key_of, sums_of
from entrepot.sources.large_text import LineRule, check_rules, large_text
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "baci"
DATASET = "baci"
PUBLISHER = "CEPII, BACI"
LICENCE = "Etalab Open Licence 2.0: reuse with attribution (Gaulier and Zignago 2010)"

_NUMBER = r"\d+(\.\d+)?([eE][+-]?\d+)?"
_THOUSAND = 1000.0  # dollars of `v`, kilograms of `q`
_BATCH_LINES = 500_000  # a few exporters at a time, so that memory does not grow with the file


def read_baci(source: SourceFile, workspace: Path, on_progress: OnProgress) -> Reading:
    """Read a year of BACI, plain or compressed with gzip, or all years in the publisher's zip.

    Args:
        source: The file.
        workspace: Folder for what is unpacked and spilled; the caller removes it.
        on_progress: Told after every half million lines of a year.

    Returns:
        A reading of ``flows``: what each exporter sold, in US dollars FOB, as an estimate.

    Raises:
        SourceError: If the file is damaged or anything in it is not as documented above.
    """
    years = years_of(source)
    version = years[0].version
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=f"{version[:4]}-{version[4:]}",
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=READER,
        batches=_batches(source, years, workspace, on_progress),
    )


def _batches(
    source: SourceFile, years: Sequence[Year], workspace: Path, on_progress: OnProgress
) -> Iterator[Batch]:
    for year in years:
        one = replace(source, path=source.path.with_name(PurePosixPath(year.member).name))
        with (
            text_of(source, year, workspace) as text,
            large_text(one, text, COLUMNS, workspace) as (_, lines),
        ):
            areas, unknown = _areas(lines)
            check_rules(one, lines, _rules(year, unknown), "a year of trade")
            groups = _exporters(lines)
            for done, codes in enumerate(groups, start=1):
                yield _batch(one, year, _lines_of(lines, codes), areas)
                on_progress(done, len(groups), f"{one.name}: exporters to {codes[-1]}")


def _areas(lines: nw.LazyFrame[Any]) -> tuple[dict[str, ComtradeArea], list[str]]:
    """Look up every area of the year; the codes that are not known come apart, for the check."""
    codes = {
        code
        for name in ("i", "j")
        for code in lines.group_by(name).agg(nw.len()).collect()[name].to_list()
        if code is not None
    }
    found, unknown = {}, []
    for code in sorted(codes):
        try:
            found[code] = comtrade_area(code)
        except CodeError:
            unknown.append(code)
    return found, unknown


def _rules(year: Year, unknown: Sequence[str]) -> tuple[LineRule, ...]:
    return (
        LineRule("t", f"{str(year.year)!r} as in the file's name", nw.col("t") == str(year.year)),
        _known("i", unknown),
        _known("j", unknown),
        LineRule(
            "k",
            "six digits, five where a leading zero was lost, or 9999AA",
            nw.col("k").str.contains(r"^(\d{5,6}|9999AA)$"),
        ),
        LineRule("v", "a number, zero or more", nw.col("v").str.contains(rf"^ *{_NUMBER} *$")),
        LineRule(
            "q",
            "a number, zero or more, NA or nothing",
            nw.col("q").fill_null("").str.contains(rf"^ *(NA|{_NUMBER})? *$"),
        ),
    )


def _known(name: str, unknown: Sequence[str]) -> LineRule:
    holds = ~nw.col(name).is_null()
    if unknown:  # few; looking for one among all that are known is slow
        holds &= ~nw.col(name).is_in(unknown)
    return LineRule(
        name,
        "a number of codes/comtrade_areas.csv or an M49 code of codes/areas.csv",
        holds,
        "CEPII may have added it: add a row with its source.",
    )


def _exporters(lines: nw.LazyFrame[Any]) -> list[list[str]]:
    """Put exporters into groups of some lines each, so that memory does not grow with the year."""
    counted = lines.group_by("i").agg(nw.len().alias("count")).collect().rows()
    groups: list[list[str]] = [[]]
    line_count = 0
    for code, count in sorted(counted, key=lambda row: int(row[0])):
        if groups[-1] and line_count + count > _BATCH_LINES:
            groups.append([])
            line_count = 0
        groups[-1].append(code)
        line_count += count
    return groups


def _lines_of(lines: nw.LazyFrame[Any], exporters: Sequence[str]) -> pa.Table:
    code, quantity = nw.col("k"), nw.col("q").str.strip_chars()
    is_stated = ~quantity.is_in(["", "NA"])
    chosen = lines.filter(nw.col("i").is_in(exporters)).select(
        "i",
        "j",
        k=nw.when(code.str.len_chars() == 5).then(nw.concat_str(nw.lit("0"), code)).otherwise(code),
        v=nw.col("v").str.strip_chars().cast(nw.Float64) * _THOUSAND,
        q=nw.when(is_stated).then(quantity).cast(nw.Float64) * _THOUSAND,
        line=nw.col("file_row_number"),
    )
    table: pa.Table = chosen.sort("line").collect(backend="pyarrow").to_native()
    return table


def _batch(
    source: SourceFile, year: Year, lines: pa.Table, areas: dict[str, ComtradeArea]
) -> Batch:
    """Turn the lines of some exporters into rows; lines of one key, both of ``_X``, are summed."""
    raw = {name: coded(name, lines[name].dictionary_encode()) for name in ("i", "j", "k")}
    _refuse_twice(source, raw, lines["line"])
    exporter = raw["i"].recoded([_country(areas[code]) for code in raw["i"].values])
    importer = raw["j"].recoded([_partner(areas[code]) for code in raw["j"].values])
    value, weight = lines["v"].to_numpy(), lines["q"].to_numpy()
    is_left, skipped = np.ones(len(value), np.bool_), {}
    for why, is_out in {
        "exporter is not specified or a country that is no more": exporter.among({""}),
        "importer is a group of countries": importer.among({""}),
        "zero value": value == 0,
    }.items():
        skipped[why] = int((is_left & is_out).sum())
        is_left &= ~is_out
    kept = np.flatnonzero(is_left)
    text = {"reporter": exporter, "partner": importer, "commodity": raw["k"]}
    text = {name: column.taken(kept) for name, column in text.items()}
    first, group = groups_of(key_of(list(text.values())))
    skipped["summed with another line of the same key"] = len(kept) - len(first)
    columns = {
        **{name: column.taken(first).array() for name, column in text.items()},
        "source_id": source.source_id,
        "dataset": DATASET,
        "freq": "A",
        "period": date(year.year, 1, 1),
        **{"partner2": "_T", "customs_procedure": "_T", "flow": "X"},
        "classification": year.classification,
        **{"value": sums_of(group, value[kept]), "currency": "USD", "valuation": "FOB"},
        "net_weight_kg": sums_of(group, weight[kept]),
        "obs_status": "E",
    }
    counted = {why: count for why, count in skipped.items() if count}
    return Batch(arrow_rows(FLOWS, len(first), columns), counted)


def _refuse_twice(source: SourceFile, raw: dict[str, Coded], line: pa.ChunkedArray) -> None:
    key = key_of(list(raw.values()))
    if not has_repeats(key):
        return
    first, group = groups_of(key)
    at = int(np.argmax(first[group] != np.arange(len(key))))
    later, earlier = (int(line[int(place)].as_py()) + 2 for place in (at, first[group[at]]))
    said = ", ".join(f"{name} {column.values[column.codes[at]]!r}" for name, column in raw.items())
    raise SourceError(
        f"{source.name}, line {later}: {said} stands in line {earlier} already, expected once. "
        "Fetch the file again."
    )


def _country(area: ComtradeArea) -> str:
    return "" if area.area is None or area.area.startswith("_") else area.area


def _partner(area: ComtradeArea) -> str:
    return "" if area.kind == "aggregate" or area.area is None else area.area
