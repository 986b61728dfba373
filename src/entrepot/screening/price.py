"""What goods of a code usually cost and weigh, and whether a line lies outside.

A row of ``flows`` is the sum of many consignments, so single lines scatter more than rows do; the
policy's ``unit_value_factor`` widens the range. A value outside is a question: a new model, a bulk
order and a false declaration look the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entrepot.codes.goods_words import unit_named
from entrepot.errors import EstimateError
from entrepot.screening.check import Check, Known, Result, UsualRange, not_assessed
from entrepot.screening.shipment import Goods, Shipment

LOWER, UPPER = 0.05, 0.95  # nine rows in ten lie between; the ends are the first to be mistaken
_HS = 6
_KG = "kg"
_AMOUNTS = ("value", "net_weight_kg", "quantity")
_CITED = "Commission guidance on due diligence, September 2023"

Values = NDArray[np.float64]
Ranges = dict[tuple[str, str], UsualRange]


def usual_ranges(flows: pa.Table, source: str) -> Ranges:
    """Draw the usual unit values and masses of each code from declarations.

    ``value / net_weight_kg``, ``value / quantity`` and ``net_weight_kg / quantity`` of each row
    that holds both; the range goes from the 5 % to the 95 % quantile of the rows, each counted
    once. A row of eight digits counts for its code and for the first six. Estimated rows, amounts
    that are not positive and quantities in units we do not know are left out.

    Args:
        flows: Rows of ``flows`` of one flow and one currency, each declaration once.
        source: Data set, flow and period, as results are to say it.

    Returns:
        Ranges by code and unit, however few rows there are: their number is in the range.

    Raises:
        EstimateError: If the rows are in several currencies.

    Example:
        >>> row = {"commodity": "854231", "value": 50.0, "net_weight_kg": 2.0, "currency": "EUR",
        ...        "quantity": None, "quantity_unit": None, "obs_status": "A"}
        >>> usual_ranges(pa.Table.from_pylist([row]), "by hand")["854231", "EUR/kg"].low
        25.0
    """
    rows = flows.filter(pc.not_equal(flows["obs_status"], "E"))
    if not rows.num_rows:
        return {}
    currencies = sorted(pc.unique(rows["currency"]).to_pylist())
    if len(currencies) > 1:
        raise EstimateError(
            f"flows are in {currencies}, expected one currency. Convert them before unit values "
            "are compared."
        )
    found: Ranges = {}
    for unit, codes, ratios in _ratios(rows, currencies[0]):
        for code, values in _by_code(codes, ratios):
            low, high = (float(end) for end in np.quantile(values, (LOWER, UPPER)))
            found[code, unit] = UsualRange(low, high, len(values), unit, source)
    return found


def _ratios(rows: pa.Table, currency: str) -> Iterator[tuple[str, NDArray[np.str_], Values]]:
    """Unit, codes and ratios, one batch a unit."""
    value, kilograms, quantity = (
        pc.fill_null(rows[name].cast(pa.float64()), 0.0).to_numpy() for name in _AMOUNTS
    )
    codes = rows["commodity"].to_numpy(zero_copy_only=False).astype(str)
    # Units are few: they are named once each.
    names = [unit_named(unit) or "" for unit in rows["quantity_unit"].to_pylist()]
    units = np.array(names, dtype=np.str_)
    pairs = [(f"{currency}/{_KG}", value, kilograms, np.ones(len(codes), np.bool_))]
    for unit in sorted(set(names) - {"", _KG}):
        pairs.append((f"{currency}/{unit}", value, quantity, units == unit))
        pairs.append((f"{_KG}/{unit}", kilograms, quantity, units == unit))
    for unit, above, below, wanted in pairs:
        held = wanted & (above > 0) & (below > 0)
        if held.any():
            yield unit, codes[held], above[held] / below[held]


def _by_code(codes: NDArray[np.str_], ratios: Values) -> Iterator[tuple[str, Values]]:
    """Ratios of each code, and of the first six digits of longer ones."""
    long = np.char.str_len(codes) > _HS
    heads = np.array([code[:_HS] for code in codes[long]], dtype=np.str_)
    # A level that is there of its own is not added up again from the finer one.
    fresh = ~np.isin(heads, codes[~long])
    both = np.concatenate([codes, heads[fresh]])
    values = np.concatenate([ratios, ratios[long][fresh]])
    order = np.argsort(both, kind="stable")
    names, starts = np.unique(both[order], return_index=True)
    for name, group in zip(names, np.split(values[order], starts[1:]), strict=True):
        yield str(name), group


def unusual_amount(shipment: Shipment, known: Known) -> Result:
    """G6: whether value or mass a unit lies outside what is usual for the code.

    Args:
        shipment: The line.
        known: Usual ranges, and the policy.
    """
    goods = shipment.goods
    if not goods.commodity:
        return not_assessed("G6", "review", ("goods.commodity",))
    amounts = dict(_amounts(goods))
    if not amounts:
        return not_assessed("G6", "review", _missing(goods))
    told: list[str] = []
    faults: list[str] = []
    open_ones: list[str] = []
    for unit, amount in amounts.items():
        found = _usual(known, goods.commodity, unit)
        if found is None:
            open_ones.append(f"no usual range in {unit} was there")
            continue
        code, usual = found
        if usual.observation_count < known.policy.minimum_observations:
            open_ones.append(
                f"the range of {code} in {unit} rests on {usual.observation_count} "
                f"declarations, fewer than {known.policy.minimum_observations}"
            )
            continue
        sentence = _compared(amount, code, usual)
        (faults if _outside(amount, usual, known.policy.unit_value_factor) else told).append(
            sentence
        )
    return _answer(goods.commodity, faults, told, open_ones)


def _answer(code: str, faults: list[str], told: list[str], open_ones: list[str]) -> Result:
    fields = ("goods.commodity", "goods.value", "goods.net_mass_kg", "goods.quantity")
    if not faults and not told:
        words = f"Not assessed for {code}: {'; '.join(open_ones)}."
        return Result("G6", "not_assessed", "review", words, fields)
    rest = f" Not compared: {'; '.join(open_ones)}." if open_ones else ""
    if faults:
        words = f"Outside the usual range: {'; '.join(faults)}.{rest}"
        return Result("G6", "flagged", "review", words, fields, (_CITED,))
    words = f"Within the usual range: {'; '.join(told)}.{rest}"
    return Result("G6", "clear", "review", words, fields, (_CITED,))


def _amounts(goods: Goods) -> Iterator[tuple[str, float]]:
    """Amounts of a line by unit, of those that can be divided."""
    value, mass, count = goods.value or 0.0, goods.net_mass_kg or 0.0, goods.quantity or 0.0
    unit = unit_named(goods.unit)
    if goods.currency and value > 0 and mass > 0:
        yield f"{goods.currency}/{_KG}", value / mass
    if unit is None or unit == _KG or count <= 0:
        return
    if goods.currency and value > 0:
        yield f"{goods.currency}/{unit}", value / count
    if mass > 0:
        yield f"{_KG}/{unit}", mass / count


def _missing(goods: Goods) -> tuple[str, ...]:
    found = {
        "goods.value": (goods.value or 0) > 0,
        "goods.currency": bool(goods.currency),
        "goods.net_mass_kg": (goods.net_mass_kg or 0) > 0,
        "goods.quantity": (goods.quantity or 0) > 0,
        "goods.unit, one that we know": unit_named(goods.unit) is not None,
    }
    return tuple(name for name, is_there in found.items() if not is_there)


def _usual(known: Known, code: str, unit: str) -> tuple[str, UsualRange] | None:
    """The range of the longest code that has one, six digits at least."""
    for length in range(len(code), _HS - 1, -2):
        found = known.unit_values.get((code[:length], unit))
        if found is not None:
            return code[:length], found
    return None


def _outside(amount: float, usual: UsualRange, factor: float) -> bool:
    return amount < usual.low / factor or amount > usual.high * factor


def _compared(amount: float, code: str, usual: UsualRange) -> str:
    return (
        f"{amount:,.4g} {usual.unit}, nine in ten of {usual.observation_count:,} declarations of "
        f"{code} lie between {usual.low:,.4g} and {usual.high:,.4g} {usual.unit} ({usual.source})"
    )


CHECKS = (
    Check(
        *("G6", 1, "Unusual unit value or mass", _CITED),
        ("goods.commodity", "goods.value", "goods.net_mass_kg", "goods.quantity"),
        unusual_amount,
    ),
)
