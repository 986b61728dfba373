"""A question is divided so that every part fits into an answer, and the parts ask the same."""

from __future__ import annotations

import itertools
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving_server import SDMX_HEADER, Fault, Server, Trade, comtrade, eurostat

from entrepot.errors import CodeError, SourceError
from entrepot.fetch.comtrade import (
    FREE_KEY,
    KEY_HEADER,
    LONGEST_ADDRESS,
    PREVIEW,
    Quota,
    comtrade_calls,
    numbers_of,
)
from entrepot.fetch.download import Manners, Visit
from entrepot.fetch.eurostat_sdmx import eurostat_calls
from entrepot.fetch.gather import gather, plan
from entrepot.fetch.question import ORDER, Question, halves, periods_between
from entrepot.fetch.waiting import Pace

CARS = Question("M", ("2022-01", "2022-02"), ("AM", "GE"), ("RU",), ("X",), ("8703",))
BASE = "https://host"


def asked(call):
    """What a call asks for: the values of each parameter."""
    query = parse_qs(urlsplit(call.url).query)
    return {name: values[0].split(",") for name, values in query.items()}


def cells(question):
    """Every combination a question asks for."""
    return set(itertools.product(*(getattr(question, axis) for axis in ORDER)))


def some(*values):
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


questions = st.builds(
    Question,
    freq=st.just("M"),
    periods=some(*(f"2022-{month:02d}" for month in range(1, 13))),
    reporters=some("AM", "GE", "KZ", "US"),
    partners=some("RU", "BY", "DE", "CN"),
    flows=some("M", "X", "RX"),
    goods=some("8703", "8542", "27", "TOTAL", "AG2"),
)


@given(questions)
def test_halves_ask_for_the_same_and_for_nothing_twice(question):
    parts = halves(question)
    if not parts:
        assert len(cells(question)) == 1
        return
    first, second = map(cells, parts)
    assert first | second == cells(question)
    assert first & second == set()


@settings(max_examples=40)
@given(questions, st.sampled_from([PREVIEW, FREE_KEY, Quota(6, 3, None, 1.0)]))
def test_no_call_can_reach_the_limit_and_together_they_ask_for_everything(question, quota):
    seen = []
    for call in comtrade_calls(BASE, question, quota, has_key=False):
        parts = asked(call)
        names = ("period", "reporterCode", "flowCode", "cmdCode", "partnerCode")
        seen += itertools.product(*(parts[name] for name in names))
        count = len(list(itertools.product(*(parts[name] for name in names))))
        assert count < quota.rows_per_call
        assert len(parts["period"]) <= quota.periods_per_call
        assert parts["maxRecords"] == [str(quota.rows_per_call)]
    numbered = {
        (period.replace("-", ""), *numbers_of(reporter), flow, good, *numbers_of(partner))
        for period, reporter, flow, good, partner in cells(question)
    }
    assert len(seen) == len(set(seen))
    assert set(seen) == numbered


def test_the_preview_is_asked_month_by_month():
    first, second = comtrade_calls(BASE, CARS, PREVIEW, has_key=False)
    assert first.url == (
        "https://host/public/v1/preview/C/M/HS?period=202201&reporterCode=51,268&partnerCode=643"
        "&flowCode=X&cmdCode=8703&partner2Code=0&customsCode=C00&motCode=0&maxRecords=500"
    )
    assert asked(second)["period"] == ["202202"]
    assert first.name.startswith("comtrade-2022-01-")
    assert first.name != second.name


def test_with_a_key_a_year_of_months_is_one_call():
    (call,) = comtrade_calls(BASE, CARS, FREE_KEY, has_key=True)
    assert call.url.startswith("https://host/data/v1/get/C/M/HS?period=202201,202202&")
    year = Question("A", ("2020", "2021"), ("AM",), (), ("X",), ("TOTAL",))
    (call,) = comtrade_calls(BASE, year, FREE_KEY, has_key=True)
    assert "/C/A/HS?period=2020,2021&" in call.url
    assert "partnerCode" not in call.url


