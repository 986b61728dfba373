"""Where a sentence holds a word that attributes, and where that word is none."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.cues import Cue, cues
from entrepot.press.passages import Passage
from entrepot.press.small_words import back, segment

_GERUND_LEADS = frozenset({"before", "after", "while", "when"})
_GOES_ON = frozenset({"been", "was", "were", "is", "are"})
_MOST_CUES = 24  # in one sentence; a list of verbs attributes nothing
_REACH = 40  # items within which the parted particle of a German verb is looked for
_MODALS = frozenset(
    {
        *("will", "wollen", "wollte", "wollten", "kann", "können", "konnte", "konnten", "soll"),
        *("sollen", "sollte", "sollten", "muss", "müssen", "musste", "mussten", "darf", "dürfen"),
        *("möchte", "möchten", "würde", "würden", "könnte", "könnten", "lassen", "lässt", "zu"),
    }
)
_LETS = frozenset({"ließ", "ließen", "lässt", "liess"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue in a sentence.

    Args:
        first: Its first item.
        last: The item behind its last.
        options: Readings of the words, the likeliest first.
        verb: The item of the finite verb: the cue, or the auxiliary of a participle.
        particle: Item of the parted particle; -1 where there is none.
        is_gerund: Whether it has no subject of its own: saying, добавив.
    """

    first: int
    last: int
    options: tuple[Cue, ...]
    verb: int
    particle: int = -1
    is_gerund: bool = False

    @property
    def end(self) -> int:
        """The item behind the finite verb."""
        return self.last if self.verb == self.first else self.verb + 1


def hits(passage: Passage) -> tuple[Hit, ...]:
    """Find the verbs of a sentence that attribute.

    Args:
        passage: The sentence.

    Returns:
        Cues in order; none of them meets another.
    """
    found: list[Hit] = []
    known = cues(passage.language)
    for place, item in enumerate(passage.items):
        if len(found) == _MOST_CUES:
            break
        if item.kind != "word" or item.low not in known or (found and place < found[-1].last):
            continue
        fitting = [cue for cue in known[item.low] if _fits(passage, place, cue)]
        longest = max((len(cue.words) for cue in fitting), default=0)
        some = [cue for cue in fitting if len(cue.words) == longest]
        hit = _hit(passage, place, some) if some else None
        if hit is not None:
            found.append(hit)
    return tuple(found)


def _fits(passage: Passage, place: int, cue: Cue) -> bool:
    return all(passage.low(place + at) == word for at, word in enumerate(cue.words))


def _hit(passage: Passage, place: int, some: list[Cue]) -> Hit | None:
    read = {"en": _english, "de": _german, "ru": _russian}
    return read[passage.language](passage, place, some)


def _english(passage: Passage, place: int, some: list[Cue]) -> Hit | None:
    last = place + len(some[0].words)
    before = back(passage, place, "adverb")
    lead = passage.low(before)
    kinds = {cue.kind for cue in some}
    between = {passage.low(at) for at in range(before + 1, place)}
    if passage.low(place) == "not":
        return Hit(place, last, tuple(some), place)
    if "not" in between or "never" in between or lead in {"not", "to"}:
        return None
    if kinds == {"gerund"}:
        if lead in _GOES_ON or passage.is_word(before, "goes_on"):
            return Hit(place, last, tuple(some), place)
        is_free = before < 0 or passage.is_mark(before) or passage.is_quote(before)
        if not is_free and not (lead in _GERUND_LEADS or passage.is_word(before, "coordinator")):
            return None
        return Hit(place, last, tuple(some), place, is_gerund=True)
    if _is_no_verb(passage, place, last, before, "base" in kinds):
        return None
    if before < 0 and not passage.is_title and not _begins_name(passage, last):
        return None  # Asked whether …, Told of …
    return Hit(place, last, tuple(some), place)


def _begins_name(passage: Passage, place: int) -> bool:
    """Whether somebody is named right behind a verb, as in Said one trader."""
    name = passage.named[place] if place < len(passage.items) else None
    return passage.is_word(place, "determiner") or (name is not None and name.first == place)


def _is_no_verb(passage: Passage, place: int, last: int, before: int, is_base: bool) -> bool:
    """Whether an English word is a noun, a passive or an adjective here."""
    lead = passage.low(before)
    if passage.is_word(before, "passive"):
        words = {passage.low(at) for at in range(last, last + 3)}
        return not ("saying" in words and passage.low(place) in {"quoted", "cited"})
    is_named = passage.named[before] is not None if before >= 0 else False
    if passage.low(last) == "by" or (passage.low(last) == "as" and not is_named):
        return True
    if _is_part_of_word(passage, place):
        return True
    is_noun_form = passage.is_word(place, "noun_like") or is_base
    if passage.is_word(before, "determiner", "preposition") and before == place - 1:
        return lead not in {"this", "that", "these", "those", "all", "both", "many", "some"}
    if not is_noun_form:
        return False
    if is_base and not _is_plural_before(passage, before):
        near = range(last, last + 4)
        return not (passage.is_mark(before) and any(passage.is_word(at, "data") for at in near))
    name = passage.named[before] if before >= 0 else None
    if passage.is_title:
        return False
    if name is None:
        is_followed = passage.is_word(last, "opener", "determiner", "pronoun") or (
            passage.low(last) in {"it", "there"}
        )
        is_known = passage.low(before) in {"who", "which", "it", "data"} or is_followed
        return not is_base and not is_known
    is_owner = passage.page.shadow[passage.items[before].span.end] in "'’"
    return name.form == "demonym" or is_owner


