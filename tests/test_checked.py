"""Claims beside a lake: whose declarations, which codes and months, and what is said when none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lake_rows import flow_row, flow_table

from entrepot.api.checked import checked
from entrepot.api.checked_goods import Meant, codes_held
from entrepot.lake import Lake
from entrepot.press.article import Span
from entrepot.press.check_records import CheckOptions, ClaimOfArticle
from entrepot.press.told import Claim
from entrepot.tables import FLOWS, RUNS, SOURCES, TOTALS
from entrepot.trade.mirror import Rate

YEARS = (2021, 2022)


def row(reporter, partner, flow, year, month, value, **other):
    first = {"commodity": "TOTAL", "valuation": "FOB" if flow == "X" else "CIF"}
    words = {"reporter": reporter, "partner": partner, "flow": flow, "value": value}
    return flow_row(period=date(year, month, 1), **words, **{**first, **other})


def yearly(reporter, partner, flow, values, **other):
    """One value a month, by year."""
    return [
        row(reporter, partner, flow, year, month, value, **other)
        for year, value in values.items()
        for month in range(1, 13)
    ]


@pytest.fixture
def filled(tmp_path):
    """A lake that holds the rows given to it, as an extract or as a publisher's whole months."""
    opened = []

    def fill(*rows, reader="comext_workbook", more=()):
        lake = Lake(tmp_path / f"lake{len(opened)}")
        opened.append(lake)
        names = sorted({(one["source_id"], one["dataset"]) for one in rows})
        sources = [
            {
                **dict.fromkeys(("licence", "path", "sha256"), "test"),
                "source_id": source,
                "dataset": dataset,
                "vintage": "2023-01-13",
                "publisher": "Eurostat",
                "url": None,
                "retrieved_at": datetime(2023, 1, 20, tzinfo=UTC),
                "size_bytes": 1,
                "reader": reader,
                "row_count": len(rows),
            }
            for source, dataset in names
        ]
        with lake.write() as transaction:
            transaction.put(FLOWS, flow_table(*rows), unit="s1")
            transaction.put(SOURCES, sources, unit="s1")
            for table, found in more:
                transaction.put(table, found, unit="m1")
        return lake

    yield fill
    for lake in opened:
        lake.close()


def asked(**changed):
    """Germany's exports to Kazakhstan rose in 2022, said in June 2023, with some of it changed."""
    article = {"said_on": "2023-06-20", "read_on": date(2023, 7, 1), "text": ""}
    article |= {name: changed.pop(name) for name in article.keys() & changed.keys()}
    one = Claim(
        span=Span(0, 10),
        exporter="DE",
        importer="KZ",
        via=None,
        reporter=None,
        partner=None,
        flow="export",
        product="total",
        product_text="",
        period="2022",
        baseline=None,
        relation="increase",
        comparison="=",
        value=None,
        unit=None,
        claimant=(),
        polarity="asserted",
        is_checkable=True,
    )
    return ClaimOfArticle(replace(one, **changed), "a1-c1", "a1", **article)


def one(lake, claim, **options):
    found = checked(lake, [claim], options=CheckOptions(**options))
    assert len(found) == 1
    return found[0]


EXPORTS = yearly("DE", "KZ", "X", {2021: 2e6, 2022: 3e6})
LEVEL = {"relation": "level", "comparison": ">", "value": 30e6, "unit": "EUR"}
EXISTS = {"relation": "exists", "comparison": "="}


def test_a_rise_is_computed_from_declared_exports(filled):
    found = one(filled(*EXPORTS), asked())
    assert (found.outcome, found.observed) == ("supported", pytest.approx(1.5))
    assert "Germany declared EUR 36 m FOB of exports to Kazakhstan" in found.detail
    assert "after EUR 24 m FOB" in found.detail
    assert "flow=X commodity=TOTAL period=2022-01..2022-12,2021-01..2021-12" in found.evidence[1]


def test_without_the_exporter_the_importers_mirror_answers(filled):
    lake = filled(*yearly("KZ", "DE", "M", {2021: 2e6, 2022: 3e6}))
    found = one(lake, asked())
    assert found.outcome == "supported"
    assert "Kazakhstan declared EUR 36 m CIF of imports from Germany" in found.detail


def test_both_sides_are_shown_and_must_agree(filled):
    lake = filled(*EXPORTS, *yearly("KZ", "DE", "M", {2021: 3e6, 2022: 2e6}))
    found = one(lake, asked())
    assert found.outcome == "unknown"
    assert "EUR 36 m FOB" in found.detail
    assert "EUR 24 m CIF" in found.detail


