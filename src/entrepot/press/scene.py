"""Reading a text from its beginning to its end, who is named at each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from entrepot.press.anonymous import Anonymous, anonymous
from entrepot.press.naming import Form, Naming
from entrepot.press.office_phrase import OfficePhrase, gender_of_office
from entrepot.press.pronouns import Named, Pronoun, antecedents, pronouns
from entrepot.press.resolve import (
    nameless,
    nameless_holder,
    office_holder,
    office_holders,
)
from entrepot.press.spokespersons import spoken_for
from entrepot.press.stage import Stage

# Words that without a name describe somebody rather than say what office they hold.
_DESCRIPTIONS = frozenset({"official", "diplomat"})


@dataclass(frozen=True, slots=True)
class Part:
    """Words that name a person, or somebody without a name.

    Args:
        first: First word.
        last: The word behind the last.
        who: Number in the cast, or an id.
        form: How the words name them.
        is_plural: Whether they speak of several.
        gender: ``m``, ``f`` or nothing, where somebody without a name is meant.
    """

    first: int
    last: int
    who: int | str
    form: Form
    is_plural: bool = False
    gender: str = ""


def names(stage: Stage, phrases: Sequence[OfficePhrase]) -> list[Part]:
    """Places where persons are named by name, with the office before it.

    Args:
        stage: The text and its persons.
        phrases: Offices in the text.

    Returns:
        Parts in order; an office set off by a comma is a part of its own.
    """
    reading = stage.reading
    ends = {phrase.last: phrase for phrase in phrases}
    starts = {phrase.first: phrase for phrase in phrases}
    found: list[Part] = []
    for number, person in enumerate(stage.cast):
        for first, last in person.runs:
            before, after = ends.get(first), starts.get(last)
            start = first
            if before is not None and reading.words[first].is_attached:
                start = before.first
            elif _is_set_off(before, reading.words[first].gap):
                found.append(Part(before.first, before.last, number, "office"))
            found.append(Part(start, last, number, "name"))
            gap = "" if after is None else reading.words[last].gap
            if _is_set_off(after, gap) and after.article != "own":
                found.append(Part(after.first, after.last, number, "office"))
    return _first_of_each(sorted(found, key=lambda part: (part.first, -part.last)))


def _is_set_off(phrase: OfficePhrase | None, gap: str) -> TypeGuard[OfficePhrase]:
    """Whether an office stands between commas beside a name and is that person's."""
    return phrase is not None and gap == ", " and not phrase.is_plural


def _first_of_each(found: Sequence[Part]) -> list[Part]:
    """Drop parts that begin inside an earlier one."""
    kept: list[Part] = []
    for part in found:
        if not kept or part.first >= kept[-1].last:
            kept.append(part)
    return kept


def play(stage: Stage, phrases: Sequence[OfficePhrase], bodies: Sequence[Naming]) -> list[Part]:
    """Resolve, in the order of the text, every office, description and pronoun.

    Args:
        stage: The text and its persons; somebody named only by an office joins them.
        phrases: Offices in the text.
        bodies: Bodies and groups in the text, which a plural pronoun may mean.

    Returns:
        Parts in order of their first word.
    """
    spoken = names(stage, phrases)
    taken = frozenset(place for part in spoken for place in range(part.first, part.last))
    cues: list[tuple[int, int, object]] = [(part.first, 0, part) for part in spoken]
    held = [body for body in bodies if body.last - body.first > 1]
    inside = {one.core for one in phrases for body in held if _holds(body, one)}
    plain = (one for one in phrases if one.office not in _DESCRIPTIONS)
    free = (one for one in plain if one.core - 1 not in taken and one.core not in inside)
    cues += [(one.first, 1, one) for one in free]
    cues += [(one.naming.first, 2, one) for one in anonymous(stage.reading, taken)]
    cues += [(one.place, 3, one) for one in pronouns(stage.reading)]
    groups = [one for one in bodies if one.is_plural and one.entity != "grp:reporters"]
    cues += [(one.first, 4, one) for one in groups]
    found: list[Part] = []
    named: list[Named] = []
    for _, _, cue in sorted(cues, key=lambda entry: entry[:2]):
        for part in _parts(stage, cue, named, found):
            if found and _meets_another(found[-1], part):
                continue
            found.append(part)
            named.append(_named(stage, part))
            stage.name(part.who)
    known = {(one.first, one.entity) for one in groups}
    return [part for part in found if (part.first, part.who) not in known]


def _meets_another(before: Part, part: Part) -> bool:
    is_same = (before.first, before.last) == (part.first, part.last)
    return part.first < before.last and not is_same


def _holds(body: Naming, phrase: OfficePhrase) -> bool:
    """Whether an office is only part of a body's name: the press service of the president."""
    return body.first < phrase.first and phrase.core <= body.last


def _named(stage: Stage, part: Part) -> Named:
    gender = stage.cast[part.who].gender if isinstance(part.who, int) else part.gender
    return Named(part.first, part.last, part.who, gender, part.is_plural)


def _parts(
    stage: Stage, cue: object, named: Sequence[Named], found: Sequence[Part]
) -> Iterator[Part]:
    if isinstance(cue, Part):
        yield cue
    elif isinstance(cue, OfficePhrase):
        yield from _office(stage, cue)
    elif isinstance(cue, Pronoun):
        for who in antecedents(stage.reading, cue, named):
            is_plural = cue.is_plural and isinstance(who, str)
            yield Part(cue.place, cue.place + 1, who, "pronoun", is_plural)
    elif isinstance(cue, Naming):
        yield Part(cue.first, cue.last, cue.entity, "name", True)
    elif isinstance(cue, Anonymous):
        place = cue.naming
        if any(part.first < place.last and place.first < part.last for part in found[-3:]):
            return
        meant = nameless(stage, cue)
        if meant is not None:
            yield Part(place.first, place.last, meant, "office", place.is_plural)


def _office(stage: Stage, phrase: OfficePhrase) -> Iterator[Part]:
    if phrase.is_plural:
        for who in office_holders(stage, phrase):
            yield Part(phrase.first, phrase.last, who, "office")
        return
    holder = office_holder(stage, phrase)
    if holder is None and (body := spoken_for(phrase)) is not None:
        gender = gender_of_office(stage.reading, phrase)
        yield Part(phrase.first, phrase.last, body, "office", gender=gender)
        return
    if holder is None:
        nobody = nameless_holder(phrase)
        if nobody is not None:
            yield Part(phrase.first, phrase.last, nobody, "office")
        return
    person = stage.cast[holder]
    person.gender = person.gender or gender_of_office(stage.reading, phrase)
    yield Part(phrase.first, phrase.last, holder, "office")
