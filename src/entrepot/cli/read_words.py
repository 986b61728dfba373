"""One article's reading in words: what it is, who said what, figures, events, claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entrepot.dossier.record_entries import number
from entrepot.press.article import Entity, Span
from entrepot.press.article_rows import Origin
from entrepot.press.told import Article, Claim, Event, Figure, Statement

_LANGUAGES = {"en": "English", "de": "German", "ru": "Russian"}
_BASES = {
    "dateline": "by its dateline",
    "dateline+weekday": "by dateline and weekday",
    "header": "by its header",
    "body": "by its text",
    "given": "as given",
    "none": "",
}
OPEN = "open"


def article_lines(article: Article, origin: Origin) -> Iterator[str]:
    """Say what was read.

    Args:
        article: The reading.
        origin: Where it came from.

    Returns:
        Lines; words of the text stand in their exact form behind their first and last character.
    """
    writer = _Words(article)
    yield from writer.head(origin)
    for title, lines in (
        ("Statements", [line for one in article.statements for line in writer.statement(one)]),
        ("Figures", [writer.figure(one) for one in article.figures]),
        ("Events", [line for one in article.events for line in writer.event(one)]),
        ("Claims on trade", [line for one in article.claims for line in writer.claim(one)]),
    ):
        yield ""
        yield title if lines else f"{title}: none found"
        yield from lines


class _Words:
    """Words of one article."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._entities: dict[str, Entity] = {one.id: one for one in article.entities}

    def head(self, origin: Origin) -> Iterator[str]:
        page, told = self._article.page, self._article.metadata
        yield self._words(told.title) if told.title else "(no title)"
        basis = _BASES[told.date_basis]
        place = f"{told.place} ({told.country})" if told.place and told.country else told.place
        origin_language = f", translated from {told.origin_language}"
        parts = (
            f"{told.date} {basis}".strip() if told.date else "no date",
            place,
            self._name(told.agency) if told.agency else None,
            self._name(told.publisher) if told.publisher else None,
            _LANGUAGES[page.language] + (origin_language if told.origin_language else ""),
        )
        yield "; ".join(part for part in parts if part)
        yield f"{origin.name}, source {origin.source_id}"

    def statement(self, one: Statement) -> Iterator[str]:
        speakers = ", ".join(map(self._whole_name, one.speaker)) or one.speaker_text or OPEN
        parts = [
            one.act.replace("_", " "),
            one.mode,
            *([f"to {self._listed(one.addressee)}"] if one.addressee else []),
            *([f"via {self._listed(one.via)}"] if one.via else []),
            *(["headline"] if one.is_in_title else []),
            *(["optional"] if one.is_optional else []),
        ]
        yield f"  {speakers}: {', '.join(parts)}"
        yield f"    {self._at(one.span)}"

    def figure(self, one: Figure) -> str:
        value = f"{number(one.value)} {one.unit}"
        mark = "" if one.comparison == "=" else f"{one.comparison} "
        about = "; ".join(filter(None, (one.what, one.when)))
        return f"  {self._at(one.span)}: {mark}{value}" + (f" ({about})" if about else "")

    def event(self, one: Event) -> Iterator[str]:
        kind = " ".join(filter(None, (one.plover, one.mode)))
        parts = [
            self._listed(one.participants) if one.participants else "participants open",
            one.date or "day open",
            *([one.place] if one.place else []),
            one.status,
            *(["optional"] if one.is_optional else []),
        ]
        yield f"  {one.kind} ({kind}): {'; '.join(parts)}"
        yield f"    {self._at(one.span)}"

    def claim(self, one: Claim) -> Iterator[str]:
        value = (
            OPEN if one.value is None else f"{one.comparison} {number(one.value)} {one.unit or ''}"
        )
        via = f" via {one.via}" if one.via else ""
        flow = f"{one.flow} {one.exporter or OPEN} → {one.importer or OPEN}{via}, {one.product}"
        parts = [
            one.relation.replace("_", " ") + ("" if one.value is None else f" {value.strip()}"),
            one.period or "period open",
            *([f"against {one.baseline}"] if one.baseline else []),
            one.polarity,
            f"by {self._listed(one.claimant)}" if one.claimant else "claimant open",
            *([] if one.is_checkable else ["nothing statistics can check"]),
            *(["optional"] if one.is_optional else []),
        ]
        yield f"  {flow}: {'; '.join(parts)}"
        yield f"    {self._at(one.span)}"

    def _at(self, span: Span) -> str:
        return f"[{span.start}:{span.end}] {self._words(span)}"

    def _words(self, span: Span) -> str:
        # On one line; the span says where the words stand with the breaks they have.
        return " ".join(span.of(self._article.page.text).split())

    def _name(self, one: str) -> str:
        return self._entities[one].name if one in self._entities else one

    def _listed(self, ids: Sequence[str]) -> str:
        return ", ".join(map(self._name, ids))

    def _whole_name(self, one: str) -> str:
        known = self._entities.get(one)
        if known is None:
            return one
        office = known.offices[0] if known.offices else None
        country = known.country if known.type in ("person", "org") else None
        more = ", ".join(part for part in (office, country) if part)
        return f"{known.name} ({more})" if more else known.name
