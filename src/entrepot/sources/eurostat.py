"""Eurostat as a publisher: what its collection is called here, and its terms."""

DATASET = "comext"
PUBLISHER = "Eurostat"
LICENCE = "Commission Decision 2011/833/EU: reuse with attribution, CC BY 4.0"
