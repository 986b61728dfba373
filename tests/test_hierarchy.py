"""Countries first, then their headings and corridors: levels, errors and adjusted p-values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.diversion.conformal import benjamini_hochberg
from entrepot.diversion.hierarchy import adjusted_within, descend, hierarchy_diagnostic, simes

COUNTRY = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])


def step_up(p, level):
    """Benjamini and Hochberg's rule as they wrote it: the largest i with p_(i) <= i level / n."""
    order = np.argsort(p)
    below = np.flatnonzero(p[order] <= level * np.arange(1, len(p) + 1) / len(p) * (1 + 1e-12))
    out = np.zeros(len(p), dtype=bool)
    out[order[: below[-1] + 1 if len(below) else 0]] = True
    return out


def by_hand(p, country, rate):
    """Two layers, country by country, as Benjamini and Bogomolov write it."""
    names = np.unique(country)
    chosen = step_up(np.array([simes(p[country == c], np.zeros(3, int))[0] for c in names]), rate)
    out = np.zeros(len(p), dtype=bool)
    for name in names[chosen]:
        mine = country == name
        out[mine] = step_up(p[mine], rate * chosen.sum() / len(names))
    return out


def test_simes_takes_the_smallest_scaled_order_statistic():
    p = np.array([0.02, 0.03, 0.5, 0.2])
    # country 0: min(3 * .02, 3 * .03 / 2, 3 * .5 / 3); country 1 has one corridor only.
    assert simes(p, np.array([0, 0, 0, 1])).tolist() == pytest.approx([0.045, 0.2])


def test_families_are_adjusted_each_by_itself():
    rng = np.random.default_rng(0)
    p, family = rng.uniform(size=60), np.repeat(np.arange(4), 15)
    together = adjusted_within(p, family)
    for one in range(4):
        mine = family == one
        assert together[mine] == pytest.approx(benjamini_hochberg(p[mine]))


def test_a_corridor_of_a_calm_country_pays_for_its_countrymen():
    # Country 0 diverts twice; one corridor of country 2 is as small as BH over all would flag.
    p = np.array([0.001, 0.004, 0.7, 0.6, 0.4, 0.9, 0.036, 0.8, 0.5])
    tree = descend(p, [COUNTRY])
    assert tree.layers[0].p_value.tolist() == pytest.approx([0.003, 0.9, 0.108])
    assert tree.layers[0].q_value.tolist() == pytest.approx([0.009, 0.9, 0.162])
    flat = benjamini_hochberg(p) <= 0.11
    assert flat.tolist() == [True, True, False, False, False, False, True, False, False]
    assert (tree.q_value <= 0.11).tolist() == [True, True, *([False] * 7)]


def test_selection_of_one_country_in_three_is_paid_for_within_it():
    # Within the one selected country the level is q / 3: 0.03 * 3 / 2 = 0.045 needs q = 0.135.
    p = np.array([0.001, 0.03, 0.9, 0.6, 0.7, 0.9, 0.5, 0.8, 0.95])
    tree = descend(p, [COUNTRY])
    assert tree.q_value[:2].tolist() == pytest.approx([0.009, 0.135])


@given(
    st.lists(st.floats(1e-4, 1.0), min_size=9, max_size=9),
    st.sampled_from([0.05, 0.1, 0.2, 0.4]),
)
def test_adjusted_p_values_flag_what_the_two_steps_flag(values, rate):
    p = np.array(values)
    tree = descend(p, [COUNTRY])
    if not np.isclose(tree.q_value, rate, rtol=1e-6).any():
        assert (tree.q_value <= rate).tolist() == by_hand(p, COUNTRY, rate).tolist()


@given(st.lists(st.floats(1e-4, 1.0), min_size=9, max_size=9))
def test_nothing_is_flagged_below_a_country_or_heading_that_is_not(values):
    heading = np.array([0, 0, 1, 2, 2, 2, 3, 4, 4])
    tree = descend(np.array(values), [COUNTRY, heading])
    country, middle = tree.layers
    assert (tree.q_value >= middle.q_value[middle.group] - 1e-9).all()
    assert (middle.q_value[middle.group] >= country.q_value[country.group] - 1e-9).all()


def test_one_country_is_as_good_as_testing_all_at_once():
    p = np.random.default_rng(1).uniform(size=50) ** 2
    tree = descend(p, [np.zeros(50, dtype=int)])
    assert tree.q_value == pytest.approx(benjamini_hochberg(p), abs=1e-9)


def test_errors_are_held_where_one_country_in_ten_diverts():
    rng = np.random.default_rng(2)
    country = np.repeat(np.arange(10), 60)
    is_diverted = (country == 0) & (np.arange(600) % 3 == 0)
    errors = {"flat": [], "tree": []}
    power = {"flat": [], "tree": []}
    for _ in range(200):
        p = np.where(is_diverted, rng.beta(0.05, 1.0, 600), rng.uniform(size=600))
        for name, q in (
            ("flat", benjamini_hochberg(p)),
            ("tree", descend(p, [country]).q_value),
        ):
            found = q <= 0.1
            errors[name].append((found & ~is_diverted).sum() / max(found.sum(), 1))
            power[name].append(found[is_diverted].mean())
    assert np.mean(errors["tree"]) < 0.05 < np.mean(errors["flat"]) < 0.11
    assert np.mean(power["tree"]) > np.mean(power["flat"]) - 0.01


def test_the_sentence_counts_every_layer_beside_testing_all_at_once():
    p = np.array([0.001, 0.004, 0.7, 0.6, 0.4, 0.9, 0.036, 0.8, 0.5])
    found = hierarchy_diagnostic(descend(p, [COUNTRY]), benjamini_hochberg(p), 0.11)
    assert "1 of 3 countries, 2 of 9 corridors stand out" in found.detail
    assert found.detail.endswith("all corridors tested at once, 3.")
    assert {m.measure: m.value for m in found.measures}["selected_corridors_flat"] == 3.0
