"""Who stood on the lists on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entrepot.api.listed import NO_DATES, ONLY_NEWER, listed_on
from entrepot.errors import LakeError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest

pytestmark = pytest.mark.engines

LISTS = Path(__file__).parent / "data" / "lists"
SDN = ("sdn_2023-01-15.csv", "sdn_2024-01-15.csv", "alt_2023-01-15.csv", "add_2023-01-15.csv")


@pytest.fixture
def lake(tmp_path):
    with open_lake(tmp_path / "lake") as opened:
        yield opened


def bring(lake, *names: str) -> None:
    ingest(lake, [LISTS / name for name in names])


def parties(found) -> set[str]:
    return set(found.rows["entity_id"].to_pylist())


def test_the_newest_version_of_the_day_counts(lake):
    bring(lake, *SDN)
    assert parties(listed_on(lake, date(2023, 6, 1))) == {"ofac-101", "ofac-102", "ofac-103"}
    assert parties(listed_on(lake, date(2024, 6, 1))) == {"ofac-101", "ofac-104"}


def test_the_file_of_names_adds_names_and_never_a_party(lake):
    bring(lake, *SDN)
    found = listed_on(lake, date(2023, 6, 1))
    rows = found.rows.to_pylist()
    (alias,) = [row for row in rows if row["prop"] == "alias"]
    assert (alias["entity_id"], alias["schema"]) == ("ofac-101", "LegalEntity")
    assert alias["program_id"] == "RUSSIA-EO14024"
    assert "ofac-999" not in parties(found)
    assert [version.reader for version in found.versions] == [
        *("ofac_sdn", "ofac_sdn_alt", "ofac_sdn_add")
    ]


def test_where_only_newer_versions_are_there_it_says_so(lake):
    bring(lake, *SDN)
    found = listed_on(lake, date(2022, 1, 1))
    assert found.versions[0].vintage == "2023-01-15"
    assert found.versions[0].caveats == (ONLY_NEWER, NO_DATES)
    assert "only newer versions" in found.versions[0].detail


def test_a_party_is_there_from_its_first_day_to_its_last(lake):
    bring(lake, "house-list_2024-02-01.csv")
    days = {
        date(2024, 2, 1): {"7", "8"},
        date(2024, 3, 31): {"7", "8"},
        date(2024, 4, 1): {"8"},
        date(2023, 5, 1): {"7"},
        date(2023, 4, 30): set(),
    }
    assert {day: parties(listed_on(lake, day)) for day in days} == days


def test_every_version_is_named_with_its_digest(lake):
    bring(lake, "un.xml", "fsf.xml")
    found = listed_on(lake, date(2026, 3, 1), ["un-sc"])
    (version,) = found.versions
    assert (version.dataset, version.vintage, version.party_count) == ("un-sc", "2026-02-27", 2)
    assert len(version.sha256) == 64
    assert version.caveats == ()


def test_a_list_that_is_not_there_is_named(lake):
    with pytest.raises(LakeError, match="at least one"):
        listed_on(lake, date(2024, 1, 1))
    bring(lake, "un.xml")
    with pytest.raises(LakeError, match="eu-fsf"):
        listed_on(lake, date(2024, 1, 1), ["eu-fsf"])


def test_four_versions_of_ofac_give_four_answers(shared, lake):
    ingest(lake, sorted((shared / "data" / "ofac-sdn").glob("sdn_*.csv")))
    days = [date(2022, 1, 15), date(2022, 7, 1), date(2023, 7, 1), date(2024, 6, 1)]
    found = {day: listed_on(lake, day) for day in days}
    counts = [found[day].versions[0].party_count for day in days]
    assert counts == sorted(counts)
    assert counts[-1] == 14965

    def days_of(name: str) -> list[bool]:
        return [name in set(found[day].rows["value"].to_pylist()) for day in days]

    # Listed on 25 February 2022 and on 23 February 2024: each between two versions.
    assert days_of("Vladimir Vladimirovich PUTIN") == [False, True, True, True]
    assert days_of("NATIONAL PAYMENT CARD SYSTEM JOINT STOCK COMPANY") == [
        *(False, False, False, True)
    ]