def _is_part_of_word(passage: Passage, place: int) -> bool:
    """Whether a hyphen ties a word to the one before, or a capital makes it a name."""
    item = passage.items[place]
    if passage.page.shadow[item.span.start - 1 : item.span.start] == "-":
        return True
    is_head = place == 0 or passage.is_mark(place - 1) or passage.is_quote(place - 1)
    return passage.is_capital(place) and not is_head and not passage.is_title


def _is_plural_before(passage: Passage, before: int) -> bool:
    if before < 0 or passage.items[before].kind != "word":
        return False
    low = passage.low(before)
    first, _ = segment(passage, before)
    if any(passage.is_word(at, "data") for at in range(first, before)):
        return True
    if passage.is_word(before, "auxiliary", "preposition", "coordinator") or low == "to":
        return low in {"and"}
    if low.endswith("s") or low in {"they", "we", "data", "who", "people", "media"}:
        return True
    return passage.named[before] is not None


def _german(passage: Passage, place: int, some: list[Cue]) -> Hit | None:
    head = place == 0 or passage.is_mark(place - 1) or passage.is_quote(place - 1)
    if passage.is_capital(place) and not head:
        return None
    first, last = segment(passage, place)
    around = {passage.low(at) for at in range(first, last) if at != place}
    is_infinitive = passage.low(place).endswith("en")
    letting = next((at for at in range(first, place) if passage.low(at) in _LETS), -1)
    if is_infinitive and letting >= 0:
        return Hit(place, place + len(some[0].words), tuple(some), letting)
    if is_infinitive and around & _MODALS and not any(c.kind == "participle" for c in some):
        return None
    if "weder" in around or passage.low(place - 1) in {"nicht", "nie"}:
        return None
    return _german_verb(passage, place, some)


def _german_verb(passage: Passage, place: int, some: list[Cue]) -> Hit | None:
    """Read a verb that parts, a finite one or a participle with its form of haben."""
    first, last = segment(passage, place)
    end = place + len(some[0].words)
    auxiliary = _auxiliary(passage, place, first, last)
    parted = [cue for cue in some if cue.particle and passage.low(place) != cue.particle]
    for cue in parted:
        at = _particle(passage, place + 1, cue.particle)
        if at >= 0 and not _is_joined(passage.low(place), cue):
            return Hit(place, end, tuple(c for c in some if c.particle == cue.particle), place, at)
    whole = tuple(c for c in some if not c.particle or _is_joined(passage.low(place), c))
    if not whole or passage.low(end) in {"werden", "worden", "wird", "wurde"}:
        return None
    is_participle = any(cue.kind == "participle" for cue in whole)
    is_finite = any(cue.kind == "finite" for cue in whole)
    if is_participle and auxiliary >= 0:
        return Hit(place, end, whole, auxiliary)
    if not is_finite or (is_participle and _is_passive(passage, first, last)):
        return None
    return Hit(place, end, whole, place)


def _is_joined(low: str, cue: Cue) -> bool:
    return bool(cue.particle) and low.startswith(cue.particle) and len(low) > len(cue.particle) + 2


def _auxiliary(passage: Passage, place: int, first: int, last: int) -> int:
    """The form of haben that makes a participle a verb, across what is set off by commas."""
    if place + 1 < last and passage.is_word(place + 1, "auxiliary"):
        return place + 1
    for at in range(place - 1, max(-1, place - _REACH), -1):
        if passage.is_word(at, "auxiliary"):
            return at
        if passage.is_mark(at, ";:") or (at < first and passage.is_word(at, "passive")):
            return -1
    return -1


def _is_passive(passage: Passage, first: int, last: int) -> bool:
    return any(passage.is_word(at, "passive") for at in range(first, last))


def _particle(passage: Passage, start: int, particle: str) -> int:
    for at in range(start, min(start + _REACH, len(passage.items))):
        is_last = passage.is_mark(at + 1) or passage.is_quote(at + 1)
        follows = passage.low(at + 1)
        if passage.low(at) == particle and (is_last or follows in {"und", "oder", "dass", "zu"}):
            return at
        if passage.is_mark(at, ";:") and at + 1 < len(passage.items):
            return -1
    return -1


def _russian(passage: Passage, place: int, some: list[Cue]) -> Hit | None:
    last = place + len(some[0].words)
    before = back(passage, place, "adverb")
    if passage.low(place - 1) == "не" or passage.low(before) == "не":
        return None
    is_gerund = all(cue.kind == "gerund" for cue in some)
    return Hit(place, last, tuple(some), place, is_gerund=is_gerund)
