"""Goods named at a word of trade that the lexicon does not know: hazelnuts, washing powder.

Trade in them is not trade in all goods. Where the words may as well name no goods they are left.
"""

from __future__ import annotations

import re
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.anchors import Anchor
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON
from entrepot.press.line import Line
from entrepot.press.products import product_in

UNREAD = "unread_goods"
_WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
_BEHIND = 60  # characters behind a word of trade in which its goods are named
_BEFORE = 40
_LEAST = 3  # letters of the name of goods
_LATER = re.compile(r"[^.;:!?()\d$€«»\"]*")
_GENITIVE = re.compile(r"[а-яё-]+[^оеуюэё]")
_VERBAL = re.compile(
    r"[а-яё-]+(?:(?:[аеиоуыя]л[аои]?|[её]т|[уюая]т|ит|ть)(?:с[ья])?|ся|сь|н[аоы]|[аяео]н|ить|м|ем)|"
    r"(?:вы|воз|под)?рос|достиг|упал|исчез"
)
_LIKE_VERBS = re.compile(r"(?:мас|мы|са|крахма|метал|текстил)л[аои]?")
_SHORT = re.compile(
    r"(?:из|от|до|для|при|под|над|без|или|она|они|еще|ещё|уже|мы|вы|лишь|через|между|после|перед|"
    r"примерно|почти|около|более|менее|свыше|порядка|впервые|вдвое|втрое|значительно|резко|чуть|"
    r"затем|потом|только|именно|сначала|пока|снова|опять|ранее|позже|прежде|стали?|стала|дали?|"
    r"внутри|вокруг|вместо|среди|кроме|помимо|ради|сквозь|против|путем|хотя|если|когда|куда)"
)


@cache
def _rows() -> dict[tuple[str, str], str]:
    columns = ("language", "kind", "pattern", "source")
    rows = read_rows("goods_places.csv", columns, LEXICON)
    return {(row["language"], row["kind"]): row["pattern"] for row in rows}


@cache
def _whole(language: Language, kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_rows()[language, kind]})", re.IGNORECASE)


def unread_goods(at: Line, anchor: Anchor | None) -> Span | None:
    """Find the words for goods at a word of trade that the lexicon of goods does not know.

    Args:
        at: The sentence.
        anchor: The word of trade.

    Returns:
        The words; nothing where none stand there, where they name all goods, or where the lexicon
        knows them.
    """
    if anchor is None or anchor.role not in {"noun", "sends", "takes"}:
        return None
    if anchor.role != "noun":
        return _object(at, anchor)
    language = at.scene.language
    if language == "ru":
        return _genitive(at, anchor)
    found = _part(at, anchor) if language == "de" else _attribute(at, anchor)
    return found or _behind_of(at, anchor)


def _behind_of(at: Line, anchor: Anchor) -> Span | None:
    """Exports of hazelnuts; Exporte von Haselnüssen."""
    right = at.text[anchor.span.end : min(at.span.end, anchor.span.end + _BEHIND)]
    lead = re.match(rf"\s+(?:{_rows()[at.scene.language, 'of']})\s+", right, re.IGNORECASE)
    if lead is None:
        return None
    return _named(at, Span(anchor.span.end + lead.end(), anchor.span.end + len(right)))


def _named(at: Line, span: Span) -> Span | None:
    """Words for goods at the beginning of a stretch, up to the first word that is none of them."""
    later = _LATER.match(at.text, span.start, span.end)
    words = _words_to_end(at, Span(span.start, later.end() if later else span.start))
    if not words or _is_known(at, Span(words[0].start, words[-1].end)):
        return None
    named = [one for one in words if not _is_plain(at, one)]
    return Span(words[0].start, words[-1].end) if named else None


def _words_to_end(at: Line, span: Span) -> list[Span]:
    language = at.scene.language
    words: list[Span] = []
    nouns = 0
    for match in _WORD.finditer(at.text, span.start, span.end):
        word = match.group()
        if at.text[words[-1].end if words else span.start : match.start()].strip():
            break
        if language == "en" and _whole("en", "end").fullmatch(word):
            break
        if language == "de" and nouns and not word[0].isupper():
            break
        nouns += word[0].isupper()
        words.append(Span(*match.span()))
    return words if language != "de" or nouns else []


def _is_plain(at: Line, word: Span) -> bool:
    """Whether a word names no goods: a general word, a country, a number or a time."""
    text = word.of(at.text)
    if len(text) < _LEAST or _whole(at.scene.language, "generic").fullmatch(text):
        return True
    if _is_timed(at, word) or any(one.span.meets(word) for one in at.scene.mentions):
        return True
    if at.scene.language == "de":
        return text[0].islower() or not text[0].isalpha()
    return text[0].isupper()


def _is_known(at: Line, span: Span) -> bool:
    return any(one.span.meets(span) for one in at.goods)


