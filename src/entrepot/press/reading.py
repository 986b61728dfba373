"""A page as words: the listed phrases among them, the sentence of each and what is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from entrepot.press.article import Language, Page, Span
from entrepot.press.phrases import Chunk, Entry, chunks, classes_of, words_of
from entrepot.press.quotation import quotations
from entrepot.press.tokens import Token, tokens

_BYLINE_WORDS = 25
_SHOUTED = 0.7  # share of capitals from which on a line is a headline in title case


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of a page.

    Args:
        page: The page.
        words: Words of its sentences, in order.
        chunks: Listed phrases among them, in order.
        at: For each word, the phrases that hold it.
        sentence: For each word, the number of its sentence.
        is_quoted: For each word, whether somebody speaks it.
        headlines: Numbers of the sentences that write nearly all their words with capitals.
    """

    page: Page
    words: tuple[Token, ...]
    chunks: tuple[Chunk, ...]
    at: tuple[tuple[Chunk, ...], ...]
    sentence: tuple[int, ...]
    is_quoted: tuple[bool, ...]
    headlines: frozenset[int]

    @property
    def language(self) -> Language:
        """Language of the page."""
        return self.page.language

    def entry(self, place: int, *kinds: str) -> Entry | None:
        """What a listed phrase at a word stands for.

        Args:
            place: Number of the word.
            kinds: Kinds of interest; every kind where none is given.
        """
        found = self.chunk(place, *kinds)
        return None if found is None else found.entry

    def chunk(self, place: int, *kinds: str) -> Chunk | None:
        """The listed phrase that holds a word.

        Args:
            place: Number of the word.
            kinds: Kinds of interest; every kind where none is given.
        """
        for found in self.at[place] if 0 <= place < len(self.at) else ():
            if not kinds or found.entry.kind in kinds:
                return found
        return None

    def is_one_of(self, place: int, *kinds: str) -> bool:
        """Whether a word belongs to a class of small words.

        Args:
            place: Number of the word.
            kinds: Classes, as the list of small words names them.
        """
        if not 0 <= place < len(self.words):
            return False
        known = classes_of(self.page.language).get(self.words[place].low, frozenset())
        return not known.isdisjoint(kinds)

    def is_headline(self, place: int) -> bool:
        """Whether a word stands in a line that writes nearly all its words with capitals.

        Args:
            place: Number of the word.
        """
        return self.sentence[place] in self.headlines

    def is_together(self, first: int, last: int) -> bool:
        """Whether only spaces and hyphens part the words of a stretch.

        Args:
            first: Its first word.
            last: The word behind its last one.
        """
        inner = self.words[first + 1 : last]
        return all(word.is_near for word in inner)

    def span(self, first: int, last: int) -> Span:
        """Place of some words in the text; a quote mark opened among them is closed.

        Args:
            first: The first word.
            last: The word behind the last one.
        """
        start, end = self.words[first].span.start, self.words[last - 1].span.end
        words = self.page.shadow
        is_cut = words[end : end + 1] in set('»”“"') and _is_open(words[start:end])
        return Span(start, end + 1 if is_cut else end)


def _is_open(words: str) -> bool:
    """Whether a quote mark is opened in some words and not closed."""
    if "„" in words:
        return words.count("„") > words.count("“") + words.count("”")
    pairs = (("«", "»"), ("“", "”"))
    return words.count('"') % 2 == 1 or any(words.count(a) > words.count(b) for a, b in pairs)


def read_words(page: Page) -> Reading:
    """Find the words and listed phrases of a page.

    Args:
        page: The page.

    Returns:
        Its words; none for a page without sentences.
    """
    words: list[Token] = []
    numbers: list[int] = []
    headlines: set[int] = set()
    for number, sentence in enumerate(page.sentences):
        found = tokens(page.shadow, sentence.start, sentence.end)
        if _is_byline(found, page.language):
            continue
        words += [replace(word, gap="\n") if not at else word for at, word in enumerate(found)]
        numbers += [number] * len(found)
        is_ended = sentence.of(page.shadow).endswith((".", "!", "?", '"', "”", "»"))
        if page.language == "en" and not is_ended and _is_title_case(found):
            headlines.add(number)
    listed = chunks(words, page.language)
    at: list[tuple[Chunk, ...]] = [()] * len(words)
    for chunk in listed:
        for place in range(chunk.first, chunk.last):
            at[place] += (chunk,)
    quotes = quotations(page.shadow, page.paragraphs)
    spoken = [quote.inner for quote in quotes if quote.is_utterance and not quote.is_open]
    quoted = tuple(_marked(words, spoken))
    lines = frozenset(headlines)
    return Reading(page, tuple(words), listed, tuple(at), tuple(numbers), quoted, lines)


def _is_title_case(found: Sequence[Token]) -> bool:
    long = [word for word in found if len(word.text) > 3]
    return len(long) > 2 and sum(word.is_capital for word in long) >= _SHOUTED * len(long)


def _is_byline(found: Sequence[Token], language: Language) -> bool:
    """Whether a line only says who wrote it."""
    if not 1 < len(found) <= _BYLINE_WORDS or found[0].low not in words_of("byline", language):
        return False
    capitals = sum(word.is_capital for word in found)
    return capitals > 2 * len(found) / 3 or found[1].low in {"by", "von"}


def _marked(words: Iterable[Token], spoken: list[Span]) -> Iterable[bool]:
    """For each word, whether it stands in one of some spans; both in order."""
    at = 0
    for word in words:
        while at < len(spoken) and spoken[at].end <= word.span.start:
            at += 1
        yield any(span.meets(word.span) for span in spoken[at : at + 3])
