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
from rapidfuzz.fuzz import ratio

from entrepot.errors import CodeError
from entrepot.screening.listed import ListedName
from entrepot.screening.name_form import NameForm

_PIECE = 3
_BOOST = {"word": 3.0, "sound": 2.0, "piece": 1.0}
_COMMON = 0.3  # of the boost, for words that many names have
_HEAP = 500_000_000  # bytes at most before a second segment is begun; a list takes a tenth
_MOST_PIECES = 24
_BY_RANK = 6  # names that are compared because the index holds them best
_BY_LETTERS = 5  # and those whose letters or sounds, as a whole, are nearest among the others


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names ready to be searched.

    Args:
        searcher: The index.
        schema: Its fields.
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
        if not terms or not self.names:
            return []
        found = self.searcher.search(tantivy.Query.boolean_query(terms), limit, count=False)
        ranked = sorted((-score, place.doc) for score, place in found.hits)
        return [document for _, document in ranked]

    def nearest(self, query: NameForm, limit: int) -> list[int]:
        """Numbers of the names that are worth comparing word by word.

        Args:
            query: The name.
            limit: How many the index is asked for.

        Returns:
            The first of the index, and those of the rest whose letters or sounds are nearest.
        """
        found = self.candidates(query, limit)
        rest = [(-self._near(query, at), at) for at in found[_BY_RANK:]]
        return found[:_BY_RANK] + [at for _, at in sorted(rest)[:_BY_LETTERS]]

    def _near(self, query: NameForm, at: int) -> float:
        form = self.names[at].form
        return max(ratio(query.letters, form.letters), ratio(query.sound, form.sound))

    def _terms(self, query: NameForm) -> list[tuple[tantivy.Query, float]]:
        made: list[tuple[tantivy.Query, float]] = []
        for field, words in _fields(query).items():
            for word in dict.fromkeys(filter(None, words)):
                boost = _BOOST[field] * (_COMMON if word[0] == "=" else 1.0)
                made.append((tantivy.Query.term_query(self.schema, field, word), boost))
        return made


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in _BOOST:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def name_index(names: Sequence[ListedName], folder: Path | None = None) -> NameIndex:
    """Index names.

    Args:
        names: The names.
        folder: An empty folder to keep the index in; in memory where left out.

    Returns:
        The index.

    Raises:
        CodeError: If the names are too many for one segment.
    """
    schema = _schema()
    index = tantivy.Index(schema, path=str(folder) if folder else None)
    writer = index.writer(_HEAP, 1)
    for name in names:
        fields = {field: [" ".join(words)] for field, words in _fields(name.form).items()}
        writer.add_document(tantivy.Document(**fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    if searcher.num_segments > 1:
        raise CodeError(
            f"index of names: {len(names)} names take {searcher.num_segments} segments, expected "
            "1, without which equal scores have no order. Search fewer lists at a time."
        )
    return NameIndex(searcher, schema, tuple(names))


def kept_index(names: Sequence[ListedName], folder: Path) -> NameIndex:
    """Open an index that :func:`name_index` kept.

    Args:
        names: The names it was made of.
        folder: Where it is.

    Returns:
        The index.

    Raises:
        CodeError: If it holds another number of names.
    """
    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()
    if searcher.num_docs != len(names) or searcher.num_segments > 1:
        raise CodeError(
            f"{folder.name}: index of {searcher.num_docs} names, expected {len(names)}. "
            "Remove the folder; it is made again."
        )
    return NameIndex(searcher, index.schema, tuple(names))


def _fields(form: NameForm) -> dict[str, list[str]]:
    sounds = [sound for sounds in form.skeletons for sound in sounds if len(sound) > 1]
    letters = form.letters or "".join(token.lstrip("=") for token in form.tokens)
    pieces = [letters[at : at + _PIECE] for at in range(max(1, len(letters) - _PIECE + 1))]
    return {
        "word": list(form.tokens),
        "sound": [*sounds, *_sound_pieces(form.sound)],
        "piece": pieces[:_MOST_PIECES],
    }


def _sound_pieces(sound: str) -> list[str]:
    """Pieces of what is heard of the whole name; marked, so that no word sounds like one."""
    if len(sound) <= _PIECE:
        return [f"~{sound}"] if sound else []
    return [f"~{sound[at : at + _PIECE]}" for at in range(len(sound) - _PIECE + 1)]
