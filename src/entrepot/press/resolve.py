"""Whom an office, a description or a pronoun means: the last one whom it fits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from entrepot.press.anonymous import Anonymous
from entrepot.press.office_phrase import OfficePhrase, gender_of_office
from entrepot.press.people import in_office
from entrepot.press.person import Person
from entrepot.press.reading import Reading
from entrepot.press.stage import MEMORY, Stage, means

_INTRODUCED = 4  # sentences within which an office gets the name it was first met without
_APPOSITION = 14  # words that may stand between commas behind a name
# Offices of which the list of persons knows every holder.
_LISTED = frozenset(
    {
        *("president", "prime_minister", "chancellor", "leader", "foreign_minister"),
        *("high_representative", "commission_president", "council_president"),
    }
)
# Countries whose leader is the president.
_PRESIDENTIAL = frozenset(
    {
        *("KZ", "UZ", "KG", "TJ", "TM", "RU", "BY", "UA", "AZ", "TR", "FR", "US", "CN", "RS"),
        *("KR", "BR", "IR", "MD", "CY", "AE"),
    }
)
_STATES_RU = frozenset({"стран", "государств", "республик"})
# Offices that in the plural mean only their own kind.
_OWN_KIND = frozenset({"lawmaker", "expert", "official", "head", "deputy"})


def office_holder(stage: Stage, phrase: OfficePhrase) -> int | None:
    """Who is meant by an office that stands without a name.

    Args:
        stage: Who has been named so far.
        phrase: The office.

    Returns:
        A number of the cast; ``None`` where the text and the list of persons do not say.
    """
    if phrase.article == "indefinite" or phrase.is_former:
        return None
    if phrase.office == "counterpart":
        return _counterpart(stage, phrase)
    fitting = [
        number
        for number in stage.who_may_be(phrase.office)
        if _fits(stage, stage.cast[number], phrase)
    ]
    exact = [one for one in fitting if phrase.office in stage.cast[one].all_offices]
    for preferred in (exact, fitting):
        for who in stage.recent() if preferred else ():
            if who in preferred:
                return int(who)
    if phrase.areas:
        return _from_afar(stage, phrase, fitting)
    if stage.reading.language == "de" and phrase.office == "prime_minister":
        low = stage.reading.words[phrase.core - 1].low
        if "kanzler" in low:
            return _listed(stage, phrase, "DE")
    return None


def _counterpart(stage: Stage, phrase: OfficePhrase) -> int | None:
    """The last one named of the country a counterpart is of: his Armenian counterpart."""
    for who in stage.recent():
        if isinstance(who, int) and stage.cast[who].all_areas & phrase.areas:
            return who
    return None


def _fits(stage: Stage, person: Person, phrase: OfficePhrase) -> bool:
    gender = gender_of_office(stage.reading, phrase)
    if stage.reading.language == "de" and gender == "f" and person.gender == "m":
        return False
    named = {body for body in phrase.bodies if body.startswith("org:")}
    theirs = {body for body in person.bodies if body.startswith("org:")}
    if named and theirs and not named & theirs:
        return False
    if phrase.areas:
        return bool(person.all_areas & phrase.areas)
    return phrase.article in {"definite", "own", ""}


def _from_afar(stage: Stage, phrase: OfficePhrase, fitting: Sequence[int]) -> int | None:
    """Somebody named only later, or only in the list of persons."""
    if len(fitting) == 1:
        return fitting[0]
    if fitting or phrase.is_plural:
        return None
    return _listed(stage, phrase, min(phrase.areas)) if len(phrase.areas) == 1 else None


def _listed(stage: Stage, phrase: OfficePhrase, area: str) -> int | None:
    office = means(phrase.office) & _LISTED
    if phrase.office == "leader":
        office = frozenset({"president"}) if area in _PRESIDENTIAL else office - {"president"}
    known = in_office(office, area, stage.on, stage.reading.language)
    if known is None:
        return None
    for number, person in enumerate(stage.cast):
        if person.known is not None and person.known.id == known.id:
            return number
    full = known.names[0]
    person = Person(full, stage.reading.language, known=known, gender=known.gender)
    person.names.append(" ".join(full))
    person.is_surname_first = "CN" in known.areas
    return stage.join(person)


def office_holders(stage: Stage, phrase: OfficePhrase) -> tuple[int, ...]:
    """Who is meant by an office in the plural: both presidents.

    Args:
        stage: Who has been named so far.
        phrase: The office.

    Returns:
        Two numbers of the cast, or nothing.
    """
    is_told = phrase.article in {"definite", "own"} or stage.reading.language == "ru"
    if not is_told and stage.reading.words[phrase.first].low not in {"both", "beide"}:
        return ()
    if _is_of_many(stage.reading, phrase):
        return ()
    wanted = {phrase.office} if phrase.office in _OWN_KIND else means(phrase.office)
    fitting = sorted({one for name in wanted for one in stage.holders.get(name, ())})
    recent = [int(who) for who in stage.recent() if who in fitting]
    found = recent[:2] if len(recent) >= 2 else fitting
    return tuple(sorted(found)) if len(found) == 2 else ()


def _is_of_many(reading: Reading, phrase: OfficePhrase) -> bool:
    """Whether a plural goes on with whose it is: the presidents of the five states."""
    if any(word.low in _STATES_RU for word in reading.words[phrase.core : phrase.last + 1]):
        return True
    if phrase.last >= len(reading.words) or not reading.words[phrase.last].is_near:
        return False
    low = reading.words[phrase.last].low
    if reading.language == "ru":
        return low.endswith(("ых", "их", "ти", "ех", "ёх"))
    return low in {"of", "from", "der", "von", "aus"}


def nameless(stage: Stage, found: Anonymous) -> int | str | None:
    """Whom a description means: somebody described before, an official, or somebody new.

    Args:
        stage: Who has been named so far.
        found: The description.

    Returns:
        A number of the cast, or the id of somebody without a name.
    """
    is_bare = stage.reading.language == "ru" and found.is_bare
    if not found.is_known and not is_bare:
        return found.naming.entity
    is_many = found.naming.is_plural and not found.kind.endswith("s")
    same = found.kind + ("s" if is_many else "")
    for who in stage.recent():
        if isinstance(who, str):
            if who.removeprefix("anon:").rpartition("_")[2] == same.rpartition("_")[2]:
                return who
        elif not found.naming.is_plural and _holds(stage.cast[who], found, found.area):
            return who
    union = (who for who in stage.recent() if isinstance(who, int) and found.area)
    for who in () if found.naming.is_plural else union:
        if stage.cast[who].all_areas == {"EU"} and _holds(stage.cast[who], found, "EU"):
            return who  # the Finnish diplomat who is the Union's envoy
    return found.naming.entity if found.naming.is_plural or is_bare else None


def _holds(person: Person, found: Anonymous, area: str) -> bool:
    is_there = not area or area in person.all_areas
    return is_there and bool(person.all_offices & means(found.kind))


def introduced_later(
    reading: Reading, cast: Sequence[Person], phrases: Sequence[OfficePhrase]
) -> Iterator[tuple[OfficePhrase, Person]]:
    """Find who is named without an office soon after an office without a name.

    Args:
        reading: The words of a page.
        cast: Its persons; what is found must be noted before the next pair is asked for.
        phrases: Offices in the text, in order.

    Yields:
        An office and its holder: the next one to be introduced, who speaks and may hold it.
    """
    later = sorted(
        (*min(person.runs), number)
        for number, person in enumerate(cast)
        if person.runs and person.known is None and not person.titles
    )
    held = {office for person in cast for office in person.all_offices}
    for phrase in phrases:
        if phrase.is_plural or phrase.is_former or phrase.article == "indefinite":
            continue
        if held & means(phrase.office):
            continue
        person = _introduced(reading, cast, phrase, later)
        if person is not None:
            held.add(phrase.office)
            yield phrase, person


def _introduced(
    reading: Reading,
    cast: Sequence[Person],
    phrase: OfficePhrase,
    later: Sequence[tuple[int, int, int]],
) -> Person | None:
    number = reading.sentence[phrase.first]
    start = bisect_left(later, (phrase.last + 1, 0, 0))
    for first, last, who in later[start : start + MEMORY]:
        if reading.sentence[first] - number > _INTRODUCED:
            return None
        if not cast[who].titles and speaks(reading, first, last):
            return cast[who]
    return None


def speaks(reading: Reading, first: int, last: int) -> bool:
    """Whether a verb of saying stands close to a name, no other sentence part between.

    Args:
        reading: The words of a page.
        first: First word of the name.
        last: The word behind its last.
    """
    if first > 0 and reading.words[first].gap == " " and reading.is_one_of(first - 1, "reporting"):
        return True
    is_set_off = last < len(reading.words) and reading.words[last].gap == ", "
    for place in range(last, min(last + (_APPOSITION if is_set_off else 3), len(reading.words))):
        if reading.words[place].gap not in {" ", ", ", "-"}:
            return False
        if reading.is_one_of(place, "reporting"):
            return not is_set_off or reading.words[place].gap == ", " or place < last + 3
    return False


def nameless_holder(phrase: OfficePhrase) -> str | None:
    """Id of somebody who is only called by an office: Hungary's ambassador.

    Args:
        phrase: The office.

    Returns:
        An id, or ``None`` where the phrase speaks of nobody in particular.
    """
    if phrase.is_former or phrase.office == "counterpart" or phrase.article == "indefinite":
        return None
    if phrase.areas:
        return f"anon:{min(phrase.areas).lower()}_{phrase.office}"
    return f"anon:{phrase.office}" if phrase.article == "definite" else None
