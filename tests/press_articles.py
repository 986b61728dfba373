"""Articles whose every statement and claim is written out, for tests of tables and commands."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from entrepot.api.reading import Reading
from entrepot.press.article import Entity, Metadata, Span
from entrepot.press.article_rows import Origin
from entrepot.press.figures import figures
from entrepot.press.mentions import mentions
from entrepot.press.page import read_page
from entrepot.press.told import Article, Claim, Event, Statement

DAY = date(2023, 12, 31)
SADYR = Entity("per:sadyrov", "person", "Talant Sadyrov", ("Minister of Trade",), "KG")
CLAIM = {
    "exporter": "DE",
    "importer": "KG",
    "via": None,
    "reporter": None,
    "partner": None,
    "flow": "export",
    "product": "total",
    "product_text": "",
    "period": "2022",
    "baseline": None,
    "relation": "level",
    "comparison": ">",
    "value": 500e6,
    "unit": "EUR",
    "claimant": ("per:sadyrov",),
    "polarity": "asserted",
    "is_checkable": True,
    "basis": "exporter=clause",
}


def article(text: str, *said: str, on: str | None = "2023-05-11", **told: object) -> Article:
    """An article in which Sadyrov says some of its words; with what else is handed in."""
    page, quoted = read_page(text)
    _, named = mentions(page)
    read = Article(
        page=page,
        metadata=Metadata(
            title=span(text, text.split("\n")[0]),
            date=on,
            date_basis="none" if on is None else "dateline",
        ),
        entities=(SADYR, Entity("cty:KG", "country", "Kyrgyzstan", (), "KG")),
        mentions=named,
        quotations=quoted,
        statements=tuple(statement(text, words) for words in said),
        figures=figures(page),
        events=(),
        claims=(),
    )
    return replace(read, **told)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def statement(text: str, words: str, **changed: object) -> Statement:
    """Sadyrov says some words of a text."""
    made = Statement(
        span=span(text, words),
        speaker=("per:sadyrov",),
        speaker_text="Sadyrov",
        addressee=(),
        act="say",
        also=(),
        mode="direct",
        cue=None,
    )
    return replace(made, **changed)


def claim(text: str, words: str, **changed: object) -> Claim:
    """German exports to Kyrgyzstan topped 500 million euros in 2022, as Sadyrov says."""
    return Claim(span=span(text, words), **(CLAIM | changed))


def meeting(text: str, words: str, **changed: object) -> Event:
    made = Event(
        span=span(text, words),
        kind="meeting",
        plover="CONSULT",
        mode="",
        participants=("cty:KG", "cty:DE"),
        date="2023-05-10",
        place="Bishkek",
        country="KG",
        status="past",
    )
    return replace(made, **changed)


def origin(name: str) -> Origin:
    return Origin(hashlib.sha256(name.encode()).hexdigest(), name, None, DAY)


def reading(name: str, read: Article) -> Reading:
    return Reading(origin(name), read, name)
