"""What a line of Comext as SDMX-CSV says: codes looked up, amounts in the units of ``flows``.

Codes: Eurostat's code lists of DS-045409 (CXT_EU_FLUX for flows), Geonomenclature, and its flags of
observations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from entrepot.codes.areas import comext_partner
from entrepot.errors import CodeError, SourceError
from entrepot.sources.coded import Coded, Floats, Places
from entrepot.sources.line_checks import line_of, meanings_of, one_of
from entrepot.sources.reading import SourceFile, lost_zero

FLOW = {"1": "M", "2": "X", "3": "RX"}
STATUS = ("A", "E", "C")  # the later counts where lines of one trade differ
# A figure that is provisional, revised, after a break or of low reliability is a declared one.
FLAG = {"": "A", **dict.fromkeys("bpru", "A"), **dict.fromkeys("es", "E"), "c": "C"}
CN8 = 8

_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
_PRODUCT = re.compile(r"TOTAL|(\d\d){1,4}|\d\d[0-9A-Z]{4,6}")
_NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?")
_UPDATED = re.compile(r"(\d\d)/(\d\d)/(\d\d)(?: (\d\d:\d\d:\d\d))?")


def translated(source: SourceFile, columns: Mapping[str, Coded], by_sitc: bool) -> dict[str, Coded]:
    """Look up the codes of every line.

    Args:
        source: The file.
        columns: Its columns.
        by_sitc: Whether products are those of the SITC, of which only the total is read.

    Returns:
        Columns of the key of ``flows``; an area is empty where it is a sum over others.

    Raises:
        SourceError: Naming the first line with an unknown code.
    """
    look_ups = {
        "reporter": _reporter,
        "partner": _partner,
        "flow": one_of(FLOW),
        "product": _total if by_sitc else _commodity,
        "TIME_PERIOD": _first_day,
    }
    found = {
        name: columns[name].recoded(meanings_of(source, columns[name], look_up))
        for name, look_up in look_ups.items()
    }
    found["commodity"], found["period"] = found.pop("product"), found.pop("TIME_PERIOD")
    codes = found["commodity"]
    found["classification"] = codes.recoded([_classification(code) for code in codes.values])
    found["freq"] = _freq(source, columns)
    return found


def amounts_of(source: SourceFile, column: Coded) -> Floats:
    """Read the observations, shape [n]; NaN where none is available.

    Args:
        source: The file.
        column: ``OBS_VALUE``.

    Raises:
        SourceError: Naming the first line that holds no number.
    """
    values: Floats = np.array(meanings_of(source, column, _number), np.float64)
    return values[column.codes]


def severity_of(source: SourceFile, columns: Mapping[str, Coded]) -> Places:
    """Rank the status of every line, as a place in :data:`STATUS`, shape [n].

    Args:
        source: The file.
        columns: Its columns.

    Raises:
        SourceError: Naming the first line with an unknown flag.
    """
    product, partner = columns["product"], columns["partner"]
    secret = {code for code in product.values if _is_secret(code)}
    hidden = {code for code in partner.values if comext_partner(code).kind == "confidential"}
    worst = len(STATUS) - 1
    severity = (product.among(secret) | partner.among(hidden)) * worst
    if "OBS_FLAG" in columns:
        flag = columns["OBS_FLAG"]
        ranks = [STATUS.index(status) for status in meanings_of(source, flag, one_of(FLAG))]
        severity = np.maximum(severity, np.array(ranks)[flag.codes])
    return severity.astype(np.intp)


def _reporter(code: str) -> str:
    known = comext_partner(code)
    if known.kind == "aggregate":
        return ""
    if known.kind != "country":
        raise CodeError("expected a country of codes/areas.csv or a sum over countries.")
    return str(known.area)


def _partner(code: str) -> str:
    known = comext_partner(code)
    return "" if known.kind == "aggregate" else str(known.area)


def _commodity(code: str) -> str:
    if lost_zero(code):
        raise CodeError(
            "expected 2, 4, 6 or 8 digits. A leading zero was lost, probably in a spreadsheet: use "
            "the publisher's file."
        )
    if not _PRODUCT.fullmatch(code):
        raise CodeError("expected TOTAL, 2, 4, 6 or 8 digits, or a code like 39XXXXXX.")
    return code


def _total(code: str) -> str:
    if code != "TOTAL":
        raise CodeError(
            "expected TOTAL. Goods by SITC are not read: ask Eurostat for DS-059341, by HS."
        )
    return code


def _is_secret(code: str) -> bool:
    return code != "TOTAL" and not code.isdigit()


def _classification(code: str) -> str:
    return "CN" if len(code) == CN8 or _is_secret(code) else "HS"


def _first_day(period: str) -> str:
    found = _PERIOD.fullmatch(period)
    if not found:
        raise CodeError("expected a year like '2022' or a month like '2022-03'.")
    return f"{found.group(1)}-{found.group(2) or '01'}-01"


def _freq(source: SourceFile, columns: Mapping[str, Coded]) -> Coded:
    freq, period = columns["freq"], columns["TIME_PERIOD"]
    meanings_of(source, freq, one_of({"A": "year", "M": "month"}))
    told = period.recoded(["M" if "-" in value else "A" for value in period.values])
    is_broken = freq.among({"A"}) != told.among({"A"})
    if is_broken.any():
        at = int(np.argmax(is_broken))
        raise SourceError(
            f"{source.name}, line {line_of(is_broken)}: TIME_PERIOD is "
            f"{period.values[period.codes[at]]!r}, expected a year where freq is 'A' and a month "
            "where it is 'M'. Fetch the file again."
        )
    return told


def _number(text: str) -> float:
    if text in {"", ":"}:
        return float("nan")
    if not _NUMBER.fullmatch(text):
        raise CodeError("expected a number, zero or more, or nothing. Fetch the file again.")
    return float(text)


def last_update(text: str) -> str:
    """Read the moment Eurostat last changed its data.

    Args:
        text: As Eurostat writes it.

    Returns:
        The same in ISO 8601.

    Raises:
        CodeError: If it is none.

    Example:
        >>> last_update("16/07/26 11:00:00")
        '2026-07-16T11:00:00'
    """
    found = _UPDATED.fullmatch(text)
    if found is None:
        raise CodeError("expected day, month and year like '16/07/26 11:00:00'.")
    day, month, year, time = found.groups()
    return f"20{year}-{month}-{day}" + (f"T{time}" if time else "")