def test_the_reporter_that_is_meant_comes_first(filled):
    lake = filled(*EXPORTS, *yearly("KZ", "DE", "M", {2021: 2e6, 2022: 4e6}))
    found = one(lake, asked(reporter="KZ"))
    assert found.observed == pytest.approx(2.0)
    assert found.detail.index("Kazakhstan declared") < found.detail.index("Germany declared")


def test_mutual_trade_is_what_one_reporter_declares_both_ways(filled):
    lake = filled(*EXPORTS, *yearly("DE", "KZ", "M", {2022: 1e6}))
    claim = asked(flow="trade", **{**LEVEL, "value": 40e6})
    found = one(lake, claim)
    assert (found.outcome, found.observed) == ("supported", 48e6)
    assert "EUR 36 m exports FOB, EUR 12 m imports CIF" in found.detail
    assert "mixed_valuation" in found.caveats
    # Its imports are not held: the exports alone are no mutual trade.
    assert one(filled(*EXPORTS), claim).outcome == "unknown"


def test_rates_given_are_used_and_without_any_the_needed_one_is_said(filled):
    lake = filled(*EXPORTS)
    claim = asked(**{**LEVEL, "unit": "USD", "value": 45e6})
    found = one(lake, claim, rates=(Rate("USD", "EUR", 2022, 1.5),))
    assert (found.outcome, found.observed, found.unit) == ("supported", 54e6, "USD")
    assert "at the rates given" in found.detail
    found = one(lake, claim)
    assert found.outcome == "unknown"
    assert "1.25 USD per EUR" in found.detail


def test_a_period_that_is_not_held_is_unknown_with_what_is(filled):
    found = one(filled(*EXPORTS), asked(period="2019"))
    assert found.outcome == "unknown"
    assert "held of the time claimed, only 2021-01 to 2022-12" in found.detail


def test_without_a_period_the_latest_twelve_months_before_the_article_count(filled):
    lake = filled(*EXPORTS, *yearly("DE", "KZ", "X", {2023: 1e6}))
    found = one(lake, asked(period=None, said_on="2023-03-15"))
    # March 2022 to February 2023 after March 2021 to February 2022: 32 after 26 million.
    assert found.observed == pytest.approx(32 / 26)
    assert "the text names no period" in found.detail
    assert "March 2022–February 2023" in found.detail


def test_data_that_end_long_before_the_article_do_not_answer_it(filled):
    lake = filled(*EXPORTS)
    late = asked(period=None, said_on="2024-12-01", read_on=date(2025, 1, 1))
    found = one(lake, late)
    assert found.outcome == "unknown"
    assert "held to 2022-12 only" in found.detail
    longer = one(lake, late, lag=36)
    assert longer.observed == pytest.approx(1.5)
    assert longer.outcome == "supported"
    assert "which end 23 months earlier" in longer.detail
    # Nor do they answer a text whose day is open: the day it was read counts.
    undated = one(lake, replace(late, said_on=None))
    assert undated.outcome == "unknown"
    assert "24 months before it was read (its day is open)" in undated.detail


@pytest.mark.parametrize("period", ["XXXX-06", "2022-06-20"])
def test_an_open_year_or_a_single_day_is_not_looked_up(filled, period):
    found = one(filled(*EXPORTS), asked(period=period))
    assert found.outcome == "unknown"
    assert "names no month or leaves its year open" in found.detail


def test_what_is_missing_of_a_claim_is_said(filled):
    found = one(filled(*EXPORTS), asked(importer=None))
    assert (found.outcome, found.observed) == ("unknown", None)
    assert "the text does not say who imports" in found.detail


def test_an_unknown_country_or_product_leaves_it_open(filled):
    lake = filled(*EXPORTS)
    assert one(lake, asked(importer="QQ")).outcome == "unknown"
    assert one(lake, asked(product="moonshine")).outcome == "unknown"


def test_a_lake_without_trade_leaves_all_open(tmp_path):
    with Lake(tmp_path / "empty") as lake:
        assert [found.outcome for found in checked(lake, [asked(), asked()])] == ["unknown"] * 2


OIL = {"exporter": "KZ", "importer": "DE", "product": "crude_oil"}


def test_a_wider_heading_hints_at_a_rise_and_never_contradicts(filled):
    rise = yearly("DE", "KZ", "M", {2021: 2e6, 2022: 3e6}, commodity="27")
    found = one(filled(*rise), asked(**OIL))
    assert (found.outcome, "fuels_not_crude" in found.caveats) == ("supported", True)
    assert "HS 27 (wider than HS 2709)" in found.detail
    assert one(filled(*rise), asked(**{**OIL, "relation": "decrease"})).outcome == "unknown"
    both = [*rise, *yearly("DE", "KZ", "M", {2021: 3e6, 2022: 2e6}, commodity="2709")]
    assert one(filled(*both), asked(**OIL)).outcome == "contradicted"


