"""The EU's consolidated list of financial sanctions (FSF), XML 1.1."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.party_rows_xml import Element, elements, opening_of, refuse_unknown
from entrepot.sources.reading import OnProgress, Reading, SourceFile

DATASET = "eu-fsf"
READER = "eu_fsf"
ROOT = "export"
PUBLISHER = "European Commission, consolidated list of financial sanctions"
LICENCE = "Commission Decision 2011/833/EU: reuse with attribution, CC BY 4.0"
SUBJECTS = {"P": "Person", "E": "LegalEntity", "person": "Person", "enterprise": "LegalEntity"}
NUMBERS = {
    **{"passport": "passportNumber", "id": "idNumber", "ssn": "idNumber", "other": "idNumber"},
    **{"regnumber": "registrationNumber", "tradelic": "registrationNumber"},
    **{"fiscalcode": "taxNumber", "taxid": "taxNumber", "swiftbic": "swiftBic"},
    **{"imo": "imoNumber", "electionid": "idNumber", "diplpass": "passportNumber"},
    **{"residentperm": "idNumber", "travelcard": "idNumber", "travelpermit": "idNumber"},
    **{"stateless": "idNumber", "unknown": "idNumber", "birthcert": "idNumber", "iban": "idNumber"},
    **{"bic": "swiftBic", "driverlic": "idNumber", "parentsid": "idNumber"},
}
_CHILDREN = {"remark", "regulation", "subjectType", "nameAlias", "citizenship", "birthdate"}
_CHILDREN |= {"address", "identification"}
_PLACE = ("street", "poBox", "zipCode", "city", "place", "region", "countryDescription")
_UNKNOWN_COUNTRY = {"", "00", "UNKNOWN"}
_DAY = len("2026-02-27")


def read_fsf(source: SourceFile, report: OnProgress) -> Reading:
    """Read the list.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If the file is not that list, holds something nobody knows, or is cut short.
    """
    opening = opening_of(source.path)
    made = opening[1].get("generationDate", "") if opening and opening[0] == ROOT else ""
    if listing_day(source.name, "generationDate", made[:_DAY]) is None:
        raise SourceError(
            f"{source.name}: the first element is {opening and opening[0]!r}, expected {ROOT} with "
            "generationDate. Fetch the list again."
        )
    report(0, 1, source.name)
    what = PartyList(DATASET, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, made[:_DAY], _parties(source))


def add_country(party: Party, prop: str, code: str, words: str) -> None:
    """Add a country that the list gives as code and words; ``00`` stands for none.

    Args:
        party: The party, which is added to.
        prop: Property.
        code: Alpha-2, or ``00``.
        words: Its name.
    """
    if code not in _UNKNOWN_COUNTRY:
        party.add(prop, code)
    elif words not in _UNKNOWN_COUNTRY:
        party.add(prop, words)


def number_prop(place: str, code: str) -> str:
    """Property of a kind of number.

    Args:
        place: File and party, for the message.
        code: The list's code.

    Returns:
        The property.

    Raises:
        SourceError: If nobody knows the code.
    """
    if code not in NUMBERS:
        raise SourceError(
            f"{place}: identification type is {code!r}, expected one of {sorted(NUMBERS)}. "
            "Compare the file with docs/how-to/party-lists.md."
        )
    return NUMBERS[code]


def _parties(source: SourceFile) -> Iterator[Party]:
    for element in elements(source, {"sanctionEntity"}):
        refuse_unknown(source, element, _CHILDREN)
        yield _party(source, element)


def _party(source: SourceFile, element: Element) -> Party:
    number = element.get("logicalId", "")
    place = f"{source.name}, logicalId {number!r}"
    kind = element.find("subjectType")
    code = "" if kind is None else kind.get("classificationCode", "")
    if code not in SUBJECTS or not number:
        raise SourceError(
            f"{place}: classificationCode is {code!r}, expected P or E and a logicalId. Compare "
            "the file with docs/how-to/party-lists.md."
        )
    party = Party(f"eu-{number}", SUBJECTS[code])
    party.listing_date = listing_day(
        place, "designationDate", element.get("designationDate", "")[:_DAY]
    )
    for regulation in element.findall("regulation"):
        party.add_program(regulation.get("programme"))
        party.add_program(regulation.get("numberTitle"))
    _add_names(party, element)
    party.add("topics", "sanction")
    party.add("notes", element.findtext("remark"))
    for found in element.findall("citizenship"):
        _add_country(party, "nationality", found)
    for found in element.findall("address"):
        party.add("address", ", ".join(_parts(found)))
        _add_country(party, "country", found)
    for found in element.findall("birthdate"):
        party.add("birthDate", found.get("birthdate") or found.get("year"))
        party.add("birthPlace", ", ".join(_parts(found)))
    for found in element.findall("identification"):
        prop = number_prop(place, found.get("identificationTypeCode", ""))
        party.add(prop, found.get("number") or found.get("latinNumber"))
    return party


def _add_names(party: Party, element: Element) -> None:
    strong = "name"
    for found in element.findall("nameAlias"):
        is_strong = found.get("strong", "true") == "true"
        party.add(strong if is_strong else "weakAlias", found.get("wholeName"))
        party.add("position", found.get("function"))
        party.add("gender", {"M": "male", "F": "female"}.get(found.get("gender", ""), ""))
        strong = "alias" if is_strong and found.get("wholeName") else strong


def _add_country(party: Party, prop: str, found: Element) -> None:
    add_country(party, prop, found.get("countryIso2Code", ""), found.get("countryDescription", ""))


def _parts(found: Element) -> list[str]:
    values = (found.get(name, "") for name in _PLACE)
    return [value for value in values if value not in _UNKNOWN_COUNTRY]
