"""What a later run finds that an earlier one did not: new, grown, shrunk and vanished leads."""

from __future__ import annotations

from typing import Any, Literal

import narwhals.stable.v2 as nw

Rows = nw.LazyFrame[Any]
Kind = Literal["new", "grown", "shrunk", "vanished", "held", "not_compared"]
KINDS: tuple[Kind, ...] = ("new", "grown", "shrunk", "vanished", "held", "not_compared")
NAMES = ("coalition", "intermediary", "destination", "bracket")
_THEN, _NOW = "_before", "_now"
_TOLD = (
    *("window_start", "window_end", "excess", "excess_low", "excess_high"),
    *("is_flagged", "unit"),
)


def lead_changes(before: Rows, now: Rows) -> Rows:
    """Compare the leads of two runs of one question, corridor by corridor.

    A window that grows by a month makes every sum grow, so excess is compared per month of the
    window: ``change = excess_now / months_now - excess_before / months_before``. Its 90 % interval
    adds the distances of both to their own ends in squares, as if the two were independent:
    ``low = change - sqrt((x1 - l1)^2 + (h0 - x0)^2)``, ``high`` likewise. Two runs share most of
    their months and err alike in them, so that this interval is too wide and a lead is called grown
    or shrunk too seldom; it would be too narrow if their errors were opposed, as after a revision
    that moved values from one month to another.

    A lead is ``new`` where it is flagged now and was not, ``vanished`` where it was and is not,
    ``grown`` or ``shrunk`` where it is flagged in both and the interval of the change lies on one
    side of zero, else ``held``. What only one run tested, or in another unit, is ``not_compared``.

    Args:
        before: Rows of ``leads`` of the earlier run.
        now: Rows of ``leads`` of the later run.

    Returns:
        One row per corridor and bracket flagged in either run: names, ``kind``, both windows, both
        excesses with intervals, in the unit of the run; ``change`` with ends, in that unit a month.

    Source:
        Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics
        in Medicine 27: intervals of a difference from those of its parts.
    """
    keys = [*NAMES, "commodity"]
    told = (*_TOLD, "probability", "q_value")
    flagged = nw.col(f"is_flagged{_THEN}") | nw.col(f"is_flagged{_NOW}")
    return _compared(before, now, keys, told).filter(flagged)


def total_changes(before: Rows, now: Rows) -> Rows:
    """Compare the totals of two runs of one question, country by country.

    As :func:`lead_changes`; a total is in either run or in none, and is ``grown``, ``shrunk`` or
    ``held``.

    Args:
        before: Rows of ``totals`` of the earlier run.
        now: Rows of ``totals`` of the later run.

    Returns:
        One row per country and bracket.
    """
    keys = [*NAMES, "group"]
    every = nw.lit(True).alias("is_flagged")
    return _compared(before.with_columns(every), now.with_columns(every), keys, _TOLD)


def _compared(before: Rows, now: Rows, keys: list[str], told: tuple[str, ...]) -> Rows:
    then, later = (
        rows.select(*keys, *(nw.col(name).alias(f"{name}{end}") for name in told))
        for rows, end in ((before, _THEN), (now, _NOW))
    )
    # A row for every corridor of either run, whichever holds it.
    every = nw.concat([part.select(*keys) for part in (then, later)]).unique()
    both = every.join(then, on=keys, how="left").join(later, on=keys, how="left")
    return _judged(_per_month(both))


def _months(end: str) -> nw.Expr:
    first, last = nw.col(f"window_start{end}"), nw.col(f"window_end{end}")
    years = last.dt.year() - first.dt.year()
    return years * 12 + last.dt.month() - first.dt.month() + 1


def _per_month(rows: Rows) -> Rows:
    parts = {
        f"_{name}{end}": nw.col(f"{name}{end}") / _months(end)
        for end in (_THEN, _NOW)
        for name in ("excess", "excess_low", "excess_high")
    }
    rows = rows.with_columns(months_before=_months(_THEN), months_now=_months(_NOW), **parts)
    x0, l0, h0 = (nw.col(f"_{name}{_THEN}") for name in ("excess", "excess_low", "excess_high"))
    x1, l1, h1 = (nw.col(f"_{name}{_NOW}") for name in ("excess", "excess_low", "excess_high"))
    down, up = ((x1 - l1) ** 2 + (h0 - x0) ** 2).sqrt(), ((h1 - x1) ** 2 + (x0 - l0) ** 2).sqrt()
    done = rows.with_columns(change=x1 - x0, change_low=x1 - x0 - down, change_high=x1 - x0 + up)
    return done.drop(*parts)


def _judged(rows: Rows) -> Rows:
    was, is_now = nw.col(f"is_flagged{_THEN}"), nw.col(f"is_flagged{_NOW}")
    kind = (
        nw.when(~nw.col("reason").is_null())
        .then(nw.lit("not_compared"))
        .when(is_now & ~was)
        .then(nw.lit("new"))
        .when(was & ~is_now)
        .then(nw.lit("vanished"))
        .when(nw.col("change_low") > 0)
        .then(nw.lit("grown"))
        .when(nw.col("change_high") < 0)
        .then(nw.lit("shrunk"))
        .otherwise(nw.lit("held"))
    )
    reason = (
        nw.when(nw.col(f"unit{_THEN}").is_null())
        .then(nw.lit("not tested in the earlier run"))
        .when(nw.col(f"unit{_NOW}").is_null())
        .then(nw.lit("not tested in the later run"))
        .when(nw.col(f"unit{_THEN}") != nw.col(f"unit{_NOW}"))
        .then(nw.lit("the runs are in different units"))
    )
    known = rows.with_columns(
        was.fill_null(False).alias(f"is_flagged{_THEN}"),
        is_now.fill_null(False).alias(f"is_flagged{_NOW}"),
        reason=reason,
    )
    return known.with_columns(kind=kind)
