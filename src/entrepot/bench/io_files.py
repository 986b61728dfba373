"""Files in publishers' layouts, made up to any size, to measure readers on.

Layouts, areas and special partners are real, and control-list codes stand among the commodities;
which lines there are and what they amount to is drawn. The same size gives the same text. They are
no statistics: nothing may be concluded from them.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import py7zr
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entrepot.codes.areas import areas, comext_partner
from entrepot.codes.comtrade import comtrade_area
from entrepot.codes.groupings import members
from entrepot.codes.high_priority import high_priority
from entrepot.sources.bulk_file import COLUMNS
from entrepot.sources.comtrade_layout import BULK, CURRENT

YEAR = 2023

_BLOCK_ROWS = 250_000  # text of so many lines is held at once
_SKEW = 1.7  # chosen by eye: a few countries and goods make up most lines, as they do
_CHAPTERS = [chapter for chapter in range(1, 98) if chapter != 77]  # 77 is reserved
_CODES_PER_CHAPTER = 100
# Ship's stores, not specified, kept secret; and Serbia, which Eurostat calls XS.
_OTHER_PARTNERS = ("QQ", "QR", "QS", "QV", "QY", "QZ", "XS")
_PROCEDURES = ("1",) * 17 + ("2", "3", "9")
_UNITS = ("NO_SU", "NO_SU", "PST")
_WORLD = ("0", "W00", "World")

Codes = NDArray[np.int64]
Texts = Mapping[str, "str | pa.Array"]


def write_comext_month(path: Path, row_count: int, month: int = 1) -> None:
    """Write a month as Comext's bulk download has it: all reporters, all partners, CN8.

    Args:
        path: Where to; readers want the name ``full_v2_YYYYMM.dat``, with :data:`YEAR`.
        row_count: Lines below the header; 3.5 million are about 280 MB.
        month: 1 to 12; every month holds other lines.
    """
    union = members("EU", date(YEAR, 1, 1))
    reporters, goods = sorted(union), _goods(8)
    partners = sorted({area.alpha2 for area in areas()} | set(_OTHER_PARTNERS))
    kinds = ["I" if comext_partner(code).area in union else "E" for code in partners]
    rng = np.random.default_rng((YEAR, month))

    def columns(reporter: Codes, partner: Codes, commodity: Codes, flow: Codes) -> Texts:
        value, weight, count = _amounts(rng, len(flow))
        unit = commodity % len(_UNITS)
        euros = _whole(value)
        return {
            "REPORTER": _taken(reporters, reporter),
            "PARTNER": _taken(partners, partner),
            "TRADE_TYPE": _taken(kinds, partner),
            "PRODUCT_NC": _taken(goods, commodity),
            "PRODUCT_SITC": _whole(10_000 + commodity * 7),
            "PRODUCT_CPA21": _whole(1_000 + commodity % 7_900),
            "PRODUCT_CPA22": _whole(1_000 + commodity % 7_900),
            "PRODUCT_BEC": _whole(100 + commodity % 600),
            "PRODUCT_BEC5": _whole(100_000 + commodity * 11),
            "PRODUCT_SECTION": _whole(1 + commodity * 21 // len(goods)),
            "FLOW": _taken(("1", "2"), flow),
            "STAT_PROCEDURE": _taken(_PROCEDURES, rng.integers(len(_PROCEDURES), size=len(flow))),
            "SUPPL_UNIT": _taken(_UNITS, unit),
            "PERIOD": f"{YEAR}{month:02d}",
            "VALUE_EUR": euros,
            "VALUE_NAC": euros,
            "QUANTITY_KG": _whole(weight),
            "QUANTITY_SUPPL_UNIT": _whole(np.where(unit == _UNITS.index("PST"), count, 0)),
        }

    drawn = _drawn(rng, (len(reporters), len(partners), len(goods), 2), row_count)
    _write(path, COLUMNS, drawn, columns)


def write_comtrade(path: Path, row_count: int) -> None:
    """Write monthly trade in HS6 as the interface of UN Comtrade has it: CSV with descriptions.

    Args:
        path: Where to.
        row_count: Lines below the header; a million are about 280 MB.
    """
    _write(path, CURRENT, *_comtrade(row_count))


def write_comtrade_bulk(path: Path, row_count: int) -> None:
    """Write the same trade as the bulk files of UN Comtrade have it: tabs and no descriptions.

    Args:
        path: Where to.
        row_count: Lines below the header; a million are about 170 MB.
    """
    _write(path, BULK, *_comtrade(row_count), delimiter="\t")


def pack_7z(text: Path, packed: Path) -> None:
    """Pack a month as Eurostat does.

    Args:
        text: The ``.dat`` file.
        packed: Where to.
    """
    # Fast packing; unpacking takes as long whatever the level.
    filters = [{"id": py7zr.FILTER_LZMA2, "preset": 1}]
    with py7zr.SevenZipFile(packed, "w", filters=filters) as archive:
        archive.write(text, text.name.replace("_v2", ""))


def pack_gzip(text: Path, packed: Path) -> None:
    """Pack a text as UN Comtrade does.

    Args:
        text: The file.
        packed: Where to.
    """
    with text.open("rb") as file, gzip.GzipFile(packed, "wb", 1, mtime=0) as archive:
        shutil.copyfileobj(file, archive, 1 << 20)


_CONSTANT = {
    **{"datasetCode": f"{YEAR}0001", "typeCode": "C", "freqCode": "M", "refYear": str(YEAR)},
    **{"partner2Code": "0", "partner2ISO": "W00", "partner2Desc": "World"},
    **{"classificationCode": "H6", "classificationSearchCode": "HS"},
    **{"isOriginalClassification": "True", "aggrLevel": "6", "isLeaf": "True"},
    **{"customsCode": "C00", "customsDesc": "TOTAL CPC", "mosCode": "0", "motCode": "0"},
    **{"motDesc": "TOTAL MOT", "qtyUnitCode": "8", "qtyUnitAbbr": "kg", "altQtyUnitCode": "-1"},
    **{"altQtyUnitAbbr": "N/A", "altQty": "0", "isAltQtyEstimated": "False", "grossWgt": "0"},
    **{"isGrossWgtEstimated": "False", "legacyEstimationFlag": "0", "isReported": "True"},
    "isAggregate": "False",
}


def _comtrade(row_count: int) -> tuple[tuple[Codes, ...], Callable[..., Texts]]:
    """Lines of UN Comtrade and what each of them says, in any layout."""
    known = [
        (str(int(area.m49)), area.alpha3, _quoted(area.name_en))
        for area in areas()
        if area.m49 and comtrade_area(area.m49).area == area.alpha2
    ]
    partners, goods = [_WORLD, *known], _goods(6)
    described = [f'"Goods of heading {code[:4]}; subheading {code}, n.e.c."' for code in goods]
    periods = [f"{YEAR}{month:02d}" for month in range(1, 13)]
    rng = np.random.default_rng(YEAR)

    def columns(reporter: Codes, partner: Codes, month: Codes, good: Codes, flow: Codes) -> Texts:
        value, weight, _ = _amounts(rng, len(good))
        dollars, kilograms, is_import = _cents(value), _cents(weight), pa.array(flow == 0)
        is_estimated = _taken(("False", "True"), rng.integers(5, size=len(good)) // 4)
        return {
            **_CONSTANT,
            "refPeriodId": _taken([f"{period}01" for period in periods], month),
            "refMonth": _whole(month + 1),
            "period": _taken(periods, month),
            **_area("reporter", known, reporter),
            **_area("partner", partners, partner),
            "flowCode": _taken(("M", "X"), flow),
            "flowDesc": _taken(("Import", "Export"), flow),
            "cmdCode": _taken(goods, good),
            "cmdDesc": _taken(described, good),
            **dict.fromkeys(("qty", "netWgt"), kilograms),
            **dict.fromkeys(("isQtyEstimated", "isNetWgtEstimated"), is_estimated),
            **dict.fromkeys(("cifvalue", "CIFValue"), pc.if_else(is_import, dollars, "")),
            **dict.fromkeys(("fobvalue", "FOBValue"), pc.if_else(is_import, "", dollars)),
            "primaryValue": dollars,
        }

    return _drawn(rng, (len(known), len(partners), 12, len(goods), 2), row_count), columns


def _area(role: str, known: Sequence[tuple[str, str, str]], codes: Codes) -> Texts:
    parts = zip(("Code", "ISO", "Desc"), zip(*known, strict=True), strict=True)
    return {f"{role}{part}": _taken(words, codes) for part, words in parts}


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


def _goods(digits: int) -> list[str]:
    """Codes of all chapters, with the control list's; in CN8 one of each chapter is secret."""
    drawn = {f"{chapter:02d}{37 * n + 101:04d}" for chapter in _CHAPTERS for n in range(100)}
    codes = sorted(drawn | {code.commodity for code in high_priority()})
    if digits == 6:
        return codes
    secret = [f"{chapter:02d}XXXXXX" for chapter in _CHAPTERS]
    return sorted([*(f"{code}{n % 10}0" for n, code in enumerate(codes)), *secret])


