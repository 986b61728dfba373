"""Lists that other rooms read: sanctioned parties, and the euro's reference rates."""

from __future__ import annotations

from entrepot.errors import SourceError
from entrepot.fetch.addresses import CSL, ECB, EU_FSF, OFAC, UK_FCDO, UN_SC, Publisher
from entrepot.fetch.call import Call, Form

# Name, publisher, path, file name, form. The token is no secret: the Commission prints the same one
# in the public address of the file.
_LISTS: dict[str, tuple[Publisher, str, str, Form]] = {
    "ofac-sdn": (OFAC, "/api/PublicationPreview/exports/SDN.CSV", "sdn.csv", "csv"),
    "ofac-sdn-alt": (OFAC, "/api/PublicationPreview/exports/ALT.CSV", "alt.csv", "csv"),
    "ofac-sdn-add": (OFAC, "/api/PublicationPreview/exports/ADD.CSV", "add.csv", "csv"),
    "uk-sanctions": (UK_FCDO, "/docs/UK-Sanctions-List.csv", "UK-Sanctions-List.csv", "csv"),
    "us-csl": (
        CSL,
        "/downloadable_consolidated_screening_list/v1/consolidated.json",
        "consolidated.json",
        "json",
    ),
    "eu-fsf": (
        EU_FSF,
        "/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
        "xmlFullSanctionsList_1_1.xml",
        "xml",
    ),
    "un-sc": (UN_SC, "/resources/xml/en/consolidated.xml", "consolidated.xml", "xml"),
}
RATES_PATH = "/stats/eurofxref/eurofxref-hist.zip"
NAMES = tuple(_LISTS)


def publisher_of(name: str) -> Publisher:
    """Who publishes a list.

    Args:
        name: Name of the list.

    Returns:
        The publisher.

    Raises:
        SourceError: If there is no list of that name.
    """
    if name not in _LISTS:
        raise SourceError(f"list is {name!r}, expected one of {list(NAMES)}.")
    return _LISTS[name][0]


def list_call(base: str, name: str) -> Call:
    """The file of a list of parties.

    Args:
        base: Address of the publisher.
        name: One of :data:`NAMES`.

    Returns:
        The call.

    Raises:
        SourceError: If there is no list of that name.
    """
    publisher = publisher_of(name)
    _, path, file, form = _LISTS[name]
    return Call(publisher, base + path, file, form)


def rates_call(base: str) -> Call:
    """The euro's reference rates, one line a day since 1999, every currency.

    Args:
        base: Address of the publisher.

    Returns:
        The call.
    """
    return Call(ECB, base + RATES_PATH, "eurofxref-hist.zip", "zip")
