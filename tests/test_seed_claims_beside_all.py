"""The seeds beside all public statistics at once: a mirror outvotes nobody."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from entrepot.api.checked import checked
from entrepot.cli import main
from entrepot.lake import Lake
from entrepot.press.check_records import CheckOptions, ClaimOfArticle
from entrepot.press.reader import read_article
from entrepot.trade.mirror import Rate

RATES = (Rate("USD", "EUR", 2022, 1.053),)
SAID, READ_ON = "2023-06-20", date(2023, 12, 31)

pytestmark = [pytest.mark.slow, pytest.mark.shared]


@pytest.fixture(scope="module")
def lake(shared, tmp_path_factory):
    path = tmp_path_factory.mktemp("all") / "lake"
    data = shared / "data"
    where = [data / "eurostat-totals-national", *(data / "comext-sanctioned").glob("*.xlsx")]
    run = CliRunner().invoke(main, ["--lake", str(path), "ingest", *map(str, where)])
    assert "rows of flows" in run.output, run.output
    with Lake(path) as opened:
        yield opened


def claims(text):
    article = read_article(text, READ_ON)
    return [
        ClaimOfArticle(one, f"c{n}", "article", SAID, READ_ON, text[one.span.start : one.span.end])
        for n, one in enumerate(article.claims, 1)
    ]


def checked_of(lake, text):
    found = checked(lake, claims(text), options=CheckOptions(rates=RATES))
    assert found
    return found


def test_mutual_trade_of_the_seed_is_open_by_one_german_month(lake, shared):
    (path,) = (shared / "seeds").glob("003_*.txt")
    found = checked_of(lake, path.read_text("utf-8").replace("June 20", "June 20, 2023", 1))
    (finding,) = [one for one in found if one.expected == 10e9]
    assert finding.outcome == "unknown"
    assert finding.observed == pytest.approx(9.02e9, rel=1e-3)
    assert "11 of 12 months held, missing 2022-12" in finding.detail
    assert "Kazakhstan declared USD 2.76 bn" in finding.detail


def test_a_rise_that_germany_declared_is_not_contradicted_by_kyrgyz_imports(lake):
    words = "BERLIN, June 20, 2023 (dpa) - {} by 552 percent in 2022."
    (said,) = checked_of(lake, words.format("German exports to Kyrgyzstan rose"))
    assert said.outcome == "unknown"
    assert "Germany declared EUR 323 m FOB" in said.detail
    assert "Kyrgyzstan declared USD 165 m CIF" in said.detail


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Kazakhstan's imports from Russia rose by 1.6 percent in 2022.", "supported"),
        ("Kazakhstan's imports from Russia rose by 14.1 percent in 2022.", "contradicted"),
        ("Kazakhstan's imports from China stood at $11.1 billion in 2022.", "supported"),
    ],
)
def test_the_office_is_asked_and_not_a_conversion_of_it(lake, words, outcome):
    (finding,) = checked_of(lake, f"ASTANA, June 20, 2023 (Reuters) - {words}")
    assert finding.outcome == outcome
    assert any("dataset=stat-kz" in row for row in finding.evidence)
    assert not any("national-imports" in row for row in finding.evidence)
