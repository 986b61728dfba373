"""Every table and every column: the contract between the rooms.

A column has a name, a kind, a unit and one sentence; a table has a key. The lake refuses rows that
break any of them, `docs/reference/tables.md` is generated from here, and a test reads both.

Areas are ISO 3166-1 alpha-2 in capitals, with ``_T`` for the total and ``_X`` for not specified (as
in SDMX). A commodity is zero-padded text and travels with its classification. Money names its
currency and its valuation (CIF or FOB). A period is a date, the first day, plus its frequency.
"""

from __future__ import annotations

from entrepot.schema import Column, Table


def _text(name: str, meaning: str, *choices: str, nullable: bool = False) -> Column:
    return Column(name, "text", meaning, nullable=nullable, choices=choices)


def _open(name: str, meaning: str, unit: str = "unit") -> Column:
    return Column(name, "float", meaning, unit=unit, nullable=True)


def _interval(name: str, what: str, unit: str = "unit") -> tuple[Column, Column, Column]:
    return (
        _open(name, f"{what}, point estimate.", unit),
        _open(f"{name}_low", f"{what}, lower end of the 90 % interval.", unit),
        _open(f"{name}_high", f"{what}, upper end of the 90 % interval.", unit),
    )


FLOW_CODES = ("M", "X", "RX", "RM", "DX", "FM")
FREQUENCIES = ("A", "M")
VALUATIONS = ("CIF", "FOB")
LEGS = ("direct", "upstream", "arrival", "downstream")
BRACKETS = ("common", "partner")
LEAD_KINDS = ("tested", "control")
OUTCOMES = ("flagged", "clear", "supported", "contradicted", "unknown")

_SOURCE_ID = _text("source_id", "First 16 hex digits of the sha256 of the file the row came from.")
_RUN_ID = _text("run_id", "The run: a digest of its parameters, code version and source ids.")
_DATASET = _text("dataset", "Name of the collection, e.g. comext or simulated.")
_BRACKET = _text(
    "bracket",
    "What third countries' general trade is taken to do: `common` follows all partners' common "
    "path, `partner` follows each partner's own trade in goods that are not listed.",
    *BRACKETS,
)
_CLASSIFICATION = _text("classification", "Commodity classification and edition: HS, H5, CN.")
_COMMODITY = _text("commodity", "Commodity code, zero-padded text; `_T` for all listed goods.")
_UNIT = _text("unit", "Unit of the amounts of the row, e.g. EUR FOB.")
_CAVEATS = _text("caveats", "Caveat codes (codes/caveats.csv), separated by spaces; may be empty.")
_CORRIDOR = (
    _text("coalition", "Grouping of the exporting countries, e.g. EU."),
    _text("intermediary", "Third country the goods were declared to; `_T` for all."),
    _text("destination", "Sanctioned country the goods may have gone on to."),
)
_WINDOW = (
    Column("window_start", "date", "First month of the window the estimate sums over."),
    Column("window_end", "date", "Last month of the window the estimate sums over."),
)
_LEGS_USED = _text("legs", "Legs that were available.", "UAD", "UA", "UD", "U")
_CONCLUSION = (
    Column("observed", "float", "Declared exports to the intermediary in the window.", "unit"),
    *_interval("expected", "What the counterfactual expects in the window"),
    *_interval("excess", "Observed minus expected"),
    *_interval("diverted", "Part of the excess that went on; without a second leg only a range"),
    *_interval("intermediated", "Part that arrived in the intermediary and went on"),
    *_interval("ghost", "Part that never arrived in the intermediary"),
    _open("lost_direct", "Direct exports to the destination lost in the window."),
)

SOURCES = Table(
    "sources",
    "one file or API answer, kept byte for byte",
    (
        _SOURCE_ID,
        _DATASET,
        _text("vintage", "The publisher's own date of the data, ISO 8601."),
        _text("publisher", "Who published it."),
        _text("url", "Address it was fetched from.", nullable=True),
        _text("licence", "Terms of reuse, in the publisher's words or name."),
        Column("retrieved_at", "time", "When it entered the lake.", "UTC"),
        _text("path", "File name it came in under."),
        _text("sha256", "Digest of its bytes, 64 hex digits."),
        Column("size_bytes", "int", "Its size.", "byte"),
        _text("reader", "Reader that understood it."),
        Column("row_count", "int", "Rows it gave.", "rows"),
    ),
    ("source_id",),
)