def _drawn(rng: np.random.Generator, sizes: tuple[int, ...], count: int) -> tuple[Codes, ...]:
    """Draw different lines, in order: for each dimension the places of its codes, shape [n]."""
    keys = np.empty(0, np.int64)
    while len(keys) < count:
        missing = count - len(keys)
        places = [(size * rng.random(missing) ** _SKEW).astype(np.int64) for size in sizes[:-1]]
        places.append(rng.integers(sizes[-1], size=missing))
        keys = np.unique(np.concatenate([keys, np.ravel_multi_index(places, sizes)]))
    return tuple(np.unravel_index(keys, sizes))


def _amounts(rng: np.random.Generator, count: int) -> tuple[Codes, Codes, Codes]:
    """Value, kilograms and pieces of each line, whole numbers, shape [n] each."""
    value = np.exp(rng.normal(9.5, 2.5, count)).astype(np.int64) + 1
    weight = (value / np.exp(rng.normal(2.5, 1.5, count))).astype(np.int64)
    return value, weight, weight // 20


def _taken(words: Sequence[str], codes: Codes) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(codes))


def _whole(numbers: Codes) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _cents(numbers: Codes) -> pa.Array:
    return pa.array(np.round(numbers + numbers % 1000 / 1000, 3)).cast(pa.string())


def _write(
    path: Path,
    names: Sequence[str],
    drawn: tuple[Codes, ...],
    columns: Callable[..., Texts],
    delimiter: str = ",",
) -> None:
    with path.open("wb") as file:
        file.write((delimiter.join(names) + "\n").encode())
        for start in range(0, len(drawn[0]), _BLOCK_ROWS):
            block = columns(*(codes[start : start + _BLOCK_ROWS] for codes in drawn))
            *before, last = (block[name] for name in names)
            ends = pc.binary_join_element_wise(last, "\n", "")
            lines = pc.binary_join_element_wise(*before, ends, delimiter)
            file.write(lines.buffers()[2])  # the lines, one behind the other
