"""Exports of the member states by partner and month, all goods in one figure, as a flat CSV.

Columns ``reporter,iso,y,m,VALUE_IN_EUR``, one line per reporter, partner and month. The figures
are those of Eurostat's Comext (TOTAL, all procedures, EUR FOB), put together from one file per
month and partner; sums over member states are not in it.

What the table does that a reader must know:

- The United Kingdom reports until January 2020 only: it left the Union then, its trade did not
  stop. A month that is not there is not zero.
- A pair without trade in a month has no line.
- Publication dates are not kept: the vintage is the day of retrieval.
"""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.codes.areas import area, area_from_label
from entrepot.sources.coded import coded
from entrepot.sources.country_totals import Totals, months_of, not_broken_down, total_batch
from entrepot.sources.delimited import NUMBER, TEXT, head_of, read_columns
from entrepot.sources.eurostat import LICENCE, PUBLISHER
from entrepot.sources.line_checks import amounts_of, meanings_of, refuse_future, refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "eurostat_totals"
DATASET = "eurostat-totals"
HEADER = ("reporter", "iso", "y", "m", "VALUE_IN_EUR")

_TYPES = {"reporter": TEXT, "iso": TEXT, "y": NUMBER, "m": NUMBER, "VALUE_IN_EUR": NUMBER}
_SAME = {"dataset": DATASET, "freq": "M", "flow": "X", "currency": "EUR", "valuation": "FOB"}


def read_eurostat_totals(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read the member states' total exports by month.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``flows``: exports of commodity ``TOTAL`` in EUR FOB.

    Raises:
        SourceError: If an area is not known, a month is none, or a line stands there twice.
    """
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=f"{source.retrieved_at:%Y-%m-%d}",
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=READER,
        batches=_batches(source, on_progress),
    )


def _batches(source: SourceFile, on_progress: OnProgress) -> Iterator[Batch]:
    table = read_columns(source, head_of(source.path), _TYPES)
    reporter, partner = (coded(name, table[name]) for name in ("reporter", "iso"))
    period = months_of(source, table, "y", "m")
    refuse_future(source, period)
    refuse_twice(source, (reporter, partner, period))
    reporters = meanings_of(source, reporter, lambda label: area_from_label(label).alpha2)
    partners = meanings_of(source, partner, lambda code: area(code).alpha2)
    text = {
        "period": period,
        "reporter": reporter.recoded(reporters),
        "partner": partner.recoded(partners),
        "partner2": not_broken_down(table.num_rows),
    }
    yield total_batch(source, Totals(_SAME, text, amounts_of(source, table, "VALUE_IN_EUR"), {}))
    on_progress(1, 1, f"{source.name}: {table.num_rows:,} lines")
