"""Finding the few names on a list that may be the one asked about, in less than a millisecond.

One document is one form of one name: its words, what they sound like and its three-letter pieces.
The index is written by one thread into one segment, and what scores alike keeps the order of the
list: the same question to the same list has the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from entrepot.screening.listed import ListedName
from entrepot.screening.name_form import NameForm

_PIECE = 3
_BOOST = {"word": 3.0, "sound": 2.0, "piece": 1.0}
_COMMON = 0.3  # of the boost, for words that many names have
_HEAP = 50_000_000  # bytes
_MOST_PIECES = 24


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names ready to be searched.

    Args:
        searcher: The index.
        names: What its documents stand for, by number.
    """

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    names: tuple[ListedName, ...]

    def candidates(self, query: NameForm, limit: int) -> list[int]:
        """Numbers of the names most like the one asked about.

        Args:
            query: The name.
            limit: How many at most.

        Returns:
            The best first; those that score alike in the order of the list.
        """
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(term, boost))
            for term, boost in self._terms(query)
        ]
        if not terms:
            return []
        found = self.searcher.search(tantivy.Query.boolean_query(terms), limit, count=False)
        ranked = sorted((-score, place.doc) for score, place in found.hits)
        return [document for _, document in ranked]

    def _terms(self, query: NameForm) -> list[tuple[tantivy.Query, float]]:
        made: list[tuple[tantivy.Query, float]] = []
        for field, words in _fields(query).items():
            for word in dict.fromkeys(words):
                boost = _BOOST[field] * (_COMMON if word[0] == "=" else 1.0)
                made.append((tantivy.Query.term_query(self.schema, field, word), boost))
        return made


def name_index(names: Sequence[ListedName], folder: Path | None = None) -> NameIndex:
    """Index names.

    Args:
        names: The names.
        folder: An empty folder to keep the index in; in memory where left out.

    Returns:
        The index.
    """
    builder = tantivy.SchemaBuilder()
    for field in _BOOST:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder) if folder else None)
    writer = index.writer(_HEAP, 1)
    for name in names:
        fields = {field: [" ".join(words)] for field, words in _fields(name.form).items()}
        writer.add_document(tantivy.Document(**fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return NameIndex(index.searcher(), schema, tuple(names))


def _fields(form: NameForm) -> dict[str, list[str]]:
    sounds = [sound for sounds in form.skeletons for sound in sounds if len(sound) > 1]
    letters = "".join(token for token in form.tokens if token[0] != "=") or "".join(
        token[1:] for token in form.tokens
    )
    pieces = [letters[at : at + _PIECE] for at in range(max(1, len(letters) - _PIECE + 1))]
    whole = "".join(sounds[0] for sounds in form.skeletons if sounds)
    return {
        "word": list(form.tokens),
        "sound": [*sounds, *([f"{whole}"] if len(whole) > 3 else [])],
        "piece": pieces[:_MOST_PIECES],
    }
