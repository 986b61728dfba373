"""What a page of results shows: answers with the decisions of now, counted, filtered, sorted."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from entrepot.api.decided import Decision, Judged, honoured, judged, party_of, standing
from entrepot.api.jobs_answers import About, Answers, answer_cells, pair_of
from entrepot.dossier.screen_file import WRITERS
from entrepot.dossier.screen_rows import Heading
from entrepot.errors import LakeError
from entrepot.screening.check import Hit, Result
from entrepot.screening.policy import Policy
from entrepot.screening.verdict import Screened, in_order

VERDICTS = ("block", "review", "clear", "not_assessed")
Sort = Literal["row", "answer", "score"]
_KEPT = 4  # results with decisions honoured that are kept in memory


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines of a result are asked for.

    Args:
        verdict: Only lines with this answer; empty for all.
        check: Only lines about this check; empty for all.
        said: What that check said: ``flagged`` or ``not_assessed``.
        sort: ``row`` of the file, ``answer`` with the severest first, or ``score`` of the best
            hit with the highest first.
    """

    verdict: str = ""
    check: str = ""
    said: Literal["flagged", "not_assessed"] = "flagged"
    sort: Sort = "answer"


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of a result, counted and in order.

    Args:
        counts: Lines by answer, of the whole file.
        flagged: Lines by check that flags them, of the whole file.
        places: Places of the lines asked for, in order.
    """

    counts: Counter[str]
    flagged: Counter[str]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JudgedHit:
    """A hit with what was decided about its pair.

    Args:
        number: Its place among the hits of the line.
        result: The check that found it.
        hit: The hit, with the decision that stands.
        judged: The pair that a decision would be about.
        history: All that was decided about this pair, oldest first.
        stands: Number of the decision that stands; ``None`` where none does.
    """

    number: int
    result: Result
    hit: Hit
    judged: Judged
    history: tuple[Decision, ...]
    stands: int | None


class Results:
    """The results of one screening, with the decisions of now.

    Args:
        folder: Folder of the answers.
        policy: The policy it was screened with.
        decisions: All decisions, of now.
    """

    def __init__(self, folder: Path, policy: Policy, decisions: tuple[Decision, ...]) -> None:
        self._answers = Answers(folder)
        self._folder = folder
        self._policy = policy
        self._decisions = decisions
        self._standing = standing(decisions)
        self.about: About = self._answers.about()

    @property
    def on(self) -> date:
        """Day as of which it was screened."""
        return date.fromisoformat(self.about.heading.as_of)

    def find(self, asked: Asked) -> Found:
        """Find lines.

        Args:
            asked: Which.

        Returns:
            Their places and the counts of the file.
        """
        index = self._index()
        counts = Counter(index["verdict"].to_pylist())
        flagged = Counter(pc.list_flatten(index["flagged"]).to_pylist())
        index = index.append_column("place", pa.array(range(index.num_rows), pa.int64()))
        if asked.verdict:
            index = index.filter(pc.field("verdict") == asked.verdict)
        if asked.check:
            wanted = [asked.check in one for one in index[asked.said].to_pylist()]
            index = index.filter(pa.array(wanted, pa.bool_()))
        order = pc.index_in(index["verdict"], pa.array(VERDICTS))
        index = index.append_column("severity", order)
        keys = {
            "row": [("place", "ascending")],
            "answer": [("severity", "ascending"), ("place", "ascending")],
            "score": [("score", "descending"), ("place", "ascending")],
        }
        places = index.sort_by(keys[asked.sort])["place"].to_pylist()
        return Found(counts, flagged, tuple(places))

    def lines(self, places: tuple[int, ...]) -> tuple[Screened, ...]:
        """Lines with the decisions of now.

        Args:
            places: Their places.

        Returns:
            The lines, in the order of the places.

        Raises:
            LakeError: If there is no such line.
        """
        index = self._plain()
        if any(not 0 <= place < index.num_rows for place in places):
            raise LakeError(f"There is no such line; the file has {index.num_rows:,}.")
        rows = index.select(["offset", "size"]).take(pa.array(places, pa.int64())).to_pylist()
        where = [(row["offset"], row["size"]) for row in rows]
        return tuple(self._heard(line) for line in self._answers.at(where))

    def hits(self, line: Screened) -> tuple[JudgedHit, ...]:
        """The hits of a line, in the order in which to look at them.

        Args:
            line: The line, with the decisions of now.
        """
        made = []
        for number, (result, hit) in enumerate(in_order(line.results)):
            pair = judged(party_of(line.shipment, hit), hit.dataset, hit.entity_id)
            history = tuple(one for one in self._decisions if one.judged.key == pair.key)
            stands = self._standing.by_pair.get(pair.key)
            number_of = None if stands is None else stands.decision_id
            made.append(JudgedHit(number, result, hit, pair, history, number_of))
        return tuple(made)

    def write(self, path: Path, name: str) -> None:
        """Write all lines with the decisions of now, as ``entrepot screen -o`` does.

        Args:
            path: The file, whose ending says which kind.
            name: Name of the screened file.
        """
        WRITERS[path.suffix](path, self.heading(name), map(self._heard, self._answers.all()))

    def heading(self, name: str) -> Heading:
        """What holds for all lines.

        Args:
            name: Name of the screened file.
        """
        return replace(self.about.heading, file=name)

    def list_version(self, dataset: str) -> str | None:
        """The version of a list that was searched.

        Args:
            dataset: The list.

        Returns:
            The version; ``None`` where the list is not among those named.
        """
        versions = (one.partition(" ") for one in self.about.heading.lists)
        return next((version for name, _, version in versions if name == dataset), None)

    def _heard(self, line: Screened) -> Screened:
        if not self._standing.by_pair:
            return line
        return honoured(line, self._standing, self.on, self._policy)

    def _plain(self) -> pa.Table:
        return _KEEP.kept((str(self._folder),), self._answers.index)

    def _index(self) -> pa.Table:
        """The index with decisions honoured: only lines about decided pairs are read anew."""
        stood = tuple(sorted(one.decision_id for one in self._standing.by_pair.values()))
        if not stood:
            return self._plain()
        return _KEEP.kept((str(self._folder), *stood), self._honoured)

    def _honoured(self) -> pa.Table:
        plain = self._plain()
        decided = {
            pair_of(one.judged.dataset, one.judged.entity_id)
            for one in self._standing.by_pair.values()
        }
        touched = [
            place
            for place, pairs in enumerate(plain["pairs"].to_pylist())
            if not decided.isdisjoint(pairs)
        ]
        if not touched:
            return plain
        cells = dict(zip(touched, map(answer_cells, self.lines(tuple(touched))), strict=True))
        return _with_cells(plain, cells)


def _with_cells(plain: pa.Table, cells: dict[int, dict[str, Any]]) -> pa.Table:
    for name in ("verdict", "flagged", "not_assessed", "score"):
        values = plain[name].to_pylist()
        for place, own in cells.items():
            values[place] = own[name]
        field = plain.schema.field(name)
        place_of = plain.schema.get_field_index(name)
        plain = plain.set_column(place_of, field, pa.array(values, field.type))
    return plain


class _Keep:
    """A few indexes, kept in memory."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[object, ...], pa.Table] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, key: tuple[object, ...], make: Any) -> pa.Table:
        """What was kept, or is made now."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return made


_KEEP = _Keep()
