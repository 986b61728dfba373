"""Eurostat's SDMX interface to Comext: selections of *EU trade since 1988 by HS2-4-6 and CN8*.

What the interface does that a client must know:

- Comext has an address of its own; the interface of Eurostat's other datasets does not know it.
- The key is ``freq.reporter.partner.product.flow.indicators``, several codes joined by ``+``, an
  empty place for all. Without a stretch of time everything is refused.
- More than five million cells are refused (413), more than half a million are worked out later and
  answered with XML. Both mean: ask for less.
- A selection without data is answered with 404, or with a header alone.

Data are read from SDMX-CSV and never from SDMX objects: a client that builds one object per
observation takes two hundred times as long as the reader, and keeps no bytes to show for it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urlencode

from entrepot.codes.areas import PARTNER_COLUMNS, area
from entrepot.codes.rows import read_rows
from entrepot.errors import SourceError
from entrepot.fetch.addresses import EUROSTAT
from entrepot.fetch.call import HEAD, Call, Verdict
from entrepot.fetch.question import Question, by_year, each, halves

DATASET = "DS-045409"
FLOWS = {"M": "1", "X": "2", "RX": "3"}

_GOODS = re.compile(r"TOTAL|(\d\d){1,4}|\d\d[0-9A-Z]{4,6}")
_QUEUED = re.compile(rb"<(?:\w+:)?queued|asynchronous", re.IGNORECASE)
_GZIP = b"\x1f\x8b"


def eurostat_calls(base: str, question: Question) -> list[Call]:
    """Divide a question into calls: one a reporter and year.

    Args:
        base: Address of the publisher.
        question: The question; areas are alpha-2 codes.

    Returns:
        The calls; each is divided further where Eurostat finds it too large.

    Raises:
        SourceError: If a good or a flow is no code of the dataset.
        CodeError: If an area is not known.
    """
    wrong = [good for good in question.goods if not _GOODS.fullmatch(good)]
    if wrong:
        raise SourceError(
            f"goods is {wrong[0]!r}, expected TOTAL or 2, 4, 6 or 8 digits. Correct --goods."
        )
    unknown = [flow for flow in question.flows if flow not in FLOWS]
    if unknown:
        raise SourceError(f"flow is {unknown[0]!r}, expected one of {list(FLOWS)}. Correct --flow.")
    return [_call(base, part) for year in by_year(question) for part in each(year, "reporters")]


def codes_of(code: str) -> tuple[str, ...]:
    """The codes Comext gives an area.

    Args:
        code: Alpha-2 code.

    Returns:
        The code, and that of the Geonomenclature where it differs.

    Raises:
        CodeError: If the area is not known.

    Example:
        >>> codes_of("KZ"), codes_of("RS")
        (('KZ',), ('RS', 'XS'))
    """
    others = [
        row["code"]
        for row in read_rows("comext_partners.csv", PARTNER_COLUMNS)
        if row["kind"] == "country" and row["area"] == code
    ]
    return (area(code).alpha2, *others)


def _call(base: str, question: Question) -> Call:
    reporters, partners = (
        "+".join(code for each_area in group for code in codes_of(each_area))
        for group in (question.reporters, question.partners)
    )
    flows = "+".join(FLOWS[flow] for flow in question.flows)
    key = f"{question.freq}.{reporters}.{partners}.{'+'.join(question.goods)}.{flows}."
    asked = {
        **{"format": "SDMX-CSV", "compressed": "false"},
        **{"startPeriod": question.periods[0], "endPeriod": question.periods[-1]},
    }
    path = f"sdmx/2.1/data/{DATASET}/{key}?{urlencode(asked)}"
    digest = hashlib.sha256(path.encode()).hexdigest()[:16]
    return Call(
        EUROSTAT,
        f"{base}/{path}",
        f"{DATASET}-{question.periods[0]}-{digest}.csv",
        "csv",
        is_answer=True,
        judge=judged,
        narrower=lambda: tuple(_call(base, part) for part in halves(question)),
    )


def judged(path: Path) -> Verdict:
    """Say whether an answer holds data.

    Args:
        path: The answer.

    Returns:
        ``cut`` where Eurostat wants to work it out later, ``empty`` for a header alone.
    """
    with path.open("rb") as file:
        head = file.read(HEAD * 8).strip()
    if head.startswith(b"<") and _QUEUED.search(head):
        return "cut"
    is_text = not head.startswith(_GZIP)
    return "empty" if is_text and head and b"\n" not in head else "whole"
