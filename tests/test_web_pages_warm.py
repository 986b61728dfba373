"""What is gathered before anybody asks."""

from __future__ import annotations

import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from desk_lake import desk_lake

from entrepot.api.leads_shown import LeadsAsked
from entrepot.settings import Settings
from entrepot.web.pages.country import gathered_country
from entrepot.web.pages.lead import gathered_lead, made
from entrepot.web.pages.lead_cells import corridor_of
from entrepot.web.pages.leads import gathered_leads
from entrepot.web.pages.overview import gathered_overview
from entrepot.web.pages.relations import gathered_relations
from entrepot.web.pages.shelf import Shelf
from entrepot.web.pages.warm import gather_ahead, gathering_ahead


def test_a_lake_without_a_run_leaves_nothing_to_gather(tmp_path):
    shelf = Shelf(Settings(lake=tmp_path / "lake"))
    assert gather_ahead(shelf, lambda: False) == 0
    shelf.close()


def test_a_server_over_an_empty_lake_starts_and_stops(tmp_path):
    shelf = Shelf(Settings(lake=tmp_path / "lake"))
    told = []
    with gathering_ahead(shelf, told.append, lambda: None):
        pass
    shelf.close()
    assert len(told) <= 1


def test_pages_opened_first_need_no_lake_once_all_is_gathered(tmp_path, monkeypatch):
    shelf = Shelf(Settings(lake=desk_lake(tmp_path)))
    gathered = gather_ahead(shelf, lambda: False)
    shown = gathered_overview(shelf, "")
    code, run_id = shown.countries[0].code, shown.run.run_id
    rows = gathered_leads(shelf, LeadsAsked(run_id))
    assert gathered == 3 + 3 * len(shown.countries) + rows.num_rows

    def lent():
        raise AssertionError("a lake was opened")

    monkeypatch.setattr(shelf, "lake", lent)
    for run in ("", run_id):
        assert gathered_country(shelf, code, run).figures
        assert gathered_relations(shelf, code, run)
        for row in rows.to_pylist():
            name = str(corridor_of(row))
            assert name in made(shelf, gathered_lead(shelf, name, run), run)
    shelf.close()


def test_a_server_that_stops_gathers_no_further(tmp_path):
    shelf = Shelf(Settings(lake=desk_lake(tmp_path)))
    assert gather_ahead(shelf, lambda: True) == 0
    shelf.close()
