"""Where the rooms meet: what the command line, the web and Python users call alike."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.api.aligned import Aligned, Alignment, aligned_flows
    from entrepot.api.claims_held import claims_held, keep_findings, to_check
    from entrepot.api.code_version import version_of_code
    from entrepot.api.coverage import Coverage, CoverageQuestion, coverage_of
    from entrepot.api.declared import Question, outflows, summarise_flows
    from entrepot.api.fetched import (
        Fetching,
        Order,
        fetch,
        folder_of,
        ingest_fetched,
        order_comext,
        order_comtrade,
        order_eurostat,
        order_list,
        order_rates,
        plan_fetch,
    )
    from entrepot.api.following import next_step
    from entrepot.api.ghosts import ghost_shares
    from entrepot.api.lists import dataset_in
    from entrepot.api.measured import measure
    from entrepot.api.mirrored import Mirrored, PairQuestion, mirror_pairs
    from entrepot.api.money import Money
    from entrepot.api.partner_records import PartnerQuestion, Partners
    from entrepot.api.reading import readings, store_readings
    from entrepot.api.record import record_of, record_rows
    from entrepot.api.relations import partners
    from entrepot.api.runs import detect
    from entrepot.api.worlds import write_world
    from entrepot.sources.ingest import Ingested, Origin, ingest, ingest_each

__all__ = [
    "Aligned",
    "Alignment",
    "Coverage",
    "CoverageQuestion",
    "Fetching",
    "Ingested",
    "Mirrored",
    "Money",
    "Order",
    "Origin",
    "PairQuestion",
    "PartnerQuestion",
    "Partners",
    "Question",
    "aligned_flows",
    "claims_held",
    "coverage_of",
    "dataset_in",
    "detect",
    "fetch",
    "folder_of",
    "ghost_shares",
    "ingest",
    "ingest_each",
    "ingest_fetched",
    "keep_findings",
    "measure",
    "mirror_pairs",
    "next_step",
    "order_comext",
    "order_comtrade",
    "order_eurostat",
    "order_list",
    "order_rates",
    "outflows",
    "partners",
    "plan_fetch",
    "readings",
    "record_of",
    "record_rows",
    "store_readings",
    "summarise_flows",
    "to_check",
    "version_of_code",
    "write_world",
]

# Where each name lives: a command loads what it uses and no more.
_HOMES = {
    "Aligned": "entrepot.api.aligned",
    "Alignment": "entrepot.api.aligned",
    "aligned_flows": "entrepot.api.aligned",
    "Coverage": "entrepot.api.coverage",
    "CoverageQuestion": "entrepot.api.coverage",
    "Fetching": "entrepot.api.fetched",
    "Ingested": "entrepot.sources.ingest",
    "Mirrored": "entrepot.api.mirrored",
    "Money": "entrepot.api.money",
    "Order": "entrepot.api.fetched",
    "Origin": "entrepot.sources.ingest",
    "PairQuestion": "entrepot.api.mirrored",
    "PartnerQuestion": "entrepot.api.partner_records",
    "Partners": "entrepot.api.partner_records",
    "Question": "entrepot.api.declared",
    "claims_held": "entrepot.api.claims_held",
    "coverage_of": "entrepot.api.coverage",
    "dataset_in": "entrepot.api.lists",
    "detect": "entrepot.api.runs",
    "fetch": "entrepot.api.fetched",
    "folder_of": "entrepot.api.fetched",
    "ghost_shares": "entrepot.api.ghosts",
    "ingest": "entrepot.sources.ingest",
    "ingest_each": "entrepot.sources.ingest",
    "ingest_fetched": "entrepot.api.fetched",
    "keep_findings": "entrepot.api.claims_held",
    "measure": "entrepot.api.measured",
    "mirror_pairs": "entrepot.api.mirrored",
    "next_step": "entrepot.api.following",
    "order_comext": "entrepot.api.fetched",
    "order_comtrade": "entrepot.api.fetched",
    "order_eurostat": "entrepot.api.fetched",
    "order_list": "entrepot.api.fetched",
    "order_rates": "entrepot.api.fetched",
    "outflows": "entrepot.api.declared",
    "partners": "entrepot.api.relations",
    "plan_fetch": "entrepot.api.fetched",
    "readings": "entrepot.api.reading",
    "record_of": "entrepot.api.record",
    "record_rows": "entrepot.api.record",
    "store_readings": "entrepot.api.reading",
    "summarise_flows": "entrepot.api.declared",
    "to_check": "entrepot.api.claims_held",
    "version_of_code": "entrepot.api.code_version",
    "write_world": "entrepot.api.worlds",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
