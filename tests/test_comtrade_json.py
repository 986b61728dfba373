"""Answers of UN Comtrade's interface, and bulk files: the same facts give the same rows."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_comtrade_csv import LINE, text_of

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.comtrade_csv import read_comtrade
from entrepot.sources.comtrade_json import LIMITS, looks_like_answer, read_comtrade_json
from entrepot.sources.comtrade_layout import BULK, CURRENT
from entrepot.sources.ingest import ingest
from entrepot.sources.reading import no_progress, source_file
from entrepot.tables import FLOWS, SOURCES

NOW = datetime(2024, 3, 20, tzinfo=UTC)
IN_BULK = {"cifvalue": "CIFValue", "fobvalue": "FOBValue"}

# Armenia's imports of cars from Germany in May 2022, as the interface writes them.
RECORD = {
    **dict.fromkeys(CURRENT),
    **{"typeCode": "C", "freqCode": "M", "refYear": 2022, "refMonth": 5, "period": "202205"},
    **{"reporterCode": 51, "flowCode": "M", "partnerCode": 276, "partner2Code": 0},
    **{"classificationCode": "H6", "cmdCode": "870323", "customsCode": "C00", "mosCode": "0"},
    **{"motCode": 0, "qtyUnitCode": 5, "qty": 2.0, "isQtyEstimated": False, "netWgt": 3000.0},
    **{"isNetWgtEstimated": False, "cifvalue": 40000.0, "primaryValue": 40000.0},
}


def record(**changes):
    return {**RECORD, **changes}


def answer_of(*records, **changes):
    head = {"elapsedTime": "0.03 secs", "count": len(records)}
    return json.dumps({**head, "data": records, "error": "", **changes})


def read(path, reader=read_comtrade_json):
    """All rows of a file as dictionaries without their source, and what was skipped."""
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in reader(source_file(path, NOW), no_progress).batches:
        rows += batch.rows.drop_columns(["source_id"]).to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


@pytest.fixture
def read_text(tmp_path):
    def write_and_read(text):
        path = tmp_path / "answer.json"
        path.write_text(text, "utf-8")
        return read(path)

    return write_and_read


def test_a_record_becomes_a_row_in_dollars_with_weight_and_pieces(read_text):
    ((row,), skipped) = read_text(answer_of(record()))
    assert row == {
        "dataset": "comtrade",
        "freq": "M",
        "period": date(2022, 5, 1),
        "reporter": "AM",
        "partner": "DE",
        "partner2": "_T",
        "flow": "M",
        "classification": "H6",
        "commodity": "870323",
        "customs_procedure": "_T",
        "value": 40000.0,
        "currency": "USD",
        "valuation": "CIF",
        "net_weight_kg": 3000.0,
        "quantity": 2.0,
        "quantity_unit": "u",
        "obs_status": "A",
    }
    assert skipped == {}


def test_estimates_and_nulls_are_left_open(read_text):
    ((row,), skipped) = read_text(answer_of(record(isNetWgtEstimated=True, qty=None)))
    assert (row["net_weight_kg"], row["quantity"]) == (None, None)
    assert skipped == {"net weight estimated by the UN, left open": 1}


def test_the_world_never_enters_flows(read_text):
    rows, skipped = read_text(answer_of(record(partnerCode=0), record()))
    assert [row["partner"] for row in rows] == ["DE"]
    assert skipped == {"partner is the world or a group, a sum over partners": 1}


def test_an_answer_without_records_is_no_zero_but_no_rows(read_text):
    assert read_text(answer_of()) == ([], {})


REFUSED = {
    "error in the body": (answer_of(error="period is invalid"), "answered 'period is invalid'"),
    "refusal of the gateway": (
        json.dumps({"statusCode": 401, "message": "Access denied"}),
        "answered 'Access denied', expected data. Put the question right, check the key",
    ),
    "no data": (json.dumps({"elapsedTime": "0.1 secs"}), r"answered ['elapsedTime'], expected"),
    "cut short": (answer_of(record())[:-40], "not a whole answer in JSON"),
    "no number of JSON": (answer_of(record(primaryValue=float("nan"))), "NaN is no number"),
    "another count": (answer_of(record(), count=2), "count is 2, expected 1, the records in data"),
    "tariff lines": (
        answer_of({"typeCode": "C", "commodityCode": "87"}),
        "data is no list of records with the fields ['typeCode', 'freqCode', 'refPeriodId']",
    ),
    "new field": (answer_of(record(isGuess=1)), "current layout: [] missing, ['isGuess'] unknown"),
    "missing field": (
        answer_of({name: value for name, value in RECORD.items() if name != "netWgt"}),
        "['netWgt'] missing",
    ),
    "text for a number": (
        answer_of(record(), record(primaryValue="7")),
        "record 2: primaryValue is '7', expected a number or null",
    ),
    "truth for a number": (answer_of(record(netWgt=True)), "record 1: netWgt is True"),
    "unknown area": (
        answer_of(record(), record(partnerCode=999)),
        "record 2: partnerCode is '999': area code is '999', expected",
    ),
    "said twice": (
        answer_of(record(), record(cmdCode="87"), record()),
        "stands in record 1 already, expected once",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_an_answer_that_is_not_whole_or_not_known_is_refused(read_text, text, message):
    with pytest.raises(SourceError) as error:
        read_text(text)
    assert str(error.value).startswith("answer.json")
    assert message in str(error.value)
    assert "answer.json, line" not in str(error.value)


@pytest.mark.parametrize("count", [500, 100_000])
def test_an_answer_at_the_limit_is_taken_to_be_cut(read_text, count):
    records = json.dumps(RECORD)
    text = answer_of(count=count).replace("[]", f"[{', '.join([records] * count)}]")
    with pytest.raises(SourceError, match=rf"holds {count:,} records, expected fewer.*Ask for les"):
        read_text(text)
    assert set(LIMITS) == {500, 100_000, 250_000}


def test_an_answer_is_known_by_its_content(tmp_path):
    path = tmp_path / "download.bin"
    path.write_bytes(gzip.compress(answer_of(record()).encode()))
    assert looks_like_answer(path)
    assert len(read(path)[0]) == 1
    for other in ("typeCode,freqCode\n", '{"version": "2.0", "class": "dataset"}', ""):
        path.write_text(other)
        assert not looks_like_answer(path)
    path.write_bytes(gzip.compress(b"")[:9])
    with pytest.raises(SourceError, match="not a whole gzip file"):
        looks_like_answer(path)


def test_an_answer_enters_the_lake_with_its_source(tmp_path):
    path = tmp_path / "am-2022.json"
    path.write_text(answer_of(record(), record(flowCode="X", cifvalue=None, fobvalue=40000.0)))
    with open_lake(tmp_path / "lake") as lake:
        (result,) = ingest(lake, [path], retrieved_at=NOW)
        (source,) = lake.table(SOURCES).collect().rows(named=True)
        assert lake.table(FLOWS).collect().shape[0] == 2
    assert (result.dataset, result.reader, result.row_count) == ("comtrade", "comtrade_json", 2)
    assert (source["vintage"], source["path"]) == ("2024-03-20", "am-2022.json")


def bulk_text(lines):
    """Tabs, no descriptions, the older names of two columns, and codes padded with spaces."""
    padded = [
        {IN_BULK.get(name, name): value for name, value in {**line, "flowCode": "M "}.items()}
        for line in lines
    ]
    return text_of(padded, BULK, "\t")


def test_a_bulk_file_says_when_it_was_released(tmp_path):
    path = tmp_path / "COMTRADE-FINAL-CM051202205H6[2023-01-03].gz"
    path.write_bytes(gzip.compress(bulk_text([LINE]).encode()))
    assert len(BULK) == 36
    assert read_comtrade(source_file(path, NOW), no_progress).vintage == "2023-01-03"
    ((row,), _) = read(path, read_comtrade)
    assert (row["flow"], row["valuation"], row["value"]) == ("M", "CIF", 40000.0)


amounts = st.none() | st.integers(0, 10**9) | st.floats(0.01, 1e9).map(lambda v: round(v, 2))
records = st.lists(
    st.fixed_dictionaries(
        {
            "partnerCode": st.sampled_from([276, 842, 899, 837, 0, 97]),
            "cmdCode": st.sampled_from(["870323", "01", "TOTAL"]),
            "customsCode": st.sampled_from(["C00", "C01"]),
            "motCode": st.sampled_from([0, 1000, 3200]),
            "primaryValue": amounts,
            "netWgt": amounts,
            "qty": amounts,
            "qtyUnitCode": st.sampled_from([-1, 5]),
            "isNetWgtEstimated": st.booleans(),
        }
    ),
    unique_by=lambda r: (r["partnerCode"], r["cmdCode"], r["customsCode"], r["motCode"]),
    min_size=1,
)


@settings(max_examples=30)
@given(records)
def test_the_same_facts_give_the_same_rows_in_every_layout(tmp_path_factory, facts):
    """A law: text, answer and bulk file differ in how they say it, not in what they say."""
    folder = tmp_path_factory.mktemp("comtrade")
    whole = [{**RECORD, **fact, "cifvalue": fact["primaryValue"]} for fact in facts]
    texts = [
        {name: "" if value is None else str(value) for name, value in line.items()}
        for line in whole
    ]
    (folder / "text.csv").write_text(text_of(texts))
    (folder / "answer.json").write_text(answer_of(*whole))
    in_bulk = [{n: v for n, v in line.items() if IN_BULK.get(n, n) in BULK} for line in texts]
    (folder / "bulk.gz").write_bytes(gzip.compress(bulk_text(in_bulk).encode()))
    expected = read(folder / "text.csv", read_comtrade)
    assert read(folder / "answer.json") == expected
    assert read(folder / "bulk.gz", read_comtrade) == expected
