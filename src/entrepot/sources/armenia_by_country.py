"""Armenia's trade by country and month since 2007, with imports by origin and by consignment.

Columns ``country,year,month,export,import_origin,import_consignment,date``, thousand US dollars,
all goods in one figure, as Armstat publishes it. Exports are FOB, imports CIF.

What the table does that a reader must know:

- Imports stand there twice and add up to the same total: by the country the goods come from
  (origin: rows with ``partner`` the country and ``partner2`` ``_T``) and by the country they were
  sent from (consignment: ``partner`` ``_T``, ``partner2`` the country). Never add the two. A
  mirror of the exporters' declarations is the one by consignment: telephones made in China and
  sold from Czechia are Chinese by origin.
- Spellings changed over the years and hold misprints; "Unknown country", "EU countries not
  specified" (since 2022), Nagorno-Karabakh and areas that are no more become ``_X``, and lines
  that then share a key are summed.
- 0 says that nothing was declared: counted, not kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.codes.national import national_partner
from entrepot.errors import SourceError
from entrepot.sources.coded import Coded, coded, constant, groups_of, key_of
from entrepot.sources.country_totals import (
    NOT_STATED,
    Totals,
    months_of,
    not_broken_down,
    total_batch,
)
from entrepot.sources.delimited import NUMBER, TEXT, head_of, read_columns
from entrepot.sources.line_checks import amounts_of, meanings_of, refuse_future, refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "armenia_by_country"
DATASET = "armstat"
PUBLISHER = "Statistical Committee of the Republic of Armenia (Armstat)"
HEADER = ("country", "year", "month", "export", "import_origin", "import_consignment", "date")

_TYPES = {name: TEXT if name in {"country", "date"} else NUMBER for name in HEADER}
_DOLLARS = 1000  # the table is in thousands
_FLOWS = {
    "export": ("X", "FOB"),
    "import_origin": ("M", "CIF"),
    "import_consignment": ("M", "CIF"),
}


def read_armenia_by_country(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Armenia's trade by country and month.

    Args:
        source: The file.
        on_progress: Told after exports, imports by origin and imports by consignment.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars.

    Raises:
        SourceError: If a country is not known, the date is not that of year and month, or a line
            stands there twice.
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
    label, day = (coded(name, table[name]) for name in ("country", "date"))
    period = months_of(source, table, "year", "month")
    _check_day(source, day, period)
    refuse_future(source, period)
    refuse_twice(source, (label, period))
    country = label.recoded(
        meanings_of(source, label, lambda name: national_partner("AM", name) or "")
    )
    whole = not_broken_down(table.num_rows)
    for done, (name, (flow, valuation)) in enumerate(_FLOWS.items(), start=1):
        is_origin = name != "import_consignment"
        text = {
            "period": period,
            "reporter": constant("reporter", "AM", table.num_rows),
            "partner": country if is_origin else whole,
            "partner2": whole if is_origin else country,
        }
        same = {"dataset": DATASET, "freq": "M", "flow": flow, "currency": "USD"}
        value = amounts_of(source, table, name) * _DOLLARS
        yield total_batch(source, Totals({**same, "valuation": valuation}, text, value, {}))
        on_progress(done, len(_FLOWS), f"{source.name}: {name}")


def _check_day(source: SourceFile, day: Coded, period: Coded) -> None:
    first, _ = groups_of(key_of((day, period)))
    for at in first.tolist():  # one line of each pair
        found, expected = day.values[day.codes[at]], period.values[period.codes[at]]
        if found != expected:
            raise SourceError(
                f"{source.name}, line {at + 2}: {day.name} is {found!r}, expected {expected!r} as "
                f"{period.name} say."
            )
