"""The interface for programs: rows, pages of rows, formats, records, errors."""

from __future__ import annotations

import csv
import io
import json
import re

import pyarrow as pa
import pyarrow.parquet
import pytest

pytest.importorskip("fastapi", reason="needs entrepot[web].")

from fastapi.testclient import TestClient
from web_demo import demo_lake

import write_reference as reference
from entrepot.api.tables_shown import filters_of
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.tables import FLOWS, LEADS, SOURCES, TABLES, TOTALS
from entrepot.web.api.fields import TableQuery
from entrepot.web.app import make_app

V1 = "/api/v1"


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return demo_lake(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def client(lake):
    app = make_app(lambda: None, settings=Settings(lake=lake))
    return TestClient(app, headers={"host": "localhost"})


def rows_of(client, query):
    answer = client.get(f"{V1}/tables/{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_pages(client, query):
    """Rows of all pages, following the Link header as RFC 8288 has it."""
    found, address = [], f"{V1}/tables/{query}"
    while address:
        answer = client.get(address)
        found += answer.json()["rows"]
        link = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        assert (link is None) == (answer.json()["next"] is None)
        address = link and link[1]
    return found


def test_every_table_is_told_with_its_key_and_units(client):
    told = {one["name"]: one for one in client.get(f"{V1}/tables").json()["tables"]}
    assert list(told) == list(TABLES)
    assert told["flows"]["key"] == list(FLOWS.key)
    units = {one["name"]: one["unit"] for one in told["flows"]["columns"]}
    assert (units["value"], units["net_weight_kg"], units["quantity"]) == (
        *("currency", "kg", "quantity_unit"),
    )


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_no_filter_hides_behind_a_word_of_the_interface(table):
    words = {*TableQuery.model_fields, "columns", "order", "vintage"}
    assert words & {column.name for column in filters_of(table)} == set()


@pytest.mark.parametrize("order", ["", "&order=-commodity", "&order=-period&order=partner"])
def test_pages_hold_every_row_once_in_order(client, order):
    query = f"flows?reporter=DE&partner=GE&flow=X&columns=commodity&columns=period{order}"
    whole = rows_of(client, f"{query}&limit=10000")["rows"]
    paged = all_pages(client, f"{query}&limit=97")
    assert len(whole) > 97
    assert paged == whole
    if "-commodity" in order:
        codes = [row["commodity"] for row in whole]
        assert codes == sorted(codes, reverse=True)


def test_a_page_goes_on_behind_the_key_when_rows_before_it_are_gone(client):
    first = rows_of(client, "leads?limit=5")
    later = rows_of(client, f"leads?limit=5&cursor={first['next']}")
    keys = [tuple(row[name] for name in LEADS.key) for row in first["rows"] + later["rows"]]
    assert keys == sorted(set(keys))


def test_a_cursor_of_another_question_is_refused(client):
    place = rows_of(client, "leads?limit=5")["next"]
    for query in (f"leads?limit=5&order=-commodity&cursor={place}", f"totals?cursor={place}"):
        answer = client.get(f"{V1}/tables/{query}")
        assert (answer.status_code, "another question" in answer.json()["detail"]) == (400, True)
    for forged in ("AAAA", "e30", "W10", "bnVsbA"):
        assert client.get(f"{V1}/tables/leads?cursor={forged}").status_code == 400


def test_filters_are_those_of_the_declaration(client):
    query = "flows?reporter=DE&partner=GE&partner=KG&commodity_prefix=87&period_from=2022-03-01"
    rows = rows_of(client, f"{query}&period_to=2022-04-30&limit=10000")["rows"]
    assert {row["partner"] for row in rows} == {"GE", "KG"}
    assert {row["commodity"][:2] for row in rows} == {"87"}
    assert {row["period"] for row in rows} == {"2022-03-01", "2022-04-01"}


def test_a_misspelt_filter_is_refused_and_never_left_out(client):
    for query in (
        "flows?reporters=DE",
        "flows?flow=EX",
        "flows?columns=price",
        "flows?order=value",
    ):
        assert client.get(f"{V1}/tables/{query}").status_code == 422


def test_a_table_without_rows_has_none(client):
    told = rows_of(client, "rates")
    assert (told["rows"], told["next"]) == ([], None)


def test_results_are_those_of_the_latest_run_unless_all_are_asked(client, lake):
    with open_lake(lake) as held:
        count = held.row_count(TOTALS)
        (run,) = held.units(TOTALS)
    assert len(rows_of(client, "totals?limit=10000")["rows"]) == count
    assert len(rows_of(client, f"totals?limit=10000&vintage=all&run_id={run}")["rows"]) == count
    assert rows_of(client, "totals?run_id=none")["rows"] == []


def test_formats_hold_the_same_rows(client):
    query = "leads?columns=intermediary&columns=commodity&columns=excess&bracket=common"
    plain = rows_of(client, f"{query}&limit=10000")["rows"]
    for limit in (0, 10_000):
        asked = f"{V1}/tables/{query}&limit={limit}"
        arrow = client.get(asked, headers={"accept": "application/vnd.apache.arrow.stream"})
        assert pa.ipc.open_stream(arrow.content).read_all().to_pylist() == plain
        parquet = client.get(f"{asked}&format=parquet").content
        assert pyarrow.parquet.read_table(io.BytesIO(parquet)).to_pylist() == plain
        text = client.get(asked, headers={"accept": "text/csv, application/json;q=0.5"}).text
        read = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["commodity"] for row in read] == [row["commodity"] for row in plain]
        assert float(read[0]["excess"]) == plain[0]["excess"]


def test_csv_ends_its_lines_as_the_rfc_says(client):
    text = client.get(f"{V1}/tables/sources?format=csv").content
    assert text.count(b"\r\n") == text.count(b"\n") > 1


def test_formulas_are_escaped_only_where_a_spreadsheet_is_asked_for(tmp_path):
    from datetime import UTC, datetime

    from entrepot.rows import arrow_rows

    words = dict.fromkeys(("dataset", "vintage", "publisher", "licence", "reader"), "test")
    source = {
        **words,
        "source_id": "0" * 16,
        "path": "=1+1.csv",
        "sha256": "0" * 64,
        "retrieved_at": datetime(2026, 6, 1, tzinfo=UTC),
        "size_bytes": 1,
        "row_count": 1,
    }
    with open_lake(tmp_path) as lake, lake.write() as transaction:
        transaction.put(SOURCES, arrow_rows(SOURCES, 1, source), unit="0" * 16)
    app = make_app(lambda: None, settings=Settings(lake=tmp_path))
    reader = TestClient(app, headers={"host": "localhost"})
    for limit in (0, 10):
        asked = f"{V1}/tables/sources?format=csv&columns=path&limit={limit}"
        assert '"=1+1.csv"' in reader.get(asked).text
        assert '"\'=1+1.csv"' in reader.get(f"{asked}&excel=true").text


def test_json_is_not_streamed_and_says_so(client):
    answer = client.get(f"{V1}/tables/flows?limit=0")
    assert (answer.status_code, "format=csv" in answer.json()["detail"]) == (422, True)


def test_nothing_is_sent_that_the_caller_does_not_take(client):
    answer = client.get(f"{V1}/tables/flows", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_question_that_takes_too_long_is_stopped(client, monkeypatch):
    monkeypatch.setattr("entrepot.api.tables_shown.SECONDS", 0.001)
    answer = client.get(f"{V1}/tables/flows?order=-value&order=-period")
    assert answer.status_code == 422  # value is no column of the key
    answer = client.get(f"{V1}/tables/flows?order=-commodity&limit=9999")
    assert (answer.status_code, "took longer" in answer.json()["detail"]) == (422, True)
    monkeypatch.undo()
    assert client.get(f"{V1}/tables/flows?order=-commodity&limit=9999").status_code == 200


@pytest.mark.parametrize("path", ["tables", "tables/leads?limit=3", "runs", "leads", "sources"])
def test_an_answer_is_named_until_something_changes(client, path):
    full = client.get(f"{V1}/{path}")
    tag = full.headers["etag"]
    again = client.get(f"{V1}/{path}", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"{V1}/{path}", headers={"if-none-match": 'W/"x"'}).status_code == 200
    head = client.head(f"{V1}/{path}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert "last-modified" not in full.headers


def test_formats_of_one_address_have_names_of_their_own(client):
    asked = f"{V1}/tables/leads?limit=3"
    tags = {client.get(asked, headers={"accept": kind}).headers["etag"] for kind in ("text/csv",)}
    assert client.get(asked).headers["etag"] not in tags
    assert "Accept" in client.get(asked).headers["vary"]


def test_a_lead_is_told_with_intervals_units_and_evidence(client):
    page = client.get(f"{V1}/leads?flagged=true&limit=2").json()
    assert page["is_simulated"]
    assert page["count"] >= 2
    units = {one["name"]: one["unit"] for one in page["columns"]}
    assert units["excess_low_common"] == "unit"
    one = page["rows"][0]
    assert one["excess_low_common"] <= one["excess_common"] <= one["excess_high_common"]
    told = client.get(one["address"]).json()
    assert told["told"]["brackets"][0]["conclusion"]["excess"]["unit"] == one["unit"]
    assert [name for name in told["told"]["evidence"] if name.startswith("source ")]
    assert {note["code"] for note in page["caveats"]} >= {*one["caveats_common"].split()}


def test_pages_of_leads_hold_every_lead_once(client):
    seen, place = [], ""
    while place is not None:
        page = client.get(f"{V1}/leads?limit=60&cursor={place}").json()
        seen += [row["address"] for row in page["rows"]]
        place = page["next"]
    assert len(seen) == len(set(seen)) == page["count"]


def test_totals_are_the_rows_that_the_run_stored(client, lake):
    from entrepot.dossier.runs import latest_run, rows_of

    asked = client.get(f"{V1}/totals?group=_T&intermediary=ge&bracket=common").json()["rows"]
    with open_lake(lake) as held:
        (stored,) = rows_of(
            *(held, TOTALS, latest_run(held)), group="_T", intermediary="GE", bracket="common"
        )
    (told,) = asked
    assert (told["excess_low"], told["excess_high"]) == (
        *(stored["excess_low"], stored["excess_high"]),
    )
    assert told["evidence"].startswith(f"totals run_id={stored['run_id']}")


def test_a_country_is_its_dossier_and_what_was_said_of_it(client):
    told = client.get(f"{V1}/countries/kz").json()
    assert told["dossier"]["intermediary"] == "KZ"
    assert told["dossier"]["caveats"]
    assert [one["claimant"] for one in told["claims"]]
    assert told["record"]["entries"]


def test_a_source_says_what_came_from_it(client):
    (one, *_) = client.get(f"{V1}/sources").json()["rows"]
    told = client.get(f"{V1}/sources/{one['source_id']}").json()
    assert told["sha256"].startswith(one["source_id"])
    assert told["rows_by_table"]["flows"] == told["row_count"]


TEXT = "Germany's exports to Kazakhstan rose by 32 percent in 2022."
FIELDS = {
    **{"exporter": "DE", "importer": "KZ", "flow": "export", "relation": "pct_change"},
    **{"value": 32, "unit": "%", "period": "2022", "said_on": "2023-06-21"},
}


def checked(client, body):
    return client.post(f"{V1}/claims/check", json=body)


def test_a_claim_has_one_answer_in_words_and_in_fields(client):
    words = checked(client, {"text": TEXT, "date": "2023-06-21", "language": "en"}).json()
    fields = checked(client, {"claim": FIELDS}).json()
    (one,), (other,) = words["claims"], fields["claims"]
    assert one["summary"] == other["summary"]
    (found,), (same,) = one["findings"], other["findings"]
    assert (found["outcome"], found["expected"], found["unit"]) == ("unknown", 32.0, "%")
    assert found["observed"] == same["observed"]
    assert "declared" in found["detail"]
    assert found["evidence"][0].startswith("flows dataset=")
    assert TEXT[one["char_start"] : one["char_end"]] == one["fields"]["words"]


def test_checking_a_claim_keeps_nothing(client, lake):
    before = (lake / "manifest.json").read_bytes()
    checked(client, {"text": TEXT})
    assert (lake / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": TEXT, "claim": FIELDS},
        {"text": TEXT, "language": "ru"},
        {"text": TEXT, "date": "yesterday"},
        {"claim": {**FIELDS, "exporter": "QQ"}},
        {"claim": {**FIELDS, "product": "unicorns"}},
        {"claim": {**FIELDS, "value": 1e300}},
        {"claim": {**FIELDS, "perod": "2022"}},
    ],
)
def test_a_claim_that_is_not_understood_is_refused(client, body):
    answer = checked(client, body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((f"{V1}/tables/flow", 404), (f"{V1}/tables/flows?limit=-1", 422)),
        *((f"{V1}/leads/none", 404), (f"{V1}/runs/none", 404), (f"{V1}/nothing", 404)),
        *((f"{V1}/countries/QQ", 404), ("/match/default", 405), ("/readyz", 503)),
    ],
)
def test_what_goes_wrong_is_a_problem_with_details(client, path, status):
    answer = client.get(path, headers={"accept": "application/json"})
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == told["status"] == status
    assert set(told) == {"type", "title", "status", "detail", "instance"}
    assert told["instance"] == path.partition("?")[0]


def test_a_browser_gets_a_page_where_pages_are_and_a_problem_where_data_are(client):
    browser = {"accept": "text/html,*/*;q=0.8"}
    assert "text/html" in client.get("/nothing", headers=browser).headers["content-type"]
    kind = client.get(f"{V1}/nothing", headers=browser).headers["content-type"]
    assert kind == "application/problem+json"


def test_the_page_explains_every_address(client):
    page = client.get("/api", headers={"accept": "text/html"})
    assert page.status_code == 200
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert [path for path in described["paths"] if path not in page.text] == []
    assert page.text.count("<h1>") == 1
    assert "curl &#34;$ENTREPOT/api/v1/tables/flows?reporter=DE" in page.text


def test_examples_of_the_description_are_json(client):
    body = client.get("/openapi.json").json()["paths"][f"{V1}/claims/check"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]
    assert checked(client, json.loads(json.dumps(example))).status_code == 200


def test_reference_of_the_interface_is_what_the_server_offers():
    written = reference.REFERENCE / "http-api.md"
    assert written.read_text("utf-8") == reference.http_page(), "run `make docs`"