def test_all_partners_of_two_goods_do_not_fit_into_a_preview():
    question = Question("M", ("2022-01",), ("AM",), (), ("X",), ("8703", "8542"))
    assert [
        asked(call)["cmdCode"] for call in comtrade_calls(BASE, question, PREVIEW, has_key=False)
    ] == [
        ["8703"],
        ["8542"],
    ]


def test_an_address_stays_short_enough_for_the_service():
    goods = tuple(f"{number:06d}" for number in range(10_000, 12_000))
    question = Question("A", ("2022",), ("AM",), ("RU",), ("X",), goods)
    calls = comtrade_calls(BASE, question, FREE_KEY, has_key=True)
    assert max(len(call.url) for call in calls) <= LONGEST_ADDRESS
    assert [good for call in calls for good in asked(call)["cmdCode"]] == list(goods)


def test_the_name_of_an_answer_depends_on_the_question_and_not_on_the_host():
    (here,) = comtrade_calls(BASE, CARS, FREE_KEY, has_key=True)
    (there,) = comtrade_calls("http://mirror/c", CARS, FREE_KEY, has_key=True)
    assert here.name == there.name


WRONG = {
    "goods": (Question("M", ("2022-01",), ("AM",), (), ("X",), ("cars",)), "goods is 'cars'"),
    "odd digits": (Question("M", ("2022-01",), ("AM",), (), ("X",), ("870",)), "2, 4 or 6 digits"),
    "five digits": (Question("M", ("2022-01",), ("AM",), (), ("X",), ("87032",)), "2, 4 or 6"),
    "no level": (Question("M", ("2022-01",), ("AM",), (), ("X",), ("AG3",)), "goods is 'AG3'"),
    "flow": (Question("M", ("2022-01",), ("AM",), (), ("Z",), ("8703",)), "flow is 'Z'"),
    "no number": (Question("M", ("2022-01",), ("XK",), (), ("X",), ("87",)), "area is 'XK'"),
    "area": (Question("M", ("2022-01",), ("UK",), (), ("X",), ("87",)), "area is 'UK'"),
}


@pytest.mark.parametrize(("question", "message"), WRONG.values(), ids=WRONG)
def test_a_question_the_interface_does_not_know_is_refused_before_it_is_asked(question, message):
    with pytest.raises((SourceError, CodeError), match=message):
        comtrade_calls(BASE, question, PREVIEW, has_key=False)


def test_areas_are_asked_for_by_the_numbers_comtrade_uses():
    assert numbers_of("US") == ("842",)
    assert numbers_of("FR") == ("251",)
    assert numbers_of("IN") == ("699",)
    assert numbers_of("KG") == ("417",)


def test_a_stretch_is_of_months_or_of_years():
    assert periods_between("2021", "2023") == ("2021", "2022", "2023")
    assert periods_between("2021-12", "2022-01") == ("2021-12", "2022-01")
    for first, last in (("2022", "2022-03"), ("2022-03", "2022-02")):
        with pytest.raises(SourceError, match="expected two months or two years"):
            periods_between(first, last)


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def collect(tmp_path):
    def fetch(calls, *, headers=None, is_again=False):
        manners = Manners(Pace(), headers=headers, is_again=is_again, sleep=lambda seconds: None)
        with Visit(manners, lambda *_: None) as visit:
            return gather(visit, calls, tmp_path)

    return fetch


def records(found):
    """Partner, flow and code of every record that was kept."""
    return sorted(
        (record["period"], record["partnerCode"], record["flowCode"], record["cmdCode"])
        for got in found
        for record in json.loads(got.path.read_text("utf-8"))["data"]
    )


