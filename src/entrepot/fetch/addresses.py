"""Where publishers hand out their data, each address with the day and the source it was checked by.

Addresses move. Every host stands here and nowhere else; another one, of a mirror or of the
publisher's next move, is given by an option or in the environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.errors import SourceError

_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]*")


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher's service.

    Args:
        key: Its short name: the folder of its files and the end of its variable.
        name: Who publishes, as the ``sources`` table has it.
        base_url: Address that the paths of its files and questions are added to.
        licence: Terms of reuse, in the publisher's words or name.
        checked: When the address was checked, and by what.
    """

    key: str
    name: str
    base_url: str
    licence: str
    checked: str


_REUSE = "Commission Decision 2011/833/EU: reuse with attribution, CC BY 4.0"

COMEXT = Publisher(
    "comext",
    "Eurostat",
    "https://ec.europa.eu/eurostat/api/dissemination",
    _REUSE,
    "2025-10-30, files listed and fetched there by a public project; before 2023 they lay under "
    "BulkDownloadListing",
)
EUROSTAT = Publisher(
    "eurostat",
    "Eurostat",
    "https://ec.europa.eu/eurostat/api/comext/dissemination",
    _REUSE,
    "2026-09-19, request and answer of DS-045409 quoted by a public project; and Eurostat's page "
    "on its interfaces",
)
COMTRADE = Publisher(
    "comtrade",
    "United Nations Statistics Division, UN Comtrade",
    "https://comtradeapi.un.org",
    "UN Comtrade policy on use and re-dissemination: analysis free, re-dissemination limited",
    "2026-10-01, preview quoted by a public project; the UN's own client for the paths",
)
ECB = Publisher(
    "ecb",
    "European Central Bank",
    "https://www.ecb.europa.eu",
    "ECB: free reuse where the source is quoted",
    "2026, read there by several public projects",
)
OFAC = Publisher(
    "ofac",
    "US Treasury, Office of Foreign Assets Control",
    "https://sanctionslistservice.ofac.treas.gov",
    "Work of the US government, public domain in the US",
    "2026, read there by several public projects",
)
EU_FSF = Publisher(
    "eu",
    "European Commission, consolidated list of financial sanctions",
    "https://webgate.ec.europa.eu",
    _REUSE,
    "2026, read there by several public projects",
)
UN_SC = Publisher(
    "un",
    "United Nations Security Council",
    "https://scsanctions.un.org",
    "United Nations, terms of use: personal, non-commercial use",
    "2026, read there by several public projects",
)

UK_FCDO = Publisher(
    "uk",
    "UK Foreign, Commonwealth and Development Office",
    "https://sanctionslist.fcdo.gov.uk",
    "Open Government Licence v3.0",
    "2026, read there by public projects; unverified by us",
)
CSL = Publisher(
    "csl",
    "US Department of Commerce, International Trade Administration",
    "https://data.trade.gov",
    "Work of the US government, public domain in the US",
    "2026, read there by public projects; unverified by us",
)

PUBLISHERS = {
    publisher.key: publisher
    for publisher in (COMEXT, EUROSTAT, COMTRADE, ECB, OFAC, EU_FSF, UN_SC, UK_FCDO, CSL)
}


def base_url(publisher: Publisher, chosen: Mapping[str, str]) -> str:
    """Where to ask: the address chosen in place of the publisher's own, else its own.

    Args:
        publisher: The publisher.
        chosen: Addresses by key of the publisher.

    Returns:
        The address, without a slash at its end.

    Raises:
        SourceError: If a key or an address is not one.

    Example:
        >>> base_url(ECB, {"ecb": "http://localhost:8000/"})
        'http://localhost:8000'
    """
    unknown = sorted(set(chosen) - set(PUBLISHERS))
    if unknown:
        raise SourceError(
            f"ENTREPOT_URL_{unknown[0].upper()} is set, expected one of "
            f"{[f'ENTREPOT_URL_{key.upper()}' for key in PUBLISHERS]}. Correct or unset it."
        )
    found = chosen.get(publisher.key, publisher.base_url)
    if not _ADDRESS.fullmatch(found):
        raise SourceError(
            f"address of {publisher.name} is {found!r}, expected http(s)://host/path without "
            "question mark. Correct --base-url or the variable."
        )
    return found.rstrip("/")
