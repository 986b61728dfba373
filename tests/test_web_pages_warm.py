"""What is gathered before anybody asks."""

from __future__ import annotations

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import desk_lake

from entrepot.settings import Settings
from entrepot.web.pages.overview import gathered_overview
from entrepot.web.pages.shelf import Shelf
from entrepot.web.pages.warm import gather_ahead, gathering_ahead


def test_a_lake_without_a_run_leaves_nothing_to_gather(tmp_path):
    shelf = Shelf(Settings(lake=tmp_path / "lake"))
    assert gather_ahead(shelf, lambda: False) == 0
    shelf.close()


def test_a_server_over_an_empty_lake_starts_and_stops(tmp_path):
    shelf = Shelf(Settings(lake=tmp_path / "lake"))
    with gathering_ahead(shelf):
        pass
    shelf.close()


def test_overview_vintages_and_every_country_are_gathered(tmp_path):
    shelf = Shelf(Settings(lake=desk_lake(tmp_path)))
    countries = len(gathered_overview(shelf, "").countries)
    assert countries > 0
    assert gather_ahead(shelf, lambda: False) == 2 + countries
    assert gather_ahead(shelf, lambda: True) == 2
    shelf.close()
