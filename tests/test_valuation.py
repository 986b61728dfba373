"""CIF and FOB differ by a margin that somebody must name."""

from __future__ import annotations

import pytest
from both_engines import examples, rows_on_engine
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.errors import EstimateError
from entrepot.trade.valuation import at

pytestmark = pytest.mark.engines

amounts = st.floats(0, 1e12, allow_nan=False)
margins = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def on():
    """Puts rows on the engine."""
    with rows_on_engine() as put:
        yield put


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
@settings(max_examples=examples(40))
def test_there_and_back_again_is_the_same_value(value, margin):
    with rows_on_engine() as on:
        flows = on(flow_table(imports(value)))
        fob = at(flows, "FOB", margin)
        (row,) = rows_of(at(fob, "CIF", margin))
    assert row["value"] == pytest.approx(value)


@given(values=st.lists(amounts, min_size=1, max_size=5), margin=margins)
@settings(max_examples=examples(40))
def test_the_valuation_of_a_sum_is_the_sum_of_the_valuations(values, margin):
    with rows_on_engine() as on:
        rows = [imports(value, commodity=f"8703{n:04d}") for n, value in enumerate(values)]
        apart = rows_of(at(on(flow_table(*rows)), "FOB", margin))
        whole = flow_table(imports(sum(values)))
        (total,) = rows_of(at(on(whole), "FOB", margin))
    assert sum(row["value"] for row in apart) == pytest.approx(total["value"])
