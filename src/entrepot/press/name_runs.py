"""Words with capitals that may be the name of a person."""

from __future__ import annotations

from entrepot.press.names import gender_of_first_name, looks_like_surname
from entrepot.press.reading import Reading

_ARABIC = frozenset({"al", "el", "bin", "ben", "ibn", "аль", "эль", "бин", "бен", "ибн"})
_LONGEST = 4  # words of a name, particles left out


def run_end(reading: Reading, first: int) -> int:
    """How far a name may reach that begins at a word.

    Args:
        reading: The words of a page.
        first: Where it may begin.

    Returns:
        The word behind its last; ``first`` where no name can begin.
    """
    place = first
    parts = 0
    while place < len(reading.words) and parts < _LONGEST:
        if place > first and not _is_joined(reading, place):
            break
        if parts >= 2 and _is_second_half(reading, place):
            place += 1  # Ahn Duk-geun
        elif _may_be_name(reading, place, first):
            parts += 1
            place += 1
        elif _is_particle(reading, place) and (parts == 1 or _is_arabic(reading, place, parts)):
            place += 1  # Ursula von der Leyen, but not Anna Maier von der Universität
        else:
            break
    while place > first and reading.is_one_of(place - 1, "particle") and place - 1 > first:
        if reading.words[place - 1].is_capital:
            break
        place -= 1
    return place


def _is_second_half(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return reading.language == "en" and word.gap == "-" and word.text.islower()


def _is_arabic(reading: Reading, place: int, parts: int) -> bool:
    return parts == 2 and reading.words[place].low in _ARABIC


def _is_joined(reading: Reading, place: int) -> bool:
    word, before = reading.words[place], reading.words[place - 1]
    is_other_script = word.text.isascii() != before.text.isascii()
    if before.is_possessive or (is_other_script and reading.language == "ru"):
        return False
    return word.is_near or (word.gap in {". ", "."} and len(before.text) <= 2)


def _may_be_name(reading: Reading, place: int, first: int) -> bool:
    word = reading.words[place]
    if not word.is_capital or any(letter.isdigit() for letter in word.text):
        return False
    if word.text.isupper() and 2 <= len(word.text) <= 4 and not _is_shouted(reading, place):
        return False  # EU, dpa, МИД
    chunk = reading.chunk(place)
    is_listed = gender_of_first_name(word.text, reading.language) != ""
    if chunk is not None:
        follows_name = place > first and gender_of_first_name(
            reading.words[place - 1].text, reading.language
        )
        return is_listed or (chunk.last - chunk.first == 1 and bool(follows_name))
    return is_listed or not reading.is_one_of(place, "not_a_name", "portfolio", "honorific")


def _is_particle(reading: Reading, place: int) -> bool:
    if not reading.is_one_of(place, "particle") or place + 1 >= len(reading.words):
        return False
    following = reading.words[place + 1]
    is_next = following.is_capital or reading.is_one_of(place + 1, "particle")
    return is_next and following.is_near and reading.chunk(place + 1) is None


def _is_shouted(reading: Reading, place: int) -> bool:
    near = reading.words[max(0, place - 2) : place + 3]
    return sum(word.text.isupper() and len(word.text) > 1 for word in near) >= 2


def is_person(reading: Reading, first: int, last: int) -> bool:
    """Whether a run of two or more words is the name of a person by itself or its neighbours.

    Args:
        reading: The words of a page.
        first: First word of the run.
        last: The word behind its last.
    """
    words = reading.words[first:last]
    language = reading.language
    if gender_of_first_name(words[0].text, language):
        return True
    if reading.is_one_of(first, "surname_first") and last - first <= 3 and language != "de":
        return True
    if looks_like_surname(words[-1].text, language) and not reading.is_headline(first):
        is_initial = len(words[0].text) == 1
        return is_initial or language != "de" or looks_like_surname(words[0].text, language)
    if reading.is_headline(first) or reading.is_one_of(first - 1, "definite"):
        return False
    return _speaks(reading, first, last)


def _speaks(reading: Reading, first: int, last: int) -> bool:
    """Whether a verb of saying stands directly beside."""
    after = last < len(reading.words) and reading.words[last].gap == " "
    before = reading.words[first].gap == " "
    return (after and reading.is_one_of(last, "reporting")) or (
        before and reading.is_one_of(first - 1, "reporting")
    )
