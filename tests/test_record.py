"""The record of a country: what was said, done and decided, beside what was declared."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from dossier_lake import dossier_lake
from lake_rows import flow_row
from press_articles import article, claim, meeting, reading, statement
from test_cli_partners import ID, write_lake

from entrepot.api.claims_held import ClaimFilter, claims_held, keep_findings
from entrepot.api.reading import store_readings
from entrepot.api.record import record_of, record_rows
from entrepot.cli import main
from entrepot.dossier.record import RecordQuestion, first_day, last_day
from entrepot.dossier.record_page import render_record
from entrepot.finding import Finding
from entrepot.lake import open_lake

WORDS = "We will not allow our territory to be used for the circumvention of sanctions,"
MORE = "German exports to Kyrgyzstan topped 500 million euros in 2022"
MET = "He met a German envoy in Bishkek"
TEXT = f"Talks <b>in</b> Bishkek\n\n“{WORDS}” Sadyrov said. {MORE}, he said. {MET} on Wednesday."
AGAIN = f"Minister on sanctions\n\nSadyrov said: “{WORDS}”"
LATE = "Trade\n\nSadyrov praised Uzbekistan as “a good neighbour”."


def first():
    events = (meeting(TEXT, MET), meeting(TEXT, "Talks", date=None))
    return article(TEXT, WORDS, events=events, claims=(claim(TEXT, MORE),))


def articles():
    yield reading("a.txt", first())
    yield reading("b.txt", article(AGAIN, WORDS, on="2023-05-12"))
    yield reading("c.txt", article(AGAIN.replace("Minister", "Open"), WORDS, on="XXXX-05-12"))
    words = statement(LATE, "a good neighbour", addressee=("cty:UZ",))
    yield reading("d.txt", article(LATE, statements=(words,), on="2023-07-01"))


def declared():
    for month, value in {1: 30e6, 2: 40e6, 4: 90e6}.items():
        row = {"source_id": ID, "commodity": "TOTAL", "period": date(2022, month, 1)}
        yield flow_row(**row, value=value)
        if month != 4:
            yield flow_row(**row, reporter="FR", value=1e6)
        yield flow_row(
            **row, reporter="RU", flow="M", partner="KG", valuation="CIF", value=value / 2
        )


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = write_lake(tmp_path_factory.mktemp("record") / "lake", declared())
    with open_lake(path) as lake:
        store_readings(lake, articles())
        rows = claims_held(lake, ClaimFilter())
        detail = "Declared EUR 160 m in 3 of 12 months; claimed more than EUR 500 m."
        found = Finding(ID, "claim", "claim", rows[0]["claim_id"], "unknown", detail, ("flows",))
        keep_findings(lake, rows, [found])
    return path


@pytest.fixture
def lake(stored):
    with open_lake(stored) as lake:
        yield lake


def of(record, kind):
    return [entry for entry in record.entries if entry.kind == kind]


def ask(lake, *beside, **days):
    return record_of(lake, RecordQuestion("KG", beside, **days))


def test_a_statement_told_in_several_articles_is_one_entry(lake):
    entries = of(ask(lake), "statement")
    (told,) = [entry for entry in entries if entry.text == WORDS]
    assert told.telling_count == 3
    assert told.day == "2023-05-11"
    assert told.who == "Talant Sadyrov, Minister of Trade"


def test_an_event_without_a_day_stands_at_its_articles_day_and_says_so(lake):
    dated, undated = sorted(of(ask(lake), "event"), key=lambda entry: entry.is_of_article)
    assert (dated.day, dated.is_of_article) == ("2023-05-10", False)
    assert (undated.day, undated.is_of_article) == ("2023-05-11", True)


def test_a_claim_carries_what_its_check_found(lake):
    (entry,) = of(ask(lake), "claim")
    assert entry.outcome.startswith("unknown: Declared EUR 160 m in 3 of 12 months")
    assert entry.what == "export DE to KG, total: level > 500,000,000 EUR, 2022"


def test_the_eus_acts_against_russia_stand_beside_unless_others_are_asked(lake):
    acts = of(ask(lake), "measure")
    assert acts[0].day == "2022-02-23"
    assert of(ask(lake, "UZ"), "measure") == []
    assert of(ask(lake, "RU"), "measure") == acts


def test_only_relations_with_those_named_are_kept(lake):
    said = of(ask(lake, "UZ"), "statement")
    assert [entry.text for entry in said] == ["a good neighbour"]


def test_days_bound_the_timeline_and_open_years_are_counted(lake):
    record = ask(lake, since=date(2023, 5, 11), until=date(2023, 6, 1))
    days = {entry.day for entry in record.entries if entry.kind != "measure"}
    assert days == {"2023-05-11"}
    assert record.left_out == 0  # the open telling is told by another article


def test_entries_whose_year_is_open_stand_last(tmp_path):
    with open_lake(tmp_path) as lake:
        store_readings(lake, [reading("c.txt", article(AGAIN, WORDS, on="XXXX-05-12"))])
        record = ask(lake)
        assert record.entries[-1].day == "XXXX-05-12"
        assert ask(lake, since=date(2020, 1, 1)).left_out == 1


def test_trade_is_the_exporters_declarations_else_the_importers(lake):
    legs = {leg.name: leg for leg in ask(lake).legs}
    assert set(legs) == {"EU to KG", "DE to KG", "KG to RU, as RU imports"}
    eu = legs["EU to KG"]
    assert [(m.month.month, m.value, m.reporter_count) for m in eu.months] == [
        (1, 31e6, 2),
        (2, 41e6, 2),
        (4, 90e6, 1),
    ]
    assert legs["KG to RU, as RU imports"].unit == "EUR CIF"


def a_year(year, value, **other):
    keys = {"source_id": ID, "commodity": "TOTAL", "freq": "A", "period": date(year, 1, 1)}
    return flow_row(**keys, **{"reporter": "KG", "partner": "RU", **other}, value=value)


def test_a_year_is_no_month_and_stands_only_where_no_month_is_held(tmp_path):
    years = [a_year(2021, 500e6), a_year(2022, 900e6), a_year(2023, 700e6)]
    with open_lake(write_lake(tmp_path / "lake", [*declared(), *years])) as lake:
        record = ask(lake)
    months, yearly = (leg for leg in record.legs if leg.importer == "RU")
    assert (months.reporter, months.freq, yearly.reporter, yearly.freq) == ("RU", "M", "KG", "A")
    trade = [row for row in record_rows(record).to_pylist() if row["kind"] == "trade"]
    # 2022 is held by month, as RU imports; its sum as KG exports would be the same trade again.
    assert [(row["day"], row["value"]) for row in trade if row["freq"] == "A"] == [
        ("2021", 500e6),
        ("2023", 700e6),
    ]
    assert all(len(row["day"]) == len("2022-01") for row in trade if row["freq"] == "M")
    page = render_record(record)
    assert "KG to RU is held by year only" in page
    assert "2021: EUR 500 m; 2023: EUR 700 m." in page
    assert "900" not in re.search(r"<table.*?</table>", page, re.DOTALL)[0]


def monthly(dataset, classification, value, *months):
    """Exports of Kyrgyzstan to Russia in some months of 2022, out of one dataset."""
    keys = {"source_id": ID, "commodity": "TOTAL", "reporter": "KG", "partner": "RU"}
    more = {"dataset": dataset, "classification": classification, "value": value}
    return [flow_row(**keys, **more, period=date(2022, month, 1)) for month in months]


def test_the_days_asked_for_do_not_change_the_dataset(tmp_path):
    rows = [
        *monthly("customs-ru", "HS", 1e6, 5, 6),
        *monthly("comext", "CN", 2e6, 1, 2, 3, 5),
    ]
    with open_lake(write_lake(tmp_path / "lake", rows)) as lake:
        for since in (None, date(2022, 5, 1)):
            (leg,) = [leg for leg in ask(lake, since=since).legs if leg.importer == "RU"]
            assert {month.value for month in leg.months} == {2e6}


def test_trade_that_is_not_held_is_named(lake):
    assert ask(lake, "UZ").absent == (
        "The lake holds no trade of UZ to KG.",
        "The lake holds no trade of KG to UZ.",
    )


def test_a_lake_without_articles_still_lays_acts_beside_trade(tmp_path):
    path = write_lake(tmp_path / "lake", declared())
    with open_lake(path) as lake:
        record = ask(lake)
    assert {entry.kind for entry in record.entries} == {"measure"}
    assert len(record.legs) == 3


def test_the_rows_hold_timeline_and_trade(lake):
    rows = record_rows(ask(lake)).to_pylist()
    trade = [row for row in rows if row["kind"] == "trade"]
    assert len(trade) == 9
    assert trade[0]["day"] == "2022-01"
    (told,) = [row for row in rows if row["text"] == WORDS]
    assert TEXT[told["char_start"] : told["char_end"]] == WORDS


def test_a_month_is_a_stretch_of_days():
    assert (first_day("2023-02"), last_day("2023-02")) == (date(2023, 2, 1), date(2023, 2, 28))
    assert last_day("2023-01/2023-12-05") == date(2023, 12, 5)
    assert first_day("2023-02-30") is None


class Outline(HTMLParser):
    """Tags that a page opens, and what it asks of other machines."""

    def __init__(self):
        super().__init__()
        self.tags, self.asked, self.stack = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        names = ("src", "href", "xlink:href")
        self.asked += [value for name, value in attrs if name in names and value[:1] != "#"]


def test_the_page_asks_nobody_and_escapes_what_an_article_says(lake):
    page = render_record(ask(lake))
    outline = Outline()
    outline.feed(page)
    assert outline.asked == []
    assert "script" not in outline.tags
    assert "<b>in</b>" not in page
    assert "Talks &lt;b&gt;in&lt;/b&gt; Bishkek" in page


def test_the_page_shows_a_chart_with_its_words_and_the_numbers_behind_it(lake):
    page = render_record(ask(lake))
    description = re.search(r"<desc[^>]*>([^<]*)</desc>", page)[1]
    assert "EU to KG, DE to KG" in description
    assert "Months without a declaration are gaps" in description
    row = re.search(r"2022-03</th>(.*?)</tr>", page)[1]
    assert row.count("open") == 3
    assert "told in 3 articles" in page
    assert "says nothing of cause" in page


def test_a_page_without_trade_has_no_chart_and_says_so(tmp_path):
    with open_lake(tmp_path) as lake:
        store_readings(lake, articles())
        page = render_record(ask(lake))
    assert "<svg" not in page
    assert "The lake holds no trade of EU to KG." in page


@pytest.fixture
def run(stored, tmp_path):
    path = shutil.copytree(stored, tmp_path / "lake")
    return lambda *words: CliRunner().invoke(main, ["--lake", str(path), "record", *words])


def test_the_table_lays_months_of_trade_between_what_was_said(run):
    shown = run("KG")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    kinds = [line.split()[1] for line in lines if re.match(r"\(?20\d\d-", line)]
    assert kinds.index("trade") < kinds.index("measure") < kinds.index("statement")
    (april,) = [line for line in lines if line.startswith("2022-04 ")]
    assert "EU to KG EUR 90.0 m (1 of 2 reporters)" in april


def test_csv_and_json_hold_the_same_rows(run):
    told = json.loads(run("KG", "--format", "json").stdout)
    listed = list(csv.DictReader(io.StringIO(run("KG", "--format", "csv").stdout)))
    assert [row["kind"] for row in told] == [row["kind"] for row in listed]
    assert {"statement", "event", "claim", "measure", "trade"} == {row["kind"] for row in told}


def test_a_page_is_written_beside_the_rows(run, tmp_path):
    page = tmp_path / "kg.html"
    assert run("kg", "--with", "ru,de", "--page", str(page)).exit_code == 0
    text = page.read_text("utf-8")
    assert "Kyrgyzstan: record of relations with RU and DE" in text
    assert text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "code"), [(["XY"], 1), (["KG", "--with", "Germany"], 1), (["KG", "--since", "x"], 2)]
)
def test_an_unknown_country_is_an_error_and_a_wrong_day_wrong_use(run, words, code):
    assert run(*words).exit_code == code


def test_the_dossier_of_a_country_shows_its_record_where_articles_are_held(tmp_path):
    with dossier_lake(tmp_path) as lake:
        store_readings(lake, articles())
    shown = CliRunner().invoke(
        main, ["--lake", str(tmp_path / "lake"), "dossier", "KG", "-o", str(tmp_path / "kg.html")]
    )
    assert shown.exit_code == 0, shown.output
    page = (tmp_path / "kg.html").read_text("utf-8")
    assert "Kyrgyzstan: record of relations</h2>" in page
    assert "told in 3 articles" in page
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
