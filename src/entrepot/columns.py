"""Columns that several tables share, and the words their closed lists hold."""

from __future__ import annotations

from entrepot.schema import Column


def text(name: str, meaning: str, *choices: str, nullable: bool = False) -> Column:
    """A column of text.

    Args:
        name: Its name.
        meaning: One sentence.
        choices: The closed list of values, where there is one.
        nullable: Whether it may be left open.
    """
    return Column(name, "text", meaning, nullable=nullable, choices=choices)


def amount(name: str, meaning: str, unit: str = "unit") -> Column:
    """A column of numbers that may be left open.

    Args:
        name: Its name.
        meaning: One sentence.
        unit: Its unit, or the column that holds it.
    """
    return Column(name, "float", meaning, unit=unit, nullable=True)


def interval(name: str, what: str, unit: str = "unit") -> tuple[Column, Column, Column]:
    """Three columns: a point estimate and the two ends of its interval.

    Args:
        name: Name of the point estimate.
        what: What it is, in a few words.
        unit: Its unit, or the column that holds it.
    """
    return (
        amount(name, f"{what}, point estimate.", unit),
        amount(f"{name}_low", f"{what}, lower end of the 90 % interval.", unit),
        amount(f"{name}_high", f"{what}, upper end of the 90 % interval.", unit),
    )


FLOW_CODES = ("M", "X", "RX", "RM", "DX", "FM")
FREQUENCIES = ("A", "M")
VALUATIONS = ("CIF", "FOB")
LEGS = ("direct", "upstream", "arrival", "downstream")
BRACKETS = ("common", "partner")
LEAD_KINDS = ("tested", "control")
OUTCOMES = ("flagged", "clear", "supported", "contradicted", "unknown")

SOURCE_ID = text("source_id", "First 16 hex digits of the sha256 of the file the row came from.")
RUN_ID = text("run_id", "The run: a digest of its parameters, code version and source ids.")
DATASET = text("dataset", "Name of the collection, e.g. comext or simulated.")
BRACKET = text(
    "bracket",
    "What third countries' general trade is taken to do: `common` follows all partners' common "
    "path, `partner` follows each partner's own trade in goods that are not listed.",
    *BRACKETS,
)
CLASSIFICATION = text("classification", "Commodity classification and edition: HS, H5, CN.")
COMMODITY = text("commodity", "Commodity code, zero-padded text; `_T` for all listed goods.")
UNIT = text("unit", "Unit of the amounts of the row, e.g. EUR FOB.")
CAVEATS = text("caveats", "Caveat codes (codes/caveats.csv), separated by spaces; may be empty.")
CORRIDOR = (
    text("coalition", "Grouping of the exporting countries, e.g. EU."),
    text("intermediary", "Third country the goods were declared to; `_T` for all."),
    text("destination", "Sanctioned country the goods may have gone on to."),
)
WINDOW = (
    Column("window_start", "date", "First month of the window the estimate sums over."),
    Column("window_end", "date", "Last month of the window the estimate sums over."),
)
LEGS_USED = text("legs", "Legs that were available.", "UAD", "UA", "UD", "U")
CONCLUSION = (
    Column("observed", "float", "Declared exports to the intermediary in the window.", "unit"),
    *interval("expected", "What the counterfactual expects in the window"),
    *interval("excess", "Observed minus expected"),
    *interval("diverted", "Part of the excess that went on; without a second leg only a range"),
    *interval("intermediated", "Part that arrived in the intermediary and went on"),
    *interval("ghost", "Part that never arrived in the intermediary"),
    amount("lost_direct", "Direct exports to the destination lost in the window."),
)
