"""UN Comtrade's interface: questions so divided that no answer reaches its row limit.

What the interface does that a client must know:

- An answer holds at most so many records and says nothing of what it left out: one of as many as
  it may hold is taken to be cut, is not kept, and its question is divided.
- Without a key there is a preview: 500 records, one period a call, as many calls as one likes. A
  key of the free plan gives 100,000 records and 500 calls a day; twelve periods fit into a call.
  No rate is published; one call a second, and longer where the service says so (429 with
  ``Retry-After``).
- Asked for are totals over procedures, modes of transport and second partners. One record a
  period, reporter, flow, partner and code is then the most there can be.
- ``AG6`` and the like stand for all codes of a level. How many there are is not known beforehand:
  such a question is divided when an answer turns out to be cut.
- An address holds 4,096 characters at most.

Plans: https://uncomtrade.org/docs/subscriptions/, quoted by public clients (500 calls, 100,000
records; paid 5,000 calls, 250,000 records), and the UN's own client for paths and parameters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from entrepot.codes.areas import area, areas
from entrepot.codes.comtrade import COLUMNS
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError, SourceError
from entrepot.fetch.addresses import COMTRADE
from entrepot.fetch.call import Call, Verdict
from entrepot.fetch.question import Question, each, halves
from entrepot.tables import FLOW_CODES

KEY_HEADER = "Ocp-Apim-Subscription-Key"
LONGEST_ADDRESS = 4000

_GOODS = re.compile(r"TOTAL|AG[246]|(?:\d{2}){1,3}")
_COUNT = re.compile(rb'"count"\s*:\s*(\d+)')
_ERROR = re.compile(rb'"(?:error|message)"\s*:\s*"([^"]+)"')
_EDGE = 4096


@dataclass(frozen=True, slots=True)
class Quota:
    """What a plan allows.

    Args:
        rows_per_call: Records an answer holds at most.
        periods_per_call: Periods a question holds at most.
        calls_per_day: Calls a day; open where not limited.
        calls_per_second: Calls a second that are no burden; the UN names none.
    """

    rows_per_call: int
    periods_per_call: int
    calls_per_day: int | None
    calls_per_second: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Where questions go.

    Args:
        base: Address of the publisher.
        endpoint: Path of the interface, with the frequency.
        quota: What the plan allows.
    """

    base: str
    endpoint: str
    quota: Quota


PREVIEW = Quota(500, 1, None, 1.0)
FREE_KEY = Quota(100_000, 12, 500, 1.0)


def comtrade_calls(base: str, question: Question, quota: Quota, *, has_key: bool) -> list[Call]:
    """Divide a question into calls.

    Args:
        base: Address of the publisher.
        question: The question; areas are alpha-2 codes.
        quota: What the plan allows.
        has_key: Whether it is asked with a key.

    Returns:
        Calls whose answers hold fewer records than the limit; where goods are a whole level, calls
        that are divided when their answer is cut.

    Raises:
        SourceError: If a good or a flow is no code of the interface.
        CodeError: If an area is not known to Comtrade.
    """
    wrong = [good for good in question.goods if not _GOODS.fullmatch(good)]
    if wrong:
        raise SourceError(
            f"goods is {wrong[0]!r}, expected TOTAL, 2, 4 or 6 digits, or AG2, AG4, AG6 for all "
            "codes of a level. Correct --goods."
        )
    unknown = [flow for flow in question.flows if flow not in FLOW_CODES]
    if unknown:
        raise SourceError(
            f"flow is {unknown[0]!r}, expected one of {list(FLOW_CODES)}. Correct --flow."
        )
    numbered = replace(
        question,
        reporters=_numbers(question.reporters),
        partners=_numbers(question.partners),
    )
    endpoint = f"{'data/v1/get' if has_key else 'public/v1/preview'}/C/{question.freq}/HS"
    asked = Asked(base, endpoint, quota)
    starts = each(numbered, "periods", quota.periods_per_call)
    return [_call(asked, part) for start in starts for part in _fitting(asked, start)]


