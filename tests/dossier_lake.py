"""A lake with one small run that hangs together, made up: for tests of the dossier.

Exports to Kyrgyzstan jump in March 2022. What is expected stands still, so every sum can be
worked out by hand: twelve thousand a month in the bracket `common`, twice that in `partner`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from entrepot.lake import Lake, open_lake
from entrepot.schema import Table
from entrepot.tables import DIAGNOSTICS, FINDINGS, LEADS, RUNS, SERIES, SOURCES, TOTALS

RUN, SOURCE, LIST = "r1", "00112233aabbccdd", "ffeeddccbbaa0099"
EVENT, END = date(2022, 3, 1), date(2022, 11, 1)
WINDOW_MONTHS = 9
MONTHS = tuple(date(2020 + n // 12, n % 12 + 1, 1) for n in range(35))
PARAMETERS = {
    "coalition": "EU",
    "destination": "RU",
    "design": "donors",
    "fdr": 0.1,
    "intermediaries": "INTERMEDIARY",
    "level": "HS6",
    "list": "eu-export-ban",
    "seed": 1,
    "since": "2022-03-01",
    "until": None,
}
KEY = {"run_id": RUN, "coalition": "EU", "intermediary": "KG", "destination": "RU"}
WINDOW = {"window_start": EVENT, "window_end": END, "legs": "U", "unit": "EUR FOB"}
# Commodity, expected a month in bracket `common`, observed a month in the window.
GOODS = (
    ("870324", 1_000_000.0, 9_000_000.0),
    ("854231", 40_000.0, 2_400_000.0),
    ("852872", 700_000.0, 1_900_000.0),
    ("870899", 900_000.0, 1_500_000.0),
    ("847150", 500_000.0, 800_000.0),
    ("731815", 300_000.0, 320_000.0),
    ("392690", 200_000.0, 190_000.0),
)
EXPECTED_FACTOR = {"common": 1.0, "partner": 2.0}


@dataclass(frozen=True)
class Tale:
    """What the run of a test looks like.

    Args:
        brackets: Brackets the run holds.
        goods: Commodities tested; none is a result too.
        flagged: Commodities flagged in every bracket.
        is_simulated: Whether the run saw a simulated world.
        publisher: Name of the publisher, for hostile text.
        detail: Sentence of the rule on the country.
        excess_factor: Makes the excess of all rows negative or larger.
    """

    brackets: tuple[str, ...] = ("common", "partner")
    goods: tuple[tuple[str, float, float], ...] = GOODS
    flagged: tuple[str, ...] = ("870324", "854231")
    is_simulated: bool = False
    publisher: str = "Eurostat"
    detail: str = (
        "EU-KG-RU: excess EUR 97.2-113 m in March-November 2022, consistent with diversion."
    )


@contextmanager
def dossier_lake(folder: Path, tale: Tale | None = None) -> Iterator[Lake]:
    """Write the run of a tale into a new lake and open it."""
    told = Tale() if tale is None else tale
    rows: dict[Table, list[dict[str, object]]] = {
        RUNS: [run_row(RUN, is_simulated=told.is_simulated)],
        SERIES: _series(told),
        LEADS: [_lead(told, *good, bracket) for good in told.goods for bracket in told.brackets],
        TOTALS: _totals(told),
        DIAGNOSTICS: _diagnostics(told),
        FINDINGS: _findings(told),
    }
    with open_lake(folder / "lake") as lake:
        with lake.write() as tx:
            tx.put(SOURCES, [_source(told)], unit=SOURCE)
            tx.put(SOURCES, [_list_source()], unit=LIST)
            for table, found in rows.items():
                tx.put(table, [_complete(table, row) for row in found], unit=RUN)
        yield lake


def _complete(table: Table, row: dict[str, object]) -> dict[str, object]:
    """The row with every column it may leave open left open."""
    return {column.name: None for column in table.columns if column.nullable} | row


def _source(tale: Tale) -> dict[str, object]:
    return {
        "source_id": SOURCE,
        "dataset": "simulated" if tale.is_simulated else "comext",
        "vintage": "2023-01-16T11:00:00",
        "publisher": tale.publisher,
        "url": "https://ec.example/comext/eu-exports.xlsx",
        "licence": "CC BY 4.0",
        "retrieved_at": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "path": "eu-exports.xlsx",
        "sha256": SOURCE * 4,
        "size_bytes": 1_234_567,
        "reader": "comext",
        "row_count": 997_026,
    }


def _list_source() -> dict[str, object]:
    """A control list: one of the run's sources, though none of its charts is drawn from it."""
    return _source(Tale(publisher="Official Journal")) | {
        "source_id": LIST,
        "dataset": "control_list",
        "vintage": "2022-04-08",
        "path": "list.csv",
        "sha256": LIST * 4,
        "url": None,
    }


