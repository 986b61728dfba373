"""Codes of a dataset that stand for the goods of a claim, and how they differ from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from entrepot.api.lists import prefixes_of
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.press.check_numbers import Reach
from entrepot.press.products import goods
from entrepot.tables import LISTED_COMMODITIES

TOTAL = "TOTAL"
_LISTS = {"chpl": "the Common High Priority List"}
_SHOWN = 4  # codes a sentence names before it counts them


@dataclass(frozen=True, slots=True)
class Meant:
    """What a claim means by its goods.

    Args:
        prefixes: Beginnings of codes; none for all goods.
        words: The same in words.
        note: How they differ from the claim's words; may be empty.
        evidence: Where the list can be checked; may be empty.
    """

    prefixes: tuple[str, ...]
    words: str
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes that a dataset holds of some goods.

    Args:
        codes: The codes, none beginning with another.
        reach: Whether they are the goods meant, some of them, or more.
        words: The same in words.
    """

    codes: frozenset[str]
    reach: Reach
    words: str


def meant_by(lake: Lake, product: str) -> Meant:
    """Say which codes the goods of a claim are.

    Args:
        lake: The lake, for its control list.
        product: Key of the lexicon of goods.

    Returns:
        The codes.

    Raises:
        CodeError: If the lexicon has no such goods.
        LakeError: If they hang on a control list and the lake does not hold exactly one.
    """
    meant = goods(product)
    if meant.code_list:
        codes = tuple(prefixes_of(lake, (meant.code_list,)))
        words = _LISTS.get(meant.code_list, f"the list {meant.code_list}")
        return Meant(codes, words, meant.note, f"codes/{meant.code_list}.csv")
    if meant.prefixes or product == "total":
        return Meant(meant.prefixes, _listed(meant.prefixes), meant.note)
    names: list[str] = []
    if lake.has(LISTED_COMMODITIES):
        found = lake.table(LISTED_COMMODITIES).select("list_id").unique().collect("pyarrow")
        names = sorted(found.to_native()["list_id"].to_pylist())
    if len(names) != 1:
        raise LakeError(
            f"which goods {product!r} means hangs on a list, and the lake holds the lists {names}, "
            "expected exactly one. Ingest a control list."
        )
    codes = tuple(prefixes_of(lake, (names[0],)))
    evidence = f"listed_commodities list_id={names[0]}"
    return Meant(codes, f"the list {names[0]}", meant.note, evidence)


def _listed(prefixes: tuple[str, ...]) -> str:
    if not prefixes:
        return "all goods"
    shown = ", ".join(prefixes) if len(prefixes) <= _SHOWN else f"{len(prefixes)} codes"
    return f"HS {shown}"


def codes_held(meant: Meant, held: Collection[str], *, is_whole: bool) -> Codes | None:
    """Choose codes of a dataset for goods.

    Codes of several levels are taken where they do not overlap, the shortest first. Where only
    longer codes are held and the dataset is an extract, others may be missing.

    Args:
        meant: The goods.
        held: Codes that the dataset holds.
        is_whole: Whether it holds all codes there are.

    Returns:
        The codes; nothing where it holds none of the goods, nor a heading above them.

    Example:
        >>> oil = Meant(("2709",), "HS 2709")
        >>> found = codes_held(oil, {"27", "84"}, is_whole=False)
        >>> found.reach, found.words
        ('wider', 'HS 27 (wider than HS 2709)')
        >>> codes_held(oil, {"27090010"}, is_whole=False).reach
        'narrower'
    """
    if not meant.prefixes:
        return _all_goods(held, is_whole=is_whole)
    known = set(held)
    inside, absent, above = set(known & set(meant.prefixes)), 0, set[str]()
    below = _below(known, [prefix for prefix in meant.prefixes if prefix not in known])
    begun = {code[:n] for code in below for n in range(2, len(code))}
    is_partial = bool(below) and not is_whole
    for prefix in (prefix for prefix in meant.prefixes if prefix not in known):
        if prefix not in begun:
            absent += 1
            above |= {prefix[:n] for n in (2, 4, 6) if n < len(prefix)} & known
    inside |= below
    if inside:
        is_partial = is_partial or (absent > 0 and not is_whole)
        words = f"{len(inside)} codes held of {meant.words}" if is_partial else meant.words
        return Codes(_shortest(inside), "narrower" if is_partial else "named", words)
    if above:
        words = f"{_listed(tuple(sorted(above)))} (wider than {meant.words})"
        return Codes(_shortest(above), "wider", words)
    return None


def _below(known: Iterable[str], prefixes: list[str]) -> set[str]:
    if not prefixes:
        return set()
    starts = tuple(prefixes)
    return {code for code in known if code != TOTAL and code.startswith(starts)}


def _shortest(codes: Iterable[str]) -> frozenset[str]:
    """Codes that do not begin with another of them: levels overlap and are never added."""
    kept: set[str] = set()
    for code in sorted(codes, key=len):
        if not any(code[:n] in kept for n in range(2, len(code))):
            kept.add(code)
    return frozenset(kept)


def _all_goods(held: Collection[str], *, is_whole: bool) -> Codes | None:
    if TOTAL in held:
        return Codes(frozenset({TOTAL}), "named", "all goods")
    if not held:
        return None
    codes = _shortest(held)
    if is_whole:
        return Codes(codes, "named", "all goods")
    return Codes(codes, "narrower", f"{len(codes)} codes held of all goods")