PARTNERS = (51, 112, 156, 276, 417, 643, 842)
TRADES = [
    Trade(period, 268, partner, "X", f"{good:06d}")
    for period in ("202201", "202202")
    for partner in PARTNERS
    for good in range(870_300, 870_340)
]


def test_an_answer_at_the_limit_is_divided_and_never_kept(server, collect, tmp_path):
    server.answers["/public/v1/preview"] = comtrade(TRADES, limit=500)
    quota = Quota(100, 1, None, 1.0)
    question = Question("M", ("2022-01", "2022-02"), ("GE",), (), ("X",), ("AG6",))
    calls = comtrade_calls(server.url, question, quota, has_key=False)
    found = collect(calls)
    assert records(found) == sorted(
        (trade.period, trade.partner, trade.flow, trade.goods) for trade in TRADES
    )
    counts = [json.loads(got.path.read_text("utf-8"))["count"] for got in found]
    assert max(counts) < 100
    assert {path.name for path in tmp_path.glob("*.json")} == {got.path.name for got in found}


def test_what_is_known_to_be_too_large_is_not_asked_for_again(server, collect, tmp_path):
    server.answers["/public/v1/preview"] = comtrade(TRADES, limit=500)
    question = Question("M", ("2022-01",), ("GE",), (), ("X",), ("AG6",))
    calls = comtrade_calls(server.url, question, Quota(100, 1, None, 1.0), has_key=False)
    found = collect(calls)
    asked_before = len(server.seen)
    assert {got.outcome for got in collect(calls)} == {"there"}
    assert len(server.seen) == asked_before
    with Visit(Manners(Pace()), lambda *_: None) as visit:
        planned = plan(visit, calls, tmp_path)
    assert [p.call.name for p in planned] == [got.call.name for got in found]
    assert {p.state for p in planned} == {"there"}
    assert len(server.seen) == asked_before
    collect(calls, is_again=True)
    assert len(server.seen) == 2 * asked_before


def test_a_question_that_cannot_be_divided_further_is_an_error(server, collect, tmp_path):
    crowd = [Trade("202201", 268, 643, "X", f"{good:06d}") for good in range(200)]
    server.answers["/public/v1/preview"] = comtrade(crowd, limit=500)
    question = Question("M", ("2022-01",), ("GE",), ("RU",), ("X",), ("AG6",))
    with pytest.raises(SourceError, match="cannot be divided further"):
        collect(comtrade_calls(server.url, question, Quota(100, 1, None, 1.0), has_key=False))
    assert list(tmp_path.glob("*.json")) == []


def test_a_run_that_stopped_asks_only_for_what_is_missing(server, collect):
    server.answers["/public/v1/preview"] = comtrade(TRADES, limit=500)
    question = Question("M", ("2022-01", "2022-02"), ("GE",), ("RU",), ("X",), ("870301",))
    calls = comtrade_calls(server.url, question, PREVIEW, has_key=False)
    collect(calls[:1])
    found = collect(calls)
    assert [got.outcome for got in found] == ["there", "fetched"]
    assert len(server.seen) == 2


def test_a_key_goes_into_the_header_and_nowhere_else(server, collect, tmp_path):
    server.answers["/data/v1/get"] = comtrade(TRADES, limit=100_000)
    calls = comtrade_calls(server.url, CARS, FREE_KEY, has_key=True)
    collect(calls, headers={KEY_HEADER: "secret-key"})
    assert server.seen[0].headers[KEY_HEADER.lower()] == "secret-key"
    assert "secret" not in server.seen[0].path
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())


SAID = {
    "an error": b'{"count": 0, "data": [], "error": "period is invalid"}',
    "a refusal": b'{"statusCode": 401, "message": "period is invalid"}',
}


@pytest.mark.parametrize("body", SAID.values(), ids=SAID)
def test_an_answer_that_is_an_error_is_not_kept(server, collect, tmp_path, body):
    server.answers["/public/v1/preview"] = comtrade(TRADES, limit=500)
    server.faults.append(Fault(body=body))
    calls = comtrade_calls(server.url, CARS, PREVIEW, has_key=False)
    with pytest.raises(SourceError, match="UN Comtrade answered 'period is invalid'"):
        collect(calls)
    assert list(tmp_path.glob("*.json*")) == []