def numbers_of(code: str) -> tuple[str, ...]:
    """The numbers Comtrade gives an area.

    Args:
        code: Alpha-2 code.

    Returns:
        Its own numbers where it has some, else that of M49, without leading zeros.

    Raises:
        CodeError: If the area is not known, or has no number.

    Example:
        >>> numbers_of("US"), numbers_of("AM")
        (('842',), ('51',))
    """
    own = [row["code"] for row in _rows() if row["area"] == code and row["kind"] == "country"]
    found = own or [number for number in (area(code).m49,) if number]
    if not found:
        raise CodeError(
            f"area is {code!r}, expected one with a number of UN Comtrade (codes/areas.csv, "
            "codes/comtrade_areas.csv). Comtrade does not publish it apart."
        )
    return tuple(number.lstrip("0") for number in found)


def _rows() -> tuple[dict[str, str], ...]:
    return read_rows("comtrade_areas.csv", COLUMNS)


def _numbers(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(number for code in codes for number in numbers_of(code))


def _every_partner() -> tuple[str, ...]:
    """Numbers of all partners that are no sums; "areas not specified" is one of them."""
    countries = [number for known in areas() if known.m49 for number in numbers_of(known.alpha2)]
    others = [
        row["code"].lstrip("0") for row in _rows() if row["kind"] not in {"country", "aggregate"}
    ]
    return tuple(sorted({*countries, *others}, key=int))


def _most_rows(question: Question) -> int:
    """The most records an answer can hold; goods that are a level count as one."""
    # Without partners come all of them, the world and groups.
    partners = len(question.partners) or len(_every_partner()) + len(_rows())
    groups = (question.periods, question.reporters, question.flows, question.goods)
    count = partners
    for values in groups:
        count *= len(values)
    return count


def _fitting(asked: Asked, question: Question) -> Iterator[Question]:
    is_short = len(f"{asked.base}/{_path(asked, question)}") <= LONGEST_ADDRESS
    is_few = _most_rows(question) < asked.quota.rows_per_call
    parts = () if is_short and is_few else _narrower(question)
    if not parts:
        yield question
    for part in parts:
        yield from _fitting(asked, part)


def _narrower(question: Question) -> tuple[Question, ...]:
    """Halves; where only partners are left and all are asked for, halves of their list."""
    return halves(question) or (
        () if question.partners else halves(replace(question, partners=_every_partner()))
    )


def _path(asked: Asked, question: Question) -> str:
    values = {
        "period": ",".join(period.replace("-", "") for period in question.periods),
        "reporterCode": ",".join(question.reporters),
        **({"partnerCode": ",".join(question.partners)} if question.partners else {}),
        "flowCode": ",".join(question.flows),
        "cmdCode": ",".join(question.goods),
        **{"partner2Code": "0", "customsCode": "C00", "motCode": "0"},
        "maxRecords": str(asked.quota.rows_per_call),
    }
    return f"{asked.endpoint}?{urlencode(values, safe=',')}"


def _call(asked: Asked, question: Question) -> Call:
    path, limit = _path(asked, question), asked.quota.rows_per_call
    digest = hashlib.sha256(path.encode()).hexdigest()[:16]
    return Call(
        COMTRADE,
        f"{asked.base}/{path}",
        f"comtrade-{question.periods[0]}-{digest}.json",
        "json",
        is_answer=True,
        judge=lambda file: judged(file, limit),
        narrower=lambda: tuple(_call(asked, part) for part in _narrower(question)),
    )


def judged(path: Path, limit: int) -> Verdict:
    """Say whether an answer is whole; read are its two ends only, because it may be large.

    Args:
        path: The answer.
        limit: Records it may hold at most.

    Returns:
        ``cut`` where it holds as many as it may, else ``whole``.

    Raises:
        SourceError: If it is an error, or is not whole.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(0, size - _EDGE))
        tail = file.read()
    count, said = _COUNT.search(head), _ERROR.search(tail)
    if said or count is None or not tail.rstrip().endswith(b"}"):
        words = said[1].decode("utf-8", "replace") if said else tail[-60:]
        raise SourceError(
            f"UN Comtrade answered {words!r}, expected an object with count and data. Put the "
            "question right, check the key, or ask again later."
        )
    return "cut" if int(count[1]) >= limit else "whole"