def _attribute(at: Line, anchor: Anchor) -> Span | None:
    """German beer exports; wheelbarrow exports at the head of a clause."""
    left = at.text[max(at.span.start, anchor.span.start - _BEFORE) : anchor.span.start]
    match = re.search(r"(?<![\w'-])([a-zA-Z][a-z-]+)\s+$", left)
    if match is None:
        return None
    start = anchor.span.start - len(left) + match.start(1)
    word, text = Span(start, start + len(match[1])), match[1]
    ahead = at.text[max(at.span.start, start - _BEFORE) : start]
    is_head = start == at.span.start or re.search(r"(?:\bthe|\bof|[-–—,:.])\s+$", ahead)
    names = [one for one in at.areas if 0 < start - one.span.end < _BEFORE]
    is_owned = bool(names) and _is_attributive(at, names[-1].span, start)
    if not (is_head or is_owned) or _whole("en", "plain").fullmatch(text):
        return None
    if _is_known(at, word) or any(one.span.meets(word) for one in at.scene.mentions):
        return None
    is_named = text[0].isupper() and start != at.span.start and not is_head
    return None if is_named or _is_timed(at, word) else word


def _is_attributive(at: Line, name: Span, word: int) -> bool:
    """Whether a country stands as an adjective or a genitive right before a word."""
    if not re.fullmatch(r"(?:['’]s?)?\s+(?:[a-z-]+\s+)?", at.text[name.end : word]):
        return False
    if re.match(r"['’]s?\s", at.text[name.end : name.end + 3]):
        return True
    return any(one.span == name and one.form == "demonym" for one in at.scene.mentions)


def _is_timed(at: Line, word: Span) -> bool:
    is_counted = any(one.span.meets(word) for one in at.scene.figures)
    return is_counted or any(one.span.meets(word) for one in at.scene.periods)


def _part(at: Line, anchor: Anchor) -> Span | None:
    """The first part of a compound: Haselnussexporte, Bier-Exporte."""
    word = anchor.span.of(at.text)
    stem = next(re.compile(rf"{_rows()['de', 'stem']}$").finditer(word), None)
    part = word[: stem.start()].rstrip("-") if stem else ""
    if len(part) < _LEAST or _whole("de", "plain_part").fullmatch(part):
        return None
    if any(one.span.meets(anchor.span) for one in at.scene.mentions) or _is_known(at, anchor.span):
        return None
    if any(product_in(part[:size], "de") for size in range(len(part), 2, -1)):
        return None
    return anchor.span


def _genitive(at: Line, anchor: Anchor) -> Span | None:
    """The noun right behind: экспорт фундука, ввоз сельских тачек."""
    words: list[Span] = []
    for match in _WORD.finditer(at.text, anchor.span.end, at.span.end):
        before = words[-1].end if words else anchor.span.end
        if at.text[before : match.start()].strip() or len(words) == 2:
            break
        if not _is_genitive(match.group()):
            break
        words.append(Span(*match.span()))
    if not words or _is_known(at, Span(words[0].start, words[-1].end)):
        return None
    if any(_is_plain(at, one) for one in words):
        return None
    return Span(words[0].start, words[-1].end)


def _is_genitive(word: str) -> bool:
    if len(word) < _LEAST or _SHORT.fullmatch(word) or not _GENITIVE.fullmatch(word):
        return False
    return _LIKE_VERBS.fullmatch(word) is not None or not _VERBAL.fullmatch(word)


def _object(at: Line, anchor: Anchor) -> Span | None:
    """What is sold, where its worth or its way stands right behind: exported hazelnuts worth."""
    language = at.scene.language
    right = at.text[anchor.span.end : at.span.end]
    worth = _rows()[language, "worth"]
    if language != "en":
        return _object_before(
            at, anchor, re.compile(rf"(?<![\w-])([^\W\d_][\w-]+)\s+(?:{worth})(?!\w)")
        )
    found = re.match(rf"\s+((?:[a-z-]+\s+){{1,3}}?)(?:{worth})\b", right)
    if found is None:
        return None
    return _named(at, Span(anchor.span.end + found.start(1), anchor.span.end + found.end(1)))


def _object_before(at: Line, anchor: Anchor, worth: re.Pattern[str]) -> Span | None:
    """The last noun before what goods are worth."""
    language = at.scene.language
    for match in worth.finditer(at.text, anchor.span.end, at.span.end):
        word = Span(*match.span(1))
        is_thing = language == "de" or match[1].islower()
        if is_thing and not _is_plain(at, word):
            is_read = _is_known(at, Span(anchor.span.end, word.end))
            return None if is_read or _is_said(match[1], language) else word
    return None


def _is_said(word: str, language: Language) -> bool:
    """Whether a word is no noun: an adverb, a verb, a conjunction."""
    return language == "ru" and bool(_VERBAL.fullmatch(word) or _SHORT.fullmatch(word))
