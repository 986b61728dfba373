"""Ghost trade from totals: the formula, its error, its silences, and the figures published."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.api import ghost_shares, ingest
from entrepot.diversion.ghost_pairs import MirrorQuestion
from entrepot.diversion.ghost_rows import ghost_rows
from entrepot.diversion.ghost_totals import DRAWS, arrived, ghost, log_errors, noise, ratios
from entrepot.errors import EstimateError
from entrepot.lake import Lake

pytestmark = pytest.mark.engines

EXPORTERS = ("DE", "LT", "PL")
ASKED = MirrorQuestion(
    exporters="EU",
    importers="KG",
    first=2019,
    event=2022,
    last=2022,
    exports_from="exports",
    imports_from="imports",
    recorded_by="partner",
    baseline="last",
)
amount = st.floats(0.1, 1e9)


def pair(exporter, importer, year, sent, received, currency="EUR"):
    return {
        "exporter": exporter,
        "importer": importer,
        "period": date(year, 1, 1),
        "currency": currency,
        "declared_export": sent,
        "declared_import": received,
        "recorded_by": None if received is None else "partner",
    }


def steady(importer, received=100.0, sent=100.0, last=(200.0, 200.0)):
    """Three years alike but for a little noise, then one as given, for three exporters."""
    wiggle = (0.96, 1.0, 1.05)
    rows = [
        pair(exporter, importer, 2019 + n, sent, received * wiggle[(n + m) % 3] * (1 + 0.02 * n))
        for m, exporter in enumerate(EXPORTERS)
        for n in range(3)
    ]
    return rows + [pair(exporter, importer, 2022, *last) for exporter in EXPORTERS]


def rows_of(pairs, importers=("KG",), part=(), **changed):
    question = {name: getattr(ASKED, name) for name in ASKED.__slots__} | changed
    table = pa.Table.from_pylist(pairs)
    return ghost_rows(table, MirrorQuestion(**question), importers, part).to_pylist()


def of(rows, year, importer="KG"):
    (row,) = [row for row in rows if (row["year"], row["importer"]) == (year, importer)]
    return row


def test_lithuania_to_kazakhstan_as_the_financial_times_had_it():
    rho = ratios(np.array([[[28.0]]]), np.array([[[9.0]]]))
    missing = ghost(exports=np.array([[84.0]]), imports=np.array([[11.0]]), rho=rho)
    assert missing.item() == pytest.approx(49.8, abs=0.03)


def test_exports_expected_are_those_of_the_last_year_or_the_mean_of_all_as_asked():
    grown = [
        row | {"declared_export": row["declared_export"] + 10 * (row["period"].year - 2019)}
        for row in steady("KG", last=(300.0, 150.0))
    ]
    assert of(rows_of(grown), 2022)["expected"] == pytest.approx(3 * 120.0)
    assert of(rows_of(grown, baseline="mean"), 2022)["expected"] == pytest.approx(3 * 110.0)


@given(amount, amount, st.floats(0.05, 5.0))
def test_ghost_trade_never_exceeds_exports_and_falls_with_imports(exports, imports, rho):
    assert ghost(exports, imports, rho) < exports
    assert ghost(exports, 2 * imports, rho) < ghost(exports, imports, rho)
    assert ghost(exports, exports * rho, rho) == pytest.approx(0.0, abs=1e-6 * exports)


def test_a_ratio_is_that_of_the_sums_and_an_exporter_with_a_nil_takes_the_importers():
    exports = np.array([[[10.0, 30.0], [60.0, 0.0]]])
    imports = np.array([[[8.0, 12.0], [30.0, 25.0]]])
    assert ratios(exports, imports) == pytest.approx(np.array([[0.5, 0.75]]))


def test_a_year_left_out_strays_by_the_log_of_what_came_over_what_was_held():
    total, pairs = log_errors(np.full((1, 2, 2), 50.0), np.array([[[40.0, 50.0], [40.0, 50.0]]]))
    assert total == pytest.approx(np.log([[0.8, 1.25]]))
    assert pairs == pytest.approx(np.zeros((1, 2, 2)))


def world(rng, reps, ghost_part=0.0):
    """Declarations of three years and a fourth, with known noise, of as many worlds."""
    size = rng.lognormal(3.0, 1.0, (reps, 4, 15, 1))
    exports = size * rng.lognormal(0.0, 0.15, (reps, 4, 15, 4))
    exports[..., 3] *= 2.0
    rho = rng.lognormal(0.0, 0.3, (reps, 4, 15, 1))
    error = rng.normal(0.0, 0.05, (reps, 4, 1, 4)) + rng.normal(0.0, 0.1, (reps, 4, 15, 4))
    came = exports.copy()
    came[..., 3] *= 1 - ghost_part
    return exports, came * rho * np.exp(error)


@pytest.mark.parametrize("ghost_part", [0.0, 0.4])
def test_intervals_of_importers_hold_the_truth_nine_times_in_ten(ghost_part):
    rng = np.random.default_rng(5)
    hits = []
    for exports, imports in zip(*world(rng, 100, ghost_part), strict=True):
        spread = noise(exports[..., :3], imports[..., :3])
        rho = ratios(exports[..., :3], imports[..., :3])
        draws = exports[..., 3, None] - arrived(imports[..., 3], rho, spread, 3, rng)
        low, high = np.quantile(draws.sum(axis=1), [0.05, 0.95], axis=1)
        truth = ghost_part * exports[..., 3].sum(axis=1)
        hits.append((low <= truth) & (truth <= high))
    assert 0.85 <= np.mean(hits) <= 0.96


def test_draws_are_centred_on_imports_over_rho_and_positive():
    exports, imports = (side[0] for side in world(np.random.default_rng(7), 1))
    rho, spread = (
        ratios(exports[..., :3], imports[..., :3]),
        noise(exports[..., :3], imports[..., :3]),
    )
    draws = arrived(imports[..., 3], rho, spread, 3, np.random.default_rng(8))
    assert draws.shape == (4, 15, DRAWS)
    assert (draws > 0).all()
    assert draws.sum(axis=1).mean(axis=1) == pytest.approx((imports[..., 3] / rho).sum(1), rel=0.02)


def test_additional_exports_that_never_arrived_are_all_ghost():
    # 300 sent where 100 were, and arrivals as before: all that is new is ghost trade.
    row = of(rows_of(steady("KG", last=(100.0 + 200.0, 102.0))), 2022)
    assert (row["expected"], row["additional"]) == (300.0, 600.0)
    assert row["ghost_share"] == pytest.approx(1.0, abs=0.03)
    assert row["ghost"] == pytest.approx(row["exports"] - row["imports"] / row["rho"])
    assert row["ghost_low"] < row["ghost"] < row["ghost_high"]


def test_growth_that_arrived_is_no_ghost_trade():
    row = of(rows_of(steady("KG", last=(300.0, 306.0))), 2022)
    assert row["ghost_low"] < 0 < row["ghost_high"]
    assert row["ghost_share"] == pytest.approx(0.0, abs=0.05)


def test_a_low_but_steady_ratio_is_a_rule_of_recording_and_no_ghost_trade():
    row = of(rows_of(steady("KG", received=30.0, last=(300.0, 92.0))), 2022)
    assert row["ghost_low"] < 0 < row["ghost_high"]


def test_a_ratio_below_a_fifth_says_nothing():
    row = of(rows_of(steady("KG", received=10.0, last=(300.0, 20.0))), 2022)
    assert (row["reason"], row["ghost"]) == ("mirror not informative", None)
    assert row["mirror_ratio"] == pytest.approx(20 / 300)


@pytest.mark.parametrize(
    ("last", "reason"),
    [((90.0, 60.0), "no growth"), ((101.0, 60.0), "growth within the error")],
)
def test_a_share_of_nothing_is_open(last, reason):
    row = of(rows_of(steady("KG", last=last)), 2022)
    assert (row["ghost_share"], row["reason"]) == (None, reason)
    assert row["ghost"] > 0


def test_a_year_that_an_importer_did_not_publish_is_open_for_it_and_for_all():
    missing = [row for row in steady("AM") if row["period"].year < 2022]
    exports = [pair(exporter, "AM", 2022, 300.0, None) for exporter in EXPORTERS]
    rows = rows_of([*steady("KG"), *missing, *exports], ("AM", "KG"))
    assert of(rows, 2022)["reason"] is None
    for importer in ("AM", "_T"):
        row = of(rows, 2022, importer)
        assert (row["reason"], row["imports"], row["ghost"]) == ("not reported", None, None)
    assert of(rows, 2022, "AM")["exports"] == 900.0
    assert of(rows_of(steady("KG"), last=2023), 2023)["reason"] == "not reported"


def test_all_importers_together_are_the_sum_of_each():
    pairs = [*steady("KG", last=(300.0, 102.0)), *steady("KZ", last=(400.0, 300.0))]
    rows = rows_of(pairs, ("KG", "KZ"))
    for name in ("exports", "imports", "expected", "ghost"):
        parts = [of(rows, 2022, importer)[name] for importer in ("KG", "KZ")]
        assert of(rows, 2022, "_T")[name] == pytest.approx(sum(parts))


def test_an_importer_that_was_not_asked_for_lends_its_error_only():
    calm, both = steady("KG"), [*steady("KG"), *steady("UZ", last=(300.0, 50.0))]
    assert {row["importer"] for row in rows_of(both)} == {"KG"}
    assert of(rows_of(both), 2022)["pooled"] == "KG UZ"
    assert of(rows_of(both), 2022)["ghost"] == of(rows_of(calm), 2022)["ghost"]


def test_the_part_of_some_exporters_is_open_where_ghost_trade_may_be_nil():
    gone = [row for row in steady("KG", last=(300.0, 306.0)) if row["period"].year < 2022]
    now = [pair("LT", "KG", 2022, 700.0, 100.0)]
    now += [pair(exporter, "KG", 2022, 100.0, 100.0) for exporter in ("DE", "PL")]
    row = of(rows_of(gone + now, part=("LT",)), 2022)
    assert row["exports_part"] == pytest.approx(7 / 9)
    assert row["ghost_part"] == pytest.approx(1.0, abs=0.03)
    assert row["ghost_part_low"] < row["ghost_part"] < row["ghost_part_high"]
    calm = of(rows_of(steady("KG", last=(300.0, 306.0)), part=("LT",)), 2022)
    assert (calm["exports_part"], calm["ghost_part"]) == (pytest.approx(1 / 3), None)


def test_years_before_the_event_are_placebos_and_hold_zero():
    before = [row for row in rows_of(steady("KG")) if row["phase"] == "before"]
    assert [row["year"] for row in before] == [2019, 2020, 2021]
    assert all(row["ghost_low"] < 0 < row["ghost_high"] for row in before)
    assert {row["reason"] for row in before} == {"before the event"}
    assert {row["ghost_share"] for row in before} == {None}


def test_a_placebo_year_takes_its_ratio_from_the_others():
    came = zip((2019, 2020, 2021, 2022), (80.0, 100.0, 120.0, 100.0), strict=True)
    rows = rows_of([pair("LT", "KG", year, 100.0, value) for year, value in came])
    found = [of(rows, year)["rho"] for year in (2019, 2020, 2021, 2022)]
    assert found == pytest.approx([1.1, 1.0, 0.9, 1.0])


def test_the_unit_of_money_changes_amounts_and_no_share():
    scaled = [
        row | {name: row[name] * 1e6 for name in ("declared_export", "declared_import")}
        for row in steady("KG", last=(300.0, 150.0))
    ]
    row, large = (of(rows_of(p), 2022) for p in (steady("KG", last=(300.0, 150.0)), scaled))
    assert large["ghost"] == pytest.approx(1e6 * row["ghost"])
    for name in ("ghost_share", "ghost_share_low", "ghost_share_high"):
        assert large[name] == pytest.approx(row[name])


@pytest.mark.parametrize(
    ("pairs", "changed", "said"),
    [
        (steady("KG"), {"first": 2021}, "at least 2"),
        (steady("KZ"), {}, r"\['KG'\] are not whole"),
        ([*steady("KG"), pair("DE", "KG", 2022, None, 1.0, "USD")], {}, r"\['EUR', 'USD'\]"),
        ([*steady("KG"), pair("GB", "KG", 2019, 1.0, 1.0)], {}, r"no export of \['GB'\] in \[2020"),
        ([row for row in steady("KG") if row["exporter"] == "none"], {}, "no whole year"),
    ],
)
def test_what_the_data_cannot_carry_is_refused(pairs, changed, said):
    schema = pa.Table.from_pylist(steady("KG")).schema
    question = {name: getattr(ASKED, name) for name in ASKED.__slots__} | changed
    with pytest.raises(EstimateError, match=said):
        ghost_rows(pa.Table.from_pylist(pairs, schema), MirrorQuestion(**question), ("KG",), ())


@pytest.fixture(scope="module")
def published(shared, tmp_path_factory):
    """Ghost trade of the EU's exports in the public totals, with the Baltic part."""
    folder = shared / "data" / "eurostat-totals-national"
    with Lake(tmp_path_factory.mktemp("ghost") / "lake") as lake:
        ingest(lake, sorted(folder.glob("*.csv")))
        question = {name: getattr(ASKED, name) for name in ASKED.__slots__} | {
            "importers": "AM,KG,KZ,UZ",
            "last": 2023,
            "exports_from": "eurostat-totals",
            "imports_from": "national-imports",
            "recorded_by": "either",
            "part": "EE,LV,LT",
        }
        four = ghost_shares(lake, MirrorQuestion(**question)).to_pylist()
        three = ghost_shares(lake, MirrorQuestion(**question | {"importers": "AM,KG,KZ"}))
        return four, three.to_pylist()


