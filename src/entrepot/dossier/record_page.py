"""A record as one self-contained HTML page, and as a section of the page about a country."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from entrepot.dossier import wording
from entrepot.dossier.draw import spec_to_svg
from entrepot.dossier.figure import Figure
from entrepot.dossier.record import CountryRecord, Entry, Leg, LegMonth
from entrepot.dossier.record_chart import PLURALS, counted, record_chart

_TOLD = ("statement", "event", "claim")
SHOWN = 400  # entries a page shows; the table of `entrepot record` holds all
NOT_A_PROOF = (
    "That a statement and a change of trade stand side by side says nothing of cause. Words are "
    "those of the articles, as their writers attribute them; whether a speaker meant them so is "
    "not decided here."
)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry as the page shows it.

    Args:
        day: The day, in words.
        entry: The entry.
        place: Where its words stand; empty for a measure.
        is_first: Whether it is the first of its day.
    """

    day: str
    entry: Entry
    place: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as the page shows it.

    Args:
        title: Heading.
        summary: What it holds, sentence by sentence.
        lines: The timeline.
        rest: A sentence about lines left out; empty where none was.
        figure: Words of the chart; nothing where there is none.
        drawn: Its drawing.
        notes: What must be known to read it.
    """

    title: str
    summary: tuple[str, ...]
    lines: tuple[RecordLine, ...]
    rest: str
    figure: Figure | None
    drawn: Markup
    notes: tuple[str, ...]


def record_view(record: CountryRecord) -> RecordView:
    """Put a record into the words of a page.

    Args:
        record: The record.

    Returns:
        What the page shows.
    """
    chart = record_chart(record)
    shown = record.entries[:SHOWN]
    rest = len(record.entries) - len(shown)
    beside = wording.listing(record.question.beside)
    return RecordView(
        title=f"{record.country}: record of relations" + (f" with {beside}" if beside else ""),
        summary=_summary(record),
        lines=_lines(shown),
        rest=f"{rest:,} later entries are left out; `entrepot record` lists all." if rest else "",
        figure=None if chart is None else chart.figure,
        # Safe: the converter escapes what it draws, and `spec_to_svg` the words it adds.
        drawn=Markup(
            ""
            if chart is None
            else spec_to_svg(chart.spec, "Declared trade and timeline", chart.figure, 0)
        ),
        notes=_notes(record),
    )


def render_record(record: CountryRecord) -> str:
    """Arrange a record on a page of its own.

    Args:
        record: The record.

    Returns:
        HTML with its style and its chart inside; everything that is text is escaped.
    """
    return _templates().get_template("record.html").render(r=record_view(record))


def render_record_paper(record: CountryRecord) -> str:
    """Arrange a record for :func:`~entrepot.dossier.pdf.to_pdf`.

    Args:
        record: The record.

    Returns:
        HTML as from :func:`render_record`, its chart an image.
    """
    from entrepot.dossier.render import picture  # which shows records too

    view = record_view(record)
    if view.figure is not None:
        words = f"{view.figure.title}. {view.figure.description}"
        view = replace(view, drawn=picture(view.drawn, words))
    return _templates().get_template("record.html").render(r=view)


def _summary(record: CountryRecord) -> tuple[str, ...]:
    counts = {kind: sum(one.kind == kind for one in record.entries) for kind in PLURALS}
    told = wording.listing(
        counted(kind, count) for kind, count in counts.items() if count and kind in _TOLD
    )
    articles = len({one.source_id for one in record.entries if one.source_id})
    found = [
        f"The record holds {told} from {wording.counted(articles, 'article', 'articles')}, and "
        f"{counted('measure', counts['measure'])}."
        if told
        else "No article in the lake holds a statement, an event or a claim that was asked for."
    ]
    checked = [one.outcome.split(":")[0] for one in record.entries if one.outcome]
    if checked:
        outcomes = wording.listing(
            f"{checked.count(name):,} {name}" for name in dict.fromkeys(sorted(checked))
        )
        found.append(f"Of its claims on trade, checked against declarations: {outcomes}.")
    return (*found, *record.absent)


def _notes(record: CountryRecord) -> tuple[str, ...]:
    partial = [
        f"{leg.name}: {_months_short(leg.usual_count, short)}"
        for leg in record.legs
        if leg.freq == "M"
        if (short := [m for m in leg.months if m.reporter_count < leg.usual_count])
    ]
    units = {leg.unit for leg in record.legs if leg.freq == "M"}
    return tuple(
        filter(
            None,
            (
                NOT_A_PROOF,
                "A day in brackets is the article's: the text gives none of its own."
                if any(entry.is_of_article for entry in record.entries)
                else "",
                f"{record.left_out:,} entries are left out because their year is open."
                if record.left_out
                else "",
                f"Fewer members declared in some months. {'; '.join(partial)}." if partial else "",
                "Amounts in another currency or valuation have an axis of their own."
                if len(units) > 1
                else "",
                *(_yearly(leg) for leg in record.legs if leg.freq == "A"),
            ),
        )
    )


def _yearly(leg: Leg) -> str:
    """The amounts of a leg that is held by year only, in a sentence."""
    told = "; ".join(
        f"{leg.period(year)}: {wording.amount(year.value, leg.unit)}" for year in leg.months
    )
    return f"{leg.name} is held by year only ({leg.goods}, {leg.source}): {told}."


def _months_short(usual: int, short: list[LegMonth]) -> str:
    worst = min(short, key=lambda month: month.reporter_count)
    return (
        f"{wording.counted(len(short), 'month', 'months')} with fewer than {usual} reporters, the "
        f"fewest {worst.reporter_count} in {wording.month(worst.month)}"
    )


def _lines(entries: tuple[Entry, ...]) -> tuple[RecordLine, ...]:
    before: str | None = None
    found = []
    for entry in entries:
        day = entry.day or "day open"
        shown = f"({day})" if entry.is_of_article and entry.day else day
        span = f"characters {entry.char_start}–{entry.char_end}" if entry.source_id else ""
        found.append(RecordLine(shown, entry, span, shown != before))
        before = shown
    return tuple(found)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("entrepot.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
