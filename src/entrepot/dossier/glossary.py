"""Words of a dossier, and its method, on a page each: for readers who were not there."""

from __future__ import annotations

from entrepot.dossier.records import Note

GLOSSARY = (
    Note(
        "Bracket",
        "One of two answers to what trade would have been without diversion. Neither "
        "is the truth; the truth may lie outside both.",
    ),
    Note(
        "Common path",
        "The bracket in which a country follows the path that all partners share. "
        "It overstates where the country grew in everything.",
    ),
    Note(
        "Own path",
        "The bracket in which a country follows its own trade in goods that are not "
        "listed. It understates where part of those was diverted too.",
    ),
    Note("Declared", "What a reporter's customs declared and its statistical office published."),
    Note("Expected", "What the model would have expected without diversion, with its interval."),
    Note(
        "Excess",
        "Declared less expected. An excess is consistent with diversion and with "
        "ordinary growth that the model does not know.",
    ),
    Note(
        "Diverted",
        "The part of the excess that went on to the destination: intermediated and "
        "ghost together. Without a second leg it is known only as at most the excess.",
    ),
    Note("Intermediated", "Arrived in the third country by its own records, and went on."),
    Note("Ghost", "Declared as exported to the third country, and never recorded there."),
    Note(
        "Leg",
        "One stretch of the way, as somebody declared it: exports of the coalition "
        "(upstream), arrival, sales to the destination (downstream), direct exports.",
    ),
    Note("Onset", "The most likely first month of an excess, with its range."),
    Note(
        "90 % interval",
        "A range that holds the true value in nine of ten such cases, if the "
        "model's assumptions hold.",
    ),
    Note("P", "Probability that anything was diverted, given all legs that tell."),
    Note("q", "Expected share of false ones among the leads flagged at this value or below."),
    Note("Flagged", "Listed for an analyst to look at. It is no finding of wrongdoing."),
    Note(
        "Placebo",
        "The same question where nothing can have been diverted. It should find "
        "nothing; how often it does tells how far the rest can be trusted.",
    ),
    Note(
        "Substitution ratio",
        "What was diverted over what direct exports to the destination lost in the same months.",
    ),
    Note("Vintage", "The day a publisher's file was made. Later files may revise it."),
    Note("Not assessed", "Nobody published what would be needed to say. It clears nothing."),
)
METHOD = (
    Note(
        "Data",
        "Declared exports of listed goods by product, partner and month, as published. A "
        "month counts only where reporters that hold nearly all trade have published it.",
    ),
    Note(
        "Expected trade",
        "A Poisson model with effects for pair, product by month and partner by "
        "month, fitted on trade that cannot hold diversion, says what the rest would have been.",
    ),
    Note(
        "Two brackets",
        "What the partner's own path would have been is the open question, so "
        "every result stands twice.",
    ),
    Note(
        "Interval",
        "Controls that were held out and predicted as if they were treated give the "
        "spread of errors; ranges come from that, and sums carry the shock that all products of a "
        "partner share.",
    ),
    Note(
        "Flags",
        "The rank of a product's score among those of controls gives a p-value, and the "
        "false discovery rate decides which are flagged.",
    ),
    Note(
        "Second legs",
        "Where the third country published what arrived and what was sold on, the "
        "excess is split into what arrived and went on, what never arrived, and what stayed.",
    ),
    Note(
        "Placebos",
        "The same run asks a year earlier, and in countries and goods where nothing "
        "was diverted. Their results stand in this dossier whatever they are.",
    ),
    Note(
        "What it is not",
        "No model of firms, prices or intentions: it is about flows between "
        "countries, and cause is not decided by it.",
    ),
)
