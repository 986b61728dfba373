"""Columns of the two lists of the United Kingdom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """How one of the lists is laid out.

    Args:
        reader: Name of the reader.
        dataset: Name of the collection.
        publisher: Who publishes it.
        above: How the line above the header begins.
        columns: Its columns.
        number: Column of the party's number.
        kind: Column that tells persons, entities and ships.
        name_kind: Column that tells names and aliases.
        quality: Column that tells weak aliases.
        script: Column of the name in its own script.
        listed: Column of the day of listing.
        regime: Column of the regime.
        address: Columns of an address, in order.
        plain: Other columns and their properties.
    """

    reader: str
    dataset: str
    publisher: str
    above: str
    columns: tuple[str, ...]
    number: str
    kind: str
    name_kind: str
    quality: str
    script: str
    listed: str
    regime: str
    address: tuple[str, ...]
    plain: tuple[tuple[str, str], ...]


_NAMES = ("Name 6", "Name 1", "Name 2", "Name 3", "Name 4", "Name 5")
_LINES = tuple(f"Address Line {n}" for n in range(1, 7))
_OFSI_LINES = tuple(f"Address {n}" for n in range(1, 7))

FCDO = Layout(
    reader="uk_sanctions",
    dataset="uk-sanctions",
    publisher="UK Foreign, Commonwealth and Development Office",
    above="Report Date",
    columns=(
        *("Last Updated", "Unique ID", "OFSI Group ID", "UN Reference Number", *_NAMES),
        *("Name type", "Alias strength", "Title", "Name non-latin script"),
        *("Non-latin script type", "Non-latin script language", "Regime Name"),
        *("Designation Type", "Designation source", "Sanctions Imposed", "Other Information"),
        *("UK Statement of Reasons", *_LINES, "Address Postal Code", "Address Country"),
        *("Phone number", "Website", "Email address", "Date Designated", "D.O.B"),
        *("Nationality(/ies)", "National Identifier number"),
        *("National Identifier additional information", "Passport number"),
        *("Passport additional information", "Position", "Gender", "Town of birth"),
        *("Country of birth", "Type of entity", "Subsidiaries", "Parent company"),
        *("Business registration number (s)", "IMO number", "Current owner/operator (s)"),
        *("Previous owner/operator (s)", "Current believed flag of ship", "Previous flags"),
        *("Type of ship", "Tonnage of ship", "Length of ship", "Year Built"),
        "Hull identification number (HIN)",
    ),
    number="Unique ID",
    kind="Designation Type",
    name_kind="Name type",
    quality="Alias strength",
    script="Name non-latin script",
    listed="Date Designated",
    regime="Regime Name",
    address=(*_LINES, "Address Postal Code", "Address Country"),
    plain=(
        *(("Address Country", "country"), ("Phone number", "phone"), ("Website", "website")),
        *(("Email address", "email"), ("D.O.B", "birthDate"), ("Position", "position")),
        *(("Nationality(/ies)", "nationality"), ("National Identifier number", "idNumber")),
        *(("Passport number", "passportNumber"), ("Gender", "gender")),
        *(("Town of birth", "birthPlace"), ("Country of birth", "birthPlace")),
        *(("Business registration number (s)", "registrationNumber"), ("IMO number", "imoNumber")),
        *(("Current believed flag of ship", "flag"), ("Previous flags", "pastFlags")),
        *(("Type of ship", "type"), ("Tonnage of ship", "tonnage"), ("Title", "title")),
        *(("UN Reference Number", "unscId"), ("Other Information", "notes")),
        *(("UK Statement of Reasons", "notes"), ("Subsidiaries", "notes")),
        *(("Parent company", "notes"), ("Current owner/operator (s)", "notes")),
        ("Previous owner/operator (s)", "notes"),
    ),
)
OFSI = Layout(
    reader="uk_sanctions_ofsi",
    dataset="uk-ofsi",
    publisher="UK HM Treasury, Office of Financial Sanctions Implementation",
    above="Last Updated",
    columns=(
        *(*_NAMES, "Title", "Name Non-Latin Script", "Non-Latin Script Type"),
        *("Non-Latin Script Language", "DOB", "Town of Birth", "Country of Birth"),
        *("Nationality", "Passport Number", "Passport Details"),
        *("National Identification Number", "National Identification Details", "Position"),
        *(*_OFSI_LINES, "Post/Zip Code", "Country", "Other Information", "Group Type"),
        *("Alias Type", "Alias Quality", "Regime", "Listed On"),
        *("UK Sanctions List Date Designated", "Last Updated", "Group ID"),
    ),
    number="Group ID",
    kind="Group Type",
    name_kind="Alias Type",
    quality="Alias Quality",
    script="Name Non-Latin Script",
    listed="Listed On",
    regime="Regime",
    address=(*_OFSI_LINES, "Post/Zip Code", "Country"),
    plain=(
        *(("Country", "country"), ("DOB", "birthDate"), ("Nationality", "nationality")),
        *(("Passport Number", "passportNumber"), ("Position", "position"), ("Title", "title")),
        *(("National Identification Number", "idNumber"), ("Town of Birth", "birthPlace")),
        *(("Country of Birth", "birthPlace"), ("Other Information", "notes")),
    ),
)
