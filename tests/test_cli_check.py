"""``entrepot check``: what a user types, and what comes back."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
from click.testing import CliRunner
from lake_rows import flow_row
from press_articles import SADYR, article, claim, reading
from test_cli_partners import ID, write_lake

from entrepot.api.claims_held import ClaimFilter, claims_held, keep_findings, to_check
from entrepot.api.reading import store_readings
from entrepot.cli import main
from entrepot.finding import Finding
from entrepot.lake import open_lake
from entrepot.press.article import Entity
from entrepot.tables import FINDINGS

MORE = "German exports to Kyrgyzstan topped 500 million euros in 2022"
LESS = "Exports of Germany to Uzbekistan stayed under 2 billion euros"
DENIED = "Goods under sanctions do not pass through Kyrgyzstan"
TEXT = f"Trade\n\n{MORE}, Sadyrov said. {LESS}, Berdiev said. {DENIED}, he added."
BERDIEV = Entity("per:berdiev", "person", "Bachtijor Berdiyev", (), "UZ")


def told(on="2023-05-11"):
    claims = (
        claim(TEXT, MORE),
        claim(TEXT, LESS, importer="UZ", comparison="<", value=2e9, claimant=("per:berdiev",)),
        claim(
            TEXT,
            DENIED,
            exporter="DE",
            importer="RU",
            via="KG",
            relation="exists",
            comparison="=",
            value=None,
            unit=None,
            polarity="denied",
        ),
    )
    return article(TEXT, on=on, entities=(SADYR, BERDIEV), claims=claims)


def declared():
    for month in range(1, 13):
        row = {"source_id": ID, "commodity": "TOTAL", "period": date(2022, month, 1)}
        yield flow_row(**row, partner="KG", value=50e6)
        yield flow_row(**row, partner="UZ", value=60e6)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = write_lake(tmp_path_factory.mktemp("check") / "lake", declared())
    with open_lake(path) as lake:
        store_readings(
            lake, [reading("news/a.txt", told()), reading("news/b.txt", told("XXXX-05-12"))]
        )
    return path


@pytest.fixture
def lake(stored, tmp_path):
    return shutil.copytree(stored, tmp_path / "lake")


@pytest.fixture
def run(lake):
    return lambda *words: CliRunner().invoke(main, ["--lake", str(lake), "check", *words])


def finding(row, outcome="supported"):
    detail = "Declared 600 m EUR in 12 of 12 months; claimed more than 500 m EUR."
    source = row["source_id"]
    return Finding(source, "claim", "claim", row["claim_id"], outcome, detail, ("flows",))


def chosen(lake, **wanted):
    with open_lake(lake) as opened:
        return [row["text"] for row in claims_held(opened, ClaimFilter(**wanted))]


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        ({"speaker": "Sadyrow"}, [MORE, DENIED]),
        ({"speaker": "Бердыев"}, [LESS]),
        ({"speaker": "per:berdiev"}, [LESS]),
        ({"country": "UZ"}, [LESS]),
        ({"country": "KG"}, [MORE, DENIED]),
        ({"since": date(2024, 1, 1)}, []),
        ({"speaker": "Lukaschenko"}, []),
    ],
)
def test_claims_are_chosen_by_who_about_whom_and_when(lake, wanted, texts):
    assert chosen(lake, article="a.txt", **wanted) == texts


def test_an_article_whose_year_is_open_is_not_left_out(lake):
    assert chosen(lake, article="b.txt", since=date(2024, 1, 1)) == [MORE, LESS, DENIED]


def test_a_claim_goes_to_the_check_with_its_words_and_days(lake):
    with open_lake(lake) as opened:
        (first, *_) = to_check(claims_held(opened, ClaimFilter(article="a.txt")))
    assert (first.said_on, first.text) == ("2023-05-11", MORE)
    assert (first.claim.value, first.claim.comparison) == (500e6, ">")


def findings(lake):
    with open_lake(lake) as opened:
        return opened.table(FINDINGS).collect("pyarrow").to_native().to_pylist()


def test_findings_of_a_claim_replace_those_it_had_and_leave_the_others(lake):
    with open_lake(lake) as opened:
        rows = claims_held(opened, ClaimFilter())
        keep_findings(opened, rows, [finding(row) for row in rows])
        keep_findings(opened, rows[:1], [finding(rows[0], "contradicted")])
    outcomes = {row["subject_id"]: row["outcome"] for row in findings(lake)}
    assert len(outcomes) == len(rows) == 6
    assert [key for key, found in outcomes.items() if found == "contradicted"] == [
        rows[0]["claim_id"]
    ]


def test_a_claim_that_was_read_away_leaves_no_finding(lake):
    with open_lake(lake) as opened:
        rows = claims_held(opened, ClaimFilter())
        keep_findings(opened, rows, [finding(row) for row in rows])
        store_readings(opened, [reading("news/b.txt", article(TEXT))])
        left = claims_held(opened, ClaimFilter())
        keep_findings(opened, left[:1], [finding(left[0])])
    assert {row["subject_id"] for row in findings(lake)} == {row["claim_id"] for row in left}


@pytest.fixture
def stated(monkeypatch):
    """Findings without the arithmetic, which has tests of its own."""
    seen = {}

    def checked(lake, claims, *, options):
        seen["options"] = options
        rows = [{"claim_id": one.claim_id, "source_id": one.source_id} for one in claims]
        return [finding(row) for row in rows]

    monkeypatch.setattr("entrepot.api.checked.checked", checked)
    return seen


def test_the_table_says_who_claimed_what_and_what_was_found(run, stated):
    shown = run("--article", "a.txt", "--speaker", "Berdijew")
    assert shown.exit_code == 0, shown.output
    who, words, found, what = shown.stdout.splitlines()[:4]
    assert who == "SUPPORTED: Bachtijor Berdiyev, 2023-05-11"
    assert words == f"  “{LESS}”"
    assert found == "  Declared 600 m EUR in 12 of 12 months; claimed more than 500 m EUR."
    start = TEXT.index(LESS)
    assert what.endswith(f"; news/a.txt [{start}:{start + len(LESS)}]")
    assert "1 claim, 1 finding: 1 supported." in shown.stdout


def test_every_format_holds_outcome_numbers_and_span(run, stated):
    rows = json.loads(run("--article", "a.txt", "--format", "json").stdout)
    assert [row["outcome"] for row in rows] == ["supported"] * 3
    assert [TEXT[row["char_start"] : row["char_end"]] for row in rows] == [MORE, LESS, DENIED]
    assert rows[2]["polarity"] == "denied"
    assert rows[0]["claim"] == "export DE to KG, total: level > 500,000,000 EUR, 2022"


def test_declarations_of_the_lake_decide_and_the_exit_code_is_0_either_way(run):
    rows = json.loads(run("--article", "a.txt", "--format", "json").stdout)
    outcomes = {row["text"]: row["outcome"] for row in rows if row["rule"] == rows[0]["rule"]}
    assert outcomes[MORE] == "supported"  # 12 x EUR 50 m of one reporter
    assert outcomes[LESS] == "supported"  # 12 x EUR 60 m, and all months are held


def test_findings_are_written_to_the_lake(run, stated, lake):
    assert run().exit_code == 0
    assert len(findings(lake)) == 6


def test_rates_and_tolerance_reach_the_check(run, stated):
    assert run("--rate", "USD/EUR:2022=1.05", "--tolerance", "0.05").exit_code == 0
    options = stated["options"]
    assert options.tolerance == 0.05
    assert [(rate.foreign, rate.value) for rate in options.rates] == [("USD", 1.05)]


def test_articles_are_read_and_checked_in_one_go_and_nothing_is_written(
    run, stated, lake, tmp_path, monkeypatch
):
    path = tmp_path / "c.txt"
    path.write_text(TEXT, "utf-8")
    monkeypatch.setattr("entrepot.api.reading.readings", lambda *_: iter([reading("c", told())]))
    shown = run(str(path))
    assert shown.exit_code == 0, shown.output
    assert "3 claims, 3 findings" in shown.stdout
    with open_lake(lake) as opened:
        assert not opened.has(FINDINGS) or opened.row_count(FINDINGS) == 0


def test_an_article_that_cannot_be_read_is_an_error_after_the_others(run, stated, tmp_path):
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    shown = run(str(path))
    assert shown.exit_code == 1
    assert "empty.txt: is empty" in shown.stderr


def test_no_claim_is_no_error(run, stated):
    shown = run("--country", "VN")
    assert shown.exit_code == 0
    assert "No claim on trade is held of what was asked" in shown.stdout


@pytest.mark.parametrize("words", [["--tolerance", "2"], ["--rate", "x"], ["no-such-file"]])
def test_bad_input_is_exit_code_2(run, words):
    assert run(*words).exit_code == 2


def test_an_unknown_country_is_refused(run):
    shown = run("--country", "Kasachstan")
    assert shown.exit_code == 1
    assert "'KASACHSTAN'" in shown.stderr
    assert shown.stdout == ""


def test_an_article_that_cannot_be_read_is_the_whole_answer(run, tmp_path):
    path = tmp_path / "zero.txt"
    path.write_bytes(b"")
    shown = run(str(path))
    assert shown.exit_code == 1
    assert "is empty, expected an article" in shown.stderr
    assert "entrepot read" not in shown.output


def test_an_article_without_a_claim_is_said_to_hold_none(run, tmp_path):
    path = tmp_path / "rain.txt"
    path.write_text("BERLIN, March 4, 2024 (dpa) - It rained on Wednesday.", "utf-8")
    shown = run(str(path))
    assert shown.exit_code == 0
    assert "No claim on trade was found" in shown.stdout
    assert "entrepot read" not in shown.output