FLOWS = Table(
    "flows",
    "what one reporter declared about one partner, flow, commodity and period",
    (
        _SOURCE_ID,
        _DATASET,
        _text("freq", "Frequency of the period.", *FREQUENCIES),
        Column("period", "date", "First day of the month or year."),
        _text("reporter", "Area that declares."),
        _text("partner", "Area declared about; `_X` where confidential or not specified."),
        _text("partner2", "Area of consignment; `_T` where not broken down."),
        _text("flow", "Comtrade's letters: M imports, X exports, RX re-exports …", *FLOW_CODES),
        _CLASSIFICATION,
        _text("commodity", "Commodity code, zero-padded text; `TOTAL` for all goods."),
        _text("customs_procedure", "Customs procedure; `_T` where not broken down."),
        Column("value", "float", "Declared value, never negative.", "currency"),
        _text("currency", "ISO 4217 code of the value."),
        _text("valuation", "Whether freight to the border is in the value.", *VALUATIONS),
        Column("net_weight_kg", "float", "Net weight.", "kg", nullable=True),
        Column("quantity", "float", "Supplementary quantity.", "quantity_unit", nullable=True),
        _text("quantity_unit", "Unit of the supplementary quantity.", nullable=True),
        _text("obs_status", "SDMX status: A normal, E estimated, C confidential.", "A", "E", "C"),
    ),
    (
        *("source_id", "freq", "period", "reporter", "partner", "partner2", "flow"),
        *("classification", "commodity", "customs_procedure"),
    ),
)

LISTED_COMMODITIES = Table(
    "listed_commodities",
    "one code on one control list while it stood there",
    (
        _SOURCE_ID,
        _text("list_id", "The list, e.g. eu-export-ban or chpl."),
        _CLASSIFICATION,
        _text("commodity", "Code or prefix; every code that begins with it is listed."),
        _text("tier", "Tier on the list, where it has tiers.", nullable=True),
        _text("description", "The list's words.", nullable=True),
        Column("valid_from", "date", "First day on the list.", nullable=True),
        Column("valid_to", "date", "Last day on the list; open while it stands.", nullable=True),
        _text("locator", "Act, annex, table or line where it can be checked."),
    ),
    ("source_id", "list_id", "classification", "commodity", "locator"),
)

RUNS = Table(
    "runs",
    "one run of the estimator and all that decided its result",
    (
        _RUN_ID,
        Column("created_at", "time", "When it was run.", "UTC"),
        _text("code_version", "Version of Entrepôt."),
        _text("engine", "Engine that aggregated the panel."),
        _text("parameters", "All parameters, as JSON with sorted keys."),
        _text("source_ids", "Sources the panel was drawn from, separated by spaces."),
        Column("is_simulated", "bool", "Whether any source is a simulated world."),
    ),
    ("run_id",),
)

SERIES = Table(
    "series",
    "one leg of one corridor in one period of one run",
    (
        _RUN_ID,
        _BRACKET,
        _text("leg", "Leg of the corridor.", *LEGS),
        *_CORRIDOR,
        _CLASSIFICATION,
        _COMMODITY,
        Column("period", "date", "First day of the month."),
        _open("observed", "Declared value; open where nobody reported."),
        *_interval("expected", "What the counterfactual expects"),
        _UNIT,
    ),
    ("run_id", "bracket", "leg", "intermediary", "commodity", "period"),
)

