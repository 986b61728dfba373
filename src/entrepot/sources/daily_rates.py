"""The European Central Bank's daily reference rates, averaged by month.

``eurofxref-hist.csv``: one line a day, ``Date,USD,JPY,…``, newest first, ``N/A`` where a currency
was not quoted, one comma behind. What a reader must know:

- The newest month may not be over, and the oldest may be cut off: a month counts where a later one
  has begun and the file holds its working days, but for those on which no rates were set.
- A currency whose quotation began or ended within a month has no average of it: the rouble was
  quoted on 1 March 2022 and never again.
"""

from __future__ import annotations

import io
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from entrepot.errors import SourceError
from entrepot.sources.coded import Floats
from entrepot.sources.reading import SourceFile

_CURRENCY = re.compile(r"[A-Z]{3}")
_CLOSED = 3  # working days of a month on which no rates were set, at most: December 2001


def daily_averages(
    source: SourceFile, text: bytes
) -> tuple[dict[str, object], dict[str, int], str]:
    """Average daily rates over the months that are there in full.

    ``rate = sum of the days' rates / number of days``.

    Args:
        source: The file, for messages.
        text: The daily file.

    Returns:
        Columns ``freq``, ``period``, ``currency``, ``rate`` and ``day_count``, one row for each
        month and currency; what was left out, by reason; and the last day of the file.

    Raises:
        SourceError: If a line or a column is not as documented, or no month is there in full.
    """
    table = _days(source, text)
    named = [name for name in table.column_names if name != "Date"]
    days = table["Date"].to_numpy().astype("datetime64[D]")
    rates = np.stack([table[name].to_numpy() for name in named], axis=1)
    refuse_no_rate(source, rates)
    months, place, day_counts = np.unique(
        days.astype("datetime64[M]"), return_inverse=True, return_counts=True
    )
    working = np.busday_count(months, months + 1)
    is_whole = (months < months[-1]) & (day_counts >= working - _CLOSED)
    sums, counts = np.zeros((2, len(months), len(named)))
    np.add.at(sums, place, np.nan_to_num(rates))
    np.add.at(counts, place, ~np.isnan(rates))
    is_quoted = (counts > 0) & is_whole[:, None]
    is_average = is_quoted & (counts == day_counts[:, None])
    if not is_average.any():
        raise SourceError(
            f"{source.name}: holds no whole month between {days.min()} and {days.max()}, expected "
            "one. Fetch eurofxref-hist.csv, which goes back to 1999."
        )
    at, which = np.nonzero(is_average)
    columns = {
        "freq": "M",
        "period": months[at].astype("datetime64[D]"),
        "currency": np.array(named)[which],
        "rate": sums[is_average] / counts[is_average],
        "day_count": counts[is_average].astype(np.int64),
    }
    skipped = {
        "a day of a month that is not there in full": int(day_counts[~is_whole].sum()),
        "a month of a currency quoted on some days only": int((is_quoted & ~is_average).sum()),
    }
    return columns, skipped, str(days.max())


def refuse_no_rate(source: SourceFile, rates: Floats) -> None:
    """Refuse rates that are no amounts of money.

    Args:
        source: The file, for the message.
        rates: Units of a currency for one euro, NaN where open, any shape.

    Raises:
        SourceError: If one is zero, less or infinite.
    """
    if (rates <= 0).any() or np.isinf(rates).any():
        raise SourceError(f"{source.name}: holds a rate of zero or less, expected units per euro.")


def _days(source: SourceFile, text: bytes) -> pa.Table:
    names = text.split(b"\n", 1)[0].decode("utf-8-sig").strip().split(",")
    types = {name: pa.float64() for name in names if name} | {"Date": pa.date32()}
    try:
        table = pacsv.read_csv(
            io.BytesIO(text),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1),
            convert_options=pacsv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=["", "N/A"]
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise SourceError(
            f"{source.name}: {str(error).splitlines()[0]}, expected a day and rates in every line. "
            "Fetch the file again."
        ) from error
    named = [name for name in names if name not in {"Date", ""}]
    is_known = all(map(_CURRENCY.fullmatch, named)) and len({*named}) == len(named)
    if not is_known or len(table["Date"].unique()) < table.num_rows:
        raise SourceError(
            f"{source.name}: columns are {names}, expected Date and each currency once, and each "
            "day once. Fetch the file again."
        )
    return table