def test_value_and_weight_that_part_leave_a_rise_open(filled):
    def fuels(year, value, weight):
        other = {"commodity": "2709", "net_weight_kg": weight}
        return yearly("DE", "KZ", "M", {year: value}, **other)

    dearer = filled(*fuels(2021, 2e6, 5e3), *fuels(2022, 3e6, 4e3))
    found = one(dearer, asked(**OIL))
    assert found.outcome == "unknown"
    assert "value and weight answer it differently" in found.detail
    more = filled(*fuels(2021, 2e6, 4e3), *fuels(2022, 3e6, 5e3))
    assert one(more, asked(**OIL)).outcome == "supported"
    tonnes = asked(**{**OIL, "relation": "level", "comparison": ">", "value": 50.0, "unit": "t"})
    assert one(more, tonnes).observed == pytest.approx(60e3)


def test_codes_of_an_extract_are_part_of_a_heading_and_those_of_whole_files_all(filled):
    chips = {"product": "microelectronics"}
    rows = yearly("DE", "KZ", "X", {2021: 2e6, 2022: 1e6}, commodity="85423190")
    assert one(filled(*rows), asked(**chips)).outcome == "unknown"
    found = one(filled(*rows, reader="comext_bulk"), asked(**chips))
    assert found.outcome == "contradicted"


def test_levels_are_never_added():
    machines = Meant(("84",), "HS 84")
    found = codes_held(machines, {"84", "8456", "84561100", "85"}, is_whole=False)
    assert found.codes == {"84"}
    split = codes_held(machines, {"8456", "84561100", "84571000"}, is_whole=False)
    assert (split.codes, split.reach) == ({"8456", "84571000"}, "narrower")
    assert codes_held(machines, {"85", "TOTAL"}, is_whole=False) is None


def test_no_declared_trade_contradicts_presence_and_supports_a_denial(filled):
    others = yearly("DE", "KG", "X", {2022: 1e6}, commodity="2709")
    none = yearly("DE", "KZ", "X", {2022: 1e6}, commodity="84")
    lake = filled(*others, *none)
    fuel = {"product": "crude_oil", **EXISTS}
    assert one(lake, asked(**fuel)).outcome == "contradicted"
    found = one(lake, asked(**fuel, polarity="denied"))
    assert found.outcome == "supported"
    assert "are consistent with the denial" in found.detail


def test_a_partner_that_an_extract_does_not_hold_is_not_nil(filled):
    found = one(filled(*yearly("DE", "KG", "X", {2022: 1e6})), asked(**EXISTS))
    assert found.outcome == "unknown"
    assert "about Kazakhstan are held" in found.detail


RANK = {"relation": "rank", "comparison": "<=", "value": 2, "unit": "rank"}


def test_a_rank_counts_partners_held_and_says_how_far_that_reaches(filled):
    rows = [
        *EXPORTS,
        *yearly("DE", "RU", "X", {2022: 9e6}),
        *yearly("DE", "KG", "X", {2022: 1e6}),
    ]
    found = one(filled(*rows), asked(**RANK))
    assert (found.outcome, found.observed) == ("unknown", 2.0)
    assert "rank 2 of the 3 partners held, 2 or worse among all" in found.detail
    assert one(filled(*rows, reader="comext_bulk"), asked(**RANK)).outcome == "supported"
    first = asked(**{**RANK, "comparison": "=", "value": 1})
    assert "among all partners it is not so" in one(filled(*rows), first).detail


def test_a_grouping_counts_as_one_partner(filled):
    rows = [
        *yearly("KZ", "DE", "X", {2022: 3e6}),
        *yearly("KZ", "FR", "X", {2022: 3e6}),
        *yearly("KZ", "CN", "X", {2022: 5e6}),
    ]
    whole = filled(*rows, reader="comext_bulk")
    largest = {**RANK, "comparison": "=", "value": 1, "exporter": "KZ"}
    assert one(whole, asked(**{**largest, "importer": "EU"})).outcome == "supported"
    assert one(whole, asked(**{**largest, "importer": "DE"})).outcome == "unknown"


