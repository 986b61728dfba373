"""OFAC's list of specially designated nationals as one XML file (sdn.xml)."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.errors import SourceError
from entrepot.sources.ofac_sdn import DATASET, LICENCE, PUBLISHER
from entrepot.sources.ofac_sdn_remarks import add_remarks
from entrepot.sources.party_rows import Party, PartyList, party_reading
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.party_rows_xml import Element, elements, refuse_unknown, said
from entrepot.sources.reading import OnProgress, Reading, SourceFile

READER = "ofac_xml"
ROOT = "sdnList"
_TYPES = {"Individual": "Person", "Entity": "LegalEntity", "Vessel": "Vessel"}
_TYPES["Aircraft"] = "Airplane"
_CHILDREN = {
    *("uid", "firstName", "lastName", "title", "sdnType", "remarks", "programList", "idList"),
    *("akaList", "addressList", "nationalityList", "citizenshipList", "dateOfBirthList"),
    *("placeOfBirthList", "vesselInfo"),
}
_ALIASES = {"a.k.a.": "alias", "f.k.a.": "previousName", "n.k.a.": "alias"}
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
_VESSEL = (
    *(("callSign", "callSign"), ("vesselType", "type"), ("vesselFlag", "flag")),
    *(("tonnage", "tonnage"), ("grossRegisteredTonnage", "grossRegisteredTonnage")),
)


def read_sdn_xml(source: SourceFile, report: OnProgress) -> Reading:
    """Read the list.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``; ids are those of ``sdn.csv``.

    Raises:
        SourceError: If the file holds something nobody knows, bears no date, or is cut short.
    """
    report(0, 1, source.name)
    made = next(iter(elements(source, {"publshInformation"})), None)
    told = "" if made is None else said(made, "Publish_Date") or _tail(made, "Publish_Date")
    month, _, rest = told.partition("/")
    day, _, year = rest.partition("/")
    vintage = listing_day(source.name, "Publish_Date", f"{day}/{month}/{year}" if year else "")
    if vintage is None:
        raise SourceError(
            f"{source.name}: Publish_Date is {told!r}, expected a day like 05/03/2024 (month "
            "first). Fetch the file again."
        )
    what = PartyList(DATASET, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, vintage.isoformat(), _parties(source))


def _tail(element: Element, name: str) -> str:
    found = (child.text or "" for child in element if child.tag.endswith(name))
    return next(found, "").strip()


def _parties(source: SourceFile) -> Iterator[Party]:
    for element in elements(source, {"sdnEntry"}):
        refuse_unknown(source, element, _CHILDREN)
        yield _party(source, element)


def _party(source: SourceFile, element: Element) -> Party:
    number, kind = said(element, "uid"), said(element, "sdnType")
    if kind not in _TYPES or not number:
        raise SourceError(
            f"{source.name}, uid {number!r}: sdnType is {kind!r}, expected one of "
            f"{sorted(_TYPES)}. Compare the file with docs/how-to/party-lists.md."
        )
    party = Party(f"ofac-{number}", _TYPES[kind])
    party.add("name", _name(element))
    for program in element.findall("programList/program"):
        party.add_program(program.text)
    party.add("topics", "sanction")
    party.add("position", said(element, "title"))
    _add_names(party, element)
    _add_facts(party, element)
    add_remarks(party, said(element, "remarks"))
    return party


def _add_names(party: Party, element: Element) -> None:
    for alias in element.findall("akaList/aka"):
        is_weak = said(alias, "category") == "weak"
        prop = "weakAlias" if is_weak else _ALIASES.get(said(alias, "type"), "alias")
        party.add(prop, _name(alias))
    for found in element.findall("addressList/address"):
        party.add("address", ", ".join(filter(None, (said(found, tag) for tag in _ADDRESS))))
        party.add("country", said(found, "country"))
    for found in element.findall("idList/id"):
        country = said(found, "idCountry")
        words = f"{said(found, 'idType')} {said(found, 'idNumber')}"
        add_remarks(party, f"{words} ({country})" if country else words)


def _add_facts(party: Party, element: Element) -> None:
    for tag, prop in (("nationality", "nationality"), ("citizenship", "nationality")):
        for found in element.findall(f"{tag}List/{tag}"):
            party.add(prop, said(found, "country"))
    for found in element.findall("dateOfBirthList/dateOfBirthItem"):
        party.add("birthDate", said(found, "dateOfBirth"))
    for found in element.findall("placeOfBirthList/placeOfBirthItem"):
        party.add("birthPlace", said(found, "placeOfBirth"))
    for tag, prop in _VESSEL:
        party.add(prop, said(element, f"vesselInfo/{tag}"))


def _name(element: Element) -> str:
    return " ".join(filter(None, (said(element, "firstName"), said(element, "lastName"))))
