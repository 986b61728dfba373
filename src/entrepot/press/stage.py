"""Who is on the stage while a text is read, and whom a word for an office may mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from entrepot.press.person import Person
from entrepot.press.reading import Reading

MEMORY = 100  # persons back a reader remembers; keeps a list of thousands of names linear
_POLITICAL = frozenset(
    {
        *("president", "prime_minister", "chancellor", "minister", "foreign_minister"),
        *("deputy_minister", "commissioner", "deputy_prime_minister", "lawmaker", "speaker"),
        *("vice_president", "high_representative"),
    }
)
_OFFICIAL = (_POLITICAL - {"president", "prime_minister", "lawmaker"}) | frozenset(
    ["envoy", "head", "governor", "adviser", "spokesperson", "prosecutor", "mayor", "ambassador"]
)
# What a short word for an office may mean.
_MEANS: dict[str, frozenset[str]] = {
    "leader": frozenset({"president", "prime_minister", "chancellor", "leader"}),
    "president": frozenset({"president", "commission_president", "council_president"}),
    "lawyer": frozenset({"lawyer", "expert"}),
    "deputy": frozenset({"deputy", "deputy_minister", "deputy_prime_minister"}),
    "prime_minister": frozenset({"prime_minister", "chancellor"}),
    "chancellor": frozenset({"prime_minister", "chancellor"}),
    "minister": frozenset(
        {"minister", "foreign_minister", "deputy_minister", "deputy_prime_minister"}
    ),
    "lawmaker": _POLITICAL,
    "head": frozenset({"head", "governor", "mayor", "commission_president"}),
    "official": _OFFICIAL,
    "diplomat": frozenset(
        {"ambassador", "envoy", "foreign_minister", "deputy_minister", "high_representative"}
    ),
    "analyst": frozenset({"expert"}),
    "trader": frozenset({"expert"}),
}


@dataclass(slots=True)
class Stage:
    """Who is on the stage while a text is read from its beginning to its end.

    Args:
        reading: The words of a page.
        cast: Its persons; somebody whom only an office names is added.
        on: The article's day, where it is known.
        seen: Persons by number of the cast and nameless ones by id, the last one named at the end.
        holders: For each office, the numbers of who holds it by the text or the list of persons.
    """

    reading: Reading
    cast: list[Person]
    on: date | None
    seen: dict[int | str, None] = field(default_factory=dict)
    holders: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(len(self.cast)):
            self._note_offices(number)

    def _note_offices(self, number: int) -> None:
        for office in self.cast[number].all_offices:
            self.holders.setdefault(office, []).append(number)

    def name(self, who: int | str) -> None:
        """Note that somebody is named.

        Args:
            who: Number of the person in the cast, or the id of somebody without a name.
        """
        self.seen.pop(who, None)
        self.seen[who] = None

    def join(self, person: Person) -> int:
        """Take somebody into the cast whom only an office names.

        Args:
            person: The person.

        Returns:
            The number in the cast.
        """
        self.cast.append(person)
        self._note_offices(len(self.cast) - 1)
        return len(self.cast) - 1

    def recent(self) -> Iterator[int | str]:
        """Who was named, the last one first; no further back than a reader remembers."""
        return islice(reversed(self.seen), MEMORY)

    def who_may_be(self, office: str) -> list[int]:
        """Numbers of everybody whom a word for an office may mean, in order.

        Args:
            office: The office as the text names it.
        """
        found = (one for name in means(office) for one in self.holders.get(name, ()))
        return sorted(set(found))


def means(office: str) -> frozenset[str]:
    """Offices a word for an office may mean.

    Args:
        office: The office as the text names it.

    Example:
        >>> sorted(means("leader"))
        ['chancellor', 'leader', 'president', 'prime_minister']
    """
    return _MEANS.get(office, frozenset({office}))
