"""Findings about a claim, and what was read out of its words, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entrepot.api.checked_runs import RULE as BESIDE
from entrepot.api.claim_evidence import Evidence
from entrepot.api.claims_shown import NOT_CHECKED, UNCHECKED
from entrepot.dossier.record_entries import number
from entrepot.dossier.scene import notes
from entrepot.press.claim_sentences import amount_words, area_name, period_words

Row = dict[str, Any]
_RULES = {
    "declared_trade": "Against declared trade",
    BESIDE: "Beside the newest run on it",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What one rule found of a claim.

    Args:
        title: The rule in words.
        outcome: Its outcome.
        sentence: Both numbers, the months held, and what was missing.
        numbers: Names and values, with units.
        caveats: Sentences that must be known.
        evidence: Where it can be checked.
    """

    title: str
    outcome: str
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]
    evidence: tuple[Evidence, ...]


NEVER_CHECKED = Checked(_RULES["declared_trade"], UNCHECKED, NOT_CHECKED, (), (), ())


def checked_in_words(row: Row, evidence: tuple[Evidence, ...] = ()) -> Checked:
    """Put a finding about a claim into words.

    Args:
        row: Row of ``findings``.
        evidence: Its evidence; none for a claim that is not in the lake.

    Returns:
        The same in words.
    """
    unit = row["unit"] or ""
    names = ("Declared", "Expected by the run")
    if row["rule"] != BESIDE:
        names = ("Found in declarations", "Claimed")
    named = zip(names, (row["observed"], row["expected"]), strict=True)
    return Checked(
        title=_RULES.get(row["rule"], row["rule"].replace("_", " ")),
        outcome=row["outcome"],
        sentence=row["detail"],
        numbers=tuple((name, amount(value, unit)) for name, value in named if value is not None),
        caveats=tuple(note.sentence for note in notes(row["caveats"].split())),
        evidence=evidence,
    )


def amount(value: float, unit: str) -> str:
    """A number of a claim with its unit.

    Args:
        value: The number.
        unit: A currency, with or without valuation, or what else it counts.

    Example:
        >>> amount(1.6076, "ratio"), amount(2.38e8, "EUR FOB"), amount(32.0, "%")
        ('1.608 times', 'EUR 238 m FOB', '32 %')
    """
    first, _, rest = unit.partition(" ")
    if len(first) == 3 and first.isupper():
        return f"{amount_words(value, first)} {rest}".strip()
    if unit == "ratio":
        return f"{value:,.4g} times"
    if unit == "rank":
        return f"rank {value:,.10g}"
    return f"{number(value)} {unit}".strip()


def fields_of(row: Row) -> tuple[tuple[str, str], ...]:
    """What was read out of the words of a claim.

    Args:
        row: Row of ``claims``.

    Returns:
        Names and values; what the text leaves open says so.
    """
    value = "none given"
    if row["value"] is not None:
        value = f"{row['comparison']} {amount(row['value'], row['unit'] or '')}"
    areas = {name: row[name] and area_name(row[name]) for name in ("exporter", "importer", "via")}
    goods = row["product"].replace("_", " ")
    if row["product_text"]:
        goods = f"{goods}, in the words “{row['product_text']}”"
    return (
        ("Asserted or denied", row["polarity"]),
        ("Exporter", areas["exporter"] or "left open"),
        ("Importer", areas["importer"] or "left open"),
        ("Via", areas["via"] or "nobody named"),
        ("Whose statistics", (row["reporter"] and area_name(row["reporter"])) or "not said"),
        ("Flow", row["flow"]),
        ("Goods", goods),
        ("HS codes", row["commodities"] or "all, or those of a list"),
        ("What is said of the amount", row["relation"].replace("_", " ")),
        ("Number", value),
        ("Period", period_words(row["about"]) if row["about"] else "not named"),
        ("Compared with", period_words(row["baseline"]) if row["baseline"] else "not named"),
        ("Read from", f"{row['basis']}, by {row['extractor']}"),
    )
