"""Who takes part in an event: the subject of its clause and those its words name."""

from __future__ import annotations

import re

from entrepot.press.article import Language, Mention, Page, Span
from entrepot.press.event_clauses import wide_clause
from entrepot.press.event_places import Place

# What may stand between the country and the person it belongs to: "Kazakhstan's President X".
_WITHIN_TITLE = re.compile(r"(?:['’]s)?(?:[ -](?!(?:{stop})\b)[\w'’-]+){0,5} ?")
_STOP: dict[Language, str] = {
    "en": "and|to|with|in|at|on|by|from|after|against|between|met|said|told|that|as|when|has|had"
    "|is|was|will|over|while|but",
    "de": "und|mit|zu|in|am|bei|aus|nach|gegen|zwischen|traf|sagte|hat|hatte|ist|war|wird|dass|als"
    "|die|den|dem",
    "ru": "и|с|со|в|во|на|из|против|между|что|как|когда|но|а",
}
_JOINT: dict[Language, str] = {
    "en": r"\W{0,3}(?:(?:and|with|together with|&|,)\W*)(?:[\w'’-]+ ?){0,6}\W?",
    "de": r"\W{0,3}(?:(?:und|mit|sowie|gemeinsam mit|,)\W*)(?:[\w'’-]+ ?){0,6}\W?",
    "ru": r"\W{0,3}(?:(?:и|с|со|вместе с|,)\W*)(?:[\w'’-]+ ?){0,6}\W?",
}
# A clause of which somebody named right before it is the subject.
_RELATIVE: dict[Language, str] = {
    "en": r"\s*(?:who|which)\b",
    "de": r"\s*(?:der|die|das|welche[rs]?)\b",
    "ru": r"\s*котор(?:ый|ая|ое|ые)\b",
}
_FAR = 160  # characters to the left in which the subject of a clause is looked for


def taking_part(
    page: Page, mentions: tuple[Mention, ...], sentence: Span, at: Span, places: list[Place]
) -> list[Mention]:
    """Find who takes part in an event.

    Args:
        page: The text.
        mentions: Mentions of the sentence, in order.
        sentence: The sentence.
        at: The words of the event.
        places: Where it took place; a country that is only its place takes no part.

    Returns:
        Mentions in order; empty where the sentence names nobody.
    """
    actors = [
        mention
        for number, mention in enumerate(mentions)
        if not _is_part_of_title(page, mention, mentions[number + 1 : number + 2])
        and not any(place.span.meets(mention.span) for place in places)
    ]
    reach = wide_clause(page.shadow, sentence, at)
    inside = [m for m in actors if at.meets(m.span)]
    right = [m for m in actors if at.end <= m.span.start and m.span.end <= reach.end]
    before = [m for m in actors if m.span.end <= at.start]
    left = _subject(page, before, reach.start, at)
    if not left and not _names_two(inside + right):
        left = _subject_behind(actors, reach)
    return sorted({m.entity: m for m in [*left, *inside, *right]}.values(), key=lambda m: m.span)


def _is_part_of_title(page: Page, mention: Mention, following: tuple[Mention, ...]) -> bool:
    """Whether a country only says whose president a person is."""
    if not following or not mention.entity.startswith("cty:"):
        return False
    if not following[0].entity.startswith(("per:", "anon:")):
        return False
    between = page.shadow[mention.span.end : following[0].span.start]
    pattern = _WITHIN_TITLE.pattern.replace("{stop}", _STOP[page.language])
    return re.fullmatch(pattern, between, re.IGNORECASE) is not None


def _subject(page: Page, before: list[Mention], start: int, at: Span) -> list[Mention]:
    """Those of the clause before the words; else the nearest in the sentence with who is joined."""
    own = [m for m in before if m.span.start >= start]
    people = [m for m in own if not m.entity.startswith("cty:")]
    near = [m for m in before if at.start - m.span.end <= _FAR]
    opening = page.shadow[start : start + 12]
    if near and re.match(_RELATIVE[page.language], opening, re.IGNORECASE):
        return [m for m in near if m.span.start < start][-1:] + people
    if page.language != "en" and own:
        return people or own[-2:]
    pool = people or own or [m for m in near if m.entity.startswith(("per:", "anon:"))] or near
    return _joined(page, pool)


def _joined(page: Page, pool: list[Mention]) -> list[Mention]:
    """The last mention, and those before it that words like "and" tie to it."""
    taken = pool[-1:]
    for mention in reversed(pool[:-1]):
        between = page.shadow[mention.span.end : taken[0].span.start]
        if re.fullmatch(_JOINT[page.language], between, re.IGNORECASE) is None:
            break
        taken.insert(0, mention)
    return taken


def _names_two(mentions: list[Mention]) -> bool:
    return len({mention.entity for mention in mentions}) > 1


def _subject_behind(actors: list[Mention], reach: Span) -> list[Mention]:
    """The subject of the main clause where the event stands first: after talks with X, Y said."""
    behind = [m for m in actors if reach.end <= m.span.start <= reach.end + _FAR]
    return [m for m in behind if m.entity.startswith(("per:", "anon:"))][:1]
