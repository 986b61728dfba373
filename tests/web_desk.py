"""A desk over a handful of invented entries, for tests of the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa

from entrepot.api.decided import Standing, standing
from entrepot.api.desk import Desk, by_id, entries_of, register_of
from entrepot.api.listed import ListVersion
from entrepot.rows import arrow_rows
from entrepot.screening.check import Check, Hit, Known, Result
from entrepot.screening.party_search import Asked, search
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment
from entrepot.screening.verdict import Screened, screened
from entrepot.screening_tables import LISTED_PARTIES

ON = date(2026, 3, 1)
COMPANY = (
    "Company",
    {"name": ["Tulamash Trading LLC"], "country": ["ru"], "innCode": ["7712345678"]},
)
PERSON = (
    "Person",
    {"name": ["Ivan Testov"], "alias": ["Иван Тестов"], "birthDate": ["1970-05-06"]},
)
SHIP = ("Vessel", {"name": ["Sea Otter Nine"], "imoNumber": ["IMO9187629"], "flag": ["pa"]})
LATER = ("Company", {"name": ["Nordwind Kontor GmbH"], "country": ["de"]})


def rows() -> pa.Table:
    """Two lists: one company stands on both, one is listed only after the day."""
    made = [
        *_statements("red", "r/1", *COMPANY, date(2024, 2, 23)),
        *_statements("red", "r-2", *PERSON, None),
        *_statements("red", "r-3", *SHIP, None),
        *_statements("red", "r-4", *LATER, date(2026, 3, 2)),
        *_statements("blue", "b-1", *COMPANY, None),
    ]
    columns = {name: [row[name] for row in made] for name in LISTED_PARTIES.column_names}
    return arrow_rows(LISTED_PARTIES, len(made), columns)


def _statements(dataset, entity_id, schema, properties, day):
    return [
        {
            "source_id": f"{dataset}-file",
            "dataset": dataset,
            "entity_id": entity_id,
            "schema": schema,
            "prop": prop,
            "value": value,
            "original_value": None,
            "lang": None,
            "program_id": "TEST-1",
            "listing_date": day,
            "end_date": None,
        }
        for prop, values in properties.items()
        for value in values
    ]


VERSIONS = tuple(
    ListVersion(
        name,
        vintage,
        f"{name}-file",
        letter * 64,
        "test",
        "test",
        "2026-02-16T00:00:00+00:00",
        *(count, (), f"{name}."),
    )
    for name, vintage, letter, count in (
        ("blue", "2026-02-01", "b", 1),
        ("red", "2026-02-15", "a", 3),
    )
)


def desk(decided: Callable[[], Standing] = lambda: standing(())) -> Desk:
    """The desk.

    Args:
        decided: Reads the decisions that stand.
    """
    entries = entries_of(rows(), ON)
    register = register_of(entries)
    check = Check("P1", 1, "Party on a list", "invented", ("consignee.name",), _on_list)

    policy = Policy(required=("P1",))

    def screen(shipment: Shipment) -> Screened:
        found = [
            Hit(
                one.role,
                one.name,
                m.listed.id,
                m.listed.caption,
                m.listed.dataset,
                m.level,
                m.score,
            )
            for one in shipment.parties
            for m in search(register, Asked(one.name, country=one.country), policy)
        ]
        known = Known(ON, policy, hits=tuple(found), has_lists=True)
        return screened(shipment, known, (check,))

    return Desk(
        *(
            ON,
            policy,
            register,
            by_id(entries),
            VERSIONS,
            (),
            (check,),
            screen,
            decided,
            "0.1.0+test",
        )
    )


def _on_list(shipment: Shipment, known: Known) -> Result:
    used = tuple(f"{one.role}.name" for one in shipment.parties)
    if not used:
        return Result("P1", "not_assessed", "review", "Not assessed: no party is given.", ())
    answer = "flagged" if known.hits else "clear"
    return Result("P1", answer, "review", f"{len(known.hits)} hits.", used, (), known.hits)