def test_a_share_is_of_all_partners(filled):
    rows = [*EXPORTS, *yearly("DE", "RU", "X", {2022: 9e6})]
    share = {"relation": "share", "comparison": "=", "value": 25.0, "unit": "%"}
    found = one(filled(*rows, reader="comext_bulk"), asked(**share))
    assert (found.outcome, found.observed) == ("supported", pytest.approx(25.0))
    assert one(filled(*rows), asked(**share)).outcome == "unknown"


def test_a_grouping_lacks_the_members_that_are_not_held(filled):
    lake = filled(*EXPORTS)
    high = one(lake, asked(exporter="EU", **LEVEL))
    assert (high.outcome, high.observed) == ("supported", 36e6)
    low = one(lake, asked(exporter="EU", **{**LEVEL, "value": 50e6}))
    assert low.outcome == "unknown"
    assert "nothing is held of AT, BE, BG" in low.detail


def test_a_month_in_which_one_member_is_silent_is_not_held(filled):
    french = [r for r in yearly("FR", "KZ", "X", {2022: 1e6}) if r["period"].month != 12]
    found = one(filled(*EXPORTS, *french), asked(exporter="COALITION", **LEVEL))
    assert "11 of 12 months held, missing 2022-12" in found.detail
    assert "FR is silent in 2022-12" in found.detail


def test_the_world_is_all_partners(filled):
    rows = [*EXPORTS, *yearly("DE", "RU", "X", {2022: 9e6})]
    claim = asked(importer="W0", **{**LEVEL, "value": 200e6})
    assert one(filled(*rows), claim).outcome == "unknown"
    found = one(filled(*rows, reader="comext_bulk"), claim)
    assert (found.outcome, found.observed) == ("contradicted", 144e6)


def test_re_exports_are_declared_apart_or_not_known(filled):
    claim = asked(flow="re-export", **LEVEL)
    assert one(filled(*EXPORTS), claim).outcome == "unknown"
    rows = yearly("DE", "KZ", "RX", {2022: 4e6}, valuation="FOB")
    assert one(filled(*rows), claim).observed == 48e6


def test_yearly_declarations_answer_where_no_months_are_held(filled):
    rows = [
        row("DE", "KZ", "X", year, 1, value, freq="A") for year, value in ((2021, 2e6), (2022, 3e6))
    ]
    found = one(filled(*rows), asked())
    assert (found.outcome, found.observed) == ("supported", pytest.approx(1.5))
    assert "1 of 1 year held" in found.detail
    assert one(filled(*rows), asked(period="2022-01/2022-06")).outcome == "unknown"


def test_the_dataset_with_more_months_answers_and_one_may_be_named(filled):
    few = [r for r in yearly("DE", "KZ", "X", {2022: 9e6}, dataset="other", source_id="s2")]
    lake = filled(*EXPORTS, *few[:5])
    assert one(lake, asked(**LEVEL)).observed == 36e6
    assert one(lake, asked(**LEVEL), dataset="other").observed == 45e6


def kazakh(values, **other):
    """Imports of Kazakhstan from Germany by year."""
    return [row("KZ", "DE", "M", year, 1, value, freq="A", **other) for year, value in values]


OFFICE = kazakh(
    [(2021, 1.815e9), (2022, 2.233e9)], dataset="stat-kz", source_id="s3", currency="USD"
)
CONVERTED = kazakh([(2021, 1.54e9), (2022, 2.13e9)], dataset="national-imports", source_id="s2")
IMPORTS = {"flow": "import", "relation": "pct_change", "value": 23.0, "unit": "%"}


def test_the_office_answers_before_a_third_partys_conversion(filled):
    found = one(filled(*OFFICE, *CONVERTED), asked(**IMPORTS))
    assert (found.outcome, found.observed) == ("supported", pytest.approx(23.03, abs=0.01))
    assert "dataset=stat-kz" in found.evidence[1]


def test_a_conversion_is_named_and_decides_no_change(filled):
    found = one(filled(*CONVERTED), asked(**IMPORTS))
    assert found.outcome == "unknown"
    assert "a conversion of what Kazakhstan declared (US dollars turned into EUR" in found.detail
    level = {"flow": "import", "relation": "level", "comparison": ">", "value": 2e9}
    held = one(filled(*CONVERTED), asked(**level, unit="EUR"))
    assert held.outcome == "supported"
    assert "at one flat rate a year) gives EUR 2.13 bn CIF" in held.detail


def test_amounts_in_the_claims_currency_answer_without_a_rate(filled):
    level = {"flow": "import", "relation": "level", "comparison": "=", "value": 2.23e9}
    euros = kazakh([(2021, 1.5e9), (2022, 2.1e9)], dataset="comext")
    found = one(filled(*euros, *OFFICE), asked(**level, unit="USD"))
    assert (found.outcome, found.observed) == ("supported", 2.233e9)