@pytest.mark.parametrize(
    ("importer", "ratios"), [("KG", (0.93, 0.43, 0.33)), ("KZ", (0.87, 0.70, 0.80))]
)
def test_mirror_ratios_of_public_totals(published, importer, ratios):
    found = [of(published[0], year, importer)["mirror_ratio"] for year in (2021, 2022, 2023)]
    assert found == pytest.approx(ratios, abs=0.005)


@pytest.mark.parametrize(
    ("importer", "year", "share"),
    [
        ("AM", 2022, (0.19, 0.39, 0.59)),
        ("KG", 2022, (0.56, 0.67, 0.76)),
        ("KG", 2023, (0.63, 0.71, 0.78)),
        ("KZ", 2022, (0.11, 0.38, 0.63)),
        ("KZ", 2023, (-0.09, 0.17, 0.41)),
        ("_T", 2022, (0.21, 0.42, 0.59)),
    ],
)
def test_ghost_shares_of_public_totals_are_those_of_section_9(published, importer, year, share):
    row = of(published[1], year, importer)
    found = [row[f"ghost_share{end}"] for end in ("_low", "", "_high")]
    assert found == pytest.approx(share, abs=0.07)


def test_armenia_published_january_2023_only_and_that_is_no_year(published):
    assert of(published[1], 2023, "AM")["reason"] == "not reported"
    assert of(published[1], 2023, "_T")["ghost_share"] is None


def test_baltic_states_have_more_of_ghost_trade_than_of_exports(published):
    row = of(published[1], 2022, "_T")
    assert row["exports_part"] == pytest.approx(0.13, abs=0.005)
    assert row["ghost_part"] == pytest.approx(0.26, abs=0.02)
    assert row["ghost_part_low"] > row["exports_part"]


def test_placebo_years_of_public_totals_hold_zero(published):
    before = [r for r in published[0] if r["phase"] == "before" and r["importer"] != "_T"]
    hits = [row["ghost_low"] <= 0 <= row["ghost_high"] for row in before]
    assert len(hits) == 12
    assert sum(hits) >= 10
