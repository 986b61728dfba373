"""The same statement told in two articles or two languages: one id for both.

No model is asked. Two tellings are one where the speaker is the same over spellings and scripts,
the days lie close, nothing in their numbers, names or negations differs, and their words are alike:
in one language most content words, over languages the numbers, names and goods they hold. Where
there is too little to go by, they stay apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

from entrepot.codes.rows import read_rows
from entrepot.press.language import LEXICON
from entrepot.press.nearby_days import days_apart

DAYS = 4  # a weekly still tells what a daily told; longer, and speakers repeat themselves
ALIKE = 0.6  # share of content words; two translations of one sentence have .6 to .8
SHORT_ALIKE = 0.8
WORDS, FEW_WORDS, MANY_WORDS = 4, 3, 5  # content words both must hold
ALIKE_ABROAD = 0.6  # share of weight of what two languages write alike
WEIGHT_ABROAD = 4.0  # a number and a name, or more
_STEM = 4  # letters two forms of one word share at least
_STEM_SHARE = 0.55  # of the longer form
_LEAST = 0.35  # of the shorter text's length, over languages
_WEIGHTS = {"number": 3.0, "goods": 2.0, "entity": 1.0}
_REJECT = "REJECT"
_NAMELESS = ("anon:", "np:", "grp:")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """One telling of a statement, as far as tellings are compared.

    Args:
        quote_id: Its row.
        statement_id: The statement it is known to be; its own id where that is not known yet.
        source_id: Its article.
        speaker_key: The speaker over spellings.
        country: The speaker's country.
        language: Language of the article.
        said_on: Day of the article, EDTF.
        plover: Type of the act.
        text: The words.
        named: Entities they name, without the speaker.
        numbers: Figures in them.
        goods: Goods in them.
    """

    quote_id: str
    statement_id: str
    source_id: str
    speaker_key: str
    country: str | None
    language: str
    said_on: str | None
    plover: str | None
    text: str
    named: frozenset[str]
    numbers: frozenset[str]
    goods: frozenset[str]


def told(row: Mapping[str, Any], language: str) -> Told:
    """Take what is compared from a row.

    Args:
        row: A row of ``quotes``.
        language: Language of its article.

    Returns:
        The telling.
    """
    same = ("quote_id", "statement_id", "source_id", "speaker_key", "said_on", "plover", "text")
    own = set(row["speaker"].split())
    return Told(
        country=row["speaker_country"],
        language=language,
        named=frozenset(one for one in row["named"].split() if one not in own),
        numbers=frozenset(filter(None, row["numbers"].split("; "))),
        goods=frozenset(row["goods"].split()),
        **{name: row[name] for name in same},
    )


def linked(new: Sequence[Told], known: Sequence[Told]) -> dict[str, str]:
    """Say which tellings are of one statement.

    The pairs that are most alike are joined first. One article never tells a statement twice, and
    two statements that were told apart before stay apart.

    Args:
        new: Tellings to place, in the order in which they should give their names.
        known: Tellings placed before, never moved.

    Returns:
        The statement's id for each new telling: that of the known or of the first new telling.
    """
    groups = {one.quote_id: {one.source_id} for one in new}
    for one in known:
        groups.setdefault(one.statement_id, set()).add(one.source_id)
    held = {one.statement_id for one in known}
    place = {one.quote_id: one.quote_id for one in new}
    place |= {one.quote_id: one.statement_id for one in known}
    inside: dict[str, list[str]] = defaultdict(list)
    for key, group in place.items():
        inside[group].append(key)
    for _, one, other in sorted(_pairs(new, known), key=lambda pair: -pair[0]):
        left, right = place[one.quote_id], place[other.quote_id]
        if left == right or groups[left] & groups[right] or {left, right} <= held:
            continue
        keep, lose = (right, left) if right in held or left not in held else (left, right)
        groups[keep] |= groups.pop(lose)
        place |= dict.fromkeys(inside[lose], keep)
        inside[keep] += inside.pop(lose)
    return _named_by_first({one.quote_id: place[one.quote_id] for one in new}, held)


def _named_by_first(place: dict[str, str], held: set[str]) -> dict[str, str]:
    """Among new tellings alone, the first gives its name."""
    first: dict[str, str] = {}
    for key, group in place.items():
        first.setdefault(group, group if group in held else key)
    return {key: first[group] for key, group in place.items()}


def _pairs(new: Sequence[Told], known: Sequence[Told]) -> Iterable[tuple[float, Told, Told]]:
    by_speaker: dict[str, list[Told]] = defaultdict(list)
    for one in known:
        by_speaker[one.speaker_key].append(one)
    for one in new:
        if not one.speaker_key or one.speaker_key.startswith(_NAMELESS):
            continue
        for other in by_speaker[one.speaker_key]:
            score = likeness(one, other)
            if score:
                yield score, one, other
        by_speaker[one.speaker_key].append(one)


def likeness(one: Told, other: Told) -> float:
    """Say how alike two tellings are.

    Args:
        one: A telling.
        other: Another one.

    Returns:
        0 where they cannot be told to be one statement, else up to 1.
    """
    if one.source_id == other.source_id or one.speaker_key != other.speaker_key:
        return 0.0
    apart = days_apart(one.said_on, other.said_on)
    if apart is None or apart > DAYS or _differ(one, other):
        return 0.0
    return _in_one(one, other) if one.language == other.language else _abroad(one, other)


def _differ(one: Told, other: Told) -> bool:
    """Whether each holds a number or a name the other lacks, or one negates."""
    if one.country and other.country and one.country != other.country:
        return True
    if _each_has_more(one.numbers, other.numbers):
        return True
    if _each_has_more(_foreign(one), _foreign(other)):
        return True
    return _is_denied(one) != _is_denied(other)


def _each_has_more(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one - other) and bool(other - one)


def _foreign(one: Told) -> frozenset[str]:
    """Countries and bodies named, without the speaker's own: persons are spelled differently."""
    own = f"cty:{one.country}"
    return frozenset(name for name in one.named if name.startswith(("cty:", "org:"))) - {own}


