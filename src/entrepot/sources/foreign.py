"""Files that lie beside trade statistics and are none, known so that we can say why not."""

from __future__ import annotations

import re
from pathlib import Path

_PARTIES = "a list of sanctioned parties in a layout no reader knows"
_AREAS = "countries and their codes, no declared trade"
_NOMENCLATURE = "a nomenclature: codes and texts, no declared trade"

# Columns that only such a table has.
_COLUMNS = (
    ({"celex", "programKey", "schema", "name"}, _PARTIES),
    ({"alpha-2", "alpha-3", "country-code"}, _AREAS),
    ({"PartnerCode", "PartnerDesc", "PartnerCodeIsoAlpha3"}, _AREAS),
    ({"exporter", "importer", "contig", "dist"}, "distances between countries, no declared trade"),
    ({"section", "hscode", "description", "level"}, _NOMENCLATURE),
)
_SECTIONS = ("section", "name")
_XML_ROOT = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<([\w:]+)", re.S
)
_PARTY_ROOTS = {b"CONSOLIDATED_LIST", b"sdnList", b"sanctionsData"}
_HEAD = 4096
_SDN_WIDTH, _SDN_EMPTY = 12, "-0- "  # OFAC's sdn.csv has no header and writes an empty value so


def why_foreign(path: Path, names: tuple[str, ...]) -> str | None:
    """Say what a file is that holds no statistic of trade.

    Args:
        path: The file.
        names: The values of its first line, taken for a table.

    Returns:
        What it is, or ``None`` where nothing is known about it.

    Example:
        >>> why_foreign(Path(__file__), ("section", "name"))
        'a nomenclature: codes and texts, no declared trade'
    """
    for columns, reason in _COLUMNS:
        if columns <= set(names):
            return reason
    if names == _SECTIONS:
        return _NOMENCLATURE
    if len(names) == _SDN_WIDTH and names[0].isdigit() and _SDN_EMPTY in names:
        return _PARTIES
    with path.open("rb") as file:
        root = _XML_ROOT.match(file.read(_HEAD))
    return _PARTIES if root and root.group(1) in _PARTY_ROOTS else None
