"""What a line of UN Comtrade says: codes looked up, amounts checked, lines that are no rows marked.

Codes: UN Comtrade reference tables (flows, quantity units, areas).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from entrepot.codes.comtrade import ComtradeArea, comtrade_area
from entrepot.errors import CodeError, SourceError
from entrepot.sources.coded import Bools, Coded, Floats, coded, constant
from entrepot.sources.line_checks import (
    amounts_of,
    line_of,
    meanings_of,
    one_of,
    refuse_future,
)
from entrepot.sources.reading import SourceFile, lost_zero

FLOW = {
    **{name: name for name in ("M", "X", "RX", "RM", "DX", "FM")},
    **{"1": "M", "2": "X", "3": "RX", "4": "RM"},
    # Parts of M and X by customs procedure: for or after inward and outward processing.
    **dict.fromkeys(("MIP", "MOP", "XIP", "XOP"), ""),
}
IMPORTS = {"M", "RM", "FM"}
UNIT = {
    **{"": "", "-1": "", "1": "", "2": "m²", "3": "1000 kWh", "4": "m", "5": "u", "6": "2u"},
    **{"7": "l", "8": "kg", "9": "1000u", "10": "u (jeu/pack)", "11": "12u", "12": "m³"},
    "13": "carat",
}

_ABSENT = {"partner2": "0", "customs": "C00", "mode": "0", "supply": "0", "classification": "HS"}
_WHOLE = {"customs": {"C00", ""}, "mode": {"0", ""}, "supply": {"0", ""}}
_CLASSIFICATION = re.compile(r"H\d|HS")
_COMMODITY = re.compile(r"TOTAL|(\d\d){1,3}|9999AA")
_PERIOD = re.compile(r"(\d{4})(0[1-9]|1[0-2])?")
_TRUTH = {"TRUE": "yes", "True": "yes", "true": "yes", "1": "yes"} | dict.fromkeys(
    ("FALSE", "False", "false", "0", "", "NA"), ""
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file, as codes and amounts; all arrays have shape [n].

    Args:
        raw: Text columns by our name, as they stand in the file.
        text: The same with the codes and areas of ``flows``; empty where the line is not about
            one country or flow.
        is_whole: Whether the line is about all of ``customs`` and ``mode``, by these names.
        value: Declared value in US dollars.
        net_weight: Kilograms as reported; NaN where open or estimated.
        quantity: Supplementary quantity as reported; NaN where open or estimated.
        is_cif: Whether freight to the border is in the value.
        skipped: Cells that were left open, by reason.
    """

    raw: Mapping[str, Coded]
    text: Mapping[str, Coded]
    is_whole: Mapping[str, Bools]
    value: Floats
    net_weight: Floats
    quantity: Floats
    is_cif: Bools
    skipped: Mapping[str, int]


def lines_of(source: SourceFile, table: pa.Table, columns: Mapping[str, str]) -> Lines:
    """Understand the lines of a file.

    Args:
        source: The file.
        table: Its columns.
        columns: Our name and theirs of each column.

    Returns:
        The lines.

    Raises:
        SourceError: Naming the first line with an unknown code or an impossible amount.
    """
    raw = {
        ours: coded(theirs, table[theirs])
        for ours, theirs in columns.items()
        if pa.types.is_dictionary(table[theirs].type)
    }
    for ours, absent in _ABSENT.items():
        raw.setdefault(ours, constant(ours, absent, table.num_rows))
    raw = {name: _filled(column) for name, column in raw.items()}
    text = _translated(source, raw)
    refuse_future(source, text["period"])
    numbers = {
        ours: amounts_of(source, table, theirs)
        for ours, theirs in columns.items()
        if pa.types.is_floating(table[theirs].type)
    }
    value = numbers["value"]
    is_weight, is_quantity = _estimated(source, raw)
    net_weight, quantity = numbers["weight"].copy(), numbers["quantity"].copy()
    skipped = {
        "net weight estimated by the UN, left open": _opened(net_weight, is_weight),
        "quantity estimated by the UN, left open": _opened(quantity, is_quantity),
    }
    quantity[text["unit"].among({""})] = np.nan
    is_whole = {name: raw[name].among(whole) for name, whole in _WHOLE.items()}
    is_whole["mode"] &= is_whole.pop("supply")
    is_cif = _is_cif(source, text["flow"], value, numbers, columns["value"])
    return Lines(raw, text, is_whole, value, net_weight, quantity, is_cif, skipped)


def _filled(column: Coded) -> Coded:
    """Take off the spaces that bulk files pad codes with, and write nothing as empty text."""
    stripped = [value.strip() for value in column.values]
    return column.recoded(["" if value == "NA" else value for value in stripped])


def _translated(source: SourceFile, raw: Mapping[str, Coded]) -> dict[str, Coded]:
    if "type" in raw:
        advice = " Services are not read."
        meanings_of(source, raw["type"], one_of({"C": "goods"}, advice))
    look_ups = {"flow": one_of(FLOW), "classification": _classification, "commodity": _commodity}
    text = {
        name: raw[name].recoded(meanings_of(source, raw[name], look_up))
        for name, look_up in {**look_ups, "unit": _unit, "period": _first_day}.items()
    }
    text["freq"] = raw["period"].recoded(
        ["A" if len(value) == 4 else "M" for value in raw["period"].values]
    )
    _check_freq(source, raw, text["freq"])
    for name in ("reporter", "partner", "partner2"):
        text[name] = _areas(source, name, raw[name])
    for name in ("customs", "mode", "supply"):
        whole = {value: "_T" for value in _WHOLE[name]}
        text[name] = raw[name].recoded([whole.get(value, value) for value in raw[name].values])
    return text


