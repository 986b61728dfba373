"""Which engine adds up, and what is said where it cannot be used."""

from __future__ import annotations

import importlib.util

import pytest
from click.testing import CliRunner

from entrepot import engines
from entrepot.cli import main
from entrepot.engines import ON_CLUSTER, Cluster, cluster_of
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.settings import Settings, read_settings
from entrepot.tables import FLOWS, LEADS, RUNS, TABLES


def test_duckdb_in_this_process_is_the_default():
    assert read_settings({}).engine == "duckdb"
    assert cluster_of(Settings(), "lake") is None


@pytest.mark.parametrize(
    "address", ["sc://host:15002", "sc://host/;token=x", "spark://host:7077", "local[2]", "local"]
)
def test_addresses_that_spark_knows_name_a_cluster(address):
    assert cluster_of(Settings(engine=address), "lake") == Cluster(address, "lake")


@pytest.mark.parametrize("address", ["spark", "host:15002", "http://host", "sc://", "duckdb2", ""])
def test_what_is_no_engine_is_refused(address):
    with pytest.raises(LakeError, match="expected 'duckdb', an address of Spark Connect"):
        cluster_of(Settings(engine=address), "lake")


def test_the_environment_names_engine_and_lake():
    given = {"ENTREPOT_ENGINE": "sc://host", "ENTREPOT_CLUSTER_LAKE": "s3a://trade/lake"}
    assert cluster_of(read_settings(given), "here") == Cluster("sc://host", "s3a://trade/lake")


def test_the_command_line_goes_before_the_environment(tmp_path):
    env = {"ENTREPOT_ENGINE": "sc://host", "ENTREPOT_LAKE": str(tmp_path)}
    done = CliRunner().invoke(main, ["--engine", "nonsense", "sources"], env=env)
    assert done.exit_code == 1
    assert "engine is 'nonsense', expected 'duckdb'" in done.output


def test_a_token_in_an_address_is_in_no_message():
    secret = "sc://host:15002/;token=secret"
    assert "secret" not in Cluster(secret, "lake").name
    assert "secret" not in repr(Settings(engine=secret))
    with pytest.raises(LakeError) as raised:
        cluster_of(Settings(engine="sx://host/;token=secret"), "lake")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "extra"), [("sc://host", "spark"), ("spark://host", "spark-local")]
)
def test_without_pyspark_it_is_said_what_to_install(monkeypatch, address, extra):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyspark" else find(name)
    )
    engines._session.cache_clear()
    with pytest.raises(LakeError, match=rf"Install entrepot\[{extra}\]"):
        _ = Cluster(address, "lake").engine


@pytest.mark.parametrize("address", ["sc://127.0.0.1:9/;token=secret", "spark://127.0.0.1:9"])
def test_a_cluster_that_does_not_answer_is_named_at_once_and_without_its_token(
    monkeypatch, address
):
    monkeypatch.setattr(engines, "_check_installed", lambda _: None)
    engines._session.cache_clear()
    with pytest.raises(LakeError, match="no Spark answers there") as raised:
        _ = Cluster(address, "lake").engine
    assert "secret" not in str(raised.value)


def test_declarations_are_read_by_the_cluster_and_results_here():
    assert FLOWS.name in ON_CLUSTER
    assert not {LEADS.name, RUNS.name} & ON_CLUSTER
    assert set(TABLES) >= ON_CLUSTER


def test_a_lake_says_which_engine_it_uses(tmp_path):
    with Lake(tmp_path, Settings(engine="duckdb")) as lake:
        assert lake.engine == "duckdb"
