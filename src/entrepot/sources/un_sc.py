"""The consolidated list of the United Nations Security Council (XML)."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.party_rows_xml import Element, elements, opening_of, refuse_unknown, said
from entrepot.sources.reading import OnProgress, Reading, SourceFile

DATASET = "un-sc"
READER = "un_sc"
ROOT = "CONSOLIDATED_LIST"
PUBLISHER = "United Nations Security Council"
LICENCE = "United Nations, terms of use: personal, non-commercial use"

_SCHEMAS = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLAIN = {"COMMENTS1": "notes", "GENDER": "gender", "NAME_ORIGINAL_SCRIPT": "alias"}
_VALUES = {"DESIGNATION": "position", "TITLE": "title", "NATIONALITY": "nationality"}
_UNREAD = {"VERSIONNUM", "LIST_TYPE", "LAST_DAY_UPDATED", "SORT_KEY", "SORT_KEY_LAST_MOD"}
_UNREAD |= {"SUBMITTED_ON", "SUBMITTED_BY", "NATIONALITY2", "INTERPOL_LINK"}
_KNOWN = {"DATAID", "UN_LIST_TYPE", "REFERENCE_NUMBER", "LISTED_ON", "DELISTED_ON", *_NAMES}
_KNOWN |= {*_PLAIN, *_VALUES, *_UNREAD}
_PARTS = ("ALIAS", "ADDRESS", "DATE_OF_BIRTH", "PLACE_OF_BIRTH", "DOCUMENT")
_QUALITY = {"Good": "alias", "Low": "weakAlias", "a.k.a.": "alias", "f.k.a.": "previousName"}
_QUALITY[""] = "alias"
_DAY = len("2026-02-27")


def read_un(source: SourceFile, report: OnProgress) -> Reading:
    """Read the list.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If the file is not that list, holds an element nobody knows, or is cut short.
    """
    opening = opening_of(source.path)
    made = opening[1].get("dateGenerated", "") if opening and opening[0] == ROOT else ""
    if listing_day(source.name, "dateGenerated", made[:_DAY]) is None:
        raise SourceError(
            f"{source.name}: the first element is {opening and opening[0]!r}, expected {ROOT} with "
            "dateGenerated. Fetch the list again."
        )
    report(0, 1, source.name)
    what = PartyList(DATASET, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, made[:_DAY], _parties(source))


def _parties(source: SourceFile) -> Iterator[Party]:
    for element in elements(source, _SCHEMAS):
        refuse_unknown(source, element, _KNOWN | {f"{element.tag}_{part}" for part in _PARTS})
        yield _party(source, element)


def _party(source: SourceFile, element: Element) -> Party:
    number = said(element, "DATAID")
    place = f"{source.name}, DATAID {number!r}"
    party = Party(f"un-{number}", _SCHEMAS[element.tag])
    party.listing_date = listing_day(place, "LISTED_ON", said(element, "LISTED_ON")[:_DAY])
    party.end_date = listing_day(place, "DELISTED_ON", said(element, "DELISTED_ON")[:_DAY])
    party.add("name", " ".join(filter(None, (said(element, name) for name in _NAMES))))
    if not number or not party.statements:
        raise SourceError(f"{place}: no number or no name, expected both. Fetch the list again.")
    party.add_program(said(element, "UN_LIST_TYPE"))
    party.add("unscId", said(element, "REFERENCE_NUMBER"))
    for tag, prop in _PLAIN.items():
        party.add(prop, said(element, tag))
    for tag, prop in _VALUES.items():
        for value in element.findall(f"{tag}/VALUE"):
            party.add(prop, value.text)
    party.add("topics", "sanction")
    _add_aliases(place, party, element)
    _add_places(party, element)
    _add_births(party, element)
    _add_documents(party, element)
    return party


def _add_aliases(place: str, party: Party, element: Element) -> None:
    for alias in element.findall(f"{element.tag}_ALIAS"):
        quality = said(alias, "QUALITY")
        if quality not in _QUALITY:
            raise SourceError(
                f"{place}: QUALITY is {quality!r}, expected one of {sorted(_QUALITY)}. Compare "
                "the file with docs/how-to/party-lists.md."
            )
        party.add(_QUALITY[quality], said(alias, "ALIAS_NAME"))
        party.add("birthDate", said(alias, "DATE_OF_BIRTH"))


def _joined(element: Element, *tags: str) -> str:
    return ", ".join(filter(None, (said(element, tag) for tag in tags)))


def _add_places(party: Party, element: Element) -> None:
    for found in element.findall(f"{element.tag}_ADDRESS"):
        tags = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
        party.add("address", _joined(found, *tags))
        party.add("country", said(found, "COUNTRY"))
        party.add("notes", said(found, "NOTE"))
    for found in element.findall("INDIVIDUAL_PLACE_OF_BIRTH"):
        party.add("birthPlace", _joined(found, "STREET", "CITY", "STATE_PROVINCE", "COUNTRY"))


def _add_births(party: Party, element: Element) -> None:
    for found in element.findall("INDIVIDUAL_DATE_OF_BIRTH"):
        kind = said(found, "TYPE_OF_DATE")
        for tag in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR"):
            value = said(found, tag)
            party.add("birthDate", value, f"{kind} {value}" if kind not in {"", "EXACT"} else None)
        party.add("notes", said(found, "NOTE"))


def _add_documents(party: Party, element: Element) -> None:
    for found in element.findall("INDIVIDUAL_DOCUMENT"):
        kind = said(found, "TYPE_OF_DOCUMENT").casefold()
        is_passport = kind.startswith(("passport", "numéro de passeport", "número de pasaporte"))
        party.add("passportNumber" if is_passport else "idNumber", said(found, "NUMBER"))
        party.add("notes", said(found, "NOTE"))
