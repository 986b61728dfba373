"""CIF and FOB differ by a margin that somebody must name."""

from __future__ import annotations

import duckdb
import narwhals.stable.v2 as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.errors import EstimateError
from entrepot.trade.valuation import at

amounts = st.floats(0, 1e12, allow_nan=False)
margins = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def on(engine):
    """Puts rows on the engine."""
    return lambda table: nw.from_native(engine.from_arrow(table))


def rows_of(frame):
    return frame.collect("pyarrow").to_native().sort_by("value").to_pylist()


def imports(value, **other):
    return flow_row(flow="M", valuation="CIF", value=value) | other


def test_freight_is_taken_out_of_an_import_and_shown(on):
    (row,) = rows_of(at(on(flow_table(imports(106.0))), "FOB", 0.06))
    assert (row["value"], row["valuation"], row["margin"]) == (pytest.approx(100), "FOB", 0.06)


def test_an_export_is_declared_without_freight_and_stays_as_it_is(on):
    (row,) = rows_of(at(on(flow_table(flow_row(value=100.0))), "FOB", 0.06))
    assert (row["value"], row["valuation"], row["margin"]) == (100.0, "FOB", None)


@pytest.mark.parametrize("margin", [-0.01, float("nan"), float("inf")])
def test_a_margin_that_is_no_share_of_the_value_is_refused(on, margin):
    with pytest.raises(EstimateError, match="expected a fraction of the FOB value"):
        at(on(flow_table(imports(106.0))), "FOB", margin)


@given(value=amounts, margin=margins)
@settings(max_examples=40)
def test_there_and_back_again_is_the_same_value(value, margin):
    with duckdb.connect() as engine:
        flows = nw.from_native(engine.from_arrow(flow_table(imports(value))))
        fob = at(flows, "FOB", margin)
        (row,) = rows_of(at(fob, "CIF", margin))
    assert row["value"] == pytest.approx(value)


@given(values=st.lists(amounts, min_size=1, max_size=5), margin=margins)
@settings(max_examples=40)
def test_the_valuation_of_a_sum_is_the_sum_of_the_valuations(values, margin):
    with duckdb.connect() as engine:
        rows = [imports(value, commodity=f"8703{n:04d}") for n, value in enumerate(values)]
        apart = rows_of(at(nw.from_native(engine.from_arrow(flow_table(*rows))), "FOB", margin))
        whole = flow_table(imports(sum(values)))
        (total,) = rows_of(at(nw.from_native(engine.from_arrow(whole)), "FOB", margin))
    assert sum(row["value"] for row in apart) == pytest.approx(total["value"])