LINES = [
    (reporter, partner, good, flow, f"{year}-{month:02d}", 100.0)
    for reporter in ("DE", "FR")
    for partner in ("KZ", "RU")
    for good in ("TOTAL", "27")
    for flow in ("1", "2")
    for year in (2021, 2022)
    for month in range(1, 13)
]
GERMANY = Question(
    "M", periods_between("2021-01", "2022-12"), ("DE",), ("KZ", "RU"), ("M", "X"), ("TOTAL", "27")
)


def test_eurostat_is_asked_for_one_reporter_and_year_at_a_time():
    calls = eurostat_calls(BASE, GERMANY)
    assert [call.url for call in calls] == [
        "https://host/sdmx/2.1/data/DS-045409/M.DE.KZ+RU.TOTAL+27.1+2."
        f"?format=SDMX-CSV&compressed=false&startPeriod={year}-01&endPeriod={year}-12"
        for year in (2021, 2022)
    ]


def test_eurostat_knows_serbia_by_two_codes_and_an_empty_place_for_all():
    question = Question("M", ("2022-01",), ("DE",), ("RS",), ("X",), ("8703",))
    assert "/M.DE.RS+XS.8703.2." in eurostat_calls(BASE, question)[0].url
    question = Question("A", ("2022",), ("DE",), (), ("X",), ("87032319",))
    assert "/A.DE..87032319.2.?" in eurostat_calls(BASE, question)[0].url


def lines_of(found):
    return sorted(
        tuple(line.split(",")[i] for i in (3, 4, 5, 6, 8))
        for got in found
        if got.record is not None
        for line in got.path.read_text("utf-8").splitlines()[1:]
    )


@pytest.mark.parametrize("most_cells", [10_000, 24, 6])
def test_what_eurostat_finds_too_large_is_asked_for_in_parts(server, collect, most_cells):
    server.answers["/sdmx/2.1/data"] = eurostat(LINES, most_cells)
    found = collect(eurostat_calls(server.url, GERMANY))
    assert lines_of(found) == sorted(line[:5] for line in LINES if line[0] == "DE")


def test_an_answer_promised_for_later_is_asked_for_in_parts(server, collect):
    later = b"<?xml version='1.0'?><S:Envelope><queued><id>42</id></queued></S:Envelope>"
    server.answers["/sdmx/2.1/data"] = eurostat(LINES, 10_000)
    server.faults.append(Fault(body=later, headers={"Content-Type": "application/xml"}))
    found = collect(eurostat_calls(server.url, GERMANY))
    assert lines_of(found) == sorted(line[:5] for line in LINES if line[0] == "DE")


def test_a_selection_without_trade_is_said_and_not_kept(server, collect, tmp_path):
    server.answers["/sdmx/2.1/data"] = eurostat(LINES, 10_000)
    empty = f"{SDMX_HEADER}\r\n".encode()
    server.faults.append(Fault(body=empty))
    found = collect(eurostat_calls(server.url, GERMANY))
    assert [got.outcome for got in found] == ["not published", "fetched"]
    assert len(list(tmp_path.glob("*.csv"))) == 1


def test_codes_eurostat_does_not_know_are_refused():
    with pytest.raises(SourceError, match="goods is '870', expected TOTAL or 2, 4, 6 or 8"):
        eurostat_calls(BASE, Question("M", ("2022-01",), ("DE",), (), ("X",), ("870",)))
    with pytest.raises(SourceError, match=r"flow is 'RM', expected one of \['M', 'X', 'RX'\]"):
        eurostat_calls(BASE, Question("M", ("2022-01",), ("DE",), (), ("RM",), ("87",)))
