"""A sentence as words, marks, quotations and the names of those who could speak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepot.press.article import Language, Mention, Metadata, Page, Quotation, Span
from entrepot.press.cues import word_kinds
from entrepot.press.items import Item, items_of

_LONGEST_SENTENCE = 160  # items; what is longer is no sentence and is read in pieces


@dataclass(frozen=True, slots=True)
class Named:
    """Some items that name somebody.

    Args:
        first: First item.
        last: The item behind the last.
        entities: Who is named, several where they are named by the same words.
        form: ``name``, ``office``, ``demonym``, ``capital`` or ``pronoun``.
    """

    first: int
    last: int
    entities: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, ready to be searched.

    Args:
        page: The page it stands on.
        number: Number of the sentence.
        paragraph: Number of its paragraph.
        items: Its words, marks and quotations.
        named: For each item, the name that holds it.
        segments: For each item, the stretch around it that no mark and no speech parts.
        is_title: Whether it is the headline.
    """

    page: Page
    number: int
    paragraph: int
    items: tuple[Item, ...]
    named: tuple[Named | None, ...]
    segments: tuple[tuple[int, int], ...]
    is_title: bool

    @property
    def language(self) -> Language:
        """Language of the page."""
        return self.page.language

    def is_word(self, place: int, *kinds: str) -> bool:
        """Whether an item is a word of one of some classes.

        Args:
            place: Number of the item.
            kinds: Classes of small words.
        """
        if not 0 <= place < len(self.items) or self.items[place].kind != "word":
            return False
        held = word_kinds(self.page.language).get(self.items[place].low)
        return held is not None and not held.isdisjoint(kinds)

    def is_mark(self, place: int, marks: str = "") -> bool:
        """Whether an item is a mark; out of the sentence counts as one where none is named.

        Args:
            place: Number of the item.
            marks: The marks of interest; any where left out.
        """
        if not 0 <= place < len(self.items):
            return not marks
        item = self.items[place]
        return item.kind == "mark" and (not marks or item.low in marks)

    def is_quote(self, place: int) -> bool:
        """Whether an item is a quotation.

        Args:
            place: Number of the item.
        """
        return 0 <= place < len(self.items) and self.items[place].kind == "quote"

    def low(self, place: int) -> str:
        """An item in small letters; empty outside of the sentence.

        Args:
            place: Number of the item.
        """
        return self.items[place].low if 0 <= place < len(self.items) else ""

    def text(self, first: int, last: int) -> str:
        """Words of some items as written.

        Args:
            first: First item.
            last: The item behind the last.
        """
        return self.span(first, last).of(self.page.text)

    def span(self, first: int, last: int) -> Span:
        """Place of some items.

        Args:
            first: First item.
            last: The item behind the last.
        """
        return Span(self.items[first].span.start, self.items[last - 1].span.end)

    def is_capital(self, place: int) -> bool:
        """Whether an item begins with a capital.

        Args:
            place: Number of the item.
        """
        return self.page.shadow[self.items[place].span.start].isupper()

    def trimmed(self, first: int, last: int) -> tuple[int, int]:
        """Leave out marks at both ends of some items.

        Args:
            first: First item.
            last: The item behind the last.
        """
        while first < last and self.items[first].kind == "mark" and self.low(first) != "(":
            first += 1
        while last > first and self.items[last - 1].kind == "mark" and self.low(last - 1) != ")":
            last -= 1
        return first, last


