"""Uzbekistan's trade by country and year since 2010: ``sdmx_data_1176.csv`` and ``…_1105.csv``.

Columns ``Code,Klassifikator,Klassifikator_ru,Klassifikator_en`` and one per year, as the National
Statistics Committee gives them out. Neither direction nor unit stands in the file: 1176 is its
indicator of imports, 1105 that of exports, and both are in thousand US dollars. So the publisher's
name of the file must be kept, and a file under another name is refused.

What the tables do that a reader must know:

- They hold goods and services, as the committee counts its foreign trade (its imports of goods and
  services of 2019 were USD 24.3 billion, and so they are here): each amount is larger than one of
  goods alone. The name of the collection says so.
- "Other countries", code 0, is what is not broken down by country, 42 % of exports in 2023: ``_X``.
- ``Code`` is UN M49 but for 0 and two areas that are no more (530, 736). It is compared with the
  English label; where they differ the import stops.
- A zero says that nothing, or too little, was declared: counted, not kept.
- They do not say whether imports are booked by origin or by consignment; their country is
  ``partner``. Nor do they say the valuation: exports are FOB and imports CIF, as chapter IV of the
  UN's IMTS 2010 has it.
- The table is revised in place and undated: the vintage is the day of retrieval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np

from entrepot.codes.areas import areas
from entrepot.codes.national import national_partner
from entrepot.errors import SourceError
from entrepot.sources.coded import Coded, coded
from entrepot.sources.country_totals import NOT_STATED
from entrepot.sources.delimited import NUMBER, TEXT, Head, head_of, read_columns
from entrepot.sources.line_checks import amounts_of, line_of, meanings_of, refuse_twice
from entrepot.sources.national_sheet import Block, block_batch
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "uzbekistan_by_country"
DATASET = "stat-uz-goods-and-services"
PUBLISHER = "National Statistics Committee of the Republic of Uzbekistan"
COLUMNS = ("Code", "Klassifikator", "Klassifikator_ru", "Klassifikator_en")

_FILES = {"sdmx_data_1176.csv": ("M", "CIF"), "sdmx_data_1105.csv": ("X", "FOB")}
_YEAR = re.compile(r"(?:19|20)\d\d")
_OTHER_CODES = {"0": "_X", "530": "_X", "736": "SD"}  # not specified, Netherlands Antilles, Sudan
_DOLLARS = 1000  # the tables are in thousands


def looks_like_uzbekistan(name: str, head: Head) -> bool:
    """Whether a table is one of Uzbekistan's whose direction is known by its name.

    Args:
        name: Name of the file.
        head: Its head.
    """
    return name in _FILES and head.names[: len(COLUMNS)] == COLUMNS


def read_uzbekistan_by_country(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Uzbekistan's exports or imports by country and year.

    Args:
        source: The file, under its publisher's name.
        on_progress: Told when it is read.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars, one row per country and year.

    Raises:
        SourceError: If a column is no year in order or a year that was not over, a label is not
            known, or differs from its code.
    """
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=f"{source.retrieved_at:%Y-%m-%d}",
        publisher=PUBLISHER,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, on_progress),
    )


def _batches(source: SourceFile, on_progress: OnProgress) -> Iterator[Batch]:
    flow, valuation = _FILES[source.name]
    head = head_of(source.path)
    years = _years(source, head.names[len(COLUMNS) :])
    types = {**dict.fromkeys(COLUMNS, TEXT), **dict.fromkeys(years, NUMBER)}
    table = read_columns(source, head, types)
    code, label = (coded(name, table[name]) for name in (COLUMNS[0], COLUMNS[-1]))
    refuse_twice(source, (code,))
    refuse_twice(source, (label,))
    partners = label.recoded(
        meanings_of(source, label, lambda name: national_partner("UZ", name) or "")
    )
    _check_codes(source, code, partners)
    block = Block(
        same={
            **{"dataset": DATASET, "freq": "A", "flow": flow},
            **{"currency": "USD", "valuation": valuation},
        },
        reporter="UZ",
        labels=[label.values[at] for at in label.codes.tolist()],
        partners=[partners.values[at] for at in partners.codes.tolist()],
        periods=[f"{year}-01-01" for year in years],
        value=np.column_stack([amounts_of(source, table, year) for year in years]) * _DOLLARS,
    )
    yield block_batch(source, block, totals=frozenset())
    on_progress(1, 1, f"{source.name}: {table.num_rows:,} labels, {len(years)} years")


def _years(source: SourceFile, names: tuple[str, ...]) -> tuple[str, ...]:
    for at, name in enumerate(names):
        is_next = at == 0 or (_YEAR.fullmatch(name) and int(name) == int(names[at - 1]) + 1)
        if not _YEAR.fullmatch(name) or not is_next or int(name) >= source.retrieved_at.year:
            raise SourceError(
                f"{source.name}, line 1: column {name!r}, expected years in order that were over "
                f"on {source.retrieved_at:%Y-%m-%d}, when retrieved. Fetch the file again."
            )
    if not names:
        raise SourceError(f"{source.name}, line 1: no column of a year, expected 2010 and later.")
    return names


def _check_codes(source: SourceFile, code: Coded, partners: Coded) -> None:
    known = {**_alpha2_by_m49(), **_OTHER_CODES}
    of_code = [known.get(value, "") for value in code.values]
    by_code = np.array(of_code)[code.codes]
    by_label = np.array(partners.values)[partners.codes]
    is_broken = by_code != by_label
    if is_broken.any():
        at = int(np.argmax(is_broken))
        raise SourceError(
            f"{source.name}, line {line_of(is_broken)}: Code is {code.values[code.codes[at]]!r}, "
            f"which is {str(by_code[at]) or 'unknown'!r}, and the label is one of "
            f"{str(by_label[at])!r}; "
            "expected one area. Compare the line with the publisher's page."
        )


@cache
def _alpha2_by_m49() -> dict[str, str]:
    return {area.m49: area.alpha2 for area in areas() if area.m49}
