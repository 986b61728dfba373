"""Every table and every column: the contract between the rooms.

A column has a name, a kind, a unit and one sentence; a table has a key. The lake refuses rows that
break any of them, `docs/reference/tables.md` is generated from here, and a test reads both.

Areas are ISO 3166-1 alpha-2 in capitals, with ``_T`` for the total and ``_X`` for not specified (as
in SDMX). A commodity is zero-padded text and travels with its classification. Money names its
currency and its valuation (CIF or FOB). A period is a date, the first day, plus its frequency.
"""

from __future__ import annotations

from entrepot.columns import (
    BRACKETS,
    CLASSIFICATION,
    DATASET,
    FLOW_CODES,
    FREQUENCIES,
    SOURCE_ID,
    VALUATIONS,
    text,
)
from entrepot.press_tables import ARTICLES, CLAIMS, EVENTS, FIGURES, QUOTES
from entrepot.result_tables import (
    DIAGNOSTICS,
    FINDINGS,
    LEADS,
    RUNS,
    SERIES,
    TOTALS,
    TRUTH,
)
from entrepot.schema import Column, Table
from entrepot.screening_tables import LISTED_PARTIES, SHIPMENTS

__all__ = [
    "ARTICLES",
    "BRACKETS",
    "CLAIMS",
    "CONCORDANCES",
    "DIAGNOSTICS",
    "EVENTS",
    "FIGURES",
    "FINDINGS",
    "FLOWS",
    "FLOW_CODES",
    "LEADS",
    "LISTED_COMMODITIES",
    "LISTED_PARTIES",
    "QUOTES",
    "RATES",
    "RUNS",
    "SERIES",
    "SHIPMENTS",
    "SOURCES",
    "TABLES",
    "TOTALS",
    "TRUTH",
]

SOURCES = Table(
    "sources",
    "one file or API answer, kept byte for byte",
    (
        SOURCE_ID,
        DATASET,
        text("vintage", "The publisher's own date of the data, ISO 8601."),
        text("publisher", "Who published it."),
        text("url", "Address it was fetched from.", nullable=True),
        text("licence", "Terms of reuse, in the publisher's words or name."),
        Column("retrieved_at", "time", "When it was fetched, or else entered the lake.", "UTC"),
        text("path", "File name it came in under."),
        text("sha256", "Digest of its bytes, 64 hex digits."),
        Column("size_bytes", "int", "Its size.", "byte"),
        text("reader", "Reader that understood it."),
        Column("row_count", "int", "Rows it gave.", "rows"),
    ),
    ("source_id",),
)

FLOWS = Table(
    "flows",
    "what one reporter declared about one partner, flow, commodity and period",
    (
        SOURCE_ID,
        DATASET,
        text("freq", "Frequency of the period.", *FREQUENCIES),
        Column("period", "date", "First day of the month or year."),
        text("reporter", "Area that declares."),
        text(
            "partner",
            "Area declared about; `_X` where confidential or not specified, `EU_X` where it is a "
            "member of that grouping that is not named.",
        ),
        text("partner2", "Area of consignment; `_T` where not broken down."),
        text("flow", "Comtrade's letters: M imports, X exports, RX re-exports …", *FLOW_CODES),
        CLASSIFICATION,
        text("commodity", "Commodity code, zero-padded text; `TOTAL` for all goods."),
        text("customs_procedure", "Customs procedure; `_T` where not broken down."),
        Column("value", "float", "Declared value, never negative.", "currency"),
        text("currency", "ISO 4217 code of the value."),
        text("valuation", "Whether freight to the border is in the value.", *VALUATIONS),
        Column("net_weight_kg", "float", "Net weight.", "kg", nullable=True),
        Column("quantity", "float", "Supplementary quantity.", "quantity_unit", nullable=True),
        text("quantity_unit", "Unit of the supplementary quantity.", nullable=True),
        text("obs_status", "SDMX status: A normal, E estimated, C confidential.", "A", "E", "C"),
    ),
    (
        *("source_id", "freq", "period", "reporter", "partner", "partner2", "flow"),
        *("classification", "commodity", "customs_procedure"),
    ),
)

RATES = Table(
    "rates",
    "what one unit of a currency was worth in another in one period",
    (
        SOURCE_ID,
        DATASET,
        text("freq", "Frequency of the period; the rate is its average.", *FREQUENCIES),
        Column("period", "date", "First day of the month or year."),
        text("base", "ISO 4217 code of the currency that is priced, e.g. EUR."),
        text("currency", "ISO 4217 code of the currency it is priced in, e.g. USD."),
        Column("rate", "float", "Units of `currency` for one unit of `base`.", "currency"),
        Column("day_count", "int", "Days averaged; open where published.", "days", nullable=True),
    ),
    ("source_id", "freq", "period", "base", "currency"),
)

CONCORDANCES = Table(
    "concordances",
    "one pair of codes of two editions of a classification that share goods",
    (
        SOURCE_ID,
        DATASET,
        text("classification", "Edition the code belongs to: H6, CN2023."),
        text("commodity", "Code of that edition, zero-padded text."),
        text("earlier_classification", "The edition before: H5, CN2022."),
        text("earlier_commodity", "Code that held the goods, or some of them, in that edition."),
        text(
            "relationship",
            "Codes of the edition to codes of the earlier one, as published.",
            *("1:1", "1:n", "n:1", "n:n"),
            nullable=True,
        ),
        Column(
            "is_main",
            "bool",
            "Whether the publisher sends all trade of the code there; open where it does not say.",
            nullable=True,
        ),
    ),
    ("source_id", "classification", "commodity", "earlier_classification", "earlier_commodity"),
)

LISTED_COMMODITIES = Table(
    "listed_commodities",
    "one code on one control list while it stood there",
    (
        SOURCE_ID,
        text("list_id", "The list, e.g. eu-export-ban or chpl."),
        CLASSIFICATION,
        text("commodity", "Code or prefix; every code that begins with it is listed."),
        text("tier", "Tier on the list, where it has tiers.", nullable=True),
        text("description", "The list's words.", nullable=True),
        Column("valid_from", "date", "First day on the list.", nullable=True),
        Column("valid_to", "date", "Last day on the list; open while it stands.", nullable=True),
        text("locator", "Act, annex, table or line where it can be checked."),
    ),
    ("source_id", "list_id", "classification", "commodity", "locator"),
)

TABLES = {
    table.name: table
    for table in (
        *(SOURCES, FLOWS, RATES, CONCORDANCES, LISTED_COMMODITIES, RUNS, SERIES),
        *(LEADS, TOTALS, DIAGNOSTICS, FINDINGS, TRUTH),
        *(LISTED_PARTIES, SHIPMENTS),
        *(ARTICLES, QUOTES, FIGURES, EVENTS, CLAIMS),
    )
}
