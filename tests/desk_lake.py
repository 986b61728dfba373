"""A lake for the pages of the desk: a small run, the declarations it names, and press articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from dossier_lake import SOURCE, dossier_lake
from lake_rows import flow_row, flow_table
from press_articles import article, claim, reading, statement

from entrepot.api.checked import checked
from entrepot.api.claims_held import ClaimFilter, claims_held, keep_findings, to_check
from entrepot.api.reading import Reading, store_readings
from entrepot.tables import FLOWS

SAID = "We will not let our territory be used against Russia's sanctions,"
SOLD = "German exports to Kyrgyzstan topped 500 million euros in 2022"
DENIED = "no dual-use goods are exported to Russia"
HOSTILE = "<script>alert(1)</script>"
FIRST = f"Talks in Bishkek\n\n“{SAID}” Sadyrov said. {SOLD}, he said. {HOSTILE}"
SECOND = f"Handel\n\nSadyrov said: {SOLD}. He added that {DENIED}."
# Germany's cars to Kyrgyzstan: 1 m a month before March 2022, 6 m after; France's 1 and 2.
BEFORE, AFTER = {"DE": 1e6, "FR": 1e6}, {"DE": 6e6, "FR": 2e6}


def desk_lake(folder: Path) -> Path:
    """Write the lake; claims of its articles are checked as `entrepot check` does it."""
    with dossier_lake(folder) as lake:
        with lake.write() as transaction:
            transaction.put(FLOWS, flow_table(*_declared()), unit=SOURCE)
        store_readings(lake, _articles())
        rows = claims_held(lake, ClaimFilter())
        keep_findings(lake, rows, checked(lake, to_check(rows)))
    return folder / "lake"


def _declared() -> Iterator[dict[str, object]]:
    for year in (2020, 2021, 2022):
        for month in range(1, 12 if year == 2022 else 13):
            day = date(year, month, 1)
            values = BEFORE if day < date(2022, 3, 1) else AFTER
            for reporter, value in values.items():
                yield flow_row(
                    source_id=SOURCE,
                    reporter=reporter,
                    partner="KG",
                    commodity="87032490",
                    period=day,
                    value=value,
                )


def _articles() -> Iterator[Reading]:
    yield reading("a.txt", article(FIRST, SAID, claims=(claim(FIRST, SOLD),)))
    denial = {
        "exporter": "KG",
        "importer": "RU",
        "product": "dual_use",
        "period": None,
        "relation": "exists",
        "value": None,
        "unit": None,
        "polarity": "denied",
        "comparison": "=",
    }
    told = (claim(SECOND, SOLD), claim(SECOND, DENIED, **denial))
    said = (statement(SECOND, DENIED),)
    yield reading("b.txt", article(SECOND, on="2023-06-01", statements=said, claims=told))
