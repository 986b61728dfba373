"""The timeline of a country's relations: rows of the press, acts and lists, as entries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.codes.areas import area
from entrepot.codes.packages import Measure, packages
from entrepot.dossier import wording
from entrepot.dossier.record import CountryRecord, Entry, Leg, RecordQuestion, within
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import ARTICLES, CLAIMS, EVENTS, FINDINGS, LISTED_COMMODITIES, QUOTES

Row = dict[str, Any]
_SANCTIONED = "RU"
_PARTIES = ("exporter", "importer", "via", "reporter", "partner")


def gather_record(
    lake: Lake, question: RecordQuestion, legs: Sequence[Leg], absent: Sequence[str]
) -> CountryRecord:
    """Gather what was said, done and decided about a country.

    Args:
        lake: The lake.
        question: Whose record.
        legs: Trade to lay beside it.
        absent: Sentences about trade that the lake does not hold.

    Returns:
        The record; empty where the lake holds nothing of it.

    Raises:
        CodeError: If the country is not known.
    """
    told = _articles(lake)
    entries = [
        *_statements(lake, question, told),
        *_events(lake, question, told),
        *_claims(lake, question, told),
        *_measures(question),
        *_lists(lake, question),
    ]
    kept, left_out = within(entries, question)
    return CountryRecord(
        question=question,
        country=area(question.country).name_en,
        entries=tuple(sorted(kept, key=lambda entry: (*entry.place, entry.kind, entry.detail))),
        legs=tuple(legs),
        absent=tuple(absent),
        left_out=left_out,
    )


def _rows(lake: Lake, table: Table, *wanted: nw.Expr) -> list[Row]:
    if not lake.has(table):
        return []
    chosen = lake.table(table)
    if wanted:
        chosen = chosen.filter(*wanted)
    found: list[Row] = chosen.collect("pyarrow").to_native().to_pylist()
    return found


@dataclass(frozen=True, slots=True)
class _Article:
    """What entries say of their article."""

    words: str
    day: str | None
    names: dict[str, str]

    def listed(self, ids: str) -> str:
        """Entities in words: areas in English, the rest as the article names them."""
        return ", ".join(self.names.get(one) or _entity(one) for one in ids.split())


def _articles(lake: Lake) -> dict[str, _Article]:
    """Articles by source id."""
    if not lake.has(ARTICLES):
        return {}
    columns = ("source_id", "name", "title", "agency", "publisher", "date", "entities")
    rows = lake.table(ARTICLES).select(*columns).collect("pyarrow").to_native().to_pylist()
    return {row["source_id"]: _article(row) for row in rows}


def _article(row: Row) -> _Article:
    by = next((row[name] for name in ("agency", "publisher") if row[name]), "")
    entities = json.loads(row["entities"])
    names = {one["id"]: one["name"] for one in entities if one["type"] != "country"}
    by = names.get(by) or (_entity(by) if by.startswith("org:") else by)
    parts = (f"“{_on_one_line(row['title'] or row['name'])}”", by, row["date"])
    return _Article(", ".join(part for part in parts if part), row["date"], names)


def _is_asked(countries: Iterable[str], question: RecordQuestion) -> bool:
    held = set(countries)
    return question.country in held and (
        not question.beside or not held.isdisjoint(question.beside)
    )


def _statements(lake: Lake, question: RecordQuestion, told: dict[str, _Article]) -> list[Entry]:
    rows = _rows(lake, QUOTES, ~nw.col("is_optional"), ~nw.col("is_in_title"))
    tellings: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["said_on"] or "Y", row["quote_id"])):
        if _is_asked(row["countries"].split(), question):
            tellings[row["statement_id"]].append(row)
    return [_statement(same, told) for same in tellings.values()]


def _statement(same: Sequence[Row], told: dict[str, _Article]) -> Entry:
    row = same[0]
    article = told[row["source_id"]]
    to = f" to {article.listed(row['addressee'])}" if row["addressee"] else ""
    via = f", via {article.listed(row['via'])}" if row["via"] else ""
    office = f", {row['speaker_office'].split('; ')[0]}" if row["speaker_office"] else ""
    return Entry(
        day=row["said_on"],
        kind="statement",
        is_of_article=True,
        who=f"{row['speaker_name'] or row['speaker_text']}{office}",
        what=f"{_plain(row['act'])}{to}{via} ({row['mode']})",
        text=_on_one_line(row["text"]),
        outcome="",
        telling_count=len({one["source_id"] for one in same}),
        **_place(row, told),
        detail=row["statement_id"],
    )


def _events(lake: Lake, question: RecordQuestion, told: dict[str, _Article]) -> list[Entry]:
    return [
        Entry(
            day=row["on"] or told[row["source_id"]].day,
            kind="event",
            is_of_article=row["on"] is None,
            who=told[row["source_id"]].listed(row["participants"]),
            what=f"{_plain(row['type'])}{_at(row)} ({row['status']})",
            text=_on_one_line(row["text"]),
            outcome="",
            telling_count=1,
            **_place(row, told),
            detail=row["event_id"],
        )
        for row in _rows(lake, EVENTS, ~nw.col("is_optional"))
        if _is_asked(row["countries"].split(), question)
    ]


def _at(row: Row) -> str:
    return f", {row['place']}" if row["place"] else ""


def _claims(lake: Lake, question: RecordQuestion, told: dict[str, _Article]) -> list[Entry]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(lake, FINDINGS, nw.col("subject") == "claim"):
        found[row["subject_id"]].append(f"{row['outcome']}: {row['detail']}")
    return [
        Entry(
            day=row["said_on"],
            kind="claim",
            is_of_article=True,
            who=row["claimant_name"] or "",
            what=claim_words(row),
            text=_on_one_line(row["text"]),
            outcome=" ".join(found[row["claim_id"]]),
            telling_count=1,
            **_place(row, told),
            detail=row["claim_id"],
        )
        for row in _rows(lake, CLAIMS, ~nw.col("is_optional"))
        if _is_asked((row[name] for name in _PARTIES if row[name]), question)
    ]


def claim_words(row: Row) -> str:
    """Say in a few words what a claim asserts.

    Args:
        row: A row of ``claims``.

    Returns:
        Words such as ``exports DE to KZ, total: pct_change = 32 %, 2022``.
    """
    value = "" if row["value"] is None else f" {row['comparison']} {number(row['value'])}"
    unit = f" {row['unit']}" if value and row["unit"] else ""
    via = f" via {row['via']}" if row["via"] else ""
    ends = f"{row['exporter'] or 'open'} to {row['importer'] or 'open'}{via}"
    about = f", {row['about']}" if row["about"] else ""
    denied = "denied: " if row["polarity"] == "denied" else ""
    goods = _plain(row["product"])
    return f"{denied}{row['flow']} {ends}, {goods}: {_plain(row['relation'])}{value}{unit}{about}"


def number(value: float) -> str:
    """Write a number of a text in full.

    Args:
        value: The number.

    Example:
        >>> number(1e10), number(0.5)
        ('10,000,000,000', '0.5')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def _measures(question: RecordQuestion) -> list[Entry]:
    """The EU's acts against Russia, one entry for each act, direction and first day."""
    if question.beside and _SANCTIONED not in {question.country, *question.beside}:
        return []
    acts: dict[tuple[Any, ...], list[Measure]] = defaultdict(list)
    for one in packages():
        acts[one.applies_from, one.act, one.direction].append(one)
    return [_measure(same) for same in acts.values()]


