"""The persons of one text: every spelling of a name put to one person, with offices and country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepot.press.name_runs import is_person, run_end
from entrepot.press.names import (
    gender_of_first_name,
    gender_of_surname,
    looks_like_surname,
    may_be_one_name,
    skeletons,
)
from entrepot.press.office_phrase import OfficePhrase, gender_of_office
from entrepot.press.people import person_named
from entrepot.press.person import Person, is_close
from entrepot.press.reading import Reading

_SURNAME_FIRST = frozenset({"CN", "TW", "HK", "KR", "KP", "VN"})


def gather(reading: Reading, phrases: Sequence[OfficePhrase]) -> list[Person]:
    """Find the persons a text names by name.

    Args:
        reading: The words of a page.
        phrases: Offices in it.

    Returns:
        Persons in the order in which their fullest name is met.
    """
    before = {phrase.last: phrase for phrase in phrases}
    behind = frozenset(phrase.first for phrase in phrases if not phrase.is_plural)
    runs = list(_runs(reading, before, behind))
    cast: list[Person] = []
    alike: dict[str, set[int]] = {}
    for first, last in sorted(runs, key=lambda run: (run[1] - run[0] == 1, run[0])):
        _meet(reading, cast, alike, (first, last), before.get(first))
    _appositions(reading, phrases, cast)
    for person in cast:
        _recognise(person)
    cast = _merged(cast)
    _surnames(reading, cast)
    return cast


def _runs(
    reading: Reading, before: dict[int, OfficePhrase], behind: frozenset[int]
) -> Iterable[tuple[int, int]]:
    """Runs of words that name persons.

    ``before`` gives offices by the word behind them, ``behind`` the first words of offices.
    """
    place = 0
    while place < len(reading.words):
        last = run_end(reading, place)
        phrase = before.get(place)
        is_attached = phrase is not None and last > place and reading.words[place].is_attached
        if last - place == 1:
            if is_attached and _is_single(reading, place):
                yield place, last
        elif last > place and (
            is_attached
            or is_person(reading, place, last)
            or (phrase is not None and _is_set_off(reading, place, last))
            or (last in behind and _is_introduced(reading, place, last))
            or _is_known(reading, place, last)
        ):
            yield place, last
        elif (start := _person_inside(reading, place, last)) is not None:
            yield start, last
        place = max(last, place + 1)


def _person_inside(reading: Reading, place: int, last: int) -> int | None:
    """Where a name begins in a run of capitals: Dessen Stellvertreter Roman Wassilenko."""
    for start in range(place + 1, last - 1):
        if reading.words[start].is_capital and is_person(reading, start, last):
            return start
    return None


def _is_known(reading: Reading, first: int, last: int) -> bool:
    """Whether the list of persons has a name in full."""
    words = tuple(word.text for word in reading.words[first:last])
    parts = tuple(part for word in words for part in word.split("-"))
    return person_named(parts, reading.language, offices=(), areas=()) is not None


def _is_introduced(reading: Reading, first: int, last: int) -> bool:
    """Whether a comma and an office follow a name: Robin Hale, a fellow at a think tank."""
    is_short = 2 <= last - first <= 3 and not reading.is_headline(first)
    return is_short and reading.words[last].gap == ", " and not reading.is_one_of(first, "definite")


def _is_set_off(reading: Reading, first: int, last: int) -> bool:
    """Whether a name stands between commas behind an office: the head of the chamber, S. Onur."""
    after = reading.words[last].gap if last < len(reading.words) else "\n"
    return reading.words[first].gap == ", " and (after[0] in ",.\n" or last - first == 2)


def _is_single(reading: Reading, place: int) -> bool:
    """Whether one word behind an office can be a surname and nothing else."""
    word = reading.words[place]
    return (
        len(word.text) > 2
        and not reading.is_headline(place)
        and not reading.is_one_of(place, "reporting", "portfolio", "not_a_name")
        and (reading.language != "ru" or not word.text.isascii())
        and (reading.language != "de" or not word.low.endswith(("ung", "heit", "keit", "schaft")))
    )


def _meet(
    reading: Reading,
    cast: list[Person],
    alike: dict[str, set[int]],
    run: tuple[int, int],
    phrase: OfficePhrase | None,
) -> None:
    """Put a run of words to a person met before or to somebody new.

    ``alike`` keeps numbers of the cast by the skeletons of surnames: not all need be compared.
    """
    first, last = run
    words = tuple(word.text for word in reading.words[first:last])
    keys = {key for word in (words[0], words[-1]) for key in skeletons(word, reading.language)}
    numbers = sorted({number for key in keys for number in alike.get(key, ())})
    near = [number for number in numbers if cast[number].is_named(words)]
    if phrase is not None and phrase.areas and len(words) == 1:
        near = [one for one in near if _may_be_of(cast[one], phrase.areas)] or near
    if not near:
        near = [len(cast)]
        is_turned = _is_surname_first(reading, first, last)
        cast.append(Person(words, reading.language, is_surname_first=is_turned))
    person = cast[near[0]]
    person.runs.append(run)
    _named_as(person, words, reading.span(first, last).of(reading.page.text))
    for key in skeletons(person.surname, reading.language):
        alike.setdefault(key, set()).add(near[0])
    if phrase is not None and reading.words[first].is_attached:
        give_office(reading, person, phrase)


def _may_be_of(person: Person, areas: frozenset[str]) -> bool:
    return not person.areas or bool(areas.intersection(person.areas))


def _is_surname_first(reading: Reading, first: int, last: int) -> bool:
    """Whether two or three words begin with a Chinese surname and look like no other name."""
    if not 2 <= last - first <= 3 or not reading.is_one_of(first, "surname_first"):
        return False
    rest = [word.text for word in reading.words[first + 1 : last]]
    is_other = any(gender_of_first_name(word, reading.language) for word in rest)
    return not is_other and not looks_like_surname(rest[-1], reading.language)


def _named_as(person: Person, words: tuple[str, ...], name: str) -> None:
    if len(words) > len(person.words):
        person.words = words
    if name not in person.names:
        person.names.append(name)
    first = gender_of_first_name(words[0], person.language) if len(words) > 1 else ""
    person.gender = person.gender or first or gender_of_surname(words[-1])


def give_office(reading: Reading, person: Person, phrase: OfficePhrase) -> None:
    """Note that a text gives a person an office.

    Args:
        reading: The words of a page.
        person: The person.
        phrase: The office.
    """
    title = reading.span(phrase.first, phrase.last).of(reading.page.text)
    if title not in person.titles:
        person.titles.append(title)
    if phrase.office not in person.offices and phrase.office != "counterpart":
        person.offices.append(phrase.office)
    person.bodies += [body for body in phrase.bodies if body not in person.bodies]
    person.areas += [area for area in sorted(phrase.areas) if area not in person.areas]
    person.gender = person.gender or gender_of_office(reading, phrase)


def _appositions(reading: Reading, phrases: Sequence[OfficePhrase], cast: list[Person]) -> None:
    """Give persons the offices that stand between commas behind or before their names."""
    ends = {last: person for person in cast for _, last in person.runs}
    starts = {first: person for person in cast for first, _ in person.runs}
    for phrase in phrases:
        if phrase.is_plural or phrase.first == 0:
            continue
        gap = reading.words[phrase.first].gap
        if phrase.last in starts and reading.words[phrase.last].is_attached:
            continue  # the office of the name that follows
        if gap == ", " and phrase.first in ends and phrase.article != "own":
            give_office(reading, ends[phrase.first], phrase)
        elif phrase.last in starts and phrase.first not in ends:
            is_set_off = reading.words[phrase.last].gap == ", "
            if is_set_off and phrase.article != "indefinite":
                give_office(reading, starts[phrase.last], phrase)


def _recognise(person: Person) -> None:
    person.known = person_named(
        tuple(part for word in person.words for part in word.split("-")),
        person.language,
        offices=person.offices,
        areas=person.areas,
    )
    if person.known is not None:
        person.gender = person.known.gender
        person.is_surname_first = "CN" in person.known.areas
    elif len(person.words) == 2 and set(person.areas) & _SURNAME_FIRST:
        person.is_surname_first = True


def _merged(cast: list[Person]) -> list[Person]:
    """Put together who turned out to be one listed person."""
    kept: list[Person] = []
    listed: dict[str, Person] = {}
    for person in cast:
        if person.known is None or person.known.id not in listed:
            kept.append(person)
            if person.known is not None:
                listed[person.known.id] = person
            continue
        same = listed[person.known.id]
        same.runs += person.runs
        for mine, theirs in (
            (same.names, person.names),
            (same.offices, person.offices),
            (same.titles, person.titles),
            (same.areas, person.areas),
            (same.bodies, person.bodies),
        ):
            mine += [entry for entry in theirs if entry not in mine]
    return kept


def _surnames(reading: Reading, cast: list[Person]) -> None:
    """Find the places where a person is named by the surname alone."""
    taken = {place for one in cast for first, last in one.runs for place in range(first, last)}
    starts = {first: number for number, one in enumerate(cast) for first, _ in one.runs}
    alike: dict[str, set[int]] = {}
    for number, one in enumerate(cast):
        for key in skeletons(one.surname, reading.language):
            alike.setdefault(key, set()).add(number)
    seen: dict[str, list[int]] = {}
    last: dict[int, int] = {}  # where each was named last
    for place, word in enumerate(reading.words):
        if place in starts:
            last[starts[place]] = place
        if place in taken or not word.is_capital or len(word.text) < 2:
            continue
        if word.text not in seen:
            seen[word.text] = _bearers(reading, place, cast, alike)
        if bearers := seen[word.text]:
            number = max(bearers, key=lambda one: last.get(one, -1))
            last[number] = place
            cast[number].runs.append((place, place + 1))
            if word.text not in cast[number].names:
                cast[number].names.append(word.text)


def _bearers(
    reading: Reading, place: int, cast: list[Person], alike: dict[str, set[int]]
) -> list[int]:
    """Numbers of the persons whose surname a word may be; a listed one may join them."""
    word, language = reading.words[place].text, reading.language
    if reading.chunk(place) is not None or reading.is_one_of(place, "not_a_name", "portfolio"):
        return []
    numbers = {number for key in skeletons(word, language) for number in alike.get(key, ())}
    found = [
        number
        for number in sorted(numbers)
        if may_be_one_name(cast[number].surname, word, language)
        and is_close(cast[number].surname, word, language)
    ]
    if not found:
        known = person_named((word,), language, offices=(), areas=())
        if known is not None and word.lower() not in {"li", "lu"}:
            cast.append(Person((word,), language, known=known, gender=known.gender))
            found = [len(cast) - 1]
    return found
