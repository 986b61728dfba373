"""Concordances of the Harmonized System: which codes of two editions share goods.

Three layouts are read:

- the consolidated table of UN Comtrade, ``code.after,code.before,Relationship,adjustment``: all
  pairs of all editions, the edition named by its year ("2022 to 2017");
- the workbook of the UN Statistics Division for one pair of editions (``HS2022 to HS2017``): sheet
  *Correlation Tables* holds all pairs, sheet *… Conversions* the one earlier code that the trade of
  a code is sent to as a whole;
- our own columns, ``classification,commodity,earlier_classification,earlier_commodity,
  relationship``, for updates that come in changing workbooks, as those of the CN do.

What the tables do that a reader must know:

- The consolidated table lost leading zeros; HS codes have six digits.
- It goes on into the SITC before 1988: another classification, counted and not kept.
- A few pairs stand there twice with another relationship: the first is kept, the other counted.
- The conversion is a choice of the publisher, and in two codes of the Common High Priority List a
  wrong one (``codes/concordance_corrections.csv``); the rows here are as published.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.errors import SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.coded import Coded, coded, key_of
from entrepot.sources.delimited import TEXT, head_of, read_columns
from entrepot.sources.line_checks import line_of, meanings_of, one_of
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import CONCORDANCES

READER = "concordance"
UN = "United Nations Statistics Division"
CONSOLIDATED = ("code.after", "code.before", "Relationship", "adjustment")
OWN = tuple(
    column.name
    for column in CONCORDANCES.columns
    if column.name not in {"source_id", "dataset", "is_main"}
)
RELATIONSHIPS = ("1:1", "1:n", "n:1", "n:n")

_EDITIONS = {
    **{"2022": "H6", "2017": "H5", "2012": "H4", "2007": "H3", "2002": "H2"},
    **{"1996": "H1", "1992": "H0"},
}
_SITC = {"1988", "1976", "1962"}  # years the table gives revisions 3, 2 and 1
_STEP = re.compile(r"(\d{4}) to (\d{4})")
_CODE = re.compile(r"\d{5,6}")
_OWN_CODE = re.compile(r"[0-9A-Z]{2,10}")
_SHEETS = re.compile(r"HS(\d{4})-HS(\d{4}) Conversions")
PAIRS = "Correlation Tables"


def looks_like_concordance(names: tuple[str, ...]) -> bool:
    """Whether a header is that of a concordance in text.

    Args:
        names: Names of the columns.

    Example:
        >>> looks_like_concordance(("code.after", "code.before", "Relationship", "adjustment"))
        True
    """
    return names in {CONSOLIDATED, OWN}


def looks_like_workbook(sheets: Collection[str]) -> bool:
    """Whether the sheets of a workbook are those of a concordance.

    Args:
        sheets: Names of its sheets.

    Example:
        >>> looks_like_workbook(["HS2022-HS2017 Conversions", "Correlation Tables"])
        True
    """
    return PAIRS in sheets and any(_SHEETS.fullmatch(name) for name in sheets)


def read_concordance(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read a concordance in text.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``concordances``.

    Raises:
        SourceError: If a code, an edition or a relationship is not known, or a pair of our own
            layout stands there twice.
    """
    is_own = head_of(source.path).names == OWN
    batches = _own(source) if is_own else _consolidated(source)
    return _reading(source, "own-concordance" if is_own else "hs-concordance", batches, on_progress)


