"""Imports of Armenia, Kazakhstan, Kyrgyzstan and Uzbekistan by partner and year, one CSV each.

Columns ``REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR``: what each national
office publishes in thousand US dollars, all goods in one figure, CIF, turned into EUR by whoever
put the files together, at one flat rate a year: 1.12 dollars in 2019, 1.14 in 2020, 1.18 in 2021,
1.05 in 2022 and 1.07 in 2023.

What the tables do that a reader must know:

- A flat rate hides what the euro did within the year: in 2022 it lay between 0.96 and 1.15, so a
  comparison of months or quarters is off by up to a tenth, one of years hardly.
- Sums over countries (world, regions, unions) stand between the countries, and the converter
  added one over the member states: counted, not kept (``codes/partner_labels.csv``).
- Armenia books these by country of consignment, so they are rows with ``partner`` ``_T`` and
  ``partner2`` the country. The other three do not say what they book by; their country is
  ``partner`` (``codes/national_imports.csv``).
- A year that is published may be none: Armenia's 2023 is January. Its lines are left out.
- A country whose imports are zero or too small may be missing; that is not a zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from entrepot.codes.areas import area_from_label
from entrepot.codes.national import NationalImports, national_imports, national_partner
from entrepot.errors import CodeError, SourceError
from entrepot.sources.coded import Coded, coded
from entrepot.sources.country_totals import NOT_STATED, Totals, not_broken_down, total_batch
from entrepot.sources.delimited import NUMBER, TEXT, head_of, read_columns
from entrepot.sources.line_checks import amounts_of, meanings_of, one_of, refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "national_imports"
DATASET = "national-imports"
PUBLISHER = "National statistical office of the reporter"
HEADER = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "STAT_PROCEDURE", "PERIOD", "VALUE_IN_EUR")

_TYPES = {name: NUMBER if name == HEADER[-1] else TEXT for name in HEADER}
_ONLY = {"PRODUCT": "TOTAL", "FLOW": "IMPORT", "STAT_PROCEDURE": "NORMAL"}
_SAME = {"dataset": DATASET, "freq": "A", "flow": "M", "currency": "EUR", "valuation": "CIF"}
_YEAR = re.compile(r"Y((?:19|20)\d\d)")


def read_national_imports(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read a country's imports by partner and year.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``flows``: imports of commodity ``TOTAL`` in EUR CIF.

    Raises:
        SourceError: If it is about several countries or one nothing is known of, a label is not
            known, a year is not over, or a line stands there twice.
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
    table = read_columns(source, head_of(source.path), _TYPES)
    columns = {name: coded(name, table[name]) for name in HEADER[:-1]}
    for name, value in _ONLY.items():
        meanings_of(source, columns[name], one_of({value: value}))
    refuse_twice(source, (columns["PARTNER"], columns["PERIOD"]))
    known = _reporter(source, columns["REPORTER"])
    partners = meanings_of(
        source, columns["PARTNER"], lambda label: national_partner(known.reporter, label) or ""
    )
    text = {
        "period": _years(source, columns["PERIOD"]),
        "reporter": columns["REPORTER"].recoded([known.reporter]),
        "partner": columns["PARTNER"].recoded(partners),
        "partner2": not_broken_down(table.num_rows),
    }
    if known.booked_by == "consignment":
        text |= {"partner": text["partner2"], "partner2": text["partner"]}
    is_partial = text["period"].among({f"{known.partial_year}-01-01"})
    kept = np.flatnonzero(~is_partial)
    reason = f"{known.partial_year} is no whole year: {known.partial_reason}"
    totals = Totals(
        same=_SAME,
        text={name: column.taken(kept) for name, column in text.items()},
        value=amounts_of(source, table, HEADER[-1])[kept],
        skipped={reason: int(is_partial.sum())},
    )
    yield total_batch(source, totals)
    on_progress(1, 1, f"{source.name}: {table.num_rows:,} lines")


def _reporter(source: SourceFile, column: Coded) -> NationalImports:
    if len(column.values) != 1:
        raise SourceError(
            f"{source.name}: REPORTER is {sorted(column.values)}, expected one country per file."
        )
    (known,) = meanings_of(
        source, column, lambda label: national_imports(area_from_label(label).alpha2)
    )
    return known


def _years(source: SourceFile, column: Coded) -> Coded:
    def first_day(text: str) -> str:
        found = _YEAR.fullmatch(text)
        if not found:
            raise CodeError("expected a year like 'Y2022'.")
        if int(found.group(1)) >= source.retrieved_at.year:
            raise CodeError(
                f"expected a year that was over on {source.retrieved_at:%Y-%m-%d}, the day of "
                "retrieval. A year that is not over must not enter as one."
            )
        return f"{found.group(1)}-01-01"

    return column.recoded(meanings_of(source, column, first_day))
