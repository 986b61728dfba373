"""Trade under one edition of the nomenclature, so that a series does not break where codes change.

HS is renewed every five years. A code that is new has no past: six of the fifty codes of the Common
High Priority List began in 2022, and against an empty past any trade in them looks new.
"""

from __future__ import annotations

from typing import Any, Literal

import narwhals.stable.v2 as nw

# First years of the editions, latest first. Some reporters change later than the others.
EDITIONS = (
    *((2022, "H6"), (2017, "H5"), (2012, "H4"), (2007, "H3"), (2002, "H2"), (1996, "H1")),
    (1988, "H0"),
)
DIGITS = 6
CN_DIGITS = 8
Nomenclature = Literal["HS", "CN"]
_DATED = ("HS", "CN")  # classifications that do not name their edition


def edition() -> nw.Expr:
    """The edition of HS a row of ``flows`` is declared in.

    The one its classification names (``H5``); where that is HS or CN, the one in force in its
    year: CN follows HS in the same January. Stops being true for reporters that changed later.

    Returns:
        An expression over ``classification`` and ``period``.
    """
    year = nw.col("period").dt.year()
    expression: Any = nw.lit("H0")
    for first, name in reversed(EDITIONS):
        expression = nw.when(year >= first).then(nw.lit(name)).otherwise(expression)
    is_dated = nw.col("classification").str.slice(0, 2).is_in(_DATED)
    return nw.when(is_dated).then(expression).otherwise("classification")


def cn_edition() -> nw.Expr:
    """The yearly edition of the Combined Nomenclature a row is declared in, e.g. ``CN2023``.

    Rows of another classification keep its name.

    Returns:
        An expression over ``classification`` and ``period``.
    """
    year = nw.col("period").dt.year().cast(nw.String)
    named = nw.concat_str(nw.lit("CN"), year)
    return nw.when(nw.col("classification") == "CN").then(named).otherwise("classification")


def concord(
    flows: nw.LazyFrame[Any],
    names: nw.LazyFrame[Any],
    classification: str,
    nomenclature: Nomenclature = "HS",
) -> nw.LazyFrame[Any]:
    """Put each row under the name its code has in all editions.

    The value of a row is never split. Between editions of HS a code of eight digits goes by its
    first six; one that no concordance knows (trade that is kept secret, codes of national chapters,
    codes of the CN that did not change) keeps its name.

    Args:
        flows: Rows of ``flows`` at six or eight digits.
        names: ``edition``, ``commodity`` and ``name``, as
            :func:`entrepot.trade.families.names` gives them.
        classification: What the result is to be called, e.g. ``H5``.
        nomenclature: Whose editions the names are of: ``HS`` at six digits, ``CN`` at eight.

    Returns:
        The rows with ``commodity`` and ``classification`` replaced, and ``is_named``: false where
        the rule has no name for the code, which then stays as it was and must not be added.
    """
    known = names.select(
        _edition=nw.col("edition"), _head=nw.col("commodity"), _name=nw.col("name"), _one=nw.lit(1)
    )
    is_cn = nomenclature == "CN"
    head = nw.col("commodity").str.slice(0, CN_DIGITS if is_cn else DIGITS)
    held = cn_edition() if is_cn else edition()
    joined = flows.with_columns(_edition=held, _head=head).join(
        known, on=["_edition", "_head"], how="left"
    )
    is_unknown = nw.col("_one").is_null()
    is_named = is_unknown | ~nw.col("_name").is_null()
    return joined.with_columns(
        commodity=nw.when(is_unknown | nw.col("_name").is_null()).then("_head").otherwise("_name"),
        classification=nw.lit(classification),
        is_named=is_named,
    ).drop("_edition", "_head", "_name", "_one")
