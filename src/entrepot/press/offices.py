"""Offices in a text: the Kazakh president, Minister of Trade, глава МИД, EU-Handelskommissar."""

from __future__ import annotations

from dataclasses import replace

from entrepot.press.name_runs import run_end
from entrepot.press.naming import slug
from entrepot.press.office_phrase import NAMES_A_COUNTRY, OfficePhrase, modified, with_entry
from entrepot.press.office_reach import reached
from entrepot.press.phrases import Chunk
from entrepot.press.reading import Reading

_PLACES = {"en": {"in", "at", "from", "of", "to"}, "de": {"in", "aus", "nach", "von"}}
_ADJECTIVES = 2  # words no list knows between an article and an office
_JOINS = {"and", "und", "и"}
# An office of a body that is an office of its own.
_OF_BODY = {
    ("president", "org:european_commission"): "commission_president",
    ("head", "org:european_commission"): "commission_president",
    ("president", "org:european_council"): "council_president",
    ("head", "org:european_council"): "council_president",
    ("head", "org:us_state"): "foreign_minister",
    ("head", "government"): "prime_minister",
    ("head", "foreign_ministry"): "foreign_minister",
    ("head", "parliament"): "speaker",
    ("head", "central_bank"): "governor",
}


def office_phrases(reading: Reading) -> tuple[OfficePhrase, ...]:
    """Find the offices a text names, with the country and body that stand beside them.

    Args:
        reading: The words of a page.

    Returns:
        Phrases in order; they do not overlap.
    """
    found: list[OfficePhrase] = []
    behind = 0
    for chunk in reading.chunks:
        if chunk.entry.kind != "office" or chunk.first < behind or _is_prefix(reading, chunk):
            continue
        bare = OfficePhrase(
            chunk.first,
            chunk.last,
            chunk.last,
            chunk.entry.detail,
            frozenset({chunk.entry.area} - {""}),
            (),
            "",
            False,
            _is_plural(reading, chunk.first, chunk.last),
        )
        phrase = reached(reading, _to_left(reading, bare, behind))
        phrase = replace(phrase, office=_office_of_body(phrase))
        if found and _is_owned(reading, found[-1], phrase):
            before = found.pop()
            areas = before.areas | phrase.areas
            phrase = replace(phrase, first=before.first, areas=areas, article=before.article)
        elif found and _is_joint(reading, found[-1], phrase):
            before = found.pop()
            areas, bodies = before.areas | phrase.areas, (*before.bodies, *phrase.bodies)
            phrase = replace(before, last=phrase.last, areas=areas, bodies=bodies)
        found.append(phrase)
        behind = phrase.last
    return tuple(found)


def _office_of_body(phrase: OfficePhrase) -> str:
    of_body = (_OF_BODY.get((phrase.office, body)) for body in phrase.bodies)
    return next(filter(None, of_body), phrase.office)


def _is_owned(reading: Reading, before: OfficePhrase, phrase: OfficePhrase) -> bool:
    """Whether one office is the other's: the president's adviser."""
    is_next = before.last == phrase.first and reading.words[phrase.first].gap == " "
    return is_next and reading.words[before.last - 1].is_possessive


def _is_joint(reading: Reading, before: OfficePhrase, phrase: OfficePhrase) -> bool:
    """Whether one person holds both: Deputy Prime Minister and Minister of Trade Serik Orazov."""
    if phrase.first - before.last != 1 or phrase.article or before.is_plural or phrase.is_plural:
        return False
    if reading.words[before.last].low not in _JOINS or not reading.words[before.last].is_near:
        return False
    is_named = phrase.last < len(reading.words) and reading.words[phrase.last].is_near
    return is_named and run_end(reading, phrase.last) > phrase.last + 1


def _is_prefix(reading: Reading, chunk: Chunk) -> bool:
    """Whether a word is only the deputy of an office that follows: Deputy Economy Minister."""
    is_lead = reading.is_one_of(chunk.first, "deputy", "modifier")
    if chunk.last - chunk.first > 1 or not is_lead:
        return False
    for place in range(chunk.last, min(chunk.last + 4, len(reading.words))):
        if not reading.words[place].is_near:
            return False
        if reading.chunk(place, "office") is not None:
            return reading.words[place].low not in {"mp", "of"}
        if (
            not reading.is_one_of(place, "portfolio", "modifier")
            or reading.words[place].low == "of"
        ):
            return False
    return False