def test_all_that_is_held_of_another_time_is_named(filled):
    more = yearly("DE", "KZ", "X", {2023: 1e6}, dataset="eurostat-totals", source_id="s2")
    found = one(filled(*EXPORTS, *more, *OFFICE), asked(period="2025"))
    assert "only 2021-01 to 2022-12 (comext) and 2023-01 to 2023-12 (eurostat" in found.detail
    assert (
        "imports declared by Kazakhstan are held of the time claimed, only 2021 to 2022 (stat"
        in (found.detail)
    )


def test_a_rise_by_an_amount_is_said_beside_the_one_claimed(filled):
    found = one(filled(*EXPORTS), asked(value=40e6, unit="EUR"))
    assert (found.outcome, found.observed) == ("contradicted", pytest.approx(12e6))
    assert "a rise of EUR 12 m in 12 months of each" in found.detail
    assert "tolerance EUR 2 m" in found.detail


def test_rates_are_told_side_by_side_where_only_one_side_was_turned(filled):
    level = {**LEVEL, "unit": "USD", "value": 20e6}
    found = one(filled(*EXPORTS, *OFFICE), asked(**level), rates=(Rate("USD", "EUR", 2022, 1.5),))
    assert "what Germany declared: turned into USD at the rates given" in found.detail
    assert "what Kazakhstan declared: no rate given was needed" in found.detail


def test_reconciled_statistics_are_nobodys_declaration(filled):
    rows = yearly("DE", "KZ", "X", {2022: 3e6}, obs_status="E")
    assert one(filled(*rows), asked(**LEVEL)).outcome == "unknown"


RUN = {
    "run_id": "r1",
    "created_at": datetime(2023, 1, 1, tzinfo=UTC),
    "code_version": "0",
    "engine": "duckdb",
    "parameters": "{}",
    "source_ids": "s1",
    "is_simulated": False,
}


def total(low, high):
    blank = {
        column.name: None if column.nullable else {"int": 0, "float": 0.0}.get(column.kind, "")
        for column in TOTALS.columns
    }
    return blank | {
        "run_id": "r1",
        "bracket": "common",
        "coalition": "EU",
        "intermediary": "KZ",
        "destination": "RU",
        "classification": "HS",
        "group": "_T",
        "window_start": date(2022, 3, 1),
        "window_end": date(2022, 11, 1),
        "legs": "U",
        "observed": 90e6,
        "expected": 50e6,
        "excess_low": low,
        "excess_high": high,
        "unit": "EUR FOB",
        "caveats": "upstream_only",
    }


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (20e6, 60e6, "neither supports what was said nor contradicts it"),
        (-5e6, 60e6, "may be nothing"),
        (-9e6, -5e6, "no more was declared than expected"),
    ],
)
def test_a_run_stands_beside_a_denial_and_decides_nothing(filled, low, high, words):
    lake = filled(*EXPORTS, more=((RUNS, [RUN]), (TOTALS, [total(low, high)])))
    denied = asked(exporter="KZ", importer="RU", polarity="denied", product="dual_use", **EXISTS)
    declared, beside = checked(lake, [denied])
    assert (declared.rule, beside.rule) == ("declared_trade", "claim_beside_run")
    assert beside.outcome == "unknown"
    assert words in beside.detail
    assert "totals run_id=r1 intermediary=KZ group=_T" in beside.evidence
    asserted = replace(denied, claim=replace(denied.claim, polarity="asserted"))
    assert len(checked(lake, [asserted])) == 1


def test_trade_via_a_third_country_names_the_leg_that_is_not_held(filled):
    lake = filled(*yearly("DE", "KZ", "X", {2022: 1e6}))
    found = one(lake, asked(importer="RU", via="KZ", **EXISTS))
    assert found.outcome == "unknown"
    assert "Germany declared EUR 12 m FOB of exports to Kazakhstan" in found.detail
    assert "no exports declared by Kazakhstan are held" in found.detail
    nowhere = yearly("KZ", "RU", "X", {2022: 0.0})
    second = filled(*yearly("DE", "KZ", "X", {2022: 1e6}), *nowhere)
    assert one(second, asked(importer="RU", via="KZ", **EXISTS)).outcome == "contradicted"


def test_goods_that_hang_on_a_list_need_one_in_the_lake(filled):
    found = one(filled(*EXPORTS), asked(product="sanctioned"))
    assert found.outcome == "unknown"
    assert "hangs on a list" in found.detail
