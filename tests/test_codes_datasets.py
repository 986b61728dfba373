"""What was done to the amounts of each dataset."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from entrepot import sources
from entrepot.codes.datasets import TREATMENTS, order_of, treated_words
from entrepot.simulate.rows import DATASET as SIMULATED

NOT_FLOWS = {"reference-rates", "control_list"}
OF_PARTIES = {"eu-fsf", "ofac-sdn", "opensanctions", "un-sc", "us-csl"}


def datasets():
    for module in pkgutil.iter_modules(sources.__path__):
        loaded = importlib.import_module(f"entrepot.sources.{module.name}")
        name = getattr(loaded, "DATASET", None)
        if name is not None and name not in NOT_FLOWS | OF_PARTIES:
            yield name
    yield SIMULATED


def test_every_dataset_of_flows_is_described():
    named = set(datasets())
    assert {"comext", "stat-kz", "national-imports"} <= named
    assert [name for name in sorted(named) if order_of(name) == len(TREATMENTS)] == []


def test_offices_come_before_conversions_and_what_is_not_known_last():
    names = ["oops", "national-imports", "comtrade", "stat-kg", "baci"]
    assert sorted(names, key=order_of) == [
        *("stat-kg", "comtrade", "national-imports", "baci", "oops")
    ]


@pytest.mark.parametrize("name", ["stat-kz", "comext", "comtrade", "oops"])
def test_only_what_a_third_party_changed_is_said_to_be_changed(name):
    assert treated_words(name) == ""
    assert "US dollars turned into EUR" in treated_words("national-imports")