LEADS = Table(
    "leads",
    "what one run concluded about one corridor and commodity",
    (
        _RUN_ID,
        _BRACKET,
        _text(
            "kind",
            "`tested` in a candidate intermediary; `control` in a country taken for a control, "
            "whose trade looks diverted all the same.",
            *LEAD_KINDS,
        ),
        *_CORRIDOR,
        _CLASSIFICATION,
        _COMMODITY,
        *_WINDOW,
        _LEGS_USED,
        *_CONCLUSION,
        *_interval("discounted", "Excess discounted by the chance that it is noise (local_fdr)"),
        _open("excess_fcr_low", "Lower end corrected for selection; open if out of reach."),
        _open("excess_fcr_high", "Upper end corrected for selection; open if out of reach."),
        _open("probability", "Probability that something was diverted; open on one leg.", "1"),
        _open(
            "probability_material", "The same of EUR 20,000 or more; the bench ranks by it.", "1"
        ),
        _open("score", "The score that ranks and tests, fixed in advance.", "1"),
        _open("p_value", "Conformal p-value among held-out control cells.", "1"),
        _open("q_value", "Benjamini-Hochberg adjusted p-value.", "1"),
        _open("q_tree", "p-value adjusted from the country down.", "1"),
        _open("local_fdr", "Local false discovery rate (Storey, Grenander).", "1"),
        Column("is_flagged", "bool", "Flagged at the run's FDR: by all legs, or q_value on one."),
        _open(
            "substitution_ratio",
            "Diverted, or excess without both second legs, over lost exports.",
            "1",
        ),
        *_interval("unit_value_change", "Change of value per kg against other partners, logs", "1"),
        Column("onset", "date", "Most likely first month of the excess.", nullable=True),
        Column("onset_low", "date", "Earliest likely first month.", nullable=True),
        Column("onset_high", "date", "Latest likely first month.", nullable=True),
        _UNIT,
        _CAVEATS,
    ),
    ("run_id", "bracket", "intermediary", "commodity"),
)

TOTALS = Table(
    "totals",
    "the same for a country or a product group, with the partner shock",
    (
        _RUN_ID,
        _BRACKET,
        *_CORRIDOR,
        _CLASSIFICATION,
        _text("group", "HS chapter of the commodities summed; `_T` for all listed goods."),
        *_WINDOW,
        _LEGS_USED,
        Column("cell_count", "int", "Corridors summed.", "corridors"),
        Column("flagged_count", "int", "Corridors among them that are flagged.", "corridors"),
        *_CONCLUSION,
        *_interval("substitution_ratio", "Diverted, or excess on one leg, over lost exports", "1"),
        *_interval("ghost_share", "Ghost trade over diverted trade", "1"),
        _UNIT,
        _CAVEATS,
    ),
    ("run_id", "bracket", "intermediary", "group"),
)

DIAGNOSTICS = Table(
    "diagnostics",
    "one number of one check that a run made of itself",
    (
        _RUN_ID,
        _BRACKET,
        _text("diagnostic", "The check: placebo_in_time, placebo_in_space, calibration …"),
        _text("measure", "What was counted or measured."),
        _text("label", "Bin, fold or country the number belongs to; `_T` for all."),
        Column("value", "float", "The number.", "unit"),
        _UNIT,
    ),
    ("run_id", "bracket", "diagnostic", "measure", "label"),
)

FINDINGS = Table(
    "findings",
    "what one rule concluded about one shipment line, claim, corridor, run or file",
    (
        _text("run_id", "The run the rule belonged to, or the source id of a file."),
        _text("rule", "Name of the rule."),
        _text("subject", "Kind of thing: corridor, country, run, file, shipment, claim."),
        _text("subject_id", "Which one."),
        _text("outcome", "What the rule concluded.", *OUTCOMES),
        _open("score", "The rule's score, where it has one.", "1"),
        _open("observed", "What was found."),
        _open("expected", "What it was compared with."),
        _text("unit", "Unit of observed and expected.", nullable=True),
        _text("detail", "One sentence with numbers, units and period."),
        _text("evidence", "Where it can be checked: tables and keys, separated by `; `."),
        _CAVEATS,
    ),
    ("run_id", "rule", "subject", "subject_id"),
)

TRUTH = Table(
    "truth",
    "what a simulated world really diverted in one corridor and month",
    (
        _SOURCE_ID,
        *_CORRIDOR,
        _COMMODITY,
        Column("period", "date", "First day of the month."),
        Column("intermediated", "float", "Planted: arrived and went on.", "unit"),
        Column("ghost", "float", "Planted: never arrived.", "unit"),
        _UNIT,
    ),
    ("source_id", "intermediary", "commodity", "period"),
)

TABLES = {
    table.name: table
    for table in (
        *(SOURCES, FLOWS, LISTED_COMMODITIES, RUNS, SERIES, LEADS),
        *(TOTALS, DIAGNOSTICS, FINDINGS, TRUTH),
    )
}