def _in_one(one: Told, other: Told) -> float:
    left, right = _content(one.text, one.language), _content(other.text, other.language)
    if len({word[:_STEM] for word in left} & {word[:_STEM] for word in right}) < FEW_WORDS:
        return 0.0
    shared = _shared(left, right)
    whole = 2 * shared / (len(left) + len(right))
    # One article may give half of what the other quotes in full.
    within = 0.9 * shared / min(len(left), len(right)) if shared >= MANY_WORDS else 0.0
    score = max(whole, within if within >= SHORT_ALIKE else 0.0)
    if bool(one.numbers) != bool(other.numbers):
        score -= 0.1
    enough = score >= ALIKE and shared >= WORDS
    return score if enough or (score >= SHORT_ALIKE and shared >= FEW_WORDS) else 0.0


def _abroad(one: Told, other: Told) -> float:
    lengths = sorted((len(one.text), len(other.text)))
    if one.plover != other.plover or lengths[0] < _LEAST * lengths[1]:
        return 0.0
    left, right = _features(one), _features(other)
    shared = _weight(left & right)
    score = shared / max(_weight(left | right), 1.0)
    return score if shared >= WEIGHT_ABROAD and score >= ALIKE_ABROAD else 0.0


def _features(one: Told) -> frozenset[tuple[str, str]]:
    return frozenset(
        [
            *(("number", number) for number in one.numbers),
            *(("goods", key) for key in one.goods),
            *(("entity", name) for name in _foreign(one)),
        ]
    )


def _weight(features: Iterable[tuple[str, str]]) -> float:
    return sum(_WEIGHTS[kind] for kind, _ in features)


@lru_cache(maxsize=4096)
def _content(text: str, language: str) -> tuple[str, ...]:
    """Words that carry the content, each once; hyphens inside words are left out."""
    low = re.sub(r"(?<=\w)[-‐‑](?=\w)", "", text.lower())
    skipped = _words("function_words.csv")[language] | _words("negations.csv")[language]
    found = (word for word in _WORD.findall(low) if len(word) >= _STEM and word not in skipped)
    return tuple(dict.fromkeys(found))


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    free = list(right)
    count = 0
    for word in left:
        match = next((other for other in free if _is_one_word(word, other)), None)
        if match is not None:
            free.remove(match)
            count += 1
    return count


def _is_one_word(one: str, other: str) -> bool:
    both = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    alike = sum(1 for _ in both)
    return alike >= _STEM and alike >= _STEM_SHARE * max(len(one), len(other))


def _is_denied(one: Told) -> bool:
    """Whether the act or a word of the content negates."""
    words = re.findall(r"[\w']+", one.text.lower().replace("’", "'"))
    return one.plover == _REJECT or not _words("negations.csv")[one.language].isdisjoint(words)


@cache
def _words(name: str) -> dict[str, frozenset[str]]:
    rows = read_rows(name, ("language", "words", "source"), LEXICON)
    return {row["language"]: frozenset(row["words"].split()) for row in rows}
