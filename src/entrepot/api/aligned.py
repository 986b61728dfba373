"""Flows under the codes of one edition, by the concordances in the lake."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.held import sources_of
from entrepot.codes.concordance import corrections
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.tables import CONCORDANCES
from entrepot.trade.concord import DIGITS, concord, edition
from entrepot.trade.families import LARGEST, Names, Rule, links, names


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
        to: Edition whose codes are the names: ``H5``.
        largest: Codes of one family at most.
    """

    rule: Rule
    to: str = "H5"
    largest: int = LARGEST


def aligned_flows(
    lake: Lake, flows: nw.LazyFrame[Any], how: Alignment, prefixes: Sequence[str] = ()
) -> Aligned:
    """Bring flows under the codes of one edition of HS.

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
        EstimateError: If it holds none between the editions in the flows.
    """
    if not lake.has(CONCORDANCES):
        raise LakeError(
            "the lake holds no concordance. Ingest the UN's table of HS editions "
            "(code.after,code.before,Relationship,adjustment) or its workbook for two editions."
        )
    found = flows.select(edition().alias("edition")).group_by("edition").agg(nw.len())
    held = {str(name) for name in found.collect("pyarrow").to_native()["edition"].to_pylist()}
    pairs = lake.table(CONCORDANCES).collect("pyarrow").to_native()
    found_links = links(pairs, _between(held, how.to), corrections())
    named = names(found_links, how.rule, how.to, how.largest)
    label = how.to if how.rule != "family" else f"{how.to} families"
    done = concord(flows, lake.frame(named.table), label)
    if prefixes:
        done = done.filter(nw.col("commodity").is_in(_meant(named, prefixes)))
    missing = (
        (done.filter(~nw.col("is_named")).group_by("currency").agg(nw.col("value").sum()))
        .collect("pyarrow")
        .to_native()
    )
    left_out = {row["currency"]: float(row["value"]) for row in missing.to_pylist()}
    datasets = sorted(set(pairs["dataset"].to_pylist()))
    kept = done.filter(nw.col("is_named")).drop("is_named")
    said = _said(named, how, left_out)
    if any(len(prefix) > DIGITS for prefix in prefixes):
        said += " Codes of eight digits count with all of their six-digit code."
    return Aligned(kept, said, left_out, sources_of(lake, datasets))


def _meant(named: Names, prefixes: Sequence[str]) -> list[str]:
    """Names of the codes that begin with a prefix; a code of eight digits goes by its first six."""
    begins = tuple({prefix[:DIGITS] for prefix in prefixes})
    rows = named.table.to_pylist()
    meant = {row["name"] or row["commodity"] for row in rows if row["commodity"].startswith(begins)}
    return sorted({*meant, *begins})


def _between(held: Collection[str], to: str) -> list[str]:
    """Editions from the earliest to the latest of those that matter."""
    ends = sorted({*(name for name in held if name.startswith("H")), to})
    return [f"H{number}" for number in range(int(ends[0][1:]), int(ends[-1][1:]) + 1)]


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