def run_row(run_id: str, *, year: int = 2024, is_simulated: bool = False) -> dict[str, object]:
    """A row of ``runs``, made in May of a year."""
    return {
        "run_id": run_id,
        "created_at": datetime(year, 5, 1, 12, tzinfo=UTC),
        "code_version": "0.1.0",
        "engine": "duckdb",
        "parameters": json.dumps(
            PARAMETERS | {"dataset": "simulated" if is_simulated else "comext"}, sort_keys=True
        ),
        "source_ids": f"{SOURCE} {LIST}",
        "is_simulated": is_simulated,
    }


def _series(tale: Tale) -> list[dict[str, object]]:
    rows = []
    for bracket in tale.brackets:
        factor = EXPECTED_FACTOR[bracket]
        for commodity, calm, window in (*tale.goods, _all_goods(tale)):
            rows += _leg(bracket, "upstream", "KG", commodity, calm * factor, (calm, window))
        # Direct exports: 50 million a month before, 10 after.
        rows += _leg(bracket, "direct", "RU", "_T", 50e6, (50e6, 10e6))
    return rows


def _all_goods(tale: Tale) -> tuple[str, float, float]:
    return "_T", sum(good[1] for good in tale.goods), sum(good[2] for good in tale.goods)


def _leg(
    bracket: str, leg: str, country: str, commodity: str, late: float, levels: tuple[float, float]
) -> list[dict[str, object]]:
    before, after = levels
    return [
        {
            "run_id": RUN,
            "bracket": bracket,
            "leg": leg,
            "coalition": "EU",
            "intermediary": country,
            "destination": "RU",
            "classification": "HS",
            "commodity": commodity,
            "period": month,
            "observed": after if month >= EVENT else before * (0.8 + 0.4 * (number % 3) / 2),
            "expected": late if month >= EVENT else before,
            "expected_low": late * 0.8 if month >= EVENT else None,
            "expected_high": late * 1.25 if month >= EVENT else None,
            "unit": "EUR FOB",
        }
        for number, month in enumerate(MONTHS)
    ]


def _amounts(calm: float, window: float, bracket: str) -> dict[str, object]:
    expected = calm * EXPECTED_FACTOR[bracket] * WINDOW_MONTHS
    observed = window * WINDOW_MONTHS
    excess = observed - expected
    low, high = observed - expected * 1.25, observed - expected * 0.8
    return {
        "observed": observed,
        "expected": expected,
        "expected_low": expected * 0.8,
        "expected_high": expected * 1.25,
        "excess": excess,
        "excess_low": low,
        "excess_high": high,
        "diverted_low": 0.0,
        "diverted_high": max(high, 0.0),
        "lost_direct": 360e6,
        "substitution_ratio": excess / 360e6,
    }


