"""Rows of `totals` and `leads` as conclusions: the same numbers, with words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from entrepot.dossier import scene, wording
from entrepot.dossier.ranges import chance, share
from entrepot.dossier.records import Conclusion, Estimate, LeadBracket, Total
from entrepot.dossier.runs import Row
from entrepot.tables import BRACKETS

NOT_DATED = "not dated"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows bracket by bracket, in the order of the contract.

    Args:
        rows: Rows with a bracket.
    """
    return sorted(rows, key=lambda row: BRACKETS.index(row["bracket"]))


def estimate(row: Row, name: str, unit: str) -> Estimate:
    """A number of a row with its interval.

    Args:
        row: A row of ``totals`` or ``leads``.
        name: Column of the point; its interval stands in ``<name>_low`` and ``<name>_high``.
        unit: Unit of all three.

    Returns:
        The estimate, its text the range where there is one.
    """
    point, low, high = row[name], row.get(f"{name}_low"), row.get(f"{name}_high")
    point_text = wording.amount(point, unit)
    has_range = low is not None and high is not None
    text = wording.interval(low, high, unit) if has_range else point_text
    return Estimate(point, low, high, unit, text, point_text)


def total(row: Row) -> Total:
    """A row of ``totals`` as a conclusion.

    Args:
        row: The row.
    """
    return Total(
        conclusion=_conclusion(row, f"totals run_id={row['run_id']}", "group"),
        group=row["group"],
        cell_count=row["cell_count"],
        flagged_count=row["flagged_count"],
        formula=_formula(row),
    )


def lead(row: Row) -> LeadBracket:
    """A row of ``leads`` as a conclusion with its tests.

    Args:
        row: The row.
    """
    low, high, unit = row["excess_fcr_low"], row["excess_fcr_high"], row["unit"]
    corrected = wording.interval(low, high, unit)
    return LeadBracket(
        conclusion=_conclusion(row, f"leads run_id={row['run_id']}", "commodity"),
        excess_fcr=Estimate(row["excess"], low, high, unit, corrected, corrected),
        discounted=estimate(row, "discounted", unit),
        p_value=wording.ratio(row["p_value"]),
        q_value=wording.ratio(row["q_value"]),
        local_fdr=wording.ratio(row["local_fdr"]),
        probability="" if row["probability"] is None else chance(row["probability"]),
        is_flagged=row["is_flagged"],
        onset=onset(row["onset"], row["onset_low"], row["onset_high"]),
        formula=_formula(row),
    )


def onset(point: date | None, low: date | None, high: date | None) -> str:
    """The month in which an excess most likely began, in words.

    Args:
        point: Most likely month.
        low: Earliest likely month.
        high: Latest likely month.

    Returns:
        The range before the point.

    Example:
        >>> onset(date(2022, 4, 1), date(2022, 3, 1), date(2022, 6, 1))
        'March–June 2022, most likely April 2022'
    """
    if point is None:
        return wording.NOT_ESTIMATED
    if low is None or high is None or low == high:
        return wording.month(point)
    return f"{wording.window(low, high)}, most likely {wording.month(point)}"


def onset_words(by_bracket: Mapping[str, str]) -> str:
    """The onsets of one lead in both brackets, once where they agree.

    Args:
        by_bracket: Onset in words, by the name of the bracket.

    Returns:
        Words; :data:`NOT_DATED` where no bracket has an onset.

    Example:
        >>> onset_words({"common path": "May 2022", "own path": "May 2022"})
        'May 2022'
        >>> onset_words({"common path": "May 2022", "own path": "not estimated"})
        'May 2022 (common path)'
    """
    dated = {n: words for n, words in by_bracket.items() if words != wording.NOT_ESTIMATED}
    if not dated:
        return NOT_DATED
    if len(dated) == len(by_bracket) and len(set(dated.values())) == 1:
        return next(iter(dated.values()))
    return "; ".join(f"{words} ({name})" for name, words in dated.items())


def _conclusion(row: Row, where: str, last: str) -> Conclusion:
    unit, country = row["unit"], scene.country_name(row["intermediary"])
    key = (f"{name}={row[name]}" for name in ("bracket", "intermediary", last))
    legs = ("upstream_only",) if row["legs"] == "U" else ()
    low, high = row.get("substitution_ratio_low"), row.get("substitution_ratio_high")
    words = wording.substitution(low, high, row["substitution_ratio"], unit)
    return Conclusion(
        bracket=row["bracket"],
        name=scene.BRACKET_NAMES[row["bracket"]],
        meaning=scene.bracket_meaning(row["bracket"], country),
        observed=estimate(row, "observed", unit),
        expected=estimate(row, "expected", unit),
        excess=estimate(row, "excess", unit),
        legs=row["legs"],
        diverted=estimate(row, "diverted", unit),
        intermediated=estimate(row, "intermediated", unit),
        ghost=estimate(row, "ghost", unit),
        ghost_share=share(row.get("ghost_share_low"), row.get("ghost_share_high")),
        lost_direct=estimate(row, "lost_direct", unit),
        substitution=Estimate(row["substitution_ratio"], low, high, "1", words, words),
        caveats=tuple(dict.fromkeys((*row["caveats"].split(), *legs))),
        evidence=f"{where}, {', '.join(key)}",
    )


def _formula(row: Row) -> str:
    return wording.formula(row["observed"], row["expected"], row["excess"], row["unit"])