def _check_freq(source: SourceFile, raw: Mapping[str, Coded], freq: Coded) -> None:
    if "freq" not in raw:
        return
    known = {"A": "a year like 2022", "M": "a month like 202203"}
    meanings_of(source, raw["freq"], one_of(known))
    for code, expected in known.items():
        is_broken = raw["freq"].among({code}) & ~freq.among({code})
        if is_broken.any():
            at = int(np.argmax(is_broken))
            found = raw["period"].values[raw["period"].codes[at]]
            raise SourceError(
                f"{source.name}, line {line_of(is_broken)}: {raw['period'].name} is {found!r}, "
                f"expected {expected} where {raw['freq'].name} is {code!r}."
            )


def _areas(source: SourceFile, name: str, column: Coded) -> Coded:
    """Turn area codes into areas; empty where the line is not about one of them."""
    if name == "partner2":  # nothing says the same as 0, the world
        origins = meanings_of(source, column, lambda code: comtrade_area(code or "0"))
        return column.recoded([area.area or "" for area in origins])
    found = meanings_of(source, column, comtrade_area)
    if name == "reporter":
        return column.recoded([_country(area) for area in found])
    # A sum over partners never enters flows.
    return column.recoded(["" if a.kind == "aggregate" else a.area or "" for a in found])


def _country(area: ComtradeArea) -> str:
    return "" if area.area is None or area.area.startswith("_") else area.area


def _classification(code: str) -> str:
    if not _CLASSIFICATION.fullmatch(code):
        raise CodeError(
            "expected an edition of the HS like 'H6'. SITC and BEC are not read: ask UN Comtrade "
            "for the HS."
        )
    return code


def _commodity(code: str) -> str:
    if lost_zero(code):
        raise CodeError(
            "expected 2, 4 or 6 digits. A leading zero was lost, probably in a spreadsheet: use "
            "the publisher's file."
        )
    if not _COMMODITY.fullmatch(code):
        raise CodeError("expected TOTAL, 2, 4 or 6 digits, or 9999AA.")
    return code


def _unit(code: str) -> str:
    if code in UNIT:
        return UNIT[code]
    if not code.isdigit():
        raise CodeError(f"expected a number, e.g. one of {sorted(UNIT)}.")
    return f"unit {code} of UN Comtrade"  # newer than our list: kept apart, never converted


def _first_day(period: str) -> str:
    found = _PERIOD.fullmatch(period)
    if not found:
        raise CodeError("expected a year like '2022' or a month like '202203'.")
    return f"{found.group(1)}-{found.group(2) or '01'}-01"


def _estimated(source: SourceFile, raw: Mapping[str, Coded]) -> tuple[Bools, Bools]:
    """Tell which net weights and quantities the United Nations estimated, shape [n] each."""
    if "flag" in raw:
        bits = meanings_of(source, raw["flag"], _flag)
        weight, quantity = (np.array([b & bit > 0 for b in bits], np.bool_) for bit in (4, 2))
        return weight[raw["flag"].codes], quantity[raw["flag"].codes]
    found = []
    for name in ("is_weight_estimated", "is_quantity_estimated"):
        column = raw[name]
        truth = column.recoded(meanings_of(source, column, one_of(_TRUTH)))
        found.append(truth.among({"yes"}))
    return found[0], found[1]


def _flag(text: str) -> int:
    """Read the legacy flag: 2 for an estimated quantity, 4 for an estimated net weight."""
    if text not in {"", "0", "2", "4", "6"}:
        raise CodeError("expected one of ['0', '2', '4', '6'].")
    return int(text or "0")


def _opened(amounts: Floats, is_estimated: Bools) -> int:
    count = int((is_estimated & ~np.isnan(amounts)).sum())
    amounts[is_estimated] = np.nan
    return count


def _is_cif(
    source: SourceFile,
    flow: Coded,
    value: Floats,
    numbers: Mapping[str, Floats],
    name: str,
) -> Bools:
    """Tell whether the value is the CIF or the FOB value of the line.

    Where a line says neither, imports are CIF and exports FOB (International Merchandise Trade
    Statistics 2010, chapter IV, which UN Comtrade follows).
    """
    is_import = flow.among(IMPORTS)
    if "cif" not in numbers:
        return is_import
    stated = {which: ~np.isnan(numbers[which]) & (numbers[which] > 0) for which in ("cif", "fob")}
    agrees = {which: stated[which] & _same(numbers[which], value) for which in stated}
    is_broken = (stated["cif"] | stated["fob"]) & ~agrees["cif"] & ~agrees["fob"] & (value > 0)
    if is_broken.any():
        at = int(np.argmax(is_broken))
        raise SourceError(
            f"{source.name}, line {line_of(is_broken)}: {name} is {value[at]:.2f}, expected the "
            f"CIF value {numbers['cif'][at]:.2f} or the FOB value {numbers['fob'][at]:.2f} of the "
            "line. Fetch the file again."
        )
    return np.where(agrees["cif"] == agrees["fob"], is_import, agrees["cif"])


def _same(amounts: Floats, values: Floats) -> Bools:
    """Compare to the cent; exact equality, which is the rule, is ten times faster to see."""
    is_same: Bools = amounts == values
    others = np.flatnonzero(~is_same & ~np.isnan(amounts))
    is_same[others] = np.isclose(amounts[others], values[others], rtol=1e-6, atol=0.01)
    return is_same
