"""Remarks of OFAC's SDN list: dates, numbers, weak names and links, all in words of one field."""

from __future__ import annotations

import re

from entrepot.sources.party_rows import Party
from entrepot.sources.party_rows_values import russian_number

_PIECE = re.compile(r";\s+")
_ALT = re.compile(r"^alt\. ")
_NAME = re.compile(r"^([afn])\.k\.a\. '(.+?)'(?: \((.+)\))?$")
_COUNTRY = re.compile(r"\s*\(([^()]*)\)")
_TAIL = re.compile(r"\s+(?:issued|expires)\s.*$")
_IMO = re.compile(r"\bIMO (\d{7})\b")

# Label and property, longest label first where one begins another.
_PLAIN = (
    ("DOB ", "birthDate"),
    ("POB ", "birthPlace"),
    ("nationality ", "nationality"),
    ("citizen ", "nationality"),
    ("Gender ", "gender"),
    ("Organization Established Date ", "incorporationDate"),
    ("Former Vessel Flag ", "pastFlags"),
    ("MMSI ", "mmsi"),
    ("SWIFT/BIC ", "swiftBic"),
    ("Email Address ", "email"),
    ("Website ", "website"),
    ("Phone Number ", "phone"),
    ("Telephone ", "phone"),
    ("Digital Currency Address - ", "publicKey"),
    ("Linked To: ", "unknownLinkTo"),
    ("Aircraft Tail Number ", "registrationNumber"),
    ("Aircraft Model ", "model"),
    ("Aircraft Manufacture Date ", "buildDate"),
    ("Aircraft Manufacturer's Serial Number (MSN) ", "serialNumber"),
)
_NUMBERS = (
    ("Passport ", "passportNumber"),
    ("Tax ID No. ", "taxNumber"),
    ("R.F.C. ", "taxNumber"),
    ("NIT # ", "taxNumber"),
    ("RUC # ", "taxNumber"),
    ("RIF # ", "taxNumber"),
    ("V.A.T. Number ", "taxNumber"),
    ("National ID No. ", "idNumber"),
    ("Cedula No. ", "idNumber"),
    ("C.U.R.P. ", "idNumber"),
    ("Identification Number ", "idNumber"),
    ("Business Registration Number ", "registrationNumber"),
    ("Commercial Registry Number ", "registrationNumber"),
    ("Company Number ", "registrationNumber"),
    ("Registration Number ", "registrationNumber"),
    ("Registration ID ", "registrationNumber"),
    ("Government Gazette Number ", "registrationNumber"),
    ("Trade License No. ", "registrationNumber"),
    ("Unified Social Credit Code (USCC) ", "registrationNumber"),
    ("Economic Register Number (CBLS) ", "registrationNumber"),
    ("Central Registration System Number ", "registrationNumber"),
    ("Chamber of Commerce Number ", "registrationNumber"),
    ("C.R. No. ", "registrationNumber"),
    ("License ", "registrationNumber"),
    ("Legal Entity Number ", "leiCode"),
)


def add_remarks(party: Party, remarks: str) -> None:
    """Turn remarks into statements; what no label explains is kept as a note, in its own words.

    A name in remarks is one OFAC itself calls weak: the others stand in ``alt.csv``.

    Args:
        party: The party, which is added to.
        remarks: The field.

    Example:
        >>> party = Party("306", "LegalEntity")
        >>> add_remarks(party, "a.k.a. 'BNC'; Tax ID No. 7704730655 (Russia).")
        >>> sorted(party.statements)
        [('innCode', '7704730655'), ('weakAlias', 'BNC')]
    """
    for piece in _PIECE.split(remarks.strip().removesuffix(".")):
        whole = piece.strip()
        if whole:
            _add_piece(party, whole)


def _add_piece(party: Party, whole: str) -> None:
    bare = _ALT.sub("", whole)
    if name := _NAME.match(bare):
        prop = "previousName" if name.group(1) == "f" else "weakAlias"
        party.add(prop, name.group(2), whole)
    elif imo := _IMO.search(bare):
        party.add("imoNumber", f"IMO{imo.group(1)}", whole)
    elif found := _labelled(bare, _NUMBERS):
        _add_number(party, found[0], found[1], whole)
    elif found := _labelled(bare, _PLAIN):
        party.add(found[0], found[1], whole)
    else:
        party.add("notes", whole)


def _labelled(piece: str, labels: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    for label, prop in labels:
        if piece.startswith(label):
            return prop, piece.removeprefix(label)
    return None


def _add_number(party: Party, prop: str, rest: str, whole: str) -> None:
    countries = _COUNTRY.findall(rest)
    number = _TAIL.sub("", _COUNTRY.sub("", rest)).strip()
    if not any(letter.isdigit() for letter in number):
        party.add("notes", whole)
        return
    if "Russia" in countries and prop in {"taxNumber", "registrationNumber"}:
        prop = russian_number(number) or prop
    party.add(prop, number, whole)
