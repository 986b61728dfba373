"""Ghost trade by importer and year, as rows; the years before the event are its own test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.arrival import INFORMATIVE
from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.ghost_pairs import MirrorQuestion, currency_of, lay_out, published, within
from entrepot.diversion.ghost_totals import Declared, Noise, arrived, ghost, noise, ratios
from entrepot.diversion.intervals import TAIL

ALL = "_T"
SEED = 101
# In the order of the alphabet, which is that of their weight where importers are added up.
NOT_INFORMATIVE = "mirror not informative"
NOT_REPORTED = "not reported"
BEFORE = "before the event"
NO_GROWTH = "no growth"
WITHIN_ERROR = "growth within the error"
AMOUNTS = (
    *("exports", "imports", "mirror_ratio", "rho", "expected", "additional"),
    *("ghost", "ghost_low", "ghost_high"),
    *("ghost_share", "ghost_share_low", "ghost_share_high"),
    *("exports_part", "ghost_part", "ghost_part_low", "ghost_part_high"),
)
SCHEMA = pa.schema(
    [
        *(("year", pa.int64()), ("phase", pa.string()), ("importer", pa.string())),
        *((name, pa.float64()) for name in AMOUNTS),
        *(("reason", pa.string()), ("currency", pa.string()), ("recorded_by", pa.string())),
        *(("log_error", pa.float64()), ("pooled", pa.string())),
    ]
)


@dataclass(frozen=True)
class Year:
    """One year of all importers, by exporter.

    Args:
        exports: Declared exports, shape [V, M].
        imports: Declared imports, shape [V, M].
        expected: Exports expected without the event, NaN in a year before it, shape [V].
        draws: Draws of exports that did not arrive, shape [V, M, DRAWS].
        rho: Ratios of the years before, shape [V, M].
        reason: Why an importer has no estimate; empty where it has one, shape [V].
        recorded_by: What each importer's imports count by, shape [V].
    """

    exports: Floats
    imports: Floats
    expected: Floats
    draws: Floats
    rho: Floats
    reason: NDArray[np.str_]
    recorded_by: NDArray[np.str_]

    def of(self, at: Bools) -> Year:
        """The same year of some importers.

        Args:
            at: Which, shape [V].
        """
        return Year(*(getattr(self, field.name)[at] for field in fields(self)))


def ghost_rows(
    pairs: pa.Table, asked: MirrorQuestion, importers: Collection[str], part: Collection[str]
) -> pa.Table:
    """Work out ghost trade by importer and year, and for all importers together.

    ``ghost_share = ghost / additional``, ``additional = exports - expected``. In a year before the
    event the ratio is that of the other years before it, so that the row is a placebo: its
    interval should hold zero. The error is pooled over all importers of ``pairs`` that published
    every year before the event, asked for or not.

    Args:
        pairs: Rows of :func:`entrepot.trade.mirror.mirror`, yearly.
        asked: The question.
        importers: Areas whose rows are wanted.
        part: Exporters whose part is worked out; may be empty.

    Returns:
        One row per year and importer, ``_T`` for all: ``exports`` (FOB), ``imports`` (CIF),
        ``ghost`` and their kin in ``currency``, ratios and shares as fractions, intervals of
        90 %, and ``reason`` where a share is open.

    Raises:
        EstimateError: If the pairs are in several currencies, an exporter declared nothing at all
            in one of the years, or too few years were published.
    """
    rows_of_years = within(pairs, asked.first, asked.last)
    currency = currency_of(rows_of_years)
    pool = published(lay_out(rows_of_years, asked.first, asked.last), asked, importers)
    is_before = pool.years < asked.event
    spread = noise(pool.exports[:, :, is_before], pool.imports[:, :, is_before])
    is_part = np.isin(pool.exporters, sorted(part))
    wanted = {name: pool.importers == name for name in sorted(importers)}
    if len(wanted) > 1:
        wanted[ALL] = np.isin(pool.importers, sorted(importers))
    fixed = {
        "currency": currency,
        "log_error": float(np.sqrt(spread.total)),
        "pooled": " ".join(pool.importers.tolist()),
    }
    rows = []
    for place in range(len(pool.years)):
        year = _year(pool, place, asked, spread)
        when = {"year": int(pool.years[place]), "phase": "before" if is_before[place] else "after"}
        for name, at in wanted.items():
            rows.append({**when, "importer": name, **_figures(year.of(at), is_part), **fixed})
    return pa.Table.from_pylist(rows, SCHEMA)


def _year(pool: Declared, place: int, asked: MirrorQuestion, spread: Noise) -> Year:
    is_before = pool.years < asked.event
    known = is_before & (np.arange(len(pool.years)) != place)
    rho = ratios(pool.exports[:, :, known], pool.imports[:, :, known])
    exports, imports = pool.exports[:, :, place], pool.imports[:, :, place]
    # Each year has draws of its own, the same whatever other years are asked for.
    rng = np.random.default_rng((SEED, int(pool.years[place])))
    came = arrived(imports, rho, spread, int(known.sum()), rng)
    sent, received = pool.exports[:, :, is_before], pool.imports[:, :, is_before]
    totals = sent.sum(axis=1)
    expected = totals[:, -1] if asked.baseline == "last" else totals.mean(axis=1)
    is_faint = received.sum(axis=(1, 2)) < INFORMATIVE * totals.sum(axis=1)
    reason = np.where(is_faint, NOT_INFORMATIVE, "")
    return Year(
        exports=exports,
        imports=imports,
        expected=np.full(len(expected), np.nan) if is_before[place] else expected,
        draws=exports[:, :, None] - came,
        rho=rho,
        reason=np.where(pool.is_reported[:, place], reason, NOT_REPORTED),
        recorded_by=pool.recorded_by,
    )


def _figures(year: Year, is_part: Bools) -> dict[str, Any]:
    """Figures of one row; one that is not known is left out of it, and ``reason`` says why."""
    reasons = sorted(set(year.reason.tolist()) - {""})
    rules = " ".join(np.unique(year.recorded_by).tolist())
    found: dict[str, Any] = {"reason": reasons[-1] if reasons else None, "recorded_by": rules}
    if not (year.exports.sum(axis=1) > 0).all():
        return found
    exports, imports = float(year.exports.sum()), float(year.imports.sum())
    found["exports"] = exports
    if is_part.any():
        found["exports_part"] = float(year.exports[:, is_part].sum()) / exports
    if found["reason"] == NOT_REPORTED:
        return found
    found |= {"imports": imports, "mirror_ratio": imports / exports}
    if found["reason"] is not None:
        return found
    missing = np.asarray(ghost(year.exports, year.imports, year.rho))
    total, draws = float(missing.sum()), year.draws.sum(axis=(0, 1))
    low, high = _interval(draws)
    # The ratio of the total, such that the formula holds for the row as it holds for each pair.
    rho = imports / (exports - total)
    found |= {"rho": rho, "ghost": total, "ghost_low": low, "ghost_high": high}
    # A part of a sum that may be nil, or less, is no number.
    if is_part.any() and low > 0:
        found["ghost_part"] = float(missing[:, is_part].sum()) / total
        ends = _interval(year.draws[:, is_part].sum(axis=(0, 1)) / draws)
        found |= {"ghost_part_low": ends[0], "ghost_part_high": ends[1]}
    return found | _share(exports, float(year.expected.sum()), found)


def _share(exports: float, expected: float, found: dict[str, Any]) -> dict[str, Any]:
    """Ghost trade over additional exports, where these are more than the error of the former."""
    if np.isnan(expected):
        return {"reason": BEFORE}
    additional = exports - expected
    known = {"expected": expected, "additional": additional}
    if additional <= 0:
        return known | {"reason": NO_GROWTH}
    if additional <= (found["ghost_high"] - found["ghost_low"]) / 2:
        return known | {"reason": WITHIN_ERROR}
    shares = {
        name.replace("ghost", "ghost_share"): found[name] / additional
        for name in ("ghost", "ghost_low", "ghost_high")
    }
    return known | shares


def _interval(draws: Floats) -> tuple[float, float]:
    low, high = np.quantile(draws, [TAIL, 1 - TAIL])
    return float(low), float(high)
