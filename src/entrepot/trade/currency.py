"""One currency for amounts of many months: each at the reference rate of its own month."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

BASE = "EUR"  # reference rates are published against the euro; others cross through it
MONTHS = 12
MEAN = "mean"
_KEYS = ("freq", "period")


def converted(flows: nw.LazyFrame[Any], rates: nw.LazyFrame[Any], to: str) -> nw.LazyFrame[Any]:
    """Turn values into one currency, each row at the rate of its own period.

    ``value = value * (to per EUR) / (currency per EUR)``: a month at its own rate, a year at the
    published average of the year, else at the mean of its twelve months. Never a constant: a row
    without a rate keeps its value and its currency. Stops being true for a year whose trade fell
    in months in which the rate was far from the year's mean.

    Args:
        flows: Rows of ``flows``.
        rates: Rows of ``rates``, one for each frequency, period and currency; those with another
            base than the euro are passed over.
        to: Currency to turn into, ISO 4217.

    Returns:
        The rows, with ``rate`` (units of the declared currency for one unit of ``to``, null where
        there was none) and ``rate_freq``: ``M`` that of the month, ``A`` the published average of
        the year, ``mean`` where one of the two rates behind it is the mean of twelve months.
    """
    per_euro = _with_euro(_with_years(rates.filter(nw.col("base") == BASE)))
    wanted = per_euro.filter(nw.col("currency") == to).select(
        *_KEYS, _to=nw.col("_per_euro"), _to_freq=nw.col("rate_freq")
    )
    is_mean = (nw.col("rate_freq") == MEAN) | (nw.col("_to_freq") == MEAN)
    factors = per_euro.join(wanted, on=list(_KEYS), how="inner").select(
        *_KEYS,
        "currency",
        rate=nw.col("_per_euro") / nw.col("_to"),
        rate_freq=nw.when(is_mean).then(nw.lit(MEAN)).otherwise("freq"),
    )
    joined = flows.join(factors, on=[*_KEYS, "currency"], how="left")
    has_rate = ~nw.col("rate").is_null()
    return joined.with_columns(
        value=nw.when(has_rate).then(nw.col("value") / nw.col("rate")).otherwise("value"),
        currency=nw.when(has_rate).then(nw.lit(to)).otherwise("currency"),
    )


def _with_years(rates: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rates with the mean of twelve months for years of which no average was published."""
    columns = (*_KEYS, "currency", "_per_euro", "rate_freq")
    published = rates.select(*_KEYS, "currency", _per_euro=nw.col("rate"), rate_freq=nw.col("freq"))
    months = published.filter(nw.col("freq") == "M")
    year = nw.col("period").dt.truncate("1y").cast(nw.Date)
    means = (
        months.with_columns(_year=year)
        .group_by("_year", "currency")
        .agg(nw.col("_per_euro").mean(), nw.col("period").n_unique().alias("_months"))
        .filter(nw.col("_months") == MONTHS)
        .select(
            "currency",
            "_per_euro",
            period=nw.col("_year"),
            freq=nw.lit("A"),
            rate_freq=nw.lit(MEAN),
        )
    )
    annual = published.filter(nw.col("freq") == "A")
    unpublished = means.join(annual.select(*_KEYS, "currency"), on=[*_KEYS, "currency"], how="anti")
    return nw.concat([published.select(*columns), unpublished.select(*columns)])


def _with_euro(per_euro: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    euro = per_euro.group_by(*_KEYS).agg(nw.len())
    columns = (*_KEYS, "currency", "_per_euro", "rate_freq")
    # One euro is one euro: how the other rate was averaged is all that matters.
    one = euro.with_columns(currency=nw.lit(BASE), _per_euro=nw.lit(1.0), rate_freq=nw.col("freq"))
    return nw.concat([per_euro.select(*columns), one.select(*columns)])
