"""How far an office reaches to its right, with its portfolio, its country and its body."""

from __future__ import annotations

import re
from dataclasses import replace

from entrepot.press.name_runs import is_person, run_end
from entrepot.press.office_phrase import NAMES_A_COUNTRY, OfficePhrase, modified, with_entry
from entrepot.press.phrases import Chunk
from entrepot.press.reading import Reading

_SPAN_RU = 11  # words a Russian office may name its body with
_LINKS = {
    "en": {"of", "for", "to", "in", "at", "with"},
    "de": {"für", "von", "der", "des", "im", "in", "beim", "vom", "bei"},
}
_ARTICLES = {"en": {"the"}, "de": {"der", "des", "die", "das", "dem", "den"}}
_SERVANTS = frozenset({"spokesperson", "adviser", "envoy", "deputy", "head", "official"})
_GENITIVES = {"der", "des"}
_JOINS = {"and", "und", "der", "für"}
_PLAIN_WORDS = 5  # words an office may go on with that no list knows
_BODY_WORDS = 5  # words with capitals
_NO_NOUNS = frozenset(
    {
        *(
            "who",
            "that",
            "which",
            "is",
            "was",
            "are",
            "were",
            "has",
            "had",
            "have",
            "will",
            "would",
        ),
        *("and", "or", "but", "as", "on", "at", "it", "not", "also", "after", "before", "when"),
        *("while", "since", "told", "of", "for", "to", "in", "the", "with", "met", "spoke", "went"),
        *("came", "took", "gave", "held", "made", "left", "did", "does", "may", "might", "could"),
        *("should", "can", "must", "declined", "visited", "signed", "became", "today"),
        *("yesterday", "tomorrow", "later", "then"),
    }
)
_POSTS = (*NAMES_A_COUNTRY, "city")
_GAP = re.compile('(?:[»”"]?(?: |-)[«“„"]?|, )$')
_CLOSING = re.compile('[»”"] ')
_JOINS_NAMES = {"of", "for", "and", "für", "und"}
_QUOTE = re.compile('[«“„"]')
_MEDIA_NOUNS = frozenset({"newspaper", "agency"})
_MEDIA_ENDINGS = ("а", "ы", "и", "я")
_GENITIVE = ("ы", "и", "а", "я", "ов", "ев", "ей", "ого", "его", "ой", "ых", "их", "у", "ю")
_DATIVE = (*_GENITIVE, "ым", "им", "ам", "ям", "ому", "ему", "е")


def reached(reading: Reading, phrase: OfficePhrase) -> OfficePhrase:
    """Take in what stands behind an office: of Trade, für Wirtschaft, иностранных дел России.

    Args:
        reading: The words of a page.
        phrase: The office with what stands before it.

    Returns:
        The same with its portfolio, country and body, up to the name if one follows.
    """
    if reading.language == "ru":
        return _russian(reading, phrase)
    place = end = phrase.core
    while place < len(reading.words) and _goes_on(reading, place):
        low = reading.words[place].low
        chunk = reading.chunk(place, *_POSTS)
        if chunk is not None and chunk.first == place:
            if not _may_follow(reading, place, phrase.core) or chunk.entry.detail == "group":
                break
            if reading.words[place - 1].low not in {"in", "im", "to"}:
                phrase = with_entry(phrase, chunk.entry.kind, chunk.entry.key, chunk.entry.area)
            place = end = chunk.last
        elif _is_portfolio_behind(reading, phrase, place):
            phrase = modified(reading, phrase, place)
            end = end if low in _JOINS else place + 1
            place += 1
        elif _is_small(reading, phrase, place):
            place += 1
        elif (behind := _behind_body(reading, phrase, place)) > place:
            place = end = behind
        else:
            break
    return replace(phrase, last=max(phrase.last, end))


def _is_small(reading: Reading, phrase: OfficePhrase, place: int) -> bool:
    """Whether a word is a link, an article or an adjective such as federal."""
    low = reading.words[place].low
    if low in _LINKS[reading.language] | _ARTICLES[reading.language]:
        return True
    return place > phrase.core and reading.is_one_of(place, "modifier")


def _behind_body(reading: Reading, phrase: OfficePhrase, place: int) -> int:
    """The word behind whom or what the office serves; the place itself where there is nothing."""
    if (master := _master(reading, phrase, place)) is not None:
        return master.last
    behind = _named_body(reading, phrase, place)
    return place + 1 if behind == place and _is_plain_noun(reading, phrase, place) else behind


def _master(reading: Reading, phrase: OfficePhrase, place: int) -> Chunk | None:
    """An office whose holder is served: Sprecher des Präsidenten, adviser to the president."""
    found = reading.chunk(place, "office")
    if found is None or found.first != place or phrase.office not in _SERVANTS:
        return None
    is_told = reading.words[place - 1].low in _GENITIVES or _is_linked(reading, place)
    return found if is_told else None


def _is_portfolio_behind(reading: Reading, phrase: OfficePhrase, place: int) -> bool:
    low = reading.words[place].low
    if not reading.is_one_of(place, "portfolio") or low in {"of", "for", "to", "in", "the"}:
        return False
    return place > phrase.core or low in _JOINS  # a link must come first: of Trade


def _is_plain_noun(reading: Reading, phrase: OfficePhrase, place: int) -> bool:
    """Whether an office goes on with a word no list knows: head of the shipping chamber."""
    word = reading.words[place]
    if word.is_capital or place - phrase.core > _PLAIN_WORDS or place == phrase.core:
        return False
    if reading.words[place - 1].low == "to":
        return False
    if reading.is_one_of(place, "reporting", "oblique", "pronoun", "ours", "indefinite"):
        return False
    if reading.language == "de":
        follows = reading.words[place + 1] if place + 1 < len(reading.words) else None
        is_inside = follows is not None and follows.is_capital and follows.is_near
        return is_inside and word.low.endswith(("en", "er")) and _is_linked(reading, place)
    return word.low not in _NO_NOUNS


