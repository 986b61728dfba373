"""``entrepot screen`` with four versions of OFAC's list: each day has its own right answer."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from entrepot.cli import main

VERSIONS = ("2021-12-30", "2022-06-28", "2023-06-29", "2024-05-03")
SBERBANK = "Public Joint Stock Company Sberbank of Russia"  # from 2022
MYTISHCHI = "Mytishchi Machine Building Plant"  # from 2023
UNIPAPEL = "Unipapel S.A."  # until 2022
NAMES = (SBERBANK, MYTISHCHI, UNIPAPEL)


def listed(path):
    """Names of lines that a list stops, with the lists that were searched."""
    said = json.loads(path.read_text("utf-8"))
    stopped = [line for line in said["lines"] if line["verdict"] in ("block", "review")]
    named = {line["shipment_id"] for line in stopped if {"P1", "P9"} & set(line["deciding"])}
    (used,) = (one for one in said["screening"]["lists"] if one.startswith("ofac-sdn"))
    return {NAMES[int(one)] for one in named}, used


@pytest.mark.shared
def test_each_day_has_the_answer_of_the_list_of_that_day(shared, tmp_path):
    lake = ["--lake", str(tmp_path / "lake")]
    files = [str(shared / "data" / "ofac-sdn" / f"sdn_{day}.csv") for day in VERSIONS]
    shown = CliRunner().invoke(main, [*lake, "ingest", *files])
    assert shown.exit_code == 0, shown.output
    lines = tmp_path / "lines.csv"
    rows = [f"{number},84138100,pumps,{name},KG" for number, name in enumerate(NAMES)]
    lines.write_text("\n".join(("shipment id,HS code,description,consignee,destination", *rows)))
    found = {}
    for day in ("2021-12-31", "2022-07-01", "2023-07-01", "2024-06-03"):
        out = tmp_path / f"{day}.json"
        words = [*lake, "screen", str(lines), "--as-of", day, "-o", str(out)]
        shown = CliRunner().invoke(main, words)
        assert shown.exit_code == 0, shown.output
        found[day] = listed(out)
    assert {day: names for day, (names, _) in found.items()} == {
        "2021-12-31": {UNIPAPEL},
        "2022-07-01": {SBERBANK, UNIPAPEL},
        "2023-07-01": {SBERBANK, MYTISHCHI},
        "2024-06-03": {SBERBANK, MYTISHCHI},
    }
    assert [used.split()[1] for _, used in found.values()] == list(VERSIONS)