def passages(
    page: Page,
    quotations: Sequence[Quotation],
    mentions: Sequence[Mention],
    metadata: Metadata,
) -> tuple[Passage, ...]:
    """Read every sentence of a page as items.

    Args:
        page: The page.
        quotations: What stands between quote marks in it.
        mentions: Where it names whom.
        metadata: Its title and dateline.

    Returns:
        Passages in order, none without words.
    """
    outer = _outermost(quotations)
    title, dateline = metadata.title, metadata.dateline
    found = []
    quote_at = mention_at = paragraph = 0
    for number, sentence in enumerate(page.sentences):
        while paragraph + 1 < len(page.paragraphs) and (
            page.paragraphs[paragraph].end <= sentence.start
        ):
            paragraph += 1
        while quote_at < len(outer) and outer[quote_at].outer.end <= sentence.start:
            quote_at += 1
        while mention_at < len(mentions) and mentions[mention_at].span.end <= sentence.start:
            mention_at += 1
        start = sentence.start
        if dateline is not None and dateline.meets(sentence):
            start = min(max(start, dateline.end), sentence.end)
        span = Span(start, sentence.end)
        items = items_of(page.shadow, span, _within(outer, quote_at, sentence.end))
        here = _mentions_within(mentions, mention_at, sentence.end)
        is_title = title is not None and title.meets(sentence)
        at = 0
        for part in _apart(page, items):
            while at < len(here) and here[at].span.end <= part[0].span.start:
                at += 1
            named = _named(part, _mentions_within(here, at, part[-1].span.end))
            stretches = _segments(part, named)
            found.append(Passage(page, number, paragraph, part, named, stretches, is_title))
    return tuple(found)


def _apart(page: Page, items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """Part speech that ends with a full stop from the sentence behind it."""
    at = 0
    while at < len(items) and items[at].kind != "word":
        at += 1
    if 0 < at < len(items) and items[at - 1].kind == "quote":
        is_end = items[at - 1].low.rstrip().endswith((".", "…"))
        if is_end and page.shadow[items[at].span.start].isupper():
            yield items[:at]
            items = items[at:]
    for first in range(0, len(items), _LONGEST_SENTENCE):
        yield items[first : first + _LONGEST_SENTENCE]


def _outermost(quotations: Sequence[Quotation]) -> list[Quotation]:
    kept: list[Quotation] = []
    for one in quotations:
        if not kept or one.outer.start >= kept[-1].outer.end:
            kept.append(one)
    return kept


def _within(quotes: Sequence[Quotation], at: int, end: int) -> list[Quotation]:
    found = []
    while at < len(quotes) and quotes[at].outer.start < end:
        found.append(quotes[at])
        at += 1
    return found


def _mentions_within(mentions: Sequence[Mention], at: int, end: int) -> list[Mention]:
    found = []
    while at < len(mentions) and mentions[at].span.start < end:
        found.append(mentions[at])
        at += 1
    return found


def _segments(items: Sequence[Item], named: Sequence[Named | None]) -> tuple[tuple[int, int], ...]:
    """For each item, the stretch around it; what parts stretches is one of its own."""
    ends = [at for at in range(len(items)) if _parts(items[at], named[at], at)]
    found: list[tuple[int, int]] = []
    for end in [*ends, len(items)]:
        start = len(found)
        found += [(start, end)] * (end - start)
        if end < len(items):
            found.append((end, end + 1))
    return tuple(found)


def _parts(item: Item, name: Named | None, place: int) -> bool:
    if name is not None and name.first < place < name.last - 1:
        return False
    return item.kind == "mark" or (item.kind == "quote" and item.is_utterance)


def _fills(quote: Item, name: Span) -> bool:
    """Whether a name is all that stands between two marks."""
    return quote.span.start + 1 >= name.start and quote.span.end - 1 <= name.end


def _named(items: Sequence[Item], mentions: Sequence[Mention]) -> tuple[Named | None, ...]:
    """For each item, the longest name that holds it."""
    found: list[Named | None] = [None] * len(items)
    together: dict[Span, list[Mention]] = {}
    for mention in mentions:
        together.setdefault(mention.span, []).append(mention)
    at = 0
    for span, some in together.items():
        while at < len(items) and items[at].span.end <= span.start:
            at += 1
        last = at
        while last < len(items) and items[last].span.start < span.end:
            last += 1
        if last == at or (items[at].kind == "quote" and not _fills(items[at], span)):
            continue
        ids = tuple(dict.fromkeys(one.entity for one in some))
        name = Named(at, last, ids, some[0].form)
        for place in range(at, last):
            held = found[place]
            if held is None or held.last - held.first < last - at:
                found[place] = name
    return tuple(found)
