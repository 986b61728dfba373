"""Reference rates of the euro, as monthly averages.

Three layouts are read:

- ``eurofxref-hist.csv`` of the European Central Bank, alone or in its zip, by
  :mod:`entrepot.sources.daily_rates`;
- the ECB's data flow EXR as SDMX-CSV: ``KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,
  TIME_PERIOD,OBS_VALUE,…``, of which spot averages (``SP00``, ``A``) by month or year are read;
- Eurostat's ``ert_bil_eur_m`` and ``ert_bil_eur_a`` as SDMX-CSV: ``DATAFLOW,LAST UPDATE,freq,
  statinfo,unit,currency,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS``, of which averages (``AVG``)
  in national currency (``NAC``) are read. Other tables of rates, such as those of currencies that
  became the euro, are refused.

Every rate is units of the currency for one euro. The tenge is not among them: no rate, no
conversion.

The layouts come from public documents and code that reads them; no file of a publisher was at hand.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.errors import CodeError, SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.coded import coded
from entrepot.sources.daily_rates import daily_averages, refuse_no_rate
from entrepot.sources.delimited import NUMBER, TEXT, Head, head_of, read_columns
from entrepot.sources.line_checks import meanings_of, one_of
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.sources.sdmx_lines import last_update
from entrepot.tables import RATES

READER = "reference_rates"
DATASET = "reference-rates"
EURO = "EUR"
ECB_LICENCE = "ECB: reuse free of charge where the source is named"
MEMBER = "eurofxref-hist.csv"

_EXR = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE", "EXR_SUFFIX", "TIME_PERIOD", "OBS_VALUE")
_ERT = ("DATAFLOW", "freq", "statinfo", "unit", "currency", "TIME_PERIOD", "OBS_VALUE")
_FLOWS = {f"ESTAT:ERT_BIL_EUR_{freq}(1.0)": freq for freq in ("M", "A")}
_STATINFO = {"AVG": "average", "END": "last day"}
_PERIOD = {"M": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), "A": re.compile(r"(\d{4})")}
_YEAR = len("2022")
_ZIP = b"PK\x03\x04"


def looks_like_rates(names: tuple[str, ...]) -> bool:
    """Whether a header is one of reference rates.

    Args:
        names: Names of the columns.

    Example:
        >>> looks_like_rates(("Date", "USD", "JPY", "")), looks_like_rates(("Date", "Value"))
        (True, False)
    """
    return _is_daily(names) or set(_EXR) <= set(names) or set(_ERT) <= set(names)


def _is_daily(names: tuple[str, ...]) -> bool:
    return names[:1] == ("Date",) and "USD" in names and "JPY" in names


def looks_like_rates_archive(path: Path) -> bool:
    """Whether a file is the zip of the daily file.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist() == [MEMBER]
    except zipfile.BadZipFile:
        return False


