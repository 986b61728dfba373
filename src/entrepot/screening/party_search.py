"""Asking the lists about one party: numbers first, then names, then the address alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from entrepot.screening.listed import Kind, Listed, ListedName
from entrepot.screening.name_form import NameForm, name_form, variants
from entrepot.screening.party_address import same_address
from entrepot.screening.party_numbers import NUMBER, keys_of, number_key, number_score
from entrepot.screening.party_register import Register
from entrepot.screening.policy import Policy
from entrepot.screening.score import NameScore, name_score

Level = Literal["match", "possible", "cross_script", "address"]
CANDIDATES = 20  # names the index is asked for
# What stands before the name of a person who trades alone.
_ENTREPRENEUR = re.compile(
    r"^\s*(?:ИП|ФОП|индивидуальный предприниматель|фізична особа[ -]підприємець|"
    r"individual entrepreneur|sole proprietor|einzelunternehmer|IP|IE)\b[\s.:,-]+",
    re.IGNORECASE,
)
_WEAK_NAME = 0.9  # of the score, for names the list calls weak
_BORN_THEN, _BORN_THAT_YEAR, _BORN_ELSEWHEN = 0.05, 0.02, -0.15
_SAME_COUNTRY, _OTHER_COUNTRY = 0.02, -0.03
_OTHER_NUMBER = -0.15  # the list has another number of the same kind
_LOWEST = 0.5  # a name below is not looked at any further
Explanations = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A party to be looked for.

    Args:
        name: Its name.
        kind: Person, body or ship; a person or body where open.
        others: Other names, its name in its own script among them.
        country: ISO 3166-1 alpha-2.
        address: Its address in one line.
        numbers: Its numbers, by ``lei``, ``imo``, ``bic`` or ``registration_number or tax_id``.
        births: Days or years of birth or incorporation, ISO 8601.
        datasets: Lists to look on; empty for all.
    """

    name: str
    kind: Kind | None = None
    others: tuple[str, ...] = ()
    country: str | None = None
    address: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    births: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A listed party that may be the one asked about.

    Args:
        listed: The listed party.
        level: ``match``, ``possible``, ``cross_script``, or ``address`` where only that agrees.
        score: 0 to 1.
        explanations: What each part found, by name.
    """

    listed: Listed
    level: Level
    score: float
    explanations: Mapping[str, Mapping[str, object]]


class Scorer(Protocol):
    """A second opinion on a pair: its score replaces ours where it is higher."""

    name: str

    def score(self, asked: Asked, listed: Listed) -> tuple[float, Mapping[str, object]]:
        """Score one pair.

        Args:
            asked: The party asked about.
            listed: The listed party.

        Returns:
            0 to 1, and what it rests on.
        """
        ...


@dataclass(slots=True)
class _Found:
    score: float
    explanations: Explanations
    is_across: bool = False


def search(
    known: Register, asked: Asked, policy: Policy, scorer: Scorer | None = None
) -> tuple[Match, ...]:
    """Ask the lists about one party.

    Args:
        known: The listed parties.
        asked: The party.
        policy: Thresholds.
        scorer: Second opinion, where wanted.

    Returns:
        Listed parties it may be, the surest first; equal scores in order of the lists.

    Example:
        >>> from entrepot.screening.party_register import register
        >>> known = register([Listed("1", "own", "Company", ("Tulamash Trading LLC",))])
        >>> (one,) = search(known, Asked("ООО Туламаш Трейд"), Policy())
        >>> one.listed.id, one.level, one.score
        ('1', 'match', 1.0)
    """
    found = _by_name(known, asked)
    for at, one in found.items():
        _weigh(one, asked, known.parties[at])
        if scorer is not None:
            score, detail = scorer.score(asked, known.parties[at])
            one.explanations[scorer.name] = {"score": round(score, 4), **detail}
            one.score = max(one.score, score)
    _by_number(known, asked, found)
    matches = [
        Match(known.parties[at], level, round(one.score, 4), one.explanations)
        for at, one in found.items()
        if (level := _level(one, policy)) is not None
    ]
    taken = {id(match.listed) for match in matches}
    matches += [
        match for match in _by_address(known, asked, policy) if id(match.listed) not in taken
    ]
    wanted = asked.datasets or policy.lists
    kept = [match for match in matches if not wanted or match.listed.dataset in wanted]
    return tuple(sorted(kept, key=_order))


def _order(match: Match) -> tuple[bool, float, bool, float, str, str]:
    share = match.explanations.get("words", {}).get("share", 0.0)
    return (
        match.level == "address",
        -match.score,
        "identifier" not in match.explanations,
        -float(share) if isinstance(share, float) else 0.0,
        match.listed.dataset,
        match.listed.id,
    )


def _level(one: _Found, policy: Policy) -> Level | None:
    if "identifier" in one.explanations and one.score >= policy.possible_from:
        return "match" if one.score >= policy.match_from else "possible"
    if one.is_across:
        return "cross_script" if one.score >= policy.cross_script_from else None
    if one.score >= policy.match_from:
        return "match"
    return "possible" if one.score >= policy.possible_from else None


def _by_number(known: Register, asked: Asked, found: dict[int, _Found]) -> None:
    keys = [key for heading, value in asked.numbers if (key := number_key(heading, value))]
    for key in keys:
        for at in known.numbers.get(key, ()):
            one = found.setdefault(at, _Found(0.0, {}))
            score = number_score(key, asked.country, known.parties[at])
            said = f"{key[0]} {key[1]} is the one on the list"
            one.explanations["identifier"] = {"score": score, "detail": said}
            one.score = max(one.score, score)


def _by_address(known: Register, asked: Asked, policy: Policy) -> list[Match]:
    if not asked.address:
        return []
    best: dict[int, Match] = {}
    for score, at, text in same_address(asked.address, known.addresses):
        if score >= policy.address_from and at not in best:
            said = {"score": score, "query": asked.address, "listed": text}
            best[at] = Match(known.parties[at], "address", score, {"address": said})
    return list(best.values())


def _kinds(asked: Asked) -> tuple[Kind, ...]:
    if asked.kind == "ship" or asked.kind == "person":
        return (asked.kind,)
    if _ENTREPRENEUR.match(asked.name):
        return ("body", "person")
    # Names of people may hold two letters that are a legal form elsewhere: Iyad Ag Ghali.
    legal = max(name_form(asked.name).legal, key=len, default="")
    return ("body",) if asked.kind or len(legal) > len("ag") else ("body", "person")


def _by_name(known: Register, asked: Asked) -> dict[int, _Found]:
    found: dict[int, _Found] = {}
    for kind in _kinds(asked):
        index, rarity = known.names[kind], known.weights[kind]
        is_person = kind == "person"
        for text in dict.fromkeys((asked.name, *asked.others)):
            for part in (_ENTREPRENEUR.sub("", text),) if is_person else variants(text):
                query = name_form(part, is_person)
                for document in index.nearest(query, CANDIDATES):
                    name = index.names[document]
                    scored = name_score(query, name.form, rarity)
                    score = scored.score * (_WEAK_NAME if name.is_weak else 1.0)
                    held = found.get(name.party)
                    if score >= _LOWEST and (held is None or score > held.score):
                        found[name.party] = _explained(score, scored, query, name)
    return found


def _explained(score: float, scored: NameScore, query: NameForm, name: ListedName) -> _Found:
    parts = scored.parts or {}
    made: Explanations = {
        part: {"score": round(value, 4)}
        for part, value in parts.items()
        if value > 0 or part == "words"
    }
    made["words"] |= {"share": round(scored.share, 4), "pairs": scored.pairs}
    made["name"] = {"query": query.text, "listed": name.form.text}
    if scored.capped:
        made["held_down"] = {"detail": scored.capped}
    if name.is_weak:
        made["weak_alias"] = {"factor": _WEAK_NAME, "detail": "the list calls this name weak"}
    return _Found(score, made, scored.is_across and not _is_letter_for_letter(scored))


def _is_letter_for_letter(scored: NameScore) -> bool:
    """Whether two names in different scripts are one when spelt, with nothing guessed."""
    parts = scored.parts or {}
    exact = bool(scored.pairs) and all(alike == 1 for *_, alike in scored.pairs)
    return parts.get("letters") == 1 or (exact and parts["words"] >= scored.score)


def _weigh(one: _Found, asked: Asked, listed: Listed) -> None:
    """Raise or lower a score by what else is known of both, and say so."""
    changes = {
        "birth_date": _births(asked, listed),
        "country": _countries(asked, listed),
        "numbers": _other_numbers(asked, listed),
    }
    for part, (change, said) in changes.items():
        if change:
            one.explanations[part] = {"change": change, "detail": said}
            one.score = min(1.0, max(0.0, one.score + change))


def _births(asked: Asked, listed: Listed) -> tuple[float, str]:
    if not asked.births or not listed.births:
        return 0.0, ""
    shared = sorted(set(asked.births) & set(listed.births), key=len)
    if shared and len(shared[-1]) == len("2024-01-01"):
        return _BORN_THEN, f"born or founded on {shared[-1]} in both"
    years = {day[:4] for day in asked.births} & {day[:4] for day in listed.births}
    if years:
        return _BORN_THAT_YEAR, f"born or founded in {min(years)} in both"
    return (
        _BORN_ELSEWHEN,
        f"{', '.join(asked.births)} here, {', '.join(listed.births)} on the list",
    )


def _countries(asked: Asked, listed: Listed) -> tuple[float, str]:
    if not asked.country or not listed.countries:
        return 0.0, ""
    if asked.country in listed.countries:
        return _SAME_COUNTRY, f"{asked.country} in both"
    return _OTHER_COUNTRY, f"{asked.country} here, {', '.join(listed.countries)} on the list"


def _other_numbers(asked: Asked, listed: Listed) -> tuple[float, str]:
    """LEI and IMO numbers are one to a party; others have several registers behind them."""
    own = {key for heading, value in asked.numbers if (key := number_key(heading, value))}
    theirs = keys_of(listed)
    for heading in ("lei", "imo"):
        here = {value for kind, value in own if kind == heading}
        there = {value for kind, value in theirs if kind == heading}
        if here and there and not here & there:
            said = f"{heading} {min(here)} here, {min(there)} on the list"
            return _OTHER_NUMBER, said
    return 0.0, ""


__all__ = ["CANDIDATES", "NUMBER", "Asked", "Level", "Match", "Scorer", "search"]
