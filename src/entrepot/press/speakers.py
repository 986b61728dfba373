"""Who the subject of a statement is: somebody the text names, or words that no list knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from entrepot.press.article import Entity, Page
from entrepot.press.drafts import Draft
from entrepot.press.mentions import noun_phrase_entity
from entrepot.press.noun_phrases import Subject
from entrepot.press.passages import Passage

_SHORT = 3  # words of a noun phrase that points back at somebody
# Endings of words for persons, by the article before them.
_PERSONS: dict[str, tuple[str, ...]] = {
    "the": ("ist", "ian", "old", "man", "woman", "ologist", "politician", "lawmaker"),
    "der": ("er", "ist", "ant", "ent", "eur", "ologe", "chef", "jährige", "lette", "pole"),
    "die": ("in", "jährige"),
}


def _head(passage: Passage, subject: Subject) -> int:
    """The noun that heads some words: the last one before a preposition, in Russian the first."""
    if passage.language == "ru":
        return subject.first
    behind = range(subject.first + 1, subject.last)
    stop = next((at for at in behind if passage.is_word(at, "preposition")), subject.last)
    return stop - 1


@dataclass(slots=True)
class Speakers:
    """Who has spoken so far.

    Args:
        page: The page.
        last: The last speaker.
        made: Speakers that no list knows, by id.
    """

    page: Page
    last: tuple[str, ...] = ()
    made: dict[str, Entity] = field(default_factory=dict)

    def of(self, draft: Draft) -> tuple[str, ...]:
        """Who says something.

        Args:
            draft: What is said.

        Returns:
            Entity ids; none where nobody can be meant.
        """
        if draft.subject is None:
            return self.last
        if draft.subject.order == "inherited" and not draft.subject.entities:
            return self.last
        found = self.who(draft.passage, draft.subject, has_data=draft.has_data)
        if found:
            self.last = found
        return found

    def who(self, passage: Passage, subject: Subject, *, has_data: bool = False) -> tuple[str, ...]:
        """Whom a subject means.

        Args:
            passage: The sentence.
            subject: The subject.
            has_data: Whether only data or a body can be meant.

        Returns:
            Entity ids, or nothing.
        """
        words = range(subject.first, subject.last)
        is_data = any(passage.is_word(at, "data") for at in words)
        if subject.entities:
            is_body = subject.entities[0].startswith(("org:", "np:"))
            return subject.entities if not has_data or is_data or is_body else ()
        if (has_data and not is_data) or passage.is_word(_head(passage, subject), "cannot_speak"):
            return ()
        owners = [passage.named[at] for at in words] if is_data else []
        bodies = [
            one.entities[0]
            for one in owners
            if one is not None and one.form == "name" and one.entities[0].startswith("org:")
        ]
        if bodies:
            return tuple(dict.fromkeys(bodies))
        is_known = len(words) == 1 or passage.low(subject.first) in {"the", "der", "die", "das"}
        if is_data and is_known and len(words) <= 2 and self.last[:1] and self._is_body():
            return self.last
        if len(words) == 1 and passage.is_word(subject.first, "pronoun", "own_words"):
            return self.last
        if self.last and self._is_meant(passage, subject):
            return self.last
        if len(words) == 1 and passage.low(subject.first) == "it":
            return ()
        return (self._made(passage, subject),)

    def _is_meant(self, passage: Passage, subject: Subject) -> bool:
        """Whether a common noun means the last speaker: der Lette, the economist, it."""
        head = passage.low(subject.last - 1)
        count = subject.last - subject.first
        if self._is_body():
            return head == "it" or passage.is_word(subject.last - 1, "generic_body")
        if not self.last[0].startswith("per:") or not 1 < count <= _SHORT:
            return False
        ends = _PERSONS.get(passage.low(subject.first), ())
        return head.endswith(ends) if ends else False

    def _is_body(self) -> bool:
        return all(one.startswith(("org:", "np:")) for one in self.last)

    def _made(self, passage: Passage, subject: Subject) -> str:
        entity = noun_phrase_entity(self.page, passage.span(subject.first, subject.last))
        known = self.made.get(entity.id)
        if known is None:
            self.made[entity.id] = entity
        return entity.id