def read_reference_rates(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read reference rates in text.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``rates``: averages of months or years, units of the currency for one euro.

    Raises:
        SourceError: If a day, period, currency or rate is none.
    """
    head = head_of(source.path)
    if _is_daily(head.names):
        return _daily(source, source.path.read_bytes(), on_progress)
    if set(_EXR) <= set(head.names):
        return _exr(source, head, on_progress)
    return _ert(source, head, on_progress)


def read_rates_archive(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read the daily file out of its zip.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``rates``.

    Raises:
        SourceError: If the archive is damaged, or a day or rate is none.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            return _daily(source, archive.read(MEMBER), on_progress)
    except (zipfile.BadZipFile, EOFError) as error:
        raise SourceError(
            f"{source.name}: not a whole zip ({error}). The download may have been cut short: "
            "fetch the file again."
        ) from error


def _daily(source: SourceFile, text: bytes, on_progress: OnProgress) -> Reading:
    columns, skipped, vintage = daily_averages(source, text)
    origin = ("European Central Bank", ECB_LICENCE, vintage)
    return _reading(source, origin, columns, skipped, on_progress)


def _exr(source: SourceFile, head: Head, on_progress: OnProgress) -> Reading:
    types = {name: NUMBER if name == "OBS_VALUE" else TEXT for name in _EXR}
    table = read_columns(source, head, types)
    chosen = pc.and_(
        pc.and_(_is(table, "EXR_TYPE", "SP00"), _is(table, "EXR_SUFFIX", "A")),
        pc.and_(_is(table, "CURRENCY_DENOM", EURO), pc.is_valid(table["OBS_VALUE"])),
    )
    is_averaged = pc.or_(_is(table, "FREQ", "M"), _is(table, "FREQ", "A"))
    return _sdmx(
        source,
        table.filter(pc.and_(chosen, is_averaged)),
        ("FREQ", "CURRENCY"),
        ("European Central Bank", ECB_LICENCE, f"{source.retrieved_at:%Y-%m-%d}"),
        (table.num_rows, on_progress),
    )


def _ert(source: SourceFile, head: Head, on_progress: OnProgress) -> Reading:
    dated = "LAST UPDATE" in head.names
    types = {name: NUMBER if name == "OBS_VALUE" else TEXT for name in _ERT}
    table = read_columns(source, head, {**types, **({"LAST UPDATE": TEXT} if dated else {})})
    for name, known in (("DATAFLOW", _FLOWS), ("unit", {"NAC": ""}), ("statinfo", _STATINFO)):
        meanings_of(source, coded(name, table[name]), one_of(known))
    is_average = _is(table, "statinfo", "AVG")
    is_currency = pc.match_substring_regex(table["currency"].cast(pa.string()), "^[A-Z]{3}$")
    kept = table.filter(pc.and_(pc.and_(is_average, is_currency), pc.is_valid(table["OBS_VALUE"])))
    vintage = f"{source.retrieved_at:%Y-%m-%d}"
    if dated and table.num_rows:
        vintage = max(meanings_of(source, coded("LAST UPDATE", table["LAST UPDATE"]), last_update))
    return _sdmx(
        source,
        kept,
        ("freq", "currency"),
        ("Eurostat", "Eurostat: reuse allowed where the source is named", vintage),
        (table.num_rows, on_progress),
    )


def _is(table: pa.Table, name: str, value: str) -> pa.ChunkedArray:
    return pc.equal(table[name].cast(pa.string()), value)


def _sdmx(
    source: SourceFile,
    table: pa.Table,
    names: tuple[str, str],
    origin: tuple[str, str, str],
    told: tuple[int, OnProgress],
) -> Reading:
    line_count, on_progress = told
    if not table.num_rows:
        raise SourceError(
            f"{source.name}: holds no average of a month or year against the euro, expected one. "
            "Ask for averages (EXR_SUFFIX A, statinfo AVG)."
        )
    rate = table["OBS_VALUE"].to_numpy()
    refuse_no_rate(source, rate)
    period, freq = coded("TIME_PERIOD", table["TIME_PERIOD"]), coded("freq", table[names[0]])
    meanings_of(source, freq, one_of({name: name for name in _PERIOD}))
    days = period.recoded(meanings_of(source, period, _first_day))
    is_year = np.array([len(text) == _YEAR for text in period.values])[period.codes]
    if (is_year != freq.among({"A"})).any():
        raise SourceError(
            f"{source.name}: holds months as years or years as months, expected TIME_PERIOD like "
            "'2022-03' where the frequency is 'M' and like '2022' where it is 'A'."
        )
    columns = {
        "freq": freq.array(),
        "period": days.dates(),
        "currency": table[names[1]].cast(pa.string()),
        "rate": rate,
    }
    skipped = {"no average against the euro": line_count - table.num_rows}
    return _reading(source, origin, columns, skipped, on_progress)


def _first_day(text: str) -> str:
    for pattern in _PERIOD.values():
        found = pattern.fullmatch(text)
        if found:
            year, month = (*found.groups(), "01")[:2]
            return f"{year}-{month}-01"
    raise CodeError("expected a month like '2022-03' or a year.")


def _reading(
    source: SourceFile,
    origin: tuple[str, str, str],
    columns: Mapping[str, Any],
    skipped: Mapping[str, int],
    on_progress: OnProgress,
) -> Reading:
    def batches() -> Iterator[Batch]:
        length = len(columns["rate"])
        more = {"source_id": source.source_id, "dataset": DATASET, "base": EURO}
        yield Batch(
            arrow_rows(RATES, length, {**columns, **more}),
            {why: count for why, count in skipped.items() if count},
        )
        on_progress(1, 1, f"{source.name}: {length:,} rates")

    publisher, licence, vintage = origin
    return Reading(
        table=RATES,
        dataset=DATASET,
        vintage=vintage,
        publisher=publisher,
        licence=licence,
        reader=READER,
        batches=batches(),
    )
