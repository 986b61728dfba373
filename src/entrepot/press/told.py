"""What one article tells: statements, figures, events and claims, each on a span of its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from entrepot.press.article import Entity, Mention, Metadata, Page, Quotation, Span

Mode = Literal["direct", "indirect", "mixed"]
Relation = Literal[
    "level", "pct_change", "ratio", "increase", "decrease", "share", "rank", "exists"
]
Comparison = Literal["=", "~", ">", ">=", "<", "<=", "~<"]
FigureKind = Literal[
    "count", "money", "percent_change", "share", "ratio", "rank", "length", "duration"
]
Status = Literal["past", "ongoing", "planned"]
Polarity = Literal["asserted", "denied"]

NOT_CHECKABLE = "; not checkable: "  # in the basis of a claim, before the reason


@dataclass(frozen=True, slots=True)
class Statement:
    """Something somebody is said to have said.

    Args:
        span: The content, without speaker, cue and outer quote marks.
        speaker: Entity ids, several where they spoke jointly.
        speaker_text: The speaker's words in the text.
        addressee: Entity ids.
        act: What the cue says was done: say, stress, deny, call_for …
        also: Acts the content does.
        mode: Whether it is quoted.
        cue: The word that attributes.
        quotes: What of the content stands between quote marks.
        via: Entity ids of who passed it on, nearest first.
        is_in_title: Whether it is the headline.
        is_optional: Whether it repeats or only names a topic.
    """

    span: Span
    speaker: tuple[str, ...]
    speaker_text: str
    addressee: tuple[str, ...]
    act: str
    also: tuple[str, ...]
    mode: Mode
    cue: Span | None
    quotes: tuple[Span, ...] = ()
    via: tuple[str, ...] = ()
    is_in_title: bool = False
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity somebody could check.

    Args:
        span: Its words.
        value: The number, in the unit.
        comparison: How exact it claims to be.
        unit: ``USD``, ``EUR``, ``%``, ``person``, ``ratio``, ``rank``, ``year``, ``km``, ``t`` …
        kind: What kind of quantity.
        what: What is counted, as written; may be empty.
        when: Period it is about, as written; may be empty.
    """

    span: Span
    value: float
    comparison: Comparison
    unit: str
    kind: FigureKind
    what: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting, call, visit, agreement or measure.

    Args:
        span: Its words.
        kind: ``meeting``, ``call``, ``visit``, ``agreement``, ``invitation``, ``sanction`` …
        plover: Type of PLOVER 2021: CONSULT, AGREE, REQUEST …
        mode: Its mode there; may be empty.
        participants: Entity ids.
        date: EDTF, or nothing.
        place: As written, or nothing.
        country: ISO 3166-1 alpha-2, or nothing.
        status: Whether it is over, goes on or is to come.
        is_optional: Whether it only repeats.
    """

    span: Span
    kind: str
    plover: str
    mode: str
    participants: tuple[str, ...]
    date: str | None
    place: str | None
    country: str | None
    status: Status
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion about trade that statistics could check.

    Args:
        span: Its words.
        exporter: ISO 3166-1 alpha-2, a grouping of ``codes`` (EU) or ``W0`` for the world.
        importer: The same.
        via: Third country it is said to pass through.
        reporter: Whose statistics are meant, where the text says so.
        partner: The other side of them.
        flow: ``export``, ``import``, ``trade`` (both), ``re-export``.
        product: Key of the product lexicon, e.g. ``oil``; ``total`` for all goods.
        product_text: Its words; may be empty.
        period: EDTF or interval, or nothing.
        baseline: The same, of what it is compared with.
        relation: Level, change, rank …
        comparison: How the value is meant.
        value: The number; negative for a fall; nothing where only a direction is claimed.
        unit: Its unit.
        claimant: Entity ids.
        polarity: Whether it is asserted or denied.
        is_checkable: Whether trade statistics can say anything on it.
        basis: Where each argument came from: ``exporter=clause importer=sentence …``.
        is_optional: Whether it only repeats.
    """

    span: Span
    exporter: str | None
    importer: str | None
    via: str | None
    reporter: str | None
    partner: str | None
    flow: str
    product: str
    product_text: str
    period: str | None
    baseline: str | None
    relation: Relation
    comparison: Comparison
    value: float | None
    unit: str | None
    claimant: tuple[str, ...]
    polarity: Polarity
    is_checkable: bool
    basis: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """All that was read out of one article.

    Args:
        page: Its text.
        metadata: What it says of itself.
        entities: Whom it names.
        mentions: Where.
        quotations: Words between quote marks.
        statements: Who said what.
        figures: Quantities.
        events: What happened.
        claims: What statistics could check.
    """

    page: Page
    metadata: Metadata
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    quotations: tuple[Quotation, ...]
    statements: tuple[Statement, ...]
    figures: tuple[Figure, ...]
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]
