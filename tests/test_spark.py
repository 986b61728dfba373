"""A lake on a Spark cluster: the same numbers, and only the panel comes here."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

import narwhals.stable.v2 as nw
import pytest
from both_engines import IS_DUCKDB
from stage_lake import differences, lake_of, question, results, world

from entrepot import api
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.panel import build
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.settings import Settings
from entrepot.sources.ingest import ingest
from entrepot.tables import DIAGNOSTICS, FINDINGS, FLOWS, LEADS, RUNS, SERIES, SOURCES, TOTALS

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(IS_DUCKDB, reason="needs a Spark Connect server: make test-spark."),
]
ADDRESS = os.environ.get("ENTREPOT_TEST_ENGINE", "")
RESULTS = (LEADS, TOTALS, SERIES, DIAGNOSTICS, FINDINGS)
AGREE = 1e-9
FLOWS_ASKED = (
    *("flows", "--reporter", "EU", "--partner", "KG,KZ", "--by", "partner", "--level", "CN8"),
    *("--from", "2022-03", "--to", "2022-05", "--format", "csv"),
)
WORLD = world()


def on(engine, folder, **more):
    return Settings(lake=folder, engine=engine, **more)


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    return lake_of(tmp_path_factory.mktemp("spark") / "lake", WORLD)


@pytest.fixture
def arrived(monkeypatch):
    """Rows that each collection from the cluster brought here."""
    counts = []
    collect = nw.LazyFrame.collect

    def counted(frame, *args, **options):
        found = collect(frame, *args, **options)
        if frame.implementation.is_pyspark_connect() or frame.implementation.is_pyspark():
            counts.append(len(found))
        return found

    monkeypatch.setattr(nw.LazyFrame, "collect", counted)
    return counts


def test_a_simulated_world_gives_the_same_results_on_both_engines(sent, tmp_path):
    other = shutil.copytree(sent, tmp_path / "lake")
    with Lake(sent, on("duckdb", sent)) as here, Lake(other, on(ADDRESS, other)) as there:
        one, two = api.detect(here, question(WORLD)), api.detect(there, question(WORLD))
        assert one == two
        for table in RESULTS:
            gap = differences(results(here, one, table), results(there, two, table))
            assert gap <= AGREE, table.name
        engines = [held.table(RUNS).collect("pyarrow")["engine"][0] for held in (here, there)]
        assert engines[0] == "duckdb"
        assert engines[1].startswith("spark 4.")


def test_only_the_aggregated_panel_comes_here(sent, arrived):
    asked = question(WORLD)
    with Lake(sent, on(ADDRESS, sent)) as lake:
        panel = build(lake.table(FLOWS), lake.table(SOURCES), None, asked)
        rows = lake.row_count(FLOWS)
    cells = len(panel.cube.values) + (panel.direct > 0).sum()
    assert max(arrived) == cells
    assert cells < rows / 2
    assert sorted(arrived)[-2] < cells / 10


def test_a_cluster_sees_the_lake_where_it_is_told(sent, tmp_path):
    elsewhere = tmp_path / "bucket"
    shutil.copytree(sent / "flows", elsewhere / "flows")
    shutil.copytree(sent / "sources", elsewhere / "sources")
    mine = shutil.copytree(sent, tmp_path / "lake")
    shutil.rmtree(mine / "flows")
    settings = on(ADDRESS, mine, cluster_lake=str(elsewhere))
    with Lake(mine, settings) as lake:
        count = lake.table(FLOWS).select(nw.len()).collect("pyarrow").item()
        assert count == lake.row_count(FLOWS)


def test_a_lake_the_cluster_does_not_see_is_named(sent, tmp_path):
    settings = on(ADDRESS, sent, cluster_lake=str(tmp_path / "nowhere"))
    with Lake(sent, settings) as lake, pytest.raises(LakeError, match="with --cluster-lake"):
        lake.table(FLOWS)


def test_difference_rows_on_a_cluster_are_not_read_in_pieces(sent):
    with Lake(sent, on(ADDRESS, sent)) as lake, pytest.raises(LakeError, match="expected DuckDB"):
        next(lake.batches(lake.table(FLOWS), 10, 10.0))


def test_difference_text_that_is_no_number_stops_a_cast_on_a_cluster(sent):
    from pyspark.errors import NumberFormatException

    with Lake(sent, on(ADDRESS, sent)) as lake:
        rows = lake.table(FLOWS).select(nw.col("reporter").cast(nw.Int64))
        with pytest.raises(NumberFormatException, match="CAST_INVALID_INPUT"):
            rows.collect("pyarrow")


def told(engine, lake):
    """What the command prints on an engine, row by row; numbers as numbers."""
    command = [sys.executable, "-m", "entrepot", "--lake", str(lake), "--engine", engine]
    # PySpark leaves a note of its mode to processes that it did not begin.
    env = {name: held for name, held in os.environ.items() if name != "SPARK_CONNECT_MODE_ENABLED"}
    done = subprocess.run(
        [*command, *FLOWS_ASKED], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stderr
    rows = sorted(csv.reader(done.stdout.splitlines()))
    assert len(rows) == 3
    return [[number(cell) for cell in row] for row in rows]


def number(cell):
    try:
        return pytest.approx(float(cell), rel=AGREE)
    except ValueError:
        return cell


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(ADDRESS, id="a Connect server"),
        pytest.param("local[2]", id="a Java machine of its own", marks=pytest.mark.slow),
    ],
)
def test_the_command_takes_the_engine_and_shows_the_same_sums(sent, engine):
    assert told("duckdb", sent) == told(engine, sent)


@pytest.mark.slow
def test_the_comext_workbooks_give_the_same_results_on_both_engines(shared, tmp_path):
    data = shared / "data"
    here, there = tmp_path / "here", tmp_path / "there"
    with Lake(here, on("duckdb", here)) as lake:
        ingest(lake, [data / "comext-sanctioned"])
        ingest(lake, [data / "control-lists/eu_export_sanction_cn8_2022-12.csv"])
    shutil.copytree(here, there)
    asked = Inquiry(intermediaries="AM,KZ,KG")
    with Lake(here, on("duckdb", here)) as one, Lake(there, on(ADDRESS, there)) as two:
        first, second = api.detect(one, asked), api.detect(two, asked)
        for table in RESULTS:
            gap = differences(results(one, first, table), results(two, second, table))
            assert gap <= AGREE, table.name
