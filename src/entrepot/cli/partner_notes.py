"""What stands under a table of partners: unit, months, bounds of ranks, who took over, caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entrepot.api.months_held import is_like_with_like
from entrepot.cli.brackets import NOTHING
from entrepot.cli.months import typed
from entrepot.codes.areas import area
from entrepot.codes.caveats import sentences
from entrepot.codes.groupings import UNNAMED
from entrepot.dossier import wording

if TYPE_CHECKING:
    from entrepot.api.partner_records import PartnerQuestion, Partners
    from entrepot.dossier.trade_charts import ChartWords

NAMED = 6  # silent reporters that a note names before it counts the rest
FLOW_WORDS = {
    **{"X": "Exports", "M": "Imports", "RX": "Re-exports", "RM": "Re-imports"},
    **{"DX": "Domestic exports", "FM": "Foreign imports", "both": "Exports and imports"},
}
BASIS_WORDS = {
    "given": "the total given",
    "whole files": "the sum over whole months of the publisher",
}
_UNLIKE = (
    " The two stretches hold different months: no change is given. Ask for months that both hold."
)


def notes(
    found: Partners, question: PartnerQuestion, of: str | None, shown: int
) -> tuple[str, ...]:
    """Lines under the table.

    Args:
        found: The answer.
        question: The question.
        of: Partner to say more about.
        shown: Rows that the table shows.

    Returns:
        Sentences, the most important first.
    """
    rows = {row["partner"]: row for row in found.rows.to_pylist()}
    row = rows[found.rows["partner"][0].as_py()]
    unit = f"{row['currency']} {row['valuation']}"
    more = f" The first {shown} of {len(rows)} partners are shown." if shown < len(rows) else ""
    return tuple(
        line
        for line in (
            _standing(rows[of], found, question) if of is not None else "",
            _taken_over(found, question),
            f"{title(question)}, by the country named as partner, {unit}. {found.source}.{more}",
            _months(found, question),
            _reach(found),
            _concentration(found),
            _unnamed(found),
            found.rates,
            *sentences(found.caveats),
        )
        if line
    )


def title(question: PartnerQuestion) -> str:
    """What is added up, in words.

    Args:
        question: The question.
    """
    of = f", goods {', '.join(question.goods)}" if question.goods else ""
    return f"{FLOW_WORDS[question.flow]} of {question.reporters}, level {question.level}{of}"


def chart_words(found: Partners, question: PartnerQuestion, shown: int) -> ChartWords:
    """Title, period and source of the chart.

    Args:
        found: The answer.
        question: The question.
        shown: Partners that are handed to the chart.

    Returns:
        The words, with the months that are missing in the period.
    """
    from entrepot.dossier.trade_charts import ChartWords

    now, base = stretch_words(question)
    missing = sorted({day for held in found.months for day in held.missing})
    gaps = f" (missing: {', '.join(map(typed, missing))})" if missing else ""
    held = found.rows.num_rows
    first = f"The first {shown} of {held} partners held" if shown < held else "Partners held"
    source = f"{first} in the lake{gaps}. Source: {found.source}"
    return ChartWords(f"{title(question)}, by partner", now, base, source)


def stretch_words(question: PartnerQuestion) -> tuple[str, str]:
    """Both stretches of months, in words.

    Args:
        question: The question.
    """
    return (
        wording.window(question.now.first, question.now.last),
        wording.window(question.base.first, question.base.last),
    )


def name_of(partner: str) -> str:
    """English name of a partner.

    Args:
        partner: Area, ``_X``, or the name of a grouping before it: ``EU_X``.

    Example:
        >>> name_of("_X"), name_of("EU_X"), name_of("KZ")
        ('not specified', 'EU, member not named', 'Kazakhstan')
    """
    group, is_open, _ = partner.partition(UNNAMED)
    if is_open:
        return f"{group}, member not named" if group else "not specified"
    return area(partner).name_en


def among_all(row: dict[str, Any]) -> str:
    """The rank among all partners, as far as it is known.

    Args:
        row: Row of a partner.

    Returns:
        ``2–14``, or ``≥2`` where the total is not known.
    """
    best, worst = row["rank_best"], row["rank_worst"]
    if best is None:
        return NOTHING
    if worst is None:
        return f"≥{best}"
    return str(best) if best == worst else f"{best}{wording.DASH}{worst}"


def _standing(row: dict[str, Any], found: Partners, question: PartnerQuestion) -> str:
    name = f"{name_of(row['partner'])} ({row['partner']})"
    now, _ = stretch_words(question)
    if row["rank"] is None:
        return f"{name}: nothing was declared in {now}, or nothing that has a rank."
    value = wording.amount(row["value"], row["currency"])
    parts = ""
    if "exports" in row:
        parts = (
            f" ({wording.amount(row['exports'], row['currency'])} exports FOB, "
            f"{wording.amount(row['imports'], row['currency'])} imports CIF)"
        )
    held = found.concentration["partner_count"]
    rank = f"rank {row['rank']} of the {wording.counted(held, 'partner', 'partners')} held"
    best, worst = row["rank_best"], row["rank_worst"]
    if found.basis == "whole files" and best == worst:
        among = ", which are all"
    elif best == worst:
        among = f"; the rank among all is {best}"
    elif worst is None:
        among = f"; the rank among all is {best} or worse"
    else:
        among = f"; the rank among all is between {best} and {worst}"
    return f"{name}: {value}{parts} in {now}; {rank}{among}."


def _taken_over(found: Partners, question: PartnerQuestion) -> str:
    told = found.substitution
    if not told:
        return ""
    if told["loss"] is None:
        return (
            f"Whether {question.taken_by} took over from {question.lost} is unknown: the two "
            "stretches hold different months."
        )
    return f"In value: {_in_value(found, question)} In kilograms: {_in_kilograms(found, question)}"


def _in_value(found: Partners, question: PartnerQuestion) -> str:
    told = found.substitution
    now, base = stretch_words(question)
    unit = told["currency"]
    gain = _moved(told["gain"], unit)
    shares = (
        f" Of the partners held, the share of {question.lost} moved by "
        f"{-100 * told['share_lost']:+.1f} points and that of {question.taken_by} by "
        f"{100 * told['share_gained']:+.1f}."
    ).replace("-", wording.MINUS)
    if told["taken_over"] is None:
        return (
            f"{question.lost} lost nothing ({_moved(-told['loss'], unit)} from {base} to {now}), "
            f"so that there is nothing to take over; {question.taken_by} {gain}.{shares}"
        )
    part = _percent(told["taken_over"])
    return (
        f"{question.lost} {_moved(-told['loss'], unit)} from {base} to {now}, "
        f"{question.taken_by} {gain}: {part} of that loss; equal size would be consistent with "
        f"substitution and is no proof.{shares}"
    )


def _in_kilograms(found: Partners, question: PartnerQuestion) -> str:
    told = found.substitution
    if told["loss_kg"] is None:
        return "unknown, the goods were not weighed in full."
    moved = (
        f"{question.lost} {_tonnes(-told['loss_kg'])}, "
        f"{question.taken_by} {_tonnes(told['gain_kg'])}"
    )
    if told["taken_over_kg"] is None:
        return f"{moved}; nothing was lost."
    return f"{moved}: {_percent(told['taken_over_kg'])} of that loss."


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %".replace("-", wording.MINUS)


def _moved(value: float, unit: str) -> str:
    return f"{'+' if value > 0 else ''}{wording.amount(value, unit)}"


def _tonnes(kilograms: float) -> str:
    return f"{kilograms / 1000:+,.0f} t".replace("-", wording.MINUS)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _months(found: Partners, question: PartnerQuestion) -> str:
    kind, pattern = ("years", "%Y") if question.freq == "A" else ("months", "%Y-%m")
    parts: dict[str, list[str]] = {}
    for held in found.months:
        span = wording.window(held.stretch.first, held.stretch.last)
        missing = ", ".join(f"{day:{pattern}}" for day in held.missing)
        is_part = 0 < held.held_count < len(held.asked)
        gap = f", missing {missing}, so that sums are too low" if is_part else ""
        names = [f"{name} {day:{pattern}}" for name, day in held.silent]
        quiet = (
            f", {len(names)} reporters' {kind} without a row (silent, or no trade: {_few(names)})"
            if names
            else ""
        )
        words = f"{span}: {held.held_count} of {len(held.asked)} {kind} held{gap}{quiet}"
        parts.setdefault(words, []).append(FLOW_WORDS[held.flow].lower())
    is_mutual = len(question.flow_codes) > 1
    told = [
        f"{words} ({wording.listing(flows)})" if is_mutual else words
        for words, flows in parts.items()
    ]
    absent = found.months[0].absent
    if absent:
        told.append(f"nothing held of {', '.join(absent)}")
    return f"{'; '.join(told)}.{'' if is_like_with_like(found.months) else _UNLIKE}"


def _reach(found: Partners) -> str:
    unit = found.rows["currency"][0].as_py()
    if found.total is None:
        return "Trade with all partners: not known; --total CUR:AMOUNT bounds ranks among all."
    return (
        f"Trade with all partners: {wording.amount(found.total, unit)} "
        f"({BASIS_WORDS[found.basis]})."
    )


def _unnamed(found: Partners) -> str:
    """What names no single partner, in words."""
    rows = found.rows.to_pylist()
    parts = [
        f"{wording.amount(row['value'], row['currency'])} with {row['partner']} "
        f"({name_of(row['partner'])})"
        for row in rows
        if row["partner"].endswith(UNNAMED) and row["value"] > 0
    ]
    return f"Without rank, in the sum: {wording.listing(parts)}." if parts else ""


def _concentration(found: Partners) -> str:
    told = found.concentration
    if not told:
        return ""
    count = wording.counted(told["partner_count"], "partner", "partners")
    among = ""
    if told["hhi_low"] is not None and found.basis:
        ends = wording.Scale(1.0, "", 2).range(told["hhi_low"], told["hhi_high"])
        among = f"; among all partners {ends}"
    even = 1 / told["partner_count"]
    return (
        f"Concentration (HHI) among the {count} held: {told['hhi']:.2f} (1 one partner, "
        f"{even:.2f} even shares){among}."
    )
