"""The tables of screening: who stands on a list, and what is to be shipped."""

from __future__ import annotations

from entrepot.columns import DATASET, SOURCE_ID, text
from entrepot.schema import Column, Table

LISTED_PARTIES = Table(
    "listed_parties",
    "one property value of one listed party: a statement, as FollowTheMoney has it",
    (
        SOURCE_ID,
        DATASET,
        text("entity_id", "The party, unique within its dataset and the same in all its versions."),
        text("schema", "FollowTheMoney schema: Person, Company, Vessel, Address …"),
        text("prop", "Property: name, alias, weakAlias, previousName, address, innCode …"),
        text("value", "Its value, cleaned: ISO dates, alpha-2 countries in small letters."),
        text("original_value", "The list's own words, where they differ.", nullable=True),
        text("lang", "ISO 639-3 language of the value, where the list says it.", nullable=True),
        text("program_id", "Programme or act the party is listed under.", nullable=True),
        Column("listing_date", "date", "Day the party was listed, where said.", nullable=True),
        Column("end_date", "date", "Last day it stood there, where said.", nullable=True),
    ),
    ("source_id", "entity_id", "prop", "value"),
)

SHIPMENTS = Table(
    "shipments",
    "one goods line of one consignment, as its owner's file has it",
    (
        SOURCE_ID,
        Column("row", "int", "Line of the file, or number of the record, from 1."),
        text("shipment_id", "The consignment; the row where the file names none."),
        Column("line", "int", "Goods line within it, from 1."),
        text("record", "The line as JSON in our field names; nothing that the file says is lost."),
        text("unread", "What could not be read, as JSON: field, value, reason.", nullable=True),
    ),
    ("source_id", "row"),
)
