"""Flows under the codes of one edition, by the concordances in the lake."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.held import sources_of
from entrepot.api.lists import begins_with
from entrepot.codes.concordance import corrections
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.tables import CONCORDANCES
from entrepot.trade.concord import (
    CN_DIGITS,
    DIGITS,
    Nomenclature,
    cn_edition,
    concord,
    edition,
)
from entrepot.trade.families import LARGEST, Names, Rule, links, names
from entrepot.trade.unchanged import steps_missing, with_unchanged


@dataclass(frozen=True)
class Aligned:
    """Flows under the codes of one edition, with what was done to them.

    Args:
        flows: Rows of ``flows`` at six digits or by family; rows without a name are left out.
        said: What was done and what was left out, in sentences.
        left_out: Value of the rows left out, by currency.
        sources: Concordances used.
    """

    flows: nw.LazyFrame[Any]
    said: str
    left_out: dict[str, float]
    sources: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """How codes of several editions are brought under one.

    Args:
        rule: ``exact``, ``main`` or ``family``, as
            :func:`entrepot.trade.families.names` explains.
        to: Edition whose codes are the names: ``H5``, or ``CN2022`` for codes of eight digits.
        largest: Codes of one family at most.
    """

    rule: Rule
    to: str = "H5"
    largest: int = LARGEST

    @property
    def nomenclature(self) -> Nomenclature:
        """Whose editions are followed."""
        return "CN" if self.to.startswith("CN") else "HS"


def aligned_flows(
    lake: Lake, flows: nw.LazyFrame[Any], how: Alignment, prefixes: Sequence[str] = ()
) -> Aligned:
    """Bring flows under the codes of one edition of HS, or of the Combined Nomenclature.

    Goods are chosen after that: a code that began in 2022 brings the past of the code, or of the
    family, that it goes under.

    Args:
        lake: The lake, for its concordances.
        flows: Rows of ``flows`` of six or eight digits, each declaration once.
        how: The rule and the edition.
        prefixes: Codes that are meant begin so, in any edition; none means all.

    Returns:
        The flows and what was done.

    Raises:
        LakeError: If the lake holds no concordance.
        EstimateError: If it holds none between the editions in the flows, or of the CN not one for
            each change of year.
    """
    if not lake.has(CONCORDANCES):
        raise LakeError(
            "the lake holds no concordance. Ingest the UN's table of HS editions "
            "(code.after,code.before,Relationship,adjustment) or its workbook for two editions."
        )
    pairs = lake.table(CONCORDANCES).collect("pyarrow").to_native()
    used, editions = _between(pairs, _held(flows, how), how)
    named = names(links(used, editions, corrections()), how.rule, how.to, how.largest)
    label = how.to if how.rule != "family" else f"{how.to} families"
    done = concord(flows, lake.frame(named.table), label, how.nomenclature)
    if prefixes:
        done = done.filter(_is_meant(named, prefixes, how))
    missing = (
        (done.filter(~nw.col("is_named")).group_by("currency").agg(nw.col("value").sum()))
        .collect("pyarrow")
        .to_native()
    )
    left_out = {row["currency"]: float(row["value"]) for row in missing.to_pylist()}
    datasets = sorted(filter(None, set(used["dataset"].to_pylist())))
    kept = done.filter(nw.col("is_named")).drop("is_named")
    said = _said(named, how, left_out)
    if how.nomenclature == "HS" and any(len(prefix) > DIGITS for prefix in prefixes):
        said += " Codes of eight digits count with all of their six-digit code."
    return Aligned(kept, said, left_out, sources_of(lake, datasets))


def _is_meant(named: Names, prefixes: Sequence[str], how: Alignment) -> nw.Expr:
    """Whether a row goes under the name of a code that begins with a prefix.

    Between editions of HS a code of eight digits goes by its first six. A code of the CN that never
    changed has no name but itself.
    """
    is_cn = how.nomenclature == "CN"
    begins = tuple({prefix[: CN_DIGITS if is_cn else DIGITS] for prefix in prefixes})
    rows = named.table.to_pylist()
    meant = {row["name"] or row["commodity"] for row in rows if row["commodity"].startswith(begins)}
    is_named = nw.col("commodity").is_in(sorted({*meant, *begins}))
    return is_named | begins_with(begins) if is_cn else is_named


def _held(flows: nw.LazyFrame[Any], how: Alignment) -> set[str]:
    """Editions in the flows."""
    of_row = cn_edition() if how.nomenclature == "CN" else edition()
    found = flows.select(of_row.alias("edition")).group_by("edition").agg(nw.len())
    return {str(name) for name in found.collect("pyarrow").to_native()["edition"].to_pylist()}


def _between(pairs: pa.Table, held: Collection[str], how: Alignment) -> tuple[pa.Table, list[str]]:
    """Pairs to follow, and editions from the earliest to the latest of those that matter."""
    letters = "CN" if how.nomenclature == "CN" else "H"
    ends = sorted({*(name for name in held if _is_edition(name, letters)), how.to})
    first, last = (int(name.removeprefix(letters)) for name in (ends[0], ends[-1]))
    editions = [f"{letters}{number}" for number in range(first, last + 1)]
    if letters == "H":
        return pairs, editions
    if len(editions) == 1:
        raise EstimateError(
            f"all months asked for are of {how.to}, expected another year too. Leave --concord out."
        )
    missing = steps_missing(pairs, editions)
    if missing:
        raise EstimateError(
            f"the lake holds no list of changes from {'; '.join(missing)}, expected one for each "
            f"year from {editions[0]} to {editions[-1]}. Ingest them as a CSV with the columns "
            "classification,commodity,earlier_classification,earlier_commodity,relationship, or "
            "take an edition of HS."
        )
    return with_unchanged(pairs, editions), editions


def _is_edition(name: str, letters: str) -> bool:
    return name.startswith(letters) and name.removeprefix(letters).isdigit()


def _said(named: Names, how: Alignment, left_out: dict[str, float]) -> str:
    to = how.to
    rule = {
        "exact": f"by the one code of {to} that held their goods",
        "main": f"by the code of {to} to which the UN sends their trade as a whole",
        "family": f"by families of linked codes, named by a code of {to}",
    }[how.rule]
    parts = [f"Codes {rule}."]
    if named.corrected_count:
        parts.append(f"{named.corrected_count} codes of the UN's table corrected.")
    if named.cut_count:
        parts.append(
            f"{named.cut_count:,} links cut where goods were drawn from very many codes (waste, "
            "display modules): there the series may break."
        )
    for currency, value in sorted(left_out.items()):
        parts.append(
            f"Left out for want of one code: {currency} {value / 1e6:,.2f} m, in both stretches."
        )
    return " ".join(parts)