def read_concordance_workbook(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read the workbook of one pair of editions.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``concordances`` with ``is_main``.

    Raises:
        SourceError: If a sheet, code or relationship is not as documented above.
    """
    return _reading(source, "hs-concordance", _workbook(source), on_progress)


def _reading(
    source: SourceFile, dataset: str, batches: Iterator[Batch], on_progress: OnProgress
) -> Reading:
    def told() -> Iterator[Batch]:
        for batch in batches:
            rows = batch.rows.append_column(
                "dataset", pa.repeat(pa.scalar(dataset), batch.rows.num_rows)
            )
            columns = {name: rows[name] for name in rows.column_names}
            filled = arrow_rows(
                CONCORDANCES, rows.num_rows, {**columns, "source_id": source.source_id}
            )
            yield Batch(filled, batch.skipped)
            on_progress(1, 1, f"{source.name}: {rows.num_rows:,} pairs")

    return Reading(
        table=CONCORDANCES,
        dataset=dataset,
        vintage=f"{source.retrieved_at:%Y-%m-%d}",
        publisher="as the file was given" if dataset.startswith("own") else UN,
        licence="not stated in the file",
        reader=READER,
        batches=told(),
    )


def _consolidated(source: SourceFile) -> Iterator[Batch]:
    table = read_columns(source, head_of(source.path), dict.fromkeys(CONSOLIDATED, TEXT))
    after, before, relationship, step = (coded(name, table[name]) for name in CONSOLIDATED)
    editions = meanings_of(source, step, _years)
    unknown = [years for years in editions if not set(years) <= {*_EDITIONS, *_SITC} or not years]
    if unknown:
        raise SourceError(
            f"{source.name}: adjustment is {sorted(set(step.values))}, expected steps between "
            f"editions like '2022 to 2017' of {sorted({*_EDITIONS, *_SITC})}."
        )
    is_sitc = np.array([bool(set(years) & _SITC) for years in editions])[step.codes]
    kept = np.flatnonzero(~is_sitc)
    meanings_of(source, relationship, one_of({name: name for name in RELATIONSHIPS}))
    pairs = {
        "classification": step.recoded([_EDITIONS.get(y[0], "") for y in editions]).taken(kept),
        "commodity": _padded(source, after, kept),
        "earlier_classification": step.recoded([_EDITIONS.get(y[1], "") for y in editions]).taken(
            kept
        ),
        "earlier_commodity": _padded(source, before, kept),
    }
    key = key_of(list(pairs.values()))
    _, first = np.unique(key, return_index=True)
    first.sort()
    rows = {name: column.taken(first).array() for name, column in pairs.items()}
    rows["relationship"] = relationship.taken(kept[first]).array()
    skipped = {
        "another classification (SITC)": int(is_sitc.sum()),
        "a pair that stands there already": len(key) - len(first),
    }
    yield Batch(_table(rows, len(first)), {why: n for why, n in skipped.items() if n})


def _years(text: str) -> tuple[str, ...]:
    found = _STEP.fullmatch(text)
    return found.groups() if found else ()


def _padded(source: SourceFile, column: Coded, kept: np.ndarray) -> Coded:
    """Codes of the lines that are kept, with the zero that a spreadsheet took."""
    taken = column.taken(kept)
    used = set(np.unique(taken.codes).tolist())
    broken = [
        place
        for place, code in enumerate(column.values)
        if place in used and not _CODE.fullmatch(code)
    ]
    if broken:
        line = line_of(np.isin(column.codes, broken))
        raise SourceError(
            f"{source.name}, line {line}: {column.name} is {column.values[broken[0]]!r}, expected "
            "five or six digits of the Harmonized System."
        )
    return taken.recoded([code.zfill(6) for code in column.values])


def _own(source: SourceFile) -> Iterator[Batch]:
    table = read_columns(source, head_of(source.path), dict.fromkeys(OWN, TEXT))
    columns = {name: coded(name, table[name]) for name in OWN}
    known = {name: name for name in RELATIONSHIPS} | {"": ""}
    meanings_of(source, columns["relationship"], one_of(known))
    for name in ("commodity", "earlier_commodity"):
        bad = [value for value in columns[name].values if not _OWN_CODE.fullmatch(value)]
        if bad:
            raise SourceError(
                f"{source.name}: {name} is {bad[0]!r}, expected digits and capitals, zero-padded."
            )
    yield Batch(
        _table({name: column.array() for name, column in columns.items()}, table.num_rows), {}
    )


def _workbook(source: SourceFile) -> Iterator[Batch]:
    book = fastexcel.read_excel(source.path)
    sheet = next(name for name in book.sheet_names if _SHEETS.fullmatch(name))
    found = _SHEETS.fullmatch(sheet)
    years = found.groups() if found else ()
    if not set(years) <= set(_EDITIONS):
        raise SourceError(
            f"{source.name}, sheet {sheet!r}: expected two of the editions {sorted(_EDITIONS)}."
        )
    later, earlier = (_EDITIONS[year] for year in years)
    main = _sheet(source, book, sheet, 2)
    pairs = _sheet(source, book, PAIRS, 3)
    chosen = pa.array([f"{a} {b}" for a, b in zip(*main, strict=True)], pa.string())
    named = pc.binary_join_element_wise(pairs[0], pairs[1], " ")
    is_main = pc.is_in(named, value_set=chosen)
    absent = sorted(set(chosen.to_pylist()) - set(named.to_pylist()))
    if absent:
        raise SourceError(
            f"{source.name}: sheet {sheet!r} sends {absent[0]!r}, expected a pair of sheet "
            f"{PAIRS!r}. The workbook may have been edited: fetch it again."
        )
    rows = {
        **{"classification": later, "commodity": pairs[0]},
        **{"earlier_classification": earlier, "earlier_commodity": pairs[1]},
        **{"relationship": pairs[2], "is_main": is_main},
    }
    yield Batch(_table(rows, len(pairs[0])), {})


def _sheet(
    source: SourceFile, book: fastexcel.ExcelReader, name: str, width: int
) -> list[pa.Array]:
    """Columns of a sheet below its header, every one text and filled."""
    rows = book.load_sheet(name, header_row=None, dtypes="string").to_arrow().slice(1)
    table = pa.Table.from_batches([rows])
    columns = [table.column(place).combine_chunks().cast(pa.string()) for place in range(width)]
    codes = columns[:2]
    if table.num_columns != width or any(column.null_count for column in columns):
        raise SourceError(
            f"{source.name}, sheet {name!r}: {table.num_columns} columns with empty cells or "
            f"others, expected {width} filled ones."
        )
    if not all(pc.all(pc.match_substring_regex(column, r"^\d{6}$")).as_py() for column in codes):
        raise SourceError(
            f"{source.name}, sheet {name!r}: holds a code that is not of six digits, expected "
            "codes of the Harmonized System."
        )
    if width > 2 and set(columns[2].unique().to_pylist()) - set(RELATIONSHIPS):
        raise SourceError(
            f"{source.name}, sheet {name!r}: relationship is one of "
            f"{sorted(columns[2].unique().to_pylist())}, expected {list(RELATIONSHIPS)}."
        )
    return columns


def _table(columns: dict[str, object], length: int) -> pa.Table:
    arrays = {
        name: pa.repeat(pa.scalar(value), length) if isinstance(value, str) else value
        for name, value in columns.items()
    }
    return pa.table(arrays)
