"""What is written to the lake is what is read, and rows that break a table never enter."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.errors import LakeError
from entrepot.lake import open_lake
from entrepot.tables import FINDINGS, FLOWS, RUNS, SOURCES


@pytest.fixture
def lake(tmp_path):
    with open_lake(tmp_path / "lake") as opened:
        yield opened


def values(lake):
    """Pairs of unit (source id) and value, sorted."""
    if not lake.has(FLOWS):
        return []
    frame = lake.table(FLOWS).select("source_id", "value").collect()
    return sorted(frame.iter_rows())


def put(lake, rows, unit="s1"):
    with lake.write() as tx:
        tx.put(FLOWS, rows, unit=unit)


def test_an_absent_lake_says_what_to_run(lake):
    with pytest.raises(LakeError) as error:
        lake.table(FLOWS)
    assert str(error.value) == ("lake/flows holds no Parquet file. Run `entrepot ingest` first.")
    assert not lake.path.exists()  # reading creates nothing


def test_rows_come_back_as_they_went_in(lake):
    rows = [flow_row(), flow_row(period=date(2021, 12, 1), value=0.5, net_weight_kg=2.0)]
    put(lake, rows)
    found = lake.table(FLOWS).sort("period").collect()
    assert found.columns == list(FLOWS.column_names)
    assert found.rows(named=True) == [rows[1], rows[0]]
    assert lake.row_count(FLOWS) == 2


def test_flows_are_filed_by_dataset_and_year_and_never_by_a_code(lake):
    put(lake, [flow_row(commodity="01012100"), flow_row(period=date(2021, 12, 1))])
    folders = {path.parent.relative_to(lake.path) for path in lake.path.rglob("*.parquet")}
    assert {folder.as_posix() for folder in folders} == {
        "flows/dataset=comext/year=2021",
        "flows/dataset=comext/year=2022",
    }
    assert "01012100" in lake.table(FLOWS).collect()["commodity"].to_list()


@pytest.mark.parametrize(
    "kind", ["arrow", "relation", "lazy", "eager", "mappings", "dictionary-encoded"]
)
def test_every_form_of_rows_is_stored_alike(lake, kind):
    table = flow_table(flow_row(), flow_row(partner="AM", value=7.0))
    encoded = table.column("partner").dictionary_encode()
    forms = {
        "arrow": table,
        "relation": nw.to_native(lake.frame(table)),
        "lazy": lake.frame(table),
        "eager": nw.from_native(table, eager_only=True),
        "mappings": table.to_pylist(),
        "dictionary-encoded": table.set_column(5, "partner", encoded),
    }
    put(lake, forms[kind])
    assert lake.table(FLOWS).sort("value").collect().rows(named=True) == [
        flow_row(partner="AM", value=7.0),
        flow_row(),
    ]


def test_batches_are_stored_like_one_table(lake):
    batches = (flow_table(flow_row(partner=partner)) for partner in ("AM", "KG", "KZ"))
    with lake.write() as tx:
        tx.put_batches(FLOWS, batches, unit="s1")
    assert lake.table(FLOWS).sort("partner").collect()["partner"].to_list() == ["AM", "KG", "KZ"]


def test_times_are_utc(lake):
    run = {
        "run_id": "r1",
        "created_at": datetime(2024, 5, 1, 12, tzinfo=UTC),
        "code_version": "0.1",
        "engine": "duckdb",
        "parameters": "{}",
        "source_ids": "",
        "is_simulated": True,
    }
    with lake.write() as tx:
        tx.put(RUNS, [run], unit="r1")
    assert lake.table(RUNS).collect().to_arrow().column("created_at").to_pylist() == [
        datetime(2024, 5, 1, 12, tzinfo=UTC)
    ]


def test_a_unit_written_again_is_replaced(lake):
    put(lake, [flow_row(), flow_row(period=date(2020, 1, 1))])
    put(lake, [flow_row(value=3.0)])
    assert values(lake) == [("s1", 3.0)]


def test_the_same_rows_twice_change_nothing(lake):
    put(lake, [flow_row()])
    before = (lake.path / "manifest.json").read_text()
    put(lake, [flow_row()])
    assert (lake.path / "manifest.json").read_text() == before
    assert len(list(lake.path.rglob("*.parquet"))) == 1


def test_a_unit_without_rows_is_there_all_the_same(lake):
    with lake.write() as tx:
        tx.put(FINDINGS, [], unit="r1")
    assert lake.units(FINDINGS) == {"r1"}
    assert lake.table(FINDINGS).collect().shape == (0, len(FINDINGS.columns))


def test_a_dropped_unit_is_gone_and_the_others_stay(lake):
    put(lake, [flow_row()], unit="s1")
    put(lake, [flow_row(source_id="s2")], unit="s2")
    with lake.write() as tx:
        tx.drop(FLOWS, unit="s1")
    assert values(lake) == [("s2", 100.0)]
    assert lake.units(FLOWS) == {"s2"}


def test_an_exception_in_the_block_leaves_the_lake_as_it_was(lake):
    put(lake, [flow_row()])
    with pytest.raises(ZeroDivisionError), lake.write() as tx:  # noqa: PT012
        tx.put(FLOWS, [flow_row(value=3.0)], unit="s1")
        raise ZeroDivisionError
    assert values(lake) == [("s1", 100.0)]
    assert lake.repair() == ()


def test_several_tables_are_committed_together(lake):
    """A LakeError in the second table takes back the first."""
    with pytest.raises(LakeError), lake.write() as tx:  # noqa: PT012
        tx.put(FLOWS, [flow_row()], unit="s1")
        tx.put(SOURCES, [{"source_id": "s1"}], unit="s1")
    assert not lake.has(FLOWS)


def test_a_frame_opened_before_a_write_still_reads_what_it_opened(lake):
    put(lake, [flow_row()])
    opened = lake.table(FLOWS)
    put(lake, [flow_row(value=3.0)])
    assert opened.collect()["value"].to_list() == [100.0]


def test_rows_in_memory_join_rows_of_the_lake(lake):
    put(lake, [flow_row(), flow_row(partner="AM")])
    wanted = lake.frame(pa.table({"partner": ["AM"]}))
    found = lake.table(FLOWS).join(wanted, on="partner", how="inner").collect()
    assert found["partner"].to_list() == ["AM"]


REFUSED = {
    "negative value": ({"value": -1.0}, "flows.value is -1.0, expected zero or more"),
    "no value": ({"value": None}, "flows.value is None, expected a value"),
    "not a number": ({"value": float("nan")}, "flows.value is nan, expected a finite number"),
    "infinite weight": (
        {"net_weight_kg": float("inf")},
        "flows.net_weight_kg is inf, expected a finite number",
    ),
    "unknown flow": ({"flow": "Z"}, "flows.flow is 'Z', expected one of ['DX', 'FM'"),
    "mid-month": (
        {"period": date(2022, 1, 2)},
        "flows.period is 2022-01-02, expected the first day of a month",
    ),
    "a year that begins in May": (
        {"freq": "A", "period": date(2022, 5, 1)},
        "flows.period is 2022-05-01, expected 1 January where freq is 'A'",
    ),
    "no code": ({"commodity": ""}, "flows.commodity is '', expected a code"),
}


@pytest.mark.parametrize(("changed", "message"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_breaks_the_table_is_refused_and_named(lake, changed, message):
    put(lake, [flow_row()])
    with pytest.raises(LakeError) as error:
        put(lake, [flow_row(partner="AM"), flow_row(**changed)], unit="s2")
    assert str(error.value).startswith(message)
    assert "1 rows, the first with source_id='s1'" in str(error.value)
    assert values(lake) == [("s1", 100.0)]


def test_two_rows_with_one_key_are_refused(lake):
    with pytest.raises(LakeError, match=r"flows: 2 rows share the key source_id='s1', freq='M'"):
        put(lake, [flow_row(value=1.0), flow_row(value=2.0)])


def test_two_batches_with_one_key_are_refused(lake):
    batches = [flow_table(flow_row(value=1.0)), flow_table(flow_row(value=2.0))]
    with pytest.raises(LakeError, match="2 rows share the key"), lake.write() as tx:
        tx.put_batches(FLOWS, batches, unit="s1")


def test_a_code_read_as_a_number_is_refused(lake):
    table = flow_table(flow_row())
    number = table.set_column(9, "commodity", pa.array([87032319]))
    with pytest.raises(LakeError) as error:
        put(lake, number)
    assert str(error.value) == (
        "flows.commodity has type BIGINT, expected VARCHAR (text). Cast it before writing."
    )


def test_a_column_that_is_open_throughout_needs_no_type(lake):
    table = flow_table(flow_row())
    put(lake, table.set_column(14, "net_weight_kg", pa.nulls(1)))
    assert lake.table(FLOWS).collect().to_arrow().schema.field("net_weight_kg").type == "double"


def test_missing_unknown_and_misplaced_columns_are_named(lake):
    table = flow_table(flow_row())
    with pytest.raises(LakeError, match=r"columns \['value'\] are missing and \['wert'\] are"):
        put(lake, table.rename_columns({"value": "wert"}))
    with pytest.raises(LakeError, match="columns come in the order"):
        put(lake, table.select(list(reversed(table.column_names))))


@pytest.mark.parametrize("unit", ["", "a/b", "..", "x" * 200])
def test_a_unit_that_is_no_file_name_is_refused(lake, unit):
    with pytest.raises(LakeError, match="flows unit is "):
        put(lake, [flow_row()], unit=unit)


def test_kept_bytes_are_the_publishers(lake, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"as published\r\n")
    with lake.write() as tx:
        tx.keep(letter, source_id=_source_id(letter))
    (kept,) = (lake.path / "raw").iterdir()
    assert kept.read_bytes() == b"as published\r\n"
    assert kept.name.endswith("-letter.txt")
    assert lake.repair() == ()


def test_a_file_that_changed_under_the_reader_is_refused(lake, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"one")
    source_id = _source_id(letter)
    letter.write_bytes(b"two")
    with pytest.raises(LakeError, match="The file changed while it was read"), lake.write() as tx:
        tx.keep(letter, source_id=source_id)


def _source_id(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


UNITS = st.sampled_from(["s1", "s2", "s3"])
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["AM", "KG"]), st.integers(2019, 2022)),
    st.floats(0, 1e12),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(st.tuples(UNITS, st.none() | ROWS), max_size=6)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(STEPS, max_size=4))
def test_any_sequence_of_puts_and_drops_equals_a_dictionary(tmp_path_factory, transactions):
    model: dict[str, dict[tuple[str, int], float]] = {}
    with open_lake(tmp_path_factory.mktemp("model") / "lake") as lake:
        for steps in transactions:
            with lake.write() as tx:
                for unit, rows in steps:
                    if rows is None:
                        tx.drop(FLOWS, unit=unit)
                        model.pop(unit, None)
                        continue
                    written = [
                        flow_row(source_id=unit, partner=partner, period=date(y, 1, 1), value=value)
                        for (partner, y), value in rows.items()
                    ]
                    tx.put(FLOWS, written, unit=unit)
                    model[unit] = rows
        assert lake.units(FLOWS) == set(model)
        found = lake.table(FLOWS).collect().rows(named=True) if lake.has(FLOWS) else []
        assert {
            (row["source_id"], row["partner"], row["period"].year): row["value"] for row in found
        } == {(unit, *key): value for unit, rows in model.items() for key, value in rows.items()}
        assert lake.row_count(FLOWS) == sum(map(len, model.values()))