def _is_linked(reading: Reading, place: int) -> bool:
    """Whether a link stands before, with or without an article: of the, von der, des."""
    links = _LINKS[reading.language]
    if reading.words[place - 1].low in links or reading.words[place - 1].is_possessive:
        return True
    is_article = reading.words[place - 1].low in _ARTICLES[reading.language]
    return is_article and reading.words[place - 2].low in links


def _named_body(reading: Reading, phrase: OfficePhrase, place: int) -> int:
    """The word behind a body no list knows: of the Brookings Institution, des Weltverbands."""
    if _QUOTE.search(reading.words[place].gap):
        return _behind_quotes(reading, place)
    if place == phrase.core or reading.words[place - 1].is_capital:
        return place
    is_adjective = reading.language == "de" and reading.words[place - 1].low.endswith(("en", "er"))
    if not _is_linked(reading, place) and not is_adjective:
        return place
    end = step = place
    while step < len(reading.words) and step - place < _BODY_WORDS:
        if step > place and not reading.words[step].is_near:
            break
        if reading.words[step].low in _JOINS_NAMES and step > place:
            step += 1
            continue
        if not _may_name_body(reading, step):
            break
        step += 1
        end = step
    return end


def _may_name_body(reading: Reading, place: int) -> bool:
    if not reading.words[place].is_capital or reading.is_one_of(place, "not_a_name"):
        return False
    if reading.chunk(place, "office", "country", "city", "capital", "anonymous") is not None:
        return False
    last = run_end(reading, place)
    return last <= place + 1 or not is_person(reading, place, last)


def _behind_quotes(reading: Reading, place: int) -> int:
    """The word behind a name in quote marks; the place itself where they do not close soon."""
    for end in range(place + 1, min(place + _BODY_WORDS, len(reading.words))):
        if _CLOSING.match(reading.words[end].gap):
            return end
        if not reading.words[end].is_near:
            break
    return place


def _goes_on(reading: Reading, place: int) -> bool:
    gap = reading.words[place].gap
    if gap == ", ":
        return reading.is_one_of(place, "portfolio") and reading.is_one_of(place - 1, "portfolio")
    return _GAP.match(gap) is not None and gap != ", "


def _may_follow(reading: Reading, place: int, core: int) -> bool:
    """Whether a country behind an office belongs to it: of Kazakhstan, Kasachstans, der EU."""
    before = reading.words[place - 1].low
    if place > core and reading.is_one_of(place - 1, "modifier"):
        return True
    if place == core:
        return reading.language == "de" and reading.words[place].low.endswith("s")
    if reading.chunk(place - 1, "adjective", "noun", "body") is not None:
        return True
    if before in {"in", "im", "to"}:
        return reading.chunk(core - 1, "office") is not None and _is_posted(reading, core)
    return before in {"and", "und"} or before in _GENITIVES or _is_linked(reading, place)


def _is_posted(reading: Reading, core: int) -> bool:
    entry = reading.entry(core - 1, "office")
    return entry is not None and entry.key in {"ambassador", "envoy"}


def _russian(reading: Reading, phrase: OfficePhrase) -> OfficePhrase:
    """A Russian office draws its body along in the genitive, up to the name."""
    end = place = phrase.core
    limit = min(len(reading.words), phrase.core + _SPAN_RU)
    while place < limit and _GAP.match(reading.words[place].gap):
        is_comma = reading.words[place].gap == ", "
        if _is_name_at(reading, place) and not is_comma:
            end = place
            break
        chunk = reading.chunk(place, *NAMES_A_COUNTRY)
        if chunk is not None and chunk.first == place and not is_comma:
            if chunk.entry.detail == "group":
                break
            is_media = chunk.entry.key in _MEDIA_NOUNS
            if is_media and not reading.words[place].low.endswith(_MEDIA_ENDINGS):
                break
            phrase = with_entry(phrase, chunk.entry.kind, chunk.entry.key, chunk.entry.area)
            place = end = chunk.last
        elif reading.is_one_of(place, "portfolio"):
            phrase = modified(reading, phrase, place)
            place += 1
            end = place if reading.words[place - 1].low not in {"и", "по"} else end
        elif reading.words[place].low == "в" and _is_posted(reading, phrase.core):
            post = reading.chunk(place + 1, *_POSTS)
            if post is None:
                break
            place = end = post.last
        elif _may_be_genitive(reading, phrase, place):
            place += 1
        else:
            break
    return replace(phrase, last=max(phrase.last, end))


def _is_name_at(reading: Reading, place: int) -> bool:
    """Whether a name begins; words in Latin letters or in quote marks are a body's."""
    word = reading.words[place]
    if word.text.isascii() or _QUOTE.search(word.gap):
        return False
    return run_end(reading, place) > place + 1


def _may_be_genitive(reading: Reading, phrase: OfficePhrase, place: int) -> bool:
    word = reading.words[place]
    if word.gap == ", " or reading.is_one_of(place, "reporting", "pronoun", "ours", "definite"):
        return False
    if word.low in {"при", "по", "в"} or (word.low == "от" and phrase.office == "lawmaker"):
        return True
    if reading.is_one_of(place, "oblique"):
        return False
    if word.text.isascii() or word.text.isupper() or _QUOTE.search(word.gap):
        return True
    between = {one.low for one in reading.words[phrase.core : place]}
    return word.low.endswith(_DATIVE if "по" in between else _GENITIVE)
