"""Which list of parties a file is, told by its content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from entrepot.sources import eu_fsf, eu_fsf_csv, eu_journal, opensanctions, un_sc
from entrepot.sources.csl import looks_like_csl, read_csl
from entrepot.sources.eu_journal import read_eu_journal
from entrepot.sources.ofac_sdn import looks_like_sdn, read_sdn
from entrepot.sources.ofac_xml import ROOT as SDN_ROOT
from entrepot.sources.ofac_xml import read_sdn_xml
from entrepot.sources.opensanctions import looks_like_ftm, read_ftm, read_simple
from entrepot.sources.own_parties import looks_like_own, read_own
from entrepot.sources.party_rows_xml import opening_of
from entrepot.sources.reading import OnProgress, Reading, SourceFile
from entrepot.sources.uk_sanctions import layout_of, read_uk

PartyReader = Callable[[SourceFile, OnProgress], Reading]
_ROOTS: dict[str, PartyReader] = {
    un_sc.ROOT: un_sc.read_un,
    eu_fsf.ROOT: eu_fsf.read_fsf,
    SDN_ROOT: read_sdn_xml,
}


def party_reader(path: Path, names: tuple[str, ...]) -> PartyReader | None:
    """Find the reader of a list of parties.

    Args:
        path: The file.
        names: The values of its first line, taken for a table.

    Returns:
        The reader, or ``None`` where the file is no such list.

    Raises:
        SourceError: If it is XML that declares a document type.
    """
    return _by_header(names) or _by_content(path)


def _by_header(names: tuple[str, ...]) -> PartyReader | None:
    if names in {eu_journal.HEADER, eu_journal.AMENDMENT}:
        return read_eu_journal
    if names[: len(opensanctions.HEADER)] == opensanctions.HEADER:
        return read_simple
    if looks_like_own(names):
        return read_own
    if looks_like_sdn(names):
        return read_sdn
    is_fsf = names[:1] and names[0].split(";")[0].strip('"') == eu_fsf_csv.FIRST
    return eu_fsf_csv.read_fsf_csv if is_fsf else None


def _by_content(path: Path) -> PartyReader | None:
    if layout_of(path) is not None:
        return read_uk
    if looks_like_csl(path):
        return read_csl
    if looks_like_ftm(path):
        return read_ftm
    opening = opening_of(path)
    return _ROOTS.get(opening[0]) if opening else None
