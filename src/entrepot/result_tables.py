"""The tables of results: what a run concluded, and what a simulated world really held."""

from __future__ import annotations

from entrepot.columns import (
    BRACKET,
    CAVEATS,
    CLASSIFICATION,
    COMMODITY,
    CONCLUSION,
    CORRIDOR,
    LEAD_KINDS,
    LEGS,
    LEGS_USED,
    OUTCOMES,
    RUN_ID,
    SOURCE_ID,
    UNIT,
    WINDOW,
    amount,
    interval,
    text,
)
from entrepot.schema import Column, Table

RUNS = Table(
    "runs",
    "one run of the estimator and all that decided its result",
    (
        RUN_ID,
        Column("created_at", "time", "When it was run.", "UTC"),
        text("code_version", "Version of Entrepôt."),
        text("engine", "Engine that aggregated the panel."),
        text("parameters", "All parameters, as JSON with sorted keys."),
        text("source_ids", "Sources the panel was drawn from, separated by spaces."),
        Column("is_simulated", "bool", "Whether any source is a simulated world."),
    ),
    ("run_id",),
)

SERIES = Table(
    "series",
    "one leg of one corridor in one period of one run",
    (
        RUN_ID,
        BRACKET,
        text("leg", "Leg of the corridor.", *LEGS),
        *CORRIDOR,
        CLASSIFICATION,
        COMMODITY,
        Column("period", "date", "First day of the month."),
        amount("observed", "Declared value; open where nobody reported."),
        *interval("expected", "What the counterfactual expects"),
        UNIT,
    ),
    ("run_id", "bracket", "leg", "intermediary", "commodity", "period"),
)

LEADS = Table(
    "leads",
    "what one run concluded about one corridor and commodity",
    (
        RUN_ID,
        BRACKET,
        text(
            "kind",
            "`tested` in a candidate intermediary; `control` in a country taken for a control, "
            "whose trade looks diverted all the same.",
            *LEAD_KINDS,
        ),
        *CORRIDOR,
        CLASSIFICATION,
        COMMODITY,
        *WINDOW,
        LEGS_USED,
        *CONCLUSION,
        *interval("discounted", "Excess discounted by the chance that it is noise (local_fdr)"),
        amount("excess_fcr_low", "Lower end corrected for selection; open if out of reach."),
        amount("excess_fcr_high", "Upper end corrected for selection; open if out of reach."),
        amount("probability", "Probability that something was diverted; open on one leg.", "1"),
        amount(
            "probability_material", "The same of EUR 20,000 or more; the bench ranks by it.", "1"
        ),
        amount("score", "The score that ranks and tests, fixed in advance.", "1"),
        amount("p_value", "Conformal p-value among held-out control cells.", "1"),
        amount("q_value", "Benjamini-Hochberg adjusted p-value.", "1"),
        amount("q_tree", "p-value adjusted from the country down.", "1"),
        amount("local_fdr", "Local false discovery rate (Storey, Grenander).", "1"),
        Column("is_flagged", "bool", "Flagged at the run's FDR: by all legs, or q_value on one."),
        amount(
            "substitution_ratio",
            "Diverted, or excess without both second legs, over lost exports.",
            "1",
        ),
        *interval("unit_value_change", "Change of value per kg against other partners, logs", "1"),
        Column("onset", "date", "Most likely first month of the excess.", nullable=True),
        Column("onset_low", "date", "Earliest likely first month.", nullable=True),
        Column("onset_high", "date", "Latest likely first month.", nullable=True),
        UNIT,
        CAVEATS,
    ),
    ("run_id", "bracket", "intermediary", "commodity"),
)

TOTALS = Table(
    "totals",
    "the same for a country or a product group, with the partner shock",
    (
        RUN_ID,
        BRACKET,
        *CORRIDOR,
        CLASSIFICATION,
        text("group", "HS chapter of the commodities summed; `_T` for all listed goods."),
        *WINDOW,
        LEGS_USED,
        Column("cell_count", "int", "Corridors summed.", "corridors"),
        Column("flagged_count", "int", "Corridors among them that are flagged.", "corridors"),
        *CONCLUSION,
        *interval("substitution_ratio", "Diverted, or excess on one leg, over lost exports", "1"),
        *interval("ghost_share", "Ghost trade over diverted trade", "1"),
        UNIT,
        CAVEATS,
    ),
    ("run_id", "bracket", "intermediary", "group"),
)

DIAGNOSTICS = Table(
    "diagnostics",
    "one number of one check that a run made of itself",
    (
        RUN_ID,
        BRACKET,
        text("diagnostic", "The check: placebo_in_time, placebo_in_space, calibration …"),
        text("measure", "What was counted or measured."),
        text("label", "Bin, fold or country the number belongs to; `_T` for all."),
        Column("value", "float", "The number.", "unit"),
        UNIT,
    ),
    ("run_id", "bracket", "diagnostic", "measure", "label"),
)

FINDINGS = Table(
    "findings",
    "what one rule concluded about one shipment line, claim, corridor, run or file",
    (
        text("run_id", "The run the rule belonged to, or the source id of a file."),
        text("rule", "Name of the rule."),
        text("subject", "Kind of thing: corridor, country, run, file, shipment, claim."),
        text("subject_id", "Which one."),
        text("outcome", "What the rule concluded.", *OUTCOMES),
        amount("score", "The rule's score, where it has one.", "1"),
        amount("observed", "What was found."),
        amount("expected", "What it was compared with."),
        text("unit", "Unit of observed and expected.", nullable=True),
        text("detail", "One sentence with numbers, units and period."),
        text("evidence", "Where it can be checked: tables and keys, separated by `; `."),
        CAVEATS,
    ),
    ("run_id", "rule", "subject", "subject_id"),
)

TRUTH = Table(
    "truth",
    "what a simulated world really diverted in one corridor and month",
    (
        SOURCE_ID,
        *CORRIDOR,
        COMMODITY,
        Column("period", "date", "First day of the month."),
        Column("intermediated", "float", "Planted: arrived and went on.", "unit"),
        Column("ghost", "float", "Planted: never arrived.", "unit"),
        UNIT,
    ),
    ("source_id", "intermediary", "commodity", "period"),
)