def _measure(same: Sequence[Measure]) -> Entry:
    one = same[0]
    ways = {"export": "EU exports to RU", "import": "EU imports from RU", "none": "no goods"}
    goods = dict.fromkeys(measure.goods.split(":")[0] for measure in same)
    return Entry(
        day=one.applies_from.isoformat(),
        kind="measure",
        is_of_article=False,
        who="EU",
        what=f"package {one.package}, {ways[one.direction]}",
        text="; ".join(goods),
        outcome="",
        telling_count=1,
        source=f"{one.act}, {one.locator}",
        source_id="",
        char_start=None,
        char_end=None,
        detail=one.celex,
    )


def _lists(lake: Lake, question: RecordQuestion) -> list[Entry]:
    """Goods that entered a control list of the lake, one entry for each list and day."""
    if question.beside and _SANCTIONED not in {question.country, *question.beside}:
        return []
    counts: dict[tuple[str, Any], set[str]] = defaultdict(set)
    for row in _rows(lake, LISTED_COMMODITIES, ~nw.col("valid_from").is_null()):
        counts[row["list_id"], row["valid_from"]].add(row["commodity"])
    return [
        Entry(
            day=day.isoformat(),
            kind="measure",
            is_of_article=False,
            who="",
            what=f"list {name}",
            text=f"{wording.counted(len(codes), 'code', 'codes')} listed from this day",
            outcome="",
            telling_count=1,
            source=f"list {name} of the lake",
            source_id="",
            char_start=None,
            char_end=None,
            detail=name,
        )
        for (name, day), codes in counts.items()
    ]


def _place(row: Row, told: dict[str, _Article]) -> dict[str, Any]:
    columns = ("source_id", "char_start", "char_end")
    return {"source": told[row["source_id"]].words, **{name: row[name] for name in columns}}


def _entity(one: str) -> str:
    kind, _, rest = one.partition(":")
    if kind == "cty":
        return area(rest).name_en
    words = rest.replace("_", " ").replace("-", " ")
    return words.upper() if kind == "org" and len(words) <= 4 else words.title()


def _plain(key: str) -> str:
    return key.replace("_", " ")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
