"""The user's own list of parties: a CSV with our column names, one party a line."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading, vintage_of
from entrepot.sources.party_rows_csv import csv_lines, need
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.reading import OnProgress, Reading, SourceFile

READER = "own_parties"
NEEDED = ("party_id", "schema", "name")
_DATES = ("listing_date", "end_date", "program")
_PROPS = (
    *("alias", "weakAlias", "previousName", "country", "nationality", "jurisdiction", "flag"),
    *("birthDate", "incorporationDate", "address", "innCode", "ogrnCode", "leiCode", "swiftBic"),
    *("imoNumber", "mmsi", "registrationNumber", "taxNumber", "passportNumber", "idNumber"),
    *("okpoCode", "email", "website", "phone", "topics", "notes"),
)
COLUMNS = (*NEEDED, *_DATES, *_PROPS)
_SCHEMAS = {"Person", "Company", "LegalEntity", "Organization", "PublicBody", "Vessel"}
_SCHEMAS |= {"Airplane", "Address"}


def looks_like_own(names: tuple[str, ...]) -> bool:
    """Whether a header is that of an own list.

    Args:
        names: Columns.

    Example:
        >>> looks_like_own(("party_id", "schema", "name", "innCode"))
        True
    """
    return names[:1] == ("party_id",)


def read_own(source: SourceFile, report: OnProgress) -> Reading:
    """Read an own list; several values of a cell are separated by ``|``.

    Args:
        source: The file; its name without the ending and the day is the dataset.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a column or schema is unknown, an id or name is missing, or a day is none.
    """
    report(0, 1, source.name)
    vintage = vintage_of(source)
    dataset = source.path.stem.replace(vintage, "").strip("-_. ") or "own"
    what = PartyList(dataset, "own list", "own list", READER)
    return party_reading(source, what, vintage, _parties(source))


def _parties(source: SourceFile) -> Iterator[Party]:
    for place, row in csv_lines(source, COLUMNS):
        need(source, row, NEEDED)
        if not row["party_id"] or not row["name"] or row["schema"] not in _SCHEMAS:
            raise SourceError(
                f"{place}: party_id {row['party_id']!r}, name {row['name']!r}, schema "
                f"{row['schema']!r}; expected an id, a name and one of {sorted(_SCHEMAS)}."
            )
        party = Party(row["party_id"], row["schema"])
        party.listing_date = listing_day(place, "listing_date", row.get("listing_date"))
        party.end_date = listing_day(place, "end_date", row.get("end_date"))
        for program in row.get("program", "").split("|"):
            party.add_program(program)
        for prop in ("name", *_PROPS):
            for value in row.get(prop, "").split("|"):
                party.add(prop, value)
        yield party
