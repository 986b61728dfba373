"""What the text calls somebody at one place, and the list of all it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from entrepot.codes.rows import read_rows
from entrepot.press.area_names import name_of
from entrepot.press.article import Entity, EntityType, Language
from entrepot.press.language import LEXICON
from entrepot.press.names import latin

# Kinds of body of which a country has one.
_ONE_OF_EACH = frozenset(
    {"statistics", "customs", "central_bank", "foreign_ministry", "trade_ministry"}
)
Form = Literal["name", "office", "demonym", "capital", "pronoun"]


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where somebody is named.

    Args:
        first: First word.
        last: The word behind the last.
        entity: Its id.
        form: How it is named.
        name: The words that are kept as its name; empty for a pronoun.
        type: What it is.
        country: Its country, where that is known.
        short: A shorter form of its name among the words; empty where there is none.
        kind: Kind of body, as the lists of bodies and of words for them have it.
    """

    first: int
    last: int
    entity: str
    form: Form
    name: str
    type: EntityType = "org"
    country: str | None = None
    short: str = ""
    kind: str = ""

    @property
    def is_plural(self) -> bool:
        """Whether it speaks of several: a group, sources."""
        return self.type == "group"


def country_id(area: str) -> str:
    """Entity id of a country; the European Union is a body.

    Args:
        area: ISO 3166-1 alpha-2, or ``EU``.

    Example:
        >>> country_id("KZ"), country_id("EU")
        ('cty:KZ', 'org:eu')
    """
    return "org:eu" if area == "EU" else f"cty:{area}"


@cache
def _of_countries() -> dict[tuple[str, str], set[str]]:
    columns = ("id", "type", "kind", "area", "language", "forms", "source")
    found: dict[tuple[str, str], set[str]] = {}
    for row in read_rows("bodies.csv", columns, LEXICON):
        if row["kind"] in _ONE_OF_EACH and row["area"]:
            found.setdefault((row["kind"], row["area"]), set()).add(row["id"])
    return found


def body_id(kind: str, area: str | None) -> str:
    """Entity id of a body that is called by what it is: the Russian statistics office.

    Args:
        kind: Kind of body.
        area: Its country, ISO 3166-1 alpha-2.

    Returns:
        The listed body where a country has just one of that kind, else an id of the words.

    Example:
        >>> body_id("statistics", "RU"), body_id("trade_ministry", "KG"), body_id("customs", None)
        ('org:rosstat', 'org:kg_trade_ministry', 'org:customs')
    """
    if area is None:
        return f"org:{kind}"
    listed = _of_countries().get((kind, area), set())
    return next(iter(listed)) if len(listed) == 1 else f"org:{area.lower()}_{kind}"


def slug(words: str) -> str:
    """A name as part of an id.

    Args:
        words: The name.

    Example:
        >>> slug("Эхо Кавказа")
        'ekho_kavkaza'
    """
    return re.sub("[^a-z0-9]+", "_", latin(words)).strip("_") or "unnamed"


def entities_of(namings: Iterable[Naming], language: Language) -> list[Entity]:
    """One entity for every id that is named.

    Args:
        namings: Places where somebody is named, in any order.
        language: Language of the text; a country met only by its adjective gets its usual name.

    Returns:
        Entities in the order in which they are first named.
    """
    found: dict[str, list[Naming]] = {}
    for naming in sorted(namings, key=lambda one: (one.first, one.last)):
        found.setdefault(naming.entity, []).append(naming)
    return [_entity(key, named, language) for key, named in found.items()]


def _entity(key: str, named: list[Naming], language: Language) -> Entity:
    words = (word for one in named for word in (one.name, one.short))
    names = tuple(dict.fromkeys(filter(None, words)))
    proper = [one.name for one in named if one.form == "name" and one.name]
    if key.startswith("cty:"):
        code = key.removeprefix("cty:")
        plain = name_of(code, language)
        return Entity(key, "country", plain, (), code, tuple(dict.fromkeys((*names, plain))))
    best = max(proper or names or (key.partition(":")[2],), key=len)
    country = next((one.country for one in named if one.country), None)
    return Entity(key, named[0].type, best, (), country, names)
