"""What a line of a Comext bulk file may hold: known codes, plain numbers, one period.

All lines are checked by the engine in one pass that gives the first broken line of each rule.
Codes: Eurostat's FLOW.txt, TRADE_TYPE.txt, STATISTICAL_PROCEDURES.txt and Geonomenclature.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.codes.areas import ComextPartner, comext_partner
from entrepot.errors import CodeError
from entrepot.sources.bulk_file import BulkPeriod
from entrepot.sources.large_text import LineRule, check_rules, is_known
from entrepot.sources.reading import SourceFile

FLOW = {"1": "M", "2": "X"}
TRADE_TYPE = {"E": "extra-EU", "I": "intra-EU"}
STAT_PROCEDURE = {
    "1": "normal",
    "2": "inward processing",
    "3": "outward processing",
    "9": "not recorded from customs declarations",
}

_PRODUCT = r"^(TOTAL|(\d\d){1,4}|\d\d[0-9A-Z]{4,6})$"
_LOST_ZERO = r"^\d(\d\d){0,4}$"
_NUMBER = r"^\d+(\.\d+)?$"
_UNIT = r"^[A-Z0-9_]+$"


def partners_of(lines: nw.LazyFrame[Any], column: str) -> dict[str, ComextPartner]:
    """Look up every area code of one column.

    Args:
        lines: Lines of the file.
        column: ``REPORTER`` or ``PARTNER``.

    Returns:
        What each known code stands for; unknown codes are left out, for the check to name.
    """
    # Grouping is far faster here than `unique`, which numbers the rows first.
    codes = lines.group_by(column).agg(nw.len()).collect()[column].to_list()
    found = {}
    for code in sorted(code for code in codes if code is not None):
        try:
            found[code] = comext_partner(code)
        except CodeError:
            continue
    return found


def check_lines(
    source: SourceFile,
    lines: nw.LazyFrame[Any],
    period: BulkPeriod,
    reporters: Mapping[str, ComextPartner],
    partners: Mapping[str, ComextPartner],
) -> None:
    """Refuse a file with a line that breaks a rule.

    Args:
        source: The file.
        lines: Its lines as text, with ``file_row_number`` counted from 0 below the header.
        period: The period of its name.
        reporters: Known codes of ``REPORTER``.
        partners: Known codes of ``PARTNER``.

    Raises:
        SourceError: Naming the first broken line, its value and what was expected.
    """
    check_rules(source, lines, _rules(lines, period, reporters, partners), "a month of trade")


def _rules(
    lines: nw.LazyFrame[Any],
    period: BulkPeriod,
    reporters: Mapping[str, ComextPartner],
    partners: Mapping[str, ComextPartner],
) -> tuple[LineRule, ...]:
    countries = {code for code, found in reporters.items() if found.kind == "country"}
    code = nw.col("PRODUCT_NC")
    return (
        LineRule(
            "REPORTER", "a country of codes/areas.csv", is_known(lines, "REPORTER", countries)
        ),
        LineRule(
            "PARTNER",
            "a code of codes/areas.csv or codes/comext_partners.csv",
            is_known(lines, "PARTNER", partners),
        ),
        _one_of("TRADE_TYPE", TRADE_TYPE),
        _one_of("FLOW", FLOW),
        _one_of("STAT_PROCEDURE", STAT_PROCEDURE),
        LineRule(
            "PRODUCT_NC",
            "a CN8 code of 8 digits",
            ~code.str.contains(_LOST_ZERO),
            "A leading zero was lost, probably in a spreadsheet: use the publisher's file.",
        ),
        LineRule("PRODUCT_NC", "a CN8 code, TOTAL or 39XXXXXX", code.str.contains(_PRODUCT)),
        LineRule(
            "PERIOD",
            f"{period.text!r} as in the file's name",
            nw.col("PERIOD") == period.text,
        ),
        LineRule("VALUE_EUR", "a number, zero or more", nw.col("VALUE_EUR").str.contains(_NUMBER)),
        _number_or_open("QUANTITY_KG"),
        _number_or_open("QUANTITY_SUPPL_UNIT"),
        LineRule("SUPPL_UNIT", "a unit or NO_SU", nw.col("SUPPL_UNIT").str.contains(_UNIT)),
    )


def _one_of(column: str, known: Mapping[str, str]) -> LineRule:
    return LineRule(column, f"one of {sorted(known)}", nw.col(column).is_in(sorted(known)))


def _number_or_open(column: str) -> LineRule:
    value = nw.col(column)
    holds = value.is_null() | value.str.contains(_NUMBER)
    return LineRule(column, "a number, zero or more, or nothing", holds)