def _lead(
    tale: Tale, commodity: str, calm: float, window: float, bracket: str
) -> dict[str, object]:
    is_flagged = commodity in tale.flagged
    amounts = _amounts(calm, window, bracket)
    return {
        **KEY,
        **WINDOW,
        **amounts,
        "bracket": bracket,
        "classification": "HS",
        "commodity": commodity,
        "kind": "tested",
        "excess_fcr_low": amounts["excess_low"] if is_flagged else None,
        "excess_fcr_high": amounts["excess_high"] if is_flagged else None,
        "score": 5.0,
        "p_value": 0.0004 if is_flagged else 0.2,
        "q_value": 0.02 if is_flagged else 0.6,
        "local_fdr": 0.03 if is_flagged else 0.7,
        "is_flagged": is_flagged,
        "onset": date(2022, 4, 1) if is_flagged else None,
        "onset_low": date(2022, 3, 1) if is_flagged else None,
        "onset_high": date(2022, 5, 1) if is_flagged else None,
        "discounted": (1 - 0.03) * window if is_flagged else None,
        "discounted_low": 0.5 * window if is_flagged else None,
        "discounted_high": window if is_flagged else None,
        "caveats": "upstream_only listing_date_unknown" + " small_base" * (commodity == "854231"),
    }


def _totals(tale: Tale) -> list[dict[str, object]]:
    groups: dict[str, list[tuple[str, float, float]]] = {"_T": list(tale.goods)}
    for good in tale.goods:
        groups.setdefault(good[0][:2], []).append(good)
    return [
        _total(tale, group, goods, bracket)
        for group, goods in groups.items()
        for bracket in tale.brackets
    ]


def _total(
    tale: Tale, group: str, goods: list[tuple[str, float, float]], bracket: str
) -> dict[str, object]:
    calm, window = sum(good[1] for good in goods), sum(good[2] for good in goods)
    amounts = _amounts(calm, window, bracket)
    ratio = {
        f"substitution_ratio_{end}": amounts[f"excess_{end}"] / 360e6  # type: ignore[operator]
        for end in ("low", "high")
    }
    return {
        **KEY,
        **WINDOW,
        **amounts,
        **ratio,
        "bracket": bracket,
        "classification": "HS",
        "group": group,
        "cell_count": len(goods),
        "flagged_count": sum(good[0] in tale.flagged for good in goods),
        "caveats": " ".join(
            ["upstream_only", "short_history", "pandemic_baseline", "partner_boom"]
            + ["simulated"] * tale.is_simulated
        ),
    }


def _diagnostics(tale: Tale) -> list[dict[str, object]]:
    rows = []
    for bracket in tale.brackets:
        for check in ("placebo_in_time", "placebo_in_space"):
            for number in range(20):
                label = f"{number * 0.05:.2f}-{(number + 1) * 0.05:.2f}"
                count = 50.0 + (number * 7 % 11) - 5
                rows.append((bracket, check, "p_histogram", label, count, "tests"))
            rows.append((bracket, check, "tests", "_T", 1000.0, "tests"))
            rows.append((bracket, check, "rejections", "_T", 0.0, "tests"))
            rows.append((bracket, check, "share_below_05", "_T", 0.045, "1"))
        rows.append((bracket, "calibration", "coverage_90", "_T", 0.893, "1"))
    names = ("bracket", "diagnostic", "measure", "label", "value", "unit")
    return [{"run_id": RUN, **dict(zip(names, row, strict=True))} for row in rows]


def _findings(tale: Tale) -> list[dict[str, object]]:
    told = {
        ("placebo_in_time_common", "run", RUN): "0 of 1,000 tests rejected, March-November 2021.",
        ("placebo_in_space", "run", RUN): "45 of 1,000 control cells have p < 0.05; 50 expected.",
        ("country_total_common", "country", "EU-KG-RU"): tale.detail,
    }
    return [
        {
            "run_id": RUN,
            "rule": rule,
            "subject": subject,
            "subject_id": subject_id,
            "outcome": "flagged" if subject == "country" else "clear",
            "detail": detail,
            "evidence": f"diagnostics run_id={RUN} diagnostic={rule}",
            "caveats": "",
        }
        for (rule, subject, subject_id), detail in told.items()
    ]