def _is_plural(reading: Reading, first: int, last: int) -> bool:
    low = reading.words[last - 1].low
    if reading.language == "en":
        heads = reading.words[first].low in {"heads", "secretaries"}
        return heads or (low.endswith("s") and not low.endswith("ss"))
    if reading.language == "ru":
        single = last - first == 1
        if reading.words[first].low.endswith(("ами", "ями")):
            return True
        return single and low.endswith(("ты", "ры", "ны", "ды", "ки", "ли"))
    before = reading.words[first - 1].low if first and reading.words[first].gap == " " else ""
    if before in {"beiden", "beide", "mehrere"}:
        return True
    if before == "die" and not low.endswith(("in", "e")):
        return True  # die Botschafter
    return (before, low[-2:]) == ("die", "en") or (before, low[-3:]) == ("den", "ern")


def _to_left(reading: Reading, phrase: OfficePhrase, behind: int) -> OfficePhrase:
    """Take in what stands before an office: countries, portfolios, articles."""
    place = phrase.first
    while place > behind and reading.words[place].gap in {" ", "-", "  ", ". "}:
        chunk = reading.chunk(place - 1, *NAMES_A_COUNTRY)
        if chunk is not None and chunk.first >= behind and _belongs_before(reading, chunk.first):
            phrase = with_entry(phrase, chunk.entry.kind, chunk.entry.key, chunk.entry.area)
            place = chunk.first
        elif reading.is_one_of(place - 1, "definite", "indefinite", "ours"):
            kinds = ("definite", "indefinite", "ours")
            kind = next(kind for kind in kinds if reading.is_one_of(place - 1, kind))
            phrase = replace(phrase, article="own" if kind == "ours" else kind)
            return replace(phrase, first=place - 1)
        elif reading.words[place - 1].is_possessive and reading.words[place - 1].text.islower():
            phrase = replace(phrase, article="definite")  # the country's finance minister
            place -= 1
        elif reading.is_one_of(place - 1, "modifier", "deputy", "former") or (
            reading.language == "en" and _is_portfolio_before(reading, place - 1)
        ):
            phrase = modified(reading, phrase, place - 1)
            place -= 1
        elif _is_initials(reading, place - 1):
            phrase = replace(phrase, bodies=(*phrase.bodies, _initials(reading, place - 1)))
            place -= 1  # BGA-Präsident
        else:
            return _behind_article(reading, replace(phrase, first=place), behind)
    return replace(phrase, first=place)


def _is_initials(reading: Reading, place: int) -> bool:
    """Whether a body's initials stand before an office: BGA-Präsident, SRC chief."""
    if reading.language == "de":
        return reading.words[place + 1].gap == "-"
    text = reading.words[place].text
    is_short = 2 <= len(text) <= 6 and text.isupper() and reading.chunk(place) is None
    return reading.language == "en" and is_short and reading.words[place + 1].gap == " "


def _initials(reading: Reading, place: int) -> str:
    return f"org:{slug(reading.words[place].text)}"


def _behind_article(reading: Reading, phrase: OfficePhrase, behind: int) -> OfficePhrase:
    """Take in adjectives no list knows where an article stands before them."""
    place = phrase.first
    for _ in range(_ADJECTIVES):
        if place <= behind + 1 or reading.words[place].gap != " ":
            return phrase
        if not _may_be_adjective(reading, place - 1):
            return phrase
        place -= 1
        if reading.words[place].gap != " ":
            return phrase
        for kind in ("definite", "indefinite", "ours"):
            if reading.is_one_of(place - 1, kind):
                article = "own" if kind == "ours" else kind
                return replace(phrase, first=place - 1, article=article)
    return phrase


def _may_be_adjective(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    if reading.language == "ru" or reading.chunk(place) is not None or word.is_possessive:
        return False
    if reading.is_one_of(place, "oblique", "reporting", "pronoun", "not_a_name"):
        return False
    if reading.language == "de":
        return word.text.islower() and word.low.endswith(("e", "en", "er", "es", "em"))
    return word.low.endswith(("ing", "ed", "al", "an", "ish", "ese", "ic", "ive", "ar", "ior"))


def _belongs_before(reading: Reading, place: int) -> bool:
    """Whether a country before an office says whose office it is."""
    chunk = reading.chunk(place, *NAMES_A_COUNTRY)
    if chunk is None or reading.language == "ru":
        return chunk is not None and chunk.entry.kind == "adjective"
    last = reading.words[chunk.last - 1]
    if chunk.entry.kind == "adjective" or last.is_possessive:
        return True
    is_place = place > 0 and reading.words[place - 1].low in _PLACES[reading.language]
    return not is_place or reading.words[place].gap != " "


def _is_portfolio_before(reading: Reading, place: int) -> bool:
    low = reading.words[place].low
    if low in {"of", "for", "the", "to"}:
        return False
    if low == "and":
        return reading.is_one_of(place - 1, "portfolio") and reading.words[place - 1].low != "of"
    return reading.is_one_of(place, "portfolio")
